"""On Discord: the settings panel, who may use it, and each thing it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.discord.panel import Target, panel
from bot.knowledge.models import Provider
from bot.store.guilds import ChannelSettings, GuildSettings
from bot.store.store import Store
from tests.discord_server import DiscordServer, components
from tests.discord_server.harness import bot_on, explaining
from tests.discord_server.interactions import MANAGE_GUILD, by, directly, form, press
from tests.discord_server.payloads import ALLOWED, GENERAL, GUILD_ID, MUTED, PERSON, command, interaction
from tests.discord_server.server import Sent

MANAGES = ALLOWED | MANAGE_GUILD
ROLE = 400000000000000001


@dataclass
class Scene:
    discord: DiscordServer
    store: Store

    async def open(self, *, permissions: int = MANAGES, roles: tuple[int, ...] = (), locale: str = "en-US") -> Sent:
        made = interaction(2, command("settings"), locale=locale)
        return await self.discord.interact(by(made, PERSON, permissions=permissions, roles=roles))

    async def choose(self, panel: Sent, verb: str, *values: str, permissions: int = MANAGES) -> Sent:
        made = press(panel, panel.selects[verb]["custom_id"], values=list(values))
        return await self.discord.interact(by(made, PERSON, permissions=permissions))

    async def press(self, panel: Sent, label: str) -> Sent:
        return await self.discord.interact(by(press(panel, panel.buttons[label]), PERSON, permissions=MANAGES))

    async def settings(self) -> GuildSettings:
        self.store.guilds.forget_cached()
        return await self.store.guilds.get(GUILD_ID)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store)


def chosen(panel: Sent, verb: str) -> list[str]:
    return [option["value"] for option in panel.selects[verb]["options"] if option.get("default")]


async def test_the_panel_shows_how_things_are_in_private(scene: Scene) -> None:
    panel = await scene.open()

    assert panel.body["flags"] & 1 << 6
    assert "How I speak in this server" in panel.text
    assert list(panel.selects) == ["set-scope", "set-mode", "set-provider", "set-lang", "set-roles"]
    assert chosen(panel, "set-scope") == [str(GUILD_ID)]
    assert chosen(panel, "set-mode") == ["-"]


@pytest.mark.parametrize(
    ("verb", "value", "changed"),
    [
        pytest.param("set-mode", "off", {"mode": "off"}, id="mode"),
        pytest.param("set-mode", "forum", {"mode": "forum"}, id="forum"),
        pytest.param("set-provider", "acme", {"provider": "acme"}, id="provider"),
        pytest.param("set-lang", "zh", {"lang": "zh"}, id="language"),
        pytest.param("set-roles", str(ROLE), {"roles": (ROLE,)}, id="roles"),
        pytest.param("set-mode", "no such mode", {"mode": None}, id="what isn't offered"),
    ],
)
async def test_a_choice_is_kept_and_shown(scene: Scene, verb: str, value: str, changed: dict[str, Any]) -> None:
    panel = await scene.choose(await scene.open(), verb, value)

    now = await scene.settings()
    assert {field: getattr(now, field) for field in changed} == changed
    if verb != "set-roles" and None not in changed.values():
        assert chosen(panel, verb) == [value]


async def test_a_choice_can_be_taken_back(scene: Scene) -> None:
    panel = await scene.choose(await scene.open(), "set-mode", "off")
    panel = await scene.choose(panel, "set-roles", str(ROLE))

    panel = await scene.choose(panel, "set-mode", "-")
    await scene.choose(panel, "set-roles")

    assert await scene.settings() == GuildSettings()


async def test_a_channel_is_set_by_itself(scene: Scene) -> None:
    panel = await scene.choose(await scene.open(), "set-scope", str(GENERAL))
    assert f"How I speak in <#{GENERAL}>" in panel.text
    assert list(panel.selects) == ["set-scope", "set-mode", "set-provider", "set-lang"]

    panel = await scene.choose(panel, "set-provider", "acme")
    panel = await scene.choose(panel, "set-lang", "en")

    assert dict((await scene.settings()).channels) == {GENERAL: ChannelSettings(None, "acme", "en")}
    server = await scene.choose(panel, "set-scope", str(GUILD_ID))
    assert f"Set otherwise: <#{GENERAL}>" in server.text


async def test_only_this_channel_can_be_set_from_here(scene: Scene) -> None:
    panel = await scene.open()
    custom_id = panel.selects["set-mode"]["custom_id"].replace(str(GUILD_ID), str(MUTED))

    made = by(press(panel, custom_id, values=["off"]), PERSON, permissions=MANAGES)
    await scene.discord.interact(made)

    assert await scene.settings() == GuildSettings()


async def test_switches_are_switched(scene: Scene) -> None:
    panel = await scene.press(await scene.open(), "Quiet reaction: on")
    assert "Quiet reaction: off" in panel.buttons
    await scene.press(panel, "Delete leaked credentials: off")

    now = await scene.settings()
    assert (now.reactions, now.remove_secrets) == (False, True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param({"person": "3", "channel": "", "guild": "900"}, (3, None, 900), id="numbers, and one left empty"),
        pytest.param({"person": "0", "channel": "", "guild": ""}, (None, None, None), id="zero"),
        pytest.param({"person": "many", "channel": "", "guild": ""}, (None, None, None), id="a word"),
        pytest.param({"person": "²", "channel": "", "guild": ""}, (None, None, None), id="a digit that is none"),
    ],
)
async def test_limits_are_whole_numbers(scene: Scene, typed: dict[str, str], kept: tuple[int | None, ...]) -> None:
    opened = await scene.press(await scene.open(), "Answers a minute …")
    assert opened.body["type"] == 9
    made = form(opened.body["data"]["custom_id"], **typed)

    panel = await scene.discord.interact(by(made, PERSON, permissions=MANAGES))

    now = await scene.settings()
    assert (now.per_person, now.per_channel, now.per_guild) == kept
    assert ("Write whole numbers" in panel.text) is (kept == (None, None, None))


async def test_who_may_not_change_them_sees_no_settings(scene: Scene) -> None:
    refused = await scene.open(permissions=ALLOWED)

    assert "Only those with Manage Server" in refused.text
    assert refused.selects == {}


async def test_a_named_role_may_change_them(scene: Scene) -> None:
    await scene.choose(await scene.open(), "set-roles", str(ROLE))
    await scene.discord.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(GUILD_ID), "role": role(ROLE)})

    assert "How I speak" in (await scene.open(permissions=ALLOWED, roles=(ROLE,))).text
    assert "Only those" in (await scene.open(permissions=ALLOWED)).text


async def test_a_panel_left_open_changes_nothing_once_the_right_is_gone(scene: Scene) -> None:
    panel = await scene.open()

    refused = await scene.choose(panel, "set-mode", "off", permissions=ALLOWED)

    assert "Only those with Manage Server" in refused.text
    assert await scene.settings() == GuildSettings()


async def test_where_the_bot_was_hindered_is_shown(scene: Scene) -> None:
    await scene.store.guilds.hindered(GUILD_ID, MUTED, "send_messages", dt.datetime.now(dt.UTC))

    assert f"<#{MUTED}> (send messages)" in (await scene.open()).text


async def test_there_are_no_settings_in_direct_messages(scene: Scene) -> None:
    shown = await scene.discord.interact(directly(interaction(2, command("settings"))))

    assert "These settings are for a server" in shown.text


async def test_the_panel_is_in_the_persons_language(scene: Scene) -> None:
    assert "我在本服务器如何发言" in (await scene.open(locale="zh-CN")).text


async def test_more_providers_than_a_select_holds_come_by_pages() -> None:
    providers = [
        Provider.model_validate(
            {"id": f"p{n:03}", "name": {"en": f"P {n:03}", "zh": "乙"}, "docs": "https://p.example/"}
        )
        for n in range(60)
    ]
    seen: list[str] = []
    page = 0
    for _ in range(3):
        view = panel(Target(1, 1, ((1, "server"),)), GuildSettings(), (), providers, "en", page=page).sending()["view"]
        options = components.selects(view.to_components())["set-provider"]["options"]
        assert len(options) <= 25
        seen += [option["value"] for option in options if option["value"].startswith("p0")]
        page = int(options[-1]["value"].removeprefix("page:"))

    assert seen == [provider.id for provider in providers]
    assert page == 0


def role(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": "helpers",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 1,
        "permissions": "0",
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
