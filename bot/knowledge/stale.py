"""Entries whose sources were looked at long ago, and have to be looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.knowledge.models import KnowledgeFile


@dataclass(frozen=True, slots=True)
class Stale:
    """One entry, the day its sources were last opened, and the hosts they stand on, each once, in their order."""

    provider: str
    entry: str  # its id within the provider
    verified: dt.date
    hosts: tuple[str, ...]


def stale(files: Sequence[KnowledgeFile], *, today: dt.date, days: int = 365) -> list[Stale]:
    """Return the entries that were verified `days` or more before `today`, the oldest first, then by their names."""
    last = today - dt.timedelta(days=days)
    found = [
        Stale(file.provider.id, entry.id, entry.verified, tuple(dict.fromkeys(map(_host, entry.sources))))
        for file in files
        for entry in file.entries
        if entry.verified <= last
    ]
    return sorted(found, key=lambda row: (row.verified, row.provider, row.entry))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")
