"""Folding text for comparison: letters and digits only, lower case, and the short grams an index looks up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, compress

GRAM = 5  # characters of a gram in scripts with an alphabet; measured against 4 and 6 on mistyped messages
HAN_GRAM = 2  # two Chinese characters are about a word

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\u3040-\u30ff\u3400-\u9fff]+")
_LOWERED = bytes(range(256)).lower()
_DROPPED = bytes(code for code in range(128) if not chr(code).isalnum())
_KEPT = bytes(chr(code).isalnum() for code in range(256))  # of ASCII bytes, which are kept
_NO_LETTERS = re.compile(r"[\W_]+")  # what str.isalnum denies, as one scan
TOKEN = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]+")  # Chinese has no word breaks: it is looked up by its pairs


def lower(text: str) -> str:
    """Return `text` in lower case with every character at its old place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def squeeze(text: str) -> str:
    """Return only the letters and digits of `text`, lower case.

    Line breaks in mid-word, quote marks, underscores, punctuation and spacing then cost nothing.
    """
    if text.isascii():  # then one pass over its bytes does it
        return text.encode().translate(_LOWERED, _DROPPED).decode()
    return _NO_LETTERS.sub("", lower(text))


def offsets(text: str) -> list[int]:
    """Return where each character of `squeeze(text)` stands in `text`."""
    kept = text.encode().translate(_KEPT) if text.isascii() else map(str.isalnum, text)
    return list(compress(range(len(text)), kept))


def grams(squeezed: str) -> list[str]:
    """Return the overlapping grams of a squeezed text, in order, with repeats."""
    if squeezed.isascii():
        return list(_of_run(squeezed, GRAM))
    return list(chain.from_iterable([_of_run(run, _size(run[0])) for run in _RUN.findall(squeezed)]))


def _of_run(run: str, size: int) -> Iterator[str]:
    # Joining what zip hands out is cheaper than as many slices.
    return map("".join, zip(*[run[at:] for at in range(size)], strict=False))


@lru_cache(maxsize=1024)
def _size(char: str) -> int:
    """Return how long the grams of a run are that begins with this character."""
    return HAN_GRAM if "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" else GRAM
