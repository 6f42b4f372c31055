"""How fast errors are fingerprinted, and that two orders of 100,000 pastes give the same groups.

Run: python benchmarks/grouping.py [--pastes 100000]
The pastes are those of tests/grouping, each time with other ids, times, hosts and numbers.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.paste.fingerprint import fingerprint
from tests.grouping.scoring import score
from tests.grouping.variants import filled, problems

LINES = 40  # of a paste, as many as are kept of its error


def grouped(pastes: list[tuple[str, str]], order: list[int]) -> tuple[dict[str, set[int]], float]:
    """Return the numbers of the pastes in each group, seen in `order`, and the seconds it took."""
    groups: defaultdict[str, set[int]] = defaultdict(set)
    begun = time.perf_counter()
    for number in order:
        groups[fingerprint(pastes[number][1].splitlines()[:LINES]).digest].add(number)
    return dict(groups), time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pastes", type=int, default=100_000)
    count: int = parser.parse_args().pastes
    known = list(problems().items())
    pastes = []
    for number in range(count):
        name, problem = known[number % len(known)]
        pastes.append((name, filled(problem, Random(f"{name}/{number}"))))
    order = list(range(count))
    first, took = grouped(pastes, order)
    Random(1).shuffle(order)
    second, took_again = grouped(pastes, order)
    of_paste = {number: digest for digest, numbers in first.items() for number in numbers}
    got = score((name, of_paste[number]) for number, (name, _) in enumerate(pastes))
    print(f"{count} pastes of {len(known)} problems in {len(first)} groups; equal in two orders: {first == second}")
    print(f"precision {got.precision:.4f}, recall {got.recall:.4f}")
    print(f"{2 * count / (took + took_again):,.0f} fingerprints a second")


if __name__ == "__main__":
    main()
