"""What a decision does to the queue, that it can be undone, and who is told of the answer."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.store.decisions import CannotDecide, NewDecision
from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from tests.deciding import LATER, A, B, C, case, decide, merge, split, undo
from tests.sightings import ALICE, BOB, CAROL, DAY, GUILD, NOON, OTHER, name_of, sighting, store

__all__ = ["store"]  # a fixture


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
