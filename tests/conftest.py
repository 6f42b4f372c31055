"""What all tests share: the databases, and a last line that says what was not run."""

from __future__ import annotations

import pytest

from tests.databases import cluster, database_url, empty_url, missing, started

__all__ = ["cluster", "database_url", "empty_url", "started"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = (
        sum(missing() in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ()))
        if missing()
        else 0
    )
    if skipped:
        terminalreporter.write_line(f"{skipped} tests were not run: {missing()}")
