"""What goes into the store and what comes out: Place, Sighting, GroupSummary, GroupDetail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


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
    """One paste that had no answer. All texts are redacted already. Raises ValueError where `seen_at` has no zone."""

    fingerprint: Fingerprint
    lines: tuple[str, ...]  # the error's own lines
    language: str  # BCP 47
    candidates: tuple[tuple[str, float], ...]  # entry id and confidence, best first
    mode: str  # lookup | listen
    seen_at: dt.datetime
    place: Place

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


@dataclass(frozen=True, slots=True)
class GroupDetail:
    """A group with its latest sightings, the newest first."""

    summary: GroupSummary
    sightings: tuple[KeptSighting, ...]
