"""Maintainers who decide at once do not overwrite each other, and one who is killed loses nothing acknowledged."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.check import faults
from bot.store.decisions import Decision, Overtaken
from bot.store.models import Case
from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from tests.deciding import A, B, case, counts, decide, merge, undo
from tests.sightings import ALICE, BOB, sighting, store

__all__ = ["store"]  # a fixture

REPOSITORY = Path(__file__).parent.parent


class TestTwoMaintainers:
    async def test_the_second_is_told_what_the_first_decided(self, store: Store) -> None:
        await store.record(sighting("aa"))
        seen = (await case(store, A)).revision
        first = await decide(store, "dismiss", A, revision=seen, person=ALICE)
        with pytest.raises(Overtaken) as caught:
            await decide(store, "add_entry", A, revision=seen, person=BOB, entry="okta/new")
        assert caught.value.other == first
        assert (await case(store, A)).status == "dismissed"

    async def test_of_two_at_once_one_wins(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        await store.record_many([sighting("aa", message=number, person=number) for number in range(10)])
        at_once = [
            decide(each, "add_entry", A, revision=0, entry=f"okta/{number}")
            for number in range(5)
            for each in (store, other)
        ]
        ended = await asyncio.gather(*at_once, return_exceptions=True)
        await other.close()
        [won] = [end for end in ended if isinstance(end, Decision)]
        assert [end.other for end in ended if isinstance(end, Overtaken)] == [won] * 9
        assert ((await case(store, A)).entry, (await case(store, A)).revision) == (won.entry, 1)

    async def test_decisions_and_sightings_at_once_lose_nothing(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        await store.record_many([sighting(problem) for problem in ("aa", "bb")])

        async def decides() -> None:
            for _ in range(6):
                await undo(store, await merge(store, A, B))

        async def records(each: Store, first: int) -> None:
            for number in range(first, first + 30):
                await each.record(sighting("ab"[number % 2] * 2, message=number, person=number))

        await asyncio.gather(decides(), records(store, 1_000), records(other, 2_000))
        await other.close()
        assert await counts(store, A, B) == [(31, 31), (31, 31)]

    async def test_of_two_undos_at_once_one_is_kept(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        await store.record(sighting("aa"))
        made = await decide(store, "dismiss", A)
        ended = await asyncio.gather(undo(store, made), undo(other, made), return_exceptions=True)
        await other.close()
        assert sorted(type(end).__name__ for end in ended) == ["CannotDecide", "Decision"]

    async def test_ids_are_in_the_order_in_which_they_can_be_seen(self, store: Store, database_url: str) -> None:
        others = [await Store.open(database_url) for _ in range(3)]
        seen: list[int] = []

        async def follows() -> None:
            while len(seen) < 45:
                seen.extend(each.id for each in await store.decisions.since(seen[-1] if seen else 0))
                await asyncio.sleep(0)

        async def decides(each: Store, guild: int) -> None:
            for _ in range(15):
                await decide(each, "add_entry", None, of_guild(guild), entry="okta/new")

        await asyncio.wait_for(
            asyncio.gather(follows(), *(decides(each, number) for number, each in enumerate(others))), 120
        )
        for each in others:
            await each.close()
        assert seen == [decision.id for decision in await store.decisions.since()]


# Merges, undoes, splits and records in turn, and prints what was acknowledged.
DECIDER = """
import asyncio, datetime as dt, sys
from bot.store.decisions import NewDecision
from bot.store.store import Fingerprint, Place, Sighting, Store

async def main(path, first):
    store = await Store.open(path)
    now = dt.datetime.now(dt.UTC)
    names = await store.record_many([Sighting(
        Fingerprint(f"{digit}" * 32, 1, "template"), (f"line {person}",), "en", (), "listen", now,
        Place(None, None, None, person)) for digit in range(4) for person in range(5)])
    for number in range(first, first + 100_000):
        name, into = names[0], names[10]
        kind, content = ("merge", {"into": into}) if number % 2 else ("split", {"needle": "line 3"})
        made = await store.decisions.add(NewDecision("shared", kind, now, name, content=content), person=1, revision=None)
        print(made.id, flush=True)
        await store.record(Sighting(Fingerprint("0" * 32, 1, "template"), ("line 3",), "en", (), "listen", now,
                                    Place(None, None, number, number)))
        undone = await store.decisions.add(NewDecision("shared", "undo", now, undoes=made.id), person=1, revision=None)
        print(undone.id, flush=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")
@pytest.mark.parametrize("after", [1, 8, 23])
def test_a_maintainer_that_is_killed_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    database_url: str, after: int
) -> None:
    command = [sys.executable, "-c", DECIDER, database_url, "1000"]
    doomed = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert doomed.stdout is not None
    acknowledged = [int(doomed.stdout.readline()) for _ in range(after)]
    os.kill(doomed.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in doomed.stdout.read().splitlines()]
    doomed.communicate()
    assert asyncio.run(faults(database_url)) == []

    async def look() -> tuple[list[Decision], list[Case]]:
        store = await Store.open(database_url)
        found = await store.decisions.since(), await store.queue.top(SHARED, status=None)
        await store.close()
        return found

    log, cases = asyncio.run(look())
    assert [decision.id for decision in log][: len(acknowledged)] == acknowledged
    assert len(log) <= len(acknowledged) + 1
    [first] = [found for found in cases if found.name == "g1-000000000000"]
    last = log[-1]
    assert first.status == ("merged" if last.kind == "merge" else "open")
    assert len(cases) == (5 if last.kind == "split" else 4)
    assert first.revision == len(log)
