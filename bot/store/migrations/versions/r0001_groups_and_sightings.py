"""Groups, their sightings, and what belongs to the installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id, Json, UtcDateTime
from bot.store.tables import STRICT

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("fingerprint_version", sa.Integer, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False, server_default="open"),
        sa.Column("first_seen", UtcDateTime, nullable=False),
        sa.Column("last_seen", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("name", name="uq_groups_name"),
        sa.UniqueConstraint("fingerprint", "fingerprint_version", name="uq_groups_fingerprint_fingerprint_version"),
        sqlite_autoincrement=True,
        sqlite_strict=STRICT,
    )
    op.create_table(
        "sightings",
        sa.Column("id", Id, nullable=False),
        sa.Column("group_id", Id, nullable=False),
        sa.Column("guild_id", Id),
        sa.Column("channel_id", Id),
        sa.Column("message_id", Id),
        sa.Column("person", sa.Text),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_sightings_group_id_groups", ondelete="CASCADE"),
        sa.UniqueConstraint("message_id", name="uq_sightings_message_id"),
        sqlite_autoincrement=True,
        sqlite_strict=STRICT,
    )
    op.create_index("ix_sightings_group_id_seen_at", "sightings", ["group_id", "seen_at"])
    op.create_index("ix_sightings_person", "sightings", ["person"])
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
        sqlite_strict=STRICT,
    )
