"""Pages from templates: every value escaped, words in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment
from starlette.responses import HTMLResponse

from bot.knowledge.models import LANGUAGES, in_language
from bot.site.markup import environment, inline, wire
from bot.store.decisions import Decision
from bot.store.scopes import SHARED
from bot.web import charts
from bot.web.sessions import Admitted, Session
from bot.web.visit import Visit
from bot.web.words import HTML_LANG, words
from bot.words import say

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def page(name: str, visit: Visit, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page of a template, for who asks."""
    lang = visit.lang
    known = {
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "other": next(tag for tag in LANGUAGES if tag != lang),
        "t": words(lang),
        "session": visit.session,
        "place": visit.place,
        "here": visit.here,
        "now": visit.now,
        "say": partial(_say, lang),
        "said": lambda texts: in_language(texts, lang),
        "ago": lambda at: ago(at, visit.now, lang),
        "lasting": lambda hours: lasting(hours, lang),
        "did": lambda decision: did(decision, lang),
        "name_of": lambda place: named(place, lang),
    }
    return HTMLResponse(_environment().get_template(name).render(known | values), status)


def address(place: Admitted, *parts: str, **query: object) -> str:
    """Return the path of a page of a queue."""
    path = "/".join(("/q", quote(place.key, safe=""), *(quote(part, safe="") for part in parts)))
    asked = urlencode({key: value for key, value in query.items() if value})
    return f"{path}?{asked}" if asked else path


def named(place: Admitted, lang: str) -> str:
    """Return what a queue is called."""
    return words(lang)["shared"] if place.scope == SHARED else place.name


def did(decision: Decision, lang: str) -> str:
    """Return what a decision does, in some words."""
    values: Mapping[str, object] = {
        "entry": f"`{decision.entry or '-'}`",
        "into": f"`{decision.content.get('into', '-')}`",
        "part": f"`{decision.part or '-'}`",
        "number": decision.undoes or 0,
    }
    return say(f"review.did.{decision.kind}", lang, **values)


def who(by: Callable[[Decision, int | None], str | None], decision: Decision, session: Session, lang: str) -> str:
    """Return who made a decision, as the viewer is told: you, or six digits that stand for somebody."""
    found = by(decision, session.person)
    if found is None:
        return say("review.you", lang)
    return say("review.maintainer", lang, number=found) if found else say("review.forgotten", lang)


def ago(at: dt.datetime, now: dt.datetime, lang: str) -> str:
    """Return how long something is past, roughly."""
    seconds = max(int((now - at).total_seconds()), 0)
    t = words(lang)
    for unit, name in ((_DAY, "ago_days"), (_HOUR, "ago_hours"), (_MINUTE, "ago_minutes")):
        if seconds >= unit:
            return t[name].format(n=seconds // unit)
    return t["ago_now"]


def lasting(hours: float, lang: str) -> str:
    """Return how long something takes, in hours or from two days on in days."""
    t = words(lang)
    return t["days"].format(n=round(hours / 24, 1)) if hours >= 48 else t["hours"].format(n=round(hours, 1))


def _say(lang: str, key: str, **values: object) -> str:
    return say(key, lang, **values)


@cache
def _environment() -> Environment:
    jinja = environment(__package__)
    jinja.filters |= {"inline": inline, "wire": wire, "host": _host}
    jinja.globals |= {"address": address, "bars": charts.bars, "parts": charts.parts}
    return jinja


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
