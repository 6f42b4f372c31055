"""Merging cases and splitting them: what moves, what comes later, and that undone it is as if nothing had been."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from bot.store.check import faults
from bot.store.decisions import CannotDecide, Decision
from bot.store.models import Case
from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from tests.deciding import LATER, A, B, C, case, counts, decide, merge, split, undo
from tests.sightings import ALICE, BOB, CAROL, DAY, GUILD, NOON, OTHER, sighting, store

__all__ = ["store"]  # a fixture


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
