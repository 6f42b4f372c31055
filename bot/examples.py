"""Every example of every entry must come back as its own entry: the promise rustc's error index keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.knowledge.load import Knowledge, compose, line_of
from bot.knowledge.models import KnowledgeFile
from bot.match.decide import decide
from bot.match.index import Index
from bot.service import read_paste


def faults(sources: Sequence[tuple[Path, str]], files: Sequence[KnowledgeFile]) -> Iterator[str]:
    """Yield one `file:line: field: reason` for each example or look-alike that does not behave."""
    index = Index(Knowledge(tuple(files)))
    for (path, text), file in zip(sources, files, strict=True):
        root = None
        for number, entry in enumerate(file.entries):
            name = f"{file.provider.id}/{entry.id}"
            for field, pastes in (("examples", entry.examples), ("not", entry.not_)):
                for at, paste in enumerate(pastes):
                    reason = _example(paste, name, index) if field == "examples" else _look_alike(paste, index)
                    if reason:
                        root = root or compose(text)
                        line = line_of(root, ("entries", number, field, at))
                        yield f"{path}:{line}: entries.{number}.{field}.{at}: {reason}"


def _example(paste: str, name: str, index: Index) -> str | None:
    verdict = decide(read_paste(paste), index)
    best = verdict.best
    if best is None:
        return f"comes back as nothing, not as {name}"
    if best.entry_id != name:
        return f"comes back as {best.entry_id} ({best.confidence:.2f}), not as {name}"
    if verdict.decision != "answer":
        rivals = ", ".join(f"{c.entry_id} {c.confidence:.2f}" for c in verdict.candidates[1:3])
        return f"is only suggested ({best.confidence:.2f}); near it: {rivals or 'nothing'}"
    return None


def _look_alike(paste: str, index: Index) -> str | None:
    verdict = decide(read_paste(paste), index, mode="listen")
    if verdict.decision == "answer" and verdict.best is not None:
        return f"is harmless, but would be answered as {verdict.best.entry_id}"
    return None
