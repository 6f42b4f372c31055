"""What can go wrong with the store, in sentences for the person who runs the bot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.mendable import MendableError


class StoreError(MendableError):
    """The store cannot be used; the text is one sentence that says why and what to do."""


class StoreBusy(StoreError):
    """Another process held the store's writer for too long; trying again later is right."""


# What SQLite says (https://sqlite.org/rescode.html) and what helps. The first that occurs in its message counts.
_CAUSES = (
    ("locked", "another process is writing to it and did not finish in time; try again, or stop that process"),
    ("readonly", "it cannot be written; give authbot's user write access to the file and its folder"),
    ("unable to open", "it cannot be opened; check that it is a file in a folder that authbot's user may write to"),
    ("not a database", "it is not an SQLite database; name another file, or move this one away"),
    ("malformed", "it is damaged; put back a backup, or move it away to begin with a new one"),
    ("disk is full", "the disk is full; make room and start again"),
    ("disk i/o", "the disk gives errors; check the disk, or keep the file on another one"),
)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn what the database driver raises into StoreBusy or StoreError; `place` is the file as it is to be named."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error)
        for sign, advice in _CAUSES:
            if sign in said.lower():
                kind = StoreBusy if sign == "locked" else StoreError
                raise kind(f"database {place}: {advice}") from error
        raise StoreError(f"database {place}: SQLite says: {said}; check the file, or name another one") from error
