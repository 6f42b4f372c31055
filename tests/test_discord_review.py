"""On Discord: /review, who may use it, what it shows, and going through the queue."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.curate.failing import Failing
from bot.discord.review_case import failing_line, trend
from bot.settings import SettingsError, load_settings
from bot.store.answers import NewAnswer
from bot.store.models import Fingerprint, Place, Sighting
from bot.store.scopes import SHARED
from tests.discord_server import DiscordServer
from tests.discord_server.harness import EITHER, SKEW, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import by
from tests.discord_server.payloads import (
    ALLOWED,
    GENERAL,
    GUILD_ID,
    OTHER_PERSON,
    OTHER_PERSON_ID,
    PERSON,
    Payload,
    interaction,
    new_id,
    subcommand,
)
from tests.discord_server.reviewing import (
    ANOTHER,
    EPHEMERAL,
    HERE,
    MANAGES,
    OTHER_GUILD,
    Maintaining,
    maintaining,
)
from tests.test_discord_settings import role

V2 = 1 << 15
REVIEWERS = 400000000000000007
NOT_YOURS = "Only those with Manage Server"
ELSEWHERE = "another server's queue"
NOT_OWNER = "Only the bot's owner"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Maintaining]:
    async with maintaining(tmp_path) as scene:
        yield scene


async def test_the_top_case_is_shown_in_private_with_all_that_a_decision_needs(scene: Maintaining) -> None:
    await scene.pasted()
    await scene.pasted(who=OTHER_PERSON)

    shown = await scene.review("next")

    case = await scene.case()
    assert shown.body["flags"] & EPHEMERAL
    assert shown.body["flags"] & V2
    assert shown.body["allowed_mentions"] == {"parse": []}
    assert case.name in shown.text
    assert "People: **2** · seen **2** times · ▁▁▁▁▁▁▁▁▁▁▁▁▁█" in shown.text
    assert "the frobnicator turned the token" in shown.text
    assert "What the samples share" in shown.text
    assert list(shown.buttons) == [
        *("Answer", "Same as …", "Another cause of …", "Not an auth error", "Dismiss", "Merge …", "Split …", "Next"),
    ]


async def test_entries_that_came_near_are_shown_with_their_scores_and_why_they_were_not_it(scene: Maintaining) -> None:
    mark = Fingerprint("ab" * 32, 1, EITHER)
    now = dt.datetime.now(dt.UTC)
    await scene.store.record(Sighting(mark, (EITHER,), "en", (), "listen", now, Place(GUILD_ID, GENERAL, 1, 1)))

    text = (await scene.review("next")).text

    assert "What came near, and why it was not that" in text
    assert re.search(r"1\. \*\*The app is suspended\*\* \(`acme/app-suspended`\) \d\d%", text)
    assert re.search(r"2\. \*\*The account is suspended\*\* \(`acme/person-suspended`\) \d\d%", text)
    assert "its sentence is there; acme/app-suspended is about as near" in text


async def test_it_speaks_the_persons_language(scene: Maintaining) -> None:
    await scene.pasted()

    shown = await scene.review("next", locale="zh-CN")

    assert "最近一次粘贴的内容" in shown.text
    assert "回答" in shown.buttons


async def test_credentials_of_a_paste_are_not_shown(scene: Maintaining) -> None:
    secret = "ghp_" + "a1B2c3D4" * 5
    await scene.pasted(f"{UNKNOWN}\nAuthorization: Bearer {secret}")

    shown = await scene.review("next")

    assert secret not in str(shown.body)


async def test_what_a_paste_says_pings_nobody_and_links_nowhere(scene: Maintaining) -> None:
    await scene.pasted(UNKNOWN.replace("down", "down @everyone <@1> [here](https://evil.example/) ``` "))

    shown = await scene.review("next")

    sample = shown.text[shown.text.index("Latest paste") :]
    assert shown.body["allowed_mentions"] == {"parse": []}
    assert sample.split("```")[1].count("evil.example") == 1  # still inside the block of code


@pytest.mark.parametrize(
    ("permissions", "roles", "may"),
    [
        pytest.param(MANAGES, (), True, id="Manage Server"),
        pytest.param(ALLOWED, (REVIEWERS,), True, id="the role"),
        pytest.param(ALLOWED, (), False, id="nobody in particular"),
        pytest.param(ALLOWED, (REVIEWERS + 1,), False, id="another role"),
    ],
)
async def test_who_may_review_in_a_server(
    scene: Maintaining, permissions: int, roles: tuple[int, ...], may: bool
) -> None:
    await scene.store.guilds.change(GUILD_ID, review_roles=(REVIEWERS,))
    for each in (REVIEWERS, REVIEWERS + 1):
        await scene.discord.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(GUILD_ID), "role": role(each)})
    await scene.pasted()

    shown = await scene.review("next", who=OTHER_PERSON, permissions=permissions, roles=roles)

    assert ("Latest paste" in shown.text) is may
    assert (NOT_YOURS in shown.text) is not may
    assert shown.body["flags"] & EPHEMERAL


async def test_who_has_lost_the_role_can_press_nothing_any_more(scene: Maintaining) -> None:
    await scene.store.guilds.change(GUILD_ID, review_roles=(REVIEWERS,))
    await scene.discord.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(GUILD_ID), "role": role(REVIEWERS)})
    await scene.pasted()
    shown = await scene.review("next", who=OTHER_PERSON, permissions=ALLOWED, roles=(REVIEWERS,))

    for label in shown.buttons:
        refused = await scene.press(shown, label, who=OTHER_PERSON, permissions=ALLOWED)
        assert NOT_YOURS in refused.text, label

    assert (await scene.case()).status == "open"


async def test_a_button_of_another_servers_queue_does_nothing_here(scene: Maintaining) -> None:
    theirs = await scene.seen(ANOTHER, OTHER_GUILD)
    await scene.pasted()
    shown = await scene.review("next")

    for label, number in shown.buttons.items():
        forged = number.replace(str(GUILD_ID), str(OTHER_GUILD)).replace((await scene.case()).name, theirs)
        refused = await scene.press(shown, forged)
        assert ELSEWHERE in refused.text, label
        assert "flux capacitor" not in refused.text


async def test_another_servers_case_is_not_there_under_its_name(scene: Maintaining) -> None:
    theirs = await scene.seen(ANOTHER, OTHER_GUILD)
    await scene.pasted()
    shown = await scene.review("next")

    for label, number in shown.buttons.items():
        if label != "Next":  # that only asks for a place in this server's own queue
            refused = await scene.press(shown, number.replace((await scene.case()).name, theirs))
            assert "flux capacitor" not in refused.text
            assert f"There is no {theirs} here" in refused.text, label
    assert f"There is no {theirs} here" in (await scene.review("case", name=theirs)).text
    assert "Nothing like that" in (await scene.review("search", text="flux capacitor")).text


async def test_the_owner_reviews_the_shared_queue_in_a_direct_message(scene: Maintaining) -> None:
    await scene.seen(UNKNOWN, None)

    shown = await scene.review("next", direct=True)

    assert "frobnicator" in shown.text
    assert "ab:rv-answer:0:" in shown.buttons["Answer"]
    assert "frobnicator" in (await scene.review("next", scope="shared")).text
    assert "Nothing waits" in (await scene.review("next")).text


@pytest.mark.parametrize("direct", [True, False])
async def test_nobody_else_reviews_the_shared_queue(scene: Maintaining, direct: bool) -> None:
    await scene.seen(UNKNOWN, None)
    shown = await scene.review("next", direct=True)

    refused = await scene.review("next", who=OTHER_PERSON, direct=direct, scope="shared")
    pressed = await scene.press(shown, "Dismiss", who=OTHER_PERSON, direct=direct)

    assert NOT_OWNER in refused.text
    assert NOT_OWNER in pressed.text
    assert (await scene.case(SHARED)).status == "open"


async def test_of_a_team_those_who_have_accepted_are_owners(scene: Maintaining) -> None:
    member = {"team_id": "5", "permissions": ["*"], "role": "admin"}
    joined = {**member, "user": OTHER_PERSON, "membership_state": 2}
    invited = {**member, "user": PERSON, "membership_state": 1}
    scene.discord.application["team"] = {
        "id": "5", "icon": None, "name": "team", "owner_user_id": "99", "members": [joined, invited]
    }  # fmt: skip
    await scene.seen(UNKNOWN, None)

    assert NOT_OWNER in (await scene.review("next", direct=True)).text
    assert "frobnicator" in (await scene.review("next", who=OTHER_PERSON, direct=True)).text


async def test_whom_the_operator_names_is_an_owner_too(tmp_path: Path) -> None:
    async with (
        explaining(tmp_path) as (explainer, store),
        DiscordServer() as discord,
        bot_on(discord, explainer, owners=frozenset({OTHER_PERSON_ID})),
    ):
        scene = Maintaining(discord, store, explainer)
        await scene.seen(UNKNOWN, None)

        assert "frobnicator" in (await scene.review("next", who=OTHER_PERSON, direct=True)).text


@pytest.mark.parametrize(
    ("given", "kept"),
    [("5", {5}), ("1, 23", {1, 23}), ("", set()), ("ana", None), ("1;2", None), ("²", None)],
)
def test_owners_are_named_by_their_accounts(monkeypatch: pytest.MonkeyPatch, given: str, kept: set[int] | None) -> None:
    monkeypatch.setenv("AUTHBOT_OWNERS", given)
    if kept is None:
        with pytest.raises(SettingsError, match="AUTHBOT_OWNERS: has to be the ids of Discord accounts"):
            load_settings()
    else:
        assert load_settings().authbot_owners == kept


async def test_a_servers_lines_are_not_in_the_shared_queue(scene: Maintaining) -> None:
    await scene.pasted(f"{UNKNOWN}\nexport ZONE=ours")
    assert "Nothing waits" in (await scene.review("next", direct=True)).text

    await scene.store.guilds.change(GUILD_ID, shares=True)
    shown = await scene.review("next", direct=True)

    assert "frobnicator" in shown.text
    assert "ZONE=ours" not in shown.text


async def test_a_server_opts_in_and_names_its_roles_in_the_settings(scene: Maintaining) -> None:
    def mine(made: Payload) -> Payload:
        return by(made, PERSON, permissions=MANAGES)

    panel = await scene.discord.interact(mine(interaction(2, {"name": "settings", "type": 1, "options": []})))
    review = await scene.press(panel, "Review …")
    assert "Share templates with the bot's owner: **off**" in review.text

    review = await scene.press(review, "Share templates with the bot's owner: off")
    assert "**on**" in review.text
    review = await scene.press(review, "set-reviewers", values=[str(REVIEWERS)])
    assert "kept for review for 90 days" in review.text
    review = await scene.press(review, "set-keep", values=["30"])
    assert "kept for review for 30 days" in review.text
    refused = await scene.press(review, "Share templates with the bot's owner: on", permissions=ALLOWED)
    assert "Only those with Manage Server" in refused.text

    now = await scene.store.guilds.get(GUILD_ID)
    assert (now.shares, now.review_roles, now.keep_days) == (True, (REVIEWERS,), 30)
    assert "How I speak" in (await scene.press(review, "Back")).text


async def test_next_goes_through_the_queue_to_its_end(scene: Maintaining) -> None:
    names = {await scene.seen(), await scene.seen(ANOTHER)}

    first = await scene.review("next")
    second = await scene.press(first, "Next")
    end = await scene.press(second, "Next")

    assert {name for name in names for shown in (first, second) if name in shown.text} == names
    assert "That was the last one" in end.text
    assert "Latest paste" in (await scene.press(end, "Next")).text


async def test_a_case_is_opened_by_its_name_which_is_offered_as_one_types(scene: Maintaining) -> None:
    name = await scene.seen(ANOTHER)
    await scene.seen()
    made = interaction(4, subcommand("review", "case", name="capacitor"))
    made["data"]["options"][0]["options"][0]["focused"] = True

    offered = await scene.discord.interact(by(made, PERSON, permissions=MANAGES))
    to_others = await scene.discord.interact(by({**made, "token": "other"}, OTHER_PERSON))

    assert [choice["value"] for choice in offered.body["data"]["choices"]] == [name]
    assert to_others.body["data"]["choices"] == []
    assert "flux capacitor" in (await scene.review("case", name=name)).text


@pytest.mark.parametrize(
    ("options", "found"),
    [
        pytest.param({"text": "capacitor"}, 1, id="a word"),
        pytest.param({"text": "frobnicator"}, 1, id="another word"),
        pytest.param({"language": "en"}, 2, id="language"),
        pytest.param({"language": "zh"}, 0, id="another language"),
        pytest.param({"status": "dismissed"}, 0, id="status"),
        pytest.param({"status": "any"}, 2, id="any status"),
        pytest.param({"provider": "acme"}, 0, id="provider"),
        pytest.param({"text": '" OR 1=1 --'}, 0, id="what looks like a query"),
    ],
)
async def test_cases_are_searched_and_chosen(scene: Maintaining, options: dict[str, Any], found: int) -> None:
    await scene.seen(ANOTHER)
    await scene.seen()

    shown = await scene.review("search", **options)

    if not found:
        assert "Nothing like that" in shown.text
        return
    choices = shown.selects["rv-pick"]["options"]
    assert len(choices) == found
    opened = await scene.press(shown, "rv-pick", values=[choices[0]["value"]])
    assert choices[0]["value"] in opened.text


async def test_entries_that_go_wrong_stand_above_the_first_case(scene: Maintaining) -> None:
    await scene.pasted()
    now = dt.datetime.now(dt.UTC)
    for person in range(1, 8):
        number = new_id()
        place = Place(GUILD_ID, GENERAL, number, person)
        answer = NewAnswer(number, "answer", (("acme/clock-skew", 0.99),), "en", place, now, shown="acme/clock-skew")
        await scene.store.answers.add(answer)
        await scene.store.answers.rate(number, person, "not_helped", now, entry="acme/clock-skew")

    shown = await scene.review("next")

    assert "Entries that go wrong: `acme/clock-skew` (did not help 7 of 7)" in shown.text


async def test_a_button_that_says_too_little_is_answered_with_a_sentence(scene: Maintaining) -> None:
    await scene.pasted()
    shown = await scene.review("next")

    for verb in ("answer", "confirm", "draft", "older", "promote", "dismiss", "into", "needle", "undo", "words"):
        scope = 0 if verb == "promote" else GUILD_ID
        for rest in ("", "²", "x:²", "answer:x:²:0", "answer:x:1:²", "none:x:1:1"):
            pressed = await scene.press(shown, f"ab:rv-{verb}:{scope}:{rest}")
            assert pressed.body["flags"] & EPHEMERAL
            assert "went wrong on my side" not in pressed.text, (verb, rest)
            assert pressed.text


async def test_nothing_is_kept_of_an_error_that_has_an_answer(scene: Maintaining) -> None:
    await scene.pasted(SKEW)

    assert "Nothing waits" in (await scene.review("next")).text
    assert await scene.store.queue.top(HERE) == []


@pytest.mark.parametrize(
    ("seen", "drawn"),
    [
        ((), ""),
        ((0, 0), "▁▁"),
        ((1, 0, 2), "▄▁█"),
        ((1, 1000), "▂█"),
    ],
)
def test_a_trend_is_drawn_so_that_nothing_and_little_differ(seen: tuple[int, ...], drawn: str) -> None:
    assert trend(seen) == drawn


def test_what_goes_wrong_is_said_in_chinese_too() -> None:
    failing = Failing("acme/x", 9, 6, 6 / 9, 0.35, None)

    assert failing_line([failing], "zh") == "⚠️ 效果不好的条目：`acme/x`（9 人中 6 人没有得到帮助）"
