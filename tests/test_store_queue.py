"""What waits, in whose queue and in which order; found by words; counted right through everything that is forgotten."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.store.check import faults
from bot.store.decisions import NewDecision
from bot.store.scopes import SHARED, Scope, guild_of, of_guild
from bot.store.store import Fingerprint, Place, Sighting, Store
from tests.databases import rows
from tests.test_store_migrations import old

NOON = dt.datetime(2025, 5, 27, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
GUILD, OTHER, ALICE, BOB, CAROL = 1_100_000_000_000_000_001, 12, 1_300_000_000_000_000_003, 44, 55


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()
    assert await faults(database_url) == []


def sighting(problem: str = "a1", text: str = "zorp says no", **more: Any) -> Sighting:
    place = Place(more.pop("guild", None), None, more.pop("message", None), more.pop("person", None))
    template = more.pop("template", f"template of {problem}")
    given = {"language": "en", "candidates": (), "mode": "listen", "seen_at": NOON, **more}
    return Sighting(Fingerprint((problem * 16)[:32], 1, template), (text, "second line"), place=place, **given)


def name_of(problem: str) -> str:
    return f"g1-{(problem * 16)[:12]}"


async def names(store: Store, scope: Scope = SHARED, **filters: Any) -> list[str]:
    return [case.name[3:5] for case in await store.queue.top(scope, **filters)]


async def numbers(store: Store, scope: Scope, name: str = name_of("a1")) -> tuple[int, int] | None:
    case = await store.queue.get(scope, name)
    return None if case is None else (case.people, case.sightings)


async def decide(store: Store, kind: Any, problem: str, scope: Scope = SHARED, **more: Any) -> Any:
    name = problem if "-" in problem else name_of(problem)
    return await store.decisions.add(NewDecision(scope, kind, NOON, name, **more), person=BOB, revision=None)


def all_rows(database_url: str, *tables: str) -> str:
    return str([rows(database_url, f"SELECT * FROM {table}") for table in tables])  # noqa: S608


class TestScopes:
    @pytest.mark.parametrize(("guild", "scope"), [(None, "shared"), (GUILD, f"guild:{GUILD}")])
    def test_there_and_back(self, guild: int | None, scope: Scope) -> None:
        assert (of_guild(guild), guild_of(scope)) == (scope, guild)

    @pytest.mark.parametrize("scope", ["", "guild:", "guild:x", "guild:-1", "guild:²", "12", "SHARED"])
    def test_what_is_none_is_refused(self, scope: str) -> None:
        with pytest.raises(ValueError, match="no scope"):
            guild_of(scope)

    async def test_a_guild_sees_its_own_and_the_shared_queue_what_is_nobodys(self, store: Store) -> None:
        await store.record_many([sighting("aa", guild=GUILD), sighting("bb", guild=OTHER), sighting("cc")])

        assert await names(store, of_guild(GUILD)) == ["aa"]
        assert await names(store, of_guild(OTHER)) == ["bb"]
        assert await names(store) == ["cc"]
        assert await store.queue.get(SHARED, name_of("aa")) is None
        assert await store.group(name_of("aa")) is None
        assert await store.has_group(name_of("aa"))
        assert not await store.has_group(name_of("ee"))

    async def test_a_guild_that_shares_is_counted_for_all_but_its_lines_are_its_own(self, store: Store) -> None:
        await store.guilds.change(GUILD, shares=True)
        await store.record_many(
            [sighting(text="from the guild", guild=GUILD, person=ALICE), sighting(text="from nowhere")]
        )

        case = await store.queue.get(SHARED, name_of("a1"))
        assert case is not None
        assert (case.people, case.sightings, case.template) == (2, 2, "template of a1")
        assert [kept.lines[0] for kept in await store.queue.samples(SHARED, case.name)] == ["from nowhere"]
        assert [kept.lines[0] for kept in await store.queue.samples(of_guild(GUILD), case.name)] == ["from the guild"]

    async def test_sharing_brings_what_was_there_and_takes_it_away_again(self, store: Store) -> None:
        await store.record_many(
            [
                *(sighting(guild=GUILD, person=person, language="zh") for person in (ALICE, ALICE, BOB)),
                sighting(guild=OTHER, person=CAROL),
                sighting(person=BOB),
                sighting("bb", guild=GUILD, person=ALICE),
            ]
        )
        assert await numbers(store, SHARED) == (1, 1)

        await store.guilds.change(GUILD, shares=True)
        case = await store.queue.get(SHARED, name_of("a1"))
        assert case is not None
        assert (case.people, case.sightings, case.languages) == (2, 4, ("zh", "en"))
        assert await store.queue.trend(SHARED, case.name, NOON, 2) == [0, 4]
        assert sorted(await names(store)) == ["a1", "bb"]
        assert await numbers(store, of_guild(OTHER)) == (1, 1)

        await store.guilds.change(GUILD, shares=True)  # said twice it is counted once
        assert await numbers(store, SHARED) == (2, 4)

        await store.guilds.change(GUILD, shares=False)
        case = await store.queue.get(SHARED, name_of("a1"))
        assert case is not None
        assert (case.people, case.sightings, case.languages) == (1, 1, ("en",))
        assert await names(store) == ["a1"]
        assert await numbers(store, of_guild(GUILD)) == (2, 3)


class TestOrder:
    async def test_people_and_recency_and_not_how_often(self, store: Store) -> None:
        await store.record_many([sighting("aa", person=ALICE) for _ in range(50)])
        await store.record_many([sighting("bb", person=person, seen_at=NOON - DAY) for person in (ALICE, BOB)])
        many = (ALICE, BOB, CAROL, 66)
        await store.record_many([sighting("cc", person=person, seen_at=NOON - 30 * DAY) for person in many])
        await store.record_many([sighting("dd", person=person, seen_at=NOON - 27 * DAY) for person in many])

        # Twice as many people make up for 14 days.
        assert await names(store) == ["bb", "dd", "aa", "cc"]

    async def test_pages_follow_one_another_even_when_a_case_was_decided_meanwhile(self, store: Store) -> None:
        await store.record_many([sighting(f"{n:02}", seen_at=NOON - n * DAY) for n in range(9)])
        first = await store.queue.top(SHARED, limit=4)
        await decide(store, "dismiss", "03")

        rest = [case.name[3:5] for case in await store.queue.top(SHARED, after=first[-1].name)]

        assert [case.name[3:5] for case in first] + rest == [f"{n:02}" for n in range(9)]

    async def test_cases_of_equal_weight_are_each_on_one_page(self, store: Store) -> None:
        await store.record_many([sighting(f"{n:02}") for n in range(10)])
        seen: list[str] = []
        while page := await store.queue.top(SHARED, limit=3, after=seen[-1] if seen else None):
            seen += [case.name for case in page]
        assert len(seen) == len(set(seen)) == 10

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            pytest.param({}, ["aa", "bb"], id="open"),
            pytest.param({"provider": "okta"}, ["aa"], id="provider"),
            pytest.param({"provider": "stripe"}, [], id="a provider without any"),
            pytest.param({"language": "zh"}, ["bb"], id="language"),
            pytest.param({"language": "z"}, [], id="no language"),
            pytest.param({"language": '%"'}, [], id="no language either"),
            pytest.param({"status": "dismissed"}, ["cc"], id="status"),
            pytest.param({"status": None}, ["aa", "bb", "cc"], id="any status"),
            pytest.param({"provider": "okta", "language": "zh"}, [], id="both"),
        ],
    )
    async def test_filters(self, store: Store, filters: dict[str, Any], expected: list[str]) -> None:
        await store.record_many(
            [
                sighting("aa", candidates=(("okta/invalid-client", 0.5),)),
                sighting("bb", language="zh", candidates=(("stripe/key", 0.1),)),
                sighting("cc"),
            ]
        )
        await decide(store, "dismiss", "cc")
        assert sorted(await names(store, **filters)) == expected


class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            pytest.param("grant", ["aa"], id="a word of a code"),
            pytest.param("invalid_grant", ["aa"], id="a code"),
            pytest.param("INVALID gra", ["aa"], id="beginnings, in any case"),
            pytest.param("rant", [], id="the middle of a word"),
            pytest.param("okta", ["aa"], id="the provider"),
            pytest.param("grant 无效", [], id="of two cases"),
            pytest.param("无效", ["bb"], id="Chinese"),
            pytest.param("效", ["bb"], id="one character"),
            pytest.param("令牌无效", ["bb"], id="a Chinese phrase"),
            pytest.param("令效", [], id="characters that are not neighbours"),
            pytest.param("ｉｎｖａｌｉｄ", ["aa"], id="full width"),
            pytest.param("50011", ["cc"], id="digits of a code that has a word of its own"),
            pytest.param("AADSTS50011:", ["dd"], id="a code with letters"),
            pytest.param("naïve", ["dd"], id="an accent"),
            pytest.param("   ", ["aa", "bb", "cc", "dd"], id="nothing typed"),
            pytest.param("!!! ***", [], id="no word"),
        ],
    )
    async def test_is_found_by_its_words(self, store: Store, typed: str, expected: list[str]) -> None:
        await store.record_many(
            [
                sighting("aa", template="invalid_grant: expired {id}", candidates=(("okta/invalid-grant", 0.5),)),
                sighting("bb", template="错误：令牌无效（{n}）"),
                sighting("cc", template="AADSTS 50011 reply"),
                sighting("dd", template="AADSTS50011 naïve"),
            ]
        )
        assert sorted(await names(store, search=typed)) == expected

    @pytest.mark.parametrize(
        "typed",
        ['"', "zorp AND", "NEAR(a b)", "words:zorp", "zorp*", "^zorp", "-zorp", "a:*&!b|(c", "'; --", "\\", "zorp OR no",
         "{x}", "\0", "\ud800", "x" * 100_000, "令" * 5_000],
    )  # fmt: skip
    async def test_nothing_that_is_typed_is_syntax(self, store: Store, typed: str) -> None:
        await store.record(sighting(template="zorp"))
        assert await names(store, search=typed) in ([], ["a1"])
        assert await names(store, search="zorp or no") == []

    async def test_a_group_that_is_gone_is_found_no_more(self, store: Store) -> None:
        await store.record(sighting(template="frobnicator", person=ALICE))
        await store.forget(ALICE)
        assert await names(store, search="frobnicator") == []
        await store.record(sighting(template="frobnicator", person=BOB))
        assert await names(store, search="frobnicator") == ["a1"]


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


@pytest.mark.parametrize("revision", ["0001", "0002"])
async def test_what_older_versions_kept_is_in_the_queues_of_whose_it_is(empty_url: str, revision: str) -> None:
    await old(empty_url, revision)
    store = await Store.open(empty_url)
    zorp, chinese = "g1-a1a1a1a1a1a1", "g1-b2b2b2b2b2b2"

    assert [await numbers(store, scope, zorp) for scope in (SHARED, of_guild(GUILD))] == [(1, 1), (1, 1)]
    assert await store.queue.get(of_guild(GUILD), chinese) is None
    answered = await store.queue.get(SHARED, chinese)
    assert answered is not None
    assert (answered.status, answered.entry) == (("answered", "okta/y") if revision == "0002" else ("open", None))
    assert await store.queue.trend(SHARED, zorp, NOON, 2) == [0, 1]
    assert [case.name for case in await store.queue.top(SHARED, status=None, search="令牌")] == [chinese]
    assert [case.name for case in await store.queue.top(of_guild(GUILD), search="zorp")] == [zorp]
    await store.record(sighting("b2", seen_at=NOON + DAY))
    assert await numbers(store, SHARED, chinese) is not None
    await store.close()
    assert await faults(empty_url) == []


class TestDigests:
    async def test_each_is_sent_once_a_week_by_one_of_many(self, store: Store) -> None:
        week_ago = NOON - 7 * DAY
        await store.guilds.change(GUILD, digest_channel=5)
        await store.guilds.change(OTHER, mode="listen")
        assert await store.guilds.digests_due(week_ago) == [(GUILD, 5)]
        claims = await asyncio.gather(*(store.guilds.claim_digest(GUILD, NOON, week_ago) for _ in range(5)))
        assert sorted(claims) == [False] * 4 + [True]
        assert await store.guilds.digests_due(week_ago) == []
        assert await store.guilds.digests_due(NOON + DAY) == [(GUILD, 5)]

    async def test_what_two_processes_set_at_once_is_all_there(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        for each in (store, other):
            await each.guilds.get(GUILD)
        await store.guilds.change(GUILD, review_roles=(7, 8))
        after = await other.guilds.change(GUILD, keep_days=30)
        await other.close()
        assert (after.review_roles, after.keep_days, after.shares) == ((7, 8), 30, False)
