"""URLs: what their queries and fragments say, read with urllib."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from bot.paste.facts import keys
from bot.paste.facts.fields import field, is_read
from bot.paste.models import Fact

_MOST = 30
_MOST_FIELDS = 40
_QUERY = re.compile(r"[?#](?=[\w.%-]{1,60}+=)[^\s\"'<>`\\^{}|，。；）（]{1,4000}+")
_NAME = re.compile(r"[?#&]([^?#&=]*+)=")
_BEFORE = re.compile(r"[^\s\"'<>`\\^{}|，。；）（(]{0,2000}+")  # read backwards


def urls(text: str) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Yield each URL that tells something, with its facts. `text` is not yet percent-decoded.

    `error`, `error_description`, `state` and the like stand in the query or in the fragment (RFC 6749 4.1.2.1,
    4.2.2.1); a query or form body without its URL is read as well.
    """
    if "=" not in text:
        return
    found = 0
    for match in _QUERY.finditer(text):
        query = match[0].rstrip(".,;:!?)]")
        if "&" in query:
            query = query.replace("&amp;", "&")
        if not _may_tell(query):
            continue
        if facts := tuple(fact for part in re.split("[?#]", query) for fact in _of_query(part)):
            before = _BEFORE.match(text[max(0, match.start() - 2000) : match.start()][::-1])
            yield (before[0][::-1] if before else "") + match[0], facts
            found += 1
            if found >= _MOST:
                return
    if "&" in text:
        for token in text.split(None, 4000)[:4000]:
            if "&" in token and "=" in token and "?" not in token and "#" not in token:
                query = token.strip("\"'`").replace("&amp;", "&")[:4000]
                if facts := tuple(
                    fact for fact in _of_query(query) if fact.kind != "message" or "+" in query or "%" in query
                ):
                    yield query, facts


def _may_tell(query: str) -> bool:
    """Tell whether a query has a field that is read, by the fields' names as they stand."""
    names = _NAME.findall(query)
    return any(map(is_read, names)) or not all(map(str.isidentifier, names))


def _of_query(query: str) -> Iterator[Fact]:
    try:
        fields = parse_qsl(query, errors="replace", max_num_fields=_MOST_FIELDS, separator="&")
    except ValueError:  # more fields than anyone writes
        return
    if not fields:
        return
    erring = any(name.lower().startswith("err") for name, _ in fields)
    for name, value in fields:
        plain = keys.plain(name)
        if plain in ("type", "code", "name", "user", "title", "message", "text") and not erring:
            continue
        if plain == "code" and not value.lstrip("-").isdigit():
            continue  # an authorization code, not an error's
        yield from field(name, value, erring)
