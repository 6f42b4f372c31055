"""What waits, in whose queue and in which order; and that it is found by words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.check import faults
from bot.store.scopes import SHARED, Scope, guild_of, of_guild
from bot.store.store import Store
from tests.sightings import ALICE, BOB, CAROL, DAY, GUILD, NOON, OTHER, decide, name_of, names, numbers, sighting, store
from tests.test_store_migrations import old

__all__ = ["store"]  # a fixture


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
