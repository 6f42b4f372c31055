"""What waits is counted right, many at once or one by one, and right through everything that is forgotten."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.store.decisions import NewDecision
from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from tests.databases import rows
from tests.sightings import ALICE, BOB, DAY, GUILD, NOON, OTHER, decide, name_of, names, numbers, sighting, store

__all__ = ["store"]  # a fixture


def all_rows(database_url: str, *tables: str) -> str:
    return str([rows(database_url, f"SELECT * FROM {table}") for table in tables])  # noqa: S608 (our own tables)


class TestCounting:
    async def test_many_at_once_count_as_one_after_the_other(self, store: Store) -> None:
        seen = [
            sighting(
                problem, guild=guild, person=person, message=number, seen_at=NOON - number * DAY / 3, language=lang
            )
            for number, (problem, guild, person, lang) in enumerate(
                (problem, guild, person, lang)
                for problem in ("aa", "bb")
                for guild in (None, GUILD, OTHER)
                for person in (None, ALICE, ALICE, BOB)
                for lang in ("en", "zh")
            )
        ]
        await store.guilds.change(GUILD, shares=True)
        given = await store.record_many(seen)
        assert given == [name_of(each.fingerprint.fingerprint[:2]) for each in seen]
        together = [await store.queue.top(scope) for scope in (SHARED, of_guild(GUILD), of_guild(OTHER))]

        for person in (ALICE, BOB):
            await store.forget(person)
        for each in seen:
            await store.withdraw(int(each.place.message or 0))
        assert [await names(store, scope) for scope in (SHARED, of_guild(GUILD), of_guild(OTHER))] == [[], [], []]
        for each in reversed(seen):
            await store.record(each)

        one_by_one = [await store.queue.top(scope) for scope in (SHARED, of_guild(GUILD), of_guild(OTHER))]
        assert [[without_ids(case) for case in cases] for cases in one_by_one] == [
            [without_ids(case) for case in cases] for cases in together
        ]
        assert [(case.people, case.sightings) for case in one_by_one[0]] == [(3, 16), (3, 16)]

    async def test_a_message_counts_once_within_a_batch_and_after_it(self, store: Store) -> None:
        again = [sighting("aa", message=1), sighting("bb", message=1), sighting("cc", message=2)]
        assert await store.record_many(again) == [name_of("aa"), name_of("aa"), name_of("cc")]
        assert await store.record_many([*again, sighting("dd", message=3)]) == [
            name_of("aa"),
            name_of("aa"),
            name_of("cc"),
            name_of("dd"),
        ]
        assert sorted(await names(store)) == ["aa", "cc", "dd"]
        assert await store.record_many([]) == []

    async def test_why_it_is_there(self, store: Store) -> None:
        await store.record_many(
            [
                sighting(),
                sighting(reason="not_helped", entry="okta/invalid-client"),
                sighting(reason="chose", entry="okta/invalid-client"),
                sighting(reason="chose", entry="okta/other"),
            ]
        )
        case = await store.queue.get(SHARED, name_of("a1"))
        assert case is not None
        assert case.reasons == {"unmatched": 1, "not_helped": 1, "chose": 2}
        kept = await store.queue.samples(SHARED, case.name)
        assert [(each.reason, each.entry) for each in reversed(kept)] == [
            ("unmatched", None),
            ("not_helped", "okta/invalid-client"),
            ("chose", "okta/invalid-client"),
            ("chose", "okta/other"),
        ]

    async def test_the_trend_is_by_day_with_today_last(self, store: Store) -> None:
        moments = [NOON, NOON, NOON - 2 * DAY, NOON - 13 * DAY, NOON - 14 * DAY, NOON + DAY]
        await store.record_many([sighting(seen_at=moment) for moment in moments])
        assert await store.queue.trend(SHARED, name_of("a1"), NOON) == [1, *[0] * 10, 1, 0, 2]
        assert await store.queue.trend(SHARED, "g1-none", NOON, 3) == [0, 0, 0]

    async def test_two_that_record_at_once_lose_no_count(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        both = [
            sighting(person=number % 7, message=number, guild=GUILD if number % 2 else None) for number in range(60)
        ]
        await asyncio.gather(*(each.record(seen) for seen in both for each in (store, other)))
        await other.close()
        assert await numbers(store, SHARED) == (7, 30)
        assert await numbers(store, of_guild(GUILD)) == (7, 30)

    async def test_batches_of_the_same_groups_in_another_order_do_not_block_each_other(
        self, store: Store, database_url: str
    ) -> None:
        other = await Store.open(database_url)
        batch = [sighting(f"{number:02}", guild=GUILD) for number in range(40)]
        theirs = [sighting(f"{number:02}", guild=OTHER) for number in reversed(range(40))]
        await asyncio.gather(
            *(store.record_many(batch) for _ in range(4)), *(other.record_many(theirs) for _ in range(4))
        )
        await other.close()
        assert {case.sightings for case in await store.queue.top(of_guild(GUILD), limit=50)} == {4}
        assert {case.sightings for case in await store.queue.top(of_guild(OTHER), limit=50)} == {4}


def without_ids(case: Any) -> Any:
    return (case.scope, case.name, case.people, case.sightings, case.first_seen, case.last_seen, case.weight,
            dict(sorted(case.reasons.items())), sorted(case.languages), case.status)  # fmt: skip


class TestForgetting:
    async def test_counts_stay_when_samples_expire_and_go_with_the_person(self, store: Store) -> None:
        await store.guilds.change(GUILD, shares=True)
        for person, guild in ((ALICE, GUILD), (ALICE, None), (BOB, GUILD)):
            await store.record_many([sighting(guild=guild, person=person, seen_at=NOON + n * DAY) for n in range(3)])
        await store.expire(NOON + 200 * DAY)
        assert await store.queue.samples(SHARED, name_of("a1")) == []
        assert await numbers(store, SHARED) == (2, 9)

        await store.record(sighting(guild=GUILD, person=ALICE, seen_at=NOON + 201 * DAY))
        await store.forget(ALICE, GUILD)
        assert await numbers(store, SHARED) == (2, 6)
        assert await numbers(store, of_guild(GUILD)) == (1, 3)

        await store.forget(ALICE)
        assert await numbers(store, SHARED) == (1, 3)
        await store.forget(BOB)
        assert await numbers(store, SHARED) is None
        assert not await store.has_group(name_of("a1"))

    async def test_samples_are_kept_as_long_as_the_guild_says(self, store: Store, database_url: str) -> None:
        await store.guilds.change(GUILD, keep_days=7)
        await store.guilds.change(OTHER, keep_days=365)
        await store.record_many([sighting(guild=guild) for guild in (GUILD, OTHER, 99, None)])
        left = "SELECT guild_id FROM sightings"
        for days, expected in ((6, {GUILD, OTHER, 99, None}), (8, {OTHER, 99, None}), (91, {OTHER}), (366, set())):
            await store.expire(NOON + days * DAY)
            assert {guild for (guild,) in rows(database_url, left)} == expected
        assert await numbers(store, of_guild(GUILD)) == (1, 1)

    async def test_a_guild_that_left_takes_its_part_of_the_shared_queue_and_its_decisions(
        self, store: Store, database_url: str
    ) -> None:
        await store.guilds.change(GUILD, shares=True)
        await store.record_many(
            [sighting(guild=GUILD, person=ALICE), sighting(person=BOB), sighting("bb", guild=GUILD)]
        )
        await decide(store, "dismiss", "a1", of_guild(GUILD))
        await decide(store, "dismiss", "a1", SHARED)
        await store.guilds.left(GUILD, NOON)
        await store.expire(NOON + 31 * DAY)

        assert await numbers(store, SHARED) == (1, 1)
        assert await store.queue.top(of_guild(GUILD), status=None) == []
        assert not await store.has_group(name_of("bb"))
        assert [decision.scope for decision in await store.decisions.since()] == [SHARED]
        everything = all_rows(database_url, "queue", "queue_people", "sightings")
        assert str(GUILD) not in everything

    async def test_a_withdrawn_message_is_not_counted(self, store: Store) -> None:
        await store.guilds.change(GUILD, shares=True)
        for message, person in ((1, ALICE), (2, ALICE), (3, BOB)):
            await store.record(sighting(guild=GUILD, message=message, person=person))
        await store.withdraw(1)
        await store.withdraw(1)
        assert await numbers(store, SHARED) == await numbers(store, of_guild(GUILD)) == (2, 2)
        await store.withdraw(3)
        assert await numbers(store, SHARED) == await numbers(store, of_guild(GUILD)) == (1, 1)

    async def test_a_decided_case_stays_when_all_in_it_are_forgotten(self, store: Store) -> None:
        await store.record(sighting(person=ALICE))
        await decide(store, "add_entry", "a1", entry="okta/new")
        await store.forget(ALICE)
        case = await store.queue.get(SHARED, name_of("a1"))
        assert case is not None
        assert (case.status, case.people, case.sightings) == ("answered", 0, 0)

    async def test_nobody_elses_decisions_are_lost_and_nobodys_hash_is_left(
        self, store: Store, database_url: str
    ) -> None:
        await store.record(sighting(guild=GUILD, person=ALICE))
        await store.decisions.add(
            NewDecision(of_guild(GUILD), "dismiss", NOON, name_of("a1")), person=ALICE, revision=0
        )
        assert len((await store.export(ALICE))["decisions"]) == 1
        await store.forget(ALICE)
        [decision] = await store.decisions.since()
        assert decision.person is None
        everything = all_rows(database_url, "decisions", "queue_people", "sightings")
        assert store.decisions.who(ALICE) not in everything
