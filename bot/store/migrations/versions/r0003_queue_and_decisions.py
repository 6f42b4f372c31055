"""The queue by scope, what is counted for it, the log of decisions, and the words groups are found by."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id, Json, UtcDateTime
from bot.store.search import search_words
from bot.store.tables import STRICT, Real

revision = "0003"
down_revision = "0002"

_AT_ONCE: Final = 1_000  # rows


def upgrade() -> None:
    _columns()
    _queue()
    _decisions()
    _fill_words()
    _search()
    _fill_queue()


def _columns() -> None:
    op.add_column("groups", sa.Column("words", sa.Text, nullable=False, server_default=""))
    op.add_column("groups", sa.Column("provider", sa.Text))
    op.add_column("sightings", sa.Column("reason", sa.Text, nullable=False, server_default="unmatched"))
    op.add_column("sightings", sa.Column("entry", sa.Text))
    op.drop_index("ix_sightings_group_id_seen_at", "sightings")
    op.create_index("ix_sightings_group_id_guild_id_seen_at", "sightings", ["group_id", "guild_id", "seen_at"])
    op.create_index("ix_sightings_guild_id_seen_at", "sightings", ["guild_id", "seen_at"])
    op.add_column("guilds", sa.Column("shares", sa.Integer, nullable=False, server_default="0"))
    op.add_column("guilds", sa.Column("review_roles", Json, nullable=False, server_default="[]"))
    op.add_column("guilds", sa.Column("keep_days", sa.Integer))
    op.add_column("guilds", sa.Column("digest_channel", Id))
    op.add_column("guilds", sa.Column("digest_at", UtcDateTime))


def _queue() -> None:
    op.create_table(
        "queue",
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("group_id", Id, nullable=False),
        sa.Column("provider", sa.Text),
        sa.Column("languages", Json, nullable=False, server_default="{}"),
        sa.Column("reasons", Json, nullable=False, server_default="{}"),
        sa.Column("status", sa.Text, nullable=False, server_default="open"),
        sa.Column("entry", sa.Text),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("sightings", sa.Integer, nullable=False),
        sa.Column("first_seen", UtcDateTime, nullable=False),
        sa.Column("last_seen", UtcDateTime, nullable=False),
        sa.Column("weight", Real, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("merged_into", sa.Text),
        sa.Column("split_of", sa.Text),
        sa.Column("needle", sa.Text),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("decided_by", Id),
        sa.PrimaryKeyConstraint("scope", "name", name="pk_queue"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_queue_group_id_groups", ondelete="CASCADE"),
        sqlite_strict=STRICT,
    )
    op.create_index("ix_queue_scope_status_weight_name", "queue", ["scope", "status", "weight", "name"])
    op.create_index(
        "ix_queue_scope_status_provider_weight_name", "queue", ["scope", "status", "provider", "weight", "name"]
    )
    op.create_index("ix_queue_group_id_scope", "queue", ["group_id", "scope"])
    for name, columns, rare in (
        ("ix_queue_scope_merged_into_name", ["scope", "merged_into", "name"], "merged_into"),
        ("ix_queue_merged_into_scope", ["merged_into", "scope"], "merged_into"),
        ("ix_queue_group_id_split_of", ["group_id", "split_of"], "split_of"),
    ):
        few = sa.text(f"{rare} IS NOT NULL")
        op.create_index(name, "queue", columns, sqlite_where=few, postgresql_where=few)
    op.create_table(
        "queue_people",
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("sightings", sa.Integer, nullable=False),
        sa.Column("first_seen", UtcDateTime, nullable=False),
        sa.Column("last_seen", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", "person", name="pk_queue_people"),
        sa.ForeignKeyConstraint(
            ["scope", "name"], ["queue.scope", "queue.name"], name="fk_queue_people_scope_queue", ondelete="CASCADE"
        ),
        sqlite_strict=STRICT,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_people_person", "queue_people", ["person"])
    op.create_table(
        "queue_days",
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("day", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("sightings", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", "day", name="pk_queue_days"),
        sa.ForeignKeyConstraint(
            ["scope", "name"], ["queue.scope", "queue.name"], name="fk_queue_days_scope_queue", ondelete="CASCADE"
        ),
        sqlite_strict=STRICT,
        sqlite_with_rowid=False,
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", Id, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("entry", sa.Text),
        sa.Column("base_hash", sa.Text),
        sa.Column("content", Json, nullable=False),
        sa.Column("effects", Json, nullable=False, server_default="{}"),
        sa.Column("person", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("undoes", Id),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("undoes", name="uq_decisions_undoes"),
        sqlite_autoincrement=True,
        sqlite_strict=STRICT,
    )
    op.create_index("ix_decisions_scope_id", "decisions", ["scope", "id"])
    op.create_index("ix_decisions_scope_name", "decisions", ["scope", "name"])
    op.create_index("ix_decisions_person", "decisions", ["person"])


def _search() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_groups_words ON groups USING gin (array_to_tsvector(string_to_array(words, ' ')))")
        return
    # The index holds no text of its own; the triggers keep it (https://sqlite.org/fts5.html, 4.4.3). Words that are
    # folded already need no folding of accents.
    op.execute(
        "CREATE VIRTUAL TABLE groups_fts USING fts5("
        "words, content='groups', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")"
    )
    op.execute("INSERT INTO groups_fts (groups_fts) VALUES ('rebuild')")
    new = "INSERT INTO groups_fts (rowid, words) VALUES (new.id, new.words);"
    old = "INSERT INTO groups_fts (groups_fts, rowid, words) VALUES ('delete', old.id, old.words);"
    op.execute(f"CREATE TRIGGER groups_fts_new AFTER INSERT ON groups BEGIN {new} END")
    op.execute(f"CREATE TRIGGER groups_fts_gone AFTER DELETE ON groups BEGIN {old} END")
    op.execute(f"CREATE TRIGGER groups_fts_changed AFTER UPDATE OF words ON groups BEGIN {old} {new} END")


_groups = sa.table(
    "groups",
    sa.column("id", Id),
    sa.column("name", sa.Text),
    sa.column("template", sa.Text),
    sa.column("status", sa.Text),
    sa.column("entry", sa.Text),
    sa.column("words", sa.Text),
)
_sightings = sa.table(
    "sightings",
    sa.column("group_id", Id),
    sa.column("guild_id", Id),
    sa.column("person", sa.Text),
    sa.column("language", sa.Text),
    sa.column("seen_at", UtcDateTime),
)


def _fill_words() -> None:
    db = op.get_bind()
    change = sa.update(_groups).where(_groups.c.id == sa.bindparam("number")).values(words=sa.bindparam("found"))
    last = 0
    while True:
        page = sa.select(_groups.c.id, _groups.c.template).where(_groups.c.id > last).order_by(_groups.c.id)
        rows = db.execute(page.limit(_AT_ONCE)).all()
        if not rows:
            return
        db.execute(change, [{"number": row.id, "found": search_words(row.template, None)} for row in rows])
        last = rows[-1].id


def _fill_queue() -> None:
    """Make a row for each group and scope in which it was seen, answered where the group was."""
    db = op.get_bind()
    targets = {
        name: sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))
        for name, columns in _FILLED.items()
    }
    last = 0
    while True:
        page = sa.select(_groups).where(_groups.c.id > last).order_by(_groups.c.id).limit(_AT_ONCE)
        found = {row.id: row for row in db.execute(page)}
        if not found:
            return
        seen = (
            sa.select(_sightings)
            .where(_sightings.c.group_id > last, _sightings.c.group_id <= max(found))
            .order_by(_sightings.c.group_id, _sightings.c.guild_id)
        )
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in targets}
        for (group, guild), those in groupby(db.execute(seen), key=lambda row: (row.group_id, row.guild_id)):
            for name, row in _rows(found[group], "shared" if guild is None else f"guild:{guild}", list(those)):
                rows[name].append(row)
        for name, table in targets.items():
            if rows[name]:
                db.execute(sa.insert(table), rows[name])
        last = max(found)


_COUNTED: Final = {"sightings": sa.Integer, "first_seen": UtcDateTime, "last_seen": UtcDateTime}
_FILLED: Final[dict[str, dict[str, Any]]] = {
    "queue": {
        **dict.fromkeys(("scope", "name", "status", "entry"), sa.Text),
        **{"group_id": Id, "languages": Json, "reasons": Json, "people": sa.Integer},
        **{**_COUNTED, "weight": Real, "decided_at": UtcDateTime},
    },
    "queue_people": {**dict.fromkeys(("scope", "name", "person"), sa.Text), **_COUNTED},
    "queue_days": {"scope": sa.Text, "name": sa.Text, "day": sa.Integer, "sightings": sa.Integer},
}


def _rows(group: Any, scope: str, seen: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    key = {"scope": scope, "name": group.name}
    people: dict[str, list[dt.datetime]] = {}
    for row in seen:
        people.setdefault(row.person or "", []).append(row.seen_at)
    newest = max(row.seen_at for row in seen)
    answered = group.status == "answered"
    yield (
        "queue",
        {
            **key,
            "group_id": group.id,
            "languages": dict(Counter(row.language for row in seen)),
            "reasons": {"unmatched": len(seen)},
            "status": "answered" if answered else "open",
            "entry": group.entry if answered else None,
            # When it was answered is not known; what was seen before is not seen again.
            "decided_at": newest if answered else None,
            "people": len(people),
            "weight": math.log2(len(people)) + newest.timestamp() / 86_400 / 14,
            **_counted([row.seen_at for row in seen]),
        },
    )
    for person, moments in people.items():
        yield "queue_people", {**key, "person": person, **_counted(moments)}
    for day, count in Counter(int(row.seen_at.timestamp() // 86_400) for row in seen).items():
        yield "queue_days", {**key, "day": day, "sightings": count}


def _counted(moments: list[dt.datetime]) -> dict[str, Any]:
    return {"sightings": len(moments), "first_seen": min(moments), "last_seen": max(moments)}
