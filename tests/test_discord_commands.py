"""On Discord: /explain, the message menu, and the registration of both."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.discord.registration import same_commands
from bot.service import Explainer
from bot.store.guilds import ChannelSettings
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, REVOKED_TITLE, SKEW, SKEW_TITLE, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import directly, elsewhere, form
from tests.discord_server.payloads import (
    GENERAL,
    GUILD_ID,
    OTHER_PERSON,
    PERSON_ID,
    command,
    interaction,
    message,
    message_menu,
    user,
)
from tests.discord_server.server import Sent
from tests.waiting import waiting

EPHEMERAL = 1 << 6
MENU = "Explain this error"


@dataclass
class Scene:
    discord: DiscordServer
    store: Store
    explainer: Explainer

    async def explain(self, *, locale: str = "en-US", **options: str) -> Sent:
        return await self.discord.interact(interaction(2, command("explain", **options), locale=locale))

    async def menu(self, target: dict[str, Any], *, locale: str = "en-US") -> Sent:
        return await self.discord.interact(interaction(2, message_menu(MENU, target), locale=locale))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store, explainer)


async def test_explain_is_acknowledged_and_answered_in_private(scene: Scene) -> None:
    answer = await scene.explain(error=REVOKED)

    acknowledged = scene.discord.answers[0]
    assert acknowledged.body == {"type": 5, "data": {"flags": EPHEMERAL}}
    assert answer.route == "/webhooks/{webhook_id}/{webhook_token}"
    assert answer.body["flags"] & EPHEMERAL
    assert answer.body["allowed_mentions"] == {"parse": []}
    assert REVOKED_TITLE in answer.text


@pytest.mark.parametrize(
    ("locale", "options", "words"),
    [
        pytest.param("en-US", {}, "Make a new key.", id="the person's English"),
        pytest.param("en-GB", {}, "Make a new key.", id="British English"),
        pytest.param("zh-CN", {}, "新建一个密钥。", id="the person's Chinese"),
        pytest.param("zh-TW", {}, "新建一个密钥。", id="Traditional Chinese"),
        pytest.param("fr", {}, "Make a new key.", id="another language: the paste's own"),
        pytest.param("en-US", {"language": "zh"}, "新建一个密钥。", id="Chinese is asked for"),
        pytest.param("zh-CN", {"language": "en"}, "Make a new key.", id="English is asked for"),
    ],
)
async def test_the_answer_is_in_the_language_asked_for_or_the_persons_own(
    scene: Scene, locale: str, options: dict[str, str], words: str
) -> None:
    answer = await scene.explain(error=REVOKED, locale=locale, **options)

    assert words in answer.text


async def test_an_unknown_error_is_said_to_be_unknown_and_kept(scene: Scene) -> None:
    answer = await scene.explain(error=UNKNOWN)

    [group] = await waiting(scene.store)
    assert f"`{group.name}`" in answer.text
    assert answer.body["flags"] & EPHEMERAL


async def test_a_provider_that_is_not_known_is_said_so_and_nothing_is_explained(scene: Scene) -> None:
    answer = await scene.explain(error=UNKNOWN, provider="no such thing")

    assert "I don't know that provider" in answer.text
    assert "no such thing" not in answer.text
    assert await waiting(scene.store) == []


async def test_the_channels_own_provider_and_language_hold_where_none_is_named(scene: Scene) -> None:
    await scene.store.guilds.change_channel(GUILD_ID, GENERAL, ChannelSettings(None, "acme", "zh"))

    await scene.explain(error=REVOKED, locale="fr")

    kept = await scene.store.export(PERSON_ID)
    assert (kept["answers"][0]["provider"], kept["answers"][0]["language"]) == ("acme", "zh")


@pytest.mark.parametrize("named", ["acme", "Acme Cloud", " ACME cloud "])
async def test_a_provider_can_be_named_by_its_id_or_its_name(scene: Scene, named: str) -> None:
    assert REVOKED_TITLE in (await scene.explain(error=REVOKED, provider=named)).text


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("", ["acme"], id="nothing yet: all"),
        pytest.param("ac", ["acme"], id="the beginning"),
        pytest.param("CLOUD", ["acme"], id="within the name, any case"),
        pytest.param("okta", [], id="no provider of ours"),
    ],
)
async def test_providers_are_offered_as_one_types(scene: Scene, typed: str, offered: list[str]) -> None:
    data = command("explain", error="x", provider=typed)
    data["options"][-1]["focused"] = True

    shown = await scene.discord.interact(interaction(4, data))

    assert shown.body["type"] == 8
    assert [choice["value"] for choice in shown.body["data"]["choices"]] == offered


async def test_without_text_a_form_opens_for_many_lines_and_explains_what_is_pasted_into_it(scene: Scene) -> None:
    opened = await scene.explain(provider="acme", language="zh")

    assert opened.body["type"] == 9
    assert opened.body["data"]["custom_id"] == "ab:paste:0:acme|zh|p"
    many = "\n".join(["something before", *[f"line {number}" for number in range(200)], REVOKED])

    answer = await scene.discord.interact(form(opened.body["data"]["custom_id"], paste=many))

    assert "新建一个密钥。" in answer.text
    assert answer.body["flags"] & EPHEMERAL


async def test_a_file_is_explained_alone_or_with_text(scene: Scene) -> None:
    attached = scene.discord.keep("error.log", SKEW.encode())
    data = command("explain", error="it happens at night")
    data["options"].append({"name": "file", "type": 11, "value": attached["id"]})
    data["resolved"] = {"attachments": {attached["id"]: attached}}

    assert SKEW_TITLE in (await scene.discord.interact(interaction(2, data))).text


async def test_a_file_that_is_no_text_is_said_to_be_none(scene: Scene) -> None:
    attached = scene.discord.keep("error.png", b"x") | {"content_type": "image/png"}
    data = command("explain")
    data["options"] = [{"name": "file", "type": 11, "value": attached["id"]}]
    data["resolved"] = {"attachments": {attached["id"]: attached}}

    assert "There is no text in that" in (await scene.discord.interact(interaction(2, data))).text


async def test_a_public_answer_is_for_all_to_see_and_can_be_removed(scene: Scene) -> None:
    data = command("explain", error=REVOKED)
    data["options"].append({"name": "private", "type": 5, "value": False})

    answer = await scene.discord.interact(interaction(2, data))

    assert not answer.body["flags"] & EPHEMERAL
    assert "Remove" in answer.buttons
    assert "Remove" not in (await scene.explain(error=REVOKED)).buttons


async def test_in_a_direct_message_nothing_is_kept_without_consent(scene: Scene) -> None:
    answer = await scene.discord.interact(directly(interaction(2, command("explain", error=UNKNOWN))))

    assert await waiting(scene.store) == []
    assert "Nobody sees what you send me here" in answer.text
    assert "Let the maintainers see it" in answer.buttons


async def test_as_a_persons_own_app_it_answers_where_the_bot_is_not(scene: Scene) -> None:
    answer = await scene.discord.interact(elsewhere(interaction(2, command("explain", error=REVOKED))))

    assert REVOKED_TITLE in answer.text


async def test_the_menu_explains_any_message_in_private(scene: Scene) -> None:
    target = message(GENERAL, SKEW, author=OTHER_PERSON)

    answer = await scene.menu(target)

    assert SKEW_TITLE in answer.text
    assert answer.body["flags"] & EPHEMERAL
    assert scene.discord.sent == []


async def test_the_menu_reads_what_a_bot_wrote_in_an_embed(scene: Scene) -> None:
    embed = {"type": "rich", "title": "Deploy failed", "fields": [{"name": "log", "value": SKEW, "inline": False}]}

    answer = await scene.menu(message(GENERAL, "", author=user(1234567890123456, "ci", bot=True), embeds=[embed]))

    assert SKEW_TITLE in answer.text


async def test_the_menu_reads_attached_files(scene: Scene) -> None:
    attached = scene.discord.keep("error.log", SKEW.encode())

    assert SKEW_TITLE in (await scene.menu(message(GENERAL, "see file", attachments=[attached]))).text


async def test_the_menu_on_a_screenshot_says_what_can_be_done_with_it(scene: Scene) -> None:
    picture = {**scene.discord.keep("error.png", b"\x89PNG"), "content_type": "image/png"}

    assert "can't read text off a picture" in (await scene.menu(message(GENERAL, "", attachments=[picture]))).text
    assert scene.discord.fetched == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [pytest.param("en-US", "I see no authentication error", id="en"), pytest.param("zh-CN", "没有看到", id="zh")],
)
async def test_the_menu_on_a_message_without_words_says_so(scene: Scene, locale: str, words: str) -> None:
    assert words in (await scene.menu(message(GENERAL, ""), locale=locale)).text


async def test_a_failure_is_told_in_private_with_a_number_and_without_its_words(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(tmp_path / "store.sqlite3") as broken:
        broken.execute("DROP TABLE sightings")
    made = interaction(2, command("explain", error=UNKNOWN))

    answer = await scene.discord.interact(made)

    assert made["id"] in answer.text
    assert answer.body["flags"] & EPHEMERAL
    logged = "".join(capsys.readouterr())
    assert made["id"] in logged
    assert "frobnicator" not in logged


async def test_commands_are_registered_once_and_again_only_where_they_differ(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, _), DiscordServer() as server:
        async with bot_on(server, explainer):
            await server.registered(1)

        async with bot_on(server, explainer):
            await server.until(lambda: server.compared == 2 or None)
            await server.reply_to(await server.say(GENERAL, REVOKED))  # time enough to register them
        assert server.registrations == 1

        server.commands[0]["description"] = "an older one"
        async with bot_on(server, explainer):
            await server.registered(2)

        server.commands.append({"type": 1, "name": "left-over", "description": "x"})
        async with bot_on(server, explainer):
            await server.registered(3)
        assert {each["name"] for each in server.commands} == {*ALL, MENU}


ALL = {
    "explain", "lookup", "provider", "help", "about", "privacy", "forget-me", "export-my-data", "ignore-me", "settings",
    "review",
}  # fmt: skip


async def test_all_commands_have_chinese_names_and_descriptions(scene: Scene) -> None:
    await scene.discord.registered(1)
    by_name = {each["name"]: each for each in scene.discord.commands}

    assert set(by_name) == {*ALL, MENU}
    assert by_name[MENU]["name_localizations"] == {"zh-CN": "解释这个错误", "zh-TW": "解釋這個錯誤"}
    for each in (by_name[name] for name in ALL):
        assert set(each["name_localizations"]) == set(each["description_localizations"]) == {"zh-CN", "zh-TW"}
        for option in each.get("options", []):
            assert set(option["name_localizations"]) == set(option["description_localizations"]) == {"zh-CN", "zh-TW"}


async def test_commands_are_for_servers_direct_and_group_messages_and_as_a_persons_own_app(scene: Scene) -> None:
    await scene.discord.registered(1)
    for each in scene.discord.commands:
        contexts = {"settings": [0], "review": [0, 1]}.get(each["name"], [0, 1, 2])
        assert each["contexts"] == contexts
        assert each["integration_types"] == ([0] if len(contexts) < 3 else [0, 1])


async def test_explain_takes_text_or_file_provider_language_and_privacy_all_optional(scene: Scene) -> None:
    await scene.discord.registered(1)
    [explain] = [each for each in scene.discord.commands if each["name"] == "explain"]

    assert [option["name"] for option in explain["options"]] == ["error", "file", "provider", "language", "private"]
    assert [option["type"] for option in explain["options"]] == [3, 11, 3, 3, 5]
    assert not any(option.get("required") for option in explain["options"])
    assert explain["options"][0]["max_length"] == 6000
    assert explain["options"][2]["autocomplete"] is True
    assert [choice["value"] for choice in explain["options"][3]["choices"]] == ["en", "zh"]


OURS = {"type": 1, "name": "a", "description": "d", "options": [{"name": "o", "type": 3, "required": False}]}


@pytest.mark.parametrize(
    ("held", "same"),
    [
        pytest.param([OURS], True, id="the same"),
        pytest.param([{**OURS, "id": "1", "version": "2", "nsfw": False}], True, id="with what Discord adds"),
        pytest.param([{**OURS, "options": [{"name": "o", "type": 3}]}], True, id="false is left out"),
        pytest.param([], False, id="none there"),
        pytest.param([{**OURS, "description": "other"}], False, id="another description"),
        pytest.param([{**OURS, "type": 3}], False, id="another kind"),
        pytest.param([{**OURS, "options": []}], False, id="an option is missing"),
        pytest.param([{**OURS, "options": [{"name": "o", "type": 4}]}], False, id="another option"),
        pytest.param([OURS, {**OURS, "name": "b"}], False, id="one too many"),
    ],
)
def test_commands_are_compared_by_what_matters(held: list[dict[str, Any]], same: bool) -> None:
    assert same_commands([OURS], held) is same
