"""Who follows the log of decisions sees each one, whoever took it and whatever broke meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from sqlalchemy import text

from bot.store.database import Database
from tests.databases import Cluster, rows

ADD = """INSERT INTO decisions (scope, kind, content, at)
         VALUES ('shared', 'dismiss', '{}', '2025-05-27T12:00:00.000000+00:00')"""
NEVER = 1_000.0


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def followed(database: Database) -> AsyncIterator[AsyncGenerator[int]]:
    """What is told to one who follows; the first word, that there is nothing yet, is taken."""
    async with contextlib.aclosing(database.changes()) as changes:
        assert await soon(changes) == 0
        yield changes


async def soon(changes: AsyncGenerator[int]) -> int:
    """Return the next that is told; the limit is there so that a failure ends."""
    async with asyncio.timeout(30):
        return await anext(changes)


async def decide(database: Database) -> int:
    async with database.write() as db:
        await database.alone_with_log(db)
        number = int(await db.scalar(text(f"{ADD} RETURNING id")) or 0)
        await database.announce(db, number)
    return number


async def test_what_there_is_is_told_at_once(database: Database) -> None:
    number = [await decide(database) for _ in range(3)][-1]
    async with contextlib.aclosing(database.changes()) as changes:
        assert await soon(changes) == number


async def test_what_this_process_decides_is_told_without_asking(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.changes.POLL_SECONDS", NEVER)
    async with contextlib.aclosing(database.changes()) as changes:
        assert await soon(changes) == 0
        for _ in range(3):
            number = await decide(database)
            assert await soon(changes) == number


async def test_what_another_process_decides_is_told(database_url: str, followed: AsyncGenerator[int]) -> None:
    other = await Database.open(database_url)
    for _ in range(3):
        number = await decide(other)
        assert await soon(followed) == number
    await other.close()


async def test_what_was_not_announced_is_found(database_url: str, followed: AsyncGenerator[int]) -> None:
    rows(database_url, ADD)
    assert await soon(followed) == 1


async def test_what_is_taken_back_is_not_told(database: Database, followed: AsyncGenerator[int]) -> None:
    with contextlib.suppress(RuntimeError):
        async with database.write() as db:
            await db.execute(text(ADD))
            await database.announce(db, 1)
            raise RuntimeError
    number = await decide(database)
    assert await soon(followed) == number
    assert await count(database) == 1


async def test_any_number_follow_at_once(database: Database) -> None:
    async with contextlib.AsyncExitStack() as stack:
        many = [await stack.enter_async_context(contextlib.aclosing(database.changes())) for _ in range(3)]
        assert [await soon(changes) for changes in many] == [0, 0, 0]
        number = await decide(database)
        assert [await soon(changes) for changes in many] == [number] * 3


class TestOnPostgres:
    @pytest.fixture
    def database_url(self, cluster: Cluster) -> str:
        return cluster.new()

    async def test_it_comes_without_asking(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.store.changes.POLL_SECONDS", NEVER)
        here, there = await Database.open(database_url), await Database.open(database_url)
        async with contextlib.aclosing(here.changes()) as changes:
            assert await soon(changes) == 0
            await listening(database_url)
            number = await decide(there)
            assert await soon(changes) == number
        for each in (here, there):
            await each.close()

    async def test_a_listener_that_was_cut_off_listens_again(
        self, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.store.changes.POLL_SECONDS", NEVER)
        monkeypatch.setattr("bot.store.postgres.RECONNECT_SECONDS", 0.05)
        here, there = await Database.open(database_url), await Database.open(database_url)
        async with contextlib.aclosing(here.changes()) as changes:
            assert await soon(changes) == 0
            cut = await listening(database_url)
            rows(database_url, f"SELECT pg_terminate_backend({cut})")
            number = await decide(there)  # while nobody listens
            assert await soon(changes) == number
            assert await listening(database_url) != cut
            number = await decide(there)
            assert await soon(changes) == number
        for each in (here, there):
            await each.close()

    async def test_following_outlives_the_server(
        self, cluster: Cluster, database: Database, followed: AsyncGenerator[int]
    ) -> None:
        waiting = asyncio.create_task(soon(followed))
        await asyncio.to_thread(cluster.restart)
        number = await decide(database)
        assert await waiting == number


async def listening(url: str) -> int:
    """Wait until somebody listens, and return the number of that server process."""
    for _ in range(1_000):
        found = await asyncio.to_thread(
            rows, url, "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        if found:
            return int(found[0][0])
        await asyncio.sleep(0.02)
    raise AssertionError("nobody listens")


async def count(database: Database) -> int:
    async with database.read() as db:
        return int(await db.scalar(text("SELECT count(*) FROM decisions")) or 0)
