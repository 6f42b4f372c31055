"""A copy of the whole database in one file, made while the bot runs."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from bot.store.engine import BUSY_SECONDS, parsed, there_is_one
from bot.store.errors import StoreError, explained

# What pg_dump reads from its surroundings (https://www.postgresql.org/docs/current/libpq-envars.html).
_VARIABLES: Final = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "ssl": "PGSSLMODE"} | {
    name: f"PG{name.upper()}" for name in ("sslcert", "sslkey", "sslrootcert", "sslcrl", "passfile")
}


async def back_up(address: str, target: Path, *, force: bool = False) -> None:
    """Write all that a database holds, as one moment saw it, to `target`: it is there whole, or as it was before.

    Of SQLite that is a database file; of PostgreSQL a dump in pg_dump's custom format, for pg_restore. `force` lets an
    older file be replaced. Raises StoreError where there is nothing to copy, the file is there already or cannot be
    written, or pg_dump is absent or fails.
    """
    await asyncio.to_thread(_back_up, parsed(address), target, force)


def _back_up(url: URL, target: Path, force: bool) -> None:
    if target.is_dir() or (target.exists() and not force):
        raise StoreError(f"backup {target}: it is there already; name another file, or replace it with --force")
    there_is_one(url)
    try:
        # Beside the target, so that it can be moved there in one step; readable by nobody else from the beginning.
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    except OSError as error:
        raise StoreError(
            f"backup {target}: its folder cannot be written to ({error.strerror}); make it, or name another"
        ) from None
    os.close(handle)
    copy = Path(name)
    try:
        if url.drivername.startswith("sqlite"):
            _copy_file(str(url.database), copy)
        else:
            _dump(url, copy)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        copy.replace(target)
    except OSError as error:
        raise StoreError(
            f"backup {target}: it cannot be written ({error.strerror}); make room, or name another file"
        ) from None
    finally:
        for leftover in (copy, Path(f"{copy}-journal"), Path(f"{copy}-wal"), Path(f"{copy}-shm")):
            leftover.unlink(missing_ok=True)


def _copy_file(source: str, target: Path) -> None:
    with explained(source):
        original = sqlite3.connect(source, uri=source.startswith("file:"), timeout=BUSY_SECONDS)
        copy = sqlite3.connect(target)
        try:
            original.execute("PRAGMA query_only=ON")
            original.execute("SELECT count(*) FROM sqlite_master").fetchone()  # is it a database at all?
            original.backup(copy)  # in one step: a moment's state, and writers go on meanwhile
            # One file: without this the copy would want its -wal beside it as soon as it is looked at.
            copy.execute("PRAGMA journal_mode=DELETE")
            fault = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        finally:
            copy.close()
            original.close()
    if fault != "ok":
        raise StoreError(f"database {source}: it is damaged ({fault}); nothing was backed up; put back an older backup")


def _dump(url: URL, target: Path) -> None:
    from bot.store.postgres import place

    name = place(url)
    program = shutil.which("pg_dump")
    if program is None:
        raise StoreError(
            f"database {name}: pg_dump is not on PATH; install PostgreSQL's client (on Debian postgresql-client), or "
            "run pg_dump --format=custom on the server"
        )
    # The password goes through the environment: arguments can be read by everybody on the machine.
    command = [program, "--format=custom", "--no-password", f"--file={target}"]
    surroundings = {**os.environ, **_surroundings(url)}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)  # noqa: S603 (no shell)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[0]
        raise StoreError(
            f"database {name}: nothing was backed up: pg_dump says: {said.removeprefix('pg_dump: error: ')}"
        )


def _surroundings(url: URL) -> dict[str, str]:
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
    }
    given |= {_VARIABLES[key]: str(value) for key, value in url.query.items() if key in _VARIABLES}
    return {key: value for key, value in given.items() if value is not None}
