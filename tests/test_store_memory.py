"""What the store remembers of guilds, messages, answers and people; and that it forgets all of it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.store import tables
from bot.store.answers import NewAnswer
from bot.store.decisions import Kind, NewDecision
from bot.store.guilds import ChannelSettings, GuildSettings
from bot.store.people import People, Wishes
from bot.store.scopes import of_guild
from bot.store.store import Fingerprint, Place, Sighting, Store
from tests.databases import rows

NOW = dt.datetime(2025, 5, 27, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
GUILD, OTHER_GUILD, CHANNEL, ALICE, BOB = 1_100_000_000_000_000_001, 12, 22, 1_300_000_000_000_000_003, 44
MESSAGE, REPLY = 1_500_000_000_000_000_005, 1_500_000_000_000_000_006


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


def place(message: int | None = MESSAGE, *, guild: int | None = GUILD, person: int = ALICE) -> Place:
    return Place(guild, CHANNEL, message, person)


def answer(number: int = MESSAGE, **more: Any) -> NewAnswer:
    made = NewAnswer(
        id=number,
        decision="answer",
        candidates=(("okta/invalid-client", 0.93), ("oauth2/invalid-client", 0.2)),
        lang="en",
        place=place(number),
        sent_at=NOW,
        shown="okta/invalid-client",
        provider="okta",
        secrets=(("github-token", "github"), ("password", None)),
        facts=(("status", "401"),),
    )
    return replace(made, **more)


def sighting(message: int, *, guild: int | None = GUILD, person: int = ALICE, problem: str = "a1") -> Sighting:
    mark = Fingerprint(problem * 16, 1, f"template of {problem}")
    return Sighting(mark, ("zorp says no",), "en", (), "listen", NOW, place(message, guild=guild, person=person))


def decision(group: str, kind: Kind) -> NewDecision:
    return NewDecision(of_guild(GUILD), kind, NOW, group, "okta/invalid-client" if kind == "add_entry" else None)


class TestGuilds:
    async def test_what_a_guild_sets_is_there_for_every_process_that_opens_it(
        self, store: Store, database_url: str
    ) -> None:
        assert await store.guilds.get(GUILD) == GuildSettings()

        await store.guilds.change(GUILD, mode="mention", provider="okta", lang="zh", roles=(5, 6), remove_secrets=True)
        await store.guilds.change(GUILD, reactions=False, per_person=3)
        here = await store.guilds.change_channel(GUILD, CHANNEL, ChannelSettings(mode="off", provider="github"))

        other = await Store.open(database_url)
        assert await other.guilds.get(GUILD) == here
        await other.close()
        assert (here.mode, here.lang, here.roles, here.per_person, here.reactions) == (
            "mention",
            "zh",
            (5, 6),
            3,
            False,
        )
        assert dict(here.channels) == {CHANNEL: ChannelSettings("off", "github", None)}

    async def test_what_is_taken_back_is_gone(self, store: Store) -> None:
        await store.guilds.change_channel(GUILD, CHANNEL, ChannelSettings(mode="off"))
        await store.guilds.change_channel(GUILD, CHANNEL, ChannelSettings())
        store.guilds.forget_cached(GUILD)

        assert dict((await store.guilds.get(GUILD)).channels) == {}

    async def test_a_guild_is_read_once(self, store: Store, database_url: str) -> None:
        await store.guilds.get(GUILD)
        rows(database_url, "DROP TABLE guilds")

        assert await store.guilds.get(GUILD) == GuildSettings()

    async def test_a_field_there_is_not_is_refused(self, store: Store) -> None:
        with pytest.raises(TypeError):
            await store.guilds.change(GUILD, colour="red")

    async def test_what_hinders_it_is_kept_once_a_channel(self, store: Store) -> None:
        for hours in (0, 2):
            await store.guilds.hindered(GUILD, CHANNEL, "send_messages", NOW + dt.timedelta(hours=hours))
        [found] = await store.guilds.hindrances(GUILD, NOW - DAY)
        assert (found.channel, found.permission, found.at) == (CHANNEL, "send_messages", NOW + dt.timedelta(hours=2))
        assert await store.guilds.hindrances(OTHER_GUILD, NOW - DAY) == []


class TestHandled:
    async def test_of_many_claims_one_wins(self, store: Store) -> None:
        claims = await asyncio.gather(*(store.handled.claim(place(), answer(), NOW) for _ in range(20)))
        assert sorted(claims) == [False] * 19 + [True]

    async def test_a_claim_is_pending_until_it_is_sent_and_its_answer_then_knows_its_reply(self, store: Store) -> None:
        await store.handled.claim(place(), answer(), NOW)
        [pending] = await store.handled.pending(NOW + DAY)
        assert (pending.message, pending.channel, pending.guild, pending.tries) == (MESSAGE, CHANNEL, GUILD, 0)
        assert await store.handled.pending(NOW) == []

        await store.handled.sent(MESSAGE, REPLY)

        assert await store.handled.pending(NOW + DAY) == []
        kept = await store.answers.by_reply(REPLY)
        assert kept is not None
        assert kept.id == MESSAGE

    async def test_what_was_offered_can_be_claimed_once(self, store: Store) -> None:
        assert await store.handled.offer(place(), NOW)
        assert not await store.handled.offer(place(), NOW)
        assert await store.handled.offered(MESSAGE)

        assert await store.handled.claim(place(), None, NOW)
        assert not await store.handled.claim(place(), None, NOW)

    @pytest.mark.parametrize("end", ["sent", "failed", "refused"])
    async def test_what_came_to_an_end_is_not_taken_on_again(self, store: Store, end: str) -> None:
        if end == "refused":
            await store.handled.refused([(place(), NOW)])
        else:
            await store.handled.claim(place(), None, NOW)
            await (store.handled.sent(MESSAGE, REPLY) if end == "sent" else store.handled.failed(MESSAGE))

        assert not await store.handled.claim(place(), None, NOW)
        assert not await store.handled.offer(place(), NOW)
        assert await store.handled.state(MESSAGE) == end
        assert await store.handled.known([MESSAGE, 7]) == {MESSAGE}

    async def test_cursors_move_on_and_old_ones_are_not_read_back(self, store: Store) -> None:
        await store.handled.keep_cursors({1: (GUILD, 10), 2: (None, 20)}, NOW - 2 * DAY)
        await store.handled.keep_cursors({1: (GUILD, 15)}, NOW)

        assert await store.handled.cursors(NOW - DAY) == {1: (GUILD, 15)}
        assert await store.handled.cursors(NOW - 3 * DAY) == {1: (GUILD, 15), 2: (None, 20)}


class TestAnswers:
    async def test_an_answer_comes_back_as_it_went_in(self, store: Store) -> None:
        new = answer(paste=99, group="g1-abc", private=True)
        await store.answers.add(new)

        kept = await store.answers.get(MESSAGE)

        assert kept is not None
        same = (
            "id",
            "decision",
            "candidates",
            "lang",
            "shown",
            "provider",
            "group",
            "secrets",
            "facts",
            "private",
            "paste",
        )
        assert [getattr(kept, name) for name in same] == [getattr(new, name) for name in same]
        assert (kept.guild, kept.channel, kept.message, kept.reply, kept.sent_at) == (
            GUILD,
            CHANNEL,
            MESSAGE,
            None,
            NOW,
        )
        assert store.answers.is_asker(kept, ALICE)
        assert not store.answers.is_asker(kept, BOB)

    async def test_changed_it_keeps_whose_it_is(self, store: Store) -> None:
        await store.handled.claim(place(), answer(), NOW)
        await store.handled.sent(MESSAGE, REPLY)
        await store.answers.add(answer(shown="oauth2/invalid-client", place=Place(None, None, None, None)))

        kept = await store.answers.by_reply(REPLY)

        assert kept is not None
        assert (kept.shown, kept.message, store.answers.is_asker(kept, ALICE)) == (
            "oauth2/invalid-client",
            MESSAGE,
            True,
        )

    async def test_those_about_a_message_are_found_by_the_paste_too(self, store: Store) -> None:
        for number, paste in ((MESSAGE, None), (MESSAGE + 10, MESSAGE), (MESSAGE + 20, None)):
            await store.answers.add(answer(number, paste=paste))
            await store.answers.sent(number, number + 1)

        assert {kept.id for kept in await store.answers.to(MESSAGE)} == {MESSAGE, MESSAGE + 10}

    @pytest.mark.parametrize(
        ("change", "found"),
        [
            pytest.param({}, True, id="the same"),
            pytest.param({"shown": "okta/other"}, False, id="another error"),
            pytest.param({"private": True}, False, id="in private"),
            pytest.param({"sent_at": NOW - DAY}, False, id="yesterday"),
            pytest.param({"place": place(person=BOB)}, False, id="somebody else"),
            pytest.param({"place": place(guild=OTHER_GUILD)}, False, id="another guild"),
        ],
    )
    async def test_the_same_lately_is_theirs_and_here(self, store: Store, change: dict[str, Any], found: bool) -> None:
        await store.answers.add(answer(**change))
        await store.answers.sent(MESSAGE, REPLY)

        same = await store.answers.same_lately(
            ALICE, "okta/invalid-client", GUILD, CHANNEL, NOW - dt.timedelta(minutes=10)
        )

        assert (same is not None) is found

    async def test_a_person_has_one_say_and_the_last_one_counts(self, store: Store) -> None:
        await store.answers.add(answer())
        for person, kind in ((ALICE, "solved"), (ALICE, "solved"), (BOB, "solved"), (ALICE, "not_helped")):
            assert await store.answers.rate(MESSAGE, person, kind, NOW, note="a note")  # type: ignore[arg-type]
        await store.answers.rate(MESSAGE, ALICE, "chose", NOW, entry="oauth2/invalid-client")

        assert await store.answers.ratings(MESSAGE) == {"solved": 1, "not_helped": 1, "chose": 1}
        assert not await store.answers.rate(1, ALICE, "solved", NOW)


class TestPeople:
    async def test_wishes_are_kept_by_a_keyed_hash_and_taken_back_without_a_trace(
        self, store: Store, database_url: str
    ) -> None:
        await store.people.wish(ALICE, Wishes(ignored=True, keeps_direct=False))
        assert await store.people.wishes(ALICE) == Wishes(ignored=True, keeps_direct=False)
        assert await store.people.wishes(BOB) == Wishes()
        store.people.forget_cached()
        assert await store.people.wishes(ALICE) == Wishes(ignored=True, keeps_direct=False)
        assert (count(database_url, "people"), count(database_url, "people", f"person LIKE '%{ALICE}%'")) == (1, 0)

        await store.people.wish(ALICE, Wishes())
        assert (await store.export(ALICE))["people"] == []

    async def test_another_process_heeds_a_wish_within_half_a_minute(self, store: Store) -> None:
        seconds = 0.0
        other = People(store.database, clock=lambda: seconds)
        assert await other.wishes(ALICE) == Wishes()
        await store.people.wish(ALICE, Wishes(ignored=True))
        seconds = 31.0
        assert await other.wishes(ALICE) == Wishes(ignored=True)

    async def test_a_notice_is_due_once_its_group_is_answered_and_gone_once_told(self, store: Store) -> None:
        group = await store.record(sighting(MESSAGE))
        for user, expected in ((ALICE, True), (ALICE, False), (BOB, True)):
            added = await store.notices.add(
                group, user=user, lang="en", at=NOW, guild=GUILD, channel=CHANNEL, message=9
            )
            assert added is expected
        assert await store.notices.due() == []

        await store.decisions.add(decision(group, kind="dismiss"), person=BOB, revision=None)
        assert await store.notices.due() == []
        await store.decisions.add(decision(group, kind="add_entry"), person=BOB, revision=None)
        first, second = await store.notices.due()
        await store.notices.told(first.id)

        assert (first.user, first.channel, first.message, first.entry) == (ALICE, CHANNEL, 9, "okta/invalid-client")
        assert await store.notices.due() == [second]


async def fill(store: Store) -> None:
    """Everything that can be kept: of Alice in two guilds and in private, and of Bob in one."""
    for number, (guild, person) in enumerate(((GUILD, ALICE), (OTHER_GUILD, ALICE), (None, ALICE), (GUILD, BOB))):
        message = MESSAGE + number * 10
        group = await store.record(sighting(message, guild=guild, person=person, problem=f"a{number}"))
        where = place(message, guild=guild, person=person)
        await store.handled.claim(where, answer(message, place=where), NOW)
        await store.handled.sent(message, message + 1)
        await store.answers.rate(message, person, "solved", NOW)
        await store.notices.add(group, user=person, lang="en", at=NOW, guild=guild, channel=CHANNEL, message=message)
        if guild is not None:
            await store.guilds.joined(guild)
            await store.guilds.change_channel(guild, CHANNEL + number, ChannelSettings(mode="off"))
            await store.guilds.hindered(guild, CHANNEL + number, "send_messages", NOW)
            await store.handled.keep_cursors({CHANNEL + number: (guild, message)}, NOW)
    for person in (ALICE, BOB):
        await store.people.wish(person, Wishes(ignored=True, keeps_direct=True))


def counted(exported: dict[str, Any]) -> dict[str, int]:
    return {name: len(rows) for name, rows in exported.items() if rows}


ALL = {"sightings": 3, "queue_people": 3, "answers": 3, "feedback": 3, "handled": 3, "notices": 3, "people": 1}
ONE = {"sightings": 1, "queue_people": 1, "answers": 1, "feedback": 1, "handled": 1, "notices": 1, "people": 1}


class TestForgetting:
    async def test_an_export_has_all_of_a_person_and_nothing_of_another(self, store: Store) -> None:
        await fill(store)

        alice, bob = await store.export(ALICE), await store.export(BOB)

        assert (counted(alice), counted(bob)) == (ALL, ONE)
        assert alice["sightings"][0]["lines"] == "zorp says no"
        assert alice["answers"][0]["message_id"] == str(MESSAGE)
        assert str(BOB) not in str(alice)

    async def test_forgotten_everywhere_only_the_wish_to_be_ignored_is_left(self, store: Store) -> None:
        await fill(store)

        assert await store.forget(ALICE) == 16

        assert counted(await store.export(ALICE)) == {"people": 1}
        assert await store.people.wishes(ALICE) == Wishes(ignored=True)
        assert counted(await store.export(BOB)) == ONE
        assert len(await store.queue.top(of_guild(GUILD))) == 1
        assert await store.unmatched() == await store.queue.top(of_guild(OTHER_GUILD)) == []

    async def test_forgotten_in_one_guild_the_rest_stays(self, store: Store) -> None:
        await fill(store)

        assert await store.forget(ALICE, GUILD) == 5

        assert counted(await store.export(ALICE)) == {name: min(count, 2) for name, count in ALL.items()} | {
            "people": 1
        }
        assert await store.people.wishes(ALICE) == Wishes(ignored=True, keeps_direct=True)

    async def test_thirty_days_after_a_guild_was_left_nothing_of_it_is_there(
        self, store: Store, database_url: str
    ) -> None:
        await fill(store)
        await store.guilds.left(GUILD, NOW)

        await store.expire(NOW + 29 * DAY, LONG)
        assert rows_of(database_url, GUILD) == 15
        gone = await store.expire(NOW + 31 * DAY, LONG)

        assert gone["guilds"] == 1
        assert rows_of(database_url, GUILD) == 0
        assert rows_of(database_url, OTHER_GUILD) > 0
        assert counted(await store.export(BOB)) == {"people": 1}

    async def test_one_that_came_back_keeps_its_data(self, store: Store, database_url: str) -> None:
        await fill(store)
        await store.guilds.present({OTHER_GUILD}, NOW)
        await store.guilds.present({GUILD}, NOW + 10 * DAY)

        await store.expire(NOW + 35 * DAY, LONG)

        assert rows_of(database_url, GUILD) == 15
        assert rows_of(database_url, OTHER_GUILD) > 0
        await store.expire(NOW + 41 * DAY, LONG)
        assert rows_of(database_url, OTHER_GUILD) == 0

    @pytest.mark.parametrize(
        ("table", "days"),
        [("notices", 30), ("handled", 7), ("cursors", 7), ("hindrances", 30), ("answers", 400), ("sightings", 90)],
    )
    async def test_what_is_kept_for_a_time_goes_after_it(
        self, store: Store, database_url: str, table: str, days: int
    ) -> None:
        await fill(store)
        await store.expire(NOW + days * DAY - dt.timedelta(hours=1))
        assert count(database_url, table) > 0
        await store.expire(NOW + days * DAY + dt.timedelta(hours=1))
        assert count(database_url, table) == 0


LONG = dict.fromkeys(("notices", "handled", "cursors", "hindrances", "answers", "sightings"), 1000 * DAY)


def count(database_url: str, table: str, where: str = "1 = 1") -> int:
    return int(rows(database_url, f"SELECT count(*) FROM {table} WHERE {where}")[0][0])  # noqa: S608 (our own tables)


def rows_of(database_url: str, guild: int) -> int:
    """All rows, in any table, that name a guild."""
    named = [table.name for table in tables.metadata.sorted_tables if "guild_id" in table.c]
    assert len(named) == 8
    return sum(count(database_url, name, f"guild_id = {guild}") for name in named)
