"""The desk: what every adapter calls for maintainers. Who may use which scope is the adapter's to check before."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.curate.check import Checker, Effects, Queued, may_hold, touch_of
from bot.curate.corpus import Corpus
from bot.curate.failing import WINDOW, Failing, failing
from bot.curate.fold import Folded, Look, fold, in_force
from bot.curate.live import Live, View, indexed
from bot.curate.local import content_hash, slug
from bot.curate.models import (
    AddCause,
    AddEntry,
    AddMessage,
    Draft,
    Merge,
    NotAnError,
    NotFound,
    Refused,
    Teaching,
    as_row,
)
from bot.curate.opened import Opened, opened
from bot.curate.scrub import scrubbed
from bot.knowledge.harmless import harmless
from bot.knowledge.stale import Stale, stale
from bot.store.decisions import CannotDecide, Decision, NewDecision, Overtaken
from bot.store.models import Case
from bot.store.ratings import ratings
from bot.store.scopes import Scope, guild_of
from bot.store.store import Store

MOST_SAMPLES: Final = 20
MOST_QUEUED: Final = 200  # open cases that a decision is tried on, the first of the queue
MOST_TRIED: Final = 40  # of them, those it may be about
TRIED_SAMPLES: Final = 3
MOST_UNDOABLE: Final = 100  # decisions back


def utc_now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


class Desk:
    """The queue and the decisions of scopes. Every case, decision and entry it is asked for has to be of the scope.

    All methods raise NotFound for what the scope does not have, Refused for what can't be done (one sentence in either
    language), and StoreError where the database cannot be used.
    """

    def __init__(
        self,
        store: Store,
        live: Live,
        *,
        corpus: Corpus | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        """`corpus` has to behave after each decision: by default the examples, and the harmless messages that ship."""
        self.store = store
        self.live = live
        self._now = now
        self._corpus = corpus
        self._made: Checker | None = None

    async def queue(self, scope: Scope, **filters: Any) -> list[Case]:
        """Return the cases of a scope, those that would help most people first; filters as Queue.top has them."""
        return await self.store.queue.top(scope, **filters)

    async def open(self, scope: Scope, name: str) -> Opened:
        """Return a case with all that is needed to decide on it."""
        case = await self._case(scope, name)
        samples = await self.store.queue.samples(scope, name, MOST_SAMPLES)
        trend = await self.store.queue.trend(scope, name, self._now())
        members = await self.store.queue.members(scope, name)
        decision = await self._in_scope(scope, case.decided_by) if case.decided_by else None
        view = self.live.view(scope)
        return await asyncio.to_thread(opened, case, samples, trend, members, view.index, decision, self.looks(scope))

    def looks(self, scope: Scope) -> list[Look]:
        """Return the decisions of a scope that wait for a new look, since the knowledge has changed under them."""
        return [look for look in self.live.view(scope).folded.looks if look.decision.scope == scope]

    async def preview(self, draft: Draft) -> Effects:
        """Return what a decision would do. Raises Refused where it says too little or nothing new."""
        return (await self._prepared(draft))[1]

    async def decide(self, draft: Draft, person: int | None, revision: int | None) -> Decision:
        """Make a decision; it is committed, and in force in this process, when this returns.

        `revision` is the case's as the maintainer saw it. Raises Overtaken (with the other decision) where somebody
        has decided on the case since, Refused where an example or a harmless message would change its verdict.
        """
        await self._refuse_overtaken(draft, revision)
        new, effects = await self._prepared(draft)
        if effects.refusal is not None:
            raise effects.refusal
        return await self.add(new, person, revision)

    async def undo(self, scope: Scope, person: int, number: int | None = None) -> Decision:
        """Take back a decision, by default the person's latest one in the scope; return the row that does."""
        if number is None:
            found = await self._latest_of(scope, person)
        else:
            found = await self._in_scope(scope, number)
        return await self.add(NewDecision(scope, "undo", self._now(), name=found.name, undoes=found.id), person, None)

    async def history(self, scope: Scope, limit: int = 20, before: int | None = None) -> list[Decision]:
        """Return the latest decisions of a scope, the newest first; whose they are only as a hash (`by`)."""
        return await self.store.decisions.history(scope, limit, before)

    def by(self, decision: Decision, viewer: int | None) -> str | None:
        """Return who made a decision as six digits of a hash; None for the viewer's own, "" for one forgotten."""
        if viewer is not None and decision.person == self.store.decisions.who(viewer):
            return None
        return (decision.person or "")[:6]

    async def failing(self, scope: Scope) -> list[Failing]:
        """Return the entries whose answers help too seldom, by what people of the scope said."""
        return failing(await ratings(self.store.database, scope, self._now() - 2 * WINDOW), self._now())

    def stale(self, scope: Scope, days: int = 365) -> list[Stale]:
        """Return the entries that were verified long ago, the oldest first."""
        return stale(self.live.view(scope).knowledge.files, today=self._now().date(), days=days)

    async def add(self, new: NewDecision, person: int | None, revision: int | None) -> Decision:
        """Write a decision that was checked, and take it in. Raises Overtaken, and Refused where the log says no."""
        try:
            decision = await self.store.decisions.add(new, person=person, revision=revision)
        except Overtaken:
            raise
        except CannotDecide as error:
            raise Refused("cannot", reason=str(error).rstrip(".")) from error
        await self.live.refresh()
        return decision

    async def checked(self, scope: Scope, content: Teaching, case: Case | None = None) -> tuple[NewDecision, Effects]:
        """Return a decision on entries that is ready to be added, and what it does; nothing is written."""
        view = self.live.view(scope)
        content, entry, base_hash = self._addressed(scope, content, case, view)
        row = Decision(
            id=self.live.newest + 1,
            scope=scope,
            kind=content.kind,
            name=case.name if case else None,
            entry=entry,
            base_hash=base_hash,
            content=as_row(content),
            person=None,
            at=self._now(),
            undoes=None,
        )
        queued = await self._queued(scope, case, content, view)
        effects = await asyncio.to_thread(self._effects, row, content, view, queued)
        also = tuple(name for name in effects.answers if case is None or name != case.name)
        new = NewDecision(scope, content.kind, row.at, row.name, entry, base_hash, content=row.content, also=also)
        return new, effects

    async def _prepared(self, draft: Draft) -> tuple[NewDecision, Effects]:
        scope, content = draft.scope, scrubbed(draft.content)
        guild_of(scope)  # a ValueError for what is no scope
        case = await self._case(scope, draft.case) if draft.case is not None else None
        if isinstance(content, AddEntry | AddMessage | AddCause):
            return await self.checked(scope, content, case)
        if case is None:
            raise Refused("no_case")
        effects = Effects()
        if isinstance(content, NotAnError):
            content, effects = await self._not_an_error(scope, case)
        elif isinstance(content, Merge):
            await self._case(scope, content.into)
        return NewDecision(scope, content.kind, self._now(), case.name, content=as_row(content)), effects

    async def _not_an_error(self, scope: Scope, case: Case) -> tuple[NotAnError, Effects]:
        cases = [case]
        for name in await self.store.queue.members(scope, case.name):
            if member := await self.store.queue.get(scope, name):
                cases.append(member)
        index = self.live.view(scope).index
        contents = [_no_error(each) for each in cases]

        def silenced() -> list[Effects]:
            pairs = zip(cases, contents, strict=True)
            return [self._checker().silenced(content, each.group, index) for each, content in pairs]

        found = await asyncio.to_thread(silenced)
        breaks = tuple(each for effects in found for each in effects.breaks)
        return contents[0], Effects(breaks=breaks, touched=sum(effects.touched for effects in found))

    def _effects(self, row: Decision, content: Teaching, view: View, queued: Sequence[Queued]) -> Effects:
        """Return what a decision on entries does. For a thread: reads and decides up to some hundred pastes."""
        folded = fold(self.live.base, [*self.live.decisions(row.scope), row], row.scope)
        _refuse_idle(row, folded)
        after = indexed(self.live.plain, folded)
        entry = row.entry or ""
        guild = guild_of(row.scope) is not None
        effects = self._checker().taught(content, entry, view.index, after, view.folded, guild=guild)
        held = may_hold(touch_of(content), queued, after)[:MOST_TRIED]
        answers = self._checker().answered(held, entry, after)
        return replace(effects, answers=tuple(answers), own=row.name in answers if row.name else None)

    def _checker(self) -> Checker:
        if self._made is None:
            self._made = Checker(self._corpus or Corpus.of(self.live.base.knowledge, harmless()))
        return self._made

    async def _queued(self, scope: Scope, case: Case | None, content: Teaching, view: View) -> list[Queued]:
        """Return the open cases that a decision may be about, with their latest samples; the case itself first."""
        waiting = await self.store.queue.top(scope, limit=MOST_QUEUED)
        plain = [Queued(each.name, (each.template,)) for each in waiting if case is None or each.name != case.name]
        held = await asyncio.to_thread(may_hold, touch_of(content), plain, view.index)
        found = []
        for each in [*([Queued(case.name, (case.template,))] if case else []), *held[:MOST_TRIED]]:
            samples = await self.store.queue.samples(scope, each.name, TRIED_SAMPLES)
            texts = tuple("\n".join(sample.lines) for sample in samples)
            found.append(Queued(each.name, texts or each.texts))
        return found

    def _addressed(
        self, scope: Scope, content: Teaching, case: Case | None, view: View
    ) -> tuple[Teaching, str, str | None]:
        """Return a decision on entries with its entry's id, and the hash of what it adds to, where that is shipped."""
        if isinstance(content, AddEntry):
            return self._named(scope, content, case, view)
        base = self.live.base.entries.get(content.entry)
        if base is not None:
            name = f"{base[0].id}/{base[1].id}"  # the one it has now
            return content.model_copy(update={"entry": name}), name, content_hash(base[1])
        if not _known(content.entry, view):
            raise NotFound(content.entry)
        return content, content.entry, None

    def _named(self, scope: Scope, content: AddEntry, case: Case | None, view: View) -> tuple[AddEntry, str, None]:
        """Return a new entry with a name that is free, or with that of the entry whose other language it is."""
        provider, name = content.provider, content.id or ""

        def taken(name: str) -> bool:
            return _known(f"{provider}/{name}", view)

        if not self._added_here(scope, f"{provider}/{name}") and (not name or taken(name)):
            name = slug(content, case.name if case else None, taken)
        return content.model_copy(update={"id": name}), f"{provider}/{name}", None

    def _added_here(self, scope: Scope, name: str) -> bool:
        """Tell whether a decision of this very scope has added an entry."""
        rows = in_force(self.live.decisions(scope))
        return any(row.scope == scope and row.kind == "add_entry" and row.entry == name for row in rows)

    async def _refuse_overtaken(self, draft: Draft, revision: int | None) -> None:
        """Say so first: what somebody else has taught meanwhile would be in the way of the same once more."""
        if draft.case is None or revision is None:
            return
        case = await self._case(draft.scope, draft.case)
        if case.revision != revision:
            rows = await self.store.decisions.history(draft.scope, MOST_UNDOABLE)
            about = (row for row in rows if case.name in (row.name, *row.also) or row.id == case.decided_by)
            raise Overtaken(case.name, next(about, None))

    async def _case(self, scope: Scope, name: str) -> Case:
        case = await self.store.queue.get(scope, name)
        if case is None:
            raise NotFound(name)
        return case

    async def _in_scope(self, scope: Scope, number: int) -> Decision:
        decision = await self.store.decisions.get(number)
        if decision is None or decision.scope != scope:
            raise NotFound(str(number))
        return decision

    async def _latest_of(self, scope: Scope, person: int) -> Decision:
        who = self.store.decisions.who(person)
        for decision in await self.store.decisions.history(scope, MOST_UNDOABLE):
            if decision.person == who and decision.kind != "undo" and decision.undone_by is None:
                return decision
        raise Refused("nothing_to_undo")


def _no_error(case: Case) -> NotAnError:
    return NotAnError(template=case.template[:8_000], needle=case.needle)


def _known(name: str, view: View) -> bool:
    return view.knowledge.resolve(name) is not None


def _refuse_idle(row: Decision, folded: Folded) -> None:
    """Raise Refused for a decision that would change nothing."""
    if row.id in folded.retired:
        raise Refused("has_it")
    for look in folded.looks:
        if look.decision.id == row.id:
            raise Refused("look", why=look.why)
