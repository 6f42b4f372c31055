"""Decisions: the append-only log of what maintainers decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, insert, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.counting import Counting
from bot.store.database import Database
from bot.store.effects import carry_out, foreseen, one, take_back
from bot.store.locks import hold
from bot.store.models import CannotDecide, Decision, Kind, NewDecision, Overtaken
from bot.store.scopes import Scope
from bot.store.tables import decisions, queue

__all__ = ["CannotDecide", "Decision", "Decisions", "Kind", "NewDecision", "Overtaken"]


class Decisions:
    """The log. A row is written once and never changed; /forget-me blanks whose it was."""

    def __init__(self, database: Database, counting: Counting) -> None:
        self._database = database
        self._counting = counting

    async def add(self, new: NewDecision, *, person: int | None, revision: int | None) -> Decision:
        """Keep a decision and do what it does to the queue, in one transaction; committed when this returns.

        `revision` is that of the case as the maintainer saw it (None: not looked at). Raises Overtaken where it has
        moved on, CannotDecide where the decision makes no sense: no such case, merged already, an undo of an undo,
        undone already, or something rests on what is undone.
        """
        who = self._database.hashed_or_none(person)
        async with self._database.write() as db:
            # The log first, for all: two who decide cannot wait for each other.
            await self._database.alone_with_log(db)
            await hold(db, [new.scope])
            old = await _undone(db, new) if new.kind == "undo" else None
            if old is not None:
                new = replace(new, name=old.name, entry=old.entry)
            row = None
            if new.name is not None:
                row = (await db.execute(select(queue).where(one(new.scope, new.name)))).one_or_none()
                if row is None and old is None:
                    raise CannotDecide(f"there is no case {new.name} here")
                if row is not None and revision is not None and row.revision != revision:
                    raise Overtaken(new.name, await _newest_on(db, new.scope, new.name, row.decided_by))
            effects = {} if old is not None else await foreseen(db, new, row)
            number = (
                await db.execute(insert(decisions).returning(decisions.c.id), _row(new, effects, who))
            ).scalar_one()
            if old is not None:
                await take_back(db, self._counting, old)
            else:
                await carry_out(db, self._counting, new, number, row, effects)
            await self._database.announce(db, number)
            kept = (await db.execute(_decisions().where(decisions.c.id == number))).mappings().one()
        return _decision(kept)

    async def since(self, number: int = 0, scopes: Collection[Scope] | None = None) -> list[Decision]:
        """Return the decisions after one, in order of their ids, of some scopes or of all.

        Ids are in the order of the commits: one that comes later is higher.
        """
        query = _decisions().where(decisions.c.id > number).order_by(decisions.c.id)
        if scopes is not None:
            query = query.where(decisions.c.scope.in_(scopes))
        return await self._all(query)

    async def history(self, scope: Scope, limit: int = 20, before: int | None = None) -> list[Decision]:
        """Return the latest decisions of a scope, the newest first; `before` is the last id of the page before."""
        query = _decisions().where(decisions.c.scope == scope).order_by(decisions.c.id.desc()).limit(limit)
        return await self._all(query if before is None else query.where(decisions.c.id < before))

    async def get(self, number: int) -> Decision | None:
        """Return a decision, of whatever scope."""
        found = await self._all(_decisions().where(decisions.c.id == number))
        return found[0] if found else None

    async def newest(self) -> int:
        """Return the id of the newest decision, 0 where there is none."""
        async with self._database.read() as db:
            return await db.scalar(select(func.max(decisions.c.id))) or 0

    def who(self, person: int) -> str:
        """Return what stands for an account in `Decision.person`."""
        return self._database.hashed(person)

    async def _all(self, query: Select[Any]) -> list[Decision]:
        async with self._database.read() as db:
            return [_decision(row) for row in (await db.execute(query)).mappings()]


async def _undone(db: AsyncConnection, new: NewDecision) -> Decision:
    """Return the decision that an undo takes back. Raises CannotDecide where it cannot be."""
    query = _decisions().where(decisions.c.id == new.undoes, decisions.c.scope == new.scope)
    row = (await db.execute(query)).mappings().one_or_none()
    if row is None:
        raise CannotDecide(f"there is no decision {new.undoes} here")
    if row["kind"] == "undo":
        raise CannotDecide(f"decision {new.undoes} is an undo itself; decide anew what it took back")
    if row["undone_by"] is not None:
        raise CannotDecide(f"decision {new.undoes} was undone already")
    return _decision(row)


async def _newest_on(db: AsyncConnection, scope: Scope, name: str, decided_by: int | None) -> Decision | None:
    """Return the newest decision on a case, by its name or as one of others that an entry answers."""
    about = or_(decisions.c.name == name, decisions.c.id == decided_by)
    query = _decisions().where(decisions.c.scope == scope, about).order_by(decisions.c.id.desc()).limit(1)
    row = (await db.execute(query)).mappings().one_or_none()
    return _decision(row) if row is not None else None


def _decisions() -> Select[Any]:
    undo = decisions.alias("taken_back")
    return select(decisions, undo.c.id.label("undone_by")).outerjoin(undo, undo.c.undoes == decisions.c.id)


def _row(new: NewDecision, effects: dict[str, Any], who: str | None) -> dict[str, Any]:
    return {
        "scope": new.scope,
        "kind": new.kind,
        "name": new.name,
        "entry": new.entry,
        "base_hash": new.base_hash,
        "content": new.content,
        "effects": effects,
        "person": who,
        "at": new.at,
        "undoes": new.undoes if new.kind == "undo" else None,
    }


def _decision(row: RowMapping) -> Decision:
    effects = row["effects"]
    return Decision(
        id=row["id"],
        scope=row["scope"],
        kind=row["kind"],
        name=row["name"],
        entry=row["entry"],
        base_hash=row["base_hash"],
        content=row["content"],
        person=row["person"],
        at=row["at"],
        undoes=row["undoes"],
        part=effects.get("part"),
        also=tuple(effects.get("also", ())),
        undone_by=row["undone_by"],
    )
