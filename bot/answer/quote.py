"""Quote: the only way a pasted value gets into an answer."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST_QUOTE = 120  # characters


@dataclass(frozen=True, slots=True)
class Quote:
    """A value from a paste, made harmless: one line, no controls, no backticks, always inline code when shown."""

    value: str

    def __str__(self) -> str:
        return f"`{harmless(self.value)}`"


def harmless(value: str) -> str:
    """Return `value` as it may stand between backticks: at most LONGEST_QUOTE characters; never empty."""
    kept = "".join(
        " " if char in "\n\t" else char
        for char in value
        if char != "`" and (char in "\n\t" or unicodedata.category(char)[0] != "C")
    )
    flat = " ".join(kept.split())
    if len(flat) > LONGEST_QUOTE:
        flat = flat[: LONGEST_QUOTE - 1] + "…"
    return flat or "?"
