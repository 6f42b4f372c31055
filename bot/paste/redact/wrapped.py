"""Secrets broken over lines: hard wrapped at a column, quoted with `> `, continued with a backslash."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

from bot.paste.redact.fields import find_fields
from bot.paste.redact.hints import hints_in
from bot.paste.redact.jwt import find_jwts
from bot.paste.redact.marks import HOLE
from bot.paste.redact.names import RARE, STEM
from bot.paste.redact.shapes import NEEDLES, find_tokens, trie
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.tongues import TELLING
from bot.paste.redact.urls import HOSTS, find_url_secrets
from bot.paste.redact.values import is_opaque
from bot.paste.redact.view import View, view_of

_MARGIN = re.compile(r"(?:[ \t]*+[>|])*+[ \t]*+")
_CHUNK = re.compile(r"[^\s\"'<>`]{1,8192}+")
_MARGINS = " \t>|"
_BORDERS = frozenset("\n \t\"'<>`,;")  # what no secret has at a break
_BEFORE = " \n\t\"'`"
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
_NEEDLES = frozenset(NEEDLES)
_TOLD = re.compile(f"{STEM.pattern}|{trie({*RARE, *TELLING, *HOSTS})}")  # what a field or a known host has in it


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
    done = newline = -1
    has_jwt = "eyJ" in text
    for line, following in pairwise(text.split("\n")):
        newline += len(line) + 1
        if newline > done and _may_go_on(line, following, has_jwt=has_jwt) and (broken := _break_at(text, newline)):
            head = _head(text, broken.end)
            if not _may_wrap(broken) and not (has_jwt and text.startswith("eyJ", head)):
                continue
            first = _CHUNK.match(text, broken.start)
            if first and _is_worth(text[head : broken.end], first[0], broken, ends):
                glued = _glued(text, head, broken)
                found += _crossing(glued, even=broken.even)
                done = glued.offset(len(glued.text) - 1)
    return found


def _may_go_on(line: str, following: str, *, has_jwt: bool) -> bool:
    """Tell, by a cheap look, whether a secret may go on in the next line. Of a log few lines pass."""
    if not line or line[-1] in _ENDS or len(line) + len(following) < _SHORTEST:
        return False
    if line[-1] in "\\ \t":
        return True
    if len(following) > len(line) + _SLACK and not has_jwt:
        return False  # where lines are cut at a column none is longer than the one before
    last = len(line) - 1 - max(line.rfind(" "), line.rfind('"'))
    if last + len(following) < _SHORTEST:
        return False
    first = following.lstrip(_MARGINS)
    space = first.find(" ")
    if last + (space if space != -1 else len(first)) < _SHORTEST or _TIME.match(first):
        return False
    if line[-1] not in _CLOSING or len(line) == len(following) or len(line) + len(following) > _LONGEST:
        return True
    # So the lines of most traces end and start; `_is_worth` would say the same.
    chunk = _CHUNK.match(first)
    return chunk is not None and (not _WORDY.match(chunk[0]) or _has_name(line[-last:]))


def _has_name(word: str) -> bool:
    """Tell whether a secret may have started in a word, whatever the word ends in."""
    return "eyJ" in word or STEM.search(word.lower()) is not None


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
    word = text[max(0, end - _LONGEST_HEAD) : end]
    for before in _BEFORE:
        if before in word:
            word = word.rpartition(before)[2]
    return end - len(word)


def _is_worth(before: str, first: str, broken: _Break, ends: set[int]) -> bool:
    """Tell whether the word before a break and the one behind it may be one."""
    if len(before) + len(first) < _SHORTEST or HOLE in before or HOLE in first:
        return False
    if not broken.even:
        if _WORDY.match(first) and (broken.end in ends or not _is_unfinished(before, first)):
            return False
        if not _DIGIT.search(before) and not _DIGIT.search(first):
            return False
    if _TIME.match(first):
        return False  # a log's next line
    name = _FIELD.match(first)
    return not (name and STEM.search(name[0].lower()))  # the next line is a field of its own


def _is_unfinished(before: str, first: str) -> bool:
    """Tell whether a plain word may be the rest of a value: behind a secret's name, or where both make a long one."""
    if before[-1] not in _CLOSING:
        value = before[max(map(before.rfind, _STARTS)) + 1 :]
        if len(value) + len(first) >= _SHORTEST:
            return True
    return _has_name(before)


class _Glued(NamedTuple):
    """A word of several lines in one piece, where it was broken, and where in the text each of its parts starts."""

    text: str
    cuts: list[int]
    starts: list[int]

    def offset(self, index: int) -> int:
        """Return where in the text the character at `index` stands."""
        part = bisect_right(self.cuts, index)
        return self.starts[part] + index - (self.cuts[part - 1] if part else 0)


def _glued(text: str, head: int, broken: _Break) -> _Glued:
    """Return the word that starts at `head`, over all the lines it may go on in."""
    parts = [text[head : broken.end]]
    starts = [head]
    cuts: list[int] = []
    length = broken.end - head
    following: _Break | None = broken
    while following and len(cuts) < _MOST_LINES and length < _LONGEST:
        chunk = _CHUNK.match(text, following.start)
        if chunk is None:
            break
        wordy = bool(cuts) and _WORDY.match(chunk[0])
        if wordy and (following.width != broken.width or _PLAIN.match(text, chunk.start())):
            break
        cuts.append(length)
        parts.append(chunk[0])
        starts.append(chunk.start())
        newline = chunk.end()
        length += newline - chunk.start()
        while text[newline : newline + 1] in {" ", "\t", "\\"}:
            newline += 1
        following = _break_at(text, newline) if text[newline : newline + 1] == "\n" else None
    return _Glued("".join(parts), cuts, starts)


def _crossing(glued: _Glued, *, even: bool) -> list[Span]:
    joined, cuts = glued.text, glued.cuts
    lower = joined.lower()
    if lower == joined and not _DIGIT.search(joined):
        return []
    spans = [*find_jwts(joined), *find_tokens(joined, _NEEDLES)]
    # What a name or a host tells stands behind it, so that only one before the last break matters.
    if not spans and ("@" in joined or not joined.isascii() or _TOLD.search(lower, 0, cuts[-1])):
        hints = hints_in(lower)
        spans = [*find_url_secrets(joined, hints), *find_fields(view_of(joined), hints)]
    found = []
    for span in spans:
        cut = next((cut for cut in cuts if span.start < cut < span.end), None)
        if cut is None:
            continue
        plain = joined[span.start : span.end]
        if span.rank <= Rank.FIELD and not even:
            behind = joined[cut : cuts[cuts.index(cut) + 1] if cut != cuts[-1] else len(joined)]
            if _WORDY.match(behind) or not is_opaque(plain):
                continue
        start, end = glued.offset(span.start), glued.offset(span.end - 1) + 1
        found.append(Span(start, end, span.kind, span.rank, span.vendor, span.scheme, plain))
    return found
