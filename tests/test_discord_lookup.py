"""On Discord: finding entries and providers, and what the bot says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import __version__
from bot.discord.slash_about import lasting
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED_TITLE, SKEW_TITLE, bot_on, explaining
from tests.discord_server.interactions import directly, press
from tests.discord_server.payloads import Payload, command, interaction
from tests.discord_server.server import Sent

EPHEMERAL = 1 << 6


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[DiscordServer]:
    async with explaining(tmp_path) as (explainer, _), DiscordServer() as server, bot_on(server, explainer):
        yield server


def typing(name: str, option: str, typed: str, *, locale: str = "en-US") -> Payload:
    data = command(name, **{option: typed})
    data["options"][-1]["focused"] = True
    return interaction(4, data, locale=locale)


async def offered(discord: DiscordServer, name: str, option: str, typed: str, **more: str) -> dict[str, str]:
    shown = await discord.interact(typing(name, option, typed, **more))
    assert shown.body["type"] == 8
    return {choice["value"]: choice["name"] for choice in shown.body["data"]["choices"]}


async def asked(discord: DiscordServer, name: str, /, *, locale: str = "en-US", **options: str) -> Sent:
    return await discord.interact(interaction(2, command(name, **options), locale=locale))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("ACME_CLOCK", "acme/clock-skew", id="a code begun"),
        pytest.param("acme_key_revoked", "acme/key-revoked", id="a code, any case"),
        pytest.param("clock wrong", "acme/clock-skew", id="words of the title"),
        pytest.param("时钟", "acme/clock-skew", id="the Chinese title"),
        pytest.param("顶峰云 停用", "acme/app-suspended", id="the Chinese provider and a word"),
        pytest.param("401", "acme/clock-skew", id="a status"),
    ],
)
async def test_entries_are_offered_as_one_types(discord: DiscordServer, typed: str, first: str) -> None:
    assert next(iter(await offered(discord, "lookup", "entry", typed))) == first


async def test_entries_are_offered_with_code_title_and_provider_in_the_persons_language(discord: DiscordServer) -> None:
    english = await offered(discord, "lookup", "entry", "revoked")
    chinese = await offered(discord, "lookup", "entry", "revoked", locale="zh-CN")

    assert english == {"acme/key-revoked": "ACME_KEY_REVOKED · The Acme key was revoked · Acme Cloud"}
    assert chinese == {"acme/key-revoked": "ACME_KEY_REVOKED · Acme 密钥已被吊销 · 顶峰云"}


async def test_what_nobody_knows_is_offered_nothing(discord: DiscordServer) -> None:
    assert await offered(discord, "lookup", "entry", "no such thing " * 30) == {}


@pytest.mark.parametrize("typed", ["acme/clock-skew", "ACME_CLOCK_SKEW", "the clock is wrong"])
async def test_an_entry_is_shown_by_its_id_or_by_what_finds_it(discord: DiscordServer, typed: str) -> None:
    shown = await asked(discord, "lookup", entry=typed)

    assert SKEW_TITLE in shown.text
    assert "Switch on NTP." in shown.text
    assert shown.body["flags"] & EPHEMERAL


async def test_an_entry_that_was_looked_up_has_buttons_that_work(discord: DiscordServer) -> None:
    shown = await asked(discord, "lookup", entry="acme/key-revoked")

    more = await discord.interact(press(shown, shown.buttons["More"]))

    assert "export ACME_KEY" in more.text
    chinese = await discord.interact(press(shown, shown.buttons["中文"]))
    assert "新建一个密钥。" in chinese.text


async def test_an_entry_that_is_not_there_is_said_not_to_be(discord: DiscordServer) -> None:
    assert "I know no such error" in (await asked(discord, "lookup", entry="zzz")).text


async def test_a_provider_is_shown_with_its_errors_to_choose_from(discord: DiscordServer) -> None:
    shown = await asked(discord, "provider", name="顶峰云")

    assert "Acme Cloud" in shown.text
    assert "Known errors: **4**" in shown.text
    assert "`api.acme.example`" in shown.text
    select = shown.selects["other"]
    assert len(select["options"]) == 4

    chosen = await discord.interact(press(shown, select["custom_id"], values=["acme/key-revoked"]))

    assert REVOKED_TITLE in chosen.text


async def test_providers_are_offered_as_one_types(discord: DiscordServer) -> None:
    assert await offered(discord, "provider", "name", "顶", locale="zh-CN") == {"acme": "顶峰云"}


@pytest.mark.parametrize(
    ("name", "locale", "words"),
    [
        pytest.param("help", "en-US", "/explain", id="help"),
        pytest.param("help", "zh-TW", "粘贴认证报错", id="help in Chinese"),
        pytest.param("about", "en-US", "errors of", id="about"),
        pytest.param("privacy", "en-US", "Credentials are taken out", id="privacy"),
        pytest.param("privacy", "zh-CN", "绝不保存", id="privacy in Chinese"),
    ],
)
async def test_the_bot_tells_about_itself_in_private(
    discord: DiscordServer, name: str, locale: str, words: str
) -> None:
    shown = await asked(discord, name, locale=locale)

    assert words in shown.text
    assert shown.body["flags"] & EPHEMERAL


async def test_about_says_version_entries_providers_and_uptime(discord: DiscordServer) -> None:
    text = (await asked(discord, "about")).text

    assert f"**{__version__}**" in text
    assert "**4** errors of **1** providers" in text
    assert "running for 0 min" in text


async def test_commands_work_in_direct_messages(discord: DiscordServer) -> None:
    shown = await discord.interact(directly(interaction(2, command("lookup", entry="acme/clock-skew"))))

    assert SKEW_TITLE in shown.text


def test_a_stretch_of_time_is_told_in_days_hours_and_minutes() -> None:
    assert lasting(dt.timedelta(days=3, hours=4, minutes=5, seconds=6)) == "3 d 4 h 5 min"
    assert lasting(dt.timedelta(seconds=59)) == "0 min"
