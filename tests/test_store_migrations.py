"""Databases of every released version come up to this one, with all that was in them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert

from bot.store import migrate as migrating
from bot.store.database import opened
from bot.store.engine import Engine
from bot.store.errors import StoreError
from bot.store.migrate import migrate, upgrade
from bot.store.store import Store
from bot.store.tables import HEAD, metadata
from tests.databases import rows

GUILD = 1_100_000_000_000_000_001
KEY = bytes(range(32))

# What each released version could hold, by plain SQL that both databases take; later versions hold the earlier too.
DATA = {
    "0001": (
        """INSERT INTO groups (name, fingerprint, fingerprint_version, template, first_seen, last_seen) VALUES
           ('g1-a1a1a1a1a1a1', 'a1a1', 1, 'zorp says no',
            '2025-05-27T12:00:00.000000+00:00', '2025-05-27T13:00:00.000000+00:00'),
           ('g1-b2b2b2b2b2b2', 'b2b2', 1, '令牌无效',
            '2025-05-27T12:00:00.000000+00:00', '2025-05-27T12:00:00.000000+00:00')""",
        """INSERT INTO sightings (group_id, guild_id, channel_id, message_id, person, lines, language, candidates, mode,
                                  seen_at) VALUES
           (1, 1100000000000000001, 2, 11, 'hash-of-alice', 'zorp says no to 1', 'en', '[["okta/x", 0.41]]', 'listen',
            '2025-05-27T12:00:00.000000+00:00'),
           (1, NULL, NULL, NULL, NULL, 'zorp says no to 2', 'en', '[]', 'lookup', '2025-05-27T13:00:00.000000+00:00'),
           (2, NULL, NULL, NULL, NULL, '令牌无效 7', 'zh', '[]', 'lookup', '2025-05-27T12:00:00.000000+00:00')""",
    ),
    "0002": (
        "UPDATE groups SET status = 'answered', entry = 'okta/y' WHERE id = 2",
        "INSERT INTO guilds (guild_id, mode, roles) VALUES (1100000000000000001, 'mention', '[5, 6]')",
        """INSERT INTO answers (id, reply_id, guild_id, channel_id, message_id, paste_id, person, decision, candidates,
                                shown, language, sent_at) VALUES
           (21, 22, 1100000000000000001, 2, 21, 21, 'hash-of-alice', 'answer', '[["okta/x", 0.9]]', 'okta/x', 'en',
            '2025-05-27T12:00:00.000000+00:00')""",
        """INSERT INTO feedback (answer_id, person, kind, at) VALUES
           (21, 'hash-of-alice', 'solved', '2025-05-27T12:00:00.000000+00:00')""",
        """INSERT INTO notices (group_name, guild_id, channel_id, message_id, user_id, language, asked_at) VALUES
           ('g1-a1a1a1a1a1a1', 1100000000000000001, 2, 11, 44, 'en', '2025-05-27T12:00:00.000000+00:00')""",
        "INSERT INTO handled (message_id, channel_id, state, seen_at) VALUES (21, 2, 'sent', '2025-05-27T12:00:00.000000+00:00')",
        "INSERT INTO people (person, ignored) VALUES ('hash-of-alice', 1)",
    ),
}


def make_old(connection: Connection, place: str, *, revision: str) -> None:
    """Make the database of a version, and put into it all that it could hold."""
    for step in sorted(DATA):
        if step <= revision:
            upgrade(connection, place, step)
            for statement in DATA[step]:
                connection.exec_driver_sql(statement)
    connection.execute(insert(metadata.tables["meta"]).values(name="person-key", value=KEY))


async def old(url: str, revision: str) -> None:
    engine = opened(url)
    await engine.migrate(partial(make_old, revision=revision))
    await engine.close()


async def on(url: str, work: Callable[[Connection], Any]) -> Any:
    engine = opened(url)
    async with engine.read() as db:
        found = await db.run_sync(work)
    await engine.close()
    return found


def released() -> list[str]:
    folder = migrating.__file__.removesuffix("migrate.py") + "migrations"
    return sorted(script.revision for script in ScriptDirectory(folder).walk_revisions() if script.revision != HEAD)


def test_there_is_data_of_every_released_version() -> None:
    assert sorted(DATA) == released()


@pytest.mark.parametrize("revision", sorted(DATA))
class TestComingUp:
    async def test_what_was_kept_is_kept(self, empty_url: str, revision: str) -> None:
        await old(empty_url, revision)
        tables = ["groups", "sightings", "meta"]
        if revision >= "0002":
            tables += ["guilds", "answers", "feedback", "notices", "handled", "people"]
        asked = {name: [column for (column,) in rows_of_columns(empty_url, name)] for name in tables}
        before = {name: values(empty_url, name, columns) for name, columns in asked.items()}

        store = await Store.open(empty_url)
        await store.close()

        assert rows(empty_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]
        assert {name: values(empty_url, name, columns) for name, columns in asked.items()} == before

    async def test_the_store_works_on_it(self, empty_url: str, revision: str) -> None:
        await old(empty_url, revision)
        store = await Store.open(empty_url)
        detail = await store.group("g1-a1a1a1a1a1a1")
        assert detail is not None
        assert "zorp says no to 2" in {line for seen in detail.sightings for line in seen.lines}
        assert [group.name for group in await store.unmatched()] == (
            ["g1-a1a1a1a1a1a1"] if revision >= "0002" else ["g1-a1a1a1a1a1a1", "g1-b2b2b2b2b2b2"]
        )
        if revision >= "0002":
            settings = await store.guilds.get(GUILD)
            assert (settings.mode, settings.roles) == ("mention", (5, 6))
            assert await store.answers.ratings(21) == {"solved": 1}
        assert store._database._key == KEY
        await store.close()

    async def test_the_tables_are_those_of_a_new_database(self, empty_url: str, revision: str) -> None:
        await old(empty_url, revision)
        engine = opened(empty_url)
        await migrate(engine)
        await engine.close()
        assert await on(empty_url, differences) == []

    async def test_an_upgrade_that_fails_leaves_the_old_database(
        self, empty_url: str, revision: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await old(empty_url, revision)

        def fails(connection: Connection, place: str) -> None:
            upgrade(connection, place)
            raise StoreError("the power went")

        monkeypatch.setattr("bot.store.migrate.upgrade", fails)
        with pytest.raises(StoreError, match="the power went"):
            await Store.open(empty_url)
        monkeypatch.undo()
        assert rows(empty_url, "SELECT version_num FROM alembic_version") == [(revision,)]
        store = await Store.open(empty_url)
        assert await store.group("g1-a1a1a1a1a1a1") is not None
        await store.close()


async def test_a_new_database_has_the_tables_of_this_version(empty_url: str) -> None:
    engine: Engine = opened(empty_url)
    await migrate(engine)
    await engine.close()
    assert await on(empty_url, differences) == []


def differences(connection: Connection) -> list[Any]:
    """Return what alembic would change to make a database that of tables.py. Full-text indexes stand in no table."""

    def ours(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (name or "").startswith(("groups_fts", "ix_groups_words")) and not (
            kind == "index" and item.table.name.startswith("groups_fts")
        )

    context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
    return list(compare_metadata(context, metadata))


def rows_of_columns(url: str, table: str) -> list[tuple[Any, ...]]:
    if "://" not in url:
        return [(row[1],) for row in rows(url, f"PRAGMA table_info({table})")]
    return rows(url, f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")  # noqa: S608 (our own tables)


def values(url: str, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    return sorted(rows(url, f"SELECT {', '.join(columns)} FROM {table}"), key=str)  # noqa: S608 (our own tables)
