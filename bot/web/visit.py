"""One request of somebody: their session, their language, the queue it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from bot.web.sessions import Admitted, Session
from bot.web.words import chosen

LANGUAGE_COOKIE: Final = "authbot-language"
MOST_PATH: Final = 2_000


class Problem(Exception):
    """Why a page can't be shown; the text is a key of words.yaml, `status` that of HTTP."""

    def __init__(self, key: str, status: int) -> None:
        super().__init__(key)
        self.status = status


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page is made for."""

    request: Request
    lang: str
    now: dt.datetime
    session: Session | None = None
    place: Admitted | None = None

    @property
    def here(self) -> str:
        """The path that was asked for, with its query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A visit of somebody who may review the queue it is about."""

    visit: Visit
    session: Session
    place: Admitted


def visit_of(request: Request, session: Session | None = None, place: Admitted | None = None) -> Visit:
    """Return the visit of a request."""
    lang = chosen(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))
    return Visit(request, lang, dt.datetime.now(dt.UTC), session, place)


def local_path(text: str) -> str:
    """Return a path of these pages; "/" for what may lead elsewhere."""
    text = text[:MOST_PATH]
    odd = "\\" in text or not text.isprintable() or not text.isascii()
    if odd or not text.startswith("/") or text.startswith("//"):
        return "/"
    return text
