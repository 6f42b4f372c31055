"""What tests of decisions share: three cases, and taking decisions on them, an hour after they were seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.store.decisions import Decision, NewDecision
from bot.store.models import Case
from bot.store.scopes import SHARED, Scope
from bot.store.store import Store
from tests.sightings import CAROL, NOON, name_of

A, B, C = name_of("aa"), name_of("bb"), name_of("cc")
LATER = NOON + dt.timedelta(hours=1)  # when maintainers decide


async def decide(store: Store, kind: Any, name: str | None, scope: Scope = SHARED, **more: Any) -> Decision:
    revision, person = more.pop("revision", None), more.pop("person", CAROL)
    made = NewDecision(scope, kind, more.pop("at", LATER), name, **more)
    return await store.decisions.add(made, person=person, revision=revision)


async def undo(store: Store, decision: Decision | int, scope: Scope = SHARED) -> Decision:
    number = decision if isinstance(decision, int) else decision.id
    return await decide(store, "undo", None, scope, undoes=number)


async def merge(store: Store, name: str, into: str) -> Decision:
    return await decide(store, "merge", name, content={"kind": "merge", "into": into})


async def split(store: Store, name: str, needle: str) -> Decision:
    return await decide(store, "split", name, content={"kind": "split", "needle": needle})


async def case(store: Store, name: str, scope: Scope = SHARED) -> Case:
    found = await store.queue.get(scope, name)
    assert found is not None
    return found


async def counts(store: Store, *names: str) -> list[tuple[int, int]]:
    return [(found.people, found.sightings) for found in [await case(store, name) for name in names]]
