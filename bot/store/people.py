"""What people have asked of the bot: to be ignored, to keep their direct pastes, to be told of an answer."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Text, cast, delete, literal, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.parts import Part, case_of, parts_of
from bot.store.scopes import SHARED
from bot.store.tables import groups, notices, people, queue, sightings

FRESH: Final = 30.0  # seconds for which what was read of other processes' wishes is good


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person has asked of the bot."""

    ignored: bool = False  # their messages are not looked at, unless they mention the bot
    keeps_direct: bool | None = None  # what had no answer in their direct messages may be reviewed; None: never asked


@dataclass(frozen=True, slots=True)
class Notice:
    """Whom to tell, and where, once `group` is answered. `channel` None: by direct message."""

    id: int
    group: str
    guild: int | None
    channel: int | None
    message: int | None
    user: int
    lang: str
    entry: str | None  # the entry that answers it


class People:
    """The wishes of people; all of them are in memory, so that looking at a message asks no database.

    What is said in one process is heeded there at once, and in the others after FRESH seconds at most.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds from any beginning."""
        self._database = database
        self._clock = clock
        self._wishes: dict[str, Wishes] | None = None
        self._read_at = 0.0

    async def wishes(self, person: int) -> Wishes:
        """Return what a person has asked of the bot."""
        if self._wishes is None or self._clock() - self._read_at > FRESH:
            self._read_at = self._clock()
            async with self._database.read() as db:
                rows = (await db.execute(select(people))).mappings().all()
            self._wishes = {row["person"]: _wishes(row) for row in rows}
        return self._wishes.get(self._database.hashed(person), Wishes()) if self._wishes else Wishes()

    async def wish(self, person: int, wishes: Wishes) -> None:
        """Keep what a person has asked of the bot; Wishes() leaves no row."""
        await self.wishes(person)
        who = self._database.hashed(person)
        values = {
            "ignored": int(wishes.ignored),
            "keeps_direct": None if wishes.keeps_direct is None else int(wishes.keeps_direct),
        }
        async with self._database.write() as db:
            if wishes == Wishes():
                await db.execute(delete(people).where(people.c.person == who))
            else:
                new = self._database.insert(people).values(person=who, **values)
                await db.execute(new.on_conflict_do_update(index_elements=[people.c.person], set_=values))
        assert self._wishes is not None  # noqa: S101 (wishes() has read them)
        self._wishes[who] = wishes

    def forget_cached(self) -> None:
        """Read the wishes anew the next time."""
        self._wishes = None


def _wishes(row: RowMapping) -> Wishes:
    agreed = row["keeps_direct"]
    return Wishes(bool(row["ignored"]), None if agreed is None else bool(agreed))


class Notices:
    """Who wants to be told, apart from the queue. An address is deleted once used, on /forget-me, or after 30 days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        group: str,
        *,
        user: int,
        lang: str,
        at: dt.datetime,
        guild: int | None = None,
        channel: int | None = None,
        message: int | None = None,
    ) -> bool:
        """Keep that a person wants to be told; False where they had asked for that already.

        `channel` and `message` are where they asked, None where that was in private.
        """
        new = self._database.insert(notices).values(
            group_name=group,
            guild_id=guild,
            channel_id=channel,
            message_id=message,
            user_id=user,
            language=lang,
            asked_at=at,
        )
        async with self._database.write() as db:
            made = await db.execute(new.on_conflict_do_nothing().returning(notices.c.id))
            return made.scalar_one_or_none() is not None

    async def due(self) -> list[Notice]:
        """Return the notices whose error has an answer now, 100 at most.

        That is by a decision in the guild where they asked, or in the shared scope.
        """
        async with self._database.read() as db:
            rows = (await db.execute(_ANSWERED)).mappings().all()
            parts = await parts_of(db, {row["group_id"] for row in rows})
            found: dict[int, Notice] = {}
            for row in rows:  # a guild's own answer before everybody's
                split = parts.get((row["scope"], row["group_id"]), ())
                if row["id"] not in found and (not split or await self._is_in(db, row, split)):
                    found[row["id"]] = _notice(row)
        return [found[number] for number in sorted(found)[:100]]

    async def _is_in(self, db: AsyncConnection, row: RowMapping, parts: Sequence[Part]) -> bool:
        """Return whether what a person asked about is in this case of a group that was split, as far as samples say."""
        seen = (
            select(sightings.c.lines)
            .where(sightings.c.group_id == row["group_id"], sightings.c.person == self._database.hashed(row["user_id"]))
            .order_by(sightings.c.seen_at.desc())
            .limit(1)
        )
        lines: str = await db.scalar(seen) or ""
        return case_of(row["group_name"], parts, lines) == str(row["case"])

    async def told(self, number: int) -> None:
        """Delete a notice that was told, or can't be."""
        async with self._database.write() as db:
            await db.execute(delete(notices).where(notices.c.id == number))


def _answered() -> Select[Any]:
    """Return the query of notices with the answered cases that their group belongs to, or is merged into."""
    of_guild = literal("guild:") + cast(notices.c.guild_id, Text)
    first = (
        select(notices.c.id, queue.c.group_id, queue.c.scope, queue.c.name.label("case"), queue.c.name.label("at"))
        .join(groups, groups.c.name == notices.c.group_name)
        .join(queue, (queue.c.group_id == groups.c.id) & ((queue.c.scope == SHARED) | (queue.c.scope == of_guild)))
    ).cte("walk", recursive=True)
    merged = queue.alias("merged")
    walk = first.union_all(
        select(first.c.id, first.c.group_id, first.c.scope, first.c.case, merged.c.merged_into)
        .join(merged, (merged.c.scope == first.c.scope) & (merged.c.name == first.c.at))
        .where(merged.c.merged_into.is_not(None))
    )
    return (
        select(notices, walk.c.group_id, walk.c.scope, walk.c.case, queue.c.entry)
        .join(walk, walk.c.id == notices.c.id)
        .join(queue, (queue.c.scope == walk.c.scope) & (queue.c.name == walk.c.at))
        .where(queue.c.status == "answered")
        .order_by(notices.c.id, walk.c.scope)
        .limit(1_000)
    )


_ANSWERED: Final = _answered()


def _notice(row: RowMapping) -> Notice:
    return Notice(
        id=row["id"],
        group=row["group_name"],
        guild=row["guild_id"],
        channel=row["channel_id"],
        message=row["message_id"],
        user=row["user_id"],
        lang=row["language"],
        entry=row["entry"],
    )
