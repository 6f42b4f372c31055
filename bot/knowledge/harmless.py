"""Messages that must not be answered when overheard: they are kept beside the knowledge, in harmless/*.jsonl.

One JSON object a line: `id`, `text`, `lang`, `kind`. A row with `answered_by` is no harmless one: it is an error, and
names the entries or providers that may answer it. Files are read in the order of their names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.knowledge.folders import shipped
from bot.knowledge.load import KnowledgeError

FOLDER: Final = "harmless"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `answered_by` is empty for a harmless one."""

    id: str
    text: str
    lang: str
    kind: str
    answered_by: tuple[str, ...] = ()


def harmless(folder: Path | None = None) -> tuple[Message, ...]:
    """Return the messages that must stay without an answer, of the knowledge in `folder` (default: the shipped one).

    A folder without any gives none. Raises KnowledgeError with one `file:line: reason` for each bad line.
    """
    return tuple(row for name in names(folder) for row in messages(name, folder) if not row.answered_by)


def names(folder: Path | None = None) -> list[str]:
    """Return the names of the files, without their ending."""
    return sorted(path.stem for path in ((folder or shipped()) / FOLDER).glob("*.jsonl"))


def messages(name: str, folder: Path | None = None) -> tuple[Message, ...]:
    """Return the messages of one file. Raises KnowledgeError as `harmless` does."""
    path = (folder or shipped()) / FOLDER / f"{name}.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError([f"{path}:1: the file cannot be read: {error}"]) from error
    found: list[Message] = []
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_message(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            faults.append(f"{path}:{number}: is no message: {error}")
    if faults:
        raise KnowledgeError(faults)
    return tuple(found)


def _message(row: dict[str, str | Sequence[str]]) -> Message:
    texts = {name: row[name] for name in ("id", "text", "lang", "kind")}
    wrong = [name for name, value in texts.items() if not isinstance(value, str) or not value]
    if wrong:
        raise ValueError(f"{wrong[0]} has to be a text")
    by = row.get("answered_by", ())
    if isinstance(by, str) or not all(isinstance(name, str) for name in by):
        raise ValueError("answered_by has to be a list of entries or providers")
    return Message(**{name: str(value) for name, value in texts.items()}, answered_by=tuple(by))
