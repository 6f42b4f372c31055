"""URLs: what their queries and fragments say, read with urllib."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from bot.paste.facts import keys
from bot.paste.facts.fields import field
from bot.paste.models import Fact

_MOST = 30
_MOST_FIELDS = 40
_URL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{1,20}://|(?<![\w/.])/[\w./%-]{0,200}(?=[?#]))[^\s\"'<>`\\^{}|，。；）（]{1,4000}+")
_QUERY = re.compile(r"(?<![\w?#&=%/.-])[a-z_]{2,40}=[^\s\"'<>`&=]{0,1500}(?:&(?:amp;)?[A-Za-z_.-]{1,60}=[^\s\"'<>`&=]{0,1500}){1,30}+")
_API = re.compile(r"/[\w./{}%:@-]{1,200}")


def urls(text: str) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Yield each URL that tells something, with its facts. `text` is not yet percent-decoded.

    `error`, `error_description`, `state` and the like stand in the query or in the fragment (RFC 6749 4.1.2.1, 4.2.2.1).
    """
    found = 0
    for match in _URL.finditer(text):
        if "=" in match[0] and (facts := tuple(_of_url(match[0].rstrip(".,;:!?)]")))):
            yield match[0], facts
            found += 1
            if found >= _MOST:
                return
    for match in _QUERY.finditer(text):
        if facts := tuple(_of_query(match[0].replace("&amp;", "&"))):
            yield match[0], facts


def _of_url(url: str) -> Iterator[Fact]:
    try:
        parts = urlsplit(url.replace("&amp;", "&"))
    except ValueError:  # a malformed IPv6 address
        return
    for query in (parts.query, parts.fragment.rpartition("?")[2]):
        if "=" in query:
            yield from _of_query(query)


def _of_query(query: str) -> Iterator[Fact]:
    try:
        fields = parse_qsl(query, errors="replace", max_num_fields=_MOST_FIELDS, separator="&")
    except ValueError:  # more fields than anyone writes
        return
    erring = any(name.lower().startswith("err") for name, _ in fields)
    for name, value in fields:
        plain = keys.plain(name)
        if plain in ("type", "code", "name", "user", "title", "message", "text") and not erring:
            continue
        if plain == "code" and not value.lstrip("-").isdigit():
            continue  # an authorization code, not an error's
        yield from field(name, value, erring)


def endpoint_of(target: str) -> str | None:
    """Return the path of a request's target without its query, or None where it is no path."""
    try:
        path = urlsplit(target).path
    except ValueError:
        return None
    match = _API.match(path)
    return match[0].rstrip(".,") if match else None
