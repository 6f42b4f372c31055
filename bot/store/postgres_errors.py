"""What can go wrong with PostgreSQL, in sentences for the person who runs the bot."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.store.errors import StoreBusy, StoreError

# The server's codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and what helps. Of those that
# begin alike the longest counts. A code of two digits is that of a class.
_CAUSES: Final = {
    "28P01": "the server refuses the password; put the right one into AUTHBOT_DATABASE_URL",
    "28": "the server does not let this user in from here; check the user and TLS (sslmode) in AUTHBOT_DATABASE_URL, "
    "and the server's pg_hba.conf",
    "3D000": "the server has no such database; make it with createdb --template template0 --encoding UTF8",
    "42501": "the user may not make or change tables there; make the user the database's owner, or GRANT CREATE ON "
    "SCHEMA public",
    "25006": "it can only be read there; name the primary server, not a standby",
    "53100": "the server's disk is full; make room and start again",
    "58": "the server's disk gives errors; look at the server's log",
    "XX001": "it is damaged; look at the server's log and put back a backup",
    "XX002": "it is damaged; look at the server's log and put back a backup",
}
# The same for what passes by itself.
_PASSING: Final = {
    "08": "the connection was lost; try again",
    "40": "another process changed the same rows; try again",
    "53": "the server has no room for another connection; try again, or raise its max_connections",
    "55P03": "another process holds the rows for too long; try again, or stop that process",
    "57": "the server is stopping or starting; try again",
    "25P03": "a transaction was left open for too long; try again",
}
_UNREACHABLE: Final = (
    "the server cannot be reached{why}; check that it runs and listens there, and host and port in AUTHBOT_DATABASE_URL"
)
_TLS: Final = (
    "the connection cannot be secured by TLS as sslmode asks; check it in AUTHBOT_DATABASE_URL, and the certificates"
)
_LOST: Final = _PASSING["08"]


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn what asyncpg and SQLAlchemy raise into StoreBusy or StoreError; `place` is without a password."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreBusy(f"database {place}: too much is being done with it; try again") from error
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        kind, advice = _judged(error)
        raise kind(f"database {place}: {advice}") from error


def sqlstate(error: BaseException) -> str:
    """Return the server's code for an error, "" where it did not come from the server."""
    found = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(found, "sqlstate", None) or "")


def _judged(error: BaseException) -> tuple[type[StoreError], str]:
    code = sqlstate(error)
    for known in (code, code[:2]):
        if known in _CAUSES:
            return StoreError, _CAUSES[known]
        if known in _PASSING:
            return StoreBusy, _PASSING[known]
    driver = _driver_error(error)
    if isinstance(driver, OSError):
        return _not_connected(driver)
    lost = isinstance(driver, asyncpg.InterfaceError) and "clos" in str(driver)
    if lost or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return StoreBusy, _LOST
    if isinstance(driver, asyncpg.InvalidCachedStatementError):
        return StoreBusy, "its tables were changed meanwhile; try again"
    if isinstance(driver, asyncpg.DataError) or code.startswith("22"):  # its text would show the value
        return (
            StoreError,
            f"PostgreSQL takes a value for none of its column ({type(driver).__name__}); please report it",
        )
    # The first line alone: those after it may hold the values of a row.
    said = str(getattr(driver, "message", None) or driver).partition("\n")[0]
    return StoreError, f"PostgreSQL says: {said}; check the server, or name another database"


def _not_connected(error: OSError) -> tuple[type[StoreError], str]:
    if isinstance(error, TimeoutError):
        return StoreBusy, "the server did not answer in time; check that it is reachable, and try again"
    if isinstance(error, ssl.SSLError) or "SSL" in str(error):
        return StoreError, _TLS
    why = f" ({os.strerror(error.errno).lower()})" if error.errno and error.errno > 0 else ""
    return StoreBusy, _UNREACHABLE.format(why=why)


def _driver_error(error: BaseException) -> BaseException:
    """Return what asyncpg raised, out of SQLAlchemy's two wrappings."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
