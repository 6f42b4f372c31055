"""Splitting: a decoded text into blocks, each of one format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


@dataclass(slots=True)
class Line:
    """One line of a decoded text: its kind, and what a `key: value` line says."""

    text: str
    kind: str  # a block kind, or `frame`, `trace`, `said` (blocks.lines)
    key: str = ""
    value: str = ""
    errorish: bool = False  # of a frame never: it tells no error
    log: LogLine | None = None


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
    kinds = [kind_of(text_line) if text_line and not text_line.isspace() else "" for text_line in texts]
    told = (text_line for text_line, kind in zip(texts, kinds, strict=True) if kind not in ("", "frame"))
    roots = roots_in("\n".join(told))
    result: list[Line] = []
    for text_line, kind in zip(texts, kinds, strict=True):
        line = Line(text_line, kind)
        if line.kind in ("form", "said", "code") and (match := _KEY.match(text_line)):
            line.key, line.value = match["key"], match["value"].strip()
            if line.kind == "form" and match["sep"] == ":" and not keys.known(line.key):
                line.kind = "prose"
        if code and line.kind in ("form", "said", "prose") and text_line.strip() in code:
            line.kind = "code"
        if line.kind == "frame":
            if result and result[-1].kind in ("prose", "form") and result[-1].errorish:
                result[-1].kind = "trace"  # what stands right above a stack is what was thrown
        elif line.kind:
            line.errorish = any(map(text_line.lower().__contains__, roots))
            if line.kind in _LOGGED:
                line.log = log_line(text_line)
        result.append(line)
    return result


def mark_structures(lines: Sequence[Line], text: str, found: Sequence[Structure]) -> None:
    """Make the lines on which objects stand lines of their kind."""
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
    run: list[str] = []
    kind: BlockKind | None = None
    for line in lines:
        this = block_kind(line.kind) if line.kind else kind
        if this != kind and run:
            yield from _block(kind, run)
            run = []
        kind = this
        run.append(line.text)
    yield from _block(kind, run)
    whole = "\n".join(line.text for line in lines if line.kind in ("json", "python", "form"))
    for structure in found:
        if structure.text not in whole:
            yield Block(structure.dialect, structure.text)
    for url in urls:
        yield Block("url", url)


def _block(kind: BlockKind | None, run: Sequence[str]) -> Iterator[Block]:
    text = "\n".join(run).strip("\n")
    if kind is not None and text.strip():
        yield Block(kind, text)
