"""The view in which secrets are looked for: NFKC with plain quotes and dashes, and the way back to the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.paste.redact.marks import HOLE, KINDS

# Not user[password]=… of a form, nor [password] => … of a dump.
_MARK = re.compile(r"\[([a-z0-9-]{2,40})\](?![ \t]{0,4}=>|=(?!=)|%3[dD])")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_LOOKALIKES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "\u0130": "I",  # the one letter whose lower case is longer than itself
    HOLE: "\ufffd",
}
_FEW = 24  # different characters up to which replacing one after the other is faster than translating all
_LONGEST_FOLD = 3  # a ligature such as U+FDFA would blow the view up eighteenfold


@dataclass(frozen=True, slots=True)
class View:
    """`text` is what patterns run on, `lower` the same in lower case; both have the same offsets.

    Marks of an earlier redaction are blanked out with `marks.HOLE`, so that no pattern sees into them.
    """

    text: str
    lower: str
    _starts: list[int] | None = None  # offset in the source of each character; None where they are the same

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the source that `text[start:end]` came from."""
        if self._starts is None:
            return start, end
        return self._starts[start], self._starts[end - 1] + 1


@lru_cache(maxsize=16_384)
def _folded(char: str) -> str:
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) <= _LONGEST_FOLD else char


def _blank(match: re.Match[str]) -> str:
    return HOLE * len(match[0]) if match[1] in KINDS else match[0]


def _lowered(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def view_of(text: str) -> View:
    """Return the view of a cleaned text."""
    starts: list[int] | None = None
    folded = text
    if not text.isascii():
        foreign = set("".join(_FOREIGN.findall(text)))
        changes = {char: fold for char in foreign if (fold := _folded(char)) != char}
        if changes:
            if any(len(fold) != 1 for fold in changes.values()):
                lengths = {char: len(fold) for char, fold in changes.items()}
                starts = [at for at, char in enumerate(text) for _ in range(lengths.get(char, 1))]
            if starts is None and len(changes) <= _FEW:
                for char, fold in changes.items():
                    folded = folded.replace(char, fold)
            else:
                folded = text.translate({ord(char): fold for char, fold in changes.items()})
    if "[" in folded and not KINDS.isdisjoint(_MARK.findall(folded)):
        folded = _MARK.sub(_blank, folded)
    return View(folded, _lowered(folded), starts)
