"""The entries nearest to what had no answer, and why each was not it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.match.decide import ANSWER, decide
from bot.match.index import Index, fold_code
from bot.match.models import Candidate
from bot.paste.models import Reading

MOST: Final = 5
WHOLE_MESSAGE: Final = 36.0  # points from which a sentence was found as it is (60 is the most)
CLOSE: Final = 0.15  # confidence within which two are about as near

Why = Literal[
    "answered",
    "message",
    "message_partly",
    "no_message",
    "code",
    "no_code",
    "other_codes",
    "no_provider",
    "other_provider",
    "status",
    "close",
    "weak",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against an entry; `curate.why.<kind>` with `values` says it."""

    kind: Why
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Near:
    """An entry near a paste. `title` and `provider` are by language."""

    entry: str
    title: Mapping[str, str]
    provider: Mapping[str, str]
    confidence: float
    reasons: tuple[Reason, ...]


def nearest(reading: Reading, index: Index, *, hint: str | None = None) -> list[Near]:
    """Return at most MOST entries, the nearest first, as somebody who asks would be answered."""
    verdict = decide(reading, index, hint=hint)
    return [
        Near(
            found.entry_id,
            found.entry.title,
            found.provider.name,
            found.confidence,
            tuple(why(found, verdict.candidates, answered=verdict.decision == "answer" and found is verdict.best)),
        )
        for found in verdict.candidates[:MOST]
    ]


def why(found: Candidate, others: Sequence[Candidate], *, answered: bool) -> list[Reason]:
    """Return what spoke for an entry and what against it, the weightiest first."""
    if answered:
        return [Reason("answered", {"confidence": f"{found.confidence:.2f}"})]
    reasons = [*_of_codes(found), *_of_messages(found), *_of_provider(found)]
    if any(part.kind == "status" and part.points < 0 for part in found.evidence):
        reasons.append(Reason("status"))
    rival = next(
        (other for other in others if other is not found and abs(other.confidence - found.confidence) <= CLOSE), None
    )
    against = any(reason.kind not in ("message", "code") for reason in reasons)
    if rival is not None and found.confidence >= CLOSE and found.confidence < ANSWER:
        reasons.append(Reason("close", {"entry": rival.entry_id}))
    elif not against:
        reasons.append(Reason("weak"))
    return reasons


def _of_codes(found: Candidate) -> list[Reason]:
    there = {part.value for part in found.evidence if part.kind == "code" and part.points > 0}
    if there:
        spelt = [code for code in (*found.entry.codes, *found.entry.messages) if fold_code(code) in there]
        return [Reason("code", {"codes": ", ".join(dict.fromkeys(spelt))})]
    if any(part.kind == "code" and part.points < 0 for part in found.evidence):
        return [Reason("other_codes")]
    return [Reason("no_code")] if found.entry.codes else []


def _of_messages(found: Candidate) -> list[Reason]:
    points = [part.points for part in found.evidence if part.kind == "message"]
    if not points:
        return [Reason("no_message")] if found.entry.messages else []
    return [Reason("message" if max(points) >= WHOLE_MESSAGE else "message_partly")]


def _of_provider(found: Candidate) -> list[Reason]:
    kinds = {part.kind for part in found.evidence}
    if "rival" in kinds:
        return [Reason("other_provider")]
    if found.entry.needs_provider and "provider" not in kinds:
        return [Reason("no_provider", {"provider": found.provider.name.get("en", found.provider.id)})]
    return []
