"""Printing how answers fare against labelled pastes."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.evaluate import Report

_COLUMNS = ("right", "wrong", "suggested", "missed", "silent", "logged", "false reply")


def print_report(report: Report, *, wrong: int) -> None:
    """Print what was not right, the table by provider, the calibration and the totals."""
    console = Console(soft_wrap=True)
    shown = [r for r in report.results if r.outcome not in ("right", "silent")][:wrong]
    for result in shown:
        wanted = ", ".join(result.case.providers) or "silence"
        line = f"{result.case.id}: {result.outcome}, wanted {wanted}, got {result.entry} ({result.confidence:.2f})"
        console.print(Text(line))
    table = Table("provider", *_COLUMNS, box=None)
    for provider, counts in report.by_provider().items():
        table.add_row(provider, *(str(counts[name] or "") for name in _COLUMNS))
    console.print(table)
    calibration = Table("confidence", "right", "cases", box=None, title="Calibration")
    for said, was, number in report.calibration():
        calibration.add_row(f"{said:.2f}", f"{was:.2f}", str(number))
    console.print(calibration)
    counts = report.counts()
    asked = sum(counts[name] for name in ("right", "wrong", "suggested", "missed"))
    answered = counts["right"] + counts["wrong"]
    console.print(
        f"cases {len(report.results)}, right {counts['right'] / asked:.1%} of those with an answer, "
        f"precision {counts['right'] / answered:.1%}"
        if asked and answered
        else f"cases {len(report.results)}, none answered"
    )
    console.print(f"expected calibration error {report.calibration_error():.3f}")
    console.print(f"false replies {counts['false reply']}, harmless ones logged {counts['logged']}")
