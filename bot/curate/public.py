"""What was pasted, as anybody may read it: every word that is not known to be common is a {name}.

A group's template has no more credentials and personal data than redaction finds, and no ids, hosts and quoted values.
What somebody called a gate, a project or himself can still stand in it. A word that the knowledge uses already, or that
the maintainer wrote into the decision, is nobody's own; the others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.knowledge.models import KnowledgeFile

LEAST: Final = 12  # letters that have to be left, of Chinese 4
UNKNOWN: Final = "{name}"

_RUN: Final = re.compile(r"\{[a-z][a-z0-9_]{0,30}\}|[\w.@+-]+")
_WORD: Final = re.compile(r"[^\W_]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_PLACEHOLDER: Final = re.compile(r"\{[a-z][a-z0-9_]{0,30}\}")
_SHORT_NUMBER: Final = 3  # digits: a status


def words_of(files: Iterable[KnowledgeFile]) -> set[str]:
    """Return all words that examples, messages, codes and titles of the knowledge hold."""
    texts: list[str] = []
    for file in files:
        for entry in file.entries:
            texts += [*entry.messages, *entry.examples, *entry.codes, *entry.not_, *entry.title.values()]
    return words_in(texts)


def words_in(texts: Iterable[str]) -> set[str]:
    """Return the words of texts as `public` compares them; of Chinese each two characters."""
    return {part for text in texts for word in _WORD.findall(text) for part in _parts(word)}


def public(text: str, known: set[str]) -> str:
    """Return a text with {name} for each run of letters, digits, dots and hyphens in which a word is not `known`.

    Two or more next to each other become one. "" where hardly anything is left.
    """

    def shown(found: re.Match[str]) -> str:
        run = found[0]
        if run.startswith("{") or all(_common(word, known) for word in _WORD.findall(run)):
            return run
        end = run[len(run.rstrip(".-+@")) :]
        return UNKNOWN + end

    told = _RUN.sub(shown, text)
    told = re.sub(r"\{name\}(?:[ \t/]{1,3}\{name\})+", UNKNOWN, told)
    left = _PLACEHOLDER.sub("", told)
    letters = sum(char.isalpha() for char in left) + 2 * len(_HAN.findall(left))
    return told if letters >= LEAST else ""


def _common(word: str, known: set[str]) -> bool:
    if word.isdigit() and len(word) <= _SHORT_NUMBER:
        return True
    return all(part in known for part in _parts(word))


def _parts(word: str) -> Iterator[str]:
    folded = word.casefold()
    if _HAN.search(folded) and len(folded) > 1:
        yield from (folded[at : at + 2] for at in range(len(folded) - 1))
    else:
        yield folded
