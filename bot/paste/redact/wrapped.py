"""Secrets broken over lines: hard wrapped at a column, quoted with `> `, continued with a backslash."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.paste.redact.fields import find_fields
from bot.paste.redact.hints import hints_in
from bot.paste.redact.jwt import find_jwts
from bot.paste.redact.marks import HOLE
from bot.paste.redact.names import STEM
from bot.paste.redact.shapes import find_tokens
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.urls import find_url_secrets
from bot.paste.redact.values import is_opaque
from bot.paste.redact.view import View, view_of

_MARGIN = re.compile(r"(?:[ \t]*+[>|])*+[ \t]*+")
_CHUNK = re.compile(r"[^\s\"'<>`]{1,8192}+")
_MARGINS = frozenset(" \t>|")
_BORDERS = frozenset("\n \t\"'<>`,;")  # what no secret has at a break
_BEFORE = "\n \t\"'`"
_ENDS = frozenset("\"'<>`,;")
_STARTS = "=&?("  # what a value stands behind
_CLOSING = frozenset(")]}")
_DIGIT = re.compile(r"\d|eyJ")
_MOST_LINES = 400  # of one secret: a key of 4096 bits at 20 characters a line
_LONGEST = 8192  # characters of one secret, or of one line
_LONGEST_HEAD = 400  # characters before the first break
_SHORTEST = 16  # characters on both sides of a break
_SLACK = 8  # columns: the first line of a quoted or indented block may be shorter
_WORDY = re.compile(
    r"[A-Z]?[a-z]+[.,:;!?)]*\Z|[A-Z]+[.,:;!?)]*\Z|[\d.,:/TZ+-]+\Z|[\w.-]{1,40}[=:(\[].*|at\Z|https?:.*|/.*", re.DOTALL
)
_TIME = re.compile(r"\[?\d{4}-\d\d-\d\d")
_FIELD = re.compile(r"[A-Za-z_][\w.-]{1,40}[=:]")
_PLAIN = re.compile(r"(?:[A-Z][a-z]{2,}|[a-z]{3,}) ")


class _Break(NamedTuple):
    """A line end between two words: where the first ends, where the second starts, how wide their lines are."""

    end: int
    start: int
    width: int
    next_width: int
    continued: bool  # by a backslash

    @property
    def even(self) -> bool:
        return self.width == self.next_width


def find_wrapped(view: View, known: list[Span]) -> list[Span]:
    """Return the secrets that go over a line end. `known` are those found within lines.

    The words on both sides of a break are looked at as one word, over all breaks that follow with nothing but a word
    between. What ends at a break anyway is longer than it seemed only where the next line starts with random
    characters, or where the lines are cut at one column.
    """
    text = view.text
    found: list[Span] = []
    ends = {span.end for span in known}
    done = -1
    has_jwt = "eyJ" in text
    before, newline = -1, text.find("\n")
    while newline != -1:
        following = text.find("\n", newline + 1)
        end = following if following != -1 else len(text)
        if (
            newline > done
            and end - before > _SHORTEST + 1
            and text[newline - 1] not in _ENDS
            and (has_jwt or end - newline <= newline - before + _SLACK or text[newline - 1] in "\\ \t")
            and (text[newline - 1] in "\\ \t" or _long_enough(text, before, newline, end))
            and (broken := _break_at(text, newline))
            and (_may_wrap(broken) or (has_jwt and text.startswith("eyJ", _head(text, broken.end))))
        ):
            head = _head(text, broken.end)
            first = _CHUNK.match(text, broken.start)
            if first and _is_worth(text, head, broken, first, ends):
                joined, offsets, cuts = _glued(text, head, broken)
                found += _crossing(joined, offsets, cuts, even=broken.even)
                done = offsets[-1]
        before, newline = newline, following
    return found


def _long_enough(text: str, before: int, newline: int, end: int) -> bool:
    """Tell whether the last word of a line and the first of the next, that is no log's, are as long as a secret."""
    last = newline - max(text.rfind(" ", before + 1, newline), text.rfind('"', before + 1, newline), before)
    if last + end - newline <= _SHORTEST:
        return False
    start = _margin_end(text, newline + 1)
    space = text.find(" ", start, end)
    return last + (space if space != -1 else end) - start > _SHORTEST and not _TIME.match(text, start)


def _margin_end(text: str, at: int) -> int:
    """Return where the line that starts at `at` goes on behind its indent and quote marks."""
    if text[at : at + 1] in _MARGINS and (margin := _MARGIN.match(text, at)):
        return margin.end()
    return at


def _break_at(text: str, newline: int) -> _Break | None:
    end = newline
    line = text.rfind("\n", max(0, newline - _LONGEST), newline) + 1
    while end > line and text[end - 1] in " \t":
        end -= 1
    continued = end > line and text[end - 1] == "\\"
    if continued:
        end = line + len(text[line : end - 1].rstrip())
    start = _margin_end(text, newline + 1)
    if end == line or start >= len(text) or text[end - 1] in _BORDERS or text[start] in _BORDERS:
        return None
    following = text.find("\n", start, start + _LONGEST)
    next_end = following if following != -1 else min(len(text), start + _LONGEST)
    return _Break(end, start, newline - line, next_end - newline - 1, continued)


def _may_wrap(broken: _Break) -> bool:
    # Where lines are cut at a column none is longer than the one before; that spares most lines of a log.
    return broken.continued or broken.next_width <= broken.width + _SLACK


def _head(text: str, end: int) -> int:
    """Return where the word that ends at `end` starts."""
    least = max(0, end - _LONGEST_HEAD)
    return least + max(map(text[least:end].rfind, _BEFORE)) + 1


def _is_worth(text: str, head: int, broken: _Break, first: re.Match[str], ends: set[int]) -> bool:
    if broken.end - head + first.end() - broken.start < _SHORTEST or HOLE in text[head : first.end()]:
        return False
    if _TIME.match(first[0]):
        return False  # a log's next line
    name = _FIELD.match(first[0])
    if name and STEM.search(name[0].lower()):
        return False  # the next line is a field of its own
    if not broken.even and not _DIGIT.search(text, head, first.end()):
        return False
    if broken.even or not _WORDY.match(first[0]):
        return True
    if broken.end in ends:
        return False
    # A plain word follows: it may be the rest of a value only behind a secret's name, or where both make a long one.
    before = text[head : broken.end]
    if "eyJ" in before or STEM.search(before.lower()):
        return True
    value = before[max(map(before.rfind, _STARTS)) + 1 :]
    return before[-1] not in _CLOSING and len(value) + first.end() - first.start() >= _SHORTEST


def _glued(text: str, head: int, broken: _Break) -> tuple[str, list[int], list[int]]:
    """Return the word that starts at `head`, the offset of each of its characters, and where in it it was broken."""
    parts = [text[head : broken.end]]
    offsets = list(range(head, broken.end))
    cuts: list[int] = []
    following: _Break | None = broken
    while following and len(cuts) < _MOST_LINES and len(offsets) < _LONGEST:
        chunk = _CHUNK.match(text, following.start)
        if chunk is None:
            break
        wordy = bool(cuts) and _WORDY.match(chunk[0])
        if wordy and (following.width != broken.width or _PLAIN.match(text, chunk.start())):
            break
        cuts.append(len(offsets))
        parts.append(chunk[0])
        offsets += range(chunk.start(), chunk.end())
        newline = chunk.end()
        while text[newline : newline + 1] in {" ", "\t", "\\"}:
            newline += 1
        following = _break_at(text, newline) if text[newline : newline + 1] == "\n" else None
    return "".join(parts), offsets, cuts


def _crossing(joined: str, offsets: list[int], cuts: list[int], *, even: bool) -> list[Span]:
    lower = joined.lower()
    if lower == joined and not _DIGIT.search(joined):
        return []
    hints = hints_in(lower)
    spans = [*find_jwts(joined), *find_tokens(joined, hints)]
    if not spans:
        spans = [*find_url_secrets(joined, hints), *find_fields(view_of(joined), hints)]
    found = []
    for span in spans:
        cut = next((cut for cut in cuts if span.start < cut < span.end), None)
        if cut is None:
            continue
        if span.rank <= Rank.FIELD and not even:
            behind = joined[cut : cuts[cuts.index(cut) + 1] if cut != cuts[-1] else len(joined)]
            if _WORDY.match(behind) or not is_opaque(joined[span.start : span.end]):
                continue
        start, end = offsets[span.start], offsets[span.end - 1] + 1
        found.append(Span(start, end, span.kind, span.rank, span.vendor, span.scheme, joined[span.start : span.end]))
    return found
