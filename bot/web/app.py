"""The pages put together: which address is which page, who may see it, and one sentence for what can't be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.curate.desk import Desk
from bot.curate.models import NotFound, Refused
from bot.store.errors import StoreError
from bot.web.browsing import Browsing, number_in
from bot.web.catalogues import Catalogues
from bot.web.config import Place
from bot.web.deciding import Deciding
from bot.web.guard import Guard, TooMuch, form_of
from bot.web.oauth import Discord, DiscordAway, NotAuthorized
from bot.web.pages import page
from bot.web.rights import Rights
from bot.web.sessions import Sessions
from bot.web.signing_in import SigningIn
from bot.web.visit import Problem, Reviewing, visit_of
from bot.web.words import words

STYLE: Final = files(__package__).joinpath("static", "review.css").read_bytes()
ICON: Final = files(__package__).joinpath("static", "icon.svg").read_bytes()
AN_HOUR: Final = {"Cache-Control": "max-age=3600"}

Seeing = Callable[[Reviewing], Awaitable[Response]]
Sending = Callable[[Reviewing, dict[str, str]], Awaitable[Response]]

log = structlog.get_logger(__name__)


class Pages:
    """All addresses."""

    def __init__(self, desk: Desk, place: Place, discord: Discord, sessions: Sessions, rights: Rights) -> None:
        self._signing_in = SigningIn(place, discord, sessions)
        self._rights = rights
        catalogues = Catalogues(desk.live)
        self._browsing = Browsing(desk, catalogues)
        self._deciding = Deciding(desk, catalogues)

    def routes(self) -> list[Route]:
        look, case = self._browsing, self._case
        return [
            Route("/", self._home),
            *self._signing_in.routes(),
            Route("/static/review.css", _style),
            Route("/static/icon.svg", _icon),
            Route("/q/{key}", self._seeing(look.queue)),
            Route("/q/{key}/case/{name}", self._seeing(case)),
            Route("/q/{key}/case/{name}", self._sending(self._sent), methods=["POST"]),
            Route("/q/{key}/history", self._seeing(look.history)),
            Route("/q/{key}/undo", self._sending(look.undo), methods=["POST"]),
            Route("/q/{key}/entries", self._seeing(look.entries)),
            Route("/q/{key}/charts", self._seeing(look.charts)),
            Route("/q/{key}/offers", self._seeing(look.offers)),
            Route("/q/{key}/offers/{number}", self._seeing(self._offer)),
            Route("/q/{key}/offers/{number}", self._sending(self._promote), methods=["POST"]),
        ]

    async def _home(self, request: Request) -> Response:
        session = self._signing_in.session(request)
        if session is not None:
            try:
                await self._rights.of(session)
            except NotAuthorized:
                self._signing_in.forget(request)
                session = None
        return await self._browsing.home(visit_of(request, session))

    async def _case(self, asked: Reviewing) -> Response:
        return await self._deciding.case(asked, asked.visit.request.path_params["name"])

    async def _sent(self, asked: Reviewing, form: dict[str, str]) -> Response:
        return await self._deciding.sent(asked, asked.visit.request.path_params["name"], form)

    async def _offer(self, asked: Reviewing) -> Response:
        return await self._browsing.offer(asked, number_in(asked.visit.request))

    async def _promote(self, asked: Reviewing, _form: dict[str, str]) -> Response:
        return await self._browsing.promote(asked, number_in(asked.visit.request))

    def _seeing(self, handler: Seeing) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of a page of a queue."""

        async def endpoint(request: Request) -> Response:
            asked = await self._admitted(request)
            return asked if isinstance(asked, Response) else await handler(asked)

        return endpoint

    def _sending(self, handler: Sending) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of a form of a queue: one that this session was given."""

        async def endpoint(request: Request) -> Response:
            asked = await self._admitted(request)
            if isinstance(asked, Response):
                return asked
            form = await form_of(request)
            if not asked.session.sent(form.get("csrf", "")):
                raise Problem("wrong_form", 403)
            return await handler(asked, form)

        return endpoint

    async def _admitted(self, request: Request) -> Reviewing | Response:
        """Return the visit of somebody who may review the queue in the path, or the way to sign in.

        A queue that is not theirs is not there, whether it exists or not.
        """
        session = self._signing_in.session(request)
        if session is None:
            return _sign_in(request)
        try:
            places = await self._rights.of(session)
        except NotAuthorized:
            self._signing_in.forget(request)
            return _sign_in(request)
        place = next((each for each in places if each.key == request.path_params["key"]), None)
        if place is None:
            raise Problem("wrong_not_found", 404)
        return Reviewing(visit_of(request, session, place), session, place)


def application(desk: Desk, place: Place, discord: Discord, sessions: Sessions, named: frozenset[int]) -> ASGIApp:
    """Return the pages. `named` are accounts that review the shared base besides the application's owners."""
    pages = Pages(desk, place, discord, sessions, Rights(discord, desk.store, sessions, named))
    handlers = {
        Problem: _problem,
        Refused: _refused,
        StoreError: _no_store,
        DiscordAway: _no_discord,
        TooMuch: _too_long,
        HTTPException: _http,
        Exception: _broken,
    }
    return Guard(Starlette(routes=pages.routes(), exception_handlers=handlers), place)


def _sign_in(request: Request) -> Response:
    """Return the page that offers to sign in, and lead back to where somebody was going."""
    to = visit_of(request).here if request.method == "GET" else "/"
    return page("sign_in.html", visit_of(request), 401, to=to)


async def _style(_request: Request) -> Response:
    return Response(STYLE, media_type="text/css", headers=AN_HOUR)


async def _icon(_request: Request) -> Response:
    return Response(ICON, media_type="image/svg+xml", headers=AN_HOUR)


def _wrong(request: Request, sentence: str, status: int) -> Response:
    return page("wrong.html", visit_of(request), status, sentence=sentence)


def _said(request: Request, key: str, status: int) -> Response:
    return _wrong(request, words(visit_of(request).lang)[key], status)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 (Starlette's handlers are of Exception)
    return _said(request, str(error), error.status)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 (as above)
    return _wrong(request, error.sentence(visit_of(request).lang), 404 if isinstance(error, NotFound) else 422)


async def _no_store(request: Request, error: Exception) -> Response:
    log.warning("web.no_store", reason=str(error))
    return _said(request, "wrong_store", 503)


async def _no_discord(request: Request, _error: Exception) -> Response:
    return _said(request, "wrong_discord", 503)


async def _too_long(request: Request, _error: Exception) -> Response:
    return _said(request, "wrong_long", 413)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (as above)
    return _said(request, "wrong_method" if error.status_code == 405 else "wrong_not_found", error.status_code)


async def _broken(request: Request, _error: Exception) -> Response:
    return _said(request, "wrong_server", 500)
