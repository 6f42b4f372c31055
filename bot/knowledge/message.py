"""The syntax of a message template: literal text, {placeholders}, and {{ }} for braces on the wire."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<name>[a-z][a-z0-9_]{0,30})\}|(?P<stray>[{}])")


class Piece(NamedTuple):
    """A literal stretch or, where `placeholder` is true, the name of what may stand there."""

    text: str
    placeholder: bool


def parse_message(message: str) -> list[Piece]:
    """Return the pieces of a template in order. Raises ValueError for a brace that is neither of the two."""
    pieces: list[Piece] = []
    literal = ""
    at = 0
    for token in _TOKEN.finditer(message):
        literal += message[at : token.start()]
        at = token.end()
        if token["stray"]:
            raise ValueError(
                f"the brace at character {token.start() + 1} is neither a {{placeholder}} nor written twice"
            )
        if token["brace"]:
            literal += token["brace"][0]
            continue
        if literal:
            pieces.append(Piece(literal, False))
            literal = ""
        pieces.append(Piece(token["name"], True))
    literal += message[at:]
    return [*pieces, Piece(literal, False)] if literal else pieces
