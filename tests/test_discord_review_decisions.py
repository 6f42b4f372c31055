"""On Discord: deciding on a case without writing an answer, taking it back, and never over somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.curate.live import Live
from bot.knowledge.load import load
from bot.service import Explainer
from bot.store.people import Wishes
from tests.discord_server import DiscordServer
from tests.discord_server.harness import UNKNOWN, bot_on, explaining
from tests.discord_server.payloads import GUILD_ID, OTHER_PERSON, PERSON_ID
from tests.discord_server.reviewing import ANOTHER, ANSWER, EPHEMERAL, HERE, MANAGES, Maintaining, kinds, maintaining


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Maintaining]:
    async with maintaining(tmp_path) as scene:
        yield scene


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
