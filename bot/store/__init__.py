"""The store: tables, migrations, queries. Owns all SQL."""
