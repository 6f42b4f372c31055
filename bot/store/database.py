"""One database: opening it, its two kinds of transaction, and the keyed hash that stands for a person."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, Self, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.engine import BEGIN, BUSY_SECONDS, database_url, make_engine, make_plain_engine
from bot.store.errors import StoreBusy, explained
from bot.store.migrate import migrate
from bot.store.tables import meta

Given = TypeVar("Given")

_KEY: Final = "person-key"


class Database:
    """An open database. Any number of processes may have the same file open.

    Both kinds of transaction raise StoreBusy when the writer could not be had in 5 s, StoreError when the file cannot
    be used.
    """

    def __init__(self, engine: AsyncEngine, place: str, key: bytes) -> None:
        self._engine = engine
        # For what has to be quick: all statements of a transaction in one go, in a thread that is kept for it. Through
        # the engine above each takes four turns between the event loop and a thread.
        self._plain = make_plain_engine(engine.url)
        self._thread = ThreadPoolExecutor(1, "store")
        self._writing = engine.execution_options(**{BEGIN: "IMMEDIATE"})
        self._place = place
        self._key = key
        # Writers of one process queue here, first come first served; only different processes meet in SQLite.
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, *, key: bytes | None = None) -> Self:
        """Open a database, made and brought to the newest schema where needed.

        `url` is a path or sqlite:///path; the folder is made. `key` is what account ids are hashed with; by default a
        random one that is made once and kept in the database.
        """
        address = database_url(url)
        place = str(address.database)
        with explained(place):
            await asyncio.to_thread(migrate, address, place)
        engine = make_engine(address)
        try:
            with explained(place):
                return cls(engine, place, key or await _installation_key(engine))
        except BaseException:
            await engine.dispose()
            raise

    async def close(self) -> None:
        """Close all connections. The database cannot be used any more."""
        await self._engine.dispose()
        await asyncio.to_thread(self._thread.shutdown)
        self._plain.dispose()

    async def write_at_once(self, work: Callable[[Connection], Given]) -> Given:
        """Do `work` in one transaction that may write, away from the event loop; return what it returns.

        It survives the process, not a loss of power: for what can be found out again, and stands in the way of a reply.
        """
        async with self._writer(), self._explained():
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._write_plainly, work)

    def _write_plainly(self, work: Callable[[Connection], Given]) -> Given:
        with self._plain.begin() as db:
            return work(db)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write, from its first statement on. Committed when the block ends."""
        # begin() rolls back on cancellation too: a transaction left open would block every later writer.
        async with self._writer(), self._explained(), self._writing.begin() as db:
            yield db

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees one state of the database and waits for no writer."""
        async with self._explained(), self._engine.begin() as db:
            yield db

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[None]:
        """Hold the turn to write; raises StoreBusy where it could not be had in time."""
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreBusy(f"database {self._place}: too much is being written to it; try again") from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        with explained(self._place):
            yield

    def hashed(self, person: int) -> str:
        """Return what stands for an account in the tables: HMAC-SHA256 of its id under the installation's key, hex."""
        return hmac.new(self._key, str(person).encode(), hashlib.sha256).hexdigest()

    def hashed_or_none(self, person: int | None) -> str | None:
        """Return the same, None for nobody."""
        return None if person is None else self.hashed(person)


async def _installation_key(engine: AsyncEngine) -> bytes:
    """Return the installation's key, made at random the first time."""
    query = select(meta.c.value).where(meta.c.name == _KEY)
    async with engine.begin() as db:
        key: bytes | None = await db.scalar(query)
    if key is None:
        async with engine.execution_options(**{BEGIN: "IMMEDIATE"}).begin() as db:
            # The first of several processes wins; all read what it wrote.
            await db.execute(insert(meta).values(name=_KEY, value=secrets.token_bytes(32)).on_conflict_do_nothing())
            key = await db.scalar(query)
    assert key is not None  # noqa: S101 (written in the same transaction)
    return key
