"""Databases for tests: an SQLite file, and a PostgreSQL cluster of our own that lives as long as the run."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
import pytest

from bot.store.database import opened
from bot.store.engine import parsed
from bot.store.migrate import migrate
from bot.store.postgres import dsn

Result = TypeVar("Result")

MISSING: Final = "PostgreSQL is not installed here; on Debian: apt-get install postgresql"
PASSWORD: Final = "of-the-tests"
_numbers = itertools.count()


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's own programs, the newest; None where there is none."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    whole = [folder for folder in folders if (folder / "pg_ctl").exists()]
    return max(whole, key=lambda folder: int("0" + "".join(filter(str.isdigit, folder.parent.name))), default=None)


class Cluster:
    """A server in a folder of its own, on a free port of 127.0.0.1, and its databases."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="authbot-postgresql-"))
        self._data = self._folder / "data"
        # The server refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:
            import pwd  # noqa: PLC0415 (there is none on Windows)

            names = {user.pw_name for user in pwd.getpwall()}
            owner = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self.port = free_port()
        self.start()

    def start(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run("initdb", "--pgdata", self._data, "--username=me", "--encoding=UTF8", "--locale=C", "--no-sync",
                  "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}")  # fmt: skip
        settings = (
            f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self._folder}'\n"
            "fsync = off\nfull_page_writes = off\nmax_connections = 100\nautovacuum = off\n"
        )
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(settings)
        self._up()
        self._version = int(rows(self.local_url("postgres"), "SHOW server_version_num")[0][0]) // 10_000
        self.execute("CREATE DATABASE template_of_tests TEMPLATE template0")
        waited(_migrated(self.url("template_of_tests")))
        # Each installation makes a key of its own.
        self.execute("DELETE FROM meta", database="template_of_tests")

    def _up(self) -> None:
        log = self._folder / "log"
        self._run("pg_ctl", "start", "--pgdata", self._data, "--log", log, "--wait", "--timeout=60")
        self.pid = int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def stop(self) -> None:
        """Stop the server, and throw its folder away."""
        self._run("pg_ctl", "stop", "--pgdata", self._data, "--mode=immediate", "--wait")
        shutil.rmtree(self._folder)

    def restart(self) -> None:
        """Stop the server as an operator would, breaking all connections, and start it again."""
        self._run("pg_ctl", "stop", "--pgdata", self._data, "--mode=fast", "--wait")
        self._up()

    def url(self, database: str, *, user: str = "me", password: str = PASSWORD, port: int | None = None) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{port or self.port}/{database}"

    def local_url(self, database: str) -> str:
        """Return the address through the unix socket, where nobody asks for a password."""
        return f"postgresql://me@/{database}?host={self._folder}&port={self.port}"

    def new(self, template: str = "template_of_tests") -> str:
        """Make a database and return its address."""
        name = f"test_{next(_numbers)}"
        # Without fsync copying the files is quicker than logging them; before 15 there was nothing else.
        quick = "STRATEGY FILE_COPY" if self._version >= 15 else ""
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {quick}")
        return self.local_url(name)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {parsed(url).database} WITH (FORCE)")

    def execute(self, statement: str, *, database: str = "postgres") -> None:
        rows(self.local_url(database), statement)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        # Its own files for output: the server that pg_ctl starts would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False, **self._as)
            output.seek(0)
            assert done.returncode == 0, output.read()


async def _migrated(url: str) -> None:
    engine = opened(url)
    try:
        await migrate(engine)
    finally:
        await engine.close()


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, of either kind of database, past all code of ours."""
    if "://" not in url:
        with sqlite3.connect(url) as db:
            return db.execute(query).fetchall()

    async def fetch() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(dsn(parsed(url)))
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    return waited(fetch())


def waited(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what `work` returns, from a thread of its own: a loop may be running here."""
    results: list[Result] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]
    return results[0]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def started() -> Iterator[Callable[[], Cluster]]:
    """Gives what starts the cluster, the first time it is wanted."""
    clusters: list[Cluster] = []

    def start() -> Cluster:
        programs = binaries()
        if programs is None:
            pytest.fail(MISSING)
        if not clusters:
            clusters.append(Cluster(programs))
        return clusters[0]

    yield start
    for cluster in clusters:
        cluster.stop()


@pytest.fixture
def cluster(started: Callable[[], Cluster]) -> Cluster:
    """A PostgreSQL server."""
    return started()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, started: Callable[[], Cluster]) -> Iterator[str]:
    """The address of a new database: a file that is not there yet, or a PostgreSQL database at the newest schema."""
    if request.param == "sqlite":
        yield str(tmp_path / "made" / "here" / "authbot.sqlite3")
        return
    cluster = started()
    url = cluster.new()
    yield url
    cluster.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, started: Callable[[], Cluster]) -> Iterator[str]:
    """The address of a database with nothing in it: a file that is not there yet, or an empty PostgreSQL database."""
    if request.param == "sqlite":
        yield str(tmp_path / "authbot.sqlite3")
        return
    cluster = started()
    url = cluster.new("template0")
    yield url
    cluster.drop(url)
