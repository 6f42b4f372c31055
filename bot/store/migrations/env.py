"""Alembic's entry: runs the steps on the connection, and in the transaction, that bot/store/migrate.py has open."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a column by rebuilding its table
)
with context.begin_transaction():
    context.run_migrations()
