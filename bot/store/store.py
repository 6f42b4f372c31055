"""The store: keeps what had no answer, in groups of like pastes, until a maintainer answers it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.engine import BEGIN, BUSY_SECONDS, database_url, make_engine
from bot.store.errors import StoreBusy, StoreError, explained
from bot.store.migrate import migrate
from bot.store.models import Fingerprint, GroupDetail, GroupSummary, KeptSighting, Place, Sighting
from bot.store.tables import groups, meta, sightings

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

LONGEST_SAMPLE: Final = 16_384  # characters of a sighting's lines that are kept
LATEST: Final = 50  # sightings shown of a group
_KEY: Final = "person-key"


class Store:
    """The kept pastes of one installation. Any number of processes may have the same file open.

    Every method raises StoreBusy when the writer could not be had in 5 s, StoreError when the file cannot be used.
    """

    def __init__(self, engine: AsyncEngine, place: str, key: bytes) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{BEGIN: "IMMEDIATE"})
        self._place = place
        self._key = key
        # Writers of one process queue here, first come first served; only different processes meet in SQLite.
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, *, key: bytes | None = None) -> Self:
        """Open a store, made and brought to the newest schema where needed.

        `url` is a path or sqlite:///path; the folder is made. `key` is what account ids are hashed with; by default a
        random one that is made once and kept in the database.
        """
        address = database_url(url)
        place = str(address.database)
        with explained(place):
            await asyncio.to_thread(migrate, address, place)
        engine = make_engine(address)
        try:
            with explained(place):
                return cls(engine, place, key or await _installation_key(engine))
        except BaseException:
            await engine.dispose()
            raise

    async def close(self) -> None:
        """Close all connections. The store cannot be used any more."""
        await self._engine.dispose()

    async def record(self, sighting: Sighting) -> str:
        """Keep one sighting, in its group or a new one; return the group's name. Committed when this returns.

        A message id seen before changes nothing and gives the group it fell into: a gateway event can come twice.
        """
        mark, place = sighting.fingerprint, sighting.place
        async with self._write() as db:
            if place.message is not None:
                known = select(groups.c.name).join(sightings).where(sightings.c.message_id == place.message)
                name: str | None = await db.scalar(known)
                if name is not None:
                    return name
            await db.execute(_upsert_group(sighting))
            same = (groups.c.fingerprint == mark.fingerprint) & (groups.c.fingerprint_version == mark.version)
            group = (await db.execute(select(groups.c.id, groups.c.name).where(same))).one()
            await db.execute(
                insert(sightings).values(
                    group_id=group.id,
                    guild_id=place.guild,
                    channel_id=place.channel,
                    message_id=place.message,
                    person=self._hashed(place.person),
                    lines=_storable("\n".join(sighting.lines))[:LONGEST_SAMPLE],
                    language=sighting.language,
                    candidates=[list(candidate) for candidate in sighting.candidates],
                    mode=sighting.mode,
                    seen_at=sighting.seen_at,
                )
            )
        return str(group.name)

    async def unmatched(self, *, limit: int = 20) -> list[GroupSummary]:
        """Return at most `limit` open groups: those of most distinct people first, then the latest seen."""
        query = _summaries().where(groups.c.status == "open").limit(limit)
        async with self._read() as db:
            rows = (await db.execute(query.order_by(*_most_helped_first()))).mappings().all()
            languages = await _languages(db, [row["id"] for row in rows])
        return [_summary(row, languages) for row in rows]

    async def group(self, name: str) -> GroupDetail | None:
        """Return a group with its latest sightings (50), None where there is none of that name."""
        async with self._read() as db:
            row = (await db.execute(_summaries().where(groups.c.name == name))).mappings().one_or_none()
            if row is None:
                return None
            languages = await _languages(db, [row["id"]])
            latest = (
                select(sightings)
                .where(sightings.c.group_id == row["id"])
                .order_by(sightings.c.seen_at.desc(), sightings.c.id.desc())
                .limit(LATEST)
            )
            kept = (await db.execute(latest)).mappings().all()
        return GroupDetail(_summary(row, languages), tuple(_kept(sighting) for sighting in kept))

    async def forget(self, person: int, guild: int | None = None) -> int:
        """Delete a person's sightings, of one guild or of all places; return how many they were.

        Open groups in which nobody else was seen go too: their template was made from that person's words alone.
        """
        theirs = sightings.c.person == self._hashed(person)
        if guild is not None:
            theirs &= sightings.c.guild_id == guild
        async with self._write() as db:
            touched = select(sightings.c.group_id).where(theirs).distinct()
            emptied = [row.group_id for row in await db.execute(touched)]
            gone = await db.execute(delete(sightings).where(theirs))
            anyone = exists().where(sightings.c.group_id == groups.c.id)
            for group in emptied:
                left = (groups.c.id == group) & (groups.c.status == "open") & ~anyone
                await db.execute(delete(groups).where(left))
        return gone.rowcount

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write, from its first statement on."""
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreBusy(f"database {self._place}: too much is being written to it; try again") from None
        try:
            with explained(self._place):
                # begin() rolls back on cancellation too: a transaction left open would block every later writer.
                async with self._writing.begin() as db:
                    yield db
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees one state of the database and waits for no writer."""
        with explained(self._place):
            async with self._engine.begin() as db:
                yield db

    def _hashed(self, person: int | None) -> str | None:
        return None if person is None else hmac.new(self._key, str(person).encode(), hashlib.sha256).hexdigest()


async def _installation_key(engine: AsyncEngine) -> bytes:
    """Return the installation's key, made at random the first time."""
    query = select(meta.c.value).where(meta.c.name == _KEY)
    async with engine.begin() as db:
        key: bytes | None = await db.scalar(query)
    if key is None:
        async with engine.execution_options(**{BEGIN: "IMMEDIATE"}).begin() as db:
            # The first of several processes wins; all read what it wrote.
            await db.execute(insert(meta).values(name=_KEY, value=secrets.token_bytes(32)).on_conflict_do_nothing())
            key = await db.scalar(query)
    assert key is not None  # noqa: S101 (written in the same transaction)
    return key


def _upsert_group(sighting: Sighting) -> Any:
    mark = sighting.fingerprint
    new = insert(groups).values(
        name=f"g{mark.version}-{mark.fingerprint[:12]}",
        fingerprint=mark.fingerprint,
        fingerprint_version=mark.version,
        template=_storable(mark.template),
        first_seen=sighting.seen_at,
        last_seen=sighting.seen_at,
    )
    # Events may come late and in any order.
    earlier = new.excluded.first_seen < groups.c.first_seen
    later = new.excluded.last_seen > groups.c.last_seen
    return new.on_conflict_do_update(
        index_elements=[groups.c.fingerprint, groups.c.fingerprint_version],
        set_={
            "first_seen": case((earlier, new.excluded.first_seen), else_=groups.c.first_seen),
            "last_seen": case((later, new.excluded.last_seen), else_=groups.c.last_seen),
        },
    )


def _summaries() -> Select[Any]:
    return (
        select(groups, func.count(sightings.c.id).label("sightings"), _people().label("people"))
        .outerjoin(sightings)
        .group_by(groups.c.id)
    )


def _people() -> ColumnElement[int]:
    # Only rows that exist: without sightings the outer join gives one row of nulls.
    person = case((sightings.c.id.is_not(None), func.coalesce(sightings.c.person, "")))
    return func.count(person.distinct())


def _most_helped_first() -> tuple[ColumnElement[Any], ...]:
    return _people().desc(), groups.c.last_seen.desc(), groups.c.id


async def _languages(db: AsyncConnection, ids: list[int]) -> dict[int, list[str]]:
    pairs = select(sightings.c.group_id, sightings.c.language).where(sightings.c.group_id.in_(ids)).distinct()
    found: dict[int, list[str]] = {}
    for group, language in await db.execute(pairs.order_by(sightings.c.language)):
        found.setdefault(group, []).append(language)
    return found


def _summary(row: RowMapping, languages: dict[int, list[str]]) -> GroupSummary:
    return GroupSummary(
        name=row["name"],
        template=row["template"],
        status=row["status"],
        sightings=row["sightings"],
        people=row["people"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        languages=tuple(languages.get(row["id"], ())),
    )


def _kept(row: RowMapping) -> KeptSighting:
    return KeptSighting(
        lines=tuple(row["lines"].split("\n")),
        language=row["language"],
        candidates=tuple((entry, confidence) for entry, confidence in row["candidates"]),
        mode=row["mode"],
        seen_at=row["seen_at"],
    )


def _storable(text: str) -> str:
    """Return `text` without what a database takes for no text: half surrogate pairs and NUL (PostgreSQL)."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
