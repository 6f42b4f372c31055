"""SQLite: its connections and their settings, how a transaction begins, and who may write when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final, Literal

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy import Engine as PlainEngine
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.engine import BUSY_SECONDS, MIGRATION_SECONDS, Given
from bot.store.errors import StoreBusy, explained

# The execution option that says how a transaction begins: "" for none at all, "DEFERRED" reads, "IMMEDIATE" writes.
# A writer has to be IMMEDIATE: one that begins by reading cannot wait for another writer, it fails at once.
BEGIN: Final = "authbot_begin"


class SqliteEngine:
    """One file. Any number of processes may have it open."""

    dialect: Final[Literal["sqlite"]] = "sqlite"

    def __init__(self, url: URL) -> None:
        self.url = url
        self.place = str(url.database)
        self._engine = create_async_engine(url, connect_args=_driver_options(BUSY_SECONDS), hide_parameters=True)
        event.listen(self._engine.sync_engine, "connect", _lose_nothing)
        _begin_as_told(self._engine.sync_engine)
        self._writing = self._engine.execution_options(**{BEGIN: "IMMEDIATE"})
        # For what has to be quick: all statements of a transaction in one go, in a thread that is kept for it. Through
        # the engine above each takes four turns between the event loop and a thread.
        self._plain = _plain_engine(url)
        self._thread = ThreadPoolExecutor(1, "store")
        # Writers of one process queue here, first come first served; only different processes meet in SQLite.
        self._turn = asyncio.Lock()

    async def migrate(self, upgrade: Callable[[Connection, str], None]) -> None:
        """Run `upgrade` in one IMMEDIATE transaction, in a thread: it may take a while."""
        with explained(self.place):
            await asyncio.to_thread(self._migrate, upgrade)

    def _migrate(self, upgrade: Callable[[Connection, str], None]) -> None:
        # The plain driver, and a connection of its own without foreign keys: where alembic rebuilds a table, dropping
        # the old one would else take its children with it.
        engine = create_engine(
            self.url.set(drivername="sqlite"),
            connect_args=_driver_options(MIGRATION_SECONDS),
            poolclass=NullPool,
            hide_parameters=True,
        )
        _begin_as_told(engine)
        try:
            _use_write_ahead_log(engine, self.place)
            with engine.execution_options(**{BEGIN: "IMMEDIATE"}).begin() as db:
                upgrade(db, self.place)
        finally:
            engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees one state of the file and waits for no writer."""
        with explained(self.place):
            async with self._engine.begin() as db:
                yield db

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write, from its first statement on."""
        # begin() rolls back on cancellation too: a transaction left open would block every later writer.
        async with self._writer():
            with explained(self.place):
                async with self._writing.begin() as db:
                    yield db

    async def write_at_once(self, work: Callable[[Connection], Given]) -> Given:
        """Do `work` in one transaction in the store's thread, without waiting for the disk."""
        async with self._writer():
            with explained(self.place):
                return await asyncio.get_running_loop().run_in_executor(self._thread, self._write_plainly, work)

    def _write_plainly(self, work: Callable[[Connection], Given]) -> Given:
        with self._plain.begin() as db:
            return work(db)

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[None]:
        """Hold the turn to write; raises StoreBusy where it could not be had in time."""
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreBusy(f"database {self.place}: too much is being written to it; try again") from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def listen(self, _ring: Callable[[], None]) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Nobody can ring here. What is given asks, in microseconds, whether another connection has committed."""
        with explained(self.place):
            async with self._engine.execution_options(**{BEGIN: ""}).connect() as db:
                last: list[Any] = []

                async def moved() -> bool:
                    with explained(self.place):
                        version = (await db.exec_driver_sql("PRAGMA data_version")).scalar()
                    new = [version] != last
                    last[:] = [version]
                    return new

                yield moved

    async def announce(self, _db: AsyncConnection, _number: int) -> None:
        """Do nothing: the others see by `listen` that something was committed."""

    async def lock_log(self, _db: AsyncConnection) -> None:
        """Do nothing: a writer is alone."""

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
        await asyncio.to_thread(self._thread.shutdown)
        self._plain.dispose()


def _plain_engine(url: URL) -> PlainEngine:
    """Return an engine for the same file whose transactions are IMMEDIATE and whose calls block.

    What it commits survives the process, not the power: nothing waits for the disk.
    """
    engine = create_engine(
        url.set(drivername="sqlite"),
        connect_args=_driver_options(BUSY_SECONDS),
        execution_options={BEGIN: "IMMEDIATE"},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _wait_for_no_disk)
    _begin_as_told(engine)
    return engine


def _driver_options(busy_seconds: float) -> dict[str, Any]:
    """Return what SQLite's driver is opened with, so that it begins no transactions of its own."""
    return {"timeout": busy_seconds, "isolation_level": None}


def _begin_as_told(engine: PlainEngine) -> None:
    """Have each transaction of `engine` begin as the BEGIN option says: by itself the driver always defers."""
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get(BEGIN, "DEFERRED")
    if how:
        connection.exec_driver_sql(f"BEGIN {how}")


def _lose_nothing(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # NORMAL, often the default in WAL, may lose the last commits when the power goes; rows are few and precious.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # In WAL the file stays whole all the same (https://sqlite.org/pragma.html#pragma_synchronous).
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _use_write_ahead_log(engine: PlainEngine, place: str) -> None:
    """Switch to WAL, which stays with the file. Readers and the writer then don't wait for one another."""
    deadline = time.monotonic() + MIGRATION_SECONDS
    while time.monotonic() < deadline:
        try:
            with engine.execution_options(**{BEGIN: ""}).connect() as db:
                db.exec_driver_sql("PRAGMA journal_mode=WAL")
                return
        except OperationalError as error:
            # The busy timeout does not hold for this switch: two that try at once both fail at once.
            if "locked" not in str(error.orig):
                raise
        time.sleep(0.02)
    raise StoreBusy(f"database {place}: another process keeps it locked; stop that process and start again")
