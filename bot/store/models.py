"""What goes into the store and what comes out: Place, Sighting, Case, Decision, GroupSummary, GroupDetail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.store.scopes import Scope

Reason = Literal["unmatched", "not_helped", "chose"]
Kind = Literal["add_entry", "add_message", "add_cause", "not_an_error", "dismiss", "merge", "split", "undo"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What like pastes have in common: hex digits, the version of the algorithm, and the text without what varies."""

    fingerprint: str
    version: int
    template: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where and from whom, as Discord's snowflakes. `guild` is None in direct messages, all are None in a terminal."""

    guild: int | None
    channel: int | None
    message: int | None
    person: int | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One paste that had no answer, or not the right one. All texts are redacted already.

    Raises ValueError where `seen_at` has no zone.
    """

    fingerprint: Fingerprint
    lines: tuple[str, ...]  # the error's own lines
    language: str  # BCP 47
    candidates: tuple[tuple[str, float], ...]  # entry id and confidence, best first
    mode: str  # lookup | listen
    seen_at: dt.datetime
    place: Place
    reason: Reason = "unmatched"
    entry: str | None = None  # what was shown and did not help, or was chosen from suggestions
    provider: str | None = None  # a guess; by default that of the best candidate

    def __post_init__(self) -> None:
        if self.seen_at.tzinfo is None:
            raise ValueError("seen_at needs a time zone")


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group of like pastes. `people` counts distinct persons; all who are unknown (a terminal) count as one."""

    name: str
    template: str
    status: str
    sightings: int
    people: int
    first_seen: dt.datetime
    last_seen: dt.datetime
    languages: tuple[str, ...]  # in alphabetical order


@dataclass(frozen=True, slots=True)
class KeptSighting:
    """One sighting as it is shown to a maintainer: nothing in it says who or where."""

    lines: tuple[str, ...]
    language: str
    candidates: tuple[tuple[str, float], ...]
    mode: str
    seen_at: dt.datetime
    reason: Reason = "unmatched"
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class GroupDetail:
    """A group with its latest sightings, the newest first."""

    summary: GroupSummary
    sightings: tuple[KeptSighting, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a queue: a group of like pastes as one scope sees it, several merged, or a part that was split off.

    All numbers are those of the scope, with those of the cases merged into this one.
    """

    scope: Scope
    name: str  # the group's name; of a split part "<group>-<n>"
    group: str  # the group's name, also of a split part
    template: str  # redacted, without what varies
    provider: str | None  # a guess
    languages: tuple[str, ...]  # BCP 47, the most frequent first
    status: str  # open | answered | dismissed | not_an_error | merged
    entry: str | None  # provider/entry that answers it, or did before it was seen again
    people: int  # distinct; all who are unknown (a terminal) count as one
    sightings: int
    first_seen: dt.datetime
    last_seen: dt.datetime
    weight: float  # log2(people) + last_seen in days / 14: the order of the queue
    revision: int  # +1 with every decision on it
    merged_into: str | None  # the case that stands for it
    split_of: str | None  # the case it was split off
    needle: str | None  # of a split part: what its sightings have in their lines, case-folded
    reasons: dict[str, int]  # unmatched | not_helped | chose: how often
    decided_at: dt.datetime | None
    decided_by: int | None  # the decision in force on it


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision that is about to be taken.

    `name` is the case it is about; None where it is about none (a promotion of what has no shared case). `also` are
    further cases of the scope that the same entry answers: those that are open are answered with it.
    Of `content` the store reads `into` (merge: the case that stands for it) and `needle` (split). All texts are
    redacted already.
    """

    scope: Scope
    kind: Kind
    at: dt.datetime  # aware, UTC
    name: str | None = None
    entry: str | None = None  # provider/entry: what it adds or adds to
    base_hash: str | None = None  # of the base's entry, where it adds to one
    content: dict[str, Any] = field(default_factory=dict)
    undoes: int | None = None  # the decision that an undo takes back
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the log. `person` is a keyed hash (see Decisions.who), None once that person was forgotten."""

    id: int
    scope: Scope
    kind: Kind
    name: str | None
    entry: str | None
    base_hash: str | None
    content: dict[str, Any]
    person: str | None
    at: dt.datetime
    undoes: int | None
    part: str | None = None  # the case that a split made
    also: tuple[str, ...] = ()  # further cases that it answered
    undone_by: int | None = None  # the decision that took it back, None while it is in force


class CannotDecide(Exception):
    """A decision that cannot be taken; the text is one sentence that says why."""


class Overtaken(CannotDecide):
    """Somebody else decided on the case first: `other` is what they decided."""

    def __init__(self, name: str, other: Decision | None) -> None:
        super().__init__(f"somebody else has decided on {name} meanwhile; look at it again")
        self.other = other
