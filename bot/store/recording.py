"""Recording: sightings into their groups, and into the cases of the scopes that see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import Counting, Key, chunks
from bot.store.database import Database
from bot.store.locks import hold
from bot.store.models import Sighting
from bot.store.parts import case_of, parts_of
from bot.store.scopes import SHARED, Scope, of_guild
from bot.store.search import search_words
from bot.store.tables import groups, guilds, sightings
from bot.store.tally import Tally

LONGEST_SAMPLE: Final = 16_384  # characters of a sighting's lines that are kept
GUESSED: Final = 0.3  # confidence from which a candidate says which provider is meant


class Recording:
    """Keeps sightings, many in one transaction."""

    def __init__(self, database: Database, counting: Counting) -> None:
        self._database = database
        self._counting = counting
        new = database.insert(groups)
        earlier = new.excluded.first_seen < groups.c.first_seen
        later = new.excluded.last_seen > groups.c.last_seen
        # By its name, which holds the version and 48 bits of the fingerprint: what agrees in those is one group.
        self._groups = new.on_conflict_do_update(
            index_elements=[groups.c.name],
            set_={
                "first_seen": case((earlier, new.excluded.first_seen), else_=groups.c.first_seen),
                "last_seen": case((later, new.excluded.last_seen), else_=groups.c.last_seen),
            },
        ).returning(groups.c.name, groups.c.id)
        self._sightings = database.insert(sightings)

    async def record(self, kept: Sequence[Sighting]) -> list[str]:
        """Keep sightings; return the names of their groups, in the same order. Committed when this returns.

        A message id seen before changes nothing and gives the group it fell into.
        """
        async with self._database.write() as db:
            return await self.record_in(db, kept)

    async def record_in(self, db: AsyncConnection, kept: Sequence[Sighting]) -> list[str]:
        """Keep sightings in a transaction of the caller's (see record)."""
        scopes = await self._scopes(db, {sighting.place.guild for sighting in kept})
        names = await _known(db, [sighting.place.message for sighting in kept])
        new: list[Sighting] = []
        for sighting in kept:
            message = sighting.place.message
            if message is not None and message in names:
                continue
            if message is not None:
                names[message] = _name(sighting)
            new.append(sighting)
        for some in chunks(new):
            await self._keep(db, some, scopes)
        return [
            _name(sighting) if sighting.place.message is None else names[sighting.place.message] for sighting in kept
        ]

    async def _scopes(self, db: AsyncConnection, seen: Iterable[int | None]) -> dict[int | None, list[Scope]]:
        """Return the scopes that see what is from a guild, and hold them."""
        own = {guild for guild in seen if guild is not None}
        await hold(db, [of_guild(guild) for guild in own])
        # Whether a guild shares is changed by who holds its scope.
        query = select(guilds.c.guild_id).where(guilds.c.guild_id.in_(own), guilds.c.shares == 1)
        sharing = set((await db.execute(query)).scalars())
        scopes: dict[int | None, list[Scope]] = {
            guild: [of_guild(guild), SHARED] if guild in sharing else [of_guild(guild)] for guild in own
        }
        scopes[None] = [SHARED]
        if sharing or None in seen:
            await hold(db, [SHARED])
        return scopes

    async def _keep(self, db: AsyncConnection, new: Sequence[Sighting], scopes: dict[int | None, list[Scope]]) -> None:
        rows = _group_rows(new)
        # In the order of the names: two transactions that have some in common then don't wait for each other.
        found = await db.execute(self._groups, [rows[name] for name in sorted(rows)])
        ids: dict[str, int] = {row.name: row.id for row in found}
        kept = [self._row(sighting, ids[_name(sighting)]) for sighting in new]
        await db.execute(self._sightings, kept)
        parts = await parts_of(db, ids.values())
        tallies: dict[Key, tuple[int, Tally]] = {}
        for sighting, row in zip(new, kept, strict=True):
            group, name = row["group_id"], _name(sighting)
            for scope in scopes[sighting.place.guild]:
                key = (scope, case_of(name, parts.get((scope, group), ()), row["lines"]))
                _, tally = tallies.setdefault(key, (group, Tally()))
                tally.saw(row["person"], sighting.seen_at, sighting.language, sighting.reason, provider_of(sighting))
        await self._counting.add(db, tallies, reopen=True)

    def _row(self, sighting: Sighting, group: int) -> dict[str, Any]:
        place = sighting.place
        return {
            "group_id": group,
            "guild_id": place.guild,
            "channel_id": place.channel,
            "message_id": place.message,
            "person": self._database.hashed_or_none(place.person),
            "lines": storable("\n".join(sighting.lines))[:LONGEST_SAMPLE],
            "language": sighting.language,
            "candidates": [list(candidate) for candidate in sighting.candidates],
            "mode": sighting.mode,
            "seen_at": sighting.seen_at,
            "reason": sighting.reason,
            "entry": sighting.entry,
        }


async def _known(db: AsyncConnection, messages: Iterable[int | None]) -> dict[int, str]:
    """Return the groups' names of those messages that were recorded before."""
    found: dict[int, str] = {}
    for ids in chunks(message for message in messages if message is not None):
        query = select(sightings.c.message_id, groups.c.name).join(groups).where(sightings.c.message_id.in_(ids))
        found |= {row.message_id: row.name for row in await db.execute(query)}
    return found


def _group_rows(new: Iterable[Sighting]) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for sighting in new:
        mark, at, name = sighting.fingerprint, sighting.seen_at, _name(sighting)
        row = rows.get(name)
        if row is not None:
            row["first_seen"], row["last_seen"] = min(row["first_seen"], at), max(row["last_seen"], at)
            continue
        template, provider = storable(mark.template), provider_of(sighting)
        rows[name] = {
            "name": name,
            "fingerprint": mark.fingerprint,
            "fingerprint_version": mark.version,
            "template": template,
            "first_seen": at,
            "last_seen": at,
            "words": search_words(template, provider),
            "provider": provider,
        }
    return rows


def provider_of(sighting: Sighting) -> str | None:
    """Return a guess whose error it is: what came with it, or the provider of the best candidate, if it is any good."""
    if sighting.provider is not None or not sighting.candidates:
        return sighting.provider
    entry, confidence = sighting.candidates[0]
    return entry.partition("/")[0] if confidence >= GUESSED else None


def storable(text: str) -> str:
    """Return `text` without what a database takes for no text: half surrogate pairs and NUL (PostgreSQL)."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _name(sighting: Sighting) -> str:
    return f"g{sighting.fingerprint.version}-{sighting.fingerprint.fingerprint[:12]}"
