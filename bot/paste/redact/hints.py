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

# Characters of logs and prose, rarest first; those that are not here are rarer still.
_RARE_FIRST = 'zqjxvkwbygpfm_~+%*=uhc-/:."dlrnisoate 0123456789'
_LEAST = 3  # characters of the shortest part of a word that is looked for


class Words:
    """Many words to be looked for in a text at once.

    Of each word the part from its rarest character on is looked for, by one regular expression that so stops at few
    places; the word itself only where that is found. For a hundred words that is five times as fast as one by one.
    """

    def __init__(self, words: Iterable[str]) -> None:
        known = dict.fromkeys(words)
        self._short = [word for word in known if len(word) < _LEAST]
        self._long = [word for word in known if len(word) >= _LEAST]

    def within(self, text: str) -> frozenset[str]:
        """Return those of the words that are in `text`. Linear in its length."""
        pattern, owners = self._search
        heads = {text[match.start() : match.start() + _LEAST] for match in pattern.finditer(text)}
        found = [word for head in heads for word in owners[head] if word in text]
        return frozenset(found + [word for word in self._short if word in text])

    @cached_property
    def _search(self) -> tuple[re.Pattern[str], dict[str, list[str]]]:
        """The regular expression of the words' rare parts, and the words by how those start. Made at first use."""
        starts = _starts(self._long)
        owners: dict[str, list[str]] = {}
        tails: dict[str, set[str]] = {}
        for word in self._long:
            part = min((part for part in _parts(word) if part[0] in starts), key=_commonness)
            owners.setdefault(part[:_LEAST], []).append(word)
            tails.setdefault(part[0], set()).add(part[1:])
        # The rest is only looked at: the next word may start within it.
        branches = [f"{re.escape(start)}(?={trie(_shortest(rest))})" for start, rest in tails.items()]
        return re.compile("|".join(branches) or "(?!)"), owners


def _parts(word: str) -> list[str]:
    return [word[at:] for at in range(len(word) - _LEAST + 1)]


def _commonness(part: str) -> int:
    return _RARE_FIRST.find(part[0])


def _starts(words: list[str]) -> list[str]:
    """Return characters, few and rare ones, so that each word has a part that starts with one."""
    starts: list[str] = []
    left = {word: {part[0] for part in _parts(word)} for word in words}
    while left:
        chars = sorted(set().union(*left.values()))
        best = max(chars, key=lambda char: sum(char in mine for mine in left.values()) / (_commonness(char) + 2))
        starts.append(best)
        left = {word: mine for word, mine in left.items() if best not in mine}
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
