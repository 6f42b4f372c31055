"""Tally: what is counted of a case. Who saw it how often and when, on which days, in which languages, and why."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

Of = TypeVar("Of")

DAY: Final = 86_400  # seconds
UNKNOWN: Final = ""  # the person of all who are unknown


@dataclass(slots=True)
class Seen:
    """How often, and when first and last."""

    sightings: int
    first: dt.datetime
    last: dt.datetime

    def add(self, other: Seen) -> None:
        self.sightings += other.sightings
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)


@dataclass(slots=True)
class Tally:
    """A count that grows; those of one case, or what is to be added to it or taken from it."""

    people: dict[str, Seen] = field(default_factory=dict)  # by keyed hash
    days: dict[int, int] = field(default_factory=dict)  # since 1970-01-01, UTC
    languages: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    provider: str | None = None  # the first guess

    def saw(self, person: str | None, at: dt.datetime, language: str, reason: str, provider: str | None = None) -> None:
        """Count one sighting."""
        self._person(person or UNKNOWN, Seen(1, at, at))
        day = day_of(at)
        self.days[day] = self.days.get(day, 0) + 1
        self.languages[language] = self.languages.get(language, 0) + 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self.provider = self.provider or provider

    def add(self, other: Tally) -> None:
        """Count all that another has counted."""
        for person, seen in other.people.items():
            self._person(person, Seen(seen.sightings, seen.first, seen.last))
        self.days = mixed(self.days, other.days)
        self.languages = mixed(self.languages, other.languages)
        self.reasons = mixed(self.reasons, other.reasons)
        self.provider = self.provider or other.provider

    def less(self, other: Tally) -> Tally:
        """Return what is left of this one without another; nothing falls below zero."""
        people = {}
        for person, seen in self.people.items():
            gone = other.people.get(person)
            count = seen.sightings - (gone.sightings if gone else 0)
            if count > 0:
                people[person] = Seen(count, seen.first, seen.last)
        return Tally(
            people,
            mixed(self.days, other.days, -1),
            mixed(self.languages, other.languages, -1),
            mixed(self.reasons, other.reasons, -1),
            self.provider,
        )

    @property
    def whole(self) -> Seen:
        """All sightings together. Raises ValueError where there are none."""
        seen = self.people.values()
        return Seen(sum(one.sightings for one in seen), min(one.first for one in seen), max(one.last for one in seen))

    def _person(self, person: str, seen: Seen) -> None:
        known = self.people.get(person)
        if known is None:
            self.people[person] = seen
        else:
            known.add(seen)


def mixed(counts: Mapping[Of, int], more: Mapping[Of, int], sign: int = 1) -> dict[Of, int]:
    """Return counts with others added (1) or taken away (-1); what is not above zero is left out."""
    found = dict(counts)
    for name, number in more.items():
        found[name] = found.get(name, 0) + sign * number
    return {name: number for name, number in found.items() if number > 0}


def weight(people: int, last_seen: dt.datetime) -> float:
    """Return a case's place in the queue, higher first: log2 of its people, and one more for each 14 days of recency.

    That is the logarithm of distinct people x 2^(-age / 14 days), of which the order does not change with time.
    """
    return math.log2(max(people, 1)) + last_seen.timestamp() / DAY / 14


def day_of(moment: dt.datetime) -> int:
    """Return the days since 1970-01-01, UTC."""
    return int(moment.timestamp() // DAY)
