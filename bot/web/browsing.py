"""Pages to look at: the queues, one queue, the history, entries that need a look, charts, what servers offer."""

from __future__ import annotations

import datetime as dt
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.curate.check import Effects
from bot.curate.desk import Desk
from bot.curate.models import NotFound, Refused
from bot.curate.promote import Promotions
from bot.store.decisions import Decision
from bot.store.scopes import SHARED
from bot.web.catalogues import Catalogues
from bot.web.charts import WEEKLY_BEYOND, shares, waits
from bot.web.pages import address, page, who
from bot.web.visit import Problem, Reviewing, Visit

A_PAGE: Final = 25  # cases
A_HISTORY: Final = 20  # decisions
MOST_STALE: Final = 50
MOST_FIGURES: Final = 12  # rows of a chart
MOST_TYPED: Final = 200
STATUSES: Final = ("open", "answered", "dismissed", "not_an_error", "merged", "any")
SPANS: Final = (30, 90, 365)  # days of the charts
_A_NUMBER: Final = 2**53


class Browsing:
    """Everything but deciding."""

    def __init__(self, desk: Desk, catalogues: Catalogues) -> None:
        self._desk = desk
        self._catalogues = catalogues
        self._promotions = Promotions(desk)

    async def home(self, visit: Visit) -> Response:
        """What somebody may review; with a single queue that one."""
        if visit.session is None:
            return page("sign_in.html", visit, to="/")
        if len(visit.session.places) == 1:
            return RedirectResponse(address(visit.session.places[0]), 303)
        return page("home.html", visit)

    async def queue(self, asked: Reviewing) -> Response:
        """The cases that wait, those that would help most people first."""
        given = asked.visit.request.query_params
        catalogue = self._catalogues.of(asked.place.scope)
        wanted = {name: given.get(name, "")[:MOST_TYPED].strip() for name in ("q", "provider", "language", "status")}
        wanted["status"] = wanted["status"] if wanted["status"] in STATUSES else STATUSES[0]
        known = catalogue.provider(wanted["provider"]) if wanted["provider"] else None
        found = await self._desk.queue(
            asked.place.scope,
            search=wanted["q"] or None,
            provider=known.id if known else wanted["provider"] or None,
            language=wanted["language"] or None,
            status=None if wanted["status"] == "any" else wanted["status"],
            limit=A_PAGE + 1,
            after=given.get("after", "")[:MOST_TYPED] or None,
        )
        cases = found[:A_PAGE]
        return page(
            "queue.html",
            asked.visit,
            cases=cases,
            wanted=wanted,
            filtered=any(wanted[name] for name in ("q", "provider", "language")) or wanted["status"] != STATUSES[0],
            statuses=STATUSES,
            providers=catalogue.providers("", most=1_000),
            after=cases[-1].name if len(found) > A_PAGE else "",
            paged="after" in given,
            done=await self._done(asked, given.get("done", "")),
        )

    async def history(self, asked: Reviewing) -> Response:
        """What was decided, the newest first."""
        before = _number(asked.visit.request.query_params.get("before", ""))
        found = await self._desk.history(asked.place.scope, A_HISTORY + 1, before)
        rows = [(row, self._who(asked, row)) for row in found[:A_HISTORY]]
        done = await self._done(asked, asked.visit.request.query_params.get("done", ""))
        older = found[A_HISTORY - 1].id if len(found) > A_HISTORY else None
        return page("history.html", asked.visit, rows=rows, older=older, before=before, done=done)

    async def undo(self, asked: Reviewing, form: dict[str, str]) -> Response:
        """Take a decision back."""
        number = _number(form.get("decision", ""))
        if number is None:
            raise Problem("wrong_not_found", 404)
        made = await self._desk.undo(asked.place.scope, asked.session.person, number)
        return RedirectResponse(address(asked.place, "history", done=made.id), 303)

    async def entries(self, asked: Reviewing) -> Response:
        """Entries that go wrong, stale ones, and decisions that wait for a new look."""
        scope = asked.place.scope
        stale = self._desk.stale(scope)
        return page(
            "entries.html",
            asked.visit,
            looks=self._desk.looks(scope),
            failing=await self._desk.failing(scope),
            stale=stale[:MOST_STALE],
            more=max(len(stale) - MOST_STALE, 0),
            titles=self._catalogues.titles(scope),
        )

    async def charts(self, asked: Reviewing) -> Response:
        """What was answered, by whose errors, how it was taken, and how long it took."""
        span = _number(asked.visit.request.query_params.get("days", "")) or SPANS[1]
        span = span if span in SPANS else SPANS[1]
        weekly = span > WEEKLY_BEYOND
        figures = await self._desk.store.queue.figures(asked.place.scope, asked.visit.now - dt.timedelta(days=span))
        return page(
            "charts.html",
            asked.visit,
            span=span,
            spans=SPANS,
            weekly=weekly,
            shares=shares(figures.days, weekly=weekly),
            waits=waits(figures.waits, weekly=weekly),
            top=figures.top,
            providers=figures.providers[:MOST_FIGURES],
            entries=figures.entries[:MOST_FIGURES],
            titles=self._catalogues.titles(asked.place.scope),
        )

    async def offers(self, asked: Reviewing) -> Response:
        """What servers' maintainers have decided and everybody may have."""
        _for_all(asked)
        return page("offers.html", asked.visit, offers=await self._promotions.offers())

    async def offer(self, asked: Reviewing, number: int, problem: str = "") -> Response:
        """One server's decision, and what it would do for all."""
        _for_all(asked)
        offer = next((each for each in await self._promotions.offers() if each.decision.id == number), None)
        if offer is None:
            raise Problem("wrong_not_found", 404)
        effects: Effects | None = None
        try:
            effects = await self._promotions.preview(number)
            problem = problem or (effects.refusal.sentence(asked.visit.lang) if effects.refusal else "")
        except NotFound:
            raise
        except Refused as error:
            problem = error.sentence(asked.visit.lang)
        status = 422 if problem else 200
        return page("offer.html", asked.visit, status, offer=offer, effects=effects, problem=problem)

    async def promote(self, asked: Reviewing, number: int) -> Response:
        """Make a server's decision one for all."""
        _for_all(asked)
        made = await self._promotions.promote(number, asked.session.person)
        return RedirectResponse(address(asked.place, "history", done=made.id), 303)

    def _who(self, asked: Reviewing, decision: Decision) -> str:
        return who(self._desk.by, decision, asked.session, asked.visit.lang)

    async def _done(self, asked: Reviewing, text: str) -> Decision | None:
        """Return the decision that was just made, to be told of; none of another scope."""
        number = _number(text)
        found = await self._desk.store.decisions.get(number) if number is not None else None
        return found if found is not None and found.scope == asked.place.scope else None


def number_in(request: Request) -> int:
    """Return the number in a path. Raises Problem where it is none."""
    number = _number(request.path_params["number"])
    if number is None:
        raise Problem("wrong_not_found", 404)
    return number


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 and int(text) < _A_NUMBER else None


def _for_all(asked: Reviewing) -> None:
    if asked.place.scope != SHARED:
        raise Problem("wrong_not_found", 404)
