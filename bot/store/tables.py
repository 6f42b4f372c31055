"""The tables: what had no answer, what was answered and how it was taken, and what guilds and people have set."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

from bot.store.columns import Id, Json, UtcDateTime

HEAD: Final = "0002"  # the newest revision in bot/store/migrations/versions
STRICT: Final = sqlite3.sqlite_version_info >= (3, 37)  # older ones know no STRICT tables

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
    Column("status", Text, nullable=False, server_default="open"),  # open | answered
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("entry", Text),  # the entry that answers it, once there is one
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
    Index(None, "group_id", "seen_at"),
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
