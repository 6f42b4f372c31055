"""The connection to the database: its address, its settings, and how a transaction begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Pool, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.errors import StoreError

BUSY_SECONDS: Final = 5.0  # how long a writer waits for another one

# The execution option that says how a transaction begins: "" for none at all, "DEFERRED" reads, "IMMEDIATE" writes.
# A writer has to be IMMEDIATE: one that begins by reading cannot wait for another writer, it fails at once.
BEGIN: Final = "authbot_begin"


def database_url(address: str) -> URL:
    """Return the URL of an SQLite file, given as a path or as sqlite:///…; makes the folder it stands in.

    Raises StoreError for other databases, a database in memory, or a folder that cannot be made.
    """
    if "://" in address:
        try:
            url = make_url(address).set(drivername="sqlite+aiosqlite") if address.startswith("sqlite") else None
        except ArgumentError:
            url = None
        if url is None:
            kind = address.partition("://")[0]
            raise StoreError(
                f"database {kind}://…: only SQLite is known here; write sqlite:///authbot.sqlite3 or a path"
            )
    else:
        url = URL.create("sqlite+aiosqlite", database=str(Path(address).expanduser()))
    name = url.database or ":memory:"
    if ":memory:" in name:
        raise StoreError("database :memory:: it would forget everything at the end; name a file")
    if not name.startswith("file:"):
        _make_folder(Path(name))
    return url


def make_engine(url: URL, *, busy_seconds: float = BUSY_SECONDS, **options: Any) -> AsyncEngine:
    """Return an engine whose transactions begin as their BEGIN option says, and which syncs at each commit."""
    # isolation_level None: Python's driver would otherwise begin its own transactions, always deferred.
    engine = create_async_engine(url, connect_args={"timeout": busy_seconds, "isolation_level": None}, **options)
    event.listen(engine.sync_engine, "connect", _sync_each_commit)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def enforce_foreign_keys(pool: Pool) -> None:
    """Have SQLite keep the references of every new connection of `pool` (it does not by itself)."""
    event.listen(pool, "connect", lambda connection, _record: _pragma(connection, "foreign_keys=ON"))


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"database {path}: its folder cannot be made ({error.strerror}); make {path.parent} or name another place"
        ) from None


def _sync_each_commit(connection: Any, _record: object) -> None:
    # NORMAL, often the default in WAL, may lose the last commits when the power goes; rows are few and precious.
    _pragma(connection, "synchronous=FULL")


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get(BEGIN, "DEFERRED")
    if how:
        connection.exec_driver_sql(f"BEGIN {how}")


def _pragma(connection: Any, setting: str) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA {setting}")
    cursor.close()
