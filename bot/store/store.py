"""The store: what had no answer, in groups of like pastes; and, each by its subject, all else that is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Self, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.store import privacy
from bot.store.answers import Answers
from bot.store.counting import Counting
from bot.store.database import Database
from bot.store.decisions import Decisions
from bot.store.errors import StoreBusy, StoreError
from bot.store.guilds import Guilds
from bot.store.handled import Handled
from bot.store.models import Case, Fingerprint, GroupDetail, GroupSummary, KeptSighting, Place, Reason, Sighting
from bot.store.people import Notices, People
from bot.store.queue import Queue
from bot.store.recording import Recording
from bot.store.scopes import SHARED
from bot.store.tables import answers, decisions, feedback, groups, guilds, handled, notices, queue, sightings
from bot.store.uncounting import drop_message

__all__ = [
    "Fingerprint",
    "GroupDetail",
    "GroupSummary",
    "KeptSighting",
    "Place",
    "Sighting",
    "Store",
    "StoreBusy",
    "StoreError",
]

_Given = TypeVar("_Given")
LATEST: Final = 50  # sightings shown of a group


class Store:
    """All that one installation keeps. Any number of processes may have the same file open.

    Every method, here and on the parts, raises StoreBusy when the writer could not be had in 5 s, StoreError when the
    file cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read, self._write = database.read, database.write
        self._counting = Counting(database)
        self._recording = Recording(database, self._counting)
        self.queue = Queue(database)
        self.decisions = Decisions(database, self._counting)
        self.guilds = Guilds(database, self._counting)
        self.handled = Handled(database)
        self.answers = Answers(database)
        self.people = People(database)
        self.notices = Notices(database)

    @classmethod
    async def open(cls, url: str, *, key: bytes | None = None) -> Self:
        """Open a store, made and brought to the newest schema where needed (see Database.open)."""
        return cls(await Database.open(url, key=key))

    @property
    def database(self) -> Database:
        """The database itself, for what follows its log (changes.changes) or asks what no part does."""
        return self._database

    async def close(self) -> None:
        """Close all connections. The store cannot be used any more."""
        await self._database.close()

    async def record(self, sighting: Sighting) -> str:
        """Keep one sighting, in its group or a new one; return the group's name. Committed when this returns.

        A message id seen before changes nothing and gives the group it fell into: a gateway event can come twice.
        """
        return (await self.record_many([sighting]))[0]

    async def record_many(self, kept: Sequence[Sighting]) -> list[str]:
        """Keep sightings in one transaction; return the names of their groups, in the same order (see record)."""
        return await _once_more(lambda: self._recording.record(kept))

    async def record_instead(self, sighting: Sighting, reason: Reason) -> str:
        """Keep a sighting in the place of one of the same message that is there for `reason`, in one transaction.

        Where the message is there for another reason that one stays (see record).
        """

        async def put() -> str:
            async with self._write() as db:
                if sighting.place.message is not None:
                    await drop_message(db, self._counting, sighting.place.message, reason)
                return (await self._recording.record_in(db, [sighting]))[0]

        return await _once_more(put)

    async def unmatched(self, *, limit: int = 20) -> list[GroupSummary]:
        """Return at most `limit` open groups of the shared queue, those that would help most people first."""
        return [_summary(case) for case in await self.queue.top(SHARED, limit=limit)]

    async def group(self, name: str) -> GroupDetail | None:
        """Return a group of the shared queue with its latest sightings (50), None where it has none of that name."""
        case = await self.queue.get(SHARED, name)
        if case is None:
            return None
        return GroupDetail(_summary(case), tuple(await self.queue.samples(SHARED, name, LATEST)))

    async def has_group(self, name: str) -> bool:
        """Return whether there is a group of that name, in whosever queue."""
        async with self._read() as db:
            return await db.scalar(select(groups.c.id).where(groups.c.name == name)) is not None

    async def withdraw(self, message: int, reason: Reason | None = None) -> None:
        """Take a message out of the queue: it was a part of what has an answer, or what was said of it is taken back.

        With `reason` only where it is there for that.
        """
        async with self._write() as db:
            await drop_message(db, self._counting, message, reason)

    async def forget(self, person: int, guild: int | None = None) -> int:
        """Delete what is kept of a person, of one guild or of all places; return how many rows that were.

        That is sightings and what is counted of them, answers, feedback, messages taken on and notices. Open groups in
        which nobody else was seen go too: their template was made from that person's words alone. Decisions stay,
        without whose they were. Forgotten everywhere, the consent to keep direct messages goes as well; only the wish
        to be ignored stays, as a keyed hash, or it could not be heeded.
        """
        async with self._write() as db:
            gone = await privacy.forget(db, self._counting, self._database.hashed(person), person, guild)
        self.people.forget_cached()
        return gone

    async def export(self, person: int) -> dict[str, Any]:
        """Return all that is kept of a person, as JSON values under the tables' names."""
        async with self._read() as db:
            return await privacy.export(db, self._database.hashed(person), person)

    async def figures(self) -> dict[str, int]:
        """Return how many rows each table has; those of the queue by their status, as groups_open and so on.

        A group that is in a guild's queue and in the shared one is there twice.
        """
        async with self._read() as db:
            counts = {
                table.name: await db.scalar(select(func.count()).select_from(table)) or 0
                for table in (sightings, answers, feedback, handled, notices, guilds, decisions)
            }
            for status, count in await db.execute(select(queue.c.status, func.count()).group_by(queue.c.status)):
                counts[f"groups_{status}"] = count
        return counts

    async def expire(self, now: dt.datetime, keep: Mapping[str, dt.timedelta] | None = None) -> dict[str, int]:
        """Delete what is past its time at `now`; return how many rows of what. `keep` overrides privacy.KEEP."""
        async with self._write() as db:
            gone = await privacy.expire(db, self._counting, now, {**privacy.KEEP, **(keep or {})})
        if gone.get("guilds"):
            self.guilds.forget_cached()
        return gone


async def _once_more(work: Callable[[], Awaitable[_Given]]) -> _Given:
    """Do a transaction, a second time where another one made the same new group meanwhile: then it is there."""
    try:
        return await work()
    except StoreError as error:
        if not isinstance(error.__cause__, IntegrityError):
            raise
        return await work()


def _summary(case: Case) -> GroupSummary:
    return GroupSummary(
        name=case.name,
        template=case.template,
        status=case.status,
        sightings=case.sightings,
        people=case.people,
        first_seen=case.first_seen,
        last_seen=case.last_seen,
        languages=tuple(sorted(case.languages)),
    )
