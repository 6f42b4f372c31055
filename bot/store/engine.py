"""The connection to the database: its address, its settings, and how a transaction begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
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
            url = make_url(address)
        except ArgumentError:
            url = None
        if url is None or url.drivername not in ("sqlite", "sqlite+aiosqlite"):
            kind = address.partition("://")[0]
            raise StoreError(
                f"database {kind}://…: only SQLite is known here; write sqlite:///authbot.sqlite3 or a path"
            )
        url = url.set(drivername="sqlite+aiosqlite")
    else:
        url = URL.create("sqlite+aiosqlite", database=str(Path(address).expanduser()))
    name = url.database or ":memory:"
    if ":memory:" in name:
        raise StoreError("a database in memory would forget everything at the end; name a file")
    if not name.startswith("file:"):
        _make_folder(Path(name))
    return url


def make_engine(url: URL) -> AsyncEngine:
    """Return an engine whose transactions begin as their BEGIN option says, and which syncs at each commit."""
    engine = create_async_engine(url, connect_args=driver_options(BUSY_SECONDS))
    event.listen(engine.sync_engine, "connect", _lose_nothing)
    begin_as_told(engine.sync_engine)
    return engine


def make_plain_engine(url: URL) -> Engine:
    """Return an engine for the same database whose transactions are IMMEDIATE and whose calls block.

    What it commits survives the process, not the power: nothing waits for the disk.
    """
    engine = create_engine(
        url.set(drivername="sqlite"), connect_args=driver_options(BUSY_SECONDS), execution_options={BEGIN: "IMMEDIATE"}
    )
    event.listen(engine, "connect", _wait_for_no_disk)
    begin_as_told(engine)
    return engine


def driver_options(busy_seconds: float) -> dict[str, Any]:
    """Return what SQLite's driver is opened with, so that it begins no transactions of its own."""
    return {"timeout": busy_seconds, "isolation_level": None}


def begin_as_told(engine: Engine) -> None:
    """Have each transaction of `engine` begin as the BEGIN option says: by itself the driver always defers."""
    event.listen(engine, "begin", _begin)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"database {path}: its folder cannot be made ({error.strerror}); make {path.parent} or name another place"
        ) from None


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


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get(BEGIN, "DEFERRED")
    if how:
        connection.exec_driver_sql(f"BEGIN {how}")
