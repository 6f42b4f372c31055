"""What all tests share: the databases. What needs PostgreSQL runs with what takes minutes, under scripts/test-all."""

from __future__ import annotations

import pytest

from tests.databases import cluster, database_url, empty_url, started

__all__ = ["cluster", "database_url", "empty_url", "started"]


@pytest.hookimpl(tryfirst=True)  # before those that are not wanted are taken out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        called = getattr(item, "callspec", None)
        on_it = called is not None and "postgresql" in called.params.values()
        if on_it or "cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
