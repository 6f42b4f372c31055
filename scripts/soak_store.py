"""Many processes on one PostgreSQL under load: no update may be lost, and each has to see the others' decisions soon.

Run: scripts/soak-store [--seconds 30] [--processes 10] [--rate 5] [--longest 1]. Ends with status 1 and says why where
a promise is broken. The server is one of PostgreSQL's own programs in a temporary folder, as the tests have it; it
waits for the disk at each commit, as a real one does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.store.check import faults
from bot.store.database import Database
from bot.store.models import NewDecision, Overtaken
from bot.store.scopes import SHARED
from bot.store.store import Fingerprint, Place, Sighting, Store, StoreBusy
from tests.databases import MISSING, Cluster, binaries, rows

PROBLEMS, PEOPLE, GUILD = 40, 300, 7
LISTENING_ON = 5.0  # seconds at the end, so that the last decisions can be seen
LONGEST = 1.0  # seconds until a decision is seen by all


class Worker:
    """One process: records sightings, takes decisions and takes some back, and follows the log."""

    def __init__(self, store: Store, database: Database, number: int, rate: float) -> None:
        self._store, self._database, self._number, self._rate = store, database, number, rate
        self._random = random.Random(number)  # noqa: S311 (no secret)
        self.recorded: list[int] = []
        self.decided: dict[int, float] = {}  # decision → when it was committed
        self.seen: dict[int, float] = {}
        self.overtaken = 0
        self.busy = 0  # what was not done and said so; the bot would try again

    async def run(self, seconds: float) -> None:
        following = asyncio.create_task(self._follow())
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)  # all begin together
        end = time.time() + seconds
        await asyncio.gather(self._record(end), self._decide(end))
        await asyncio.sleep(end + LISTENING_ON - time.time())
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    async def _follow(self) -> None:
        last = 0
        async with contextlib.aclosing(self._database.changes()) as changes:
            async for newest in changes:
                now = time.time()
                self.seen.update(dict.fromkeys(range(last + 1, newest + 1), now))
                last = newest

    async def _record(self, end: float) -> None:
        message = self._number * 1_000_000
        while time.time() < end:
            due = time.time() + 1 / self._rate
            message += 1
            mark = Fingerprint(f"{self._random.randrange(PROBLEMS):032x}"[::-1], 1, "a template")
            place = Place(self._random.choice((None, GUILD)), 2, message, self._random.randrange(PEOPLE))
            at = dt.datetime.now(dt.UTC)
            try:
                await self._store.record(Sighting(mark, ("zorp says no",), "en", (), "listen", at, place))
                self.recorded.append(message)
            except StoreBusy:
                self.busy += 1
            await asyncio.sleep(due - time.time())

    async def _decide(self, end: float) -> None:
        while time.time() < end:
            await asyncio.sleep(self._random.uniform(0.2, 0.8))
            try:
                await self._decide_one()
            except Overtaken:
                self.overtaken += 1
            except StoreBusy:
                self.busy += 1

    async def _decide_one(self) -> None:
        cases = await self._store.queue.top(SHARED, limit=5)
        if not cases:
            return
        case = self._random.choice(cases)
        await asyncio.sleep(self._random.uniform(0, 0.2))  # somebody else may be quicker
        kept = await self._add(NewDecision(SHARED, "dismiss", dt.datetime.now(dt.UTC), case.name), case.revision)
        if self._random.random() < 0.7:
            await self._add(NewDecision(SHARED, "undo", dt.datetime.now(dt.UTC), undoes=kept), None)

    async def _add(self, new: NewDecision, revision: int | None) -> int:
        kept = await self._store.decisions.add(new, person=self._number, revision=revision)
        self.decided[kept.id] = time.time()
        return kept.id


async def work(url: str, number: int, seconds: float, rate: float) -> None:
    database = await Database.open(url)
    worker = Worker(Store(database), database, number, rate)
    await worker.run(seconds)
    await database.close()
    report = {name: getattr(worker, name) for name in ("recorded", "decided", "seen", "overtaken", "busy")}
    sys.stdout.write(json.dumps(report))


async def soak(seconds: float, processes: int, rate: float, longest_allowed: float) -> list[str]:
    programs = binaries()
    if programs is None:
        return [MISSING]
    cluster = Cluster(programs)
    try:
        for name in ("fsync", "full_page_writes", "autovacuum"):
            cluster.execute(f"ALTER SYSTEM SET {name} = on")
        cluster.restart()
        url = cluster.new("template0")
        arguments = [sys.executable, __file__, "--seconds", str(seconds), "--rate", str(rate)]
        running = [
            await asyncio.create_subprocess_exec(
                *arguments, "--worker", url, str(number), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
            for number in range(1, processes + 1)
        ]
        for process in running:
            assert process.stdout is not None  # noqa: S101 (it was asked for)
            await process.stdout.readline()
        ends = await asyncio.gather(*(process.communicate(b"begin\n") for process in running))
        broken = [f"a process ended with status {each.returncode}" for each in running if each.returncode]
        if broken:
            return broken
        return await judged(url, [json.loads(stdout) for stdout, _ in ends], seconds, longest_allowed)
    finally:
        cluster.stop()


async def judged(url: str, reports: list[dict[str, Any]], seconds: float, longest_allowed: float) -> list[str]:
    """Return the promises that were broken; print the figures."""
    recorded = [message for report in reports for message in report["recorded"]]
    decided = {int(number): at for report in reports for number, at in report["decided"].items()}
    found = await faults(url)
    if {message for (message,) in await asked(url, "SELECT message_id FROM sightings")} != set(recorded):
        found.append("the sightings are not those that were acknowledged")
    if {number for (number,) in await asked(url, "SELECT id FROM decisions")} != set(decided):
        found.append("the decisions are not those that were acknowledged")
    for scope, where in (("shared", "guild_id IS NULL"), (f"guild:{GUILD}", f"guild_id = {GUILD}")):
        query = f"SELECT name, count(*), count(DISTINCT person) FROM sightings JOIN groups ON groups.id = group_id WHERE {where} GROUP BY name"  # noqa: S608, E501
        cases = f"SELECT name, sightings, people FROM queue WHERE scope = '{scope}'"  # noqa: S608 (our own tables)
        if Counter(await asked(url, query)) != Counter(await asked(url, cases)):
            found.append(f"the counts of {scope} are not those of its sightings")
    if await asked(url, "SELECT coalesce(sum(revision), 0) FROM queue") != [(len(decided),)]:
        found.append("a case was decided on twice from one look at it")
    waits = []
    for number, at in decided.items():
        for report in reports:
            seen = report["seen"].get(str(number))
            if seen is None:
                found.append(f"decision {number} was not seen by every process")
            else:
                waits.append(max(0.0, seen - at))
    waits.sort()
    if not decided or not recorded:
        return [*found, "nothing was done"]
    overtaken, busy = (sum(report[name] for report in reports) for name in ("overtaken", "busy"))
    median, most, longest = (
        f"{wait * 1000:.0f} ms" for wait in (statistics.median(waits), waits[int(len(waits) * 0.99)], waits[-1])
    )
    print(
        f"{len(reports)} processes: {len(recorded)} sightings ({len(recorded) / seconds:.0f} a second), {len(decided)} "
        f"decisions, {overtaken} overtaken, {busy} refused as busy; seen by each after {median} (median), "
        f"{most} (99 %), {longest} (longest)"
    )
    if waits[-1] > longest_allowed:
        found.append(f"a decision was seen only after {waits[-1]:.2f} s")
    return found


async def asked(url: str, query: str) -> list[tuple[Any, ...]]:
    return await asyncio.to_thread(rows, url, query)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--processes", type=int, default=10)
    parser.add_argument("--rate", type=float, default=5, help="sightings a second and process")
    parser.add_argument("--longest", type=float, default=LONGEST, help="seconds until a decision is seen by all")
    parser.add_argument("--worker", nargs=2, metavar=("URL", "NUMBER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        url, number = given.worker
        asyncio.run(work(url, int(number), given.seconds, given.rate))
        return
    found = asyncio.run(soak(given.seconds, given.processes, given.rate, given.longest))
    for fault in found[:20]:
        print(f"soak-store: {fault}", file=sys.stderr)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
