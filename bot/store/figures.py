"""Figures for charts: what was answered and how it was taken, whose errors wait, how long an answer took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.models import Case
from bot.store.ratings import Rating
from bot.store.scopes import Scope, guild_of
from bot.store.tables import answers, guilds, queue


@dataclass(frozen=True, slots=True)
class Day:
    """How many of a day's pastes were answered, how many had only suggestions, and how many nothing."""

    day: dt.date  # UTC
    answered: int
    suggested: int
    unmatched: int


@dataclass(frozen=True, slots=True)
class ProviderFigures:
    """The cases of one provider; of those whose provider nobody guessed where it is None."""

    provider: str | None
    open: int
    answered: int
    people: int  # of the open ones; who has two of these errors counts twice


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """How many an entry helped and how many not, each person once and by what they said last."""

    entry: str
    solved: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the cases that were answered on a day had waited since they were first seen: the median, in hours."""

    day: dt.date
    cases: int
    hours: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the charts show of one scope. All lists in order of the day, or with the most first."""

    days: tuple[Day, ...]
    providers: tuple[ProviderFigures, ...]
    top: tuple[Case, ...]  # the open cases that would help most people
    entries: tuple[EntryFigures, ...]  # those that failed most people first
    waits: tuple[Wait, ...]


async def figures(
    db: AsyncConnection, scope: Scope, since: dt.datetime, top: Sequence[Case], said: Iterable[Rating]
) -> Figures:
    """Return the figures of a scope since a moment; `top` are its first open cases, `said` what was said since."""
    return Figures(
        days=tuple(await _days(db, scope, since)),
        providers=tuple(await _providers(db, scope)),
        top=tuple(top),
        entries=tuple(_entries(said)),
        waits=tuple(await _waits(db, scope, since)),
    )


def _entries(said: Iterable[Rating]) -> list[EntryFigures]:
    kinds: dict[str, dict[str, str]] = {}
    for rating in said:  # the oldest first
        kinds.setdefault(rating.entry, {})[rating.person] = rating.kind
    found = []
    for entry, each in kinds.items():
        solved = sum(kind == "solved" for kind in each.values())
        found.append(EntryFigures(entry, solved, len(each) - solved))
    return sorted(found, key=lambda one: (-one.not_helped, one.solved, one.entry))


async def _days(db: AsyncConnection, scope: Scope, since: dt.datetime) -> list[Day]:
    day = _day(db, answers.c.sent_at)
    query = (
        select(day.label("day"), answers.c.decision, func.count().label("answers"))
        .where(_given_in(scope), answers.c.sent_at >= since)
        .group_by(day, answers.c.decision)
    )
    found: dict[str, dict[str, int]] = {}
    for row in await db.execute(query):
        found.setdefault(row.day, {})[row.decision] = row.answers
    return [
        Day(dt.date.fromisoformat(name), said.get("answer", 0), said.get("suggest", 0), said.get("unmatched", 0))
        for name, said in sorted(found.items())
    ]


async def _providers(db: AsyncConnection, scope: Scope) -> list[ProviderFigures]:
    query = (
        select(queue.c.provider, queue.c.status, func.count().label("cases"), func.sum(queue.c.people).label("people"))
        .where(queue.c.scope == scope, queue.c.status.in_(("open", "answered")))
        .group_by(queue.c.provider, queue.c.status)
    )
    found: dict[str | None, dict[str, Any]] = {}
    for row in await db.execute(query):
        found.setdefault(row.provider, {})[row.status] = row
    made = []
    for provider, rows in found.items():
        waiting, done = rows.get("open"), rows.get("answered")
        people = int(waiting.people) if waiting else 0
        made.append(ProviderFigures(provider, waiting.cases if waiting else 0, done.cases if done else 0, people))
    return sorted(made, key=lambda one: (-one.people, -one.answered, one.provider or ""))


async def _waits(db: AsyncConnection, scope: Scope, since: dt.datetime) -> list[Wait]:
    query = select(queue.c.first_seen, queue.c.decided_at).where(
        queue.c.scope == scope, queue.c.status == "answered", queue.c.decided_at >= since
    )
    hours: dict[dt.date, list[float]] = {}
    for row in await db.execute(query):
        waited = max((row.decided_at - row.first_seen).total_seconds(), 0.0) / 3600
        hours.setdefault(row.decided_at.date(), []).append(waited)
    return [Wait(day, len(waits), median(waits)) for day, waits in sorted(hours.items())]


def _given_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on `answers` that they were given in a scope's places."""
    guild = guild_of(scope)
    if guild is not None:
        return answers.c.guild_id == guild
    sharing = select(guilds.c.guild_id).where(guilds.c.shares == 1)
    return or_(answers.c.guild_id.is_(None), answers.c.guild_id.in_(sharing))


def _day(db: AsyncConnection, moment: ColumnElement[dt.datetime]) -> ColumnElement[str]:
    """Return the day (UTC) of a moment as YYYY-MM-DD."""
    if db.dialect.name == "sqlite":
        return func.substr(cast(moment, Text), 1, 10)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD")
