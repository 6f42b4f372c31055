"""On Discord: what people can have done with what is kept of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import by, press
from tests.discord_server.payloads import OTHER_PERSON, PERSON, PERSON_ID, Payload, command, interaction
from tests.discord_server.server import Sent
from tests.waiting import waiting

EPHEMERAL = 1 << 6


@dataclass
class Scene:
    discord: DiscordServer
    store: Store

    async def asks(self, name: str, who: Payload = PERSON, **options: str) -> Sent:
        return await self.discord.interact(by(interaction(2, command(name, **options)), who))

    async def held(self) -> list[str]:
        return [table for table, rows in (await self.store.export(PERSON_ID)).items() if rows]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store)


@pytest.mark.parametrize("where", ["here", "everywhere"])
async def test_forgetting_is_asked_once_and_then_done(scene: Scene, where: str) -> None:
    await scene.asks("explain", error=UNKNOWN)
    asked = await scene.asks("forget-me", where=where)
    assert "can't be brought back" in asked.text
    assert await scene.held() == ["sightings", "queue_people", "answers"]

    done = await scene.discord.interact(press(asked, asked.buttons["Erase"]))

    assert "2 rows are erased" in done.text
    assert await scene.held() == []
    assert await waiting(scene.store) == []


async def test_only_ones_own_is_forgotten(scene: Scene) -> None:
    await scene.asks("explain", error=UNKNOWN)
    asked = await scene.asks("forget-me", OTHER_PERSON)

    done = await scene.discord.interact(by(press(asked, asked.buttons["Erase"]), OTHER_PERSON))

    assert "Nothing is kept of you" in done.text
    assert await scene.held() == ["sightings", "queue_people", "answers"]


async def test_everything_kept_comes_as_a_json_file_in_private(scene: Scene) -> None:
    answer = await scene.asks("explain", error=UNKNOWN)
    await scene.discord.interact(press(answer, answer.buttons["Tell me"]))

    sent = await scene.asks("export-my-data")

    assert sent.body["flags"] & EPHEMERAL
    [(_, body)] = sent.body["uploaded"].items()
    held = json.loads(body)
    assert [table for table, rows in held.items() if rows] == ["sightings", "queue_people", "answers", "notices"]
    assert "frobnicator" in held["sightings"][0]["lines"]
    assert sent.body["attachments"][0]["filename"].endswith(".json")


async def test_who_wants_to_be_ignored_is_and_can_take_it_back(scene: Scene) -> None:
    said = await scene.asks("ignore-me")
    assert "I overlook your messages" in said.text
    assert (await scene.store.people.wishes(PERSON_ID)).ignored

    again = await scene.asks("ignore-me")
    assert "I look at your messages again" in again.text
    assert not (await scene.store.people.wishes(PERSON_ID)).ignored


async def test_who_is_ignored_can_still_ask(scene: Scene) -> None:
    await scene.asks("ignore-me")

    assert "The Acme key was revoked" in (await scene.asks("explain", error=REVOKED)).text
