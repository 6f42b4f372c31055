"""What servers have set, with many processes at it: each digest is sent once, and no setting is lost."""

from __future__ import annotations

import asyncio

from bot.store.store import Store
from tests.sightings import DAY, GUILD, NOON, OTHER, store

__all__ = ["store"]  # a fixture


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
