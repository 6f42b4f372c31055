"""On Discord: answering a case, from the form to the answer that people get, in both languages and after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_server import DiscordServer
from tests.discord_server.harness import REVOKED, UNKNOWN, bot_on, explaining
from tests.discord_server.payloads import ALLOWED, OTHER_PERSON, PERSON
from tests.discord_server.reviewing import ANOTHER, ANSWER, CHINESE, HERE, Maintaining, filled, kinds, maintaining

ENTRY = "frob-cloud/the-frobnicator-refuses-the-token"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Maintaining]:
    async with maintaining(tmp_path) as scene:
        yield scene


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
