"""Bringing a database to the newest schema, once, however many processes start together."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, text

from bot.store.engine import Engine
from bot.store.errors import StoreError
from bot.store.tables import HEAD, metadata

# As alembic makes it.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
_VERSION.append_constraint(PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))


async def migrate(engine: Engine) -> None:
    """Bring a database to HEAD; does nothing, and takes no lock, where it is there already.

    All steps are one transaction: after a crash the old schema stands. Raises StoreError where the schema is newer than
    this program or the database holds somebody else's tables, StoreBusy where another process migrates for more than
    a minute.
    """
    async with engine.read() as db:
        current = await db.run_sync(revision)
    if current != HEAD:
        await engine.migrate(upgrade)


def upgrade(connection: Connection, place: str, to: str = "head") -> None:
    """Run the steps that are missing up to a revision, in the transaction that `connection` has open.

    A new database is made at once as the steps would leave it.
    """
    current = revision(connection)
    if current == HEAD:  # another process did it while this one waited
        return
    if current is None and inspect(connection).get_table_names():
        raise StoreError(f"database {place}: it holds tables of another program; give authbot a database of its own")
    if current is None and to == "head":
        metadata.create_all(connection, checkfirst=False)
        _VERSION.create(connection)
        connection.execute(_VERSION.insert().values(version_num=HEAD))
        return

    # Here and not at the top: loading alembic takes longer than opening a current database.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"database {place}: a newer authbot made it (schema {current}); install that version or a later one"
        )
    command.upgrade(config, to)


def revision(connection: Connection) -> str | None:
    """Return the revision the database is at, None where it never was migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    current: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return current
