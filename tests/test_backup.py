"""`authbot db backup` and `authbot db check`: real commands on real databases, while somebody writes."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.check import faults
from bot.store.models import CannotDecide, NewDecision
from bot.store.store import Fingerprint, Place, Sighting, Store
from tests.databases import PASSWORD, Cluster, binaries, rows, waited
from tests.test_cli import authbot

NOON = dt.datetime(2025, 5, 27, 12, tzinfo=dt.UTC)

# Records sightings until it is stopped, and prints the number of each that is kept.
WRITER = """
import asyncio, datetime as dt, sys
from bot.store.check import faults
from bot.store.models import CannotDecide, NewDecision
from bot.store.store import Fingerprint, Place, Sighting, Store

async def main(url):
    store = await Store.open(url)
    for message in range(1_000, 1_000_000):
        await store.record(Sighting(
            Fingerprint(f"{message % 7}" * 32, 1, "template"), ("line",), "en", (), "listen",
            dt.datetime.now(dt.UTC), Place(1, 2, message, message % 5)))
        print(message, flush=True)

asyncio.run(main(sys.argv[1]))
"""


def sighting(message: int) -> Sighting:
    mark = Fingerprint("a1" * 16, 1, "a template")
    return Sighting(mark, ("zorp says no",), "en", (), "listen", NOON, Place(1, 2, message, 3))


async def fill(url: str, count: int = 20) -> None:
    store = await Store.open(url)
    for message in range(count):
        await store.record(sighting(message))
    await store.close()


def restored(dump: Path, url: str, request: pytest.FixtureRequest) -> str:
    """Return the address of a database made from a backup, of the kind that `url` is."""
    if "://" not in url:
        return str(dump)
    cluster: Cluster = request.getfixturevalue("cluster")
    programs = binaries()
    assert programs is not None
    fresh = cluster.new("template0")
    command = [str(programs / "pg_restore"), "--exit-on-error", "--dbname", fresh, str(dump)]
    subprocess.run(command, check=True)
    return fresh


class TestBackup:
    def test_it_holds_all_that_was_there(
        self, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        waited(fill(database_url))
        target = tmp_path / "kept" / "backup.one"
        target.parent.mkdir()

        done = authbot("db", "backup", str(target), "--database", database_url, cwd=tmp_path)

        assert (done.returncode, done.stderr) == (0, "")
        assert str(target) in done.stdout
        assert [path.name for path in target.parent.iterdir()] == ["backup.one"]  # nothing beside it
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        copy = restored(target, database_url, request)
        for table in ("groups", "sightings", "meta", "queue", "queue_people", "alembic_version"):
            query = f"SELECT * FROM {table}"  # noqa: S608 (our own tables)
            assert sorted(rows(copy, query)) == sorted(rows(database_url, query)) != []
        waited(fill(copy, 21))  # it lives on
        assert rows(copy, "SELECT count(*) FROM sightings") == [(21,)]

    def test_what_was_acknowledged_before_it_began_is_in_it_while_writing_goes_on(self, tmp_path: Path) -> None:
        path, target = tmp_path / "authbot.sqlite3", tmp_path / "backup"
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
        ) as writer:
            assert writer.stdout is not None
            try:
                acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
                done = authbot("db", "backup", str(target), "--database", str(path), cwd=tmp_path)
                later = [int(writer.stdout.readline()) for _ in range(50)]
            finally:
                writer.kill()
        assert done.returncode == 0, done.stderr
        kept = {message for (message,) in rows(str(target), "SELECT message_id FROM sightings")}
        assert kept >= set(acknowledged)
        assert kept == set(range(1_000, 1_000 + len(kept)))  # one moment's state
        assert later
        with sqlite3.connect(target) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert authbot("db", "check", "--database", str(target), cwd=tmp_path).returncode == 0

    def test_a_file_that_is_there_is_replaced_only_by_force(self, database_url: str, tmp_path: Path) -> None:
        waited(fill(database_url, 1))
        target = tmp_path / "backup"
        target.write_text("precious")

        refused = authbot("db", "backup", str(target), "--database", database_url, cwd=tmp_path)
        assert refused.returncode == 2
        assert "there already" in refused.stderr
        assert target.read_text() == "precious"

        forced = authbot("db", "backup", str(target), "--force", "--database", database_url, cwd=tmp_path)
        assert forced.returncode == 0
        assert not target.read_bytes().startswith(b"precious")

    @pytest.mark.parametrize(
        ("database", "target", "says"),
        [
            pytest.param("none.sqlite3", "backup", "no such file", id="no database"),
            pytest.param("text", "backup", "not an SQLite database", id="a text file"),
            pytest.param("sound.sqlite3", "none/backup", "cannot be written", id="no folder"),
            pytest.param("sound.sqlite3", ".", "there already", id="a folder"),
            pytest.param("postgresql://me:hunter2@127.0.0.1:1/x", "backup", "pg_dump", id="a server that is not there"),
        ],
    )
    def test_what_cannot_be_backed_up_is_said_in_a_line(
        self, tmp_path: Path, database: str, target: str, says: str
    ) -> None:
        (tmp_path / "text").write_text("certainly no database, " * 100)
        waited(fill(str(tmp_path / "sound.sqlite3"), 1))
        before = sorted(path.name for path in tmp_path.iterdir())
        done = authbot("db", "backup", target, "--database", database, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
        assert done.stderr.count("\n") == 1
        assert "hunter2" not in done.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == before

    def test_without_pg_dump_it_says_what_to_do(self, tmp_path: Path) -> None:
        address = "postgresql://me:hunter2@127.0.0.1:1/x"
        done = authbot("db", "backup", "backup", "--database", address, cwd=tmp_path, PATH=str(tmp_path))
        assert done.returncode == 2
        assert "install PostgreSQL's client" in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_the_password_is_in_no_argument(self, tmp_path: Path) -> None:
        """A stand-in for pg_dump prints what it was given; the real one is run by the tests above."""
        program = tmp_path / "bin" / "pg_dump"
        program.parent.mkdir()
        program.write_text('#!/bin/sh\necho "$*|$PGHOST|$PGPORT|$PGUSER|$PGPASSWORD|$PGDATABASE|$PGSSLMODE" >"$SEEN"\n')
        program.chmod(0o755)
        address = "postgresql://me:hunt%40er2@db.example:6543/orders?sslmode=require"
        path, seen = f"{program.parent}{os.pathsep}{os.environ['PATH']}", tmp_path / "seen"
        done = authbot("db", "backup", "b", "--database", address, cwd=tmp_path, PATH=path, SEEN=str(seen))
        assert done.returncode == 0, done.stderr
        arguments, *given = seen.read_text().strip().split("|")
        assert given == ["db.example", "6543", "me", "hunt@er2", "orders", "require"]
        assert "hunt" not in arguments

    def test_the_real_pg_dump_gets_in_with_a_password(self, cluster: Cluster, tmp_path: Path) -> None:
        local = cluster.new()
        name = local.partition("?")[0].rpartition("/")[2]
        done = authbot("db", "backup", "backup", "--database", cluster.url(name), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "backup").read_bytes().startswith(b"PGDMP")
        wrong = authbot("db", "backup", "two", "--database", cluster.url(name, password="wrong"), cwd=tmp_path)
        assert wrong.returncode == 2
        assert "password authentication failed" in wrong.stderr
        assert PASSWORD not in done.stdout + done.stderr + wrong.stderr
        cluster.drop(local)


def decided(url: str) -> None:
    """Fill a database with sightings of many, and decisions of each kind that changes the queue."""

    async def work() -> None:
        store = await Store.open(url)
        for number, problem in enumerate(["a1", "b2", "c3", "d4", "e5", "f6"] * 4):
            mark = Fingerprint(problem * 16, 1, f"template of {problem}")
            line = f"zorp says {'never' if number % 2 else 'no'}"
            place = Place(None if number % 3 else 7, 2, number + 1, number % 5)
            await store.record(Sighting(mark, (line,), "en", (), "listen", NOON, place))
        names = [case.name for case in await store.queue.top("shared")]
        for kind, name, more in (
            ("dismiss", names[0], {}),
            ("not_an_error", names[1], {}),
            ("add_entry", names[2], {"entry": "zorp/no"}),
            ("merge", names[3], {"content": {"into": names[2]}}),
        ):
            new = NewDecision("shared", kind, NOON, name, **more)  # type: ignore[arg-type]
            kept = await store.decisions.add(new, person=1, revision=None)
        await store.decisions.add(NewDecision("shared", "undo", NOON, undoes=kept.id), person=1, revision=None)
        await store.decisions.add(
            NewDecision("shared", "merge", NOON, names[3], content={"into": names[2]}), person=1, revision=None
        )
        split = NewDecision("guild:7", "split", NOON, "g1-a1a1a1a1a1a1", content={"needle": "never"})
        with contextlib.suppress(CannotDecide):
            await store.decisions.add(split, person=1, revision=None)
        await store.close()

    waited(work())


class TestCheck:
    def test_a_sound_one_is_said_to_be_sound(self, database_url: str, tmp_path: Path) -> None:
        decided(database_url)
        done = authbot("db", "check", "--database", database_url, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "the database is sound\n", "")

    @pytest.mark.parametrize(
        ("breaks", "says"),
        [
            pytest.param("UPDATE queue SET people = people + 1", "sightings, of whom", id="people"),
            pytest.param("UPDATE queue SET sightings = sightings - 1", "sightings, of whom", id="sightings"),
            pytest.param("DELETE FROM queue_people WHERE scope = 'shared'", "0 and 0 are kept", id="people gone"),
            pytest.param("DELETE FROM queue_days", "by day", id="days gone"),
            pytest.param("DELETE FROM queue WHERE scope = 'guild:7'", "in guild 7", id="a guild's case gone"),
            pytest.param("DELETE FROM queue WHERE scope = 'shared'", "in the shared queue", id="a shared case gone"),
            pytest.param("UPDATE queue SET weight = 1", "weight", id="weight"),
            pytest.param(
                "UPDATE queue SET merged_into = 'g1-none' WHERE status = 'merged'", "which there is not", id="merge"
            ),
            pytest.param("UPDATE queue SET status = 'open' WHERE status = 'dismissed'", "(dismiss)", id="dismissed"),
            pytest.param(
                "UPDATE queue SET decided_by = NULL, revision = 0 WHERE status = 'answered'",
                "(add_entry)",
                id="answered",
            ),
            pytest.param("DELETE FROM decisions WHERE kind = 'dismiss'", "not in force", id="a decision gone"),
            pytest.param(
                "DELETE FROM decisions WHERE id = (SELECT min(undoes) FROM decisions)",
                "none of that number",
                id="undone",
            ),
            pytest.param("UPDATE alembic_version SET version_num = '0002'", "bring it up", id="an older schema"),
        ],
    )
    def test_what_is_broken_is_said(self, database_url: str, breaks: str, says: str) -> None:
        decided(database_url)
        rows(database_url, breaks)
        assert says in "\n".join(waited(faults(database_url)))

    @pytest.mark.parametrize(
        ("breaks", "says"),
        [
            pytest.param("DELETE FROM groups WHERE id = 1", "refers to what is not in groups", id="references"),
            pytest.param(
                "INSERT INTO groups_fts (groups_fts) VALUES ('delete-all')", "full-text index", id="full-text index"
            ),
        ],
    )
    def test_what_is_broken_in_a_file_is_said(self, tmp_path: Path, breaks: str, says: str) -> None:
        path = tmp_path / "authbot.sqlite3"
        decided(str(path))
        rows(str(path), breaks)
        done = authbot("db", "check", "--database", str(path), cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        assert says in done.stdout

    def test_a_damaged_file_is_said_to_be_damaged(self, tmp_path: Path) -> None:
        path = tmp_path / "authbot.sqlite3"
        decided(str(path))
        with sqlite3.connect(path) as db:
            [(page,)] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_sightings_person'")
        with path.open("rb+") as file:
            file.seek((page - 1) * 4096 + 100)
            file.write(b"\xff" * 3000)
        done = authbot("db", "check", "--database", str(path), cwd=tmp_path)
        assert done.returncode == 1
        assert "damaged" in done.stdout
        backup = authbot("db", "backup", "copy", "--database", str(path), cwd=tmp_path)
        assert backup.returncode == 2
        assert "nothing was backed up" in backup.stderr
        assert not (tmp_path / "copy").exists()

    def test_checking_makes_nothing(self, empty_url: str, tmp_path: Path) -> None:
        done = authbot("db", "check", "--database", empty_url, cwd=tmp_path)
        if "://" in empty_url:
            assert (done.returncode, done.stderr) == (1, "")
            assert "start the bot once" in done.stdout
            assert rows(empty_url, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
        else:
            assert done.returncode == 2
            assert "no such file" in done.stderr
            assert list(tmp_path.iterdir()) == []
