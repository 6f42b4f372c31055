"""Endpoints: the method and path that were called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.facts.urls import endpoint_of
from bot.paste.models import Fact

_MOST = 20
_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT"
_REQUEST = re.compile(rf"(?<![A-Za-z])({_METHODS})[\s\"'`:,|]{{1,4}}((?:https?://[^\s\"'`<>/]{{1,250}})?/[^\s\"'`<>|,)]{{0,300}})")
_FOR_URL = re.compile(r"(?:for url|url|endpoint|path|uri|request to)[\"'`]?\s{0,2}[:=]?\s{0,2}[\"'`(]?(https?://[^\s\"'`<>)]{4,400}|/[\w./-]{2,200})", re.IGNORECASE)


def endpoints(text: str) -> Iterator[Fact]:
    """Yield the endpoints of a decoded text, with their methods where these are told, such as `GET /v1/models`."""
    found = 0
    for match in _REQUEST.finditer(text):
        path = endpoint_of(match[2])
        if path:
            yield Fact("endpoint", f"{match[1]} {path}", "request")
            found += 1
        if found >= _MOST:
            return
    for match in _FOR_URL.finditer(text):
        path = endpoint_of(match[1])
        if path and path != "/":
            yield Fact("endpoint", path, "url")
            found += 1
        if found >= _MOST:
            return
