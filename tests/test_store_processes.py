"""Many processes on one file: nothing acknowledged is lost, and the schema is made once."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Table, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from bot.store import tables
from bot.store.columns import UtcDateTime
from bot.store.store import Store

REPOSITORY = Path(__file__).parent.parent

# Records sightings with message ids from `first` on, and prints each id once record() has returned.
WRITER = """
import asyncio, datetime as dt, sys
from bot.store.store import Fingerprint, Place, Sighting, Store

async def main(path, first, count):
    store = await Store.open(path)
    for message in range(first, first + count):
        await store.record(Sighting(
            Fingerprint(f"{message % 7}" * 32, 1, "template"), ("line",), "en", (), "listen",
            dt.datetime.now(dt.UTC), Place(1, 2, message, message % 5)))
        print(message, flush=True)
    await store.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def writer(path: Path, first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(first), str(count)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kept(path: Path) -> set[int]:
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return {message for (message,) in db.execute("SELECT message_id FROM sightings")}


def test_four_processes_start_on_a_new_file_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "authbot.sqlite3"
    writers = [writer(path, first, 50) for first in (1_000, 2_000, 3_000, 4_000)]
    ends = [process.communicate(timeout=120) for process in writers]
    assert [stderr for _, stderr in ends] == [""] * 4
    assert kept(path) == {first + n for first in (1_000, 2_000, 3_000, 4_000) for n in range(50)}
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM groups").fetchone() == (7,)
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(tables.HEAD,)]
        assert db.execute("SELECT count(*) FROM meta").fetchone() == (1,)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")
@pytest.mark.parametrize("after", [1, 17, 40])
def test_a_process_that_is_killed_loses_nothing_it_acknowledged(tmp_path: Path, after: int) -> None:
    path = tmp_path / "authbot.sqlite3"
    doomed, other = writer(path, 1_000, 100_000), writer(path, 200_000, 30)
    assert doomed.stdout is not None
    acknowledged = [int(doomed.stdout.readline()) for _ in range(after)]
    os.kill(doomed.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in doomed.stdout.read().splitlines()]
    doomed.communicate()
    _, stderr = other.communicate(timeout=120)
    assert stderr == ""
    found = kept(path)
    assert found >= set(acknowledged)
    assert found >= set(range(200_000, 200_030))
    # At most the one that was under way was kept without being acknowledged.
    assert len(found) <= len(acknowledged) + 30 + 1


def test_a_process_killed_at_its_start_leaves_a_file_that_opens(tmp_path: Path) -> None:
    for delay in (0.2, 0.3, 0.4, 0.5, 0.6):
        path = tmp_path / f"{delay}.sqlite3"
        doomed = writer(path, 1, 100_000)
        with pytest.raises(subprocess.TimeoutExpired):
            doomed.wait(delay)
        doomed.kill()
        doomed.communicate()
        asyncio.run(_open_and_close(path))
        kept(path)


async def _open_and_close(path: Path) -> None:
    store = await Store.open(str(path))
    await store.unmatched()
    await store.close()


async def test_the_migrations_make_the_tables_of_this_version(tmp_path: Path) -> None:
    """What alembic would still change, and the tables' own texts: equal to those made from tables.py directly."""
    migrated, direct = tmp_path / "migrated", tmp_path / "direct"
    await _open_and_close(migrated)
    engine = create_engine(f"sqlite:///{direct}")
    tables.metadata.create_all(engine)
    engine.dispose()
    assert _schema(migrated) == _schema(direct)


def _schema(path: Path) -> dict[str, object]:
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in names if not name.startswith(("sqlite_", "alembic_"))]
        return {
            name: (
                db.execute(f"PRAGMA table_info({name})").fetchall(),
                db.execute(f"PRAGMA foreign_key_list({name})").fetchall(),
                sorted(row[1:] for row in db.execute(f"PRAGMA index_list({name})")),
                [row[5] for row in db.execute("PRAGMA table_list") if row[1] == name],  # STRICT
            )
            for name in names
        }


async def test_a_current_database_is_opened_and_read_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "authbot.sqlite3"
    await _open_and_close(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    await _open_and_close(path)
    other.execute("COMMIT")
    other.close()


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: str(table.name))
def test_the_tables_have_a_form_for_postgresql(table: Table) -> None:
    text = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    types = {type(column.type) for column in table.columns}
    assert ("TIMESTAMP WITH TIME ZONE" in text) is (UtcDateTime in types)
    assert ("BIGINT" in text or "BIGSERIAL" in text) is (BigInteger in types)
