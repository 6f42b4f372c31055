"""Signing in through Discord and out again, and the cookies for it."""

from __future__ import annotations

import contextlib
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.knowledge.models import LANGUAGES
from bot.web.config import Place
from bot.web.guard import form_of
from bot.web.oauth import Discord, DiscordAway, NotAuthorized
from bot.web.sessions import LASTS, SIGN_IN_LASTS, Session, Sessions
from bot.web.visit import LANGUAGE_COOKIE, Problem, local_path

A_YEAR: Final = 31_536_000
RETURN: Final = "/signed-in"


class SigningIn:
    """The way in and out, and whose session a request is of."""

    def __init__(self, place: Place, discord: Discord, sessions: Sessions) -> None:
        self._place = place
        self._discord = discord
        self._sessions = sessions
        # RFC 6265bis 4.1.3.2: such a cookie can't be set by another host, nor over http.
        prefix = "__Host-" if place.secure else ""
        self._session_cookie = f"{prefix}authbot-session"
        self._sign_in_cookie = f"{prefix}authbot-sign-in"

    def routes(self) -> list[Route]:
        return [
            Route("/sign-in", self._leave),
            Route(RETURN, self._come_back),
            Route("/sign-out", self._sign_out, methods=["POST"]),
            Route("/language/{lang}", self._switch),
        ]

    def session(self, request: Request) -> Session | None:
        """Return the session of a request."""
        return self._sessions.of(request.cookies.get(self._session_cookie, ""))

    def forget(self, request: Request) -> None:
        """End the session of a request: Discord does not know it any more."""
        self._sessions.end(request.cookies.get(self._session_cookie, ""))

    async def _leave(self, request: Request) -> Response:
        """Send the browser to Discord, with a state that only this browser can bring back."""
        key, made = self._sessions.begin(local_path(request.query_params.get("to", "/")))
        away = RedirectResponse(self._discord.page(self._return, made.state, made.challenge), 303)
        self._set(away, self._sign_in_cookie, key, SIGN_IN_LASTS)
        return away

    async def _come_back(self, request: Request) -> Response:
        key, asked = request.cookies.get(self._sign_in_cookie, ""), request.query_params
        made = self._sessions.come_back(key, asked.get("state", ""))
        if made is None:
            raise Problem("wrong_state", 400)
        if "code" not in asked:  # RFC 6749 4.1.2.1: access_denied and others
            raise Problem("wrong_denied", 403)
        try:
            token = await self._discord.token(asked["code"], made.verifier, self._return)
            person, name = await self._discord.me(token)
        except NotAuthorized:
            raise Problem("wrong_denied", 403) from None
        self.forget(request)
        back = RedirectResponse(made.to, 303)
        self._set(back, self._session_cookie, self._sessions.start(person, name, token), LASTS)
        self._drop(back, self._sign_in_cookie)
        return back

    async def _sign_out(self, request: Request) -> Response:
        session = self.session(request)
        if session is not None:
            if not session.sent((await form_of(request)).get("csrf", "")):
                raise Problem("wrong_form", 403)
            self.forget(request)
            with contextlib.suppress(DiscordAway, NotAuthorized):
                await self._discord.revoke(session.token)
        back = RedirectResponse("/", 303)
        self._drop(back, self._session_cookie)
        return back

    async def _switch(self, request: Request) -> Response:
        lang = request.path_params["lang"]
        if lang not in LANGUAGES:
            raise Problem("wrong_not_found", 404)
        back = RedirectResponse(local_path(request.query_params.get("to", "/")), 303)
        self._set(back, LANGUAGE_COOKIE, lang, A_YEAR)
        return back

    @property
    def _return(self) -> str:
        return self._place.origin + RETURN

    def _set(self, response: Response, name: str, value: str, seconds: float) -> None:
        response.set_cookie(
            name, value, max_age=int(seconds), path="/", secure=self._place.secure, httponly=True, samesite="lax"
        )

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._place.secure, httponly=True, samesite="lax")
