"""On Discord: pastes that go on, change, go away or come again, and what is answered quietly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.discord.speaking import QUIET
from bot.store.people import Wishes
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.channels import reaction
from tests.discord_server.harness import (
    REVOKED,
    REVOKED_TITLE,
    SKEW,
    SKEW_TITLE,
    UNKNOWN,
    bot_on,
    eventually,
    explaining,
    idle,
)
from tests.discord_server.payloads import (
    BOT,
    BOT_ID,
    DIRECT,
    GENERAL,
    GUILD_ID,
    MODERATORS,
    OTHER_PERSON,
    PERSON,
    PERSON_ID,
    VOICE,
    Payload,
    member,
    message,
    new_id,
    reply_fields,
    user,
)
from tests.test_discord_rules import BETA, SUSPENDED
from tests.waiting import waiting

ME = f"<@{BOT_ID}>"
Scene = tuple[DiscordServer, Store]
LINES = "2026-01-01T00:00:00Z INFO worker started and is doing its work as always\n" * 26
EDITED = {"edited_timestamp": "2026-01-01T10:01:00+00:00"}


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with (
        explaining(tmp_path, beta=BETA) as (explainer, store),
        DiscordServer() as server,
        bot_on(server, explainer),
    ):
        yield server, store


async def all_attended(discord: DiscordServer, where: int = VOICE) -> None:
    """Wait until what came before is attended to: by asking, and taking the answer away again."""
    asked = await discord.say(where, f"{ME} {SKEW}", author={**OTHER_PERSON, "id": str(new_id())})
    discord.sent.remove(await discord.reply_to(asked))
    await idle()


async def stored(scene: Scene, paste: Payload) -> Payload:
    """Wait until the answer to `paste` is sent, and known to be; return its message."""
    discord, store = scene
    made = (await discord.reply_to(paste)).made
    await eventually(lambda: store.answers.by_reply(int(made["id"])))
    return made


class TestParts:
    async def test_a_paste_cut_in_two_is_read_as_one(self, scene: Scene) -> None:
        discord, _ = scene
        whole = f"{LINES}{REVOKED}"
        cut = whole.index("KEY_REVOKED") + 6
        await discord.say(GENERAL, whole[:cut])
        rest = await discord.say(GENERAL, whole[cut:])

        assert REVOKED_TITLE in (await discord.reply_to(rest)).text

    async def test_what_comes_next_changes_the_answer_in_its_place(self, scene: Scene) -> None:
        discord, store = scene
        first = await discord.say(GENERAL, f"{LINES}{REVOKED}")
        reply = await discord.reply_to(first)

        await discord.say(GENERAL, "and the header was Authorization: Bearer ghp_" + "a1B2" * 9)

        number, body = await discord.until(lambda: discord.channels.edits[0] if discord.channels.edits else None)
        assert number == int(reply.made["id"])
        assert "a1B2" not in str(body)
        assert len(discord.sent) == 1
        await all_attended(discord)
        kept = await store.answers.by_reply(number)
        assert kept is not None
        assert [kind for kind, _ in kept.secrets] == ["github-token"]

    @pytest.mark.parametrize(
        ("first", "author", "later"),
        [
            pytest.param(f"{LINES}{REVOKED}", OTHER_PERSON, 0, id="somebody else's"),
            pytest.param(f"{LINES}{REVOKED}", PERSON, 11, id="one after 11 s"),
            pytest.param(REVOKED, PERSON, 0, id="one after a short one"),
        ],
    )
    async def test_is_not_gone_on_with_by(self, scene: Scene, first: str, author: Payload, later: int) -> None:
        discord, _ = scene
        paste = await discord.say(GENERAL, first)
        await discord.reply_to(paste)

        next_one = await discord.say(GENERAL, SKEW, author=author, number=new_id() + (later * 1000 << 22))

        assert SKEW_TITLE in (await discord.reply_to(next_one)).text
        assert discord.channels.edits == []

    async def test_a_first_part_that_was_unknown_leaves_the_queue_when_the_second_answers_it(
        self, scene: Scene
    ) -> None:
        discord, store = scene
        await discord.say(GENERAL, f"{LINES}{UNKNOWN}")
        await all_attended(discord)
        assert len(await waiting(store)) == 1

        rest = await discord.say(GENERAL, REVOKED)

        assert REVOKED_TITLE in (await discord.reply_to(rest)).text
        await all_attended(discord)
        assert await waiting(store) == []


class TestReplies:
    async def test_a_reply_that_says_whose_it_is_goes_on_with_the_paste(self, scene: Scene) -> None:
        discord, _ = scene
        asked = await discord.say(GENERAL, f"{ME} {SUSPENDED}")
        suggestion = await stored(scene, asked)

        told = await discord.say(GENERAL, "it's betacloud", mentions=[BOT], **reply_fields(suggestion))

        assert "Beta has suspended it" in (await discord.reply_to(told)).text

    async def test_so_does_one_that_mentions_it(self, scene: Scene) -> None:
        discord, _ = scene
        asked = await discord.say(GENERAL, f"{ME} {SUSPENDED}")
        suggestion = await stored(scene, asked)

        told = await discord.say(GENERAL, f"{ME} it's betacloud", **reply_fields(suggestion))

        assert "Beta has suspended it" in (await discord.reply_to(told)).text

    async def test_what_does_not_change_the_answer_is_left_alone(self, scene: Scene) -> None:
        discord, _ = scene
        paste = await discord.say(GENERAL, REVOKED)
        answer = await stored(scene, paste)

        await discord.say(GENERAL, "thanks, that was it!", mentions=[BOT], **reply_fields(answer))
        await all_attended(discord)

        assert len(discord.sent) == 1


class TestEdits:
    async def test_an_edited_paste_changes_the_answer(self, scene: Scene) -> None:
        discord, _ = scene
        paste = await discord.say(GENERAL, REVOKED)
        reply = await discord.reply_to(paste)

        await discord.show({**paste, "content": SKEW, **EDITED}, "MESSAGE_UPDATE")

        number, body = await discord.until(lambda: discord.channels.edits[0] if discord.channels.edits else None)
        assert number == int(reply.made["id"])
        assert SKEW_TITLE in str(body)

    async def test_so_does_one_that_somebody_else_pointed_at(self, scene: Scene) -> None:
        discord, _ = scene
        paste = message(GENERAL, f"so, {SUSPENDED}", author=OTHER_PERSON)
        discord.messages[int(paste["id"])] = paste
        asked = await discord.say(GENERAL, f"{ME} what is this?", **reply_fields(paste))
        await discord.reply_to(asked)

        await discord.show({**paste, "content": SKEW, **EDITED}, "MESSAGE_UPDATE")

        _, body = await discord.until(lambda: discord.channels.edits[0] if discord.channels.edits else None)
        assert SKEW_TITLE in str(body)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"content": f"{REVOKED} :("}, id="the same error"),
            pytest.param({"content": "never mind"}, id="no error any more"),
            pytest.param({"edited_timestamp": None, "content": SKEW}, id="Discord's own change"),
        ],
    )
    async def test_the_answer_stays_for(self, scene: Scene, change: Payload) -> None:
        discord, _ = scene
        paste = await discord.say(GENERAL, REVOKED)
        await discord.reply_to(paste)

        await discord.show({**paste, **EDITED, **change}, "MESSAGE_UPDATE")
        await all_attended(discord)

        assert discord.channels.edits == []

    @pytest.mark.parametrize("many", [pytest.param(False, id="one"), pytest.param(True, id="many at once")])
    async def test_with_a_deleted_paste_the_answer_goes(self, scene: Scene, many: bool) -> None:
        discord, store = scene
        paste = await discord.say(GENERAL, REVOKED)
        reply = int((await discord.reply_to(paste)).made["id"])
        where = {"channel_id": str(GENERAL), "guild_id": str(GUILD_ID)}
        if many:
            await discord.dispatch("MESSAGE_DELETE_BULK", {"ids": [paste["id"], str(new_id())], **where})
        else:
            await discord.dispatch("MESSAGE_DELETE", {"id": paste["id"], **where})

        await discord.until(lambda: discord.channels.deleted or None)

        assert discord.channels.deleted == [reply]
        await all_attended(discord)
        assert await store.answers.by_reply(reply) is None


class TestAgain:
    async def test_the_same_error_of_the_same_person_points_to_the_answer(self, scene: Scene) -> None:
        discord, _ = scene
        paste = await discord.say(GENERAL, REVOKED)
        answer = await stored(scene, paste)

        again = await discord.say(VOICE, REVOKED)

        text = (await discord.reply_to(again)).text
        assert f"https://discord.com/channels/{GUILD_ID}/{GENERAL}/{answer['id']}" in text
        assert REVOKED_TITLE not in text

    async def test_a_pointer_goes_with_its_message_too(self, scene: Scene) -> None:
        discord, _ = scene
        await stored(scene, await discord.say(GENERAL, REVOKED))
        again = await discord.say(VOICE, REVOKED)
        pointer = int((await discord.reply_to(again)).made["id"])

        await discord.dispatch(
            "MESSAGE_DELETE", {"id": again["id"], "channel_id": str(VOICE), "guild_id": str(GUILD_ID)}
        )

        assert await discord.until(lambda: discord.channels.deleted or None) == [pointer]

    @pytest.mark.parametrize(
        ("where", "author"),
        [pytest.param(GENERAL, OTHER_PERSON, id="somebody else"), pytest.param(DIRECT, PERSON, id="a private place")],
    )
    async def test_it_is_answered_in_full_for(self, scene: Scene, where: int, author: Payload) -> None:
        discord, _ = scene
        await discord.reply_to(await discord.say(GENERAL, REVOKED))

        again = await discord.say(where, REVOKED, author=author)

        assert REVOKED_TITLE in (await discord.reply_to(again)).text


UNSURE = 'HTTP 401 Unauthorized from api.acme.example: {"message":"Access was suspended by the administrator"}'


THIRD_PERSON = user(new_id(), "cy")


def moderator() -> Payload:
    return {**member(THIRD_PERSON), "roles": [str(MODERATORS)]}


class TestQuietReaction:
    async def offered(self, discord: DiscordServer, text: str = UNSURE, where: int = GENERAL) -> Payload:
        paste = await discord.say(where, text)
        number, emoji = await discord.until(
            lambda: discord.channels.reactions[0] if discord.channels.reactions else None
        )
        assert (number, emoji) == (int(paste["id"]), QUIET)
        assert discord.sent == []
        return paste

    async def test_surely_an_error_but_not_which_gets_a_reaction_and_a_click_the_readings_once(
        self, scene: Scene
    ) -> None:
        discord, store = scene
        paste = await self.offered(discord)
        assert len(await waiting(store)) == 1

        await discord.dispatch("MESSAGE_REACTION_ADD", reaction(paste, QUIET, PERSON, member(PERSON)))
        text = (await discord.reply_to(paste)).text
        await discord.dispatch("MESSAGE_REACTION_ADD", reaction(paste, QUIET, PERSON, member(PERSON)))
        await all_attended(discord)

        assert "The app is suspended" in text
        assert "The account is suspended" in text
        assert len(discord.sent) == 1

    async def test_a_moderator_may_click_too_and_another_person_not(self, scene: Scene) -> None:
        discord, _ = scene
        paste = await self.offered(discord)

        await discord.dispatch("MESSAGE_REACTION_ADD", reaction(paste, QUIET, THIRD_PERSON, member(THIRD_PERSON)))
        await discord.dispatch("MESSAGE_REACTION_ADD", reaction(paste, "👍", PERSON, member(PERSON)))
        await all_attended(discord)
        assert discord.sent == []

        await discord.dispatch("MESSAGE_REACTION_ADD", reaction(paste, QUIET, THIRD_PERSON, moderator()))
        await discord.reply_to(paste)

    async def test_a_server_may_switch_it_off_and_the_paste_waits_in_the_queue_all_the_same(self, scene: Scene) -> None:
        discord, store = scene
        await store.guilds.change(GUILD_ID, reactions=False)

        await discord.say(GENERAL, UNKNOWN)
        await all_attended(discord)

        assert discord.channels.reactions == []
        assert len(await waiting(store)) == 1

    async def test_the_bots_own_reaction_is_no_click(self, scene: Scene) -> None:
        discord, _ = scene
        paste = await self.offered(discord)

        await discord.dispatch("MESSAGE_REACTION_ADD", reaction(paste, QUIET, BOT, member(BOT)))
        await all_attended(discord)

        assert discord.sent == []


class TestDirect:
    @pytest.mark.parametrize("agreed", [pytest.param(True, id="agreed"), pytest.param(False, id="not agreed")])
    async def test_an_unknown_error_is_kept_only_where_its_author_has(self, scene: Scene, agreed: bool) -> None:
        discord, store = scene
        await store.people.wish(PERSON_ID, Wishes(keeps_direct=agreed))

        asked = await discord.say(DIRECT, f"{ME} {UNKNOWN}")
        await discord.reply_to(asked)

        assert len(await waiting(store)) == agreed


class TestPeopleFirst:
    async def test_it_is_quiet_where_somebody_has_already_replied(self, scene: Scene) -> None:
        discord, _ = scene
        late = message(GENERAL, REVOKED)
        await discord.say(GENERAL, "that key is gone", author=OTHER_PERSON, **reply_fields(late))
        await discord.show(late)
        await all_attended(discord)

        assert discord.sent == []

    async def test_a_reply_of_the_author_does_not_count(self, scene: Scene) -> None:
        discord, _ = scene
        late = message(GENERAL, REVOKED)
        await discord.say(GENERAL, "forgot to say, since today", **reply_fields(late))
        await discord.show(late)

        assert REVOKED_TITLE in (await discord.reply_to(late)).text


class TestCredentials:
    async def test_where_the_server_agreed_the_message_goes_and_the_answer_stays(self, scene: Scene) -> None:
        discord, store = scene
        await store.guilds.change(GUILD_ID, remove_secrets=True)
        token = "ghp_" + "a1B2" * 9

        paste = await discord.say(VOICE, f"{REVOKED}\nAuthorization: Bearer {token}")
        reply = await discord.reply_to(paste)
        await discord.until(lambda: discord.channels.deleted or None)
        await all_attended(discord, GENERAL)

        assert token not in str(reply.body)
        assert discord.channels.deleted == [int(paste["id"])]

    async def test_without_its_consent_nothing_is_removed(self, scene: Scene) -> None:
        discord, _ = scene
        paste = await discord.say(VOICE, f"{REVOKED}\nAuthorization: Bearer ghp_" + "a1B2" * 9)
        await discord.reply_to(paste)
        await all_attended(discord)

        assert discord.channels.deleted == []
