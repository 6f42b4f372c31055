"""Charts as plain geometry: where the bars of a figure stand in an SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bot.store.figures import Day, Wait

WIDTH: Final = 640.0
HEIGHT: Final = 160.0
_GAP: Final = 0.24  # of a bar's place
_WIDEST: Final = 44.0
WEEKLY_BEYOND: Final = 45  # days


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the SVG's units from its upper left corner, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the pastes of a day, or of a week that begins then, were answered."""

    day: dt.date
    answered: int
    all: int

    @property
    def share(self) -> float:
        return self.answered / self.all if self.all else 0.0


def bars(values: Sequence[tuple[str, float, str]], top: float | None = None, height: float = HEIGHT) -> list[Bar]:
    """Return upright bars for (label, value, value in words); `top` is the value of a bar as high as the chart."""
    most = top or max((value for _, value, _ in values), default=0.0) or 1.0
    place = WIDTH / max(len(values), 1)
    width = min(place * (1 - _GAP), _WIDEST)
    made = []
    for number, (label, value, words) in enumerate(values):
        tall = max(min(value / most, 1.0) * height, 1.0 if value else 0.0)
        x = number * place + (place - width) / 2
        made.append(Bar(round(x, 1), round(height - tall, 1), round(width, 1), round(tall, 1), label, words))
    return made


def parts(values: Sequence[float], most: float, width: float = 100.0) -> list[tuple[float, float]]:
    """Return where the parts of a bar that lies begin, and how long they are; `most` fills the width."""
    made, at = [], 0.0
    for value in values:
        long = round(value / most * width, 2) if most else 0.0
        made.append((round(at, 2), long))
        at += long
    return made


def shares(days: Iterable[Day], *, weekly: bool) -> list[Share]:
    """Return the answered share by day, or by week."""
    found: dict[dt.date, list[int]] = {}
    for day in days:
        kept = found.setdefault(_begin(day.day, weekly), [0, 0])
        kept[0] += day.answered
        kept[1] += day.answered + day.suggested + day.unmatched
    return [Share(day, answered, all_) for day, (answered, all_) in sorted(found.items())]


def waits(each: Iterable[Wait], *, weekly: bool) -> list[Wait]:
    """Return how long cases waited by day, or by week: then the median of the days', each as often as it had cases."""
    if not weekly:
        return list(each)
    found: dict[dt.date, list[float]] = {}
    for wait in each:
        found.setdefault(_begin(wait.day, weekly), []).extend([wait.hours] * wait.cases)
    return [Wait(day, len(hours), median(hours)) for day, hours in sorted(found.items())]


def _begin(day: dt.date, weekly: bool) -> dt.date:
    return day - dt.timedelta(days=day.weekday()) if weekly else day
