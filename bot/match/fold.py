"""Folding text for comparison: letters and digits only, lower case, and the short grams an index looks up."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress

GRAM = 5  # characters of a gram in scripts with an alphabet; measured against 4 and 6 on mistyped messages
HAN_GRAM = 2  # two Chinese characters are about a word

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\u3040-\u30ff\u3400-\u9fff]+")
_ASCII = "".join(map(chr, range(128)))
_DROPPED = {ord(char): None for char in _ASCII if not char.isalnum()}
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
    low = lower(text)
    # A table makes one pass in C, but only over ASCII.
    return low.translate(_DROPPED) if low.isascii() else _NO_LETTERS.sub("", low)


def offsets(text: str) -> list[int]:
    """Return where each character of `squeeze(text)` stands in `text`."""
    kept = text.encode().translate(_KEPT) if text.isascii() else map(str.isalnum, text)
    return list(compress(range(len(text)), kept))


def grams(squeezed: str) -> list[str]:
    """Return the overlapping grams of a squeezed text, in order, with repeats."""
    found: list[str] = []
    for run in _RUN.findall(squeezed):
        size = HAN_GRAM if run[0] >= "\u3040" and _is_han(run[0]) else GRAM
        if len(run) >= size:
            found += [run[start : start + size] for start in range(len(run) - size + 1)]
    return found


@lru_cache(maxsize=1024)
def _is_han(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff"
