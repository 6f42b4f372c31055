"""Uncounting: taking sightings out of the queue, of a person who is forgotten or a message that is withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import Counting, chunks
from bot.store.locks import hold
from bot.store.models import Reason
from bot.store.parts import case_of, count, kept, parts_of
from bot.store.scopes import SHARED, Scope, of_guild
from bot.store.sharing import spread
from bot.store.tables import groups, guilds, queue, queue_people, sightings
from bot.store.tally import Seen, Tally


@dataclass(slots=True)
class _Found:
    """Sightings that are to go, and what they have added to cases."""

    ids: list[int] = field(default_factory=list)
    tallies: dict[Scope, dict[str, Tally]] = field(default_factory=dict)

    def tally(self, scope: Scope, name: str) -> Tally:
        return self.tallies.setdefault(scope, {}).setdefault(name, Tally())


async def drop_message(db: AsyncConnection, counting: Counting, message: int, reason: Reason | None = None) -> None:
    """Take a message out of the queue; with `reason` only where it is there for that."""
    which = sightings.c.message_id == message
    if reason is not None:
        which &= sightings.c.reason == reason
    row = (await db.execute(select(sightings.c.guild_id).where(which))).one_or_none()
    if row is not None:
        scopes = await _held(db, row.guild_id)
        await _drop(db, counting, await _counted(db, which, scopes))


async def drop_person(db: AsyncConnection, counting: Counting, who: str, guild: int | None) -> int:
    """Take a person out of the queue, of one guild's or of all; return how many samples there were of them.

    `who` is their keyed hash. What was counted of them goes too where the samples had expired before.
    """
    theirs, which = queue_people.c.person == who, sightings.c.person == who
    if guild is not None:
        which &= sightings.c.guild_id == guild
        scopes = await _held(db, guild)
    else:
        scopes = set((await db.execute(select(queue_people.c.scope).where(theirs).distinct())).scalars())
        await hold(db, scopes)
    found = await _counted(db, which, scopes)
    # Of a guild's people the shared queue does not know how often they were seen in that guild.
    exactly = scopes if guild is None else {of_guild(guild)}
    for row in await db.execute(select(queue_people).where(theirs, queue_people.c.scope.in_(exactly))):
        seen = Seen(row.sightings, row.first_seen, row.last_seen)
        found.tally(row.scope, row.name).people[who] = seen
    if guild is not None and SHARED in scopes:
        found.tallies[SHARED] = await _in_shared(db, guild, who, found)
    await _drop(db, counting, found)
    return len(found.ids)


async def shares(db: AsyncConnection, guild: int) -> bool:
    """Return whether a guild's groups are in the shared queue; holds the guild's scope, and then that queue's."""
    await hold(db, [of_guild(guild)])
    did = bool(await db.scalar(select(guilds.c.shares).where(guilds.c.guild_id == guild)))
    if did:
        await hold(db, [SHARED])
    return did


async def _held(db: AsyncConnection, guild: int | None) -> set[Scope]:
    """Return the scopes that count what is from a guild, and hold them."""
    if guild is None:
        await hold(db, [SHARED])
        return {SHARED}
    return {of_guild(guild), SHARED} if await shares(db, guild) else {of_guild(guild)}


async def _counted(db: AsyncConnection, which: ColumnElement[bool], scopes: Collection[Scope]) -> _Found:
    """Return the kept sightings that meet a condition and are counted in these scopes alone."""
    rows = [row async for row in kept(db, which)]
    parts = await parts_of(db, {row["group_id"] for row in rows})
    among = {row["guild_id"] for row in rows if row["guild_id"] is not None}
    query = select(guilds.c.guild_id).where(guilds.c.guild_id.in_(among), guilds.c.shares == 1)
    sharing = set((await db.execute(query)).scalars())
    found = _Found()
    for row in rows:
        guild = row["guild_id"]
        those = {of_guild(guild), SHARED} if guild in sharing else {of_guild(guild)}
        if not those.issubset(scopes):
            continue  # recorded while this waited
        found.ids.append(row["id"])
        for scope in those:
            name = case_of(row["group"], parts.get((scope, row["group_id"]), ()), row["lines"])
            count(found.tally(scope, name), row)
    return found


async def _in_shared(db: AsyncConnection, guild: int, who: str, found: _Found) -> dict[str, Tally]:
    """Return what the shared queue has counted of a guild's person, of whom the guild's queue has counted this."""
    scope = of_guild(guild)
    theirs = found.tallies.get(scope, {})
    whole: dict[str, tuple[int, Tally]] = {}
    query = select(queue.c.name, queue.c.group_id, groups.c.name.label("group")).join(groups)
    for names in chunks(theirs):
        for row in await db.execute(query.where(queue.c.scope == scope, queue.c.name.in_(names))):
            whole.setdefault(row.group, (row.group_id, Tally()))[1].add(theirs[row.name])
    parts = await parts_of(db, {number for number, _ in whole.values()})
    return {name: tally for name, (_, tally) in (await spread(db, guild, whole, parts, who)).items()}


async def _drop(db: AsyncConnection, counting: Counting, found: _Found) -> None:
    for ids in chunks(found.ids):
        await db.execute(delete(sightings).where(sightings.c.id.in_(ids)))
    for scope, tallies in found.tallies.items():
        await counting.take(db, scope, tallies)
