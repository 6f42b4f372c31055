"""What a decision does to the queue, that it can be undone, and that two maintainers do not overwrite each other."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.check import faults
from bot.store.decisions import CannotDecide, Decision, NewDecision, Overtaken
from bot.store.models import Case
from bot.store.scopes import SHARED, Scope, of_guild
from bot.store.store import Store
from tests.test_store_queue import ALICE, BOB, CAROL, DAY, GUILD, NOON, OTHER, name_of, sighting

REPOSITORY = Path(__file__).parent.parent
A, B, C = name_of("aa"), name_of("bb"), name_of("cc")
LATER = NOON + dt.timedelta(hours=1)  # when maintainers decide


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()
    assert await faults(database_url) == []


async def decide(store: Store, kind: Any, name: str | None, scope: Scope = SHARED, **more: Any) -> Decision:
    revision, person = more.pop("revision", None), more.pop("person", CAROL)
    made = NewDecision(scope, kind, more.pop("at", LATER), name, **more)
    return await store.decisions.add(made, person=person, revision=revision)


async def undo(store: Store, decision: Decision | int, scope: Scope = SHARED) -> Decision:
    number = decision if isinstance(decision, int) else decision.id
    return await decide(store, "undo", None, scope, undoes=number)


async def merge(store: Store, name: str, into: str) -> Decision:
    return await decide(store, "merge", name, content={"kind": "merge", "into": into})


async def split(store: Store, name: str, needle: str) -> Decision:
    return await decide(store, "split", name, content={"kind": "split", "needle": needle})


async def case(store: Store, name: str, scope: Scope = SHARED) -> Case:
    found = await store.queue.get(scope, name)
    assert found is not None
    return found


async def counts(store: Store, *names: str) -> list[tuple[int, int]]:
    return [(found.people, found.sightings) for found in [await case(store, name) for name in names]]


class TestLog:
    async def test_a_decision_comes_back_as_it_was_made(self, store: Store) -> None:
        await store.record(sighting("aa"))
        content = {"kind": "add_entry", "title": {"zh": "令牌无效"}, "codes": ["x"]}
        made = await decide(store, "add_entry", A, entry="okta/new", base_hash="0123", content=content, person=ALICE)

        assert (made.scope, made.kind, made.name, made.entry) == (SHARED, "add_entry", A, "okta/new")
        assert (made.base_hash, made.content, made.at, made.undoes) == ("0123", content, LATER, None)
        assert made.person == store.decisions.who(ALICE) != store.decisions.who(BOB)
        assert await store.decisions.get(made.id) == made
        assert await store.decisions.get(made.id + 1) is None
        assert await store.decisions.newest() == made.id

    async def test_it_is_read_from_where_one_left_off_and_by_scope(self, store: Store) -> None:
        await store.record_many([sighting("aa"), sighting("aa", guild=GUILD)])
        assert await store.decisions.newest() == 0
        made = [
            await decide(store, "dismiss", A, scope, at=LATER + number * DAY)
            for number, scope in enumerate((SHARED, of_guild(GUILD), SHARED, of_guild(GUILD)))
        ]
        ids = [decision.id for decision in made]

        assert [each.id for each in await store.decisions.since()] == ids == sorted(ids)
        assert [each.id for each in await store.decisions.since(ids[1])] == ids[2:]
        assert [each.id for each in await store.decisions.since(0, [SHARED])] == [ids[0], ids[2]]
        assert [each.id for each in await store.decisions.since(0, [SHARED, of_guild(GUILD)])] == ids
        assert await store.decisions.since(0, []) == []
        assert [each.id for each in await store.decisions.history(of_guild(GUILD))] == [ids[3], ids[1]]
        assert [each.id for each in await store.decisions.history(SHARED, limit=1)] == [ids[2]]
        assert [each.id for each in await store.decisions.history(SHARED, before=ids[2])] == [ids[0]]

    async def test_a_decision_may_be_about_no_case(self, store: Store) -> None:
        made = await decide(store, "add_entry", None, entry="okta/new")
        await undo(store, made)
        assert [each.kind for each in await store.decisions.since()] == ["add_entry", "undo"]


class TestEffects:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("add_entry", "answered"),
            ("add_message", "answered"),
            ("add_cause", "answered"),
            ("not_an_error", "not_an_error"),
            ("dismiss", "dismissed"),
        ],
    )
    async def test_a_case_leaves_the_queue_and_undone_it_is_back(self, store: Store, kind: str, status: str) -> None:
        await store.record_many([sighting("aa"), sighting("aa", guild=GUILD)])
        before = await case(store, A)

        made = await decide(store, kind, A, entry="okta/new", revision=0)

        after = await case(store, A)
        assert (after.status, after.entry, after.revision) == (status, "okta/new", 1)
        assert (after.decided_at, after.decided_by) == (LATER, made.id)
        assert await store.queue.top(SHARED) == []
        assert (await case(store, A, of_guild(GUILD))).status == "open"

        undone = await undo(store, made)
        again = await case(store, A)
        assert (again.status, again.entry, again.decided_by, again.revision) == ("open", None, None, 2)
        assert (again.people, again.sightings, again.weight) == (before.people, before.sightings, before.weight)
        assert (undone.name, undone.undoes) == (A, made.id)
        [first, _] = await store.decisions.since()
        assert first.undone_by == undone.id

    async def test_undoing_the_newest_leaves_what_was_decided_before(self, store: Store) -> None:
        await store.record(sighting("aa"))
        first = await decide(store, "add_message", A, entry="okta/one")
        second = await decide(store, "add_cause", A, entry="okta/two", at=LATER + DAY)
        await undo(store, first)
        assert ((await case(store, A)).status, (await case(store, A)).entry) == ("answered", "okta/two")
        third = await decide(store, "dismiss", A, at=LATER + 2 * DAY)
        await undo(store, third)
        assert ((await case(store, A)).entry, (await case(store, A)).decided_by) == ("okta/two", second.id)
        await undo(store, second)
        assert (await case(store, A)).status == "open"

    async def test_an_entry_may_answer_other_cases_too(self, store: Store) -> None:
        await store.record_many([sighting(problem) for problem in ("aa", "bb", "cc", "dd")])
        await decide(store, "dismiss", C)
        made = await decide(store, "add_entry", A, entry="okta/new", also=(B, C, "g1-none", A))

        assert made.also == (B,)
        assert [(await case(store, name)).status for name in (A, B, C)] == ["answered", "answered", "dismissed"]
        await undo(store, made)
        assert [(await case(store, name)).status for name in (A, B, C)] == ["open", "open", "dismissed"]

    @pytest.mark.parametrize(
        ("kind", "seconds", "status"),
        [
            pytest.param("add_entry", -60, "answered", id="seen before it was answered"),
            pytest.param("add_entry", 1, "answered", id="seen while it went live"),
            pytest.param("add_entry", 60, "open", id="its entry did not catch it"),
            pytest.param("dismiss", 60, "dismissed", id="dismissed stays"),
            pytest.param("not_an_error", 60, "not_an_error", id="no error stays"),
        ],
    )
    async def test_an_answered_case_that_is_seen_again_is_open(
        self, store: Store, kind: str, seconds: int, status: str
    ) -> None:
        await store.record(sighting("aa"))
        made = await decide(store, kind, A, entry="okta/new")
        await store.record(sighting("aa", seen_at=LATER + dt.timedelta(seconds=seconds)))
        after = await case(store, A)
        assert (after.status, after.entry, after.revision, after.sightings) == (status, "okta/new", 1, 2)
        await undo(store, made)
        assert (await case(store, A)).status == "open"

    @pytest.mark.parametrize(
        ("new", "says"),
        [
            pytest.param(NewDecision(SHARED, "dismiss", LATER, "g1-none"), "there is no case g1-none", id="no case"),
            pytest.param(NewDecision(SHARED, "dismiss", LATER, B), "there is no case", id="another scope's case"),
            pytest.param(NewDecision(SHARED, "undo", LATER, undoes=99), "no decision 99", id="no decision"),
            pytest.param(NewDecision(SHARED, "undo", LATER, undoes=1), "no decision 1", id="another scope's decision"),
            pytest.param(NewDecision(SHARED, "merge", LATER, A, content={"into": A}), "itself", id="into itself"),
            pytest.param(
                NewDecision(SHARED, "merge", LATER, A, content={"into": B}), "no case", id="into another scope"
            ),
            pytest.param(NewDecision(SHARED, "merge", LATER, A), "no case", id="into nothing"),
            pytest.param(NewDecision(SHARED, "merge", LATER), "needs the case", id="a merge of nothing"),
            pytest.param(
                NewDecision(SHARED, "split", LATER, A, content={"needle": " "}), "needs the words", id="no words"
            ),
            pytest.param(NewDecision(SHARED, "split", LATER, A, content={"needle": "no"}), "every sighting", id="all"),
            pytest.param(NewDecision(SHARED, "split", LATER, A, content={"needle": "xx"}), "no sighting", id="none"),
        ],
    )
    async def test_what_makes_no_sense_is_refused_and_leaves_nothing(
        self, store: Store, new: NewDecision, says: str
    ) -> None:
        await store.record_many([sighting("aa"), sighting("bb", guild=GUILD)])
        await decide(store, "dismiss", B, of_guild(GUILD))
        before = await store.queue.top(SHARED, status=None)
        with pytest.raises(CannotDecide, match=says):
            await store.decisions.add(new, person=ALICE, revision=None)
        assert len(await store.decisions.since()) == 1
        assert await store.queue.top(SHARED, status=None) == before

    async def test_an_undo_is_not_undone_and_nothing_is_undone_twice(self, store: Store) -> None:
        await store.record(sighting("aa"))
        made = await decide(store, "dismiss", A)
        undone = await undo(store, made)
        with pytest.raises(CannotDecide, match="an undo itself"):
            await undo(store, undone)
        with pytest.raises(CannotDecide, match="undone already"):
            await undo(store, made)
        assert len(await store.decisions.since()) == 2


class TestTwoMaintainers:
    async def test_the_second_is_told_what_the_first_decided(self, store: Store) -> None:
        await store.record(sighting("aa"))
        seen = (await case(store, A)).revision
        first = await decide(store, "dismiss", A, revision=seen, person=ALICE)
        with pytest.raises(Overtaken) as caught:
            await decide(store, "add_entry", A, revision=seen, person=BOB, entry="okta/new")
        assert caught.value.other == first
        assert (await case(store, A)).status == "dismissed"

    async def test_of_two_at_once_one_wins(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        await store.record_many([sighting("aa", message=number, person=number) for number in range(10)])
        at_once = [
            decide(each, "add_entry", A, revision=0, entry=f"okta/{number}")
            for number in range(5)
            for each in (store, other)
        ]
        ended = await asyncio.gather(*at_once, return_exceptions=True)
        await other.close()
        [won] = [end for end in ended if isinstance(end, Decision)]
        assert [end.other for end in ended if isinstance(end, Overtaken)] == [won] * 9
        assert ((await case(store, A)).entry, (await case(store, A)).revision) == (won.entry, 1)

    async def test_decisions_and_sightings_at_once_lose_nothing(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        await store.record_many([sighting(problem) for problem in ("aa", "bb")])

        async def decides() -> None:
            for _ in range(6):
                await undo(store, await merge(store, A, B))

        async def records(each: Store, first: int) -> None:
            for number in range(first, first + 30):
                await each.record(sighting("ab"[number % 2] * 2, message=number, person=number))

        await asyncio.gather(decides(), records(store, 1_000), records(other, 2_000))
        await other.close()
        assert await counts(store, A, B) == [(31, 31), (31, 31)]

    async def test_of_two_undos_at_once_one_is_kept(self, store: Store, database_url: str) -> None:
        other = await Store.open(database_url)
        await store.record(sighting("aa"))
        made = await decide(store, "dismiss", A)
        ended = await asyncio.gather(undo(store, made), undo(other, made), return_exceptions=True)
        await other.close()
        assert sorted(type(end).__name__ for end in ended) == ["CannotDecide", "Decision"]

    async def test_ids_are_in_the_order_in_which_they_can_be_seen(self, store: Store, database_url: str) -> None:
        others = [await Store.open(database_url) for _ in range(3)]
        seen: list[int] = []

        async def follows() -> None:
            while len(seen) < 45:
                seen.extend(each.id for each in await store.decisions.since(seen[-1] if seen else 0))
                await asyncio.sleep(0)

        async def decides(each: Store, guild: int) -> None:
            for _ in range(15):
                await decide(each, "add_entry", None, of_guild(guild), entry="okta/new")

        await asyncio.wait_for(
            asyncio.gather(follows(), *(decides(each, number) for number, each in enumerate(others))), 120
        )
        for each in others:
            await each.close()
        assert seen == [decision.id for decision in await store.decisions.since()]


class TestMerging:
    async def test_each_person_counts_once_and_undone_all_is_as_before(self, store: Store) -> None:
        for problem, person, at in (
            ("aa", ALICE, 0),
            ("aa", BOB, 1),
            ("bb", BOB, 2),
            ("bb", BOB, 3),
            ("bb", CAROL, -9),
        ):
            await store.record(sighting(problem, problem, person=person, seen_at=NOON + at * DAY, language=problem))
        before = [await case(store, name) for name in (A, B)]

        made = await merge(store, A, B)

        merged, target = await case(store, A), await case(store, B)
        assert (merged.status, merged.merged_into) == ("merged", B)
        assert (target.people, target.sightings, target.languages) == (3, 5, ("bb", "aa"))
        assert (target.first_seen, target.last_seen) == (NOON - 9 * DAY, NOON + 3 * DAY)
        assert target.weight > before[1].weight
        assert await store.queue.members(SHARED, B) == [A]
        assert [kept.lines[0] for kept in await store.queue.samples(SHARED, B)] == ["bb", "bb", "aa", "aa", "bb"]
        assert [kept.lines[0] for kept in await store.queue.samples(SHARED, B, 3)] == ["bb", "bb", "aa"]
        assert await store.queue.trend(SHARED, B, NOON + 3 * DAY, 4) == [1, 1, 1, 1]
        assert [found.name for found in await store.queue.top(SHARED)] == [B]
        with pytest.raises(CannotDecide, match=f"is merged into {B}"):
            await decide(store, "dismiss", A)
        with pytest.raises(CannotDecide, match=f"is merged into {B}"):
            await merge(store, B, A)

        await undo(store, made)
        assert [unchanging(await case(store, name)) for name in (A, B)] == [unchanging(found) for found in before]

    async def test_what_comes_later_goes_to_the_target_and_back_when_undone(self, store: Store) -> None:
        await store.record_many([sighting(problem, person=ALICE) for problem in ("aa", "bb", "cc")])
        first, second = await merge(store, A, B), await merge(store, B, C)
        later = [("aa", BOB), ("aa", ALICE), ("bb", BOB), ("cc", BOB), ("cc", CAROL), ("aa", CAROL), ("aa", 77)]
        for problem, person in later[:3]:
            await store.record(sighting(problem, person=person))
        await store.record_many([sighting(problem, person=person) for problem, person in later[3:]])

        assert await counts(store, A, B, C) == [(4, 5), (4, 7), (4, 10)]
        assert await store.queue.members(SHARED, C) == [B, A]
        await decide(store, "add_entry", C, entry="okta/new")
        await store.record(sighting("aa", seen_at=LATER + DAY))
        assert [(await case(store, name)).status for name in (A, B, C)] == ["merged", "merged", "open"]

        await undo(store, second)
        assert await counts(store, A, B, C) == [(5, 6), (5, 8), (3, 3)]
        await undo(store, first)
        assert await counts(store, A, B, C) == [(5, 6), (2, 2), (3, 3)]
        assert (await case(store, B)).status == "open"


class TestSplitting:
    async def test_past_and_coming_sightings_move_and_undone_they_go_home(self, store: Store) -> None:
        lines = (
            ("Tenant MISSING", ALICE, 0),
            ("tenant blocked", ALICE, 1),
            ("tenant missing", BOB, 2),
            ("else", BOB, -3),
        )
        for text, person, at in lines:
            await store.record(sighting("aa", text, person=person, seen_at=NOON + at * DAY))
        before = await case(store, A)

        made = await split(store, A, "  tenant Missing ")

        assert made.part == f"{A}-1"
        part = await case(store, f"{A}-1")
        assert (part.people, part.sightings, part.split_of, part.needle) == (2, 2, A, "tenant missing")
        assert (part.group, part.template, part.status) == (A, "template of aa", "open")
        rest = await case(store, A)
        assert (rest.people, rest.sightings, rest.revision) == (2, 2, 1)
        assert (rest.first_seen, rest.last_seen) == (NOON - 3 * DAY, NOON + DAY)
        assert [kept.lines[0] for kept in await store.queue.samples(SHARED, part.name)] == [
            "tenant missing",
            "Tenant MISSING",
        ]
        assert [kept.lines[0] for kept in await store.queue.samples(SHARED, A)] == ["tenant blocked", "else"]
        assert await store.queue.trend(SHARED, part.name, NOON + 2 * DAY, 3) == [1, 0, 1]

        await store.record(sighting("aa", "the TENANT MISSING again", person=CAROL))
        await store.record(sighting("aa", "nothing", person=CAROL))
        assert await counts(store, A, part.name) == [(3, 3), (3, 3)]
        assert await store.queue.case_of(SHARED, A, ["tenant missing"]) == part.name
        assert await store.queue.case_of(SHARED, A, ["tenant"]) == A
        assert await store.queue.case_of(SHARED, C, ["tenant"]) is None

        await undo(store, made)
        assert await store.queue.get(SHARED, part.name) is None
        after = await case(store, A)
        assert (after.people, after.sightings, after.last_seen) == (3, 6, before.last_seen)
        assert (await split(store, A, "tenant missing")).part == f"{A}-2"

    async def test_a_part_is_split_and_merged_like_any_case(self, store: Store) -> None:
        texts = ("x", "x one", "x one two", "x one three")
        await store.record_many([sighting("aa", text, person=number) for number, text in enumerate(texts)])
        await store.record(sighting("bb", person=0))
        first = await split(store, A, "one")
        second = await split(store, f"{A}-1", "two")
        assert second.part == f"{A}-2"
        assert await counts(store, A, f"{A}-1", f"{A}-2") == [(1, 1), (2, 2), (1, 1)]
        with pytest.raises(CannotDecide, match="undo that first"):
            await undo(store, first)
        third = await merge(store, f"{A}-2", B)
        await store.record(sighting("aa", "one two", person=9))
        assert await counts(store, A, f"{A}-1", B) == [(1, 1), (2, 2), (3, 3)]
        assert await store.queue.case_of(SHARED, A, ["one two"]) == B
        for made in (third, second, first):
            await undo(store, made)
        assert await counts(store, A, B) == [(5, 5), (1, 1)]

    async def test_a_guilds_parts_are_its_own(self, store: Store) -> None:
        await store.guilds.change(GUILD, shares=True)
        for text in ("red", "blue"):
            await store.record(sighting("aa", text, guild=GUILD, person=ALICE))
            await store.record(sighting("aa", text, guild=OTHER, person=ALICE))
        await decide(store, "split", A, of_guild(GUILD), content={"needle": "red"})
        await store.record(sighting("aa", "red", guild=GUILD, person=BOB))

        assert (await case(store, f"{A}-1", of_guild(GUILD))).sightings == 2
        assert (await case(store, A, SHARED)).sightings == 3
        assert (await case(store, A, of_guild(OTHER))).sightings == 2
        assert await store.queue.get(SHARED, f"{A}-1") is None

        await split(store, A, "blue")
        await store.guilds.change(OTHER, shares=True)
        assert await counts(store, A, f"{A}-1") == [(2, 3), (1, 2)]
        await store.forget(ALICE, GUILD)
        assert await counts(store, A, f"{A}-1") == [(2, 2), (1, 1)]
        await store.guilds.change(OTHER, shares=False)
        await store.guilds.change(GUILD, shares=False)
        assert await store.queue.top(SHARED, status=None) == []


class TestNotices:
    async def ask(self, store: Store, guild: int | None, user: int, name: str = A) -> None:
        await store.notices.add(name, user=user, lang="en", at=NOON, guild=guild, channel=None)

    async def due(self, store: Store) -> list[tuple[int, str | None]]:
        return [(notice.user, notice.entry) for notice in await store.notices.due()]

    async def test_a_guilds_answer_is_for_those_who_asked_there_and_the_shared_one_for_all(self, store: Store) -> None:
        await store.record_many([sighting("aa", guild=guild) for guild in (GUILD, OTHER, None)])
        for guild, user in ((GUILD, ALICE), (OTHER, BOB), (None, CAROL)):
            await self.ask(store, guild, user)
        made = await decide(store, "add_entry", A, of_guild(GUILD), entry="local/own")
        assert await self.due(store) == [(ALICE, "local/own")]
        await decide(store, "add_message", A, entry="okta/shared")
        assert await self.due(store) == [(ALICE, "local/own"), (BOB, "okta/shared"), (CAROL, "okta/shared")]
        await undo(store, made, of_guild(GUILD))
        assert await self.due(store) == [(user, "okta/shared") for user in (ALICE, BOB, CAROL)]
        for notice in await store.notices.due():
            await store.notices.told(notice.id)
        assert await self.due(store) == []

    @pytest.mark.parametrize("kind", ["dismiss", "not_an_error"])
    async def test_what_is_no_answer_is_told_to_nobody(self, store: Store, kind: str) -> None:
        await store.record(sighting("aa"))
        await self.ask(store, None, ALICE)
        await decide(store, kind, A)
        assert await self.due(store) == []

    async def test_merged_cases_and_those_that_the_entry_answers_too(self, store: Store) -> None:
        await store.record_many([sighting(problem) for problem in ("aa", "bb", "cc", "dd")])
        for user, name in enumerate((A, B, C, name_of("dd"))):
            await self.ask(store, None, user, name)
        await merge(store, A, B)
        await decide(store, "add_entry", B, entry="okta/new", also=(C,))
        assert await self.due(store) == [(0, "okta/new"), (1, "okta/new"), (2, "okta/new")]

    async def test_of_a_split_group_those_whose_paste_is_in_the_answered_part(self, store: Store) -> None:
        for text, person in (("red", ALICE), ("blue", BOB)):
            await store.record(sighting("aa", text, person=person))
            await self.ask(store, None, person)
        made = await split(store, A, "red")
        await decide(store, "add_entry", made.part, entry="okta/red")
        assert await self.due(store) == [(ALICE, "okta/red")]
        await decide(store, "add_entry", A, entry="okta/blue")
        assert await self.due(store) == [(ALICE, "okta/red"), (BOB, "okta/blue")]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_decided_undone_in_reverse_it_is_as_if_nothing_had_been(
    store: Store, database_url: str, seed: int
) -> None:
    """Also while sightings come, people are forgotten and a guild shares or not."""
    chance = random.Random(seed)
    problems, people, words = ("aa", "bb", "cc", "dd"), (None, ALICE, BOB, CAROL), ("red", "blue", "one", "two")
    made: list[Decision] = []
    kept: dict[int, Any] = {}
    for step in range(70):
        what = chance.random()
        if what < 0.55:
            text = " ".join(chance.sample(words, 2))
            guild = chance.choice((None, GUILD))
            at = NOON + dt.timedelta(hours=chance.randrange(-200, 200))
            kept[step] = sighting(chance.choice(problems), text, message=step, guild=guild, seen_at=at,
                                  person=chance.choice(people), language=chance.choice(("en", "zh")))  # fmt: skip
            await store.record(kept[step])
        elif what < 0.62 and kept:
            gone = chance.choice(list(kept))
            del kept[gone]
            await store.withdraw(gone)
        elif what < 0.66:
            await store.guilds.change(GUILD, shares=chance.random() < 0.6)
        elif what < 0.69:
            person = chance.choice((ALICE, BOB))
            guild = chance.choice((None, GUILD))
            await store.forget(person, guild)
            kept = {number: each for number, each in kept.items()
                    if each.place.person != person or guild not in (None, each.place.guild)}  # fmt: skip
        else:
            cases = [found.name for found in await store.queue.top(SHARED, status=None)]
            if not cases:
                continue
            name, kind = (
                chance.choice(cases),
                chance.choice(("dismiss", "add_entry", "merge", "merge", "split", "split")),
            )
            content = {"into": chance.choice(cases), "needle": chance.choice(words)}
            try:
                made.append(await decide(store, kind, name, entry="okta/new", content=content))
            except CannotDecide:
                continue
        assert await faults(database_url) == []
    for decision in reversed(made):
        await undo(store, decision)
        assert await faults(database_url) == []

    shares = (await store.guilds.get(GUILD)).shares
    after = await store.queue.top(SHARED, status=None, limit=100)
    expected: dict[str, tuple[set[Any], int]] = {}
    for each in kept.values():
        if each.place.guild is None or shares:
            who, number = expected.get(each.fingerprint.template, (set(), 0))
            expected[each.fingerprint.template] = (who | {each.place.person}, number + 1)
    assert {found.template: (found.people, found.sightings) for found in after if found.sightings} == {
        template: (len(who), number) for template, (who, number) in expected.items()
    }
    assert {(found.status, found.merged_into, found.split_of) for found in after} <= {("open", None, None)}


def unchanging(found: Case) -> Any:
    return (found.name, found.status, found.entry, found.people, found.sightings, found.first_seen, found.last_seen,
            found.weight, found.languages, found.reasons, found.merged_into, found.decided_by)  # fmt: skip


# Merges, undoes, splits and records in turn, and prints what was acknowledged.
DECIDER = """
import asyncio, datetime as dt, sys
from bot.store.decisions import NewDecision
from bot.store.store import Fingerprint, Place, Sighting, Store

async def main(path, first):
    store = await Store.open(path)
    now = dt.datetime.now(dt.UTC)
    names = await store.record_many([Sighting(
        Fingerprint(f"{digit}" * 32, 1, "template"), (f"line {person}",), "en", (), "listen", now,
        Place(None, None, None, person)) for digit in range(4) for person in range(5)])
    for number in range(first, first + 100_000):
        name, into = names[0], names[10]
        kind, content = ("merge", {"into": into}) if number % 2 else ("split", {"needle": "line 3"})
        made = await store.decisions.add(NewDecision("shared", kind, now, name, content=content), person=1, revision=None)
        print(made.id, flush=True)
        await store.record(Sighting(Fingerprint("0" * 32, 1, "template"), ("line 3",), "en", (), "listen", now,
                                    Place(None, None, number, number)))
        undone = await store.decisions.add(NewDecision("shared", "undo", now, undoes=made.id), person=1, revision=None)
        print(undone.id, flush=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")
@pytest.mark.parametrize("after", [1, 8, 23])
def test_a_maintainer_that_is_killed_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    database_url: str, after: int
) -> None:
    command = [sys.executable, "-c", DECIDER, database_url, "1000"]
    doomed = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert doomed.stdout is not None
    acknowledged = [int(doomed.stdout.readline()) for _ in range(after)]
    os.kill(doomed.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in doomed.stdout.read().splitlines()]
    doomed.communicate()
    assert asyncio.run(faults(database_url)) == []

    async def look() -> tuple[list[Decision], list[Case]]:
        store = await Store.open(database_url)
        found = await store.decisions.since(), await store.queue.top(SHARED, status=None)
        await store.close()
        return found

    log, cases = asyncio.run(look())
    assert [decision.id for decision in log][: len(acknowledged)] == acknowledged
    assert len(log) <= len(acknowledged) + 1
    [first] = [found for found in cases if found.name == "g1-000000000000"]
    last = log[-1]
    assert first.status == ("merged" if last.kind == "merge" else "open")
    assert len(cases) == (5 if last.kind == "split" else 4)
    assert first.revision == len(log)
