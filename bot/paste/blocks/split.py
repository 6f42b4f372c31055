"""Splitting: a decoded text into blocks, each of one format."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from bot.paste.blocks.lines import LogLine, block_kind, kind_of, log_line
from bot.paste.blocks.structures import Structure
from bot.paste.decode import percent, resolve
from bot.paste.facts import keys
from bot.paste.facts.shapes import roots_in
from bot.paste.models import Block, BlockKind

_MOST_LINES = 3000
_CODE_LANGUAGES = frozenset(
    "python py js javascript ts typescript tsx jsx java kotlin kt go golang rust rs php ruby rb csharp "
    "cs c# c cpp c++ swift scala sh "
    "bash zsh shell powershell ps1 sql hcl tf dockerfile dart elixir lua perl r vb".split()
)
_KEY = re.compile(
    r"[ \t]*[\"'`*-]{0,3}\s?(?P<key>[A-Za-z_][A-Za-z0-9_.-]{0,40}+(?:\s[A-Za-z]{1,20}+){0,2}+)[\"'`*]{0,2}\s?"
    r"(?P<sep>[:=])\s*+(?P<value>\S.*)"
)
_LOGGED = frozenset(("log", "said", "prose", "form", "code", "trace"))  # kinds that may hide a logger's line
_CODE_WORD = re.compile(r"(?i)error|exception|denied|unauthori|HTTP/|\b40[137]\b")


class Line:
    """One line of a decoded text: its kind, and what a `key: value` line says."""

    key = ""
    value = ""
    errorish = False  # of a frame never: it tells no error
    log: LogLine | None = None
    dull = False  # tells no error, as `error_lines.telling` finds

    def __init__(self, text: str, kind: str) -> None:
        self.text = text
        self.kind = kind  # a block kind, or `frame`, `trace`, `said` (blocks.lines)


def lines_of(text: str, fenced: Sequence[tuple[str, str]]) -> list[Line]:
    """Return the lines of a decoded text with their kinds. In a fence that names a language they are code."""
    code = {
        line.strip()
        for language, body in fenced
        if language in _CODE_LANGUAGES
        for line in body.split("\n")
        if not _CODE_WORD.search(line)
    }
    texts = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    lines = [Line(line, kind_of(line) if line and not line.isspace() else "") for line in texts]
    roots = roots_in("\n".join([line.text for line in lines if line.kind not in ("", "frame")]))
    before: Line | None = None
    for line in lines:
        if line.kind == "frame":
            if before and before.kind in ("prose", "form") and before.errorish:
                before.kind = "trace"  # what stands right above a stack is what was thrown
        elif line.kind:
            _look_into(line, code, roots)
        before = line
    return lines


def _look_into(line: Line, code: Collection[str], roots: Sequence[str]) -> None:
    """Set what a line says; its kind, told by its beginning so far, may turn out another one."""
    text = line.text
    if line.kind in ("form", "said", "code") and (match := _KEY.match(text)):
        line.key, line.value = match["key"], match["value"].strip()
        if line.kind == "form" and match["sep"] == ":" and not keys.known(line.key):
            line.kind = "prose"
    if code and line.kind in ("form", "said", "prose") and text.strip() in code:
        line.kind = "code"
    if roots:
        line.errorish = any(map(text.lower().__contains__, roots))
    if line.kind in _LOGGED:
        line.log = log_line(text)


def mark_structures(lines: Sequence[Line], text: str, found: Sequence[Structure]) -> None:
    """Make the lines on which objects stand lines of their kind."""
    if not found:
        return
    starts: list[int] = []
    at = 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    for structure in found:
        if structure.depth > 1:
            continue
        start, end = place_of(structure.text, text)
        if start < 0:
            continue
        kind = structure.dialect
        for line, begins in zip(lines, starts, strict=True):
            if begins >= end:
                break
            if begins + len(line.text) <= start or line.kind == "frame":
                continue
            if line.kind in ("code", "form", "") or begins >= start - (60 if line.kind == "prose" else 0):
                line.kind = kind


def place_of(stretch: str, text: str) -> tuple[int, int]:
    """Return where a stretch of the unwrapped text stands in the decoded one, or (-1, -1)."""
    at = text.find(stretch)
    if at < 0:
        stretch = percent(resolve(stretch))
        at = text.find(stretch)
    return (at, at + len(stretch)) if at >= 0 else (-1, -1)


def blocks_of(lines: Sequence[Line], found: Sequence[Structure], urls: Sequence[str]) -> Iterator[Block]:
    """Yield the blocks: runs of lines of one kind, then the objects and URLs that stood inside lines."""
    for kind, run in _runs(lines):
        text = "\n".join(run).strip("\n")
        if kind is not None and text and not text.isspace():
            yield Block(kind, text)
    whole = "\n".join(line.text for line in lines if line.kind in ("json", "python", "form"))
    for structure in found:
        if structure.text not in whole:
            yield Block(structure.dialect, structure.text)
    for url in urls:
        yield Block("url", url)


def _runs(lines: Sequence[Line]) -> list[tuple[BlockKind | None, list[str]]]:
    """Return the runs of lines of one kind; blank lines go with those before them."""
    runs: list[tuple[BlockKind | None, list[str]]] = []
    kind: BlockKind | None = None
    for line in lines:
        this = block_kind(line.kind) if line.kind else kind
        if this != kind or not runs:
            runs.append((this, []))
            kind = this
        runs[-1][1].append(line.text)
    return runs
