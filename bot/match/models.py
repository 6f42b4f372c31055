"""The words of a verdict: Evidence, Candidate, Verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bot.knowledge.models import Entry, Provider

Decision = Literal["answer", "suggest", "unmatched", "silent"]
Mode = Literal["lookup", "listen"]


class Evidence(NamedTuple):
    """One part of a score: what was seen and how many points it gave (or took)."""

    kind: str  # message | code | exception | provider | status | rival | shape
    value: str
    points: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may explain the paste. `captures` are what its placeholders stood for, as (name, value)."""

    provider: Provider
    entry: Entry
    score: float  # points, 0..100
    confidence: float  # 0..1, the share of such answers that are right
    evidence: tuple[Evidence, ...] = ()
    captures: tuple[tuple[str, str], ...] = ()

    @property
    def entry_id(self) -> str:
        """`provider/entry`, the stable name of an entry."""
        return f"{self.provider.id}/{self.entry.id}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the bot makes of a paste. `candidates` is sorted best first; the first is the answer where there is one."""

    decision: Decision
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    about: str | None = None  # the id of the provider that the paste seems to be from, whatever explains it
    why: Callable[[], tuple[str, ...]] = field(default=tuple, compare=False, repr=False)  # the lines of --explain

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None
