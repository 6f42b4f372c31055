"""PostgreSQL through asyncpg: its connections and their settings, its transactions, and how news comes from it."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Literal

import asyncpg
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.engine import BUSY_SECONDS, MIGRATION_SECONDS, Given
from bot.store.errors import StoreError
from bot.store.postgres_errors import explained, sqlstate

CHANNEL: Final = "authbot_decisions"  # of NOTIFY
OLDEST: Final = 13  # the version of the server
# A process keeps at most so many connections, and one more to listen on: ten processes stay below the 100 that a
# server allows unless it was told otherwise.
POOL: Final = 6
RECYCLE_SECONDS: Final = 600  # a connection that a firewall has silently dropped is not used for longer
CONNECT_SECONDS: Final = 10.0
STATEMENT_SECONDS: Final = 60.0
RECONNECT_SECONDS: Final = 2.0
TRIES: Final = 5

# Numbers that only this program uses for advisory locks: "authbot" in ASCII, and one more.
_MIGRATING: Final = 0x617574_68626F74
_LOGGING: Final = _MIGRATING + 1

# What libpq knows and asyncpg would take for a setting of the server's.
_UNKNOWN_TO_ASYNCPG: Final = frozenset(
    "channel_binding connect_timeout gssencmode keepalives keepalives_idle keepalives_interval keepalives_count "
    "sslcompression sslsni tcp_user_timeout fallback_application_name client_encoding".split()
)
# Lost races, which the same transaction wins when it is done again.
_AGAIN: Final = frozenset({"40001", "40P01"})


class PostgresEngine:
    """One database of a server. Any number of processes on any number of machines may have it open."""

    dialect: Final[Literal["postgresql"]] = "postgresql"

    def __init__(self, url: URL) -> None:
        self.url = url
        self.place = place(url)
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: connect(url, command_timeout=STATEMENT_SECONDS),
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            pool_recycle=RECYCLE_SECONDS,
            hide_parameters=True,
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def migrate(self, upgrade: Callable[[Connection, str], None]) -> None:
        """Run `upgrade` in one transaction under an advisory lock; refuse a server it would not work on."""
        engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: connect(self.url), poolclass=NullPool, hide_parameters=True
        )
        try:
            with explained(self.place):
                async with engine.begin() as db:
                    version = int((await db.exec_driver_sql("SHOW server_version_num")).scalar_one())
                    encoding = (await db.exec_driver_sql("SHOW server_encoding")).scalar()
                    refuse_unsuitable(self.place, version // 10_000, str(encoding))
                    await db.exec_driver_sql(f"SET LOCAL lock_timeout = '{MIGRATION_SECONDS:.0f}s'")
                    await db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
                    await db.run_sync(upgrade, self.place)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees one state of the database and waits for no writer."""
        with explained(self.place):
            async with self._reading.begin() as db:
                yield db

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write. Others write at the same time: what it reads first, it has to lock."""
        with explained(self.place):
            async with self._engine.begin() as db:
                yield db

    async def write_at_once(self, work: Callable[[Connection], Given]) -> Given:
        """Do `work` in one transaction, without waiting for the disk; once more where it lost a race."""
        with explained(self.place):
            for left in reversed(range(TRIES)):
                try:
                    async with self._engine.begin() as db:
                        await db.exec_driver_sql("SET LOCAL synchronous_commit = off")
                        return await db.run_sync(work)
                except DBAPIError as error:
                    if not left or sqlstate(error) not in _AGAIN:
                        raise
                await asyncio.sleep(random.uniform(0.001, 0.05))  # noqa: S311 (no secret)
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def listen(self, ring: Callable[[], None]) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Call `ring` at each NOTIFY, on a connection of its own that is made anew where it is lost.

        What is given says True: only a query tells whether anything is new.
        """

        async def anything() -> bool:
            return True

        task = asyncio.create_task(self._listen(ring))
        try:
            yield anything
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, ring: Callable[[], None]) -> None:
        while True:
            # Whatever it is that fails, the poll goes on beside it, and says so where the server is gone.
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen_once(ring)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self, ring: Callable[[], None]) -> None:
        """Ring at each NOTIFY; return when the connection is lost."""
        lost = asyncio.Event()
        connection = await connect(self.url)
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, lambda *_: ring())
            ring()  # for what came before it was heard
            if not connection.is_closed():
                await lost.wait()
        finally:
            connection.terminate()

    async def announce(self, db: AsyncConnection, number: int) -> None:
        """Tell every process that listens of decision `number`, once the transaction is committed."""
        await db.exec_driver_sql("SELECT pg_notify($1, $2)", (CHANNEL, str(number)))

    async def lock_log(self, db: AsyncConnection) -> None:
        """Wait until no other transaction adds to the log, and keep others out until the end of this one."""
        await db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOGGING})")

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


async def connect(url: URL, *, command_timeout: float | None = None) -> asyncpg.Connection[Any]:
    """Return a new connection to the database at `url`, with the settings that all of ours have."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(
        dsn(url),
        timeout=CONNECT_SECONDS,
        command_timeout=command_timeout,
        server_settings={
            "application_name": "authbot",
            "lock_timeout": f"{BUSY_SECONDS * 1000:.0f}ms",
            # The locks of a machine that is gone are not held for ever.
            "idle_in_transaction_session_timeout": "60s",
            # The queries are small: compiling one takes longer than it saves.
            "jit": "off",
        },
    )
    return connection


def dsn(url: URL) -> str:
    """Return the address as asyncpg takes it, password included."""
    query = {name: value for name, value in url.query.items() if name not in _UNKNOWN_TO_ASYNCPG}
    if "ssl" in query:  # SQLAlchemy's name for it
        query["sslmode"] = query.pop("ssl")
    return url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)


def place(url: URL) -> str:
    """Return the database as a person is told of it: host, port and name."""
    host, port = url.host, url.port
    if not host and "host" in url.query:
        host = "local"
    return f"postgresql://{host or 'local'}{f':{port}' if port else ''}/{url.database}"


def refuse_unsuitable(place: str, version: int, encoding: str) -> None:
    """Raise StoreError where a server is too old, or its database keeps no UTF-8."""
    if version < OLDEST:
        raise StoreError(
            f"database {place}: the server is PostgreSQL {version}; authbot needs {OLDEST} or newer, so upgrade it or "
            "name another server"
        )
    if encoding.upper() != "UTF8":
        raise StoreError(
            f"database {place}: its encoding is {encoding}, which cannot hold every text; make a new one with "
            "createdb --template template0 --encoding UTF8"
        )


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    # The server said goodbye while the connection lay in the pool. Known without asking, as a ping would.
    if connection.driver_connection.is_closed():
        raise DisconnectionError("closed by the server")
