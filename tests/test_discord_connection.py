"""On Discord: starting, staying connected, stopping; and what is printed about it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.discord.client import DiscordError, run_bot
from bot.discord.endpoint import OFFICIAL, api_base
from bot.knowledge.load import KnowledgeError
from bot.service import Explainer
from tests.discord_server import DiscordServer
from tests.discord_server.harness import KNOWLEDGE, REVOKED, REVOKED_TITLE, SKEW, SKEW_TITLE, bot_on, explaining, opened
from tests.discord_server.payloads import BOT_ID, DIRECT, GENERAL, command, interaction

ROOT = Path(__file__).parents[1]
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
REACTIONS = 1 << 10 | 1 << 13


@pytest.fixture
async def explainer(tmp_path: Path) -> AsyncIterator[Explainer]:
    async with explaining(tmp_path) as (made, _):
        yield made


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.mark.parametrize(
    ("given", "base"),
    [
        pytest.param(None, OFFICIAL, id="none"),
        pytest.param("", OFFICIAL, id="empty"),
        pytest.param("http://127.0.0.1:1234/api/v10", "http://127.0.0.1:1234/api/v10", id="whole"),
        pytest.param("http://127.0.0.1:1234/api/v10/", "http://127.0.0.1:1234/api/v10", id="with a slash"),
        pytest.param("http://127.0.0.1:1234", "http://127.0.0.1:1234/api/v10", id="host alone"),
        pytest.param("https://chat.example/api", "https://chat.example/api/v10", id="without the version"),
        pytest.param(" https://chat.example/discord/v10 ", "https://chat.example/discord/v10", id="another path"),
    ],
)
def test_the_address_of_another_server_may_be_short(given: str | None, base: str) -> None:
    assert api_base(given) == base


@pytest.mark.parametrize("given", ["chat.example", "ftp://chat.example", "http://", "127.0.0.1:1234", "http://[::1"])
def test_what_is_no_address_is_said_to_be_none(given: str) -> None:
    with pytest.raises(DiscordError, match="DISCORD_API_URL is not a web address"):
        api_base(given)


async def test_it_asks_for_no_more_than_it_needs(discord: DiscordServer, explainer: Explainer) -> None:
    async with bot_on(discord, explainer):
        assert (
            discord.gateway.session.intents == GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES | REACTIONS | MESSAGE_CONTENT
        )


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("wrong", id="another"),
        pytest.param("", id="empty"),
        pytest.param("Bot x", id="with a space"),
        pytest.param("令牌", id="no letters of a token"),
    ],
)
async def test_a_bad_token_is_said_in_one_sentence(discord: DiscordServer, explainer: Explainer, token: str) -> None:
    with pytest.raises(DiscordError) as caught:
        await run_bot(token, opened(explainer), api_url=discord.host)

    assert "token" in str(caught.value).lower()
    assert "\n" not in str(caught.value)
    assert token == "" or token not in str(caught.value)


async def test_a_token_that_only_the_gateway_refuses_is_said_too(discord: DiscordServer, explainer: Explainer) -> None:
    discord.token = "accepted-by-rest"

    with pytest.raises(DiscordError, match="Discord refused the token"):
        await run_bot(discord.token, opened(explainer), api_url=discord.host)


async def test_a_server_that_is_not_there_is_said_in_one_sentence(explainer: Explainer) -> None:
    async with DiscordServer() as gone:
        host = gone.host

    with pytest.raises(DiscordError, match="can't be reached"):
        await run_bot("x", opened(explainer), api_url=host)


async def test_a_server_that_is_no_discord_is_said_in_one_sentence(
    discord: DiscordServer, explainer: Explainer
) -> None:
    with pytest.raises(DiscordError, match="404"):
        await run_bot(discord.token, opened(explainer), api_url=f"{discord.host}/elsewhere")


async def test_what_comes_while_the_knowledge_is_being_opened_is_answered_when_it_is(
    discord: DiscordServer, explainer: Explainer
) -> None:
    opening: asyncio.Future[Explainer] = asyncio.get_running_loop().create_future()
    async with bot_on(discord, opening):
        paste = await discord.say(GENERAL, REVOKED)
        asked = asyncio.create_task(discord.interact(interaction(2, command("explain", error=SKEW))))
        await asyncio.sleep(0.1)
        assert discord.sent == []

        opening.set_result(explainer)

        assert REVOKED_TITLE in (await discord.reply_to(paste)).text
        assert SKEW_TITLE in (await asked).text


async def test_what_keeps_the_knowledge_from_being_opened_ends_the_connection(discord: DiscordServer) -> None:
    opening: asyncio.Future[Explainer] = asyncio.get_running_loop().create_future()
    bot = asyncio.create_task(run_bot(discord.token, opening, api_url=discord.host))
    await discord.ready()

    opening.set_exception(KnowledgeError(["acme.yaml:3: provider.id: is missing"]))

    with pytest.raises(KnowledgeError, match=r"provider\.id: is missing"):
        await bot


async def test_what_fails_on_this_side_is_not_said_to_be_discord(discord: DiscordServer) -> None:
    opening: asyncio.Future[Explainer] = asyncio.get_running_loop().create_future()
    opening.set_exception(PermissionError("the cache folder"))

    with pytest.raises(PermissionError):
        await run_bot(discord.token, opening, api_url=discord.host)


async def test_told_to_stop_while_the_knowledge_is_being_opened_it_stops(discord: DiscordServer) -> None:
    opening: asyncio.Future[Explainer] = asyncio.get_running_loop().create_future()
    bot = asyncio.create_task(run_bot(discord.token, opening, api_url=discord.host))
    await discord.ready()
    await discord.say(GENERAL, REVOKED)

    os.kill(os.getpid(), signal.SIGTERM)

    await bot
    assert discord.sent == []


async def test_without_the_content_intent_it_starts_and_works_where_it_can(
    discord: DiscordServer, explainer: Explainer, capsys: pytest.CaptureFixture[str]
) -> None:
    discord.gateway.allows_message_content = False

    async with bot_on(discord, explainer):
        assert discord.gateway.session.intents == GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES | REACTIONS
        await discord.say(GENERAL, REVOKED)
        asked = await discord.say(GENERAL, f"<@{BOT_ID}> {SKEW}")
        direct = await discord.say(DIRECT, REVOKED)

        assert SKEW_TITLE in (await discord.reply_to(asked)).text
        assert REVOKED_TITLE in (await discord.reply_to(direct)).text
        assert len(discord.sent) == 2
    [line] = [line for line in capsys.readouterr().out.splitlines() if "no_message_content" in line]
    assert "/explain" in line


async def test_a_message_that_came_while_the_connection_was_cut_is_answered_once(
    discord: DiscordServer, explainer: Explainer
) -> None:
    async with bot_on(discord, explainer):
        before = await discord.say(GENERAL, REVOKED)
        await discord.reply_to(before)

        await discord.gateway.drop()
        missed = await discord.say(GENERAL, SKEW)

        assert SKEW_TITLE in (await discord.reply_to(missed)).text
        assert discord.gateway.resumed == 1
        assert len(discord.sent) == 2


async def test_where_the_session_is_lost_it_opens_a_new_one_on_the_same_server(
    discord: DiscordServer, explainer: Explainer
) -> None:
    async with bot_on(discord, explainer):
        await discord.gateway.forget()
        await discord.ready(2)
        paste = await discord.say(GENERAL, REVOKED)

        assert REVOKED_TITLE in (await discord.reply_to(paste)).text


async def test_no_log_has_what_people_write_or_the_token_whatever_the_level(
    discord: DiscordServer,
    explainer: Explainer,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)

    async with bot_on(discord, explainer):
        paste = await discord.say(GENERAL, f"{REVOKED} in zanzibar")
        await discord.reply_to(paste)
        await discord.gateway.drop()
        await discord.resumed(1)

    printed = caplog.text + "".join(capsys.readouterr())
    assert "discord.gateway" in caplog.text
    for secret in ("zanzibar", "ACME_KEY_REVOKED", "Make a new key", discord.token):
        assert secret not in printed


@contextlib.asynccontextmanager
async def process(
    server: DiscordServer, folder: Path, token: str, knowledge: str = KNOWLEDGE
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot run` in a folder of its own, with the small knowledge."""
    (folder / "kb").mkdir()
    (folder / "kb" / "acme.yaml").write_text(knowledge, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": token,
        "DISCORD_API_URL": server.host,
        "AUTHBOT_KNOWLEDGE": str(folder / "kb"),
        "AUTHBOT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.sqlite3'}",
    }
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env=environment, stdout=pipe, stderr=pipe
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_command_answers_and_stops_when_told_after_the_reply_in_work(
    discord: DiscordServer, tmp_path: Path, number: signal.Signals
) -> None:
    async with process(discord, tmp_path, discord.token) as bot:
        await discord.ready()
        discord.lets_through.clear()
        paste = await discord.say(GENERAL, REVOKED)
        await discord.arrived.wait()

        bot.send_signal(number)
        discord.lets_through.set()

        assert REVOKED_TITLE in (await discord.reply_to(paste)).text
        output, errors = await bot.communicate()
        assert bot.returncode == 0
        assert b"Traceback" not in output + errors
        assert discord.token.encode() not in output + errors


async def test_the_command_with_a_bad_token_ends_with_one_line_and_status_2(
    discord: DiscordServer, tmp_path: Path
) -> None:
    async with process(discord, tmp_path, "wrong") as bot:
        _, errors = await bot.communicate()

    assert bot.returncode == 2
    assert b"Discord refused the token" in errors
    assert b"Traceback" not in errors


async def test_the_command_with_knowledge_that_cannot_be_read_ends_with_one_line_and_status_2(
    discord: DiscordServer, tmp_path: Path
) -> None:
    async with process(discord, tmp_path, discord.token, KNOWLEDGE.replace("provider:", "provider: [", 1)) as bot:
        _, errors = await bot.communicate()

    assert bot.returncode == 2
    [line] = [line for line in errors.decode().splitlines() if line.startswith("authbot: ")]
    assert "acme.yaml:" in line
    assert b"Traceback" not in errors
