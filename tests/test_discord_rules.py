"""On Discord: where it speaks, by what a server has set for itself, a channel, a category or a forum."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.discord.cooldowns import Limits
from bot.discord.speaking import SLOW
from bot.store.guilds import ChannelSettings
from bot.store.people import Wishes
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, REVOKED_TITLE, SKEW, SKEW_TITLE, bot_on, explaining, idle
from tests.discord_server.payloads import (
    BOT,
    BOT_ID,
    CATEGORY,
    DIRECT,
    FORUM,
    GENERAL,
    GUILD_ID,
    MUTED,
    OTHER_PERSON,
    PERSON_ID,
    THREAD,
    VOICE,
    new_id,
    reply_fields,
    thread,
)

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ME = f"<@{BOT_ID}>"
BETA = """
provider:
  id: beta
  name: {en: Beta Cloud, zh: 贝塔云}
  aliases: [betacloud]
  hosts: [api.beta.example]
  docs: https://docs.beta.example/
entries:
  - id: suspended
    title: {en: Beta has suspended it, zh: 贝塔已停用}
    status: [403]
    messages: ["Access was suspended by the administrator"]
    needs_provider: true
    causes:
      - cause: {en: It was suspended., zh: 已被停用。}
        fix: {en: [Ask Beta for its release.], zh: [向贝塔申请恢复。]}
    examples: ['HTTP 403 from api.beta.example Access was suspended by the administrator']
    sources: [https://docs.beta.example/suspended]
    verified: 2025-01-01
"""
SUSPENDED = 'HTTP 403 {"message":"Access was suspended by the administrator"}'


Scene = tuple[DiscordServer, Store]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with (
        explaining(tmp_path, beta=BETA) as (explainer, store),
        DiscordServer() as server,
        bot_on(server, explainer),
    ):
        yield server, store


async def quiet(discord: DiscordServer, where: int = GENERAL) -> None:
    """Hold that nothing was said up to now: by asking, which is answered after all that came before."""
    before = len(discord.sent)
    asked = await discord.say(where, f"{ME} {SKEW}", author=OTHER_PERSON)
    await discord.reply_to(asked)
    await idle()
    assert len(discord.sent) == before + 1


async def test_in_a_channel_set_to_mention_it_answers_only_who_mentions_it(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change_channel(GUILD_ID, GENERAL, ChannelSettings(mode="mention"))

    await discord.say(GENERAL, REVOKED)
    await quiet(discord)


async def test_in_a_channel_set_to_mention_a_reply_to_its_answer_counts(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change_channel(GUILD_ID, GENERAL, ChannelSettings(mode="mention"))
    asked = await discord.say(GENERAL, f"{ME} {SKEW}")
    answer = (await discord.reply_to(asked)).made

    another = await discord.say(GENERAL, REVOKED, mentions=[BOT], **reply_fields(answer))

    assert REVOKED_TITLE in (await discord.reply_to(another)).text


async def test_in_a_channel_that_is_off_it_says_nothing_at_all(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change_channel(GUILD_ID, VOICE, ChannelSettings(mode="off"))

    await discord.say(VOICE, REVOKED)
    await discord.say(VOICE, f"{ME} {REVOKED}")
    await quiet(discord)


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(GENERAL, id="its channel"),
        pytest.param(CATEGORY, id="its category"),
        pytest.param(0, id="the server"),
    ],
)
async def test_a_thread_follows_what_is_set_for(scene: Scene, of: int) -> None:
    discord, store = scene
    if of:
        await store.guilds.change_channel(GUILD_ID, of, ChannelSettings(mode="off"))
    else:
        await store.guilds.change(GUILD_ID, mode="off")

    await discord.say(THREAD, REVOKED)
    await quiet(discord, DIRECT)


async def test_what_is_set_for_the_nearest_counts(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change(GUILD_ID, mode="off")
    await store.guilds.change_channel(GUILD_ID, CATEGORY, ChannelSettings(mode="mention"))
    await store.guilds.change_channel(GUILD_ID, GENERAL, ChannelSettings(mode="listen"))

    paste = await discord.say(GENERAL, REVOKED)

    assert REVOKED_TITLE in (await discord.reply_to(paste)).text


async def test_a_thread_nobody_has_told_it_of_follows_its_channel(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change_channel(GUILD_ID, GENERAL, ChannelSettings(mode="off"))
    unheard = new_id()
    discord.threads[unheard] = thread(unheard, GENERAL, "an old one")

    await discord.say(unheard, REVOKED)
    await quiet(discord, DIRECT)


async def test_without_set_up_a_forum_is_looked_at_by_its_posts_and_a_change_is_in_force_at_once(scene: Scene) -> None:
    discord, store = scene
    post = new_id()
    await discord.dispatch("THREAD_CREATE", {**thread(post, FORUM, "help!"), "newly_created": True})
    first = await discord.say(post, REVOKED, number=post)
    assert REVOKED_TITLE in (await discord.reply_to(first)).text
    await discord.say(post, SKEW)
    await quiet(discord, DIRECT)

    await store.guilds.change_channel(GUILD_ID, FORUM, ChannelSettings(mode="listen"))
    below = await discord.say(post, SKEW)

    assert SKEW_TITLE in (await discord.reply_to(below)).text


async def test_a_forum_posts_attachment_is_read(scene: Scene) -> None:
    discord, _ = scene
    post = new_id()
    await discord.dispatch("THREAD_CREATE", {**thread(post, FORUM, "help!"), "newly_created": True})

    first = await discord.say(post, "see the log", number=post, attachments=[discord.keep("a.log", REVOKED.encode())])

    assert REVOKED_TITLE in (await discord.reply_to(first)).text


async def test_the_channels_provider_tells_which_of_two_it_is(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change_channel(GUILD_ID, CATEGORY, ChannelSettings(provider="beta"))

    asked = await discord.say(GENERAL, f"{ME} {SUSPENDED}")

    assert "Beta has suspended it" in (await discord.reply_to(asked)).text


async def test_the_channels_language_is_answered_in(scene: Scene) -> None:
    discord, store = scene
    await store.guilds.change_channel(GUILD_ID, GENERAL, ChannelSettings(lang="zh"))

    paste = await discord.say(GENERAL, REVOKED)

    assert "Acme 密钥已被吊销" in (await discord.reply_to(paste)).text


async def test_who_wants_to_be_ignored_is_heard_only_when_they_ask(scene: Scene) -> None:
    discord, store = scene
    await store.people.wish(PERSON_ID, Wishes(ignored=True))

    await discord.say(GENERAL, REVOKED)
    asked = await discord.say(GENERAL, f"{ME} {SKEW}")

    assert SKEW_TITLE in (await discord.reply_to(asked)).text
    assert len(discord.sent) == 1


async def test_where_it_may_not_write_the_settings_panel_learns_of_it(scene: Scene) -> None:
    discord, store = scene
    await discord.say(MUTED, "just talking")
    await discord.say(MUTED, REVOKED)
    await quiet(discord)

    [found] = await store.guilds.hindrances(GUILD_ID, since=LONG_AGO)

    assert (found.channel, found.permission) == (MUTED, "send_messages")


async def test_without_read_message_history_it_writes_beside_the_message(scene: Scene) -> None:
    discord, _ = scene
    refusal = {"message": "Cannot reply without permission to read message history", "code": 160002}
    discord.forbids = lambda _channel, body: refusal if body.get("message_reference") else None

    await discord.say(GENERAL, REVOKED)

    await discord.until(lambda: discord.sent or None)
    assert REVOKED_TITLE in discord.sent[0].text


async def test_joining_a_guild_it_says_nothing(scene: Scene) -> None:
    discord, _ = scene
    other = str(GUILD_ID + 1)
    await discord.dispatch("GUILD_CREATE", {**discord.guild(), "id": other, "channels": [], "threads": []})
    await quiet(discord)


class TestCooldowns:
    @pytest.fixture
    async def scene(self, tmp_path: Path) -> AsyncIterator[DiscordServer]:
        async with (
            explaining(tmp_path) as (explainer, _),
            DiscordServer() as server,
            bot_on(server, explainer, Limits(person=2, channel=3, guild=4)),
        ):
            yield server

    async def test_beyond_its_limit_there_is_one_reaction_and_no_words(self, scene: DiscordServer) -> None:
        pastes = [await scene.say(GENERAL, text) for text in (REVOKED, SKEW, f"{ME} {REVOKED}", REVOKED, SKEW)]
        await scene.reply_to(pastes[0])
        await scene.reply_to(pastes[1])
        other = await scene.say(GENERAL, REVOKED, author=OTHER_PERSON)
        await scene.reply_to(other)

        await scene.until(lambda: scene.channels.reactions or None)
        assert len(scene.sent) == 3
        assert scene.channels.reactions == [(int(pastes[2]["id"]), SLOW)]

    async def test_a_channel_and_a_server_have_limits_too(self, scene: DiscordServer) -> None:
        people: list[dict[str, Any]] = [{**OTHER_PERSON, "id": str(new_id())} for _ in range(6)]
        for person in people[:4]:
            await scene.say(GENERAL, REVOKED, author=person)
        await scene.reply_to(await scene.say(DIRECT, SKEW))
        await idle()
        in_another = await scene.say(VOICE, REVOKED, author=people[4])
        await scene.reply_to(in_another)
        await scene.say(VOICE, REVOKED, author=people[5])
        direct = await scene.say(DIRECT, REVOKED, author=people[5])
        await scene.reply_to(direct)

        by_channel = [sent.where for sent in scene.sent]
        assert sorted(by_channel) == sorted([str(GENERAL)] * 3 + [str(VOICE), str(DIRECT), str(DIRECT)])

    async def test_a_server_may_set_its_own(self, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        async with explaining(tmp_path / "other") as (explainer, store), DiscordServer() as server:
            await store.guilds.change(GUILD_ID, per_person=1)
            async with bot_on(server, explainer):
                first = await server.say(GENERAL, REVOKED)
                await server.reply_to(first)
                await server.say(GENERAL, SKEW)
                await quiet(server)
