"""Entries that go wrong: those whose share of «Didn't help» is high, or rises."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.store.ratings import Rating

WINDOW: Final = dt.timedelta(days=30)
LEAST_RATERS: Final = 5  # distinct people, below whom nothing is said
HIGH: Final = 0.3  # what the share is at least, with all caution
TWICE: Final = 2.0  # times the share of the 30 days before
CONFIDENCE: Final = 1.96  # standard deviations: 95 %


@dataclass(frozen=True, slots=True)
class Failing:
    """An entry that helps too seldom: of how many people of the last 30 days how many it did not help."""

    entry: str
    raters: int
    not_helped: int
    share: float
    least: float  # the share that is sure at 95 %
    before: float | None  # of the 30 days before, None where too few people said anything


def failing(ratings: Iterable[Rating], now: dt.datetime) -> list[Failing]:
    """Return the entries to be looked at again, the surest first.

    Of each person the last word on an entry in a window counts. An entry fails where, of LEAST_RATERS people or more,
    the lower bound of its share is HIGH or more, or the share is TWICE that of as many people in the window before.
    """
    recent: dict[str, dict[str, bool]] = {}
    before: dict[str, dict[str, bool]] = {}
    for rating in sorted(ratings, key=lambda rating: rating.at):
        window = recent if rating.at > now - WINDOW else before if rating.at > now - 2 * WINDOW else None
        if window is not None and rating.at <= now:
            window.setdefault(rating.entry, {})[rating.person] = rating.kind == "not_helped"
    found = [_judged(entry, said, before.get(entry, {})) for entry, said in recent.items()]
    bad = [each for each in found if each.raters >= LEAST_RATERS and (each.least >= HIGH or _doubled(each))]
    return sorted(bad, key=lambda each: (-each.least, each.entry))


def lower_bound(bad: int, all_: int) -> float:
    """Return the lower bound of Wilson's interval at 95 % for a share of `bad` in `all_`; 0 where there is nothing."""
    if not all_:
        return 0.0
    share, square = bad / all_, CONFIDENCE * CONFIDENCE
    middle = share + square / (2 * all_)
    spread = CONFIDENCE * math.sqrt(share * (1 - share) / all_ + square / (4 * all_ * all_))
    return max(0.0, (middle - spread) / (1 + square / all_))


def _judged(entry: str, said: dict[str, bool], earlier: dict[str, bool]) -> Failing:
    bad = sum(said.values())
    before = sum(earlier.values()) / len(earlier) if len(earlier) >= LEAST_RATERS else None
    return Failing(entry, len(said), bad, bad / len(said), lower_bound(bad, len(said)), before)


def _doubled(found: Failing) -> bool:
    # From nothing to a single complaint is no rise.
    return found.before is not None and found.not_helped >= 2 and found.share >= TWICE * found.before
