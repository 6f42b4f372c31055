"""What an operator's tools see of the bot: health, readiness, figures."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot import metrics
from bot.health import AddressError, serving
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import press
from tests.discord_server.payloads import BOT_ID, GENERAL, command, interaction


async def get(address: str | None, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}") as response:
        return response.status, await response.text()


def figure(text: str, name: str) -> float:
    """The value of a figure, 0 where it isn't there yet."""
    return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} ")), 0.0)


async def test_it_is_healthy_at_once_and_ready_once_connected(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, store), serving("127.0.0.1:0", explainer, store) as address:
        assert await get(address, "/healthz") == (200, "ok\n")
        async with DiscordServer() as server, bot_on(server, explainer):
            await server.until(lambda: metrics.connected() or None)
            assert await get(address, "/readyz") == (200, "ready\n")
        status, text = await get(address, "/readyz")
        assert (status, text) == (503, "not ready: gateway\n")


async def test_figures_count_what_happened_and_hold_no_content(tmp_path: Path) -> None:
    async with (
        explaining(tmp_path) as (explainer, store),
        serving("127.0.0.1:0", explainer, store) as address,
        DiscordServer() as server,
        bot_on(server, explainer),
    ):
        await server.until(lambda: metrics.connected() or None)
        _, before = await get(address, "/metrics")
        answer = await server.reply_to(await server.say(GENERAL, f"<@{BOT_ID}> {REVOKED}"))
        await server.interact(interaction(2, command("explain", error=UNKNOWN)))
        await server.interact(press(answer, answer.buttons["More"]))
        _, after = await get(address, "/metrics")

    def grown(name: str) -> float:
        return figure(after, name) - figure(before, name)

    assert grown('authbot_verdicts_total{decision="answer",provider="acme"}') == 1
    assert grown('authbot_verdicts_total{decision="unmatched",provider=""}') == 1
    assert grown("authbot_answer_seconds_count") == 1
    assert grown('authbot_commands_total{command="explain"}') == 1
    assert grown('authbot_presses_total{verb="more"}') == 1
    assert figure(after, "authbot_gateway_ready") == 1
    assert figure(after, "authbot_guilds") == 1
    assert figure(after, "authbot_knowledge_entries") == 4
    assert figure(after, 'authbot_store_rows{table="groups_open"}') == 1
    assert figure(after, 'authbot_store_rows{table="answers"}') == 2
    assert "frobnicator" not in after
    assert "revoked by its owner" not in after


async def test_without_an_address_nothing_is_served(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, store), serving(None, explainer, store) as address:
        assert address is None


@pytest.mark.parametrize("address", ["somewhere", "host:port", "127.0.0.1:99999", "127.0.0.1:²"])
async def test_an_address_that_is_none_is_said_so(tmp_path: Path, address: str) -> None:
    async with explaining(tmp_path) as (explainer, store):
        with pytest.raises(AddressError, match="write it as host:port"):
            async with serving(address, explainer, store):
                pass


async def test_an_address_that_is_taken_is_said_so(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, store), serving("127.0.0.1:0", explainer, store) as address:
        with pytest.raises(AddressError, match="can't be listened at"):
            async with serving(address, explainer, store):
                pass
