"""Migrations: one file a step in versions/, run by bot/store/migrate.py."""
