"""On Discord: a paste with a live-looking credential, and answers where the layout may not be."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from discord.ui.view import ViewStore

from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, REVOKED_TITLE, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import MANAGE_MESSAGES, by, press
from tests.discord_server.payloads import (
    ALLOWED,
    BARE,
    BOT_ID,
    GENERAL,
    OTHER_PERSON,
    PERSON,
    VOICE,
    Payload,
    command,
    interaction,
    message,
    message_menu,
)
from tests.discord_server.server import Sent

TOKEN = "ghp_" + "a1B2c3D4e5" * 4
LEAKED = f"I called it with {TOKEN}: {REVOKED}"
V2 = 1 << 15
THE_BOT_MANAGES = VOICE  # the channel in which it has Manage Messages


@dataclass
class Scene:
    discord: DiscordServer
    store: Store
    folder: Path

    async def pasted(self, text: str, where: int = GENERAL, author: Payload = PERSON) -> tuple[Payload, Sent]:
        said = await self.discord.say(where, f"<@{BOT_ID}> {text}", author=author)
        return said, await self.discord.reply_to(said)

    async def remove(self, answer: Sent, who: Payload = PERSON, permissions: int = ALLOWED) -> Sent:
        made = press(answer, answer.buttons["Remove the message"])
        return await self.discord.interact(by(made, who, permissions=permissions))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store, tmp_path)


@pytest.mark.parametrize("text", [LEAKED, f"{TOKEN} {UNKNOWN}"], ids=["an answer", "an unmatched error"])
async def test_the_answer_says_which_kind_it_saw_and_how_to_revoke_it_and_repeats_nothing(
    scene: Scene, text: str
) -> None:
    _, answer = await scene.pasted(text)

    assert "holds a GitHub token" in answer.text
    assert "https://github.com/settings/tokens" in answer.text
    assert TOKEN not in json.dumps(answer.body)
    assert "[github-token]" not in answer.text


async def test_where_the_bot_may_it_offers_to_remove_the_message(scene: Scene) -> None:
    _, here = await scene.pasted(LEAKED, GENERAL)
    said, there = await scene.pasted(LEAKED, THE_BOT_MANAGES, OTHER_PERSON)
    assert "Remove the message" not in here.buttons

    removed = await scene.remove(there, OTHER_PERSON)

    assert "The message is removed" in removed.text
    assert scene.discord.channels.deleted == [int(said["id"])]
    kept = await scene.store.answers.get(int(said["id"]))
    assert kept is not None  # what was answered stays


@pytest.mark.parametrize(
    ("who", "permissions", "removed"),
    [
        pytest.param(PERSON, ALLOWED, True, id="its author"),
        pytest.param(OTHER_PERSON, ALLOWED | MANAGE_MESSAGES, True, id="a moderator"),
        pytest.param(OTHER_PERSON, ALLOWED, False, id="somebody else"),
    ],
)
async def test_only_its_author_or_a_moderator_has_it_removed(
    scene: Scene, who: Payload, permissions: int, removed: bool
) -> None:
    said, answer = await scene.pasted(LEAKED, THE_BOT_MANAGES)

    told = await scene.remove(answer, who, permissions)

    assert scene.discord.channels.deleted == ([int(said["id"])] if removed else [])
    assert ("Only the message's author" in told.text) is not removed


async def test_what_is_stored_and_told_of_it_is_its_kind_alone(scene: Scene) -> None:
    await scene.pasted(f"{TOKEN} {UNKNOWN}")
    await scene.pasted(LEAKED)

    with sqlite3.connect(scene.folder / "store.sqlite3") as db:
        held = "\n".join(db.iterdump())
    assert TOKEN not in held
    assert TOKEN[6:20] not in held
    assert "github-token" in held


async def test_the_menu_on_anothers_message_with_a_credential_stays_private(scene: Scene) -> None:
    target = message(GENERAL, LEAKED, author=OTHER_PERSON)

    answer = await scene.discord.interact(interaction(2, message_menu("Explain this error", target)))

    assert answer.body["flags"] & 1 << 6
    assert "GitHub token" in answer.text
    assert TOKEN not in json.dumps(answer.body)
    assert scene.discord.sent == []


async def test_without_embed_links_the_answer_is_plain_text_with_the_same_buttons(scene: Scene) -> None:
    said = await scene.discord.say(BARE, f"<@{BOT_ID}> {LEAKED}")
    answer = await scene.discord.reply_to(said)

    assert not answer.body.get("flags", 0) & V2
    assert REVOKED_TITLE in answer.body["content"]
    assert "GitHub token" in answer.body["content"]
    assert list(answer.buttons) == ["Solved it", "Didn't help", "More", "中文", "Remove"]

    switched = await scene.discord.interact(press(answer, answer.buttons["中文"]))

    assert "新建一个密钥。" in switched.body["content"]
    assert not switched.body.get("flags", 0) & V2


async def test_where_discord_refuses_the_layout_a_command_is_answered_in_plain_text(scene: Scene) -> None:
    scene.discord.refuses_v2 = True

    answer = await scene.discord.interact(interaction(2, command("explain", error=REVOKED)))

    assert REVOKED_TITLE in answer.body["content"]
    assert "Solved it" in answer.buttons


async def test_while_the_database_is_locked_a_press_is_acknowledged_and_answered(scene: Scene) -> None:
    _, answer = await scene.pasted(REVOKED)
    with sqlite3.connect(scene.folder / "store.sqlite3", isolation_level=None) as db:
        db.execute("BEGIN IMMEDIATE")
        made = press(answer, answer.buttons["Solved it"])
        await scene.discord.dispatch("INTERACTION_CREATE", made)
        await scene.discord.until(lambda: scene.discord.answers or None)
        assert scene.discord.answers[0].body["type"] == 5
        more = await scene.discord.interact(press(answer, answer.buttons["More"]))
        assert "export ACME_KEY" in more.text
        db.execute("ROLLBACK")

    def thanked() -> Sent | None:
        return next((each for each in scene.discord.answers if "Thank you" in each.text), None)

    await scene.discord.until(thanked)


async def test_an_explanation_comes_though_its_row_cannot_be_kept(scene: Scene) -> None:
    with sqlite3.connect(scene.folder / "store.sqlite3") as db:
        db.execute("DROP TABLE feedback")
        db.execute("DROP TABLE answers")

    answer = await scene.discord.interact(interaction(2, command("explain", error=REVOKED)))

    assert REVOKED_TITLE in answer.text
    assert answer.buttons == {}


async def test_what_a_person_wrote_is_never_markdown_or_a_ping_of_the_bots(scene: Scene) -> None:
    hostile = '{"code":"ACME_KEY_REVOKED","message":"The API key was revoked by its owner","scope":"@everyone `x` [a](https://evil.example)"}'

    _, answer = await scene.pasted(f"HTTP 401 {hostile}")

    assert REVOKED_TITLE in answer.text
    assert "evil.example)" not in answer.text
    assert answer.body["allowed_mentions"]["parse"] == []


async def test_a_press_that_fails_is_told_in_private_with_a_number_that_stands_in_the_log(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    _, answer = await scene.pasted(REVOKED)
    with sqlite3.connect(scene.folder / "store.sqlite3") as db:
        db.execute("DROP TABLE feedback")
    made = press(answer, answer.buttons["Solved it"])

    told = await scene.discord.interact(made)

    assert made["id"] in told.text
    assert told.body["flags"] & 1 << 6
    logged = "".join(capsys.readouterr())
    assert "interaction.failed" in logged
    assert made["id"] in logged


async def test_sent_messages_leave_nothing_of_theirs_in_memory(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, _), DiscordServer() as server, bot_on(server, explainer):
        for _ in range(3):
            answer = await server.interact(interaction(2, command("explain", error=REVOKED)))
            await server.interact(press(answer, answer.buttons["Didn't help"]))
            await server.interact(interaction(2, command("explain")))
        kept = [each for each in gc.get_objects() if isinstance(each, ViewStore)]

    assert kept
    for each in kept:
        assert not each._views and not each._modals and not each._synced_message_views
