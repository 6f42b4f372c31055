"""The tables: groups of like pastes that had no answer, and their sightings."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

from bot.store.columns import Id, Json, UtcDateTime

HEAD: Final = "0001"  # the newest revision in bot/store/migrations/versions
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
    Column("status", Text, nullable=False, server_default="open"),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
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
