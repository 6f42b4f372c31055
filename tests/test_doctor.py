"""`authbot doctor` says what is wrong and what to do, and invites with exactly what is needed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.discord.invite import NEEDED, permissions
from bot.doctor import Finding, examine
from bot.settings import Settings
from tests.discord_server import DiscordServer
from tests.discord_server.harness import KNOWLEDGE
from tests.discord_server.payloads import APPLICATION_ID, GUILD_ID


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: DiscordServer) -> Settings:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "acme.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    return settings_of(tmp_path, server)


def settings_of(folder: Path, server: DiscordServer, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "discord_token": SecretStr(server.token),
        "discord_api_url": server.host,
        "authbot_database_url": str(folder / "store.sqlite3"),
        "authbot_knowledge": folder / "knowledge",
        **more,
    }
    return Settings.model_construct(**given)


async def found(settings: Settings) -> dict[str, Finding]:
    """What the doctor finds, the worst of each kind."""
    worst: dict[str, Finding] = {}
    async for each in examine(settings):
        if each.what not in worst or each.state != "ok":
            worst[each.what] = each
    return worst


async def test_all_is_well_and_the_links_ask_for_exactly_what_is_needed(
    settings: Settings, server: DiscordServer
) -> None:
    server.application["flags"] = 1 << 19
    all_found = [each async for each in examine(settings)]

    assert {each.state for each in all_found} == {"ok"}
    links = [each.says for each in all_found if each.what == "invite"]
    asked = permissions().value
    assert links[0].endswith(
        f"https://discord.com/oauth2/authorize?client_id={APPLICATION_ID}&scope=bot+applications.commands"
        f"&permissions={asked}&integration_type=0"
    )
    assert asked == 1 << 6 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 38
    assert f"permissions={asked | 1 << 13}" in links[1]
    assert "scope=applications.commands&integration_type=1" in links[2]


async def test_a_refused_token_is_said_to_be_refused_and_never_shown(server: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    wrong = "an-old" + "-token"

    said = await found(settings_of(tmp_path, server, discord_token=SecretStr(wrong)))

    assert said["token"].state == "wrong"
    assert "Discord refused it (401): copy it again" in said["token"].says
    assert all(wrong not in each.says for each in said.values())
    assert said["knowledge"].state == "note"


@pytest.mark.parametrize("token", [None, SecretStr(""), SecretStr("two words"), SecretStr("“quoted”")])
async def test_what_is_no_token_is_not_tried(server: DiscordServer, tmp_path: Path, token: SecretStr | None) -> None:
    said = await found(settings_of(tmp_path, server, discord_token=token))

    assert said["token"].state == "wrong"
    assert "discord" not in said


async def test_without_message_content_it_says_what_works_and_where_to_switch_it_on(settings: Settings) -> None:
    said = (await found(settings))["intents"]

    assert said.state == "note"
    assert "overhearing doesn't" in said.says
    assert f"/applications/{APPLICATION_ID}/bot" in said.says


async def test_a_server_where_a_permission_lacks_is_named_with_the_reason(
    settings: Settings, server: DiscordServer
) -> None:
    server.held_permissions = permissions().value & ~(1 << 14)

    said = (await found(settings))["permissions"]

    assert said.state == "note"
    assert str(GUILD_ID) in said.says
    assert f"Embed Links ({NEEDED['embed_links']})" in said.says


async def test_an_administrator_lacks_nothing(settings: Settings, server: DiscordServer) -> None:
    server.held_permissions = 1 << 3

    assert (await found(settings))["permissions"].state == "ok"


async def test_faulty_knowledge_and_a_database_that_is_none_are_named(server: DiscordServer, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_text("this is a letter, not a database " * 50, encoding="utf-8")

    said = await found(settings_of(tmp_path, server))

    assert said["knowledge"].state == "wrong"
    assert "no such folder" in said["knowledge"].says
    assert said["database"].state == "wrong"
    assert "not an SQLite database" in said["database"].says


async def test_where_discord_is_not_there_it_says_so(tmp_path: Path, server: DiscordServer) -> None:
    said = await found(settings_of(tmp_path, server, discord_api_url="http://127.0.0.1:9"))

    assert said["discord"].state == "wrong"
    assert "can't be reached" in said["discord"].says
