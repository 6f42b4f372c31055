"""How well groups fit problems: pairwise precision and recall."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """`precision`: of the pairs in one group, how many are of one problem; `recall`: of a problem's, in one group."""

    precision: float
    recall: float
    mixed: tuple[tuple[str, ...], ...]  # problems that share a group
    torn: tuple[str, ...]  # problems in more than one group, or partly in none


def score(rows: Iterable[tuple[str, str | None]]) -> Score:
    """Return the score of rows of (problem, group); a paste without a group is with no other."""
    problems: Counter[str] = Counter()
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    homes: defaultdict[str, set[str | None]] = defaultdict(set)
    for problem, group in rows:
        problems[problem] += 1
        homes[problem].add(group)
        if group is not None:
            groups[group][problem] += 1
    together = sum(_pairs(sum(members.values())) for members in groups.values())
    right = sum(_pairs(count) for members in groups.values() for count in members.values())
    wanted = sum(_pairs(count) for count in problems.values())
    return Score(
        precision=right / together if together else 1.0,
        recall=right / wanted if wanted else 1.0,
        mixed=tuple(tuple(members) for members in groups.values() if len(members) > 1),
        torn=tuple(problem for problem, found in homes.items() if len(found) > 1 or None in found),
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
