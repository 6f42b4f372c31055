"""What guilds and people have set, which messages were taken on, what was answered, and who wants to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id, Json, UtcDateTime
from bot.store.tables import STRICT

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("groups", sa.Column("entry", sa.Text))
    _settings()
    _messages()
    _answers()
    _people()


def _settings() -> None:
    op.create_table(
        "guilds",
        sa.Column("guild_id", Id, autoincrement=False, nullable=False),
        sa.Column("mode", sa.Text),
        sa.Column("provider", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("reactions", sa.Integer, nullable=False, server_default="1"),
        sa.Column("per_person", sa.Integer),
        sa.Column("per_channel", sa.Integer),
        sa.Column("per_guild", sa.Integer),
        sa.Column("roles", Json, nullable=False, server_default="[]"),
        sa.Column("remove_secrets", sa.Integer, nullable=False, server_default="0"),
        sa.Column("left_at", UtcDateTime),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guilds"),
        sqlite_strict=STRICT,
    )
    op.create_table(
        "channels",
        sa.Column("channel_id", Id, autoincrement=False, nullable=False),
        sa.Column("guild_id", Id, nullable=False),
        sa.Column("mode", sa.Text),
        sa.Column("provider", sa.Text),
        sa.Column("language", sa.Text),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channels"),
        sqlite_strict=STRICT,
    )
    op.create_index("ix_channels_guild_id", "channels", ["guild_id"])
    op.create_table(
        "hindrances",
        sa.Column("channel_id", Id, autoincrement=False, nullable=False),
        sa.Column("permission", sa.Text, nullable=False),
        sa.Column("guild_id", Id, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "permission", name="pk_hindrances"),
        sqlite_strict=STRICT,
    )
    op.create_index("ix_hindrances_guild_id", "hindrances", ["guild_id"])


def _messages() -> None:
    op.create_table(
        "cursors",
        sa.Column("channel_id", Id, autoincrement=False, nullable=False),
        sa.Column("guild_id", Id),
        sa.Column("message_id", Id, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name="pk_cursors"),
        sqlite_strict=STRICT,
    )
    op.create_table(
        "handled",
        sa.Column("message_id", Id, autoincrement=False, nullable=False),
        sa.Column("guild_id", Id),
        sa.Column("channel_id", Id, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reply_id", Id),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_handled"),
        sqlite_strict=STRICT,
    )
    op.create_index("ix_handled_state", "handled", ["state"])
    op.create_index("ix_handled_seen_at", "handled", ["seen_at"])
    op.create_index("ix_handled_person", "handled", ["person"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("reply_id", Id),
        sa.Column("guild_id", Id),
        sa.Column("channel_id", Id),
        sa.Column("message_id", Id),
        sa.Column("paste_id", Id),
        sa.Column("person", sa.Text),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("shown", sa.Text),
        sa.Column("provider", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text),
        sa.Column("secrets", Json, nullable=False, server_default="[]"),
        sa.Column("facts", Json, nullable=False, server_default="[]"),
        sa.Column("private", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sent_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("reply_id", name="uq_answers_reply_id"),
        sqlite_strict=STRICT,
    )
    op.create_index("ix_answers_message_id", "answers", ["message_id"])
    op.create_index("ix_answers_paste_id", "answers", ["paste_id"])
    op.create_index("ix_answers_person_sent_at", "answers", ["person", "sent_at"])
    op.create_index("ix_answers_guild_id", "answers", ["guild_id"])
    op.create_index("ix_answers_sent_at", "answers", ["sent_at"])
    op.create_table(
        "feedback",
        sa.Column("id", Id, nullable=False),
        sa.Column("answer_id", Id, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entry", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name="fk_feedback_answer_id_answers", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("answer_id", "person", "kind", name="uq_feedback_answer_id_person_kind"),
        sqlite_autoincrement=True,
        sqlite_strict=STRICT,
    )
    op.create_index("ix_feedback_person", "feedback", ["person"])


def _people() -> None:
    op.create_table(
        "notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("guild_id", Id),
        sa.Column("channel_id", Id),
        sa.Column("message_id", Id),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("group_name", "user_id", name="uq_notices_group_name_user_id"),
        sqlite_autoincrement=True,
        sqlite_strict=STRICT,
    )
    op.create_index("ix_notices_user_id", "notices", ["user_id"])
    op.create_table(
        "people",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("ignored", sa.Integer, nullable=False, server_default="0"),
        sa.Column("keeps_direct", sa.Integer),
        sa.PrimaryKeyConstraint("person", name="pk_people"),
        sqlite_strict=STRICT,
    )
