"""The queue: cases that wait for a maintainer, as one scope sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, Text, cast, func, literal, select, tuple_
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.families import families
from bot.store.figures import Figures, figures
from bot.store.models import Case, KeptSighting
from bot.store.parts import Part, case_of, parts_of, shown_in
from bot.store.ratings import ratings
from bot.store.scopes import Scope
from bot.store.search import asked_words, has_words
from bot.store.tables import groups, queue, queue_days, sightings
from bot.store.tally import day_of

STATUSES: Final = ("open", "answered", "dismissed", "not_an_error", "merged")
FEW: Final = 2_000  # groups that are looked up one by one
MOST_LOOKED_THROUGH: Final = 5_000  # sightings of a group, for those of a part of it


class Queue:
    """What waits, by scope. No method looks beyond the scope it is given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def top(
        self,
        scope: Scope,
        *,
        status: str | None = "open",
        provider: str | None = None,
        language: str | None = None,
        search: str | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> list[Case]:
        """Return at most `limit` cases, those that would help most people first.

        `search` are words of the template or the provider, all of which must be there (the beginning of a word will
        do; Chinese is found anywhere); nothing in it is syntax. `after` is the name of the last case of the page
        before. `status` None is any status.
        """
        query = _cases().where(queue.c.scope == scope)
        if provider is not None:
            query = query.where(queue.c.provider == provider)
        if language is not None:
            # The keys of a JSON object; a tag has no character that JSON or LIKE would take otherwise.
            query = query.where(cast(queue.c.languages, Text).contains(f'"{language}"', autoescape=True))
        words = asked_words(search or "")
        if search is not None and search.strip() and not words:
            return []
        async with self._database.read() as db:
            if after is not None:
                place = select(queue.c.weight).where(queue.c.scope == scope, queue.c.name == after)
                weight = await db.scalar(place)
                if weight is not None:
                    here = tuple_(queue.c.weight, queue.c.name)
                    query = query.where(here < tuple_(literal(weight, queue.c.weight.type), literal(after)))
            if words:
                return await self._found(db, query, words, status, limit)
            # One status after the other: of each the order is an index.
            cases = [
                _case(row)
                for one in (STATUSES if status is None else [status])
                for row in await _ordered(db, query.where(queue.c.status == one), limit)
            ]
        return sorted(cases, key=lambda case: (case.weight, case.name), reverse=True)[:limit]

    async def _found(
        self, db: AsyncConnection, query: Select[Any], words: list[str], status: str | None, limit: int
    ) -> list[Case]:
        """Return the cases whose groups have all of some words, of a query without their order."""
        matching = has_words(words, self._database.dialect)
        some = list((await db.execute(select(groups.c.id).where(matching).limit(FEW + 1))).scalars())
        if len(some) > FEW:
            # Many have them: those on top are found soon when the queue is gone through in its order.
            query = query.where(matching)
            if status is not None:
                query = query.where(queue.c.status == status)
            return [_case(row) for row in await _ordered(db, query, limit)]
        cases = [_case(row) for row in (await db.execute(query.where(queue.c.group_id.in_(some)))).mappings()]
        cases = [case for case in cases if status in (None, case.status)]
        return sorted(cases, key=lambda case: (case.weight, case.name), reverse=True)[:limit]

    async def get(self, scope: Scope, name: str) -> Case | None:
        """Return a case as it stands, None where the scope has none of that name. Follows no merge."""
        query = _cases().where(queue.c.scope == scope, queue.c.name == name)
        async with self._database.read() as db:
            row = (await db.execute(query)).mappings().one_or_none()
        return _case(row) if row is not None else None

    async def samples(self, scope: Scope, name: str, limit: int = 20) -> list[KeptSighting]:
        """Return the latest sightings of a case and of those merged into it, the newest first.

        In the shared scope only those without a guild: a guild's lines are seen by that guild. Of a group that was
        split, at most MOST_LOOKED_THROUGH are looked through.
        """
        found: list[RowMapping] = []
        async with self._database.read() as db:
            family = [name, *(await families(db, scope)).members(name)]
            query = (
                select(queue.c.name, queue.c.group_id, queue.c.last_seen, groups.c.name.label("group"))
                .join(groups)
                .where(queue.c.scope == scope, queue.c.name.in_(family))
                .order_by(queue.c.last_seen.desc(), queue.c.name)
            )
            cases = (await db.execute(query)).all()
            parts = await parts_of(db, {row.group_id for row in cases})
            for row in cases:
                if len(found) >= limit and found[limit - 1]["seen_at"] > row.last_seen:
                    break  # nothing of this case, or of those after it, is newer
                found += await _latest(db, scope, row, parts.get((scope, row.group_id), ()), limit)
                found.sort(key=lambda sighting: (sighting["seen_at"], sighting["id"]), reverse=True)
        return [_kept(sighting) for sighting in found[:limit]]

    async def trend(self, scope: Scope, name: str, now: dt.datetime, days: int = 14) -> list[int]:
        """Return how often a case was seen on each of the last days (UTC), the oldest first and today last."""
        today = day_of(now)
        seen = queue_days.c
        async with self._database.read() as db:
            family = [name, *(await families(db, scope)).members(name)]
            query = (
                select(seen.day, func.sum(seen.sightings).label("sightings"))
                .where(seen.scope == scope, seen.name.in_(family), seen.day > today - days, seen.day <= today)
                .group_by(seen.day)
            )
            found = {row.day: int(row.sightings) for row in await db.execute(query)}
        return [found.get(day, 0) for day in range(today - days + 1, today + 1)]

    async def members(self, scope: Scope, name: str) -> list[str]:
        """Return the names of the cases merged into one, also through others."""
        async with self._database.read() as db:
            return (await families(db, scope)).members(name)

    async def case_of(self, scope: Scope, group: str, lines: Sequence[str]) -> str | None:
        """Return the case that a sighting of a group with these (redacted) lines falls into, merges followed.

        None where the scope has no case of that group.
        """
        query = select(queue.c.group_id).join(groups).where(queue.c.scope == scope, groups.c.name == group).limit(1)
        async with self._database.read() as db:
            number = await db.scalar(query)
            if number is None:
                return None
            parts = await parts_of(db, [number])
            name = case_of(group, parts.get((scope, number), ()), "\n".join(lines))
            return [name, *(await families(db, scope)).ancestors(name)][-1]

    async def figures(self, scope: Scope, since: dt.datetime) -> Figures:
        """Return what the charts show of a scope since a moment."""
        top, said = await self.top(scope, limit=10), await ratings(self._database, scope, since)
        async with self._database.read() as db:
            return await figures(db, scope, since, top, said)


async def _ordered(db: AsyncConnection, query: Select[Any], limit: int) -> list[RowMapping]:
    ordered = query.order_by(queue.c.weight.desc(), queue.c.name.desc()).limit(limit)
    return list((await db.execute(ordered)).mappings())


async def _latest(db: AsyncConnection, scope: Scope, row: Any, parts: Sequence[Part], limit: int) -> list[RowMapping]:
    """Return the latest sightings of one case that its scope sees."""
    newest = (
        select(sightings)
        .where(sightings.c.group_id == row.group_id, shown_in(scope))
        .order_by(sightings.c.seen_at.desc(), sightings.c.id.desc())
    )
    if not parts:
        return list((await db.execute(newest.limit(limit))).mappings())
    found = (await db.execute(newest.limit(MOST_LOOKED_THROUGH))).mappings()
    return [sighting for sighting in found if case_of(row.group, parts, sighting["lines"]) == row.name][:limit]


def _cases() -> Select[Any]:
    return select(queue, groups.c.name.label("group"), groups.c.template).join(groups)


def _case(row: RowMapping) -> Case:
    languages: dict[str, int] = row["languages"]
    return Case(
        scope=row["scope"],
        name=row["name"],
        group=row["group"],
        template=row["template"],
        provider=row["provider"],
        languages=tuple(sorted(languages, key=lambda language: (-languages[language], language))),
        status=row["status"],
        entry=row["entry"],
        people=row["people"],
        sightings=row["sightings"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        weight=row["weight"],
        revision=row["revision"],
        merged_into=row["merged_into"],
        split_of=row["split_of"],
        needle=row["needle"],
        reasons=dict(row["reasons"]),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
    )


def _kept(row: RowMapping) -> KeptSighting:
    return KeptSighting(
        lines=tuple(row["lines"].split("\n")),
        language=row["language"],
        candidates=tuple((entry, confidence) for entry, confidence in row["candidates"]),
        mode=row["mode"],
        seen_at=row["seen_at"],
        reason=row["reason"],
        entry=row["entry"],
    )
