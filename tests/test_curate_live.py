"""Live knowledge: each server has its own on top of what is for all, and whoever asks gets what is newest."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from bot.curate.live import MOST_CACHED, Live, indexed
from bot.curate.local import content_hash
from bot.knowledge.load import Knowledge
from bot.match.decide import decide
from bot.service import read_paste
from bot.store.decisions import Kind, NewDecision
from bot.store.scopes import SHARED, Scope, of_guild
from bot.store.store import Store
from tests.curating import ONE, TWO, index, knowledge, live, store

__all__ = ["index", "knowledge", "live", "store"]  # fixtures

KEY = "slack/invalid-auth"


async def decided(
    store: Store, scope: Scope, kind: Kind, entry: str, base_hash: str | None, content: dict[str, Any]
) -> int:
    now = dt.datetime.now(dt.UTC)
    new = NewDecision(scope, kind, now, entry=entry, base_hash=base_hash, content=content)
    return (await store.decisions.add(new, person=1, revision=None)).id


async def added(store: Store, scope: Scope, name: str, message: str) -> int:
    words = {"en": "x"}
    content = {"provider": "gate", "id": name, "title": words, "cause": words, "steps": {"en": ["x"]}}
    return await decided(store, scope, "add_entry", f"gate/{name}", None, {**content, "message": message})


def answer(live: Live, guild: int | None, text: str) -> str | None:
    verdict = decide(read_paste(text), live.index(guild))
    return verdict.best.entry_id if verdict.decision == "answer" and verdict.best else None


LANTERN = "error: the lantern of pilgrim {} went out before the gate"
SEAL = "error: the seal on the letter of envoy {} is broken"


async def test_each_server_has_its_own_on_top_of_what_is_for_all(live: Live, store: Store) -> None:
    await added(store, SHARED, "lantern", LANTERN.format("{n}"))
    await added(store, of_guild(ONE), "seal", SEAL.format("{n}"))
    assert await live.refresh() == 2
    assert [answer(live, guild, LANTERN.format(7)) for guild in (ONE, TWO, None)] == ["gate/lantern"] * 3
    assert [answer(live, guild, SEAL.format(7)) for guild in (ONE, TWO, None)] == ["gate/seal", None, None]
    assert live.view(of_guild(TWO)) is live.view(SHARED)


async def test_what_a_server_amends_is_amended_there(live: Live, store: Store, knowledge: Knowledge) -> None:
    await added(store, SHARED, "lantern", LANTERN.format("{n}"))
    await live.refresh()
    before = live.view(SHARED).index
    await decided(
        store,
        of_guild(ONE),
        "add_message",
        KEY,
        content_hash(live.base.entries[KEY][1]),
        {"entry": KEY, "message": SEAL.format("{n}")},
    )
    await live.refresh()
    assert answer(live, ONE, SEAL.format(7)) == KEY
    assert answer(live, ONE, LANTERN.format(7)) == "gate/lantern"
    assert answer(live, TWO, SEAL.format(7)) is None
    assert live.view(SHARED).index is before
    assert len(list(live.knowledge(ONE).entries())) == len(list(knowledge.entries())) + 1


async def test_what_is_built_on_what_is_for_all_is_as_if_built_anew(live: Live, store: Store) -> None:
    for number, word in enumerate(("lantern", "candle", "torch")):
        await added(store, SHARED, word, f"the {word} of pilgrim {{n}} went out at gate {number}")
    await added(store, of_guild(ONE), "seal", SEAL.format("{n}"))
    await live.refresh()
    view = live.view(of_guild(ONE))
    anew = indexed(live.plain, view.folded)
    for text in ("the candle of pilgrim 8 went out at gate 1", SEAL.format(3), "invalid_grant", "password is wrong"):
        told = [
            [(found.entry_id, found.confidence) for found in decide(read_paste(text), built).candidates]
            for built in (view.index, anew)
        ]
        assert told[0] == told[1]


async def test_a_view_is_made_anew_when_something_was_decided_for_it(live: Live, store: Store) -> None:
    await added(store, of_guild(ONE), "seal", SEAL.format("{n}"))
    await live.refresh()
    one = live.view(of_guild(ONE))
    assert live.view(of_guild(ONE)) is one
    await added(store, of_guild(TWO), "seal", SEAL.format("{n}"))
    await live.refresh()
    assert live.view(of_guild(ONE)) is one
    await added(store, SHARED, "lantern", LANTERN.format("{n}"))
    await live.refresh()
    assert live.view(of_guild(ONE)) is not one
    assert answer(live, ONE, LANTERN.format(1)) == "gate/lantern"


async def test_threads_never_leave_an_old_view_behind(live: Live, store: Store) -> None:
    async def ask() -> None:
        for _ in range(20):
            await asyncio.to_thread(answer, live, ONE, SEAL.format(1))

    async def decide_more() -> None:
        for number in range(6):
            await added(store, of_guild(ONE), f"gate-{number}", f"the gate keeper {number} is asleep on bench {number}")
            await added(store, SHARED, f"wall-{number}", f"the wall warden {number} is awake on tower {number}")
            await live.refresh()

    await asyncio.gather(ask(), ask(), decide_more())
    assert answer(live, ONE, "error: the gate keeper 5 is asleep on bench 5") == "gate/gate-5"
    assert answer(live, ONE, "error: the wall warden 5 is awake on tower 5") == "gate/wall-5"


async def test_few_views_are_kept(live: Live, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.curate.live.MOST_CACHED", 3)
    assert MOST_CACHED > 3
    for guild in range(1, 9):
        await added(store, of_guild(guild), "seal", SEAL.format("{n}"))
    await live.refresh()
    for guild in (*range(1, 9), 1):
        assert answer(live, guild, SEAL.format(1)) == "gate/seal"
    assert len(live._views) <= 5


async def test_a_live_is_opened_with_what_was_decided_before(store: Store, knowledge: Knowledge) -> None:
    number = await added(store, SHARED, "lantern", LANTERN.format("{n}"))
    opened = await Live.opened(knowledge, store)
    assert opened.newest == number
    assert answer(opened, None, LANTERN.format(1)) == "gate/lantern"
