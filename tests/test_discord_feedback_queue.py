"""On Discord: «Didn't help», and a reading that somebody chose, reach the maintainers' queue."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.store.models import Case, KeptSighting
from bot.store.people import Wishes
from bot.store.scopes import SHARED
from bot.store.store import Store
from bot.store.tables import answers
from tests.discord_server import DiscordServer
from tests.discord_server.harness import EITHER, REVOKED, UNKNOWN, bot_on, eventually, explaining
from tests.discord_server.interactions import by, directly, form, press
from tests.discord_server.payloads import (
    BOT_ID,
    DIRECT,
    GENERAL,
    OTHER_PERSON,
    OTHER_PERSON_ID,
    PERSON,
    PERSON_ID,
    Payload,
    command,
    interaction,
)
from tests.discord_server.reviewing import HERE
from tests.discord_server.server import Sent

SECRET = "ghp_" + "a1B2c3D4" * 5


@dataclasses.dataclass
class Scene:
    discord: DiscordServer
    store: Store

    async def pasted(self, text: str, where: int = GENERAL) -> Sent:
        """What the bot replies to somebody who mentions it with a paste."""
        return await self.discord.reply_to(await self.discord.say(where, f"<@{BOT_ID}> {text}"))

    async def press(self, under: Sent, label: str, who: Payload = PERSON) -> Sent:
        return await self.discord.interact(by(press(under, under.buttons[label]), who))

    async def unhelped(self, under: Sent, note: str = "", who: Payload = PERSON, *, direct: bool = False) -> None:
        """Press «Didn't help» and fill in the form."""
        pressed = press(under, under.buttons["Didn't help"])
        opened = await self.discord.interact(directly(pressed, who) if direct else by(pressed, who))
        filled = form(opened.body["data"]["custom_id"], note=note)
        await self.discord.interact(directly(filled, who) if direct else by(filled, who))

    async def waits(self, scope: str = HERE) -> tuple[Case, list[KeptSighting]]:
        """The only case that waits, as soon as it does, with its sightings."""

        async def there() -> bool:
            return bool(await self.store.queue.top(scope))

        await eventually(there)
        [case] = await self.store.queue.top(scope)
        return case, await self.store.queue.samples(scope, case.name)

    async def settled(self) -> list[Case]:
        """What waits once all that was pressed before is done with: a last press shows it."""
        marker = await self.pasted('HTTP 401 {"code":"zz_marker","message":"Authentication failed: the marker is set"}')
        assert "g" in marker.text
        return [case for case in await self.store.queue.top(HERE) if "marker" not in case.template]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with explaining(tmp_path) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Scene(server, store)


async def test_an_answer_that_did_not_help_waits_with_its_paste_and_without_credentials(scene: Scene) -> None:
    answer = await scene.pasted(f"{REVOKED}\nAuthorization: Bearer {SECRET}")

    await scene.unhelped(answer, "same again")

    case, [sample] = await scene.waits()
    assert case.reasons == {"not_helped": 1}
    assert (sample.reason, sample.entry) == ("not_helped", "acme/key-revoked")
    assert "The API key was revoked" in "\n".join(sample.lines)
    assert SECRET not in "\n".join(sample.lines)
    assert SECRET not in case.template


async def test_many_who_press_are_one_paste_of_its_author(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)

    await scene.unhelped(answer)
    await scene.unhelped(answer, who=OTHER_PERSON)
    await scene.unhelped(answer)

    case, _ = await scene.waits()
    assert (case.people, case.sightings) == (1, 1)
    assert (await scene.store.export(PERSON_ID))["sightings"]
    assert not (await scene.store.export(OTHER_PERSON_ID))["sightings"]


async def test_like_pastes_that_were_not_helped_are_one_case(scene: Scene) -> None:
    first = await scene.pasted(REVOKED)
    second = await scene.discord.reply_to(
        await scene.discord.say(GENERAL, f"<@{BOT_ID}> {REVOKED}", author=OTHER_PERSON)
    )

    await scene.unhelped(first)
    await scene.unhelped(second, who=OTHER_PERSON)

    async def both() -> bool:
        return (await scene.waits())[0].people == 2

    await eventually(both)


async def test_solved_takes_it_back_once_nobody_says_otherwise(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)
    await scene.unhelped(answer)
    await scene.unhelped(answer, who=OTHER_PERSON)
    await scene.waits()

    await scene.press(answer, "Solved it")
    assert [case.reasons for case in await scene.settled()] == [{"not_helped": 1}]
    await scene.press(answer, "Solved it", OTHER_PERSON)

    async def gone() -> bool:
        return not await scene.settled()

    await eventually(gone)


async def test_what_was_kept_without_an_answer_stays_when_feedback_is_taken_back(scene: Scene) -> None:
    said = await scene.discord.say(GENERAL, f"<@{BOT_ID}> {UNKNOWN}")
    await scene.discord.reply_to(said)
    case, _ = await scene.waits()
    answer = await scene.pasted(REVOKED)
    # The same message is read again by the message menu once it has an answer; here its row is made to say so.
    number = int(answer.body["message_reference"]["message_id"])
    async with scene.store.database.write() as db:
        await db.execute(update(answers).where(answers.c.id == number).values(paste_id=int(said["id"])))

    await scene.unhelped(answer)
    await scene.press(answer, "Solved it")

    assert [(each.name, each.reasons) for each in await scene.settled()] == [(case.name, {"unmatched": 1})]


async def test_a_reading_that_was_chosen_from_unsure_ones_waits_with_its_entry(scene: Scene) -> None:
    suggestion = await scene.pasted(EITHER)

    await scene.press(suggestion, "It is 2")

    case, [sample] = await scene.waits()
    kept = await scene.store.answers.get(int(suggestion.body["message_reference"]["message_id"]))
    assert kept is not None
    assert case.reasons == {"chose": 1}
    assert (sample.reason, sample.entry) == ("chose", kept.candidates[1][0])
    assert case.provider == "acme"


async def test_the_last_word_on_a_paste_counts(scene: Scene) -> None:
    suggestion = await scene.pasted(EITHER)
    chosen = await scene.press(suggestion, "It is 2")
    await scene.waits()

    await scene.unhelped(chosen)

    async def changed() -> bool:
        [case] = await scene.store.queue.top(HERE)
        return case.reasons == {"not_helped": 1} and case.sightings == 1

    await eventually(changed)


async def test_a_sure_answer_that_is_chosen_is_nothing_to_learn_from(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)
    number = int(answer.body["message_reference"]["message_id"])

    await scene.discord.interact(press(answer, f"ab:other:{number}", values=["acme/key-revoked"]))

    assert await scene.settled() == []


@pytest.mark.parametrize(
    ("ignored", "presses"),
    [
        pytest.param(PERSON_ID, OTHER_PERSON, id="who wrote it is ignored"),
        pytest.param(OTHER_PERSON_ID, OTHER_PERSON, id="who presses is ignored"),
    ],
)
async def test_nothing_is_kept_of_who_asked_to_be_ignored(scene: Scene, ignored: int, presses: Payload) -> None:
    answer = await scene.pasted(REVOKED)
    await scene.store.people.wish(ignored, Wishes(ignored=True))

    await scene.unhelped(answer, who=presses)

    assert await scene.settled() == []


@pytest.mark.parametrize("agreed", [None, True])
async def test_a_direct_paste_waits_only_where_its_author_agreed(scene: Scene, agreed: bool | None) -> None:
    await scene.store.people.wish(PERSON_ID, Wishes(keeps_direct=agreed))
    answer = await scene.pasted(REVOKED, DIRECT)

    await scene.unhelped(answer, direct=True)

    if agreed:
        case, [sample] = await scene.waits(SHARED)
        assert (case.reasons, sample.entry) == ({"not_helped": 1}, "acme/key-revoked")
    else:
        assert await scene.settled() == []
        assert await scene.store.queue.top(SHARED) == []


async def test_a_paste_that_is_gone_is_not_kept(scene: Scene) -> None:
    answer = await scene.pasted(REVOKED)
    scene.discord.messages.clear()

    await scene.unhelped(answer, "that was no help at all")

    assert await scene.settled() == []


@pytest.mark.parametrize(
    ("note", "waits"),
    [
        pytest.param('it says {"error":"ACME_KEY_REVOKED"} with HTTP 401 Unauthorized', True, id="an error"),
        pytest.param("I have no idea what to do", False, id="words"),
        pytest.param("", False, id="nothing"),
    ],
)
async def test_of_what_was_given_to_a_command_there_is_only_the_note(scene: Scene, note: str, waits: bool) -> None:
    answer = await scene.discord.interact(interaction(2, command("explain", error=REVOKED)))

    await scene.unhelped(answer, note)

    if waits:
        case, [sample] = await scene.waits()
        assert case.reasons == {"not_helped": 1}
        assert "ACME_KEY_REVOKED" in "\n".join(sample.lines)
    else:
        assert await scene.settled() == []
