"""On Discord: the buttons under an answer, also after a restart and months later."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.service import Explainer
from bot.store.answers import KeptAnswer, NewAnswer
from bot.store.store import Place, Store
from bot.store.tables import feedback
from tests.discord_server import DiscordServer
from tests.discord_server.harness import EITHER, REVOKED, REVOKED_TITLE, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import MANAGE_MESSAGES, ORIGINAL, by, directly, form, press
from tests.discord_server.payloads import (
    ALLOWED,
    BOT_ID,
    DIRECT,
    GENERAL,
    GUILD_ID,
    OTHER_PERSON,
    PERSON,
    PERSON_ID,
    Payload,
    command,
    interaction,
)
from tests.discord_server.server import Sent
from tests.waiting import answered, waiting

EPHEMERAL = 1 << 6
V2 = 1 << 15
MODERATES = ALLOWED | MANAGE_MESSAGES


@dataclass
class Scene:
    discord: DiscordServer
    store: Store
    explainer: Explainer

    async def pasted(self, text: str) -> Sent:
        """What the bot replies to somebody who mentions it with a paste."""
        said = await self.discord.say(GENERAL, f"<@{BOT_ID}> {text}")
        return await self.discord.reply_to(said)

    async def pressed(
        self, under: Sent, label: str, who: Payload = PERSON, *, locale: str = "en-US", permissions: int = ALLOWED
    ) -> Sent:
        return await self.discord.interact(
            by(press(under, under.buttons[label], locale=locale), who, permissions=permissions)
        )

    async def kept(self, answer: Sent) -> KeptAnswer | None:
        """The row of an answer: its id is that of the message it answers."""
        return await self.store.answers.get(int(answer.body["message_reference"]["message_id"]))

    async def said(self) -> list[tuple[str, str | None, str | None]]:
        """What people said to answers: kind, entry, note."""
        async with self.store._database.read() as db:
            rows = await db.execute(select(feedback.c.kind, feedback.c.entry, feedback.c.note).order_by(feedback.c.id))
            return [(row.kind, row.entry, row.note) for row in rows]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store, explainer)


async def test_an_answer_is_laid_out_with_its_buttons(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    assert answer.body["flags"] & V2
    assert REVOKED_TITLE in answer.text
    assert list(answer.buttons) == ["Solved it", "Didn't help", "More", "中文", "Remove"]
    assert answer.body["allowed_mentions"]["parse"] == []


async def test_solved_it_is_acknowledged_kept_and_thanked_for_in_private(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    thanks = await scene.pressed(answer, "Solved it", OTHER_PERSON)

    assert scene.discord.answers[0].body["type"] == 5
    assert thanks.body["flags"] & EPHEMERAL
    assert "Thank you" in thanks.text
    assert await scene.said() == [("solved", "acme/key-revoked", None)]


async def test_pressing_twice_counts_once_and_the_last_word_counts(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    for _ in range(3):
        await scene.pressed(answer, "Solved it")
    opened = await scene.pressed(answer, "Didn't help")
    await scene.discord.interact(form(opened.body["data"]["custom_id"], note="still 401"))

    assert await scene.said() == [("not_helped", "acme/key-revoked", "still 401")]


async def test_didnt_help_asks_what_happened_and_keeps_it_without_credentials(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)
    secret = "ghp_" + "a1B2c3D4" * 5

    opened = await scene.pressed(answer, "Didn't help")
    assert opened.body["type"] == 9
    note = f"I took {secret} from me@example.com and it says the same"
    thanks = await scene.discord.interact(form(opened.body["data"]["custom_id"], note=note))

    assert "noted for the maintainers" in thanks.text
    [(kind, _, kept)] = await scene.said()
    assert kind == "not_helped"
    assert kept is not None and "says the same" in kept
    assert secret not in kept
    assert "me@example.com" not in kept


async def test_didnt_help_may_be_left_without_words(scene: Scene) -> None:
    opened = await scene.pressed(await scene.pasted(REVOKED), "Didn't help")

    await scene.discord.interact(form(opened.body["data"]["custom_id"], note="  "))

    assert await scene.said() == [("not_helped", "acme/key-revoked", None)]


async def test_more_shows_all_of_the_entry_in_private(scene: Scene) -> None:
    more = await scene.pressed(await scene.pasted(REVOKED), "More", OTHER_PERSON)

    assert more.body["flags"] & EPHEMERAL
    assert "export ACME_KEY=..." in more.text
    assert "docs.acme.example" in more.text


async def test_the_asker_switches_the_message_to_the_other_language_and_back(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    switched = await scene.pressed(answer, "中文")
    assert switched.route == ORIGINAL
    assert "新建一个密钥。" in switched.text

    back = await scene.pressed(switched, "English")
    assert "Make a new key." in back.text
    kept = await scene.kept(answer)
    assert kept is not None and kept.lang == "en"


async def test_others_see_the_other_language_in_private(scene: Scene) -> None:
    switched = await scene.pressed(await scene.pasted(REVOKED), "中文", OTHER_PERSON)

    assert switched.body["flags"] & EPHEMERAL
    assert "新建一个密钥。" in switched.text


@pytest.mark.parametrize(
    ("who", "permissions", "removed"),
    [
        pytest.param(PERSON, ALLOWED, True, id="the asker"),
        pytest.param(OTHER_PERSON, MODERATES, True, id="a moderator"),
        pytest.param(OTHER_PERSON, ALLOWED, False, id="somebody else"),
    ],
)
async def test_the_asker_or_a_moderator_removes_an_answer(
    scene: Scene, who: Payload, permissions: int, removed: bool
) -> None:
    answer = await scene.pasted(REVOKED)

    if removed:
        await scene.discord.dispatch(
            "INTERACTION_CREATE", by(press(answer, answer.buttons["Remove"]), who, permissions=permissions)
        )
        await scene.discord.until(lambda: [each for each in scene.discord.answers if "DELETE" in each.route] or None)
        assert scene.discord.answers[0].body == {"type": 6}
    else:
        refused = await scene.pressed(answer, "Remove", who, permissions=permissions)
        assert "Only who asked, or a moderator" in refused.text
        assert not [each for each in scene.discord.answers if each.route.startswith("DELETE")]


async def test_a_suggestion_offers_its_readings_and_the_asker_chooses_in_its_place(scene: Scene) -> None:
    suggestion = await scene.pasted(EITHER)
    assert "The app is suspended" in suggestion.text and "The account is suspended" in suggestion.text
    assert [label for label in suggestion.buttons if label.startswith("It is")] == ["It is 1", "It is 2"]

    chosen = await scene.pressed(suggestion, "It is 2")

    assert chosen.route == ORIGINAL
    kept = await scene.kept(suggestion)
    assert kept is not None and kept.shown == kept.candidates[1][0]
    assert await scene.said() == [("chose", kept.shown, None)]
    assert "Solved it" in chosen.buttons


async def test_somebody_else_chooses_for_themselves_only(scene: Scene) -> None:
    suggestion = await scene.pasted(EITHER)

    chosen = await scene.pressed(suggestion, "It is 1", OTHER_PERSON)

    assert chosen.body["flags"] & EPHEMERAL
    kept = await scene.kept(suggestion)
    assert kept is not None and kept.shown is None
    assert [kind for kind, _, _ in await scene.said()] == ["chose"]


async def test_none_of_these_is_kept_too(scene: Scene) -> None:
    noted = await scene.pressed(await scene.pasted(EITHER), "None of these")

    assert "none of these" in noted.text
    assert [kind for kind, _, _ in await scene.said()] == ["not_helped"]


async def test_an_unmatched_error_is_said_to_be_one_with_a_checklist_a_number_and_tell_me(scene: Scene) -> None:
    answer = await scene.pasted(UNKNOWN)

    [group] = await waiting(scene.store)
    assert "I do not know this error yet" in answer.text
    assert "What the standards say about a 401" in answer.text
    assert group.name in answer.text

    told = await scene.pressed(answer, "Tell me")

    assert "I'll tell you here" in told.text
    await answered(scene.store, group, "acme/key-revoked")
    [notice] = await scene.store.notices.due()
    assert (notice.guild, notice.channel, notice.user) == (GUILD_ID, GENERAL, PERSON_ID)


async def test_who_presses_tell_me_in_private_is_told_by_direct_message(scene: Scene) -> None:
    answer = await scene.discord.interact(interaction(2, command("explain", error=UNKNOWN)))

    told = await scene.pressed(answer, "Tell me")

    assert "direct message" in told.text
    [group] = await waiting(scene.store)
    await answered(scene.store, group, "acme/key-revoked")
    [notice] = await scene.store.notices.due()
    assert (notice.channel, notice.message) == (None, None)


async def test_an_unmatched_answer_switches_its_language_too(scene: Scene) -> None:
    switched = await scene.pressed(await scene.pasted(UNKNOWN), "中文")

    assert "我还不认识这个错误" in switched.text
    assert "401" in switched.text


async def test_consent_in_a_direct_message_counts_from_then_on(scene: Scene) -> None:
    answer = await scene.discord.interact(directly(interaction(2, command("explain", error=UNKNOWN))))
    pressed = directly(press(answer, answer.buttons["Let the maintainers see it"]))

    agreed = await scene.discord.interact(pressed)

    assert "From your next paste on" in agreed.text
    assert await waiting(scene.store) == []
    await scene.discord.interact(directly(interaction(2, command("explain", error=UNKNOWN))))
    assert len(await waiting(scene.store)) == 1


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server:
        async with bot_on(server, explainer):
            scene = Scene(server, store, explainer)
            answer = await scene.pasted(REVOKED)
            opened = await scene.pressed(answer, "Didn't help")
        async with bot_on(server, explainer):
            assert "export ACME_KEY" in (await scene.pressed(answer, "More")).text
            await server.interact(form(opened.body["data"]["custom_id"], note="no"))
        assert await scene.said() == [("not_helped", "acme/key-revoked", "no")]


async def test_buttons_of_an_answer_that_is_kept_no_more_still_show_the_entry(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)
    await scene.store.forget(PERSON_ID)

    assert "export ACME_KEY" in (await scene.pressed(answer, "More")).text
    assert "新建一个密钥。" in (await scene.pressed(answer, "中文")).text
    assert "Thank you" in (await scene.pressed(answer, "Solved it")).text


async def test_a_press_that_lapsed_is_no_error(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await scene.pasted(REVOKED)
    scene.discord.lapses = 1

    await scene.discord.dispatch("INTERACTION_CREATE", press(answer, answer.buttons["More"]))
    # The next one shows that the first is done with.
    await scene.discord.until(lambda: scene.discord.lapses == 0 or None)
    await scene.pressed(answer, "More")

    logged = "".join(capsys.readouterr())
    assert "interaction.lapsed" in logged
    assert "interaction.failed" not in logged


async def test_an_id_that_is_not_ours_is_left_alone_and_one_of_another_version_is_answered(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    for custom_id in ("other:thing", "ab:more:x", "ab::"):
        await scene.discord.dispatch("INTERACTION_CREATE", press(answer, custom_id))
    told = await scene.discord.interact(press(answer, "ab:some-day:1:x"))

    assert "no longer kept" in told.text
    assert {each.where for each in scene.discord.answers} == {told.where}


@pytest.fixture
async def old_answer(scene: Scene) -> NewAnswer:
    """An answer of last year, with another match that has another name by now, and one that is gone."""
    others = (("acme/clock-skew", 0.2), ("acme/clock-wrong", 0.1), ("acme/gone", 0.1), ("acme/app-suspended", 0.01))
    place = Place(GUILD_ID, GENERAL, 1, PERSON_ID)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=300)
    kept = NewAnswer(
        77, "answer", (("acme/key-revoked", 0.7), *others), "en", place, long_ago, shown="acme/key-revoked"
    )
    await scene.store.answers.add(kept)
    return kept


async def test_other_matches_are_offered_in_a_select_and_the_chosen_one_is_shown_in_private(
    scene: Scene, old_answer: NewAnswer
) -> None:
    answer = await scene.pasted(REVOKED)

    offered = await scene.discord.interact(press(answer, f"ab:others:{old_answer.id}:acme/key-revoked"))
    select = offered.selects["other"]
    assert [option["value"] for option in select["options"]] == ["acme/clock-skew"]
    assert offered.body["flags"] & EPHEMERAL

    chosen = await scene.discord.interact(press(offered, select["custom_id"], values=["acme/clock-skew"]))

    assert "Switch on NTP." in chosen.text
    assert chosen.body["flags"] & EPHEMERAL
    assert await scene.said() == [("chose", "acme/clock-skew", None)]


async def test_an_answer_whose_entry_is_gone_says_so(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    told = await scene.discord.interact(press(answer, "ab:more:77:acme/long-gone"))

    assert "no longer part of the knowledge" in told.text


async def test_switched_to_the_other_language_it_still_says_what_the_paste_shows(scene: Scene) -> None:
    scheme = "Authorization: Acme abcdefghijklmnop"
    answer = await scene.pasted(f"{REVOKED}\n{scheme}")
    assert "Your paste shows" in answer.text

    switched = await scene.pressed(answer, "中文")

    assert "从你粘贴的内容可以看到" in switched.text


async def test_consent_given_under_a_direct_paste_keeps_that_paste_too(scene: Scene) -> None:
    said = await scene.discord.say(DIRECT, f"<@{BOT_ID}> {UNKNOWN}")
    answer = await scene.discord.reply_to(said)
    assert await waiting(scene.store) == []
    pressed = directly(press(answer, answer.buttons["Let the maintainers see it"]))

    await scene.discord.dispatch("INTERACTION_CREATE", pressed)

    def thanked() -> Sent | None:
        return next((each for each in scene.discord.answers if "It is kept for the maintainers as" in each.text), None)

    await scene.discord.until(thanked)
    [group] = await waiting(scene.store)
    edited = next(each for each in scene.discord.answers if each.route == ORIGINAL)
    assert group.name in edited.text
    assert "Tell me" in edited.buttons
