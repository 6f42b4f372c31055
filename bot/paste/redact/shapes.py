"""Tokens that show by their own shape which vendor made them: the search, in one pass over a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.paste.redact.marks import HOLE
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_opaque
from bot.paste.redact.vendors import INNER_SHAPES, SHAPES, Shape

_SURE = 4  # characters from which a prefix that ends in punctuation is taken even inside a word
_FILLER = re.compile(r"(.)\1{7,}|[xX]{5,}|(?i:your|example|placeholder|insert|token_?here|key_?here|replace)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def _trie(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of the words: tried letter by letter, not word by word."""
    heads: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            heads.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    if not heads:
        return ""
    branches = [re.escape(head) + _trie(tails) for head, tails in sorted(heads.items())]
    pattern = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return pattern + ("?" if ends else "")


_PREFIX = re.compile(_trie({prefix for shape in SHAPES for prefix in shape.prefixes}))
_BODIES: dict[str, list[tuple[Shape, re.Pattern[str]]]] = {}
for _shape in SHAPES:
    for _prefix in _shape.prefixes:
        _BODIES.setdefault(_prefix, []).append((_shape, re.compile(_shape.body)))
# The trie gives the longest prefix; where its bodies do not fit, a shorter one may: sk-, not sk-proj-.
_SHORTER = {
    prefix: [other for other in sorted(_BODIES, key=len, reverse=True) if prefix.startswith(other)]
    for prefix in _BODIES
}
# No shape is found in a word shorter than this; most words of a text are.
_LONG = re.compile(r"[^\s\"'<>(){}\[\],;`\\]{16,}")
_INNER = re.compile("|".join(f"(?P<s{number}>{pattern})" for number, (_, _, pattern) in enumerate(INNER_SHAPES)))
_INNER_HINT = re.compile(
    r"Q~|JQQJ99|AZDO|[.:|]|-us\d|%7C|NRAL|_mmk|\+A|AzCa|AzSe|AzFu|ACDb|sdk-|mob-|-[0-9a-f]{8}-|M[IHCF]"
)


def find_tokens(text: str) -> list[Span]:
    """Return the vendors' tokens in `text`. Linear: each long word is passed over twice, each body is bounded."""
    found: list[Span] = []
    for word in _LONG.finditer(text):
        at, end = word.span()
        _prefixed(text, at, end, found)
        if _INNER_HINT.search(text, at, end):
            for match in _INNER.finditer(text, at, end):
                kind, vendor, _ = INNER_SHAPES[int((match.lastgroup or "s0")[1:])]
                if _is_real(match[0], match[0]) or kind == "password-hash":
                    found.append(Span(*match.span(), kind, Rank.SHAPE, vendor))
    return found


def _prefixed(text: str, at: int, end: int, found: list[Span]) -> None:
    while prefix := _PREFIX.search(text, at, end):
        start = prefix.start()
        at = start + 1
        for shorter in _SHORTER[prefix[0]]:
            if not _starts_word(text, start, shorter):
                continue
            span = _token_at(text, start, shorter)
            if span:
                found.append(span)
                at = span.end
                break


def _token_at(text: str, start: int, prefix: str) -> Span | None:
    for shape, body in _BODIES[prefix]:
        match = body.match(text, start + len(prefix))
        if match and (shape.kind == "password-hash" or _is_real(match[0], text[start : match.end()], prefix)):
            return Span(start, match.end(), shape.kind, Rank.SHAPE, shape.vendor)
    return None


def _starts_word(text: str, start: int, prefix: str) -> bool:
    """Tell whether a token may start here. Percent-codes, escapes and `FOO_` before it are no part of a word."""
    if start == 0 or (len(prefix) >= _SURE and not prefix[-1].isalnum()):
        return True
    before = text[start - 1]
    if not (before.isascii() and before.isalnum()):
        return not (len(prefix) <= 3 and before in "-_./+" and prefix not in {"sk-", "sk_", "SK"})
    return (
        text[start - 3 : start - 2] == "%"
        or text[start - 2 : start - 1] == "\\"
        or text[start - 6 : start - 4] == "\\u"
    )


def _is_real(body: str, token: str, prefix: str = "") -> bool:
    """Tell whether a body is random rather than words, filler or a UUID behind a short prefix."""
    if HOLE in token or _FILLER.search(body):
        return False
    if len(prefix) <= 4 and _UUID.match(body) and prefix not in {"sdk-", "api-", "mob-", "rel-"}:
        return False
    if len(prefix) >= _SURE:
        # The prefix says enough: the body only must not be words.
        return len(set(body)) >= 5 and (any(char.isdigit() for char in body) or is_opaque(body)) and not _words(body)
    return is_opaque(body) and any(char.isdigit() for char in body)


def _words(body: str) -> bool:
    parts = re.split(r"[-_.]", body)
    return len(parts) > 2 and all(
        re.fullmatch(r"[a-z]*|[A-Z]*|\d{1,4}|[a-z]+\d{1,2}", part) and len(part) < 14 for part in parts
    )
