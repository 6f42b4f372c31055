"""Parts that were split off: into which case of its group a sighting falls, and the kept ones by case."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.scopes import Scope, guild_of
from bot.store.tables import groups, guilds, queue, sightings
from bot.store.tally import Tally


@dataclass(frozen=True, slots=True)
class Part:
    """A case that was split off another one of its group: it takes what holds `needle`, case-folded."""

    name: str
    split_of: str
    needle: str


Parts = Mapping[tuple[Scope, int], Sequence[Part]]  # of a group (its id) in a scope, the oldest first


def case_of(group: str, parts: Sequence[Part], lines: str) -> str:
    """Return the case of a group into which a sighting with these lines falls: the group's own, or a part."""
    name, folded = group, lines.casefold() if parts else ""
    while True:
        inner = next((part for part in parts if part.split_of == name and part.needle in folded), None)
        if inner is None:
            return name
        name = inner.name


def number_of(part: str) -> int:
    """Return the n of "<group>-<n>"."""
    return int(part.rpartition("-")[2])


async def parts_of(db: AsyncConnection, ids: Collection[int]) -> Parts:
    """Return the parts of groups, in all scopes; the groups without any are left out."""
    found: dict[tuple[Scope, int], list[Part]] = {}
    columns = (queue.c.scope, queue.c.group_id, queue.c.name, queue.c.split_of, queue.c.needle)
    query = select(*columns).where(queue.c.group_id.in_(ids), queue.c.split_of.is_not(None))
    for row in await db.execute(query):
        found.setdefault((row.scope, row.group_id), []).append(Part(row.name, row.split_of, row.needle))
    for parts in found.values():
        parts.sort(key=lambda part: number_of(part.name))
    return found


def counted_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `sightings` that a scope counts them: its guild's; those of nobody or of who shares."""
    guild = guild_of(scope)
    if guild is not None:
        return sightings.c.guild_id == guild
    sharing = select(guilds.c.guild_id).where(guilds.c.shares == 1)
    return or_(sightings.c.guild_id.is_(None), sightings.c.guild_id.in_(sharing))


def shown_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `sightings` that a scope sees their lines: a guild's are seen by that guild alone."""
    guild = guild_of(scope)
    return sightings.c.guild_id.is_(None) if guild is None else sightings.c.guild_id == guild


async def kept(db: AsyncConnection, which: ColumnElement[bool], group: int | None = None) -> AsyncGenerator[RowMapping]:
    """Yield the kept sightings that meet a condition, of one group or of all, with their group's name, in no order.

    Few are in memory at once; nothing else can be asked of `db` meanwhile.
    """
    query = select(sightings, groups.c.name.label("group")).join(groups).where(which)
    if group is not None:
        query = query.where(sightings.c.group_id == group)
    async with db.stream(query) as result:
        async for row in result.mappings():
            yield row


def count(into: Tally, row: RowMapping) -> None:
    """Count a kept sighting."""
    into.saw(row["person"], row["seen_at"], row["language"], row["reason"])
