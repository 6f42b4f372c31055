"""What is PostgreSQL's own: how it is refused, what becomes of lost connections and races, on a real server."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from sqlalchemy import Connection, text

from bot.store.database import Database
from bot.store.errors import StoreBusy, StoreError
from bot.store.postgres import POOL, refuse_unsuitable
from bot.store.store import Fingerprint, Place, Sighting, Store
from bot.store.tables import HEAD
from tests.databases import PASSWORD, Cluster, free_port, rows

NOON = dt.datetime(2025, 5, 27, 12, tzinfo=dt.UTC)


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    made = cluster.new()
    yield made
    cluster.drop(made)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await Database.open(url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def roles(started: Callable[[], Cluster]) -> Iterator[None]:
    cluster = started()
    cluster.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
    cluster.execute(f"CREATE ROLE crowded LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 0")
    cluster.execute("CREATE DATABASE bare TEMPLATE template0")
    cluster.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database="bare")
    cluster.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING SQL_ASCII")
    cluster.execute("CREATE DATABASE standby TEMPLATE template0")
    cluster.execute("ALTER DATABASE standby SET default_transaction_read_only = on")
    cluster.execute("CREATE DATABASE theirs TEMPLATE template0")
    cluster.execute("CREATE TABLE invoices (id integer)", database="theirs")
    yield
    for name in ("bare", "ascii", "standby", "theirs"):
        cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")
    cluster.execute("DROP ROLE reader")
    cluster.execute("DROP ROLE crowded")


def sighting(message: int) -> Sighting:
    mark = Fingerprint("a1" * 16, 1, "a template")
    return Sighting(mark, ("zorp says no",), "en", (), "listen", NOON, Place(1, 2, message, 3))


class TestErrors:
    """Each says in one sentence which database, what is wrong and what to do; no password stands in it."""

    @pytest.mark.parametrize(
        ("address", "says"),
        [
            pytest.param("postgresql://me:hunter2@127.0.0.1:{port}/bare", "refuses the password", id="wrong password"),
            pytest.param("postgresql://nobody:hunter2@127.0.0.1:{port}/bare", "refuses the password", id="no user"),
            pytest.param("postgresql://me:{password}@127.0.0.1:{port}/none", "no such database", id="no database"),
            pytest.param("postgresql://me:hunter2@127.0.0.1:{free}/bare", "cannot be reached", id="nobody listens"),
            pytest.param("postgresql://me:hunter2@host.invalid/bare", "cannot be reached", id="no such host"),
            pytest.param("postgresql://me:hunt/er2@[::bad/bare", "cannot be read", id="a broken address"),
            pytest.param("postgresql://me:hunter2@127.0.0.1:port/bare", "cannot be read", id="a port of letters"),
            pytest.param("postgres://me:hun@ter2@127.0.0.1/bare", "%40 for @", id="an @ in the password"),
            pytest.param("postgresql://me:hunter2@127.0.0.1", "names no database", id="no name"),
            pytest.param("postgresql+psycopg://me:hunter2@h/x", "or postgresql://", id="another driver"),
            pytest.param(
                "postgresql://reader:{password}@127.0.0.1:{port}/bare", "may not make or change tables", id="no right"
            ),
            pytest.param("postgresql://me:{password}@127.0.0.1:{port}/ascii", "encoding is SQL_ASCII", id="no UTF-8"),
            pytest.param("postgresql://me:{password}@127.0.0.1:{port}/standby", "only be read", id="a standby"),
            pytest.param(
                "postgresql://me:{password}@127.0.0.1:{port}/theirs", "tables of another program", id="not ours"
            ),
            pytest.param(
                "postgresql://crowded:{password}@127.0.0.1:{port}/bare", "no room for another", id="no connection left"
            ),
            pytest.param("postgresql://me:{password}@127.0.0.1:{port}/bare?sslmode=require", "TLS", id="no TLS"),
            pytest.param(
                "postgresql://me:{password}@127.0.0.1:{port}/bare?sslmode=maybe",
                "sslmode",
                id="a TLS mode there is not",
            ),
        ],
    )
    @pytest.mark.usefixtures("roles")
    async def test_what_cannot_be_opened(self, cluster: Cluster, address: str, says: str) -> None:
        with pytest.raises(StoreError) as caught:
            await Store.open(address.format(port=cluster.port, free=free_port(), password=PASSWORD))
        said = str(caught.value)
        assert says in said
        assert "\n" not in said
        for secret in ("hunter2", "hun", "ter2", "er2", PASSWORD):
            assert secret not in said

    @pytest.mark.parametrize(
        "address",
        [
            pytest.param("postgres://me:{password}@127.0.0.1:{port}/{name}", id="postgres"),
            pytest.param("postgresql+asyncpg://me:{password}@127.0.0.1:{port}/{name}", id="SQLAlchemy's name"),
            pytest.param(
                "postgresql://me:{password}@127.0.0.1:{port}/{name}"
                "?sslmode=prefer&channel_binding=prefer&connect_timeout=5&application_name=mine",
                id="what libpq knows",
            ),
            pytest.param("postgresql:///{name}?host={folder}&port={port}&user=me", id="a socket"),
        ],
    )
    async def test_all_usual_ways_to_write_it_open(self, cluster: Cluster, url: str, address: str) -> None:
        name, folder = url.partition("?")[0].rpartition("/")[2], url.partition("host=")[2].partition("&")[0]
        written = address.format(password=PASSWORD, port=cluster.port, name=name, folder=folder)
        store = await Store.open(written)
        assert await store.unmatched() == []
        await store.close()

    def test_a_server_that_is_too_old_is_refused(self) -> None:
        refuse_unsuitable("postgresql://db/x", 13, "UTF8")
        with pytest.raises(StoreError, match="PostgreSQL 12; authbot needs 13 or newer"):
            refuse_unsuitable("postgresql://db/x", 12, "UTF8")

    async def test_a_newer_schema_is_left_alone(self, url: str) -> None:
        rows(url, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreError, match="newer authbot made it"):
            await Store.open(url)
        assert rows(url, "SELECT version_num FROM alembic_version") == [("9999",)]

    async def test_what_the_server_refuses_names_no_value_of_a_row(self, database: Database) -> None:
        for statement in (
            "INSERT INTO people (person) VALUES ('secret words'), ('secret words')",
            "SELECT 'secret words'::integer",
        ):
            with pytest.raises(StoreError) as caught:
                async with database.write() as db:
                    await db.execute(text(statement))
            assert "secret words" not in str(caught.value)


class TestConnections:
    async def test_a_server_that_was_restarted_is_found_again(self, cluster: Cluster, database: Database) -> None:
        async with database.write() as db:
            await db.execute(text("INSERT INTO people (person) VALUES ('one')"))
        await asyncio.to_thread(cluster.restart)
        async with database.read() as db:
            assert await db.scalar(text("SELECT count(*) FROM people")) == 1
        assert await database.write_at_once(lambda db: db.scalar(text("SELECT count(*) FROM people"))) == 1

    async def test_a_connection_lost_in_a_transaction_is_worth_another_try(self, url: str, database: Database) -> None:
        with pytest.raises(StoreBusy, match="try again"):
            async with database.write() as db:
                own = await db.scalar(text("SELECT pg_backend_pid()"))
                await db.execute(text("INSERT INTO people (person) VALUES ('lost')"))
                rows(url, f"SELECT pg_terminate_backend({own})")
                await asyncio.sleep(0.1)
                await db.execute(text("INSERT INTO people (person) VALUES ('lost too')"))
        async with database.write() as db:
            assert await db.scalar(text("SELECT count(*) FROM people")) == 0

    async def test_a_row_that_another_holds_for_too_long_makes_it_busy(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.store.postgres.BUSY_SECONDS", 0.2)
        database, other = await Database.open(url), await Database.open(url)
        change = text("INSERT INTO people (person, ignored) VALUES ('one', 1) ON CONFLICT (person) DO NOTHING")
        async with other.write() as holder:
            await holder.execute(change)
            with pytest.raises(StoreBusy, match="another process holds the rows"):
                async with database.write() as db:
                    await db.execute(change)
        async with database.write() as db:
            await db.execute(change)
        for each in (database, other):
            await each.close()

    async def test_more_at_once_than_there_are_connections_wait_for_one(self, database: Database) -> None:
        async def add(number: int) -> None:
            async with database.write() as db:
                await db.execute(text("INSERT INTO people (person) VALUES (:p)"), {"p": str(number)})

        await asyncio.gather(*(add(number) for number in range(POOL * 5)))
        async with database.read() as db:
            assert await db.scalar(text("SELECT count(*) FROM people")) == POOL * 5

    async def test_when_none_becomes_free_it_is_busy(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.store.postgres.BUSY_SECONDS", 0.3)
        database = await Database.open(url)
        held, free = asyncio.Semaphore(0), asyncio.Event()

        async def hold() -> None:
            async with database.read() as db:
                await db.execute(text("SELECT 1"))
                held.release()
                await free.wait()

        holders = [asyncio.create_task(hold()) for _ in range(POOL)]
        for _ in holders:
            await held.acquire()
        with pytest.raises(StoreBusy, match="too much is being done"):
            async with database.read() as db:
                await db.execute(text("SELECT 1"))
        free.set()
        await asyncio.gather(*holders)
        await database.close()


class TestTransactions:
    async def test_a_reader_sees_one_state_and_cannot_write(self, database: Database) -> None:
        async with database.read() as db:
            assert await db.scalar(text("SELECT count(*) FROM people")) == 0
            async with database.write() as writer:
                await writer.execute(text("INSERT INTO people (person) VALUES ('one')"))
            assert await db.scalar(text("SELECT count(*) FROM people")) == 0
        with pytest.raises(StoreError, match="only be read"):
            async with database.read() as db:
                await db.execute(text("DELETE FROM people"))

    async def test_only_what_need_not_survive_the_power_is_spared_the_disk(self, database: Database) -> None:
        def setting(db: Connection) -> str:
            return str(db.scalar(text("SHOW synchronous_commit")))

        assert await database.write_at_once(setting) == "off"
        async with database.write() as db:
            assert await db.run_sync(setting) == "on"

    async def test_of_two_that_lock_each_other_both_get_done(self, database: Database) -> None:
        async with database.write() as db:
            await db.execute(text("INSERT INTO people (person) VALUES ('one'), ('two')"))

        def add(*order: str) -> Callable[[Connection], None]:
            def work(db: Connection) -> None:
                for person in order:
                    db.execute(text("UPDATE people SET ignored = ignored + 1 WHERE person = :p"), {"p": person})
                    db.execute(text("SELECT pg_sleep(0.2)"))

            return work

        await asyncio.gather(database.write_at_once(add("one", "two")), database.write_at_once(add("two", "one")))
        async with database.read() as db:
            assert (await db.execute(text("SELECT ignored FROM people"))).scalars().all() == [2, 2]

    async def test_a_claim_of_many_processes_is_won_by_one(self, url: str) -> None:
        stores = [await Store.open(url) for _ in range(4)]
        place = Place(1, 2, 3, 4)
        claims = await asyncio.gather(*(store.handled.claim(place, None, NOON) for store in stores for _ in range(10)))
        assert sorted(claims) == [False] * 39 + [True]
        for store in stores:
            await store.close()

    async def test_ids_of_the_log_are_in_the_order_of_the_commits(self, url: str, database: Database) -> None:
        """Who is first at the log has the smaller id, and who read the log before that was not given a larger one."""
        add = text(
            "INSERT INTO decisions (scope, kind, content, at) VALUES ('shared', 'dismiss', '{}', now()) RETURNING id"
        )
        other = await Database.open(url)
        waiting = asyncio.Event()

        async def second() -> int:
            async with other.write() as db:
                waiting.set()
                await other.alone_with_log(db)
                return int(await db.scalar(add) or 0)

        async with database.write() as db:
            await database.alone_with_log(db)
            task = asyncio.create_task(second())
            await waiting.wait()
            await asyncio.sleep(0.2)
            first = int(await db.scalar(add) or 0)
        assert await task == first + 1
        await other.close()


async def test_many_that_start_on_an_empty_database_make_the_schema_once(cluster: Cluster) -> None:
    url = cluster.new("template0")
    stores = await asyncio.gather(*(Store.open(url) for _ in range(8)))
    assert len({store.database.hashed(1) for store in stores}) == 1  # one key
    for store in stores:
        await store.close()
    assert rows(url, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    cluster.drop(url)
