"""What the store needs of a database, whichever kind it is; and reading its address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.errors import StoreError

BUSY_SECONDS: Final = 5.0  # how long a writer waits for another one
MIGRATION_SECONDS: Final = 60.0  # how long a process waits for the one that migrates

Dialect = Literal["sqlite", "postgresql"]
Given = TypeVar("Given")

_SQLITE: Final = ("sqlite", "sqlite+aiosqlite")
_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+asyncpg")


class Engine(Protocol):
    """An open database of one kind. What it cannot do is raised as StoreBusy or StoreError."""

    @property
    def dialect(self) -> Dialect:
        """Which kind it is."""

    @property
    def place(self) -> str:
        """The database as a person is told of it: never with a password."""

    async def migrate(self, upgrade: Callable[[Connection, str], None]) -> None:
        """Run `upgrade` on a connection and with the place's name, in one transaction that no other process shares."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that sees one state of the database and waits for no writer."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that may write; committed, and safe from a loss of power, when the block ends."""

    async def write_at_once(self, work: Callable[[Connection], Given]) -> Given:
        """Do `work` in one quick transaction that survives the process, not a loss of power."""

    def listen(self, ring: Callable[[], None]) -> AbstractAsyncContextManager[Callable[[], Awaitable[bool]]]:
        """Call `ring` when another process announces something. Gives a coroutine function: may anything be new?"""

    async def announce(self, db: AsyncConnection, number: int) -> None:
        """Ring in the other processes, once the transaction is committed: there is a decision `number`."""

    async def lock_log(self, db: AsyncConnection) -> None:
        """Wait until no other transaction adds to the log, and keep others out until the end of this one."""

    async def close(self) -> None:
        """Close all connections."""


def parsed(address: str) -> URL:
    """Return the URL of a database: a path, sqlite:///path, or postgresql://user:password@host:port/name.

    Makes the folder of an SQLite file. Raises StoreError for other databases, an address that cannot be read, a
    database in memory, or a folder that cannot be made; no password stands in what it says.
    """
    if "://" not in address:
        return _file(URL.create("sqlite+aiosqlite", database=str(Path(address).expanduser())))
    kind = address.partition("://")[0]
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        url = None
    if url is not None and url.drivername in _SQLITE:
        return _file(url.set(drivername="sqlite+aiosqlite"))
    if kind in _POSTGRESQL:
        return _server(url, kind)
    raise StoreError(
        f"database {kind}://…: only SQLite and PostgreSQL are known here; write a path, sqlite:///authbot.sqlite3 or "
        "postgresql://user:password@host/name"
    )


def there_is_one(url: URL) -> None:
    """Raise StoreError where `url` names an SQLite file that is not there: opening it would make an empty one."""
    name = url.database or ""
    if url.drivername in _SQLITE and not name.startswith("file:") and not Path(name).is_file():
        raise StoreError(f"database {name}: there is no such file; name another, or start the bot once to make it")


def _file(url: URL) -> URL:
    name = url.database or ":memory:"
    if ":memory:" in name:
        raise StoreError("a database in memory would forget everything at the end; name a file")
    if not name.startswith("file:"):
        _make_folder(Path(name))
    return url


def _server(url: URL | None, kind: str) -> URL:
    # An @ in the host is the rest of a password that was cut at its first @: neither is to be shown.
    if url is None or "@" in (url.host or ""):
        raise StoreError(
            f"database {kind}://…: the address cannot be read; write postgresql://user:password@host:5432/name, and in "
            "user and password %40 for @, %2F for / and %3A for :"
        )
    if not url.database:
        raise StoreError(
            f"database {kind}://…: the address names no database; write its name after the host: …/authbot"
        )
    return url.set(drivername="postgresql+asyncpg")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"database {path}: its folder cannot be made ({error.strerror}); make {path.parent} or name another place"
        ) from None
