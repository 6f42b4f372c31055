"""Full-text search: the words a group is found by, and what a person typed as a query; Chinese by its bigrams."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, Integer, Text, cast, column, func, literal, select, table

from bot.store.tables import groups

MOST_WORDS: Final = 600  # of a group, and of its longest word so many characters:
LONGEST_WORD: Final = 60
MOST_ASKED: Final = 12  # words of a query

# Writing without spaces: Han, kana, Hangul.
_DENSE: Final = "\u3005-\u3007\u3041-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
_RUN: Final = re.compile(rf"[{_DENSE}]+|[^\W_{_DENSE}]+")
_IS_DENSE: Final = re.compile(f"[{_DENSE}]")


@lru_cache(1_024)  # the same groups are seen again and again
def search_words(template: str, provider: str | None) -> str:
    """Return the words that a group is found by, folded, with single spaces between them.

    A stretch of Chinese becomes its overlapping pairs and its last character (令牌无效 → 令牌 牌无 无效 效), so that
    each part of it is the beginning of a word. Bounded: what is beyond MOST_WORDS is not found.
    """
    found: dict[str, None] = {}
    for run in _RUN.findall(_folded(f"{template} {provider or ''}")):
        found.update(dict.fromkeys(_pairs(run, last=True) if _IS_DENSE.match(run) else [run[:LONGEST_WORD]]))
        if len(found) >= MOST_WORDS:
            break
    return " ".join(list(found)[:MOST_WORDS])


def asked_words(typed: str) -> list[str]:
    """Return the words, or beginnings of words, that have to be there for what a person typed; [] for none."""
    found: dict[str, None] = {}
    for run in _RUN.findall(_folded(typed)):
        found.update(dict.fromkeys(_pairs(run, last=False) if _IS_DENSE.match(run) else [run[:LONGEST_WORD]]))
    return list(found)[:MOST_ASKED]


def has_words(words: list[str], dialect: str) -> ColumnElement[bool]:
    """Return the condition on `groups` that each of `words` (asked_words) begins a word of theirs."""
    # Each word stands in quote marks, as a string of FTS5's (https://sqlite.org/fts5.html, 3.1) or a lexeme of
    # PostgreSQL's (textsearch: tsquery), and has none in it: nothing that is typed is syntax.
    if dialect == "sqlite":
        index = table("groups_fts", column("rowid", Integer), column("groups_fts", Text))
        asked = literal(" ".join(f'"{word}"*' for word in words), Text)
        return groups.c.id.in_(select(index.c.rowid).where(index.c.groups_fts.op("MATCH")(asked)))
    asked = literal(" & ".join(f"'{word}':*" for word in words), Text)
    # As the index has it: our words as they are, not through a parser that sees hosts and numbers in them.
    from sqlalchemy.dialects.postgresql import TSQUERY  # who keeps a file loads nothing for a server

    return func.array_to_tsvector(func.string_to_array(groups.c.words, " ")).op("@@")(cast(asked, TSQUERY))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:20_000]).casefold()


def _pairs(run: str, *, last: bool) -> Iterator[str]:
    if len(run) == 1:
        yield run
        return
    for start in range(len(run) - 1):
        yield run[start : start + 2]
    if last:
        yield run[-1]
