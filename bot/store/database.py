"""One database: opening it, its two kinds of transaction, and the keyed hash that stands for a person."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.changes import changes
from bot.store.engine import Dialect, Engine, Given, parsed
from bot.store.migrate import migrate
from bot.store.sqlite import SqliteEngine
from bot.store.tables import meta

if TYPE_CHECKING:  # who keeps a file loads nothing for a server
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert

_KEY: Final = "person-key"


class Database:
    """An open database. Any number of processes may have the same one open.

    All transactions raise StoreBusy when the writer, or a row, could not be had in 5 s or the server is not there
    just now; StoreError when the database cannot be used.
    """

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key
        self._announced = False
        self._bells: set[asyncio.Event] = set()

    @classmethod
    async def open(cls, url: str, *, key: bytes | None = None) -> Self:
        """Open a database, made (SQLite) and brought to the newest schema where needed.

        `url` is what engine.parsed takes. `key` is what account ids are hashed with; by default a random one that is
        made once and kept in the database.
        """
        engine = opened(url)
        try:
            await migrate(engine)
            return cls(engine, key or await _installation_key(engine))
        except BaseException:
            await engine.close()
            raise

    async def close(self) -> None:
        """Close all connections. The database cannot be used any more."""
        await self._engine.close()

    @property
    def dialect(self) -> Dialect:
        """Which kind of database this is."""
        return self._engine.dialect

    def insert(self, table: Table) -> Insert:
        """Return an INSERT into `table` that knows ON CONFLICT in the words of this database."""
        return _insert(self._engine, table)

    async def write_at_once(self, work: Callable[[Connection], Given]) -> Given:
        """Do `work` in one transaction that may write, away from the event loop on SQLite; return what it returns.

        It survives the process, not a loss of power: for what can be found out again, and stands in the way of a reply.
        `work` may be done more than once (PostgreSQL, where it lost a race); only its last time counts.
        """
        return await self._engine.write_at_once(work)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write. Committed when the block ends.

        On SQLite it is alone from its first statement on. On PostgreSQL others write at the same time: rows that are
        read first and then changed have to be locked (with_for_update).
        """
        async with self._engine.write() as db:
            yield db
        if self._announced:
            self._announced = False
            self._ring()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees one state of the database and waits for no writer."""
        async with self._engine.read() as db:
            yield db

    async def alone_with_log(self, db: AsyncConnection) -> None:
        """Until the end of the transaction nobody else adds to the log of decisions.

        To be called before a decision's row is written: the ids are then in the order of the commits, and who has read
        up to one of them has missed none before it. On SQLite a writer is alone anyway.
        """
        await self._engine.lock_log(db)

    async def announce(self, db: AsyncConnection, number: int) -> None:
        """Tell all who follow the log, in every process, of decision `number` once this transaction is committed."""
        self._announced = True
        await self._engine.announce(db, number)

    def changes(self) -> AsyncGenerator[int]:
        """Yield the newest decision's id, at once and each time the log has grown (see changes.changes)."""
        return changes(self)

    @asynccontextmanager
    async def listening(self, bell: asyncio.Event) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Set `bell` when a decision is announced. What is given asks whether anything may be new (see changes)."""
        self._bells.add(bell)
        try:
            async with self._engine.listen(bell.set) as moved:
                yield moved
        finally:
            self._bells.discard(bell)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def hashed(self, person: int) -> str:
        """Return what stands for an account in the tables: HMAC-SHA256 of its id under the installation's key, hex."""
        return hmac.new(self._key, str(person).encode(), hashlib.sha256).hexdigest()

    def hashed_or_none(self, person: int | None) -> str | None:
        """Return the same, None for nobody."""
        return None if person is None else self.hashed(person)


def opened(address: str) -> Engine:
    """Return the engine for an address, as engine.parsed takes it. Nothing is connected yet."""
    url = parsed(address)
    if url.drivername.startswith("sqlite"):
        return SqliteEngine(url)
    # Here and not at the top: who keeps a file loads no driver for a server.
    from bot.store.postgres import PostgresEngine

    return PostgresEngine(url)


def _insert(engine: Engine, table: Table) -> Insert:
    if engine.dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


async def _installation_key(engine: Engine) -> bytes:
    """Return the installation's key, made at random the first time."""
    query = select(meta.c.value).where(meta.c.name == _KEY)
    async with engine.read() as db:
        key: bytes | None = await db.scalar(query)
    if key is None:
        new = _insert(engine, meta).values(name=_KEY, value=secrets.token_bytes(32))
        async with engine.write() as db:
            # The first of several processes wins; all read what it wrote.
            await db.execute(new.on_conflict_do_nothing())
            key = await db.scalar(query)
    assert key is not None  # noqa: S101 (written in the same transaction)
    return key
