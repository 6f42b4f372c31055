"""On Discord: the weekly digest, of a server's own numbers, once, where and when the server wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

import bot.discord.duties
from bot.curate.desk import Desk as Curating
from bot.curate.live import Live
from bot.curate.models import Draft, content_of
from bot.discord.digest import Week, due_at
from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.answers import NewAnswer
from bot.store.models import Place
from bot.store.scopes import of_guild
from bot.store.store import Store
from bot.store.tables import guilds
from tests.discord_server import DiscordServer
from tests.discord_server.harness import UNKNOWN, bot_on, eventually, explaining
from tests.discord_server.interactions import MANAGE_GUILD, by, press
from tests.discord_server.payloads import (
    ALLOWED,
    BOT_ID,
    GENERAL,
    GUILD_ID,
    MUTED,
    OTHER_PERSON,
    PERSON,
    PERSON_ID,
    command,
    interaction,
    new_id,
)
from tests.discord_server.server import Sent

MANAGES = ALLOWED | MANAGE_GUILD
V2 = 1 << 15
LAST_WEEK = due_at(dt.datetime.now(dt.UTC)) - dt.timedelta(days=4)
BEFORE = LAST_WEEK - dt.timedelta(days=7)
ENTRY = {
    "kind": "add_entry",
    "provider": "frob",
    "title": {"en": "The frobnicator refuses the token"},
    "cause": {"en": "Another zone."},
    "steps": {"en": ["Make a token there."]},
    "codes": ["zz_unheard_of"],
}


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at each minute is looked at all the time."""
    monkeypatch.setattr(bot.discord.duties, "EACH_MINUTE", 0.02)


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[tuple[Explainer, Store]]:
    async with explaining(tmp_path) as found:
        yield found


async def answered(store: Store, decision: str, at: dt.datetime, guild: int = GUILD_ID, times: int = 1) -> None:
    for _ in range(times):
        place = Place(guild, GENERAL, new_id(), PERSON_ID)
        shown = "acme/key-revoked" if decision == "answer" else None
        await store.answers.add(NewAnswer(new_id(), decision, (), "en", place, at, shown=shown))


async def asks_for_it(store: Store, channel: int | None = GENERAL) -> None:
    """The server has a digest, and got the last one long ago."""
    await store.guilds.change(GUILD_ID, digest_channel=channel)
    async with store.database.write() as db:
        long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        await db.execute(update(guilds).where(guilds.c.guild_id == GUILD_ID).values(digest_at=long_ago))


async def claimed(store: Store) -> bool:
    return not await store.guilds.digests_due(due_at(dt.datetime.now(dt.UTC)))


def digests(server: DiscordServer) -> list[Sent]:
    return [sent for sent in server.sent if "The week from" in sent.text or "这一周" in sent.text]


async def the_digest(server: DiscordServer) -> Sent:
    return await server.until(lambda: next(iter(digests(server)), None))


async def test_it_says_what_was_answered_what_waits_and_what_is_new(kept: tuple[Explainer, Store]) -> None:
    explainer, store = kept
    await answered(store, "answer", LAST_WEEK, times=3)
    await answered(store, "unmatched", LAST_WEEK)
    await answered(store, "answer", BEFORE)
    await answered(store, "unmatched", BEFORE)
    await answered(store, "answer", LAST_WEEK, guild=GUILD_ID + 7, times=50)
    other = UNKNOWN.replace("zz_unheard_of", "zz_other").replace("the frobnicator", "@everyone `x` the flux capacitor")
    for number, text in enumerate([UNKNOWN, other]):
        place = Place(GUILD_ID, GENERAL, new_id(), number)
        await explainer.explain(Paste(text), place=place, seen_at=LAST_WEEK)
    scope = of_guild(GUILD_ID)
    assert isinstance(explainer.live, Live)
    [name] = [case.name for case in await store.queue.top(scope) if "frobnicator" in case.template]
    await Curating(store, explainer.live).decide(Draft(scope, name, content_of(ENTRY)), 1, None)
    await asks_for_it(store)

    async with DiscordServer() as server, bot_on(server, explainer):
        digest = await the_digest(server)

        assert digest.where == str(GENERAL)
        assert "Answered: **75%** of 4 errors. The week before: 50% of 2." in digest.text
        assert "The frobnicator refuses the token (`frob/the-frobnicator-refuses-the-token`)" in digest.text
        assert "flux capacitor" in digest.text and "1 people · 1 times" in digest.text
        assert digest.body["allowed_mentions"]["parse"] == []
        opened = await server.interact(
            by(press(digest, digest.buttons["Open the case 1"]), PERSON, permissions=MANAGES)
        )
        assert "flux capacitor" in opened.text
        refused = await server.interact(by(press(digest, digest.buttons["Open the case 1"]), OTHER_PERSON))
        assert "can review here" in refused.text


async def test_many_processes_send_it_once_and_a_restart_sends_none(kept: tuple[Explainer, Store]) -> None:
    explainer, store = kept
    await answered(store, "answer", LAST_WEEK)
    await asks_for_it(store)

    async with DiscordServer() as server:
        async with bot_on(server, explainer), bot_on(server, explainer):
            await the_digest(server)
        async with bot_on(server, explainer):
            said = await server.say(GENERAL, f"<@{BOT_ID}> {UNKNOWN}")
            await server.reply_to(said)
        assert len(digests(server)) == 1


async def test_a_week_in_which_nothing_happened_has_none(kept: tuple[Explainer, Store]) -> None:
    explainer, store = kept
    await answered(store, "answer", BEFORE)
    await answered(store, "answer", LAST_WEEK, guild=GUILD_ID + 7)
    await asks_for_it(store)

    async with DiscordServer() as server, bot_on(server, explainer):
        await eventually(lambda: claimed(store))

    assert digests(server) == []


async def test_where_discord_fails_it_is_sent_later(kept: tuple[Explainer, Store]) -> None:
    explainer, store = kept
    await answered(store, "answer", LAST_WEEK)
    await asks_for_it(store)
    at = dt.datetime.now(dt.UTC)
    due = due_at(at)

    assert await store.guilds.claim_digest(GUILD_ID, at, due)
    assert not await store.guilds.claim_digest(GUILD_ID, at, due)
    await store.guilds.give_back_digest(GUILD_ID, at)

    async with DiscordServer() as server, bot_on(server, explainer):
        await the_digest(server)


async def test_where_the_bot_may_not_write_it_is_left_out_and_noted_for_the_settings(
    kept: tuple[Explainer, Store],
) -> None:
    explainer, store = kept
    await answered(store, "answer", LAST_WEEK)
    await asks_for_it(store)

    async def noted() -> bool:
        return bool(await store.guilds.hindrances(GUILD_ID, BEFORE))

    async with DiscordServer() as server:
        server.forbids = lambda _channel, _body: {"message": "Missing Access", "code": 50001}
        async with bot_on(server, explainer):
            await eventually(noted)
        assert digests(server) == []


async def test_it_is_in_the_servers_language(kept: tuple[Explainer, Store]) -> None:
    explainer, store = kept
    await answered(store, "answer", LAST_WEEK)
    await store.guilds.change(GUILD_ID, lang="zh")
    await asks_for_it(store)

    async with DiscordServer() as server, bot_on(server, explainer):
        assert "已回答：1 个报错中的 **100%**" in (await the_digest(server)).text


async def test_its_channel_is_set_in_the_settings_and_taken_back_there(kept: tuple[Explainer, Store]) -> None:
    explainer, store = kept
    await answered(store, "answer", LAST_WEEK)
    async with DiscordServer() as server, bot_on(server, explainer):

        async def pressed(under: Sent, number: str, *values: str) -> Sent:
            chosen = list(values) if values or number.startswith("ab:set-digest") else None
            return await server.interact(by(press(under, number, values=chosen), PERSON, permissions=MANAGES))

        opened = await server.interact(by(interaction(2, command("settings")), PERSON, permissions=MANAGES))
        panel = await pressed(opened, opened.buttons["Review …"])
        assert "Mondays at 09:00 UTC: nowhere" in panel.text

        select = panel.selects["set-digest"]["custom_id"]
        refused = await pressed(panel, select, str(MUTED))
        assert "I may not write in that channel" in refused.text
        assert "I may not write" in (await pressed(panel, select, "4711")).text
        assert (await store.guilds.get(GUILD_ID)).digest_channel is None

        panel = await pressed(panel, select, str(GENERAL))
        assert f"<#{GENERAL}>" in panel.text
        assert await claimed(store)  # the first one comes on the next Monday

        assert "UTC: nowhere" in (await pressed(panel, select)).text
        assert digests(server) == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("2026-03-02T09:00+00:00", "2026-03-02T09:00+00:00", id="Monday at nine"),
        pytest.param("2026-03-02T08:59+00:00", "2026-02-23T09:00+00:00", id="just before"),
        pytest.param("2026-03-08T23:59+00:00", "2026-03-02T09:00+00:00", id="Sunday night"),
        pytest.param("2026-03-02T08:30-02:00", "2026-03-02T09:00+00:00", id="another zone"),
    ],
)
def test_it_is_due_on_mondays_at_nine(now: str, due: str) -> None:
    assert due_at(dt.datetime.fromisoformat(now)) == dt.datetime.fromisoformat(due)


def test_a_week_of_nothing_is_quiet() -> None:
    assert Week(of_guild(1), dt.date(2026, 3, 2), (), (), (), ()).quiet


async def test_setting_it_anew_does_not_bring_an_old_one(kept: tuple[Explainer, Store]) -> None:
    _, store = kept
    await store.guilds.set_digest(GUILD_ID, GENERAL, dt.datetime.now(dt.UTC))

    assert await claimed(store)
