"""Measuring answers against labelled pastes: accuracy, precision and calibration."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.match.models import Mode
from bot.paste.models import Paste
from bot.service import Explainer

Outcome = Literal["right", "wrong", "suggested", "missed", "silent", "false reply", "logged"]
BINS = 10


class CaseError(ValueError):
    """A labelled file that cannot be used: `file:line: reason`."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled paste. `providers` are the acceptable ones, best first; none where silence is wanted.

    `must` are regular expressions (ours, from a file of ours) that the English answer has to match.
    """

    id: str
    text: str
    providers: tuple[str, ...]
    must: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    case: Case
    outcome: Outcome
    entry: str | None
    confidence: float
    candidate: bool  # whether the best candidate was of an accepted provider and said what it must


@dataclass(slots=True)
class Report:
    """What `authbot kb eval` prints."""

    results: list[Result] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        return Counter(result.outcome for result in self.results)

    def by_provider(self) -> dict[str, Counter[str]]:
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for result in self.results:
            table[result.case.providers[0] if result.case.providers else "-"][result.outcome] += 1
        return dict(sorted(table.items()))

    def calibration(self) -> list[tuple[float, float, int]]:
        """Return (mean confidence, share that was right, number) of each tenth of confidence that has any."""
        bins: dict[int, list[Result]] = defaultdict(list)
        for result in self.results:
            if result.entry is not None and result.case.providers:
                bins[min(int(result.confidence * BINS), BINS - 1)].append(result)
        return [
            (sum(r.confidence for r in found) / len(found), sum(r.candidate for r in found) / len(found), len(found))
            for _, found in sorted(bins.items())
        ]

    def calibration_error(self) -> float:
        """Return the expected calibration error, 0..1: the mean gap between confidence and what was right."""
        table = self.calibration()
        total = sum(number for _, _, number in table)
        return sum(abs(said - was) * number for said, was, number in table) / total if total else 0.0


def load_cases(paths: Sequence[Path]) -> list[Case]:
    """Return the cases of JSONL files with id, text, providers and optional must. Raises CaseError."""
    cases: list[Case] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(f"{path}:1: cannot be read: {error}") from None
        for number, line in enumerate(lines, start=1):
            if line.strip():
                cases.append(_case(line, f"{path}:{number}"))
    return cases


def _case(line: str, where: str) -> Case:
    try:
        data: dict[str, Any] = json.loads(line)
        must = tuple(data.get("must") or ())
        for pattern in must:
            re.compile(pattern)
        return Case(str(data["id"]), data["text"], tuple(data["providers"]), must)
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise CaseError(f"{where}: not a case with id, text and providers: {error}") from None


def evaluate(cases: Iterable[Case], explainer: Explainer, mode: Mode) -> Report:
    """Return how the explainer fares on labelled cases, answered in English."""
    return Report([_grade(case, explainer, mode) for case in cases])


def _grade(case: Case, explainer: Explainer, mode: Mode) -> Result:
    explained = explainer.judge(Paste(case.text, lang="en"), mode)
    verdict = explained.verdict
    best = verdict.best
    text = explained.answer.text if explained.answer else ""
    accepted = best is not None and best.provider.id in case.providers
    said = verdict.decision != "answer" or all(re.search(p, text, re.IGNORECASE | re.DOTALL) for p in case.must)
    outcome: Outcome
    if not case.providers:
        replied = verdict.decision in ("answer", "suggest")
        outcome = "false reply" if replied else "logged" if verdict.decision == "unmatched" else "silent"
    elif verdict.decision == "answer":
        outcome = "right" if accepted and said else "wrong"
    else:
        outcome = "suggested" if verdict.decision == "suggest" else "missed"
    return Result(case, outcome, best.entry_id if best else None, verdict.confidence, accepted and said)
