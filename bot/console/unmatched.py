"""Printing what had no answer: `authbot unmatched list` and `show`. Only the shared queue; servers review their own."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.store.models import GroupDetail, GroupSummary


def print_list(console: Console, groups: list[GroupSummary], *, as_json: bool) -> None:
    """Print one group a line, the one that helps most people first."""
    if as_json:
        for group in groups:
            console.out(json.dumps(_plain(group), ensure_ascii=False), highlight=False)
        return
    if not groups:
        console.print("Nothing is waiting here. What servers keep to themselves waits in their own queues.")
        return
    table = Table("group", "people", "seen", "last seen (UTC)", "error", box=None)
    for group in groups:
        last = group.last_seen.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")
        table.add_row(group.name, str(group.people), str(group.sightings), last, Text(_first(group.template)))
    console.print(table)


def print_group(console: Console, group: GroupDetail, *, as_json: bool) -> None:
    """Print a group with its latest sightings."""
    if as_json:
        console.out(json.dumps(_plain(group), ensure_ascii=False), highlight=False)
        return
    console.print(Text(f"{group.summary.name}: {group.summary.sightings} times", style="bold"))
    console.print(Text(group.summary.template))
    for sighting in group.sightings:
        seen = sighting.seen_at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")
        console.print(Text(f"\n{seen} ({sighting.language}, {sighting.mode})", style="dim"))
        console.print(Text("\n".join(sighting.lines)))
        for entry, confidence in sighting.candidates:
            console.print(Text(f"  near: {entry} {confidence:.2f}", style="dim"))


def _first(template: str) -> str:
    line = template.strip().partition("\n")[0]
    return line if len(line) <= 100 else line[:99] + "…"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
