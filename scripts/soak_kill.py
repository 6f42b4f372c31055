"""kill -9 at random moments while pastes are recorded and decisions are made: nothing acknowledged may be lost.

Run: scripts/soak-kill [--pastes 50000] [--decisions 1000] [--seed 1]. A worker process records, one by one and in
batches, and decides; it prints what it did once that is acknowledged, and is killed after a moment. Then the database
has to be whole (as `authbot db check` has it) with all that was printed in it. Ends with status 1 where it is not.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.store.check import faults
from bot.store.models import CannotDecide, Fingerprint, Kind, NewDecision, Place, Sighting
from bot.store.scopes import of_guild
from bot.store.store import Store

PROBLEMS, GUILD, BATCH = 400, 7, 100
SHORTEST, LONGEST = 0.3, 4.0  # seconds a worker lives after its first word
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def sighting(number: int) -> Sighting:
    problem = number * 7919 % PROBLEMS
    digest = hashlib.sha256(str(problem).encode()).hexdigest()[:32]
    lines = (f"problem {problem} of request {number} in {'east' if number % 2 else 'west'}",)
    place = Place(GUILD, 2, number, number % 500)
    at = BEGIN + dt.timedelta(seconds=number)
    return Sighting(
        Fingerprint(digest, 2, f"problem {problem} of request {{id}}"), lines, "en", (), "listen", at, place
    )


async def work(url: str, first: int, seed: int) -> None:
    """Record and decide until killed; print `p FIRST LAST` for pastes and `d ID` for a decision, once acknowledged."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    store = await Store.open(url)
    scope, number = of_guild(GUILD), first
    print("open", flush=True)
    while True:
        count = rng.choice((1, 1, 1, BATCH, BATCH))
        made = [sighting(number + n) for n in range(count)]
        if count == 1:
            await store.record(made[0])
        else:
            await store.record_many(made)
        print(f"p {number} {number + count - 1}", flush=True)
        number += count
        for _ in range(2):
            if decision := await decided(store, scope, rng):
                print(f"d {decision}", flush=True)


async def decided(store: Store, scope: str, rng: random.Random) -> int | None:
    """Make some decision; return its number, None where it could not be made."""
    cases = await store.queue.top(scope, status=rng.choice(("open", "open", None)), limit=20)
    if not cases:
        return None
    case, other = rng.choice(cases), rng.choice(cases)
    choices: list[tuple[Kind, dict[str, str]]] = [
        ("dismiss", {}),
        ("merge", {"into": other.name}),
        ("split", {"needle": "east"}),
        ("undo", {}),
        ("undo", {}),
    ]
    kind, content = rng.choice(choices)
    undoes = None
    if kind == "undo":
        history = [
            each for each in await store.decisions.history(scope, 30) if each.kind != "undo" and not each.undone_by
        ]
        if not history:
            return None
        undoes = rng.choice(history).id
    new = NewDecision(
        scope, kind, dt.datetime.now(dt.UTC), None if undoes else case.name, content=content, undoes=undoes
    )
    try:
        return (await store.decisions.add(new, person=rng.randrange(5), revision=None)).id
    except CannotDecide:
        return None  # merged already, nothing to split, something rests on it …


def lived(url: str, first: int, rng: random.Random) -> tuple[list[tuple[int, int]], list[int]]:
    """Let a worker live for a moment and kill it; return what it acknowledged: ranges of pastes, and decisions."""
    command = [sys.executable, __file__, "--worker", url, str(first), str(rng.randrange(2**32))]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None  # noqa: S101 (it was asked for)
    worker.stdout.readline()
    time.sleep(rng.uniform(SHORTEST, LONGEST))
    worker.kill()
    said = [line.split() for line in worker.stdout.read().split("\n")[:-1]]  # a last line without its end says nothing
    worker.wait()
    pastes = [(int(words[1]), int(words[2])) for words in said if words[0] == "p"]
    return pastes, [int(words[1]) for words in said if words[0] == "d"]


def lost(url: str, pastes: set[int], decisions: set[int]) -> list[str]:
    """Return what was acknowledged and is not there, or stands there by half."""
    with sqlite3.connect(url) as db:
        there = {number for (number,) in db.execute("SELECT message_id FROM sightings")}
        made = {number for (number,) in db.execute("SELECT id FROM decisions")}
        twice = db.execute("SELECT count(*) - count(DISTINCT message_id) FROM sightings").fetchone()[0]
    found = [f"{len(pastes - there)} pastes are lost"] if pastes - there else []
    found += [f"{len(decisions - made)} decisions are lost"] if decisions - made else []
    return found + ([f"{twice} pastes are there twice"] if twice else []) + asyncio.run(faults(url))


def main() -> None:
    if sys.argv[1:2] == ["--worker"]:
        asyncio.run(work(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pastes", type=int, default=50_000)
    parser.add_argument("--decisions", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)  # noqa: S311 (no secret)
    pastes: set[int] = set()
    decisions: set[int] = set()
    kills = 0
    with tempfile.TemporaryDirectory() as folder:
        url = str(Path(folder) / "store.sqlite3")
        while len(pastes) < args.pastes or len(decisions) < args.decisions:
            ranges, made = lived(url, kills * 1_000_000 + 1, rng)
            pastes.update(number for first, last in ranges for number in range(first, last + 1))
            decisions.update(made)
            kills += 1
            if broken := lost(url, pastes, decisions):
                print(f"after kill {kills}:", *broken, sep="\n  ")
                sys.exit(1)
    print(
        f"{len(pastes):,} pastes and {len(decisions):,} decisions acknowledged, killed {kills} times: nothing is lost"
    )


if __name__ == "__main__":
    main()
