"""On Discord: whose a decision is. A server's is the server's alone, until the shared base takes it over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.curate.corpus import Corpus
from bot.curate.desk import Desk
from bot.curate.live import Live
from bot.curate.models import Draft, content_of
from bot.paste.models import Paste
from bot.store.decisions import Decision
from bot.store.models import Place
from bot.store.scopes import SHARED, Scope
from bot.store.store import Store
from tests.discord_server.harness import UNKNOWN, eventually
from tests.discord_server.interactions import by, directly, press
from tests.discord_server.payloads import GENERAL, GUILD_ID, OTHER_PERSON, OTHER_PERSON_ID, PERSON_ID, interaction
from tests.discord_server.payloads import command as slash
from tests.discord_server.reviewing import (
    ANOTHER,
    ANSWER,
    HERE,
    MANAGES,
    OTHER_GUILD,
    THERE,
    Maintaining,
    maintaining,
)
from tests.discord_server.server import Sent

THEIRS = {
    "kind": "add_entry",
    "provider": "flux",
    "provider_name": "Flux",
    "title": {"en": "The capacitor is locked"},
    "cause": {"en": "Its owner locked it."},
    "steps": {"en": ("Ask its owner",)},
    "message": "Permission denied: the flux capacitor is locked by its owner",
}
ENTRY = "flux/the-capacitor-is-locked"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Maintaining]:
    async with maintaining(tmp_path) as scene:
        yield scene


async def decided(scene: Maintaining, scope: Scope, case: str | None, store: Store | None = None) -> Decision:
    """THEIRS, decided in a scope by somebody who isn't on Discord; with a store of its own as another process does."""
    there = store or scene.store
    live = Live(scene.explainer.knowledge, there)
    await live.refresh()
    desk = Desk(there, live, corpus=Corpus([]))
    return await desk.decide(Draft(scope, case, content_of(THEIRS)), 99, None)


async def in_force(scene: Maintaining, guild: int | None, *, entry: str = ENTRY) -> None:
    async def known() -> bool:
        return scene.explainer.knowledge_of(guild).resolve(entry) is not None

    await eventually(known)


def told(scene: Maintaining, person: int) -> list[Sent]:
    """What was said to a person by name in the guild's channel."""
    return [each for each in scene.discord.sent if f"<@{person}> " in each.text]


class TestLive:
    async def test_what_another_process_decides_is_answered_here(self, scene: Maintaining, tmp_path: Path) -> None:
        name = await scene.seen(ANOTHER)
        store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite3'}")
        try:
            await decided(scene, HERE, name, store)
            await in_force(scene, GUILD_ID)
        finally:
            await store.close()

        assert "The capacitor is locked" in (await scene.pasted(ANOTHER)).text

    async def test_a_servers_answer_is_not_given_outside_of_it(self, scene: Maintaining) -> None:
        await decided(scene, THERE, await scene.seen(ANOTHER, OTHER_GUILD))
        await in_force(scene, OTHER_GUILD)

        assert "I do not know this error yet" in (await scene.pasted(ANOTHER)).text
        assert "I know no such error" in (await scene.looked_up(ENTRY)).text
        direct = directly(interaction(2, slash("lookup", entry=ENTRY)))
        assert "I know no such error" in (await scene.discord.interact(direct)).text

    async def test_buttons_of_a_servers_answer_show_nothing_of_it_elsewhere(self, scene: Maintaining) -> None:
        await decided(scene, THERE, await scene.seen(ANOTHER, OTHER_GUILD))
        await in_force(scene, OTHER_GUILD)
        mine = await scene.pasted()

        for verb in ("more", "zh", "en", "pick1"):
            shown = await scene.discord.interact(by(press(mine, f"ab:{verb}:0:{ENTRY}"), OTHER_PERSON))
            assert "capacitor" not in shown.text
            assert "owner locked it" not in shown.text

    async def test_names_are_offered_where_they_are_known(self, scene: Maintaining) -> None:
        await decided(scene, HERE, await scene.seen(ANOTHER))
        await in_force(scene, GUILD_ID)
        data = slash("lookup", entry="capacitor")
        data["options"][0]["focused"] = True

        here = await scene.discord.interact(interaction(4, data))
        outside = await scene.discord.interact(directly(interaction(4, data)))

        assert [choice["value"] for choice in here.body["data"]["choices"]] == [ENTRY]
        assert outside.body["data"]["choices"] == []


class TestForgedIds:
    async def test_another_servers_decision_is_not_there(self, scene: Maintaining) -> None:
        await scene.pasted()
        theirs = await decided(scene, THERE, await scene.seen(ANOTHER, OTHER_GUILD))
        shown = await scene.review("next")

        for verb in ("undo", "words"):
            refused = await scene.press(shown, f"ab:rv-{verb}:{GUILD_ID}:{theirs.id}")
            assert f"There is no #{theirs.id} here" in refused.text
        assert f"There is no {theirs.id} here" in (await scene.review("undo", decision=theirs.id)).text
        assert "Nothing was decided yet" in (await scene.review("history")).text

        kept = await scene.store.decisions.get(theirs.id)
        assert kept is not None and kept.undone_by is None

    async def test_a_case_cannot_be_merged_into_another_servers(self, scene: Maintaining) -> None:
        theirs = await scene.seen(ANOTHER, OTHER_GUILD)
        await scene.seen()
        choice = await scene.press(await scene.review("next"), "Merge …")

        refused = await scene.fill(await scene.press(choice, "By its name …"), choice, {"into": theirs})

        assert f"There is no {theirs} here" in refused.text

    async def test_another_servers_entry_cannot_be_added_to(self, scene: Maintaining) -> None:
        await decided(scene, THERE, await scene.seen(ANOTHER, OTHER_GUILD))
        await scene.pasted()
        choice = await scene.press(await scene.review("next"), "Same as …")

        refused = await scene.fill(await scene.press(choice, "Another entry …"), choice, {"entry": ENTRY})

        assert f"There is no {ENTRY} here" in refused.text

    async def test_a_servers_maintainer_promotes_nothing(self, scene: Maintaining) -> None:
        theirs = await decided(scene, HERE, await scene.seen(ANOTHER))
        await scene.store.guilds.change(GUILD_ID, shares=True)
        shown = await scene.review("next", who=OTHER_PERSON)

        for scope in (0, GUILD_ID):
            for verb in ("promote", "offered", "offers"):
                refused = await scene.press(shown, f"ab:rv-{verb}:{scope}:{theirs.id}", who=OTHER_PERSON)
                assert "Only the bot's owner" in refused.text
        assert "Only the bot's owner" in (await scene.review("promote", who=OTHER_PERSON)).text


class TestTelling:
    async def test_who_wanted_to_know_is_told_once(self, scene: Maintaining) -> None:
        asked = await scene.pasted(UNKNOWN, OTHER_PERSON)
        await scene.press(asked, "Tell me", who=OTHER_PERSON)
        draft = await scene.answered(await scene.review("next"))

        done = await scene.press(draft, "Confirm")
        [notice] = await scene.discord.until(lambda: told(scene, OTHER_PERSON_ID) or None)
        await scene.press(done, "Undo #1")
        await scene.press(await scene.answered(await scene.review("next")), "Confirm")

        assert ANSWER["title"] in notice.text
        assert notice.body["allowed_mentions"] == {"parse": [], "users": [OTHER_PERSON_ID]}

        async def nobody_waits() -> bool:
            return not await scene.store.notices.due()

        await eventually(nobody_waits)
        assert len(told(scene, OTHER_PERSON_ID)) == 1

    async def test_a_servers_decision_tells_only_its_own_people(self, scene: Maintaining) -> None:
        asked = await scene.pasted(ANOTHER, OTHER_PERSON)
        await scene.press(asked, "Tell me", who=OTHER_PERSON)
        theirs = await scene.seen(ANOTHER, OTHER_GUILD)
        await decided(scene, THERE, theirs)
        await in_force(scene, OTHER_GUILD)
        await scene.press(await scene.review("case", name=await scene.seen()), "Dismiss")  # tells whoever is to be told

        assert await scene.store.notices.due() == []
        assert told(scene, OTHER_PERSON_ID) == []

        await decided(scene, SHARED, await scene.seen(ANOTHER, None))
        await in_force(scene, GUILD_ID)
        await scene.review("undo")
        [notice] = await scene.discord.until(lambda: told(scene, OTHER_PERSON_ID) or None)
        assert "The capacitor is locked" in notice.text


class TestPromoting:
    async def test_what_a_server_shares_is_taken_over_for_all(self, scene: Maintaining) -> None:
        await decided(scene, HERE, await scene.seen(ANOTHER))
        await in_force(scene, GUILD_ID)
        assert "No server has offered" in (await scene.review("promote", direct=True)).text
        await scene.store.guilds.change(GUILD_ID, shares=True)

        offers = await scene.review("promote", direct=True)
        assert f"answered with `{ENTRY}`" in offers.text
        offer = await scene.press(offers, "Look at it", direct=True)
        assert "Its owner locked it." in offer.text
        assert "No known example" in offer.text
        await scene.press(offer, "Take over for all", direct=True)

        assert "The capacitor is locked" in (await explained(scene, ANOTHER, OTHER_GUILD))
        assert "No server has offered" in (await scene.review("promote", direct=True)).text
        again = await scene.press(offer, "Take over for all", direct=True)
        assert "in the shared base already" in again.text
        history = await scene.review("history", direct=True)
        assert f"answered with `{ENTRY}`" in history.text
        await scene.press(history, next(label for label in history.buttons if label.startswith("Undo")), direct=True)
        assert "The capacitor is locked" not in (await explained(scene, ANOTHER, OTHER_GUILD))

    async def test_a_maintainer_offers_one_answer_where_the_server_shares_nothing(self, scene: Maintaining) -> None:
        await scene.pasted()
        draft = await scene.answered(await scene.review("next"))

        await scene.press(draft, "Confirm and offer to all")
        offer = await scene.press(await scene.review("promote", direct=True), "Look at it", direct=True)

        assert ANSWER["cause"] in offer.text
        await scene.press(offer, "Take over for all", direct=True)
        assert ANSWER["title"] in (await explained(scene, UNKNOWN, OTHER_GUILD))

    async def test_where_all_is_shared_there_is_nothing_to_offer(self, scene: Maintaining) -> None:
        await scene.store.guilds.change(GUILD_ID, shares=True)
        await scene.pasted()

        draft = await scene.answered(await scene.review("next"))

        assert list(draft.buttons) == ["Confirm", "Edit", "Cancel"]

    async def test_the_shared_queue_is_decided_on_for_everybody(self, scene: Maintaining) -> None:
        await scene.seen(UNKNOWN, None)
        case = await scene.review("next", scope="shared")
        draft = await scene.answered(case)
        assert "Confirm and offer to all" not in draft.buttons

        await scene.press(draft, "Confirm")

        assert ANSWER["title"] in (await scene.pasted()).text
        assert ANSWER["title"] in (await explained(scene, UNKNOWN, None))
        assert [row.scope for row in await scene.store.decisions.since()] == [SHARED]


async def test_two_who_decide_at_the_same_moment_are_not_both_kept(scene: Maintaining) -> None:
    await scene.pasted()
    views = [await scene.review("next"), await scene.review("next", who=OTHER_PERSON)]

    done = await asyncio.gather(
        scene.press(views[0], "Dismiss"),
        scene.press(views[1], "Dismiss", who=OTHER_PERSON, permissions=MANAGES),
    )

    assert sorted("Meanwhile" in each.text for each in done) == [False, True]
    assert len(await scene.store.decisions.since()) == 1


async def explained(scene: Maintaining, text: str, guild: int | None) -> str:
    """What a server's people are told of a paste."""
    place = Place(guild, GENERAL, None, PERSON_ID)
    found = await scene.explainer.explain(Paste(text), place=place, keep=False)
    return found.answer.text if found.answer else ""
