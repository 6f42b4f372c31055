"""Feedback in the queue: one row a message, the last word in the place of the one before, and taken back by its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.store.answers import NewAnswer
from bot.store.models import Place
from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from tests.sightings import GUILD, NOON, decide, name_of, numbers, sighting, store

__all__ = ["store"]  # a fixture

HERE = of_guild(GUILD)


async def reasons(kept: Store, scope: str = HERE) -> dict[str, int]:
    case = await kept.queue.get(scope, name_of("a1"))
    return case.reasons if case else {}


async def test_the_last_word_stands_in_the_place_of_a_choice(store: Store) -> None:
    await store.record_instead(sighting(guild=GUILD, message=1, person=5, reason="chose", entry="p/one"), "chose")
    await store.record_instead(sighting(guild=GUILD, message=1, person=5, reason="not_helped", entry="p/one"), "chose")
    await store.record_instead(sighting(guild=GUILD, message=1, person=5, reason="chose", entry="p/two"), "chose")

    assert await numbers(store, HERE) == (1, 1)
    assert await reasons(store) == {"not_helped": 1}


async def test_what_had_no_answer_stays_as_it_is(store: Store) -> None:
    await store.record(sighting(guild=GUILD, message=1, person=5))

    await store.record_instead(sighting(guild=GUILD, message=1, person=5, reason="not_helped", entry="p/one"), "chose")

    assert await reasons(store) == {"unmatched": 1}
    await store.withdraw(1, "not_helped")
    assert await reasons(store) == {"unmatched": 1}


@pytest.mark.parametrize(
    ("withdrawn", "left"), [("not_helped", {"chose": 1}), ("chose", {"not_helped": 1}), ("unmatched", None)]
)
async def test_only_what_is_there_for_that_reason_is_taken_back(
    store: Store, withdrawn: str, left: dict[str, int] | None
) -> None:
    both = {"not_helped": 1, "chose": 1}
    for message, reason in enumerate(("not_helped", "chose"), start=1):
        await store.record(sighting(guild=GUILD, message=message, person=message, reason=reason))

    for message in (1, 2):
        await store.withdraw(message, withdrawn)  # type: ignore[arg-type]

    assert await reasons(store) == (left or both)


async def test_it_is_taken_back_from_the_shared_queue_too(store: Store) -> None:
    await store.guilds.change(GUILD, shares=True)
    await store.record(sighting(guild=GUILD, message=1, person=5, reason="not_helped"))
    assert await reasons(store, SHARED) == {"not_helped": 1}

    await store.withdraw(1, "not_helped")

    assert await numbers(store, SHARED) is None
    assert await numbers(store, HERE) is None


async def test_a_case_that_was_decided_keeps_its_decision(store: Store) -> None:
    await store.record(sighting(guild=GUILD, message=1, person=5, reason="chose"))
    await decide(store, "add_message", "a1", HERE, entry="p/one")

    await store.record_instead(sighting(guild=GUILD, message=1, person=5, reason="not_helped"), "chose")

    case = await store.queue.get(HERE, name_of("a1"))
    assert case is not None
    assert (case.status, case.entry, case.revision) == ("answered", "p/one", 1)


async def test_whether_anybody_still_says_that_it_did_not_help(store: Store) -> None:
    for number, person in ((10, 5), (11, 6)):
        place = Place(GUILD, 2, None, person)
        await store.answers.add(NewAnswer(number, "answer", (("p/one", 0.9),), "en", place, NOON, "p/one", paste=1))
        await store.answers.rate(number, person, "not_helped", NOON)
    assert await store.answers.not_helped(1)

    await store.answers.rate(10, 5, "solved", NOON + dt.timedelta(minutes=1))
    assert await store.answers.not_helped(1)
    assert not await store.answers.not_helped(10)

    await store.answers.rate(11, 6, "solved", NOON + dt.timedelta(minutes=1))
    assert not await store.answers.not_helped(1)


async def test_a_digest_that_could_not_be_sent_is_due_again(store: Store) -> None:
    later = NOON + dt.timedelta(days=7)
    await store.guilds.set_digest(GUILD, 2, NOON)
    assert await store.guilds.digests_due(NOON) == []
    assert await store.guilds.digests_due(later) == [(GUILD, 2)]

    assert await store.guilds.claim_digest(GUILD, later, later)
    assert not await store.guilds.claim_digest(GUILD, later, later)
    await store.guilds.give_back_digest(GUILD, later)

    assert await store.guilds.digests_due(later) == [(GUILD, 2)]
    await store.guilds.set_digest(GUILD, None, later)
    assert await store.guilds.digests_due(later + dt.timedelta(days=7)) == []
