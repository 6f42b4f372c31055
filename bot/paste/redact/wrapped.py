"""Secrets broken over lines: hard wrapped at a column, quoted with `> `, continued with a backslash."""

from __future__ import annotations

import re

from bot.paste.redact.fields import find_fields
from bot.paste.redact.jwt import find_jwts
from bot.paste.redact.marks import HOLE
from bot.paste.redact.shapes import find_tokens
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.urls import find_url_secrets
from bot.paste.redact.values import is_opaque
from bot.paste.redact.view import View, view_of

# A line end with a word right before it and, after a quote's or a margin's signs, a word right behind it.
_BREAK = re.compile(r"(?<=[!#-&(-;=?-~])(?:[ \t]*\\)?[ \t]*\n(?:[ \t]*[>|][ \t]?)*[ \t]*(?=[!#-&(-;=?-~])")
_CHUNK = re.compile(r"[^\s\"'<>`]+")
_DIGIT = re.compile(r"\d|eyJ")
_MOST_LINES = 400  # of one secret: a key of 4096 bits at 20 characters a line
_LONGEST = 8192
_SHORTEST = 16  # characters on both sides of a break
_SLACK = 8  # columns: the first line of a quoted or indented block may be shorter
_WORDY = re.compile(r"[A-Z]?[a-z]+[.,:;!?)]*\Z|[A-Z]+[.,:;!?)]*\Z|[\d.,:/TZ+-]+\Z|[\w.-]{1,40}[=:(\[].*|at\Z|https?:.*|/.*", re.DOTALL)
_PLAIN = re.compile(r"(?:[A-Z][a-z]{2,}|[a-z]{3,}) ")


def find_wrapped(view: View, known: list[Span]) -> list[Span]:
    """Return the secrets that go over a line end. `known` are those found within lines.

    The words on both sides of each break are looked at as one word. What ends at the break anyway is longer than it
    seemed only where the next line starts with random characters, or where the lines are cut at one column.
    """
    text = view.text
    found: list[Span] = []
    ends = {span.end for span in known}
    done = -1
    for match in _BREAK.finditer(text):
        if match.start() < done or not _may_wrap(text, match):
            continue
        span = _over(text, match, ends)
        if span:
            found.append(span)
            done = span.end
    return found


def _width(text: str, at: int) -> int:
    """Return the length of the line around `at`."""
    end = text.find("\n", at, at + _LONGEST)
    return (end if end != -1 else min(len(text), at + _LONGEST)) - text.rfind("\n", max(0, at - _LONGEST), at) - 1


def _may_wrap(text: str, broken: re.Match[str]) -> bool:
    # Where lines are cut at a column none is longer than the one before; that spares most lines of a log.
    return "\\" in broken[0] or _width(text, broken.end()) <= _width(text, broken.start()) + _SLACK


def _over(text: str, broken: re.Match[str], ends: set[int]) -> Span | None:
    line = text.rfind("\n", max(0, broken.start() - 400), broken.start()) + 1
    line = max(line, broken.start() - 400)
    head = max(line, *(text.rfind(char, line, broken.start()) + 1 for char in " \t\"'`"))
    first = _CHUNK.match(text, broken.end(), broken.end() + 400)
    if first is None or first.end() - broken.end() + broken.start() - head < _SHORTEST or HOLE in text[head : first.end()]:
        return None
    even = _width(text, broken.start()) == _width(text, broken.end())
    if not even and not _DIGIT.search(text, head, first.end()):
        return None
    if broken.start() in ends and not even and _WORDY.match(first[0]):
        return None
    offsets = _glued(text, head, broken)
    joined = "".join(map(text.__getitem__, offsets))
    if not any(char.isdigit() for char in joined) and joined.lower() == joined:
        return None
    cut = broken.start() - head
    found = [*find_jwts(joined), *find_tokens(joined)]
    if not found:
        found = [*find_url_secrets(joined), *find_fields(view_of(joined))]
    for span in found:
        if not span.start < cut < span.end:
            continue
        if span.rank <= Rank.FIELD and not even and (_WORDY.match(first[0]) or not is_opaque(joined[span.start : span.end])):
            continue
        start, end = offsets[span.start], offsets[span.end - 1] + 1
        return Span(start, end, span.kind, span.rank, span.vendor, span.scheme, joined[span.start : span.end])
    return None


def _glued(text: str, start: int, broken: re.Match[str]) -> list[int]:
    """Return the offsets of the word from `start` on, over all breaks that follow with nothing but a word between."""
    offsets = list(range(start, broken.start()))
    width = _width(text, broken.start())
    following: re.Match[str] | None = broken
    for number in range(_MOST_LINES):
        chunk = _CHUNK.match(text, following.end()) if following else None
        if following is None or chunk is None or len(offsets) > _LONGEST:
            break
        if number and _WORDY.match(chunk[0]) and (_width(text, following.start()) != width or _PLAIN.match(text, chunk.start())):
            break
        offsets += range(chunk.start(), chunk.end())
        following = _BREAK.match(text, chunk.end())
    return offsets
