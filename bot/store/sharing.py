"""Sharing: a guild's cases in the shared queue, while the guild lets them be seen there."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import AT_ONCE, Counting
from bot.store.effects import own_tallies
from bot.store.parts import Parts, case_of, count, kept, parts_of
from bot.store.scopes import SHARED, of_guild
from bot.store.tables import groups, queue, sightings
from bot.store.tally import Tally


async def share(db: AsyncConnection, counting: Counting, guild: int) -> None:
    """Count in the shared queue what a guild's has. The caller holds both scopes."""
    async for tallies in _of_guild(db, guild):
        await counting.add(db, {(SHARED, name): found for name, found in tallies.items()}, reopen=False)


async def unshare(db: AsyncConnection, counting: Counting, guild: int) -> None:
    """Take from the shared queue what a guild's has. The caller holds both scopes."""
    async for tallies in _of_guild(db, guild):
        await counting.take(db, SHARED, {name: tally for name, (_, tally) in tallies.items()})


async def _of_guild(db: AsyncConnection, guild: int) -> AsyncGenerator[dict[str, tuple[int, Tally]]]:
    """Yield what a guild has counted, by the shared cases it belongs to, with their group's id; some groups at once."""
    scope, last = of_guild(guild), 0
    while True:
        page = select(queue.c.group_id).where(queue.c.scope == scope, queue.c.group_id > last).distinct()
        ids = list((await db.execute(page.order_by(queue.c.group_id).limit(AT_ONCE))).scalars())
        if not ids:
            return
        last = ids[-1]
        cases = select(queue.c.name, queue.c.group_id, groups.c.name.label("group")).join(groups)
        rows = (await db.execute(cases.where(queue.c.scope == scope, queue.c.group_id.in_(ids)))).all()
        own = await own_tallies(db, scope, [row.name for row in rows])
        whole: dict[str, tuple[int, Tally]] = {}
        for row in rows:
            whole.setdefault(row.group, (row.group_id, Tally()))[1].add(own[row.name])
        yield await spread(db, guild, whole, await parts_of(db, ids))


async def spread(
    db: AsyncConnection, guild: int, whole: dict[str, tuple[int, Tally]], parts: Parts, person: str | None = None
) -> dict[str, tuple[int, Tally]]:
    """Return what a guild has counted of groups, or one person in it, by the shared cases that it falls into.

    Samples say which part of a group they are of; what is left without one is counted to the group itself.
    """
    found: dict[str, tuple[int, Tally]] = {}
    for group, (number, tally) in whole.items():
        split = parts.get((SHARED, number), ())
        by_case: dict[str, Tally] = {}
        if split:
            which = sightings.c.guild_id == guild
            async for row in kept(db, which if person is None else which & (sightings.c.person == person), number):
                name = case_of(group, split, row["lines"])
                if name != group:
                    count(by_case.setdefault(name, Tally()), row)
        rest = tally
        for name, part in by_case.items():
            found[name] = (number, part)
            rest = rest.less(part)
        if rest.people:
            found[group] = (number, rest)
    return found
