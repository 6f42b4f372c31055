"""What a decision does to the queue, and what is left when it is undone. The caller holds the scope and the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import LIVE_WITHIN, Counting, mix, recount
from bot.store.families import families
from bot.store.models import CannotDecide, Decision, NewDecision
from bot.store.parts import case_of, count, counted_in, kept, number_of, parts_of
from bot.store.scopes import Scope
from bot.store.tables import decisions, groups, queue, queue_days, queue_people
from bot.store.tally import Seen, Tally

# What a case becomes by a decision on it.
STATUS: Final = {
    "add_entry": "answered",
    "add_message": "answered",
    "add_cause": "answered",
    "not_an_error": "not_an_error",
    "dismiss": "dismissed",
}
_UNDO: Final = decisions.alias("undo")


def in_force() -> ColumnElement[bool]:
    """Return the condition on `decisions` that nobody took it back."""
    return ~exists().where(_UNDO.c.undoes == decisions.c.id)


def one(scope: Scope, name: str | None) -> ColumnElement[bool]:
    """Return the condition on `queue` that it is this case."""
    return (queue.c.scope == scope) & (queue.c.name == name)


async def foreseen(db: AsyncConnection, new: NewDecision, row: Row[Any] | None) -> dict[str, Any]:
    """Return what the log keeps of a decision's effects; `row` is its case. Raises CannotDecide where it has none."""
    effects: dict[str, Any] = {}
    if row is not None and row.status == "merged":
        raise CannotDecide(f"{new.name} is merged into {row.merged_into}; decide on that one")
    if new.kind in ("merge", "split") and row is None:
        raise CannotDecide(f"a {new.kind} needs the case it is about")
    if new.kind == "merge":
        await _may_merge(db, new)
    elif new.kind == "split" and row is not None:
        if not str(new.content.get("needle", "")).strip():
            raise CannotDecide("a split needs the words by which its part is known")
        effects["part"] = await _next_part(db, new.scope, row)
    if new.also:
        query = select(queue.c.name).where(
            queue.c.scope == new.scope, queue.c.name.in_(new.also), queue.c.name != new.name, queue.c.status == "open"
        )
        effects["also"] = list((await db.execute(query.order_by(queue.c.name))).scalars())
    return effects


async def carry_out(
    db: AsyncConnection,
    counting: Counting,
    new: NewDecision,
    number: int,
    row: Row[Any] | None,
    effects: dict[str, Any],
) -> None:
    """Do to the queue what decision `number` does. Raises CannotDecide where a split would move nothing."""
    if new.kind in STATUS:
        for name in [*([new.name] if new.name else []), *effects.get("also", ())]:
            await _close(db, new.scope, name, status=STATUS[new.kind], entry=new.entry, at=new.at, number=number)
    elif new.kind == "merge" and row is not None:
        into = str(new.content["into"])
        await _close(db, new.scope, row.name, status="merged", entry=None, at=new.at, number=number, merged_into=into)
        await mix(db, new.scope, {into: _counts(row)}, 1)
        await recount(db, new.scope, [into])
    elif new.kind == "split" and row is not None:
        await _split(db, counting, new, row, effects["part"])
        await db.execute(update(queue).where(one(new.scope, row.name)).values(revision=queue.c.revision + 1))


async def take_back(db: AsyncConnection, counting: Counting, old: Decision) -> None:
    """Undo what a decision did to the queue. Raises CannotDecide where something rests on it."""
    if old.kind == "split":
        await _come_home(db, counting, old)
    for name in [*([old.name] if old.name else []), *old.also]:
        row = (await db.execute(select(queue).where(one(old.scope, name)))).one_or_none()
        if row is None:
            continue  # everybody in it was forgotten
        values: dict[str, Any] = {"revision": queue.c.revision + 1}
        if row.decided_by == old.id:
            values |= {"merged_into": None, **await _settled(db, row)}
        await db.execute(update(queue).where(one(old.scope, name)).values(values))
        if row.decided_by == old.id and row.merged_into is not None:
            await mix(db, old.scope, {row.merged_into: _counts(row)}, -1)
            await recount(db, old.scope, [row.merged_into])


async def _close(db: AsyncConnection, scope: Scope, name: str, *, number: int, at: Any, **values: Any) -> None:
    values |= {"decided_at": at, "decided_by": number, "revision": queue.c.revision + 1}
    await db.execute(update(queue).where(one(scope, name)).values(values))


async def _settled(db: AsyncConnection, row: Row[Any]) -> dict[str, Any]:
    """Return what a case is by the newest decision on it that is in force: open where there is none."""
    query = (
        select(decisions)
        .where(
            decisions.c.scope == row.scope,
            decisions.c.name == row.name,
            decisions.c.kind.in_(STATUS),
            in_force(),
        )
        .order_by(decisions.c.id.desc())
        .limit(1)
    )
    found = (await db.execute(query)).one_or_none()
    if found is None:
        return {"status": "open", "entry": None, "decided_at": None, "decided_by": None}
    status = STATUS[found.kind]
    if status == "answered" and row.last_seen > found.at + LIVE_WITHIN:
        status = "open"  # its entry has not caught what came since
    return {"status": status, "entry": found.entry, "decided_at": found.at, "decided_by": found.id}


async def _may_merge(db: AsyncConnection, new: NewDecision) -> None:
    into = str(new.content.get("into", ""))
    if into == new.name:
        raise CannotDecide(f"{new.name} cannot be merged into itself")
    target = (await db.execute(select(queue.c.status, queue.c.merged_into).where(one(new.scope, into)))).one_or_none()
    if target is None:
        raise CannotDecide(f"there is no case {into} to merge it into")
    if target.status == "merged":
        raise CannotDecide(f"{into} is merged into {target.merged_into}; merge it into that one")


async def _next_part(db: AsyncConnection, scope: Scope, row: Row[Any]) -> str:
    """Return the name of a group's next part; one that went home is not named again."""
    group = await db.scalar(select(groups.c.name).where(groups.c.id == row.group_id))
    query = select(decisions.c.effects).where(decisions.c.scope == scope, decisions.c.kind == "split")
    named = [effects["part"] for effects in (await db.execute(query)).scalars()]
    numbers = [number_of(part) for part in named if part.rpartition("-")[0] == group]
    return f"{group}-{max(numbers, default=0) + 1}"


async def _split(db: AsyncConnection, counting: Counting, new: NewDecision, row: Row[Any], part: str) -> None:
    """Move what holds the needle into a case of its own."""
    needle = str(new.content["needle"]).strip().casefold()
    parts = (await parts_of(db, [row.group_id])).get((new.scope, row.group_id), ())
    moved, stays = Tally(), Tally()
    async for sighting in kept(db, counted_in(new.scope), row.group_id):
        if case_of(sighting["group"], parts, sighting["lines"]) == row.name:
            count(moved if needle in sighting["lines"].casefold() else stays, sighting)
    if not moved.people:
        raise CannotDecide(f"no sighting of {row.name} that is kept has “{needle}” in its lines")
    if not stays.people:
        raise CannotDecide(f"every sighting of {row.name} that is kept has “{needle}” in its lines")
    await counting.add(db, {(new.scope, part): (row.group_id, moved)}, reopen=False)
    made = {"split_of": row.name, "needle": needle, "provider": row.provider}
    await db.execute(update(queue).where(one(new.scope, part)).values(made))
    await counting.take(db, new.scope, {row.name: moved}, left={row.name: stays})


async def _come_home(db: AsyncConnection, counting: Counting, old: Decision) -> None:
    """Put what a split has moved back into the case it was split off."""
    part = old.part
    row = (await db.execute(select(queue).where(one(old.scope, part)))).one_or_none()
    if row is None or part is None:
        return
    about = select(decisions.c.id).where(decisions.c.scope == old.scope, decisions.c.name == part)
    on_it = await db.scalar(about.where(decisions.c.kind != "undo", in_force()).limit(1))
    related = await families(db, old.scope)
    if on_it is not None or related.has_members(part):
        raise CannotDecide(f"something was decided on {part} since; undo that first")
    tally = (await own_tallies(db, old.scope, [part]))[part]
    await db.execute(delete(queue).where(one(old.scope, part)))
    if tally.people and row.split_of is not None:
        await counting.add(db, {(old.scope, row.split_of): (row.group_id, tally)}, reopen=False)


async def own_tallies(db: AsyncConnection, scope: Scope, names: Iterable[str]) -> dict[str, Tally]:
    """Return what is counted of cases themselves, without those merged into them."""
    wanted = list(names)
    found = {name: Tally() for name in wanted}
    people = select(queue_people).where(queue_people.c.scope == scope, queue_people.c.name.in_(wanted))
    for row in await db.execute(people):
        found[row.name].people[row.person] = Seen(row.sightings, row.first_seen, row.last_seen)
    days = select(queue_days).where(queue_days.c.scope == scope, queue_days.c.name.in_(wanted))
    for row in await db.execute(days):
        found[row.name].days[row.day] = row.sightings
    cases = select(queue).where(queue.c.scope == scope, queue.c.name.in_(wanted) | queue.c.merged_into.in_(wanted))
    below: dict[str, Tally] = {}  # a case's row counts what is merged into it too
    for row in await db.execute(cases):
        if row.name in found:
            found[row.name].add(_counts(row))
            found[row.name].provider = row.provider
        if row.merged_into in found:
            below.setdefault(row.merged_into, Tally()).add(_counts(row))
    for name, counts in below.items():
        found[name] = found[name].less(counts)
    return found


def _counts(row: Row[Any]) -> Tally:
    return Tally(languages=dict(row.languages), reasons=dict(row.reasons))
