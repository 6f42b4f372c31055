"""Figures for Prometheus: what came in, what was said of it and how fast, and how the gateway is. Never content."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sized
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

__all__ = ["CONTENT_TYPE_LATEST", "Watched", "exposed", "watch"]

REGISTRY: Final = CollectorRegistry(auto_describe=True)
# From the 10 ms that are aimed at to the 5 s in which a locked database is given up.
_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_pastes = Counter("authbot_pastes", "Messages and texts looked at, by how they came.", ["mode"], registry=REGISTRY)
_verdicts = Counter(
    "authbot_verdicts",
    "What was made of pastes, by decision and provider.",
    ["decision", "provider"],
    registry=REGISTRY,
)
_answer_seconds = Histogram(
    "authbot_answer_seconds", "From a message's arrival to its reply.", buckets=_SECONDS, registry=REGISTRY
)
_judge_seconds = Histogram("authbot_judge_seconds", "Of one verdict alone.", buckets=_SECONDS, registry=REGISTRY)
_refused = Counter("authbot_refused", "Not answered on purpose: a limit was reached.", ["limit"], registry=REGISTRY)
_lost = Counter("authbot_lost", "Pastes that should have been answered and could not be.", registry=REGISTRY)
_resumed = Counter("authbot_resumed_replies", "Replies finished after a restart.", registry=REGISTRY)
_pressed = Counter("authbot_presses", "Buttons, selects and forms, by what they do.", ["verb"], registry=REGISTRY)
_commands = Counter("authbot_commands", "Commands, by name.", ["command"], registry=REGISTRY)
_failed = Counter("authbot_failures", "What failed, by where.", ["where"], registry=REGISTRY)
_gateway_events = Counter(
    "authbot_gateway_events", "Connects, resumes and disconnects of the gateway.", ["event"], registry=REGISTRY
)
_ready = Gauge("authbot_gateway_ready", "1 while the gateway is connected and ready.", registry=REGISTRY)
_latency = Gauge("authbot_gateway_latency_seconds", "Between heartbeat and its acknowledgement.", registry=REGISTRY)
_guilds = Gauge("authbot_guilds", "Servers the bot is in.", registry=REGISTRY)
_queue = Gauge("authbot_queue", "Messages in work.", registry=REGISTRY)
_entries = Gauge("authbot_knowledge_entries", "Errors that are known.", registry=REGISTRY)
_cached = Gauge("authbot_cached", "Things held in memory, by what.", ["what"], registry=REGISTRY)
_rows = Gauge("authbot_store_rows", "Rows in the store, by table.", ["table"], registry=REGISTRY)


class Watched(Protocol):
    """What the figures of the gateway are read off: the client."""

    @property
    def latency(self) -> float: ...
    @property
    def at_work(self) -> int: ...
    @property
    def guilds(self) -> Sized: ...
    def is_ready(self) -> bool: ...
    def is_closed(self) -> bool: ...


_watched: list[Watched] = []


def watch(client: Watched) -> None:
    """Take the gateway's figures from this client from now on."""
    _watched[:] = [client]


def connected() -> bool:
    """Return whether the watched client is connected and ready."""
    return bool(_watched) and _watched[0].is_ready() and not _watched[0].is_closed()


def pastes(mode: str) -> None:
    """Count a paste that came this way: lookup, listen, command, menu."""
    _pastes.labels(mode).inc()


def verdict(decision: str, provider: str | None, seconds: float | None = None) -> None:
    """Count a verdict; `provider` is that of its best entry, None for none; `seconds` what it took."""
    # An unmatched paste has candidates too; they are nobody's.
    _verdicts.labels(decision, provider if provider and decision in ("answer", "suggest") else "").inc()
    if seconds is not None:
        _judge_seconds.observe(seconds)


def answered(seconds: float) -> None:
    """Keep how long a reply took."""
    _answer_seconds.observe(seconds)


def refused(limit: str) -> None:
    """Count a message that was not answered because of a limit: person, channel, guild, full."""
    _refused.labels(limit).inc()


def lost() -> None:
    """Count a paste that should have been answered and could not be."""
    _lost.inc()


def resumed() -> None:
    """Count a reply that was finished after a restart."""
    _resumed.inc()


def pressed(verb: str) -> None:
    """Count a press."""
    _pressed.labels(verb).inc()


def command(name: str) -> None:
    """Count a command."""
    _commands.labels(name).inc()


def failed(where: str) -> None:
    """Count a failure: message, interaction, event."""
    _failed.labels(where).inc()


def gateway(event: str) -> None:
    """Count an event of the gateway: ready, resumed, disconnected."""
    _gateway_events.labels(event).inc()


def exposed(*, entries: int, rows: Mapping[str, int], cached: Mapping[str, int]) -> bytes:
    """Return all figures in Prometheus' text format, with these states of the moment."""
    client = _watched[0] if _watched else None
    _ready.set(connected())
    _queue.set(client.at_work if client else 0)
    _guilds.set(len(client.guilds) if client else 0)
    # discord.py gives nan before the first heartbeat.
    latency = client.latency if client else math.nan
    _latency.set(latency if math.isfinite(latency) else 0)
    _entries.set(entries)
    for what, number in cached.items():
        _cached.labels(what).set(number)
    for table, number in rows.items():
        _rows.labels(table).set(number)
    return generate_latest(REGISTRY)
