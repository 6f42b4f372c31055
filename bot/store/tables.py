"""The tables: what had no answer, what was answered and how it was taken, and what guilds and people have set."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import (
    DDL,
    REAL,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.types import TypeEngine

from bot.store.columns import Id, Json, UtcDateTime

HEAD: Final = "0003"  # the newest revision in bot/store/migrations/versions
STRICT: Final = sqlite3.sqlite_version_info >= (3, 37)  # older ones know no STRICT tables
Real: Final[TypeEngine[float]] = Double().with_variant(REAL, "sqlite")  # 64 bits on both

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

groups = Table(
    "groups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # "g1-0a1b2c3d4e5f": version and digits of the fingerprint
    Column("fingerprint", Text, nullable=False),
    Column("fingerprint_version", Integer, nullable=False),
    Column("template", Text, nullable=False),  # redacted, without what varies
    Column("status", Text, nullable=False, server_default="open"),  # of old databases; `queue` knows since 0003
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("entry", Text),  # likewise
    # What it is found by (bot/store/search.py). Indexed by the full-text table groups_fts on SQLite, which triggers
    # keep, and by a GIN index on PostgreSQL: FULL_TEXT below.
    Column("words", Text, nullable=False, server_default=""),
    Column("provider", Text),  # a guess
    UniqueConstraint("fingerprint", "fingerprint_version"),
    sqlite_autoincrement=True,  # an id is never given twice, even after a delete
    sqlite_strict=STRICT,
)

# All that was anybody's stands here and nowhere else, so that forgetting is a delete.
sightings = Table(
    "sightings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("group_id", Id, ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
    Column("guild_id", Id),  # null in direct messages and outside Discord
    Column("channel_id", Id),
    Column("message_id", Id, unique=True),
    Column("person", Text),  # keyed hash (HMAC-SHA256, hex) of the account's id
    Column("lines", Text, nullable=False),  # the redacted error lines
    Column("language", Text, nullable=False),  # BCP 47
    Column("candidates", Json, nullable=False),  # [[entry id, confidence], …], best first
    Column("mode", Text, nullable=False),  # lookup | listen
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False, server_default="unmatched"),  # unmatched | not_helped | chose
    Column("entry", Text),  # what was shown, or chosen; null where nothing was
    Index(None, "group_id", "guild_id", "seen_at"),
    Index(None, "guild_id", "seen_at"),
    Index(None, "person"),
    sqlite_autoincrement=True,
    sqlite_strict=STRICT,
)

# One group as one scope sees it: "shared", or "guild:<id>". The numbers are those of that scope, with those of the
# cases merged into it; they stay when samples expire. What is counted is in queue_people and queue_days, by the case it
# fell into itself.
queue = Table(
    "queue",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),  # the group's, or "<group>-<n>" of a part that was split off
    Column("group_id", Id, ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
    Column("provider", Text),
    Column("languages", Json, nullable=False, server_default="{}"),  # {"en": sightings}
    Column("reasons", Json, nullable=False, server_default="{}"),  # {"unmatched": sightings}
    Column(
        "status", Text, nullable=False, server_default="open"
    ),  # open | answered | dismissed | not_an_error | merged
    Column("entry", Text),  # what answers it
    Column("people", Integer, nullable=False),
    Column("sightings", Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    # log2(people) + last_seen in days / 14: the order of distinct people x recency, which time does not change.
    Column("weight", Real, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),  # decisions taken on it
    Column("merged_into", Text),
    Column("split_of", Text),
    Column("needle", Text),  # what the lines of a split part's sightings hold, case-folded
    Column("decided_at", UtcDateTime),
    Column("decided_by", Id),  # the decision in force on it; null for those of old databases
    Index(None, "scope", "status", "weight", "name"),
    Index(None, "scope", "status", "provider", "weight", "name"),
    Index(None, "group_id", "scope"),
    Index(
        "ix_queue_scope_merged_into_name",
        "scope",
        "merged_into",
        "name",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
    Index(
        "ix_queue_merged_into_scope",
        "merged_into",
        "scope",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
    Index(
        "ix_queue_group_id_split_of",
        "group_id",
        "split_of",
        sqlite_where=text("split_of IS NOT NULL"),
        postgresql_where=text("split_of IS NOT NULL"),
    ),
    sqlite_strict=STRICT,
)

queue_people = Table(
    "queue_people",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("person", Text, primary_key=True),  # the keyed hash; "" for all who are unknown
    Column("sightings", Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["scope", "name"], ["queue.scope", "queue.name"], ondelete="CASCADE"),
    Index(None, "person"),
    sqlite_strict=STRICT,
    sqlite_with_rowid=False,
)

queue_days = Table(
    "queue_days",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970-01-01, UTC
    Column("sightings", Integer, nullable=False),
    ForeignKeyConstraint(["scope", "name"], ["queue.scope", "queue.name"], ondelete="CASCADE"),
    sqlite_strict=STRICT,
    sqlite_with_rowid=False,
)

# What maintainers decided, in the order in which it was committed. A row is written once; only `person` is blanked
# when that person is to be forgotten, and the rows of a guild go with the guild.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text),  # the case
    Column("entry", Text),  # provider/entry
    Column("base_hash", Text),
    Column("content", Json, nullable=False),
    Column("effects", Json, nullable=False, server_default="{}"),  # {"part": a new case, "also": [cases]}
    Column("person", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("undoes", Id, unique=True),  # so that one decision is undone once
    Index(None, "scope", "id"),
    Index(None, "scope", "name"),
    Index(None, "person"),
    sqlite_autoincrement=True,
    sqlite_strict=STRICT,
)

# What belongs to the installation itself, such as the key of the hashes above.
meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    sqlite_strict=STRICT,
)

# What a server has set. Null is "nothing set": the setting of the installation, or the channel's kind, decides.
guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", Id, primary_key=True, autoincrement=False),
    Column("mode", Text),  # listen | mention | forum | off
    Column("provider", Text),
    Column("language", Text),
    Column("reactions", Integer, nullable=False, server_default="1"),
    Column("per_person", Integer),  # answers a minute
    Column("per_channel", Integer),
    Column("per_guild", Integer),
    Column("roles", Json, nullable=False, server_default="[]"),  # ids of the roles that may change these
    Column("remove_secrets", Integer, nullable=False, server_default="0"),
    Column("left_at", UtcDateTime),
    Column("shares", Integer, nullable=False, server_default="0"),  # its groups are in the shared queue too
    Column("review_roles", Json, nullable=False, server_default="[]"),  # ids of the roles that may decide
    Column("keep_days", Integer),  # of samples
    Column("digest_channel", Id),
    Column("digest_at", UtcDateTime),  # when the last digest was sent
    sqlite_strict=STRICT,
)

# The same for a channel, or a category and what is in it.
channels = Table(
    "channels",
    metadata,
    Column("channel_id", Id, primary_key=True, autoincrement=False),
    Column("guild_id", Id, nullable=False),
    Column("mode", Text),
    Column("provider", Text),
    Column("language", Text),
    Index(None, "guild_id"),
    sqlite_strict=STRICT,
)

# Where the bot would have spoken and was not allowed to: for the settings panel.
hindrances = Table(
    "hindrances",
    metadata,
    Column("channel_id", Id, primary_key=True, autoincrement=False),
    Column("permission", Text, primary_key=True),  # as discord.py names it: send_messages
    Column("guild_id", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "guild_id"),
    sqlite_strict=STRICT,
)

# The last message of a channel that was attended to: from there a restart reads on.
cursors = Table(
    "cursors",
    metadata,
    Column("channel_id", Id, primary_key=True, autoincrement=False),
    Column("guild_id", Id),
    Column("message_id", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_strict=STRICT,
)

# Each message that was to be answered, once: a second attempt to claim it fails on the primary key.
handled = Table(
    "handled",
    metadata,
    Column("message_id", Id, primary_key=True, autoincrement=False),
    Column("guild_id", Id),
    Column("channel_id", Id, nullable=False),
    Column("person", Text),
    Column("state", Text, nullable=False),  # pending | sent | offered | refused | failed
    Column("reply_id", Id),
    Column("tries", Integer, nullable=False, server_default="0"),  # of resuming it
    Column("seen_at", UtcDateTime, nullable=False),
    Index(None, "state"),
    Index(None, "seen_at"),
    Index(None, "person"),
    sqlite_strict=STRICT,
)

# One row an answer, with all that its buttons need months later; nothing of the paste's text. The id is that of what
# it answers, a message or an interaction, so that it is known before anything is sent.
answers = Table(
    "answers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("reply_id", Id, unique=True),  # null until it is sent, and for private ones
    Column("guild_id", Id),
    Column("channel_id", Id),
    Column("message_id", Id),  # the message that was replied to
    Column("paste_id", Id),  # the message with the error: the same, or the one that was pointed at
    Column("person", Text),  # who asked, or pasted
    Column("decision", Text, nullable=False),  # answer | suggest | unmatched
    Column("candidates", Json, nullable=False),  # [[entry id, confidence], …], best first
    Column("shown", Text),  # the entry that is shown
    Column("provider", Text),  # the hint it was read with
    Column("language", Text, nullable=False),
    Column("group_name", Text),
    Column("secrets", Json, nullable=False, server_default="[]"),  # [[kind, vendor or null], …]
    Column("facts", Json, nullable=False, server_default="[]"),  # [[kind, value], …]: status, grant, scheme
    Column("private", Integer, nullable=False, server_default="0"),
    Column("sent_at", UtcDateTime, nullable=False),
    Index(None, "message_id"),
    Index(None, "paste_id"),
    Index(None, "person", "sent_at"),
    Index(None, "guild_id"),
    Index(None, "sent_at"),
    sqlite_strict=STRICT,
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True),
    Column("answer_id", Id, ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),  # solved | not_helped | chose
    Column("entry", Text),
    Column("note", Text),  # redacted
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("answer_id", "person", "kind"),
    Index(None, "person"),
    sqlite_autoincrement=True,
    sqlite_strict=STRICT,
)

# Who wants to be told, apart from the queue: the only place where an account's id stands as it is.
notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("group_name", Text, nullable=False),
    Column("guild_id", Id),
    Column("channel_id", Id),  # null: by direct message
    Column("message_id", Id),
    Column("user_id", Id, nullable=False),
    Column("language", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    UniqueConstraint("group_name", "user_id"),
    Index(None, "user_id"),
    sqlite_autoincrement=True,
    sqlite_strict=STRICT,
)

people = Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("ignored", Integer, nullable=False, server_default="0"),
    Column(
        "keeps_direct", Integer
    ),  # null: never asked; 1: what had no answer in their direct messages may be reviewed
    sqlite_strict=STRICT,
)

_NEW = "INSERT INTO groups_fts (rowid, words) VALUES (new.id, new.words);"
_OLD = "INSERT INTO groups_fts (groups_fts, rowid, words) VALUES ('delete', old.id, old.words);"
# The index holds no text of its own; the triggers keep it (https://sqlite.org/fts5.html, 4.4.3). Words that are folded
# already need no folding of accents.
FULL_TEXT: Final = {
    "sqlite": (
        "CREATE VIRTUAL TABLE groups_fts USING fts5("
        "words, content='groups', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")",
        f"CREATE TRIGGER groups_fts_new AFTER INSERT ON groups BEGIN {_NEW} END",
        f"CREATE TRIGGER groups_fts_gone AFTER DELETE ON groups BEGIN {_OLD} END",
        f"CREATE TRIGGER groups_fts_changed AFTER UPDATE OF words ON groups BEGIN {_OLD} {_NEW} END",
    ),
    "postgresql": (
        "CREATE INDEX ix_groups_words ON groups USING gin (array_to_tsvector(string_to_array(words, ' ')))",
    ),
}
for _dialect, _statements in FULL_TEXT.items():
    for _statement in _statements:
        event.listen(groups, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
