"""Redaction: a paste goes in, the same paste without its secrets comes out, with what is known of each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import islice
from typing import Literal

from bot.paste.clean import Cleaned, clean
from bot.paste.models import Redaction, Trait
from bot.paste.redact.calls import find_call_secrets
from bot.paste.redact.commands import find_arguments
from bot.paste.redact.fields import find_fields
from bot.paste.redact.headers import basic_facts, scheme_credentials
from bot.paste.redact.hints import hints_in
from bot.paste.redact.jwt import claims_of, find_jwts
from bot.paste.redact.manifests import find_manifest_secrets
from bot.paste.redact.marks import mark
from bot.paste.redact.near import find_columns, find_near, topics_of
from bot.paste.redact.pem import find_private_keys
from bot.paste.redact.sessions import find_placed
from bot.paste.redact.shapes import find_tokens
from bot.paste.redact.spans import Span, merged
from bot.paste.redact.urls import find_url_secrets
from bot.paste.redact.view import View, view_of
from bot.paste.redact.wrapped import find_wrapped

__all__ = ["LONGEST_PASTE", "redact"]

LONGEST_PASTE = 1_048_576  # characters
_LONGEST_WORD = 512  # characters a cut may take back, so that no half of a secret is left at the end
_ROUNDS = 5
_BUSY = 100_000  # characters from which it is counted how many places there are to look at
_MOST_SPOTS = 30_000
_SPOT = re.compile(
    r"[Kk](?:[Ee][NnYy]|[Ii][Ee])|[Cc](?:[Rr][Ee]|[Oo][Dd][Ee]|[Ss][Rr])|[Pp](?:[Aa][Ss][Ss]|[Ww])|[Uu][Tt][Hh]|[Bb]ea|[Ss]ess|[Ss]ig|://"
)
_MULTILINE = frozenset({"private-key", "saml-response", "saml-request", "saml-assertion", "mnemonic"})


def redact(text: str, limit: int = LONGEST_PASTE) -> Redaction:
    """Return `text` without its secrets: cleaned, marks such as `[github-token]` in their places, a Trait for each.

    Everything else stays as pasted. What lies beyond `limit` characters is cut off and counted. Redacting twice
    changes nothing, and marks give no traits. Never raises; time is linear in the length.
    """
    kept = _within(text, limit)
    cleaned = clean(kept)
    cut = len(text) - len(kept)
    if len(cleaned.text) > _BUSY:
        shortened = _bounded(cleaned)
        cut += len(cleaned.text) - len(shortened.text)
        cleaned = shortened
    traits: list[Trait] = []
    # What is left once a secret is gone may show another: until nothing is found, so that twice is the same as once.
    for _ in range(_ROUNDS):
        view = view_of(cleaned.text)
        spans = merged(_find(view))
        if not spans:
            break
        cleaned = _without(cleaned, view, spans, traits)
    return Redaction(cleaned.text, tuple(traits), cut)


def _within(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept = text[:limit]
    for back in range(1, min(_LONGEST_WORD, limit)):
        if kept[-back].isspace():
            return kept[: 1 - back] if back > 1 else kept
    return kept


def _bounded(cleaned: Cleaned) -> Cleaned:
    """Return the part of a long text that has no more places to look at than time allows."""
    last = next(islice(_SPOT.finditer(cleaned.text), _MOST_SPOTS, None), None)
    if last is None:
        return cleaned
    kept = cleaned.text[: last.start()]
    return Cleaned(kept, cleaned.removed[: bisect_left(cleaned.removed, len(kept))])


def _find(view: View) -> list[Span]:
    text, lower = view.text, view.lower
    hints = hints_in(lower)
    topics = topics_of(lower, hints)
    spans = find_private_keys(text)
    spans += find_jwts(text)
    spans += find_tokens(text, hints)
    spans += find_url_secrets(text, hints)
    spans += find_fields(view, hints)
    spans += scheme_credentials(text, lower, hints)
    spans += find_arguments(text)
    spans += find_placed(text, lower, hints)
    spans += find_call_secrets(text, lower)
    spans += find_manifest_secrets(text)
    spans += find_near(text, topics)
    if "\n" in text:
        spans += find_columns(text, topics)
        spans += find_wrapped(view, spans)
    return spans


def _without(cleaned: Cleaned, view: View, spans: list[Span], traits: list[Trait]) -> Cleaned:
    parts: list[str] = []
    removed: list[int] = []
    at = shift = 0
    for span in spans:
        start, end = view.source(span.start, span.end)
        start = max(start, at)
        traits.append(_trait(cleaned, view, span, start, end))
        stands = mark(span.kind)
        parts += (cleaned.text[at:start], stands)
        removed += [offset + shift for offset in _between(cleaned.removed, at, start)]
        shift += len(stands) - (end - start)
        at = end
    parts.append(cleaned.text[at:])
    removed += [offset + shift for offset in _between(cleaned.removed, at, len(cleaned.text) + 1)]
    return Cleaned("".join(parts), tuple(removed))


def _between(offsets: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
    return offsets[bisect_left(offsets, start) : bisect_left(offsets, end)] if offsets else ()


def _trait(cleaned: Cleaned, view: View, span: Span, start: int, end: int) -> Trait:
    secret = cleaned.text[start:end]
    plain = span.joined or view.text[span.start : span.end]
    decodes = colon = None
    if span.kind == "basic-credentials":
        decodes, colon = basic_facts(plain)
    return Trait(
        kind=span.kind,
        vendor=span.vendor,
        length=len(plain),
        faults=_faults(secret, cleaned.removed, start, end) if span.kind not in _MULTILINE else (),
        scheme=span.scheme,
        basic_decodes=decodes,
        basic_has_colon=colon,
        claims=claims_of(plain) if span.kind == "jwt" else (),
    )


def _faults(
    secret: str, removed: tuple[int, ...], start: int, end: int
) -> tuple[Literal["space", "newline", "quote", "invisible", "non-ascii"], ...]:
    faults: list[Literal["space", "newline", "quote", "invisible", "non-ascii"]] = []
    if " " in secret or "\t" in secret:
        faults.append("space")
    if "\n" in secret:
        faults.append("newline")
    if any(quote in secret for quote in "\"'`\u201c\u201d\u2018\u2019"):
        faults.append("quote")
    if removed and bisect_right(removed, end) > bisect_left(removed, start):
        faults.append("invisible")
    if not secret.isascii():
        faults.append("non-ascii")
    return tuple(faults)
