"""Counting: what sightings add to the cases of the queue, and what forgetting takes from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import ColumnElement, Table, bindparam, case, delete, exists, func, literal, or_, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.families import families
from bot.store.scopes import Scope
from bot.store.tables import groups, queue, queue_days, queue_people
from bot.store.tally import Seen, Tally, mixed, weight

if TYPE_CHECKING:
    from bot.store.database import Insert

Key = tuple[Scope, str]  # of a case: its scope and name
Item = TypeVar("Item")

# A decision is live everywhere within a second; what was seen in it was not missed by the entry.
LIVE_WITHIN: Final = dt.timedelta(seconds=1)
AT_ONCE: Final = 500  # cases asked for in one query


_NOTHING: Final = {"people": 0, "sightings": 0, "weight": 0.0}
# What of a case's row is needed to count.
_READ: Final = tuple(
    "scope name people sightings first_seen last_seen languages reasons provider status merged_into decided_at".split()
)


@dataclass(slots=True)
class _Count:
    """A case while it is counted: its row as it is now, and what of it was counted in this transaction."""

    row: Row[Any]
    tally: Tally = field(default_factory=Tally)  # its own, and that of the cases merged into it
    fresh: set[str] = field(default_factory=set)  # persons whom it had not counted before


class Counting:
    """Keeps the numbers of cases. The caller holds the scopes (locks.hold)."""

    def __init__(self, database: Database) -> None:
        # Made once: every paste that has no answer comes this way.
        key = [queue.c.scope, queue.c.name]
        new = database.insert(queue)
        # Where there is a row it stays as it is, and is returned.
        self._cases = new.on_conflict_do_update(index_elements=key, set_={"revision": queue.c.revision}).returning(
            *(queue.c[name] for name in _READ)
        )
        self._people = _adding(database, queue_people, ("scope", "name", "person")).returning(
            *(queue_people.c[name] for name in ("scope", "name", "person", "sightings"))
        )
        self._days = _adding(database, queue_days, ("scope", "name", "day"))

    async def add(self, db: AsyncConnection, tallies: Mapping[Key, tuple[int, Tally]], *, reopen: bool) -> None:
        """Add tallies to cases, given with their group's id; makes the cases that are not there yet.

        With `reopen` an answered case is open again where it was seen after it was answered: its entry did not catch
        that.
        """
        rows = [
            {"scope": scope, "name": name, "group_id": group, **_span(tally.whole), **_NOTHING}
            for (scope, name), (group, tally) in tallies.items()
        ]
        counts = {(row.scope, row.name): _Count(row) for row in await db.execute(self._cases, rows)}
        rows = [
            {"scope": scope, "name": name, "person": person, **_span(seen)}
            for (scope, name), (_, tally) in tallies.items()
            for person, seen in tally.people.items()
        ]
        for row in await db.execute(self._people, rows):
            key = (row.scope, row.name)
            # Where there was a row its count is higher now than what was added to it.
            if row.sightings == tallies[key][1].people[row.person].sightings:
                counts[key].fresh.add(row.person)
        rows = [
            {"scope": scope, "name": name, "day": day, "sightings": number}
            for (scope, name), (_, tally) in tallies.items()
            for day, number in tally.days.items()
        ]
        await db.execute(self._days, rows)
        for key, count in counts.items():
            count.tally = tallies[key][1]
        await self._lift(db, counts)
        await db.execute(_CHANGE, [_changed(count, reopen) for count in counts.values()])

    async def _lift(self, db: AsyncConnection, counts: dict[Key, _Count]) -> None:
        """Count for whole families too: in cases that others are merged into, each person once."""
        own = {key: (count.tally, count.fresh) for key, count in counts.items()}
        holding = select(queue.c.scope, queue.c.merged_into).where(queue.c.merged_into.in_({name for _, name in own}))
        scopes = {row.scope for row in await db.execute(holding.distinct())}
        scopes |= {key[0] for key in own if counts[key].row.merged_into is not None}
        for scope in scopes:
            related = await families(db, scope)
            below: dict[str, list[str]] = {}  # a case → those counted now that are merged into it, or are itself
            for name in (name for where, name in own if where == scope):
                for node in [*([name] if related.has_members(name) else []), *related.ancestors(name)]:
                    below.setdefault(node, []).append(name)
            unread = queue.c.name.in_([name for name in below if (scope, name) not in counts])
            for row in await db.execute(
                select(*(queue.c[name] for name in _READ)).where(queue.c.scope == scope, unread)
            ):
                counts[scope, row.name] = _Count(row)
            for node, names in below.items():
                count = counts[scope, node]
                count.tally = Tally()
                for name in names:
                    count.tally.add(own[scope, name][0])
                family = [node, *related.members(node)]
                count.fresh = await _new_in_family(db, scope, family, {name: own[scope, name][1] for name in names})

    async def take(
        self,
        db: AsyncConnection,
        scope: Scope,
        tallies: Mapping[str, Tally],
        *,
        left: Mapping[str, Tally] | None = None,
    ) -> None:
        """Take tallies from cases of a scope, by name; nothing falls below zero.

        When those who are still counted were seen first and last is what `left` says, or stays as it was. Cases of a
        group that nobody is left in go, where all of them are open; so does the group, where no scope has it any more.
        """
        people = [
            {"s": scope, "n": name, "k": person, "gone": seen.sightings}
            for name, tally in tallies.items()
            for person, seen in tally.people.items()
        ]
        days = [
            {"s": scope, "n": name, "k": day, "gone": number}
            for name, tally in tallies.items()
            for day, number in tally.days.items()
        ]
        for change, table, rows in ((_FEWER_OF, queue_people, people), (_FEWER_ON, queue_days, days)):
            if rows:
                await db.execute(change, rows)
            for some in chunks(tallies):
                spent = (table.c.scope == scope) & table.c.name.in_(some) & (table.c.sightings <= 0)
                await db.execute(delete(table).where(spent))
        await _even_out(db, scope, tallies)
        spans = [
            {"s": scope, "n": name, "k": person, "first": seen.first, "last": seen.last}
            for name, tally in (left or {}).items()
            for person, seen in tally.people.items()
            if person in tallies[name].people
        ]
        if spans:
            await db.execute(_SPAN, spans)
        await mix(db, scope, tallies, -1)
        await recount(db, scope, tallies)
        await _drop_empty(db, scope, tallies)


async def _even_out(db: AsyncConnection, scope: Scope, names: Iterable[str]) -> None:
    """Have the days of cases sum up to their people: on which days it was is known only as long as samples are kept."""
    who, day = queue_people.c, queue_days.c
    seen = select(func.coalesce(func.sum(who.sightings), 0)).where(who.scope == scope, who.name == queue.c.name)
    known = select(func.coalesce(func.sum(day.sightings), 0)).where(day.scope == scope, day.name == queue.c.name)
    more = known.scalar_subquery() - seen.scalar_subquery()
    for some in chunks(names):
        query = select(queue.c.name, more.label("more")).where(queue.c.scope == scope, more != 0)
        for row in await db.execute(query.where(queue.c.name.in_(some))):
            excess = int(row.more)
            oldest = select(day.day, day.sightings).where(day.scope == scope, day.name == row.name).order_by(day.day)
            for first in (await db.execute(oldest)).all():
                if excess == 0:
                    break
                taken = min(excess, first.sightings)  # what is missing (below zero) is added to the first day
                here = (day.scope == scope) & (day.name == row.name) & (day.day == first.day)
                left = first.sightings - taken
                await db.execute(
                    delete(queue_days).where(here)
                    if left == 0
                    else update(queue_days).where(here).values(sightings=left)
                )
                excess -= taken


async def recount(db: AsyncConnection, scope: Scope, names: Iterable[str]) -> None:
    """Make the numbers of cases, and of those they are merged into, from who and how many are counted for them."""
    related = await families(db, scope)
    wanted = {each: None for name in names for each in (name, *related.ancestors(name))}
    alone = [name for name in wanted if not related.has_members(name)]
    rows = [row for some in chunks(alone) for row in await _summed(db, scope, {name: [name] for name in some})]
    for name in wanted.keys() - set(alone):
        rows += await _summed(db, scope, {name: [name, *related.members(name)]})
    if rows:
        await db.execute(_RECOUNT, rows)


async def _summed(db: AsyncConnection, scope: Scope, families_of: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Return the numbers of cases of one member each, or of one case of many."""
    who = queue_people.c
    columns = (
        func.count(who.person.distinct()).label("people"),
        func.sum(who.sightings).label("sightings"),
        func.min(who.first_seen, type_=who.first_seen.type).label("first_seen"),
        func.max(who.last_seen, type_=who.last_seen.type).label("last_seen"),
    )
    names = [name for family in families_of.values() for name in family]
    here = (who.scope == scope) & who.name.in_(names)
    if len(families_of) == 1:
        query = select(literal(next(iter(families_of))).label("name"), *columns).where(here)
    else:
        query = select(who.name, *columns).where(here).group_by(who.name)
    found = {row.name: row for row in await db.execute(query) if row.sightings}
    past = select(queue.c.name, queue.c.first_seen, queue.c.last_seen).where(queue.c.scope == scope)
    rows = []
    for row in await db.execute(past.where(queue.c.name.in_(families_of))):
        now = found.get(row.name)
        first, last = (now.first_seen, now.last_seen) if now else (row.first_seen, row.last_seen)
        people, sightings = (now.people, int(now.sightings)) if now else (0, 0)
        rows.append(
            {"s": scope, "n": row.name, "people": people, "sightings": sightings, "first_seen": first}
            | {"last_seen": last, "weight": weight(people, last)}
        )
    return rows


async def mix(db: AsyncConnection, scope: Scope, tallies: Mapping[str, Tally], sign: int) -> None:
    """Add (1) or take (-1) languages and reasons, of cases and of those they are merged into."""
    related = await families(db, scope)
    changes: dict[str, Tally] = {}
    for name, tally in tallies.items():
        for each in (name, *related.ancestors(name)):
            changes.setdefault(each, Tally()).add(tally)
    for some in chunks(changes):
        query = select(queue.c.name, queue.c.languages, queue.c.reasons).where(queue.c.scope == scope)
        rows = [
            {
                "s": scope,
                "n": row.name,
                "languages": mixed(row.languages, changes[row.name].languages, sign),
                "reasons": mixed(row.reasons, changes[row.name].reasons, sign),
            }
            for row in await db.execute(query.where(queue.c.name.in_(some)))
        ]
        if rows:
            await db.execute(_MIX, rows)


async def _new_in_family(
    db: AsyncConnection, scope: Scope, family: list[str], fresh: Mapping[str, set[str]]
) -> set[str]:
    """Return the persons who are new to a whole family; `fresh` says who is new to which of its cases."""
    candidates: set[str] = set().union(*fresh.values())
    query = select(queue_people.c.name, queue_people.c.person).where(
        queue_people.c.scope == scope, queue_people.c.name.in_(family), queue_people.c.person.in_(candidates)
    )
    known = {row.person for row in await db.execute(query) if row.person not in fresh.get(row.name, ())}
    return candidates - known


def _changed(count: _Count, reopen: bool) -> dict[str, Any]:
    """Return what a case's row is to become."""
    row, tally = count.row, count.tally
    seen = tally.whole
    last = max(row.last_seen, seen.last)
    missed = reopen and row.status == "answered" and row.decided_at and seen.last > row.decided_at + LIVE_WITHIN
    people = row.people + len(count.fresh)
    return {
        "s": row.scope,
        "n": row.name,
        "people": people,
        "sightings": row.sightings + seen.sightings,
        "first_seen": min(row.first_seen, seen.first),
        "last_seen": last,
        "weight": weight(people, last),
        "languages": mixed(row.languages, tally.languages, 1),
        "reasons": mixed(row.reasons, tally.reasons, 1),
        "provider": row.provider or tally.provider,
        "status": "open" if missed else row.status,
    }


def _set(names: str) -> Any:
    one = (queue.c.scope == bindparam("s")) & (queue.c.name == bindparam("n"))
    return update(queue).where(one).values({name: bindparam(name) for name in names.split()})


_MIX: Final = _set("languages reasons")
_RECOUNT: Final = _set("people sightings first_seen last_seen weight")
_CHANGE: Final = _set("people sightings first_seen last_seen weight languages reasons provider status")


def _keyed(table: Table, key: ColumnElement[Any]) -> Any:
    here = (table.c.scope == bindparam("s")) & (table.c.name == bindparam("n")) & (key == bindparam("k"))
    return update(table).where(here)


_FEWER_OF: Final = _keyed(queue_people, queue_people.c.person).values(
    sightings=queue_people.c.sightings - bindparam("gone")
)
_FEWER_ON: Final = _keyed(queue_days, queue_days.c.day).values(sightings=queue_days.c.sightings - bindparam("gone"))
_SPAN: Final = _keyed(queue_people, queue_people.c.person).values(
    first_seen=bindparam("first"), last_seen=bindparam("last")
)


def _adding(database: Database, table: Table, key: tuple[str, ...]) -> Insert:
    """Return an insert that adds to a row where there is one; events come late and in any order."""
    new = database.insert(table)
    changes: dict[str, Any] = {"sightings": table.c.sightings + new.excluded.sightings}
    if "first_seen" in table.c:
        for name, moves in (
            ("first_seen", new.excluded.first_seen < table.c.first_seen),
            ("last_seen", new.excluded.last_seen > table.c.last_seen),
        ):
            changes[name] = case((moves, new.excluded[name]), else_=table.c[name])
    return new.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=changes)


def _span(seen: Seen) -> dict[str, Any]:
    return {"sightings": seen.sightings, "first_seen": seen.first, "last_seen": seen.last}


async def _drop_empty(db: AsyncConnection, scope: Scope, names: Iterable[str]) -> None:
    """Delete the cases of a scope in whose group nobody was seen and nothing decided; then groups nobody has."""
    ids: set[int] = set()
    for some in chunks(names):
        query = select(queue.c.group_id).where(queue.c.scope == scope, queue.c.name.in_(some), queue.c.sightings == 0)
        ids.update((await db.execute(query)).scalars())
    for some_ids in chunks(ids):
        here = (queue.c.scope == scope) & queue.c.group_id.in_(some_ids)
        busy = set((await db.execute(select(queue.c.group_id).where(here, _IS_KEPT).distinct())).scalars())
        gone = queue.c.group_id.in_([number for number in some_ids if number not in busy])
        await db.execute(delete(queue).where(queue.c.scope == scope, gone))
    await drop_groups(db, ids)


_MEMBER: Final = queue.alias("member")
_IS_KEPT: Final = or_(
    queue.c.sightings > 0,
    queue.c.status != "open",
    exists().where(_MEMBER.c.merged_into == queue.c.name, _MEMBER.c.scope == queue.c.scope),
)


async def drop_groups(db: AsyncConnection, ids: Iterable[int]) -> None:
    """Delete those of some groups that are in no queue any more."""
    for some in chunks(ids):
        # Who records one at this moment in another scope has its row; it is looked at once they are done.
        await db.execute(select(groups.c.id).where(groups.c.id.in_(some)).order_by(groups.c.name).with_for_update())
        anywhere = exists().where(queue.c.group_id == groups.c.id)
        await db.execute(delete(groups).where(groups.c.id.in_(some), ~anywhere))


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in lists of what may be asked for in one query."""
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some
