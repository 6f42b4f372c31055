"""Entries that help too seldom come back: by the share of people they did not help, with all caution."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.curate.failing import failing, lower_bound
from bot.store.ratings import Rating

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def said(solved: int, not_helped: int, days_ago: int = 3, entry: str = "acme/x") -> list[Rating]:
    kinds = ["solved"] * solved + ["not_helped"] * not_helped
    at = NOW - dt.timedelta(days=days_ago)
    return [Rating(entry, f"{days_ago}-{number}", kind, at) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("ratings", "fails"),
    [
        pytest.param([], False, id="nobody"),
        pytest.param(said(0, 4), False, id="four are too few"),
        pytest.param(said(0, 5), True, id="five of five"),
        pytest.param(said(2, 3), False, id="three of five may be chance"),
        pytest.param(said(9, 11), True, id="eleven of twenty are no chance"),
        pytest.param(said(20, 5), False, id="five of twenty-five"),
        pytest.param(said(16, 4) + said(18, 2, 40), True, id="twice the share of the month before"),
        pytest.param(said(17, 3) + said(18, 2, 40), False, id="not twice"),
        pytest.param(said(16, 4) + said(3, 0, 40), False, id="too few the month before to compare with"),
        pytest.param(said(16, 4) + said(18, 2, 70), False, id="what was longer ago does not count"),
        pytest.param(said(8, 1) + said(8, 0, 40), False, id="one complaint is no rise"),
        pytest.param(said(0, 9, 31), False, id="a month ago"),
        pytest.param(said(0, 9, -2), False, id="in the future"),
    ],
)
def test_an_entry_fails(ratings: list[Rating], fails: bool) -> None:
    assert bool(failing(ratings, NOW)) is fails


def test_a_person_has_one_say() -> None:
    often = [Rating("acme/x", "one", "not_helped", NOW - dt.timedelta(hours=hours)) for hours in range(20)]
    assert failing(often, NOW) == []
    changed_mind = [
        *said(0, 5),
        *(rating.__class__(rating.entry, rating.person, "solved", NOW) for rating in said(0, 5)),
    ]
    assert failing(changed_mind, NOW) == []


def test_the_surest_comes_first() -> None:
    ratings = [*said(0, 5, entry="acme/a"), *said(1, 30, entry="acme/b")]
    assert [each.entry for each in failing(ratings, NOW)] == ["acme/b", "acme/a"]


@pytest.mark.parametrize(
    ("bad", "of", "bound"), [(0, 0, 0.0), (0, 10, 0.0), (5, 5, 0.5655), (10, 20, 0.2993), (50, 100, 0.4038)]
)
def test_wilsons_lower_bound(bad: int, of: int, bound: float) -> None:
    assert lower_bound(bad, of) == pytest.approx(bound, abs=1e-4)
