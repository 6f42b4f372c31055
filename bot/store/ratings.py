"""How answers were taken, entry by entry: what shows that one goes wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from bot.store.database import Database
from bot.store.scopes import SHARED, Scope, guild_of
from bot.store.tables import answers, feedback, guilds


@dataclass(frozen=True, slots=True)
class Rating:
    """What one person said to an answer with an entry: «solved» or «not_helped». `person` is a keyed hash."""

    entry: str
    person: str
    kind: str
    at: dt.datetime


async def ratings(database: Database, scope: Scope, since: dt.datetime) -> list[Rating]:
    """Return what was said since a moment to the answers of a scope, the oldest first.

    In the shared scope that is what was said outside servers, and in those that let their queue be seen.
    """
    entry = func.coalesce(feedback.c.entry, answers.c.shown)
    sharing = select(guilds.c.guild_id).where(guilds.c.shares == 1)
    shared = or_(answers.c.guild_id.is_(None), answers.c.guild_id.in_(sharing))
    here = shared if scope == SHARED else answers.c.guild_id == guild_of(scope)
    query = (
        select(entry.label("entry"), feedback.c.person, feedback.c.kind, feedback.c.at)
        .join(answers, answers.c.id == feedback.c.answer_id)
        .where(feedback.c.kind.in_(("solved", "not_helped")), feedback.c.at >= since, entry.is_not(None), here)
        .order_by(feedback.c.at, feedback.c.id)
    )
    async with database.read() as db:
        return [Rating(row.entry, row.person, row.kind, row.at) for row in await db.execute(query)]
