"""The store: what had no answer, in groups of like pastes; and, each by its subject, all else that is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import privacy
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.errors import StoreBusy, StoreError
from bot.store.guilds import Guilds
from bot.store.handled import Handled
from bot.store.models import Fingerprint, GroupDetail, GroupSummary, KeptSighting, Place, Sighting
from bot.store.people import Notices, People
from bot.store.tables import answers, feedback, groups, guilds, handled, notices, sightings

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


class Store:
    """All that one installation keeps. Any number of processes may have the same file open.

    Every method, here and on the parts, raises StoreBusy when the writer could not be had in 5 s, StoreError when the
    file cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read, self._write, self._hashed = database.read, database.write, database.hashed_or_none
        self.guilds = Guilds(database)
        self.handled = Handled(database)
        self.answers = Answers(database)
        self.people = People(database)
        self.notices = Notices(database)

    @classmethod
    async def open(cls, url: str, *, key: bytes | None = None) -> Self:
        """Open a store, made and brought to the newest schema where needed (see Database.open)."""
        return cls(await Database.open(url, key=key))

    async def close(self) -> None:
        """Close all connections. The store cannot be used any more."""
        await self._database.close()

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

    async def answered(self, name: str, entry: str) -> bool:
        """Close a group: `entry` explains it now, and who asked is told. False where there is no such group."""
        done = update(groups).where(groups.c.name == name).values(status="answered", entry=entry)
        async with self._write() as db:
            return bool((await db.execute(done)).rowcount)

    async def withdraw(self, message: int) -> None:
        """Take a message out of the queue: it was a part of what has an answer."""
        async with self._write() as db:
            await privacy.drop_sightings(db, sightings.c.message_id == message)

    async def forget(self, person: int, guild: int | None = None) -> int:
        """Delete what is kept of a person, of one guild or of all places; return how many rows that were.

        That is sightings, answers, feedback, messages taken on and notices. Open groups in which nobody else was seen
        go too: their template was made from that person's words alone. Forgotten everywhere, the consent to keep
        direct messages goes as well; only the wish to be ignored stays, as a keyed hash, or it could not be heeded.
        """
        async with self._write() as db:
            gone = await privacy.forget(db, self._database.hashed(person), person, guild)
        self.people.forget_cached()
        return gone

    async def export(self, person: int) -> dict[str, Any]:
        """Return all that is kept of a person, as JSON values under the tables' names."""
        async with self._read() as db:
            return await privacy.export(db, self._database.hashed(person), person)

    async def figures(self) -> dict[str, int]:
        """Return how many rows each table has; those of groups by their status."""
        async with self._read() as db:
            counts = {
                table.name: await db.scalar(select(func.count()).select_from(table)) or 0
                for table in (sightings, answers, feedback, handled, notices, guilds)
            }
            for status, count in await db.execute(select(groups.c.status, func.count()).group_by(groups.c.status)):
                counts[f"groups_{status}"] = count
        return counts

    async def expire(self, now: dt.datetime, keep: Mapping[str, dt.timedelta] | None = None) -> dict[str, int]:
        """Delete what is past its time at `now`; return how many rows of what. `keep` overrides privacy.KEEP."""
        async with self._write() as db:
            gone = await privacy.expire(db, now, {**privacy.KEEP, **(keep or {})})
        if gone.get("guilds"):
            self.guilds.forget_cached()
        return gone


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
