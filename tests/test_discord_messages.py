"""On Discord: which messages are answered, how, and which are left alone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.discord import work
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import EITHER, REVOKED, REVOKED_TITLE, SKEW, SKEW_TITLE, UNKNOWN, bot_on, explaining
from tests.discord_server.payloads import (
    BARE,
    BOT,
    BOT_ID,
    DIRECT,
    FORUM,
    GENERAL,
    MUTED,
    OTHER_PERSON,
    THREAD,
    VOICE,
    message,
    new_id,
    reply_fields,
    thread,
    user,
)
from tests.discord_server.server import WAIT
from tests.waiting import waiting

ME = f"<@{BOT_ID}>"
CHAT = "has anyone tried the new release? works fine here"


@dataclass
class Scene:
    """A guild with the bot in it."""

    discord: DiscordServer
    store: Store

    async def only_answer_to(self, original: dict[str, Any]) -> str:
        """Wait for the reply to `original` and hold that the bot has said nothing else."""
        reply = await self.discord.reply_to(original)
        assert [sent.body.get("message_reference", {}).get("message_id") for sent in self.discord.sent] == [
            reply.body["message_reference"]["message_id"]
        ]
        return reply.text


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store)


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(GENERAL, id="text channel"),
        pytest.param(THREAD, id="thread"),
        pytest.param(VOICE, id="voice channel's chat"),
        pytest.param(DIRECT, id="direct message"),
        pytest.param(new_id(), id="a channel the bot has not heard of"),
    ],
)
async def test_a_pasted_error_is_answered_where_it_was_pasted(scene: Scene, where: int) -> None:
    paste = await scene.discord.say(where, REVOKED)

    reply = await scene.discord.reply_to(paste)

    assert reply.where == str(where)
    assert REVOKED_TITLE in reply.text
    assert "1. Make a new key." in reply.text
    assert "2. Put it where the old one was." in reply.text
    assert "[docs.acme.example](https://docs.acme.example/keys)" in reply.text


async def test_an_answer_pings_nobody(scene: Scene) -> None:
    paste = await scene.discord.say(GENERAL, f"@everyone {REVOKED}")

    reply = await scene.discord.reply_to(paste)

    assert reply.body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert str(reply.body["message_reference"]["message_id"]) == paste["id"]


async def test_an_answer_that_is_sent_again_by_a_retry_is_the_same_to_discord(scene: Scene) -> None:
    paste = await scene.discord.say(GENERAL, REVOKED)

    reply = await scene.discord.reply_to(paste)

    assert reply.body["nonce"] == paste["id"]
    assert reply.body["enforce_nonce"] is True


WEBHOOK = {"author": user(new_id(), "ci"), "webhook_id": str(new_id())}


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        pytest.param(CHAT, {}, id="chat"),
        pytest.param("", {}, id="nothing but a sticker"),
        pytest.param(f"@everyone {CHAT}", {}, id="everyone"),
        pytest.param(UNKNOWN, {}, id="an error that is not known"),
        pytest.param(EITHER, {}, id="an error that may be either of two"),
        pytest.param(REVOKED, {"author": user(new_id(), "helper", bot=True)}, id="a bot"),
        pytest.param(REVOKED, {"author": BOT}, id="itself"),
        pytest.param(REVOKED, WEBHOOK, id="a webhook"),
        pytest.param(REVOKED, {"type": 6}, id="a pin's notice"),
        pytest.param(REVOKED, {"type": 7}, id="a join's notice"),
        pytest.param(f"{ME} {REVOKED}", {"author": user(new_id(), "helper", bot=True)}, id="a bot that mentions it"),
    ],
)
async def test_everything_else_is_left_alone(scene: Scene, content: str, fields: dict[str, Any]) -> None:
    await scene.discord.say(GENERAL, content, **fields)
    asked_later = await scene.discord.say(GENERAL, SKEW)

    assert SKEW_TITLE in await scene.only_answer_to(asked_later)


async def test_a_notice_of_discord_itself_is_left_alone(scene: Scene) -> None:
    await scene.discord.say(DIRECT, REVOKED, author={**user(new_id(), "Discord"), "system": True})
    asked_later = await scene.discord.say(DIRECT, SKEW)

    assert SKEW_TITLE in await scene.only_answer_to(asked_later)


async def test_an_unfurled_link_brings_no_second_answer(scene: Scene) -> None:
    paste = await scene.discord.say(GENERAL, f"{REVOKED} see https://acme.example/status")
    await scene.discord.reply_to(paste)

    unfurled = {**paste, "embeds": [{"type": "link", "url": "https://acme.example/status", "title": "Status"}]}
    await scene.discord.show(unfurled, "MESSAGE_UPDATE")
    await scene.discord.show({**paste, "edited_timestamp": "2025-06-01T10:01:00+00:00"}, "MESSAGE_UPDATE")
    later = await scene.discord.say(GENERAL, SKEW)
    await scene.discord.reply_to(later)

    assert len(scene.discord.sent) == 2


async def test_a_message_that_is_sent_twice_by_the_gateway_is_answered_once(scene: Scene) -> None:
    paste = await scene.discord.say(GENERAL, REVOKED)
    await scene.discord.show(paste)
    later = await scene.discord.say(GENERAL, SKEW)
    await scene.discord.reply_to(later)
    await scene.discord.reply_to(paste)

    assert len(scene.discord.sent) == 2


async def test_a_mention_explains_the_rest_of_its_message(scene: Scene) -> None:
    asked = await scene.discord.say(GENERAL, f"{ME} {REVOKED}")

    assert REVOKED_TITLE in await scene.only_answer_to(asked)


async def test_a_mention_with_an_unknown_error_is_told_so_and_its_group(scene: Scene) -> None:
    asked = await scene.discord.say(GENERAL, f"{ME} {UNKNOWN}")

    text = (await scene.discord.reply_to(asked)).text

    [group] = await waiting(scene.store)
    assert "I do not know this error yet" in text
    assert f"`{group.name}`" in text


async def test_a_mention_with_an_error_that_may_be_either_of_two_is_offered_both(scene: Scene) -> None:
    asked = await scene.discord.say(GENERAL, f"{ME} {EITHER}")

    text = (await scene.discord.reply_to(asked)).text

    assert "The app is suspended" in text
    assert "The account is suspended" in text
    assert "Ask for its release" not in text


@pytest.mark.parametrize("carried", [pytest.param(True, id="in the event"), pytest.param(False, id="to be fetched")])
async def test_a_mention_in_a_reply_explains_what_it_replies_to(scene: Scene, carried: bool) -> None:
    paste = message(GENERAL, SKEW, author=OTHER_PERSON)
    scene.discord.messages[int(paste["id"])] = paste

    asked = await scene.discord.say(GENERAL, f"{ME} what is this?", **reply_fields(paste, carried=carried))

    assert SKEW_TITLE in await scene.only_answer_to(asked)


async def test_what_fails_is_told_to_who_asked_and_stops_nothing(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(tmp_path / "store.sqlite3") as broken:
        broken.execute("DROP TABLE sightings")

    await scene.discord.say(GENERAL, UNKNOWN)
    asked = await scene.discord.say(GENERAL, f"{ME} {UNKNOWN}")

    assert asked["id"] in (await scene.discord.reply_to(asked)).text
    later = await scene.discord.say(GENERAL, SKEW)
    assert SKEW_TITLE in (await scene.discord.reply_to(later)).text
    assert len(scene.discord.sent) == 2
    logged = "".join(capsys.readouterr())
    assert asked["id"] in logged
    assert "frobnicator" not in logged


async def test_a_bare_mention_says_how_to_ask(scene: Scene) -> None:
    asked = await scene.discord.say(GENERAL, ME)

    assert "Paste the error after my name" in (await scene.discord.reply_to(asked)).text


async def test_a_mention_in_a_reply_to_what_is_gone_says_that_it_cannot_be_read(scene: Scene) -> None:
    gone = message(GENERAL, SKEW, author=OTHER_PERSON)

    asked = await scene.discord.say(GENERAL, ME, **reply_fields(gone, carried=False))

    assert "I can't read that message" in (await scene.discord.reply_to(asked)).text


async def test_thanks_in_a_reply_to_an_answer_is_left_alone_and_an_error_is_not(scene: Scene) -> None:
    paste = await scene.discord.say(GENERAL, REVOKED)
    answer = (await scene.discord.reply_to(paste)).made

    # Discord adds the bot to `mentions` of a reply to it, though nobody wrote it.
    await scene.discord.say(GENERAL, "thanks, that was it!", mentions=[BOT], **reply_fields(answer))
    another = await scene.discord.say(GENERAL, SKEW, mentions=[BOT], **reply_fields(answer))

    assert SKEW_TITLE in (await scene.discord.reply_to(another)).text
    assert len(scene.discord.sent) == 2
    assert await waiting(scene.store) == []


async def test_a_forum_post_is_read_with_its_title(scene: Scene) -> None:
    post = new_id()
    await scene.discord.dispatch("THREAD_CREATE", {**thread(post, FORUM, REVOKED), "newly_created": True})
    first = await scene.discord.say(post, "what can I do?", number=post)

    assert REVOKED_TITLE in (await scene.discord.reply_to(first)).text


async def test_below_a_forum_post_it_answers_only_who_asks(scene: Scene) -> None:
    post = new_id()
    await scene.discord.dispatch("THREAD_CREATE", {**thread(post, FORUM, REVOKED), "newly_created": True})
    first = await scene.discord.say(post, "what can I do?", number=post)
    await scene.discord.say(post, CHAT)
    await scene.discord.say(post, SKEW)
    asked = await scene.discord.say(post, f"{ME} {SKEW}")

    assert SKEW_TITLE in (await scene.discord.reply_to(asked)).text
    assert REVOKED_TITLE in (await scene.discord.reply_to(first)).text
    assert len(scene.discord.sent) == 2


async def test_a_forwarded_message_is_read(scene: Scene) -> None:
    snapshot = {key: value for key, value in message(GENERAL, REVOKED).items() if key not in ("id", "channel_id")}
    reference = {"type": 1, "message_id": str(new_id()), "channel_id": str(GENERAL)}

    forwarded = await scene.discord.say(
        GENERAL, "", message_reference=reference, message_snapshots=[{"message": snapshot}]
    )

    assert REVOKED_TITLE in (await scene.discord.reply_to(forwarded)).text


async def test_without_embed_links_the_answer_is_plain_text(scene: Scene) -> None:
    paste = await scene.discord.say(BARE, REVOKED)

    reply = await scene.discord.reply_to(paste)

    assert not reply.body.get("embeds")
    assert REVOKED_TITLE in reply.body["content"]


async def test_where_the_layout_turns_out_to_be_forbidden_the_answer_is_plain_text(scene: Scene) -> None:
    refusal = {"message": "Missing Permissions", "code": 50013}
    scene.discord.forbids = lambda _channel, body: refusal if body.get("flags") else None

    paste = await scene.discord.say(GENERAL, REVOKED)

    assert REVOKED_TITLE in (await scene.discord.reply_to(paste)).body["content"]


async def test_where_it_may_not_write_nothing_is_said_or_kept(scene: Scene) -> None:
    await scene.discord.say(MUTED, REVOKED)
    await scene.discord.say(MUTED, f"{ME} {UNKNOWN}")
    later = await scene.discord.say(GENERAL, SKEW)

    await scene.only_answer_to(later)
    assert await waiting(scene.store) == []


@pytest.mark.parametrize(
    "content", [pytest.param(REVOKED, id="overheard"), pytest.param(f"{ME} {REVOKED}", id="asked")]
)
async def test_a_reply_that_discord_refuses_stops_nothing(scene: Scene, content: str) -> None:
    refusal = {"message": "Missing Access", "code": 50001}
    scene.discord.forbids = lambda _channel, body: refusal if REVOKED_TITLE in str(body) else None

    await scene.discord.say(GENERAL, content)
    later = await scene.discord.say(GENERAL, SKEW)

    assert SKEW_TITLE in await scene.only_answer_to(later)


async def test_when_full_it_refuses_at_once_and_goes_on_after(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(work, "MOST_AT_ONCE", 2)
    scene.discord.lets_through.clear()

    pastes = [await scene.discord.say(GENERAL, REVOKED) for _ in range(3)]
    printed = ""
    async with asyncio.timeout(WAIT):
        while "message.refused" not in printed:
            await asyncio.sleep(0.005)
            printed += capsys.readouterr().out
    scene.discord.lets_through.set()
    for taken in pastes[:2]:
        await scene.discord.reply_to(taken)
    later = await scene.discord.say(GENERAL, SKEW)
    await scene.discord.reply_to(later)

    assert len(scene.discord.sent) == 3
    assert pastes[2]["id"] in printed
