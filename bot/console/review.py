"""`authbot review`: the shared queue and its decisions, with keys, for who keeps the machine."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from rich.console import Console

from bot.console import review_drafts as drafts
from bot.console import review_shown as shown
from bot.console.review_ask import Asking, AtTerminal, Cancelled, FromPipe, sure, text
from bot.curate.desk import Desk
from bot.curate.live import Live
from bot.curate.models import Content, Dismiss, Draft, Merge, NotAnError, Refused, content_of
from bot.curate.opened import Opened
from bot.curate.promote import Promotions
from bot.knowledge.load import Knowledge
from bot.knowledge.search import Catalogue
from bot.store.decisions import Decision, Overtaken
from bot.store.errors import StoreError
from bot.store.models import Case
from bot.store.scopes import SHARED
from bot.store.store import Store
from bot.words import say

KEEPER: Final = 0  # the account of who keeps the machine; Discord gives nobody this number
A_PAGE: Final = 20
STATUSES: Final = ("open", "answered", "dismissed", "not_an_error", "merged", "any")

Fields = drafts.Fields
Ask = Callable[[Asking, Opened, Fields | None, drafts.Known], Awaitable[Fields]]
Make = Callable[[Fields, Catalogue], Content]
FORMS: Final[dict[str, tuple[Ask, Make]]] = {
    "a": (drafts.answer_fields, drafts.answer_content),
    "s": (drafts.same_fields, drafts.same_content),
    "c": (drafts.cause_fields, drafts.cause_content),
}


async def review(knowledge: Knowledge, store: Store) -> None:
    """Show the queue and take decisions until q, or the end of the input. Raises StoreError."""
    live = await Live.opened(knowledge, store)
    following = asyncio.create_task(live.follow())
    asking: Asking = AtTerminal() if sys.stdin.isatty() else FromPipe()
    try:
        await Review(Desk(store, live), asking, Console()).run()
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def print_queue(console: Console, store: Store, limit: int) -> None:
    """Print the open cases of the shared queue, one JSON object a line. Raises StoreError."""
    for case in await store.queue.top(SHARED, limit=limit):
        row = {name: _json(value) for name, value in dataclasses.asdict(case).items()}
        console.out(json.dumps(row, ensure_ascii=False), highlight=False)


class Review:
    """One sitting. What was typed into a form is kept until its decision is made."""

    def __init__(self, desk: Desk, asking: Asking, console: Console) -> None:
        self._desk = desk
        self._asking = asking
        self._console = console
        self._promotions = Promotions(desk)
        self._cases: list[Case] = []
        self._here = 0
        self._filters: dict[str, str | None] = {"status": None, "provider": None, "language": None, "search": None}
        self._typed: dict[tuple[str, str], Fields] = {}
        self._opened: Opened | None = None

    async def run(self) -> None:
        """Take keys until q or the end of the input."""
        await self._load()
        self._list()
        await self._show()
        self._console.print("? lists the keys")
        with contextlib.suppress(EOFError):
            while (key := await self._asking.key("".join(shown.KEYS))) != "q":
                await self._do(key)

    async def _do(self, key: str) -> None:
        actions: dict[str, Callable[[], Awaitable[None]]] = {
            "n": self._next,
            "p": self._previous,
            "l": self._again,
            "x": self._not_an_error,
            "d": lambda: self._decide(Dismiss()),
            "m": self._merge,
            "t": self._split,
            "/": self._search,
            "f": self._filter,
            "h": self._history,
            "u": self._undo,
            "e": self._wrong,
            "o": self._offers,
        }
        try:
            if key in FORMS:
                await self._form(key)
            elif key in actions:
                await actions[key]()
            elif key == "?":
                shown.help_shown(self._console)
            elif key:
                self._console.print("? lists the keys")
        except Cancelled:
            self._console.print("Left as it was.")
        except Overtaken as error:
            what = shown.did(error.other) if error.other else "?"
            await self._refresh()
            message = say("review.overtaken_by", "en", who=self._who(error.other), what=what) if error.other else ""
            shown.problem_shown(self._console, message or say("review.overtaken", "en"))
        except Refused as error:
            shown.problem_shown(self._console, error.sentence("en"))
        except StoreError as error:
            shown.problem_shown(self._console, str(error))

    # Looking.

    async def _load(self, name: str | None = None) -> None:
        """Read the first page anew, and stay at a case by its name, or else at its place."""
        self._cases = await self._page(None)
        places = [number for number, case in enumerate(self._cases) if case.name == name]
        self._here = places[0] if places else min(self._here, max(len(self._cases) - 1, 0))

    async def _page(self, after: str | None) -> list[Case]:
        given = dict(self._filters)
        status = given.pop("status") or "open"
        return await self._desk.queue(
            SHARED, status=None if status == "any" else status, limit=A_PAGE, after=after, **given
        )

    def _list(self) -> None:
        shown.queue_shown(self._console, self._cases, self._here, self._filters)

    async def _show(self) -> None:
        self._opened = None
        if self._cases:
            self._opened = await self._desk.open(SHARED, self._cases[self._here].name)
            shown.case_shown(self._console, self._opened)

    async def _refresh(self) -> None:
        """Show the open case as it stands now."""
        if self._opened is not None:
            self._opened = await self._desk.open(SHARED, self._opened.case.name)
            shown.case_shown(self._console, self._opened)

    async def _again(self) -> None:
        await self._load(self._opened.case.name if self._opened else None)
        self._list()

    async def _next(self) -> None:
        if self._here + 1 >= len(self._cases) and self._cases:
            self._cases += await self._page(self._cases[-1].name)
        if self._here + 1 >= len(self._cases):
            self._console.print(say("review.last" if self._cases else "review.empty", "en"))
            return
        self._here += 1
        await self._show()

    async def _previous(self) -> None:
        if self._here == 0:
            self._console.print("This is the first one." if self._cases else say("review.empty", "en"))
            return
        self._here -= 1
        await self._show()

    async def _search(self) -> None:
        self._filters["search"] = await text(self._asking, "Search") or None
        await self._from_the_top()

    async def _filter(self) -> None:
        named = await text(self._asking, "Provider", self._filters["provider"] or "")
        known = self._catalogue().provider(named) if named else None
        language = await text(self._asking, "Language (en, zh, …)", self._filters["language"] or "")
        status = await text(self._asking, f"Status ({', '.join(STATUSES)})", self._filters["status"] or "open")
        if status and status not in STATUSES:
            shown.problem_shown(self._console, f"There is no status {status}: it is one of {', '.join(STATUSES)}.")
            return
        self._filters |= {"provider": known.id if known else named or None, "language": language or None}
        self._filters["status"] = None if status in ("", "open") else status
        await self._from_the_top()

    async def _from_the_top(self) -> None:
        self._here = 0
        await self._load()
        self._list()
        await self._show()

    async def _history(self) -> None:
        shown.history_shown(self._console, await self._desk.history(SHARED), self._who)

    async def _wrong(self) -> None:
        failing, looks = await self._desk.failing(SHARED), self._desk.looks(SHARED)
        shown.failing_shown(self._console, failing, looks, self._desk.stale(SHARED))

    # Deciding.

    async def _form(self, form: str) -> None:
        """Ask for a decision on the open case, show what it does, and make it once confirmed."""
        opened = self._case()
        ask, make = FORMS[form]
        key = (opened.case.name, form)
        known = drafts.Known.of(self._desk.live.view(SHARED).knowledge)
        fields = self._typed[key] = await ask(self._asking, opened, self._typed.get(key), known)
        if await self._confirmed(make(fields, self._catalogue()), opened.case.name):
            decision = await self._decided(Draft(SHARED, opened.case.name, make(fields, self._catalogue())))
            self._typed.pop(key, None)
            await self._other_language(decision)
            await self._on()

    async def _confirmed(self, content: Content, case: str | None) -> bool:
        """Show what a decision does; return whether it is to be made. What can't be is shown with why."""
        problem, effects = "", None
        try:
            effects = await self._desk.preview(Draft(SHARED, case, content))
            problem = effects.refusal.sentence("en") if effects.refusal else ""
        except Refused as error:
            problem = error.sentence("en")
        shown.draft_shown(self._console, content, effects, problem, case or "")
        if problem:
            self._console.print("What you typed is kept: press the same key to change it.")
            return False
        return await sure(self._asking, "Make this decision")

    async def _other_language(self, first: Decision) -> None:
        """Offer to say it in the other language; it may wait."""
        tag = drafts.missing_language(first)
        if not tag:
            return
        self._console.print(say(f"review.done.other_{tag}", "en"))
        typed: Fields | None = None
        while await sure(self._asking, f"In {drafts.NAMES[tag]} now"):
            try:
                typed = await drafts.other_language_fields(self._asking, first, tag, typed)
                content = drafts.other_language_content(typed, first)
                if await self._confirmed(content, None):
                    shown.decided_shown(
                        self._console, await self._desk.decide(Draft(SHARED, None, content), KEEPER, None)
                    )
                    return
            except Refused as error:
                shown.problem_shown(self._console, error.sentence("en"))

    async def _not_an_error(self) -> None:
        name = self._case().case.name
        if await self._confirmed(NotAnError(), name):
            await self._decide(NotAnError())

    async def _merge(self) -> None:
        opened = self._case()
        others = [case for case in self._cases if case.name != opened.case.name]
        shown.queue_shown(self._console, others, -1, {})
        await self._decide(Merge(into=(await self._asking.line("Name of the case it is the same as"))[:80] or "-"))

    async def _split(self) -> None:
        self._case()
        await self._decide(content_of({"kind": "split", "needle": await drafts.needle_field(self._asking)}))

    async def _decide(self, content: Content) -> None:
        """Make a decision on the open case, and go on to what is next."""
        await self._decided(Draft(SHARED, self._case().case.name, content))
        await self._on()

    async def _decided(self, draft: Draft) -> Decision:
        decision = await self._desk.decide(draft, KEEPER, self._case().case.revision)
        shown.decided_shown(self._console, decision)
        return decision

    async def _on(self) -> None:
        await self._load()
        await self._show()
        if not self._cases:
            self._list()

    async def _undo(self) -> None:
        rows = await self._desk.history(SHARED, limit=5)
        shown.history_shown(self._console, rows, self._who)
        if not rows:
            return
        typed = await self._asking.line("Number of the decision (Enter: your latest)")
        number = _number(typed)
        if typed and number is None:
            shown.problem_shown(self._console, "Type the number that stands behind # in the history.")
            return
        shown.decided_shown(self._console, await self._desk.undo(SHARED, KEEPER, number))
        await self._load()
        await self._show()

    async def _offers(self) -> None:
        """Show what servers offer, and take one over for all."""
        offers = await self._promotions.offers(A_PAGE)
        shown.offers_shown(self._console, offers)
        if not offers:
            return
        number = _number(await self._asking.line("Number to take over for all (Enter: none)"))
        offer = next((each for each in offers if each.decision.id == number), None)
        if offer is None:
            return
        effects = await self._promotions.preview(offer.decision.id)
        problem = effects.refusal.sentence("en") if effects.refusal else ""
        shown.draft_shown(self._console, offer.content, effects, problem, offer.case or "")
        if not problem and await sure(self._asking, "Take it over for all"):
            shown.decided_shown(self._console, await self._promotions.promote(offer.decision.id, KEEPER))
            await self._load()

    def _case(self) -> Opened:
        if self._opened is None:
            raise Refused("no_case")
        return self._opened

    def _catalogue(self) -> Catalogue:
        return Catalogue(self._desk.live.view(SHARED).knowledge)

    def _who(self, decision: Decision) -> str:
        who = self._desk.by(decision, KEEPER)
        if who is None:
            return say("review.you", "en")
        return say("review.maintainer", "en", number=who) if who else say("review.forgotten", "en")


def _number(typed: str) -> int | None:
    digits = typed.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else None


def _json(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
