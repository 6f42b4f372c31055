"""Endpoints: the method and path that were called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.paste.models import Fact

_MOST = 20
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT")
_REQUEST = re.compile(
    rf"({'|'.join(_METHODS)})[\s\"'`:,|]{{1,4}}((?:https?://[^\s\"'`<>/]{{1,250}})?/[^\s\"'`<>|,)]{{0,300}})"
)
_BEFORE_URL = ("url", "URL", "endpoint", "request to")
_FOR_URL = re.compile(
    rf"(?:{'|'.join(_BEFORE_URL)})"
    r"[\"'`]?\s{0,2}[:=]?\s{0,2}[\"'`(]?(https?://[^\s\"'`<>)]{4,400})"
)
_PATH = re.compile(r"/[\w./{}%:@-]{1,200}")


def endpoints(text: str) -> Iterator[Fact]:
    """Yield the endpoints of a decoded text, with their methods where these are told, such as `GET /v1/models`."""
    found = 0
    if "/" not in text:
        return
    for match in _REQUEST.finditer(text):
        path = endpoint_of(match[2])
        if path and not text[match.start() - 1 : match.start()].isalnum():
            yield Fact("endpoint", f"{match[1]} {path}", "request")
            found += 1
        if found >= _MOST:
            return
    if "http" in text and any(words in text for words in _BEFORE_URL):
        for match in _FOR_URL.finditer(text):
            path = endpoint_of(match[1])
            if path and path != "/":
                yield Fact("endpoint", path, "url")
                found += 1
            if found >= _MOST:
                return


def endpoint_of(target: str) -> str | None:
    """Return the path of a request's target without its query, or None where it is no path."""
    try:
        path = urlsplit(target).path
    except ValueError:  # a malformed IPv6 address
        return None
    match = _PATH.match(path)
    return match[0].rstrip(".,") if match else None
