"""What tests of the queues share: a real store, sightings in servers and outside, and what is counted of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.store.check import faults
from bot.store.decisions import NewDecision
from bot.store.scopes import SHARED, Scope
from bot.store.store import Fingerprint, Place, Sighting, Store

NOON = dt.datetime(2025, 5, 27, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
GUILD, OTHER, ALICE, BOB, CAROL = 1_100_000_000_000_000_001, 12, 1_300_000_000_000_000_003, 44, 55


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()
    assert await faults(database_url) == []


def sighting(problem: str = "a1", text: str = "zorp says no", **more: Any) -> Sighting:
    place = Place(more.pop("guild", None), None, more.pop("message", None), more.pop("person", None))
    template = more.pop("template", f"template of {problem}")
    given = {"language": "en", "candidates": (), "mode": "listen", "seen_at": NOON, **more}
    return Sighting(Fingerprint((problem * 16)[:32], 1, template), (text, "second line"), place=place, **given)


def name_of(problem: str) -> str:
    return f"g1-{(problem * 16)[:12]}"


async def names(store: Store, scope: Scope = SHARED, **filters: Any) -> list[str]:
    return [case.name[3:5] for case in await store.queue.top(scope, **filters)]


async def numbers(store: Store, scope: Scope, name: str = name_of("a1")) -> tuple[int, int] | None:
    case = await store.queue.get(scope, name)
    return None if case is None else (case.people, case.sightings)


async def decide(store: Store, kind: Any, problem: str, scope: Scope = SHARED, **more: Any) -> Any:
    name = problem if "-" in problem else name_of(problem)
    return await store.decisions.add(NewDecision(scope, kind, NOON, name, **more), person=BOB, revision=None)
