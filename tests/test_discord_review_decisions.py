"""On Discord: deciding on a case, from the form to the answer that people get, and never over somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.curate.live import Live
from bot.knowledge.load import load
from bot.service import Explainer
from bot.store.people import Wishes
from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, UNKNOWN, bot_on, explaining
from tests.discord_server.payloads import ALLOWED, GUILD_ID, OTHER_PERSON, PERSON, PERSON_ID
from tests.discord_server.reviewing import (
    ANOTHER,
    ANSWER,
    CHINESE,
    EPHEMERAL,
    HERE,
    MANAGES,
    Maintaining,
    filled,
    maintaining,
)

ENTRY = "frob-cloud/the-frobnicator-refuses-the-token"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Maintaining]:
    async with maintaining(tmp_path) as scene:
        yield scene


async def kinds(scene: Maintaining) -> list[str]:
    """The log, the newest first."""
    return [row.kind for row in await scene.store.decisions.history(HERE)]


class TestAnswer:
    async def test_the_form_comes_filled_in_with_what_the_samples_share(self, scene: Maintaining) -> None:
        await scene.pasted()

        opened = await scene.press(await scene.review("next"), "Answer")

        fields = filled(opened)
        assert list(fields) == ["provider", "wire", "title", "cause", "steps"]
        assert "the frobnicator turned the token down" in fields["wire"]
        assert "codes: zz_unheard_of" in fields["wire"]
        assert "status: 401" in fields["wire"]

    async def test_before_it_is_live_it_shows_what_it_does(self, scene: Maintaining) -> None:
        await scene.pasted()

        draft = await scene.answered(await scene.review("next"))

        case = await scene.case()
        assert f"It answers `{case.name}`" in draft.text
        assert "No known example and no harmless message changes its verdict" in draft.text
        assert "[docs.frob.example](https://docs.frob.example/tokens)" in draft.text
        assert (case.status, await kinds(scene)) == ("open", [])

    async def test_once_confirmed_the_next_who_pastes_it_is_answered(self, scene: Maintaining) -> None:
        await scene.pasted()
        draft = await scene.answered(await scene.review("next"))

        done = await scene.press(draft, "Confirm")
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)

        assert f"answered with `{ENTRY}`" in done.text
        assert (await scene.case()).entry == ENTRY
        assert ANSWER["title"] in answer.text
        assert "1. Make a token in the right zone\n2. Restart the client" in answer.text
        assert "[docs.frob.example](https://docs.frob.example/tokens)" in answer.text

    async def test_the_answers_buttons_and_the_lookup_find_it(self, scene: Maintaining) -> None:
        await scene.pasted()
        await scene.press(await scene.answered(await scene.review("next")), "Confirm")
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)

        more = await scene.press(answer, "More", who=OTHER_PERSON)
        chinese = await scene.press(answer, "中文", who=PERSON)
        found = await scene.looked_up(ENTRY)
        provider = await scene.looked_up("frob cloud", "provider")

        assert ANSWER["cause"] in more.text
        assert ANSWER["cause"] in chinese.text  # there is no Chinese yet
        assert ANSWER["cause"] in found.text
        assert "Known errors: **1**" in provider.text

    async def test_the_other_language_is_asked_for_next_filled_in_with_the_first(self, scene: Maintaining) -> None:
        await scene.pasted()
        done = await scene.press(await scene.answered(await scene.review("next")), "Confirm")
        assert list(done.buttons) == ["Now in Chinese", "Undo #1", "Later"]

        opened = await scene.press(done, "Now in Chinese")
        assert filled(opened)["title"] == ANSWER["title"]
        assert filled(opened)["steps"] == "Make a token in the right zone\nRestart the client"
        both = await scene.press(await scene.fill(opened, done, CHINESE), "Confirm")

        assert "Now in" not in "".join(both.buttons)
        assert "already" in (await scene.press(done, "Now in Chinese")).text
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)
        chinese = await scene.press(answer, "中文", who=PERSON)
        assert CHINESE["title"] in chinese.text
        assert ANSWER["title"] in answer.text

    async def test_who_writes_chinese_is_asked_for_the_english(self, scene: Maintaining) -> None:
        await scene.pasted()

        done = await scene.press(await scene.answered(await scene.review("next"), {**ANSWER, **CHINESE}), "Confirm")

        assert "Now in English" in done.buttons

    async def test_later_goes_on_with_the_queue(self, scene: Maintaining) -> None:
        await scene.seen(ANOTHER)
        await scene.pasted()
        name = await scene.seen()
        case = await scene.review("case", name=name)
        done = await scene.press(await scene.answered(case), "Confirm")

        assert "flux capacitor" in (await scene.press(done, "Later")).text

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            pytest.param({"wire": "{x}"}, "too little", id="a template that says nothing"),
            pytest.param({"wire": "error {unclosed"}, "message", id="a template with a fault"),
            pytest.param({"wire": "-"}, "an entry needs a message or a code", id="neither message nor code"),
            pytest.param({"provider": "饿了么开放"}, "Latin letters", id="a provider without an id"),
            pytest.param({"steps": "\n".join("abcdefghi")}, "at most 6", id="too many steps"),
            pytest.param({"wire": "The API key was revoked by its owner"}, "acme/key-revoked", id="another's example"),
        ],
    )
    async def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
        self, scene: Maintaining, typed: dict[str, str], words: str
    ) -> None:
        await scene.pasted()

        refused = await scene.answered(await scene.review("next"), {**ANSWER, **typed})

        assert words in refused.text
        assert list(refused.buttons) == ["Edit", "Cancel"]
        again = await scene.press(refused, "Edit")
        assert filled(again) == {**ANSWER, **typed}
        assert "Confirm" in (await scene.fill(again, refused, ANSWER)).buttons
        assert await kinds(scene) == []

    async def test_a_form_comes_back_as_it_was_typed(self, scene: Maintaining) -> None:
        await scene.pasted()
        typed = {**ANSWER, "wire": "a `quoted` ```fence``` of {{x}} and {y}\ncodes: A, B", "title": "**Bold** # _t_"}

        draft = await scene.answered(await scene.review("next"), typed)

        assert filled(await scene.press(draft, "Edit")) == typed

    async def test_mentions_and_masked_links_are_taken_out(self, scene: Maintaining) -> None:
        await scene.pasted()
        cause = "See [the guide](https://evil.example/x), <@&5> and @everyone know <#7>."
        draft = await scene.answered(await scene.review("next"), {**ANSWER, "cause": cause})
        done = await scene.press(draft, "Confirm")
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)

        for shown in (draft, done, answer):
            assert "](https://evil" not in shown.text
            assert "<@" not in shown.text
            assert "@everyone" not in shown.text
            assert shown.body["allowed_mentions"]["parse"] == []

    async def test_credentials_in_it_are_not_kept(self, scene: Maintaining) -> None:
        await scene.pasted()
        secret = "ghp_" + "a1B2c3D4" * 5
        typed = {**ANSWER, "cause": f"It was {secret}.", "wire": f"{ANSWER['wire']}\ncodes: {secret}"}

        draft = await scene.answered(await scene.review("next"), typed)
        await scene.press(draft, "Confirm")

        assert secret not in draft.text
        assert secret not in str([row.content for row in await scene.store.decisions.history(HERE)])

    async def test_a_long_chinese_draft_still_fits_one_message(self, scene: Maintaining) -> None:
        await scene.pasted()
        long = {
            "provider": "frob " + "云" * 55,
            "title": "标" * 120,
            "cause": "因" * 600,
            "steps": "\n".join(["步" * 170] * 8),
        }

        draft = await scene.answered(await scene.review("next"), {**ANSWER, **long})

        assert filled(await scene.press(draft, "Edit"))["steps"] == long["steps"]  # the server checks the limits

    async def test_cancel_shows_the_case_again(self, scene: Maintaining) -> None:
        await scene.pasted()
        draft = await scene.answered(await scene.review("next"))

        assert "Latest paste" in (await scene.press(draft, "Cancel")).text
        assert await kinds(scene) == []


class TestAddingToAnEntry:
    async def test_same_as_an_entry_the_template_joins_its_messages(self, scene: Maintaining) -> None:
        await scene.pasted()
        choice = await scene.press(await scene.review("next"), "Same as …")
        opened = await scene.press(choice, "Another entry …")
        draft = await scene.fill(opened, choice, {"entry": "acme/key-revoked", "wire": ANSWER["wire"]})
        assert "`acme/key-revoked` The Acme key was revoked" in draft.text

        done = await scene.press(draft, "Confirm")
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)

        assert "the same as `acme/key-revoked`" in done.text
        assert "The Acme key was revoked" in answer.text
        assert "The Acme key was revoked" in (await scene.pasted(REVOKED)).text

    async def test_an_entry_is_named_with_the_command_too(self, scene: Maintaining) -> None:
        name = await scene.seen()

        shown = await scene.review("case", name=name, entry="acme/clock-skew")
        draft = await scene.press(shown, "rv-same-to", values=["acme/clock-skew"])
        opened = await scene.press(shown, "rv-cause-to", values=["acme/clock-skew"])

        assert "`acme/clock-skew`" in draft.text
        assert filled(opened)["entry"] == "acme/clock-skew"

    async def test_another_cause_of_an_entry(self, scene: Maintaining) -> None:
        await scene.pasted()
        choice = await scene.press(await scene.review("next"), "Another cause of …")
        typed = {
            "entry": "acme/key-revoked",
            "wire": ANSWER["wire"],
            "cause": "The account was closed.",
            "tell": "The body has zz_unheard_of.",
            "steps": "Open a new account",
        }
        draft = await scene.fill(await scene.press(choice, "Another entry …"), choice, typed)
        done = await scene.press(draft, "Confirm")

        assert "another cause of `acme/key-revoked`" in done.text
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)
        assert "The account was closed." in answer.text
        assert "Its owner revoked the key." in answer.text
        opened = await scene.press(done, "Now in Chinese")
        chinese = {"cause": "账号已关闭。", "tell": "响应里有 zz_unheard_of。", "steps": "开一个新账号"}
        both = await scene.press(await scene.fill(opened, done, chinese), "Confirm")
        assert "Now in" not in "".join(both.buttons)
        assert "账号已关闭。" in (await scene.press(answer, "中文", who=PERSON)).text

    async def test_an_entry_that_is_not_there_is_said_not_to_be(self, scene: Maintaining) -> None:
        await scene.pasted()
        choice = await scene.press(await scene.review("next"), "Same as …")

        refused = await scene.fill(await scene.press(choice, "Another entry …"), choice, {"entry": "zzz/none"})

        assert "There is no zzz/none here" in refused.text
        assert list(refused.buttons) == ["Edit", "Cancel"]


class TestWithoutWords:
    async def test_not_an_auth_error_is_shown_confirmed_and_silent_from_then_on(self, scene: Maintaining) -> None:
        await scene.pasted()
        sure = await scene.press(await scene.review("next"), "Not an auth error")
        assert "is no authentication error?" in sure.text
        assert (await scene.case()).status == "open"

        done = await scene.press(sure, "Confirm")
        await scene.pasted(UNKNOWN, OTHER_PERSON)

        assert "not an auth error" in done.text
        assert ((await scene.case()).status, (await scene.case()).sightings) == ("not_an_error", 1)

    async def test_dismissed_it_does_not_come_back(self, scene: Maintaining) -> None:
        await scene.pasted()

        done = await scene.press(await scene.review("next"), "Dismiss")
        await scene.pasted(UNKNOWN, OTHER_PERSON)

        assert "dismissed" in done.text
        assert "Nothing waits" in (await scene.review("next")).text

    async def test_cases_are_merged_by_choice_and_by_name(self, scene: Maintaining) -> None:
        first, second = await scene.seen(person=1), await scene.seen(ANOTHER, person=2)
        choice = await scene.press(await scene.review("case", name=second), "Merge …")
        assert [option["value"] for option in choice.selects["rv-into"]["options"]] == [first]

        done = await scene.press(choice, "rv-into", values=[first])

        assert f"merged into `{first}`" in done.text
        merged = await scene.review("case", name=first)
        assert f"Merged into it: `{second}`" in merged.text
        assert "People: **2**" in merged.text
        assert list((await scene.review("case", name=second)).buttons) == ["Undo #1", "Next"]
        await scene.press(done, "Undo #1")
        choice = await scene.press(await scene.review("case", name=second), "Merge …")
        by_name = await scene.fill(await scene.press(choice, "By its name …"), choice, {"into": first})
        assert f"merged into `{first}`" in by_name.text

    async def test_a_part_is_split_off_by_words_that_only_it_has(self, scene: Maintaining) -> None:
        first = await scene.seen(f"{UNKNOWN} request 7731")
        assert await scene.seen(f"{UNKNOWN} request 9942") == first
        case = await scene.review("case", name=first)

        done = await scene.fill(await scene.press(case, "Split …"), case, {"needle": "7731"})

        assert f"split off `{first}-1`" in done.text
        assert "7731" in (await scene.review("case", name=f"{first}-1")).text

    @pytest.mark.parametrize(
        ("button", "typed", "words"),
        [
            pytest.param("Merge …", {"into": "g1-none"}, "There is no g1-none here", id="merge into what isn't there"),
            pytest.param("Split …", {"needle": "not in it"}, "no sighting of", id="split by what nothing holds"),
            pytest.param("Split …", {"needle": "x"}, "at least 2", id="split by one letter"),
        ],
    )
    async def test_what_makes_no_sense_is_refused(
        self, scene: Maintaining, button: str, typed: dict[str, str], words: str
    ) -> None:
        await scene.seen()
        case = await scene.review("next")
        under = case if button != "Merge …" else await scene.press(case, button)
        opened = await scene.press(under, "By its name …" if button == "Merge …" else button)

        assert words in (await scene.fill(opened, under, typed)).text
        assert await kinds(scene) == []


class TestTwoMaintainers:
    async def test_the_second_is_told_what_the_first_decided_and_sees_the_case_anew(self, scene: Maintaining) -> None:
        await scene.pasted()
        mine, theirs = await scene.review("next"), await scene.review("next", who=OTHER_PERSON)
        await scene.press(theirs, "Dismiss", who=OTHER_PERSON)

        for label in (
            "Dismiss",
            "Answer",
            "Same as …",
            "Another cause of …",
            "Not an auth error",
            "Merge …",
            "Split …",
        ):
            late = await scene.press(mine, label)
            assert "Meanwhile maintainer " in late.text, label
            assert "decided: dismissed" in late.text
            assert "Latest paste" in late.text

        assert await kinds(scene) == ["dismiss"]

    async def test_a_draft_is_not_lost_to_who_was_first_and_not_kept_over_it_unseen(self, scene: Maintaining) -> None:
        await scene.pasted()
        mine, theirs = await scene.review("next"), await scene.review("next", who=OTHER_PERSON)
        draft = await scene.answered(mine)
        await scene.press(theirs, "Dismiss", who=OTHER_PERSON)

        late = await scene.press(draft, "Confirm")

        assert "Meanwhile maintainer " in late.text
        assert ANSWER["cause"] in late.text
        assert await kinds(scene) == ["dismiss"]
        anew = await scene.discord.until(
            lambda: next((each for each in reversed(scene.discord.answers) if "Latest paste" in each.text), None)
        )
        assert "**dismissed**" in anew.text
        await scene.press(late, "Confirm")  # having seen it
        assert await kinds(scene) == ["add_entry", "dismiss"]


class TestHistory:
    async def test_it_says_who_when_and_what(self, scene: Maintaining) -> None:
        names = [await scene.seen(), await scene.seen(ANOTHER)]
        await scene.press(await scene.review("case", name=names[0]), "Dismiss")
        await scene.press(await scene.review("case", name=names[1], who=OTHER_PERSON), "Dismiss", who=OTHER_PERSON)

        text = (await scene.review("history")).text

        rows = await scene.store.decisions.history(HERE)
        moment = int(rows[0].at.timestamp())
        assert f"**#2** dismissed · `{names[1]}`\n-# maintainer {(rows[0].person or '')[:6]} · <t:{moment}:R>" in text
        assert f"**#1** dismissed · `{names[0]}`\n-# you · <t:" in text
        assert str(PERSON_ID) not in text

    async def test_it_goes_back_page_by_page(self, scene: Maintaining) -> None:
        name = await scene.seen()
        for number in range(5):
            await scene.press(await scene.review("case", name=name), "Dismiss")
            await scene.review("undo", decision=2 * number + 1)

        page = await scene.review("history")
        older = await scene.press(page, "Older")

        assert "took back #9" in page.text
        assert "**#2**" in older.text
        assert "**#1**" in older.text
        assert "Older" not in older.buttons

    async def test_undo_takes_back_ones_own_latest(self, scene: Maintaining) -> None:
        names = [await scene.seen(), await scene.seen(ANOTHER)]
        await scene.press(await scene.review("case", name=names[0]), "Dismiss")
        await scene.press(await scene.review("case", name=names[1], who=OTHER_PERSON), "Dismiss", who=OTHER_PERSON)

        assert "took back #1" in (await scene.review("undo")).text
        assert "nothing of yours to undo" in (await scene.review("undo")).text
        assert "took back #2" in (await scene.review("undo", decision=2)).text
        assert "undone already" in (await scene.review("undo", decision=2)).text
        assert {case.status for case in await scene.store.queue.top(HERE, status=None)} == {"open"}

    async def test_what_was_undone_is_no_longer_answered(self, scene: Maintaining) -> None:
        await scene.pasted()
        done = await scene.press(await scene.answered(await scene.review("next")), "Confirm")
        answer = await scene.pasted(UNKNOWN, OTHER_PERSON)

        back = await scene.press(done, "Undo #1")

        assert "took back #1" in back.text
        assert "Latest paste" in (await scene.press(back, "Open the case")).text
        assert "no longer part of the knowledge" in (await scene.press(answer, "More", who=OTHER_PERSON)).text
        assert "I do not know this error yet" in (await scene.pasted(UNKNOWN, OTHER_PERSON)).text


async def test_all_of_it_works_after_a_restart(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as discord:
        scene = Maintaining(discord, store, explainer)
        async with bot_on(discord, explainer):
            await scene.pasted()
            case = await scene.review("next")
        async with bot_on(discord, explainer):
            opened = await scene.press(case, "Answer")
        async with bot_on(discord, explainer):
            draft = await scene.fill(opened, case, ANSWER)
        async with bot_on(discord, explainer):
            done = await scene.press(draft, "Confirm")
        async with bot_on(discord, explainer):
            assert f"answered with `{ENTRY}`" in done.text
            assert "took back #1" in (await scene.press(done, "Undo #1")).text


async def test_what_the_knowledge_has_changed_under_waits_for_a_new_look(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as discord:
        async with bot_on(discord, explainer):
            scene = Maintaining(discord, store, explainer)
            await scene.pasted()
            choice = await scene.press(await scene.review("next"), "Same as …")
            typed = {"entry": "acme/key-revoked", "wire": ANSWER["wire"]}
            draft = await scene.fill(await scene.press(choice, "Another entry …"), choice, typed)
            await scene.press(draft, "Confirm")
        file = tmp_path / "knowledge" / "acme.yaml"
        file.write_text(file.read_text("utf-8").replace("Its owner revoked the key.", "It was revoked."), "utf-8")
        knowledge = load(tmp_path / "knowledge", cache=False)
        live = Live(knowledge, store)
        await live.refresh()
        async with bot_on(discord, Explainer(knowledge, store, live)):
            shown = await scene.review("next")

            assert "Decision #1 on `acme/key-revoked` is not in force: the entry has changed since." in shown.text
            assert "I do not know this error yet" in (await scene.pasted(UNKNOWN, OTHER_PERSON)).text
            assert "took back #1" in (await scene.press(shown, "Take it back")).text
            assert "not in force" not in (await scene.review("next")).text


async def test_all_of_it_speaks_chinese_with_who_does(scene: Maintaining) -> None:
    zh = "zh-CN"
    await scene.pasted()
    case = await scene.review("next", locale=zh)
    opened = await scene.press(case, "回答", locale=zh)
    labels = [each["label"] for each in opened.body["data"]["components"]]
    assert labels == ["服务商", "识别方式", "标题", "原因", "解决步骤，每行一步"]

    refused = await scene.fill(opened, case, {**ANSWER, **CHINESE, "wire": "{x}"}, zh)
    assert "模板的内容太少" in refused.text
    draft = await scene.fill(await scene.press(refused, "编辑", locale=zh), refused, {**ANSWER, **CHINESE}, zh)
    assert "没有任何已知示例或无害消息的判定发生变化" in draft.text
    done = await scene.press(draft, "确认", locale=zh)
    assert list(done.buttons) == ["现在补充英文", "撤销 #1", "以后再说"]
    history = await scene.review("history", locale=zh)
    assert f"**#1** 用 `{(await scene.case()).entry}` 回答" in history.text
    assert "-# 您 · <t:" in history.text
    back = await scene.press(history, "撤销 #1", locale=zh)
    assert "撤回了 #1" in back.text
    refused = await scene.review("next", locale=zh, permissions=ALLOWED)
    assert "才能在这里审阅" in refused.text


async def test_a_press_under_a_public_message_answers_in_private(scene: Maintaining) -> None:
    name = await scene.seen()
    public = await scene.pasted(ANOTHER)

    shown = await scene.press(public, f"ab:rv-open:{GUILD_ID}:{name}")

    assert shown.body["flags"] & EPHEMERAL
    assert "Latest paste" in shown.text
    assert scene.discord.channels.edits == []


async def test_who_is_overlooked_may_still_review(scene: Maintaining) -> None:
    await scene.store.people.wish(PERSON_ID, Wishes(ignored=True))
    await scene.seen()

    assert "Latest paste" in (await scene.review("next", permissions=MANAGES)).text
