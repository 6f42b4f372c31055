"""The ids of buttons, selects and modals: `ab:<verb>:<answer>:<rest>`, all that is needed to know what was pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST_ID: Final = 100  # Discord: custom_id
NOWHERE: Final = 0  # the answer of what has none of its own, such as an entry that was looked up
_KEY: Final = re.compile(r"ab:([a-z0-9-]{1,20}):(\d{1,20})(?::(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Key:
    """What was pressed: the verb, the answer it stood under (its row in the store) and, where it fits, the rest."""

    verb: str
    answer: int
    rest: str = ""


def key(verb: str, answer: int | None, rest: str = "") -> str:
    """Return the id of a button; `rest` (an entry's id mostly) is left out where it doesn't fit: the store knows it."""
    made = f"ab:{verb}:{answer or NOWHERE}"
    return f"{made}:{rest}" if rest and len(made) + 1 + len(rest) <= MOST_ID else made


def read_key(custom_id: str) -> Key | None:
    """Return what an id says; None where it isn't one of ours."""
    found = _KEY.fullmatch(custom_id)
    return Key(found[1], int(found[2]), found[3] or "") if found else None
