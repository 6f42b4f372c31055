"""What the reading tests share: a reading of a text, and its facts by kind."""

from __future__ import annotations

from bot.paste.models import FactKind, Reading, Redaction
from bot.paste.read import read

Expected = dict[FactKind, list[str]]


def reading(text: str) -> Reading:
    return read(Redaction(text))


def missing(text: str, expected: Expected) -> dict[str, list[str]]:
    """Return what was expected of a reading and is not there, by kind, beside what is."""
    found = reading(text)
    return {
        kind: [value for value in values if value not in found.values(kind)] + ["not in", *found.values(kind)]
        for kind, values in expected.items()
        if not set(values) <= set(found.values(kind))
    }
