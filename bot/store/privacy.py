"""Forgetting, exporting and retention: all that is kept of a person or of a guild, table by table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, false, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import Counting, drop_groups
from bot.store.locks import hold
from bot.store.scopes import of_guild
from bot.store.sharing import unshare
from bot.store.tables import (
    answers,
    channels,
    cursors,
    decisions,
    feedback,
    groups,
    guilds,
    handled,
    hindrances,
    notices,
    people,
    queue,
    queue_people,
    sightings,
)
from bot.store.uncounting import drop_person, shares

KEEP: Final[Mapping[str, dt.timedelta]] = {
    "left": dt.timedelta(days=30),  # a guild's data after the bot left it
    "notices": dt.timedelta(days=30),
    "handled": dt.timedelta(days=7),
    "cursors": dt.timedelta(days=7),
    "hindrances": dt.timedelta(days=30),
    "answers": dt.timedelta(days=400),  # their buttons work for so long
    "sightings": dt.timedelta(days=90),  # samples; what is counted of them stays. A guild may set another time
}


async def forget(db: AsyncConnection, counting: Counting, who: str, account: int, guild: int | None) -> int:
    """Delete a person's rows, of one guild or of all; return how many. `who` is the keyed hash of `account`.

    What they decided stays, without whose it was.
    """
    gone = await drop_person(db, counting, who, guild)
    for table, theirs in (
        # What they said to anybody's answer goes with their own answers.
        (feedback, (feedback.c.person == who) & _on_answers_in(guild)),
        (answers, (answers.c.person == who) & _in(answers, guild)),
        (handled, (handled.c.person == who) & _in(handled, guild)),
        (notices, (notices.c.user_id == account) & _in(notices, guild)),
    ):
        gone += (await db.execute(delete(table).where(theirs))).rowcount
    decided = decisions.c.person == who
    if guild is not None:
        decided &= decisions.c.scope == of_guild(guild)
    gone += (await db.execute(update(decisions).where(decided).values(person=None))).rowcount
    if guild is None:
        gone += (await db.execute(delete(people).where(people.c.person == who, people.c.ignored == 0))).rowcount
        consent = update(people).where(people.c.person == who, people.c.keeps_direct.is_not(None))
        gone += (await db.execute(consent.values(keeps_direct=None))).rowcount
    return gone


async def export(db: AsyncConnection, who: str, account: int) -> dict[str, Any]:
    """Return a person's rows as JSON values, under the tables' names; the keyed hash itself is left out."""
    wanted = {
        "sightings": select(sightings, groups.c.name.label("group")).join(groups).where(sightings.c.person == who),
        "queue_people": select(queue_people).where(queue_people.c.person == who),
        "answers": select(answers).where(answers.c.person == who),
        "feedback": select(feedback).where(feedback.c.person == who),
        "handled": select(handled).where(handled.c.person == who),
        "notices": select(notices).where(notices.c.user_id == account),
        "people": select(people).where(people.c.person == who),
        "decisions": select(decisions).where(decisions.c.person == who),
    }
    found = {}
    for name, query in wanted.items():
        rows = (await db.execute(query)).mappings()
        found[name] = [
            {column: _json(value) for column, value in row.items() if column not in ("person", "group_id")}
            for row in rows
        ]
    return found


async def expire(
    db: AsyncConnection, counting: Counting, now: dt.datetime, keep: Mapping[str, dt.timedelta]
) -> dict[str, int]:
    """Delete what is past its time at `now`; return how many rows of what."""
    left = (await db.execute(select(guilds.c.guild_id).where(guilds.c.left_at < now - keep["left"]))).scalars().all()
    await hold(db, [of_guild(guild) for guild in left])  # all guilds before the shared queue
    for guild in left:
        await _drop_guild(db, counting, guild)
    counts = {"guilds": len(left), "sightings": await _expire_samples(db, now, keep["sightings"])}
    for name, table, moment in (
        ("answers", answers, answers.c.sent_at),
        ("handled", handled, handled.c.seen_at),
        ("notices", notices, notices.c.asked_at),
        ("cursors", cursors, cursors.c.at),
        ("hindrances", hindrances, hindrances.c.at),
    ):
        counts[name] = (await db.execute(delete(table).where(moment < now - keep[name]))).rowcount
    return {name: count for name, count in counts.items() if count}


async def _expire_samples(db: AsyncConnection, now: dt.datetime, usual: dt.timedelta) -> int:
    """Delete the samples that are older than their guild, or the installation, keeps them; what is counted stays."""
    own = select(guilds.c.guild_id, guilds.c.keep_days).where(guilds.c.keep_days.is_not(None))
    kept = {row.guild_id: dt.timedelta(days=row.keep_days) for row in await db.execute(own)}
    seen = (await db.execute(select(sightings.c.guild_id).distinct())).scalars().all()
    gone = 0
    for guild in seen:
        # One guild after the other: each is a stretch of the index.
        whose = sightings.c.guild_id.is_(None) if guild is None else sightings.c.guild_id == guild
        before = now - kept.get(guild, usual)
        gone += (await db.execute(delete(sightings).where(whose, sightings.c.seen_at < before))).rowcount
    return gone


async def _drop_guild(db: AsyncConnection, counting: Counting, guild: int) -> None:
    """Delete all that is of a guild: its queue and decisions too, and its part of the shared queue."""
    scope = of_guild(guild)
    if await shares(db, guild):
        await unshare(db, counting, guild)
    ids = (await db.execute(select(queue.c.group_id).where(queue.c.scope == scope).distinct())).scalars().all()
    await db.execute(delete(queue).where(queue.c.scope == scope))
    await db.execute(delete(decisions).where(decisions.c.scope == scope))
    await db.execute(delete(sightings).where(sightings.c.guild_id == guild))
    await drop_groups(db, ids)
    for table in (answers, handled, notices, cursors, hindrances, channels, guilds):
        await db.execute(delete(table).where(table.c.guild_id == guild))


def _in(table: Table, guild: int | None) -> ColumnElement[bool]:
    return ~false() if guild is None else table.c.guild_id == guild


def _on_answers_in(guild: int | None) -> ColumnElement[bool]:
    if guild is None:
        return ~false()
    return feedback.c.answer_id.in_(select(answers.c.id).where(answers.c.guild_id == guild))


def _json(value: Any) -> Any:
    # Ids are strings in JSON: most readers of it lose the digits of so large numbers.
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, int) and value > 2**53 else value
