"""Which of the words that secrets stand by are in a text: one look at it for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from bot.paste.redact.headers import SCHEMES
from bot.paste.redact.names import RARE
from bot.paste.redact.near import TOPICS
from bot.paste.redact.sessions import HINTS
from bot.paste.redact.shapes import NEEDLES, trie
from bot.paste.redact.tongues import TELLING
from bot.paste.redact.urls import HOSTS

# How many of a thousand characters of logs and error messages each of these is; all others are rare.
_SHARES = {
    **{" ": 100, "e": 87, "t": 61, "r": 54, "o": 53, "a": 50, "i": 49, "s": 47, "n": 43, "c": 33, "d": 27, "l": 24},
    **{"p": 24, "u": 23, ":": 20, '"': 18, "h": 18, ".": 18, "m": 16, "/": 13, "g": 13, "f": 11, "-": 10, "b": 9},
    **{"y": 8, "k": 7, "v": 7, "_": 7, "w": 6, "x": 5, "q": 3, "=": 3, "z": 2, "j": 2},
    **dict.fromkeys("0123456789", 15),
}
_RARE = 0.5
_LEAST = 3  # characters of the shortest part of a word that is looked for, where the word is as long
_ALONE = 12  # of a thousand characters: to stop at so many takes as long as to look for one word by itself


class Words:
    """Many words to be looked for in a text at once.

    Of most words the part from a rare character on is looked for, by one regular expression that so stops at few
    places; the word itself only where that is found. For a hundred words that is many times as fast as one by one.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(dict.fromkeys(words))

    def within(self, text: str) -> frozenset[str]:
        """Return those of the words that are in `text`. Linear in its length."""
        pattern, owners, alone = self._search
        parts = {match[0] + match[match.lastindex or 0] for match in pattern.finditer(text)}
        found = [word for part in parts for word in owners[part] if word in text]
        found += [word for word in alone if word in text]
        return frozenset(found)

    @cached_property
    def _search(self) -> tuple[re.Pattern[str], dict[str, list[str]], list[str]]:
        """The regular expression of the parts of words, the words by their parts, and those looked for by themselves.

        Made at first use.
        """
        starts = _starts(self._words)
        parts = {word: next((part for part in _parts(word) if part[0] in starts), "") for word in self._words}
        tails: dict[str, set[str]] = {}
        for part in filter(None, parts.values()):
            tails.setdefault(part[0], set()).add(part[1:])
        owners: dict[str, list[str]] = {}
        branches: list[str] = []
        for start in sorted(tails, key=_share, reverse=True):  # the first is tried first
            shortest = _shortest(tails[start])
            # The rest is only looked at: the next word may start within it.
            branches.append(f"{re.escape(start)}(?=({trie(shortest)}))")
            for tail in shortest:
                owners[start + tail] = [word for word, part in parts.items() if part.startswith(start + tail)]
        alone = [word for word, part in parts.items() if not part]
        return re.compile("|".join(branches) or "(?!)"), owners, alone


def _parts(word: str) -> list[str]:
    """Return the ends of a word that are long enough to be looked for, the longest first."""
    least = min(_LEAST, max(len(word), 2))
    return [word[at:] for at in range(len(word) - least + 1)]


def _share(part: str) -> float:
    return _SHARES.get(part[0], _RARE)


def _starts(words: Iterable[str]) -> set[str]:
    """Return characters, few and rare ones, so that most words have a part that starts with one."""
    starts: set[str] = set()
    left = [chars for word in words if (chars := {part[0] for part in _parts(word)})]
    while left:
        gains = {char: sum(char in chars for chars in left) / _share(char) for char in sorted(set().union(*left))}
        best = max(gains, key=gains.__getitem__)
        if gains[best] * _ALONE < 1:
            break
        starts.add(best)
        left = [chars for chars in left if best not in chars]
    return starts


def _shortest(tails: set[str]) -> set[str]:
    return {tail for tail in tails if not any(tail != other and tail.startswith(other) for other in tails)}


_ALL = (*HINTS, *RARE, *TELLING, *SCHEMES, *HOSTS, *TOPICS, *NEEDLES)
_PLAIN = Words(hint for hint in _ALL if hint.isascii())
_FOREIGN = Words(hint for hint in _ALL if not hint.isascii())


def hints_in(lower: str) -> frozenset[str]:
    """Return the hints, words that secrets stand by, that are in a text in lower case.

    They are those of the functions that take `hints`, each of which looks closer only where one of its own is in it.
    """
    plain = _PLAIN.within(lower)
    return plain if lower.isascii() else plain | _FOREIGN.within(lower)
