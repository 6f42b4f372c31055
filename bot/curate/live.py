"""Live knowledge: the knowledge with the decisions in force, for each server, within a second of the log."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import structlog

from bot.curate.fold import Base, Folded, Folding
from bot.index_kept import index_of
from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry, KnowledgeFile, Provider
from bot.match.index import Index
from bot.store.changes import POLL_SECONDS, changes
from bot.store.decisions import Decision
from bot.store.errors import StoreError
from bot.store.scopes import SHARED, Scope, of_guild
from bot.store.store import Store

log = structlog.get_logger(__name__)

MOST_CACHED: Final = 200  # servers whose entries are kept at hand


Marks = tuple[int, int]  # the newest decisions, for all and of one scope, that something was made of


@dataclass(frozen=True)
class View:
    """What one scope is answered with."""

    base: Knowledge
    folded: Folded
    index: Index
    marks: Marks

    @cached_property
    def knowledge(self) -> Knowledge:
        """The knowledge with the added entries in it, amended ones in their places."""
        return overlaid(self.base, self.folded)


class Live:
    """Keeps what each server is answered with. What it gives is immutable; asking it waits for nothing.

    It may be asked from any thread; `refresh` and `follow` are of the event loop.
    """

    def __init__(self, knowledge: Knowledge, store: Store, index: Index | None = None) -> None:
        """`index` is that of the knowledge, where it is made already. Nothing is read before the first `refresh`."""
        self._store = store
        # What an installation's decisions are called in the knowledge of others; no account has the number 0.
        self.base = Base.of(knowledge, store.decisions.who(0)[:8])
        self._plain = index
        self._indexing = threading.Lock()
        self._log: dict[Scope, list[Decision]] = {}
        self._newest: dict[Scope, int] = {}
        # Both are made anew where their marks are old, so that it does no harm if a slow thread puts back what was.
        self._views: dict[Scope, View] = {}
        self._of_all: tuple[int, Folding] = (-1, Folding(self.base))
        self._turn = asyncio.Lock()

    @classmethod
    async def opened(cls, knowledge: Knowledge, store: Store) -> Self:
        """Return what is live now. Raises StoreError where the log cannot be read."""
        live = cls(knowledge, store)
        await live.refresh()
        return live

    @property
    def plain(self) -> Index:
        """The index of the knowledge without any decision; built when it is first asked for."""
        with self._indexing:
            if self._plain is None:
                self._plain = index_of(self.base.knowledge)
            return self._plain

    @property
    def newest(self) -> int:
        """The id of the newest decision that is in force here."""
        return max(self._newest.values(), default=0)

    async def refresh(self) -> int:
        """Take in the decisions made since; return how many. Raises StoreError where the log cannot be read."""
        async with self._turn:
            fresh = await self._store.decisions.since(self.newest)
            for decision in fresh:
                self._log.setdefault(decision.scope, []).append(decision)
                self._newest[decision.scope] = decision.id
            if any(decision.scope == SHARED for decision in fresh):
                await asyncio.to_thread(self.view, SHARED)  # what every server's view begins with
        return len(fresh)

    async def follow(self) -> None:
        """Keep up with the log until cancelled, whoever writes to it and whatever becomes of the database meanwhile."""
        async with contextlib.aclosing(changes(self._store.database)) as news:
            async for _ in news:
                await self._surely_refreshed()

    async def _surely_refreshed(self) -> None:
        while True:
            try:
                await self.refresh()
                return
            except StoreError as error:
                log.warning("decisions_not_read", reason=str(error))
                await asyncio.sleep(POLL_SECONDS)

    def decisions(self, scope: Scope) -> tuple[Decision, ...]:
        """Return the log as far as it tells on what a scope is answered with, the scope of all included."""
        wider = self._log.get(SHARED, [])
        return tuple(wider) if scope == SHARED else (*wider, *self._log.get(scope, []))

    def of_servers(self) -> list[Decision]:
        """Return the logs of all servers, the undone decisions and the undos included, in no order."""
        return [row for scope, rows in self._log.items() if scope != SHARED for row in rows]

    def view(self, scope: Scope) -> View:
        """Return what a scope is answered with."""
        if scope not in self._log:
            scope = SHARED
        marks = self._newest.get(SHARED, 0), self._newest.get(scope, 0)
        known = self._views.pop(scope, None)
        if known is None or known.marks != marks:
            known = self._view(scope, marks)
        if len(self._views) > MOST_CACHED:
            for oldest in [name for name in list(self._views) if name != SHARED][:1]:
                self._views.pop(oldest, None)
        self._views[scope] = known  # the last one now: the first ones were not asked for the longest
        return known

    def _view(self, scope: Scope, marks: Marks) -> View:
        of_all = self._folded_for_all(marks[0])
        if scope == SHARED:
            folded = of_all.folded()
            return View(self.base.knowledge, folded, indexed(self.plain, folded), marks)
        folded = of_all.then(list(self._log[scope])).folded()
        wider = self.view(SHARED)
        known = dict(zip(map(_name, wider.folded.added), wider.folded.added, strict=True))
        new = [pair for pair in folded.added if known.pop(_name(pair), None) is not pair]
        if known or folded.hidden != wider.folded.hidden or len(new) + len(wider.folded.added) != len(folded.added):
            return View(self.base.knowledge, folded, indexed(self.plain, folded), marks)
        # All that is for everybody stands as it is: what it took to index that need not be done again.
        return View(self.base.knowledge, folded, wider.index.with_changes(new) if new else wider.index, marks)

    def _folded_for_all(self, mark: int) -> Folding:
        made_of, folding = self._of_all
        if made_of != mark:
            folding = Folding(self.base).then(list(self._log.get(SHARED, ())))
            self._of_all = mark, folding
        return folding

    def index(self, guild: int | None) -> Index:
        """Return what a server's pastes are matched against; outside servers that of all."""
        return self.view(of_guild(guild)).index

    def knowledge(self, guild: int | None) -> Knowledge:
        """Return the knowledge a server is answered with."""
        return self.view(of_guild(guild)).knowledge

    def not_errors(self, guild: int | None) -> frozenset[str]:
        """Return the cases that a server's maintainers, or those of all, said are no authentication errors."""
        return self.view(of_guild(guild)).folded.not_errors

    def has_not_errors(self, guild: int | None) -> bool:
        """Tell whether a server's maintainers, or those of all, said of any pastes that they are no such errors."""
        return bool(self.not_errors(guild))

    def is_no_error(self, guild: int | None, group: str, lines: Iterable[str]) -> bool:
        """Tell whether a paste of this group, with these lines, is no authentication error for a server."""
        return self.view(of_guild(guild)).folded.is_no_error(group, "\n".join(lines))


def indexed(plain: Index, folded: Folded) -> Index:
    """Return the index of the knowledge with what decisions have made of it."""
    return plain.with_changes(folded.added, folded.hidden) if folded.added else plain


def _name(pair: tuple[Provider, Entry]) -> str:
    return f"{pair[0].id}/{pair[1].id}"


def overlaid(base: Knowledge, folded: Folded) -> Knowledge:
    """Return knowledge in which added entries stand in their provider's file, amended ones in the old one's place."""
    if not folded.added:
        return base
    new: dict[str, dict[str, Entry]] = {}
    providers = {}
    for provider, entry in folded.added:
        new.setdefault(provider.id, {})[entry.id] = entry
        providers[provider.id] = provider
    files: list[KnowledgeFile] = []
    for file in base.files:
        changed = new.pop(file.provider.id, None)
        if changed is None:
            files.append(file)
            continue
        kept = [changed.pop(entry.id, entry) for entry in file.entries]
        files.append(_file(file.provider, (*kept, *changed.values())))
    files += [_file(providers[name], tuple(entries.values())) for name, entries in sorted(new.items())]
    return Knowledge(tuple(files))


def _file(provider: Provider, entries: tuple[Entry, ...]) -> KnowledgeFile:
    # Not checked again: entries of decisions may be in one language only.
    return KnowledgeFile.model_construct(provider=provider, entries=entries)
