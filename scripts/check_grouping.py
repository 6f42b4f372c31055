"""Groups eight variants of each problem in tests/grouping through `ask --jsonl --remember`, in three orders."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.grouping.scoring import score
from tests.grouping.variants import problems, reshaped, variants

LEAST_PRECISION, LEAST_RECALL = 0.99, 0.95
ORDERS = 3


def pastes(*, other_shapes: bool) -> list[tuple[str, str, str]]:
    """Return id, problem and text of each paste; with `other_shapes` every second one in another layout."""
    rows = []
    for name, problem in problems().items():
        for n, text in enumerate(variants(problem, name)):
            changed = reshaped(text, Random(f"{name}/{n}")) if other_shapes and n % 2 else text  # noqa: S311 (no secret)
            rows.append((f"{name}/{n}", name, changed))
    return rows


def groups_of(rows: list[tuple[str, str, str]], folder: Path) -> dict[str, str | None]:
    """Return the group of each paste, as the command prints it with a new database and no knowledge."""
    folder.mkdir(parents=True)
    (folder / "knowledge").mkdir()
    lines = "".join(json.dumps({"id": name, "text": text}) + "\n" for name, _, text in rows)
    command = [sys.executable, "-m", "bot", "ask", "--jsonl", "--remember", "--knowledge", str(folder / "knowledge")]
    command += ["--database", f"sqlite:///{folder / 'groups.db'}"]
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT)
    return {row["id"]: row["group"] for row in map(json.loads, done.stdout.splitlines())}


def partition(groups: dict[str, str | None]) -> set[frozenset[str]]:
    """Return who is with whom, whatever the groups are called."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for name, group in groups.items():
        members[group or f"none/{name}"].add(name)
    return {frozenset(names) for names in members.values()}


def main() -> None:
    faults = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        rows = pastes(other_shapes=False)
        found: list[dict[str, str | None]] = []
        for order in range(ORDERS):
            Random(order).shuffle(rows)  # noqa: S311 (no secret)
            found.append(groups_of(rows, folder / f"order-{order}"))
        shaped = pastes(other_shapes=True)
        of_shaped = groups_of(shaped, folder / "shapes")
    values = score((problem, found[0][name]) for name, problem, _ in rows)
    shapes = score((problem, of_shaped[name]) for name, problem, _ in shaped)
    for title, got in (("values changed", values), ("layout changed too", shapes)):
        print(f"{title}: {len(rows)} pastes, precision {got.precision:.4f}, recall {got.recall:.4f}")
        for mixed in got.mixed:
            print(f"  in one group: {', '.join(mixed)}")
        if got.torn:
            print(f"  in more than one group, or in none: {', '.join(got.torn)}")
        if got.precision < LEAST_PRECISION or got.recall < LEAST_RECALL:
            faults.append(f"{title}: below precision {LEAST_PRECISION} or recall {LEAST_RECALL}")
    same = all(partition(each) == partition(found[0]) for each in found)
    print(f"the same groups in {ORDERS} orders: {'yes' if same else 'no'}")
    if not same:
        faults.append("another order gives other groups")
    for fault in faults:
        print(f"check-grouping: {fault}", file=sys.stderr)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
