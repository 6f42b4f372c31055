"""Families: which cases of a scope are merged into which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.scopes import Scope
from bot.store.tables import queue


@dataclass(frozen=True)
class Families:
    """The merges of one scope; of all its cases those are few."""

    into: Mapping[str, str]  # case → the case that it is merged into

    def ancestors(self, name: str) -> list[str]:
        """Return the cases that one is merged into, the nearest first."""
        found: list[str] = []
        while (name := self.into.get(name, "")) != "":
            found.append(name)
        return found

    def members(self, name: str) -> list[str]:
        """Return the cases merged into one, also through others, the nearest first."""
        found: list[str] = []
        level = [name]
        while level:
            level = [below for each in level for below in self._below.get(each, ())]
            found += level
        return found

    def has_members(self, name: str) -> bool:
        """Return whether any case is merged into one."""
        return name in self._below

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, above in sorted(self.into.items()):
            found.setdefault(above, []).append(name)
        return found


async def families(db: AsyncConnection, scope: Scope) -> Families:
    """Return the merges of a scope."""
    # Above "", not only not null: by that the database sees that the small index of merged cases has them all.
    query = select(queue.c.name, queue.c.merged_into).where(queue.c.scope == scope, queue.c.merged_into > "")
    return Families({row.name: row.merged_into for row in await db.execute(query)})
