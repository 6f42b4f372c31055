"""What one server decided becomes everybody's by the owner's word, and is known in every process at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.curate.desk import Desk
from bot.curate.live import Live
from bot.curate.models import (
    AddMessage,
    Draft,
    NotFound,
    Refused,
)
from bot.curate.promote import Promotions
from bot.knowledge.load import Knowledge
from bot.store.scopes import SHARED
from bot.store.store import Store
from tests.curating import (
    ANN,
    BADGE,
    GUILD,
    NEW,
    ONE,
    OWNER,
    TWO,
    Pastes,
    answered,
    corpus,
    desk,
    explainer,
    index,
    knowledge,
    live,
    paste,
    store,
)

__all__ = ["corpus", "desk", "explainer", "index", "knowledge", "live", "paste", "store"]  # fixtures


async def test_the_owner_promotes_what_was_offered(desk: Desk, paste: Pastes) -> None:
    promotions = Promotions(desk)
    name = await paste.case(BADGE.format(3, 4))
    closed = await desk.decide(Draft(GUILD, name, NEW), ANN, None)
    assert await promotions.offers() == []
    with pytest.raises(NotFound):
        await promotions.promote(closed.id, OWNER)
    await desk.undo(GUILD, ANN)
    offered = await desk.decide(Draft(GUILD, name, NEW.model_copy(update={"offered": True})), ANN, None)
    assert [offer.decision.id for offer in await promotions.offers()] == [offered.id]
    copy = await promotions.promote(offered.id, OWNER)
    assert copy.content["promoted_from"] == offered.id
    assert BADGE.format(3, 4) not in str(copy.content)
    assert answered(await paste(BADGE.format(8, 9), TWO)) == copy.entry
    with pytest.raises(Refused, match="already"):
        await promotions.promote(offered.id, OWNER)
    await desk.undo(SHARED, OWNER)
    assert answered(await paste(BADGE.format(8, 9), TWO)) is None
    assert answered(await paste(BADGE.format(8, 9), ONE)) == offered.entry


async def test_of_a_server_that_shares_its_queue_all_may_be_promoted_in_order(desk: Desk, paste: Pastes) -> None:
    promotions = Promotions(desk)
    name = await paste.case(BADGE.format(3, 4))
    first = await desk.decide(Draft(GUILD, name, NEW), ANN, None)
    more = AddMessage(entry=str(first.entry), message="the porter of gate {n} does not know badge {n}")
    second = await desk.decide(Draft(GUILD, None, more), ANN, None)
    await desk.store.guilds.change(ONE, shares=True)
    assert [offer.decision.id for offer in await promotions.offers()] == [second.id, first.id]
    with pytest.raises(Refused) as refused:
        await promotions.promote(second.id, OWNER)
    assert refused.value.kind == "not_shared"
    copy = await promotions.promote(first.id, OWNER)
    case = await desk.store.queue.get(SHARED, name)
    assert case is not None
    assert (case.status, case.entry) == ("answered", copy.entry)
    await promotions.promote(second.id, OWNER)
    asked = "gatekeeper: auth error: the porter of gate 5 does not know badge 6"
    assert [answered(await paste(asked, guild)) for guild in (ONE, TWO)] == [copy.entry] * 2
    assert await promotions.offers() == []


async def test_another_process_is_up_to_date_within_a_second(
    desk: Desk, paste: Pastes, knowledge: Knowledge, store: Store
) -> None:
    name = await paste.case(BADGE.format(3, 4))
    elsewhere = Live(knowledge, store, desk.live.plain)
    follower = asyncio.create_task(elsewhere.follow())
    try:
        decision = await desk.decide(Draft(GUILD, name, NEW), ANN, None)
        for _ in range(1_000):
            if elsewhere.newest >= decision.id:
                break
            await asyncio.sleep(0.01)
        assert elsewhere.knowledge(ONE).resolve(str(decision.entry)) is not None
        assert elsewhere.knowledge(TWO).resolve(str(decision.entry)) is None
    finally:
        follower.cancel()
