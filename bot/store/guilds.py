"""What servers have set, for themselves and for their channels; where the bot was hindered; when it left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import Counting
from bot.store.database import Database
from bot.store.locks import hold
from bot.store.scopes import SHARED, of_guild
from bot.store.sharing import share, unshare
from bot.store.tables import channels, guilds, hindrances

ListenMode = Literal["listen", "mention", "forum", "off"]
MODES: Final[tuple[ListenMode, ...]] = ("listen", "mention", "forum", "off")
MOST_CACHED: Final = 10_000  # guilds


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What is set for a channel, or for a category and what is in it. None: not set here."""

    mode: ListenMode | None = None
    provider: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a guild has set. None: not set, so the installation's setting, or the channel's kind, decides."""

    mode: ListenMode | None = None
    provider: str | None = None
    lang: str | None = None
    reactions: bool = True
    per_person: int | None = None  # answers a minute
    per_channel: int | None = None
    per_guild: int | None = None
    roles: tuple[int, ...] = ()  # who may change these besides those with Manage Server
    remove_secrets: bool = False  # the guild's consent to delete messages with live-looking credentials
    shares: bool = False  # the guild's consent to have its groups, not their samples, in the shared queue
    review_roles: tuple[int, ...] = ()  # who may decide on its queue besides those with Manage Server
    keep_days: int | None = None  # how long samples are kept; None: as long as privacy.KEEP says
    digest_channel: int | None = None  # where the weekly digest goes; None: nowhere
    channels: Mapping[int, ChannelSettings] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Where the bot had something to say and lacked a permission (named as discord.py does), and when last."""

    channel: int
    permission: str
    at: dt.datetime


class Guilds:
    """The settings of guilds: read once, then served from memory; a change is in force at once."""

    def __init__(self, database: Database, counting: Counting) -> None:
        self._database = database
        self._counting = counting
        self._known: dict[int, GuildSettings] = {}

    @property
    def cached(self) -> int:
        """How many guilds' settings are in memory."""
        return len(self._known)

    async def get(self, guild: int) -> GuildSettings:
        """Return a guild's settings; the defaults where it has set nothing. Reads the database the first time only."""
        known = self._known.get(guild)
        if known is not None:
            return known
        async with self._database.read() as db:
            row = (await db.execute(select(guilds).where(guilds.c.guild_id == guild))).mappings().one_or_none()
            rows = (await db.execute(select(channels).where(channels.c.guild_id == guild))).mappings().all()
        kept = {each["channel_id"]: ChannelSettings(each["mode"], each["provider"], each["language"]) for each in rows}
        settings = GuildSettings(channels=MappingProxyType(kept))
        if row is not None:
            settings = replace(
                settings,
                mode=row["mode"],
                provider=row["provider"],
                lang=row["language"],
                reactions=bool(row["reactions"]),
                per_person=row["per_person"],
                per_channel=row["per_channel"],
                per_guild=row["per_guild"],
                roles=tuple(row["roles"]),
                remove_secrets=bool(row["remove_secrets"]),
                shares=bool(row["shares"]),
                review_roles=tuple(row["review_roles"]),
                keep_days=row["keep_days"],
                digest_channel=row["digest_channel"],
            )
        if len(self._known) >= MOST_CACHED:
            self._known.pop(next(iter(self._known)))
        self._known[guild] = settings
        return settings

    async def change(self, guild: int, **changes: Any) -> GuildSettings:
        """Set fields of GuildSettings by name (not `channels`); return the settings as they are now.

        Only these fields are written: what another process sets meanwhile stays. With `shares` the guild's groups go
        into the shared queue, or leave it, in the same transaction. Raises TypeError for a field there is not.
        """
        settings = replace(await self.get(guild), **changes)
        row = asdict_without_channels(settings)
        values = {_COLUMNS.get(name, name): row[_COLUMNS.get(name, name)] for name in changes} | {"left_at": None}
        async with self._database.write() as db:
            if "shares" in changes:
                await self._share(db, guild, settings.shares)
            new = self._database.insert(guilds).values(guild_id=guild, **values)
            await db.execute(new.on_conflict_do_update(index_elements=[guilds.c.guild_id], set_=values))
        self.forget_cached(guild)
        return await self.get(guild)

    async def _share(self, db: AsyncConnection, guild: int, shares: bool) -> None:
        await hold(db, [of_guild(guild), SHARED])
        did = await db.scalar(select(guilds.c.shares).where(guilds.c.guild_id == guild))
        if bool(did) != shares:
            await (share if shares else unshare)(db, self._counting, guild)

    async def change_channel(self, guild: int, channel: int, settings: ChannelSettings) -> GuildSettings:
        """Set what holds for a channel or category; ChannelSettings() takes everything back."""
        held = dict((await self.get(guild)).channels)
        async with self._database.write() as db:
            if settings == ChannelSettings():
                held.pop(channel, None)
                await db.execute(delete(channels).where(channels.c.channel_id == channel))
            else:
                held[channel] = settings
                values = {"mode": settings.mode, "provider": settings.provider, "language": settings.lang}
                new = self._database.insert(channels).values(channel_id=channel, guild_id=guild, **values)
                await db.execute(new.on_conflict_do_update(index_elements=[channels.c.channel_id], set_=values))
        self._known[guild] = replace(await self.get(guild), channels=MappingProxyType(held))
        return self._known[guild]

    async def present(self, ids: Collection[int], at: dt.datetime) -> None:
        """Say in which guilds the bot is now: the others it knew are taken as left at `at`."""
        async with self._database.write() as db:
            rows = (await db.execute(select(guilds.c.guild_id, guilds.c.left_at))).all()
            known = {row.guild_id: row.left_at for row in rows}
            new = [{"guild_id": guild} for guild in ids if guild not in known]
            if new:
                await db.execute(self._database.insert(guilds).on_conflict_do_nothing(), new)
            for guild, left_at in known.items():
                if (guild in ids) != (left_at is None):
                    moment = None if guild in ids else at
                    await db.execute(update(guilds).where(guilds.c.guild_id == guild).values(left_at=moment))

    async def joined(self, guild: int) -> None:
        """The bot is in `guild` (again): what is kept of it stays."""
        async with self._database.write() as db:
            new = self._database.insert(guilds).values(guild_id=guild)
            await db.execute(new.on_conflict_do_update(index_elements=[guilds.c.guild_id], set_={"left_at": None}))

    async def left(self, guild: int, at: dt.datetime) -> None:
        """The bot was taken out of `guild`: its data goes 30 days later (see Store.expire)."""
        async with self._database.write() as db:
            new = self._database.insert(guilds).values(guild_id=guild, left_at=at)
            await db.execute(new.on_conflict_do_update(index_elements=[guilds.c.guild_id], set_={"left_at": at}))

    async def set_digest(self, guild: int, channel: int | None, at: dt.datetime) -> None:
        """Set where a guild's digest goes, None for nowhere. It counts as sent at `at`: the next one is the first."""
        values = {"digest_channel": channel, "digest_at": at, "left_at": None}
        async with self._database.write() as db:
            new = self._database.insert(guilds).values(guild_id=guild, **values)
            await db.execute(new.on_conflict_do_update(index_elements=[guilds.c.guild_id], set_=values))
        self.forget_cached(guild)

    async def digests_due(self, before: dt.datetime) -> list[tuple[int, int]]:
        """Return guild and channel of the digests that were last sent before a moment, or never."""
        query = (
            select(guilds.c.guild_id, guilds.c.digest_channel).where(_digest_due(before)).order_by(guilds.c.guild_id)
        )
        async with self._database.read() as db:
            return [(row.guild_id, row.digest_channel) for row in await db.execute(query)]

    async def claim_digest(self, guild: int, at: dt.datetime, before: dt.datetime) -> bool:
        """Take on a guild's digest that is due; False where another process did. To be called before it is sent."""
        mine = update(guilds).where(guilds.c.guild_id == guild, _digest_due(before)).values(digest_at=at)
        async with self._database.write() as db:
            return bool((await db.execute(mine)).rowcount)

    async def give_back_digest(self, guild: int, at: dt.datetime) -> None:
        """Have a digest be due again that was taken on at a moment and could not be sent."""
        mine = update(guilds).where(guilds.c.guild_id == guild, guilds.c.digest_at == at).values(digest_at=None)
        async with self._database.write() as db:
            await db.execute(mine)

    async def hindered(self, guild: int, channel: int, permission: str, at: dt.datetime) -> None:
        """Keep that the bot lacked `permission` in a channel where it had something to say."""
        async with self._database.write() as db:
            new = self._database.insert(hindrances).values(
                guild_id=guild, channel_id=channel, permission=permission, at=at
            )
            key = [hindrances.c.channel_id, hindrances.c.permission]
            await db.execute(new.on_conflict_do_update(index_elements=key, set_={"at": at}))

    async def hindrances(self, guild: int, since: dt.datetime) -> list[Hindrance]:
        """Return what hindered the bot in a guild since a moment, the latest first, 20 at most."""
        query = (
            select(hindrances)
            .where(hindrances.c.guild_id == guild, hindrances.c.at >= since)
            .order_by(hindrances.c.at.desc())
            .limit(20)
        )
        async with self._database.read() as db:
            rows = (await db.execute(query)).mappings().all()
        return [Hindrance(row["channel_id"], row["permission"], row["at"]) for row in rows]

    def forget_cached(self, guild: int | None = None) -> None:
        """Read a guild's settings (or all) anew the next time: another process may have changed them."""
        if guild is None:
            self._known.clear()
        else:
            self._known.pop(guild, None)


_COLUMNS: Final = {"lang": "language"}  # where a field's column has another name


def _digest_due(before: dt.datetime) -> ColumnElement[bool]:
    wanted = guilds.c.digest_channel.is_not(None) & guilds.c.left_at.is_(None)
    return wanted & (guilds.c.digest_at.is_(None) | (guilds.c.digest_at < before))


def asdict_without_channels(settings: GuildSettings) -> dict[str, Any]:
    """Return the columns of a guild's row."""
    values = asdict(replace(settings, channels={}))
    del values["channels"]
    for field_name, column in _COLUMNS.items():
        values[column] = values.pop(field_name)
    for name, value in values.items():
        if isinstance(value, bool):
            values[name] = int(value)
        elif isinstance(value, tuple):
            values[name] = list(value)
    return values
