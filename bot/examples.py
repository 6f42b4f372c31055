"""Every example of every entry must come back as its own entry: the promise rustc's error index keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from bot.cores import over_cores
from bot.knowledge.load import Knowledge, compose, line_of
from bot.knowledge.models import KnowledgeFile
from bot.match.decide import decide
from bot.match.index import Index
from bot.match.models import Verdict
from bot.paste.models import Reading
from bot.service import read_paste


class Trial(NamedTuple):
    """One paste that has to behave: an entry's example, or a harmless look-alike of it (`not`)."""

    name: str  # provider/entry
    field: Literal["examples", "not"]
    paste: str


class Outcome(NamedTuple):
    """How a trial came out. `seen` is all of the paste that the matcher can compare."""

    reason: str  # "" where it behaves
    confidence: float  # of the best candidate, 0..1
    seen: str


def trials(files: Sequence[KnowledgeFile]) -> list[Trial]:
    """Return the trials of all entries, in the order of the files."""
    found: list[Trial] = []
    for file in files:
        for entry in file.entries:
            name = f"{file.provider.id}/{entry.id}"
            found += [Trial(name, "examples", paste) for paste in entry.examples]
            found += [Trial(name, "not", paste) for paste in entry.not_]
    return found


def outcomes(wanted: Collection[Trial], files: Sequence[KnowledgeFile]) -> dict[Trial, Outcome]:
    """Return how each of these trials comes out against the knowledge of all files. Uses all cores."""
    if not wanted:
        return {}
    index = Index(Knowledge(tuple(files)))
    each = list(wanted)
    return dict(zip(each, over_cores(lambda trial: _outcome(trial, index), each), strict=True))


def faults(
    sources: Sequence[tuple[Path, str]], files: Sequence[KnowledgeFile], results: Mapping[Trial, Outcome]
) -> list[str]:
    """Return one `file:line: field: reason` for each example or look-alike that does not behave."""
    found: list[str] = []
    for (path, text), file in zip(sources, files, strict=True):
        root = None
        for number, entry in enumerate(file.entries):
            name = f"{file.provider.id}/{entry.id}"
            numbered = [
                *((Trial(name, "examples", paste), at) for at, paste in enumerate(entry.examples)),
                *((Trial(name, "not", paste), at) for at, paste in enumerate(entry.not_)),
            ]
            for trial, at in numbered:
                if reason := results[trial].reason:
                    root = root or compose(text)
                    line = line_of(root, ("entries", number, trial.field, at))
                    found.append(f"{path}:{line}: entries.{number}.{trial.field}.{at}: {reason}")
    return found


def _outcome(trial: Trial, index: Index) -> Outcome:
    reading = read_paste(trial.paste)
    verdict = decide(reading, index, mode="lookup" if trial.field == "examples" else "listen")
    reason = _not_itself(verdict, trial.name) if trial.field == "examples" else _not_silent(verdict)
    return Outcome(reason, verdict.confidence, _seen(reading))


def _not_itself(verdict: Verdict, name: str) -> str:
    best = verdict.best
    if best is None:
        return f"comes back as nothing, not as {name}"
    if best.entry_id != name:
        return f"comes back as {best.entry_id} ({best.confidence:.2f}), not as {name}"
    if verdict.decision != "answer":
        rivals = ", ".join(f"{c.entry_id} {c.confidence:.2f}" for c in verdict.candidates[1:3])
        return f"is only suggested ({best.confidence:.2f}); near it: {rivals or 'nothing'}"
    return ""


def _not_silent(verdict: Verdict) -> str:
    if verdict.decision == "answer" and verdict.best is not None:
        return f"is harmless, but would be answered as {verdict.best.entry_id}"
    return ""


def _seen(reading: Reading) -> str:
    return "\n".join((reading.decoded, *(fact.value for fact in reading.facts)))
