"""Many processes on one database: nothing acknowledged is lost, and the schema is made once."""

from __future__ import annotations

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
from bot.store.check import faults
from bot.store.columns import UtcDateTime
from bot.store.migrate import upgrade
from bot.store.store import Store
from tests.databases import rows, waited

REPOSITORY = Path(__file__).parent.parent

# Records sightings with message ids from `first` on, and prints each id once record() has returned. Every tenth is
# followed by a decision on its group: it prints the decision's number, as a negative one.
WRITER = """
import asyncio, datetime as dt, sys
from bot.store.models import CannotDecide, NewDecision
from bot.store.store import Fingerprint, Place, Sighting, Store

async def main(url, first, count):
    store = await Store.open(url)
    for message in range(first, first + count):
        name = await store.record(Sighting(
            Fingerprint(f"{message % 7}" * 32, 1, "template"), ("line",), "en", (), "listen",
            dt.datetime.now(dt.UTC), Place(1, 2, message, message % 5)))
        print(message, flush=True)
        if message % 10 == 0:
            case = await store.queue.get("guild:1", name)
            new = NewDecision("guild:1", "dismiss", dt.datetime.now(dt.UTC), name)
            try:
                decision = await store.decisions.add(new, person=message % 5, revision=case.revision)
            except CannotDecide:
                continue  # somebody else was first
            print(-decision.id, flush=True)
    await store.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def writer(url: str, first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, url, str(first), str(count)]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kept(url: str) -> set[int]:
    """Return what is there of what a writer prints; the database has to be sound."""
    assert waited(faults(url)) == []
    messages = {message for (message,) in rows(url, "SELECT message_id FROM sightings")}
    return messages | {-number for (number,) in rows(url, "SELECT id FROM decisions")}


def test_four_processes_start_on_a_new_database_and_lose_nothing(empty_url: str) -> None:
    writers = [writer(empty_url, first, 50) for first in (1_000, 2_000, 3_000, 4_000)]
    ends = [process.communicate(timeout=120) for process in writers]
    assert [stderr for _, stderr in ends] == [""] * 4
    acknowledged = [int(line) for stdout, _ in ends for line in stdout.splitlines()]
    assert len(acknowledged) == len(set(acknowledged))
    assert (
        kept(empty_url) == set(acknowledged) >= {first + n for first in (1_000, 2_000, 3_000, 4_000) for n in range(50)}
    )
    assert rows(empty_url, "SELECT count(*) FROM groups") == [(7,)]
    assert rows(empty_url, "SELECT version_num FROM alembic_version") == [(tables.HEAD,)]
    assert rows(empty_url, "SELECT count(*) FROM meta") == [(1,)]
    # No update is lost: each counted each sighting once, and each decision once.
    assert rows(empty_url, "SELECT sum(sightings) FROM queue WHERE scope = 'guild:1'") == [(200,)]
    assert rows(empty_url, "SELECT sum(revision) FROM queue") == rows(empty_url, "SELECT count(*) FROM decisions")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill -9")
@pytest.mark.parametrize("after", [1, 17, 40])
def test_a_process_that_is_killed_loses_nothing_it_acknowledged(empty_url: str, after: int) -> None:
    doomed, other = writer(empty_url, 1_000, 100_000), writer(empty_url, 200_000, 30)
    assert doomed.stdout is not None
    acknowledged = [int(doomed.stdout.readline()) for _ in range(after)]
    os.kill(doomed.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in doomed.stdout.read().splitlines()]
    doomed.communicate()
    stdout, stderr = other.communicate(timeout=120)
    assert stderr == ""
    acknowledged += [int(line) for line in stdout.splitlines()]
    found = kept(empty_url)
    assert found >= set(acknowledged) >= set(range(200_000, 200_030))
    # At most the one that was under way was kept without being acknowledged.
    assert len(found) <= len(acknowledged) + 1


def test_a_process_killed_at_its_start_leaves_a_database_that_opens(
    tmp_path: Path, empty_url: str, request: pytest.FixtureRequest
) -> None:
    for delay in (0.2, 0.4, 0.6, 0.8, 1.0):
        url = str(tmp_path / f"{delay}.sqlite3")
        if "://" in empty_url:
            url = request.getfixturevalue("cluster").new("template0")
        doomed = writer(url, 1, 100_000)
        with pytest.raises(subprocess.TimeoutExpired):
            doomed.wait(delay)
        doomed.kill()
        doomed.communicate()
        waited(_open_and_close(url))
        kept(url)


async def _open_and_close(url: str) -> None:
    store = await Store.open(url)
    await store.unmatched()
    await store.close()


async def test_the_migrations_make_the_tables_of_this_version(tmp_path: Path) -> None:
    """What the steps make and what is made at once: the same tables, indexes, triggers and full-text index."""
    stepped, direct = tmp_path / "stepped", tmp_path / "direct"
    engine = create_engine(f"sqlite:///{stepped}")
    with engine.begin() as db:
        upgrade(db, "stepped", "0001")
        upgrade(db, "stepped")
    engine.dispose()
    await _open_and_close(str(direct))
    assert _schema(stepped) == _schema(direct)


def _schema(path: Path) -> dict[str, object]:
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in names if not name.startswith("sqlite_")]
        written = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name LIKE 'groups_fts%' ORDER BY name"
        made: dict[str, object] = {"triggers": db.execute(written).fetchall()}
        return made | {
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
    await _open_and_close(str(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    await _open_and_close(str(path))
    other.execute("COMMIT")
    other.close()


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: str(table.name))
def test_the_tables_have_a_form_for_postgresql(table: Table) -> None:
    text = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    types = {type(column.type) for column in table.columns}
    assert ("TIMESTAMP WITH TIME ZONE" in text) is (UtcDateTime in types)
    assert ("BIGINT" in text or "BIGSERIAL" in text) is (BigInteger in types)
