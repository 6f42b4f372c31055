"""On Discord: each paste is answered exactly once, through restarts, lost connections, failures and a locked database."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.discord import client, delivery, duties, work
from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.store import Place, Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import (
    REVOKED,
    REVOKED_TITLE,
    SKEW,
    SKEW_TITLE,
    UNKNOWN,
    bot_on,
    eventually,
    explaining,
)
from tests.discord_server.payloads import (
    BOT,
    BOT_ID,
    DIRECT,
    GENERAL,
    GUILD_ID,
    OTHER_PERSON,
    PERSON_ID,
    VOICE,
    Payload,
    message,
    new_id,
    reply_fields,
    snowflake,
)
from tests.waiting import answered, waiting

ME = f"<@{BOT_ID}>"
Scene = tuple[DiscordServer, Explainer, Store]


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    """A server and an Explainer with its store; each test runs the bot itself. What is done by the minute is done now."""
    monkeypatch.setattr(client, "LAST_GUILD", 0.05)
    monkeypatch.setattr(duties, "OFTEN", 0.05)
    monkeypatch.setattr(duties, "EACH_MINUTE", 0.1)
    monkeypatch.setattr(work, "EACH_MINUTE", 0.0)
    monkeypatch.setattr(delivery, "PAUSES", (0.01, 0.01, 0.01))
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server:
        assert explainer.store is not None
        yield server, explainer, store


def said(discord: DiscordServer, where: int, content: str, moment: float | None = None) -> Payload:
    """A message that was written while the bot was away."""
    number = new_id() if moment is None else snowflake(moment)
    made = message(where, content, number=number)
    discord.messages[number] = made
    return made


def replies(discord: DiscordServer) -> list[str]:
    """The messages that were replied to, in order."""
    return [str(sent.body["message_reference"]["message_id"]) for sent in discord.sent]


async def read_up_to(store: Store, channel: int, number: str) -> None:
    """Wait until it is stored that a channel was read up to a message."""
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    place = (None if channel == DIRECT else GUILD_ID, int(number))

    async def there() -> bool:
        return (await store.handled.cursors(long_ago)).get(channel) == place

    await eventually(there)


class TestRestart:
    @pytest.mark.parametrize("where", [pytest.param(GENERAL, id="in a channel"), pytest.param(DIRECT, id="in private")])
    async def test_what_was_written_meanwhile_is_answered(self, scene: Scene, where: int) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            chat = await discord.say(where, "good morning")
            await read_up_to(store, where, chat["id"])
        missed = [said(discord, where, text) for text in (REVOKED, "hm", SKEW)]

        async with bot_on(discord, explainer):
            assert SKEW_TITLE in (await discord.reply_to(missed[2])).text
            assert REVOKED_TITLE in (await discord.reply_to(missed[0])).text

        assert replies(discord) == [missed[0]["id"], missed[2]["id"]]

    async def test_a_channel_it_never_read_is_left_alone_and_so_is_what_is_old(self, scene: Scene) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            chat = await discord.say(GENERAL, "good morning", number=snowflake(time.time() - 900))
            await read_up_to(store, GENERAL, chat["id"])
        said(discord, VOICE, REVOKED)
        said(discord, GENERAL, REVOKED, time.time() - 660)
        said(discord, GENERAL, REVOKED, time.time() - 601)
        young = said(discord, GENERAL, SKEW, time.time() - 500)

        async with bot_on(discord, explainer):
            await discord.reply_to(young)

        assert replies(discord) == [young["id"]]

    async def test_at_most_a_hundred_messages_are_read_back(self, scene: Scene) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            chat = await discord.say(GENERAL, "good morning")
            await read_up_to(store, GENERAL, chat["id"])
        first = said(discord, GENERAL, REVOKED)
        for _ in range(99):
            said(discord, GENERAL, "chat")
        beyond = said(discord, GENERAL, SKEW)

        async with bot_on(discord, explainer):
            await discord.reply_to(first)
            await read_up_to(store, GENERAL, str(int(beyond["id"]) - 1))

        assert replies(discord) == [first["id"]]

    async def test_where_a_person_has_helped_meanwhile_it_is_quiet(self, scene: Scene) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            chat = await discord.say(GENERAL, "good morning")
            await read_up_to(store, GENERAL, chat["id"])
        helped = said(discord, GENERAL, REVOKED)
        theirs = message(GENERAL, "make a new one", author=OTHER_PERSON, **reply_fields(helped))
        discord.messages[int(theirs["id"])] = theirs
        not_helped = said(discord, GENERAL, SKEW)

        async with bot_on(discord, explainer):
            await discord.reply_to(not_helped)

        assert replies(discord) == [not_helped["id"]]

    async def test_a_claimed_message_without_a_reply_is_answered(self, scene: Scene) -> None:
        discord, explainer, store = scene
        paste = said(discord, GENERAL, REVOKED)
        place = Place(GUILD_ID, GENERAL, int(paste["id"]), PERSON_ID)
        assert await store.handled.claim(place, None, dt.datetime.now(dt.UTC))

        async with bot_on(discord, explainer):
            assert REVOKED_TITLE in (await discord.reply_to(paste)).text
            await sent(store, paste)

    async def test_a_claimed_message_whose_reply_stands_is_not_answered_again(self, scene: Scene) -> None:
        discord, explainer, store = scene
        paste = said(discord, GENERAL, REVOKED)
        place = Place(GUILD_ID, GENERAL, int(paste["id"]), PERSON_ID)
        assert await store.handled.claim(place, None, dt.datetime.now(dt.UTC))
        standing = message(GENERAL, "…", author=BOT, **reply_fields(paste))
        discord.messages[int(standing["id"])] = standing

        async with bot_on(discord, explainer):
            await sent(store, paste)

        assert discord.sent == []

    async def test_a_claimed_message_that_is_gone_is_given_up(self, scene: Scene) -> None:
        discord, explainer, store = scene
        gone = new_id()
        assert await store.handled.claim(Place(GUILD_ID, GENERAL, gone, PERSON_ID), None, dt.datetime.now(dt.UTC))

        async with bot_on(discord, explainer):
            await state(store, gone, "failed")

    async def test_killed_between_the_reply_and_its_mark_it_does_not_reply_again(self, scene: Scene) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            chat = await discord.say(GENERAL, "good morning")
            await read_up_to(store, GENERAL, chat["id"])
            discord.lets_through.clear()
            paste = await discord.say(GENERAL, REVOKED)
            await discord.arrived.wait()
        # The process is gone; its request arrives all the same.
        discord.lets_through.set()
        await discord.reply_to(paste)

        async with bot_on(discord, explainer):
            await sent(store, paste)

        assert replies(discord) == [paste["id"]]


class TestConnection:
    async def test_after_a_lost_session_what_was_missed_is_read_back(self, scene: Scene) -> None:
        discord, explainer, _ = scene
        async with bot_on(discord, explainer):
            before = await discord.say(GENERAL, REVOKED)
            await discord.reply_to(before)
            missed = said(discord, GENERAL, SKEW)
            await discord.gateway.forget()
            await discord.ready(2)

            assert SKEW_TITLE in (await discord.reply_to(missed)).text
        assert replies(discord) == [before["id"], missed["id"]]

    async def test_an_event_that_cannot_be_read_ends_nothing(self, scene: Scene) -> None:
        discord, explainer, _ = scene
        async with bot_on(discord, explainer):
            await discord.dispatch("MESSAGE_CREATE", {"id": "no number"})
            paste = await discord.say(GENERAL, REVOKED)

            assert REVOKED_TITLE in (await discord.reply_to(paste)).text


class TestFailures:
    @pytest.mark.parametrize("status", [500, 502, 503])
    async def test_where_discord_fails_it_tries_again(self, scene: Scene, status: int) -> None:
        discord, explainer, _ = scene
        failures = [status]
        discord.channels.fault = lambda method, _: (
            (failures.pop(), {"message": "x"}) if failures and method == "POST" else None
        )
        async with bot_on(discord, explainer):
            paste = await discord.say(GENERAL, REVOKED)
            await discord.reply_to(paste)

        assert replies(discord) == [paste["id"]]

    async def test_a_rate_limit_is_waited_for(self, scene: Scene) -> None:
        discord, explainer, _ = scene
        limits = [{"message": "You are being rate limited.", "retry_after": 0.05, "global": False}]
        discord.channels.fault = lambda method, _: (429, limits.pop()) if limits and method == "POST" else None
        async with bot_on(discord, explainer):
            paste = await discord.say(GENERAL, REVOKED)
            await discord.reply_to(paste)

        assert replies(discord) == [paste["id"]]

    async def test_a_reply_that_was_taken_and_not_acknowledged_is_not_doubled(self, scene: Scene) -> None:
        discord, explainer, store = scene
        failures = [503]
        discord.channels.after_taking = lambda *_: (failures.pop(), {"message": "x"}) if failures else None
        async with bot_on(discord, explainer):
            paste = await discord.say(GENERAL, REVOKED)
            await discord.reply_to(paste)
            await sent(store, paste)

        assert replies(discord) == [paste["id"]]
        assert discord.channels.doubled == 1

    async def test_when_discord_is_back_what_is_owed_is_answered(self, scene: Scene) -> None:
        discord, explainer, store = scene
        down = True
        discord.channels.fault = lambda method, _: (503, {"message": "x"}) if down and method == "POST" else None
        async with bot_on(discord, explainer):
            paste = await discord.say(GENERAL, REVOKED)
            await state(store, int(paste["id"]), "pending")
            down = False
            await discord.reply_to(paste)
            await sent(store, paste)

        assert replies(discord) == [paste["id"]]

    @pytest.mark.parametrize(
        "content", [pytest.param(REVOKED, id="overheard"), pytest.param(f"{ME} {UNKNOWN}", id="asked")]
    )
    async def test_a_database_locked_for_a_while_delays_and_loses_nothing(
        self, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
    ) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            await discord.reply_to(await discord.say(VOICE, SKEW))
            other = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None, check_same_thread=False)
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")  # the bot may be about to finish writing
            paste = await discord.say(GENERAL, content)
            await asyncio.sleep(0.3)
            assert len(discord.sent) == 1
            other.execute("COMMIT")
            other.close()
            await discord.reply_to(paste)
            await sent(store, paste)

        assert replies(discord)[1:] == [paste["id"]]

    async def test_ordinary_chat_writes_nothing_but_how_far_it_was_read(self, scene: Scene, tmp_path: Path) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            for number in range(50):
                last = await discord.say(GENERAL, f"has anyone tried release {number}? works fine here")
            await read_up_to(store, GENERAL, last["id"])

        with sqlite3.connect(tmp_path / "store.sqlite3") as db:
            counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}  # noqa: S608 (our own tables)
        assert counts == {**dict.fromkeys(TABLES, 0), "cursors": 1}


TABLES = ("handled", "answers", "sightings", "groups", "notices", "people", "cursors")


async def state(store: Store, number: int, wanted: str) -> None:
    """Wait until it is stored what became of a message."""

    async def there() -> bool:
        return await store.handled.state(number) == wanted

    await eventually(there)


async def sent(store: Store, paste: Payload) -> None:
    """Wait until it is stored that `paste` was answered."""
    await state(store, int(paste["id"]), "sent")


class TestNotices:
    async def test_who_asked_to_be_told_is_told_once_and_pinged_alone(self, scene: Scene) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            asked = await discord.say(GENERAL, f"{ME} {UNKNOWN}")
            await discord.reply_to(asked)
            [group] = await waiting(store)
            now = dt.datetime.now(dt.UTC)
            for _ in range(2):
                await store.notices.add(
                    group.name,
                    user=PERSON_ID,
                    lang="en",
                    at=now,
                    guild=GUILD_ID,
                    channel=GENERAL,
                    message=int(asked["id"]),
                )
            await answered(store, group, "acme/key-revoked")

            told = await discord.until(lambda: discord.sent[1] if len(discord.sent) > 1 else None)

            async def none_left() -> bool:
                return not await store.notices.due()

            await eventually(none_left)

        assert len(discord.sent) == 2
        assert told.body["content"].startswith(f"<@{PERSON_ID}> ")
        assert REVOKED_TITLE in told.text
        assert str(told.body["message_reference"]["message_id"]) == asked["id"]
        assert told.body["allowed_mentions"] == {"parse": [], "users": [PERSON_ID]}

    async def test_who_asked_in_private_is_told_in_private(self, scene: Scene) -> None:
        discord, explainer, store = scene
        await explainer.explain(Paste(UNKNOWN))
        [group] = await waiting(store)
        await store.notices.add(group.name, user=PERSON_ID, lang="zh", at=dt.datetime.now(dt.UTC))
        await answered(store, group, "acme/key-revoked")
        async with bot_on(discord, explainer):
            told = await discord.until(lambda: discord.sent[0] if discord.sent else None)

        assert told.where == str(DIRECT)
        assert "Acme 密钥已被吊销" in told.text


class TestGuilds:
    async def test_a_guild_that_was_left_is_remembered_for_thirty_days(self, scene: Scene) -> None:
        discord, explainer, store = scene
        async with bot_on(discord, explainer):
            asked = await discord.say(GENERAL, f"{ME} {UNKNOWN}")
            await discord.reply_to(asked)
            await sent(store, asked)
            await discord.dispatch("GUILD_DELETE", {"id": str(GUILD_ID)})
            later = await discord.say(DIRECT, REVOKED)
            await discord.reply_to(later)
        now = dt.datetime.now(dt.UTC)

        await store.expire(now + dt.timedelta(days=29))
        assert len(await waiting(store)) == 1
        await store.expire(now + dt.timedelta(days=31))

        assert await waiting(store) == []
        assert (await store.export(PERSON_ID))["sightings"] == []

    async def test_a_guild_it_was_taken_out_of_while_away_counts_as_left(self, scene: Scene) -> None:
        discord, explainer, store = scene
        await store.guilds.change(GUILD_ID + 5, mode="off")
        await store.guilds.change(GUILD_ID, mode="mention")
        async with bot_on(discord, explainer):
            await eventually(lambda: store.expire(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)))

        assert (await store.guilds.get(GUILD_ID)).mode == "mention"
        assert (await store.guilds.get(GUILD_ID + 5)).mode is None
