"""The lint's own rules of a knowledge file: sizes, placeholders, references, entries nothing separates.

That every example comes back as its own entry needs the matcher, and is checked in bot/examples.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bot.knowledge.load import compose, line_of
from bot.knowledge.message import parse_message
from bot.knowledge.models import Cause, Entry, KnowledgeFile

# Characters. Three causes of these sizes fit into one answer (bot/answer: 1,500 characters).
LONGEST_TITLE, LONGEST_CAUSE, LONGEST_TELL, LONGEST_STEP = 90, 320, 220, 240
LEAST_LITERAL = 6  # letters or digits a message needs beside its placeholders; two Chinese characters count as five
MOST_STEPS = 6

_HAN = re.compile(r"[\u3400-\u9fff]")


def faults(sources: Sequence[tuple[Path, str]], files: Sequence[KnowledgeFile]) -> list[str]:
    """Return one `file:line: field: reason` for each thing to mend, in the order of files and lines."""
    known = {f"{file.provider.id}/{entry.id}" for file in files for entry in file.entries}
    wires: dict[tuple[frozenset[str], frozenset[str]], str] = {}
    found: list[str] = []
    for (path, text), file in zip(sources, files, strict=True):
        root: yaml.Node | None = None
        for number, entry in enumerate(file.entries):
            for where, reason in _entry_faults(file.provider.id, entry, known, wires):
                root = root or compose(text)
                place = ("entries", number, *where)
                found.append(f"{path}:{line_of(root, place)}: {'.'.join(map(str, place))}: {reason}")
    return found


Fault = tuple[tuple[int | str, ...], str]


def _entry_faults(
    provider: str, entry: Entry, known: set[str], wires: dict[tuple[frozenset[str], frozenset[str]], str]
) -> Iterator[Fault]:
    name = f"{provider}/{entry.id}"
    yield from _sizes(entry)
    yield from _messages(entry)
    for number, other in enumerate(entry.confusable):
        if other not in known:
            yield ("confusable", number), f"there is no entry {other}"
        if other == name:
            yield ("confusable", number), "an entry is not confusable with itself"
    wire = (frozenset(map(str.lower, entry.codes)), frozenset(map(str.lower, entry.messages)))
    owner = wires.setdefault(wire, name)
    if owner != name and owner.partition("/")[0] == provider:
        yield ("id",), f"nothing separates it from {owner}: same codes, same messages"


def _sizes(entry: Entry) -> Iterator[Fault]:
    for tag, words in entry.title.items():
        if len(words) > LONGEST_TITLE:
            yield ("title", tag), f"is {len(words)} characters long, {LONGEST_TITLE} at most"
    for number, cause in enumerate(entry.causes):
        for where, reason in _cause_sizes(cause):
            yield ("causes", number, *where), reason


def _cause_sizes(cause: Cause) -> Iterator[Fault]:
    for tag, words in cause.cause.items():
        if len(words) > LONGEST_CAUSE:
            yield ("cause", tag), f"is {len(words)} characters long, {LONGEST_CAUSE} at most"
    for tag, words in (cause.tell or {}).items():
        if len(words) > LONGEST_TELL:
            yield ("tell", tag), f"is {len(words)} characters long, {LONGEST_TELL} at most"
    for tag, steps in cause.fix.items():
        if len(steps) > MOST_STEPS:
            yield ("fix", tag), f"has {len(steps)} steps, {MOST_STEPS} at most"
        for number, step in enumerate(steps):
            if len(step) > LONGEST_STEP:
                yield ("fix", tag, number), f"is {len(step)} characters long, {LONGEST_STEP} at most"


def _messages(entry: Entry) -> Iterator[Fault]:
    for number, message in enumerate(entry.messages):
        literal = "".join(piece.text for piece in parse_message(message) if not piece.placeholder)
        letters = sum(char.isalnum() for char in literal) + 2 * len(_HAN.findall(literal))
        if letters < LEAST_LITERAL:
            yield ("messages", number), "says almost nothing beside its placeholders"
