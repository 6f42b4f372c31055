"""Bringing a database to the newest schema, once, however many processes start together."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.store.engine import BEGIN, begin_as_told, driver_options
from bot.store.errors import StoreBusy, StoreError
from bot.store.tables import HEAD

WAIT_SECONDS: Final = 60.0  # for the process that migrates


def migrate(url: URL, place: str) -> None:
    """Bring the database at `url` to HEAD; does nothing, and takes no lock, where it is there already. Blocks.

    `place` is the file as it is to be named. All steps are one transaction: after a crash the old schema stands.
    Raises StoreError where the schema is newer than this program or the file holds somebody else's tables, StoreBusy
    where another process migrates for more than a minute, and what the driver raises.
    """
    # The plain driver, and a connection of its own without foreign keys: where alembic rebuilds a table, dropping the
    # old one would else take its children with it.
    engine = create_engine(url.set(drivername="sqlite"), connect_args=driver_options(WAIT_SECONDS), poolclass=NullPool)
    begin_as_told(engine)
    try:
        with engine.connect() as db:
            if _revision(db) == HEAD:
                return
        _use_write_ahead_log(engine, place)
        with engine.execution_options(**{BEGIN: "IMMEDIATE"}).begin() as db:
            _upgrade(db, place)
    finally:
        engine.dispose()


def _use_write_ahead_log(engine: Engine, place: str) -> None:
    """Switch to WAL, which stays with the file. Readers and the writer then don't wait for one another."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            with engine.execution_options(**{BEGIN: ""}).connect() as db:
                db.exec_driver_sql("PRAGMA journal_mode=WAL")
                return
        except OperationalError as error:
            # The busy timeout does not hold for this switch: two that try at once both fail at once.
            if "locked" not in str(error.orig):
                raise
        time.sleep(0.02)
    raise StoreBusy(f"database {place}: another process keeps it locked; stop that process and start again")


def _upgrade(connection: Connection, place: str) -> None:
    revision = _revision(connection)
    if revision == HEAD:  # another process did it while this one waited
        return
    if revision is None and inspect(connection).get_table_names():
        raise StoreError(f"database {place}: it holds tables of another program; give authbot a file of its own")

    # Here and not at the top: loading alembic takes longer than opening a current database.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"database {place}: a newer authbot made it (schema {revision}); install that version or a later one"
        )
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """Return the revision the database is at, None where it never was migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
