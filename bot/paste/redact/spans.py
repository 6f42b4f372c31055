"""Stretches of a view that are secrets, and what happens where two of them overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum


class Rank(IntEnum):
    """How much a finding knows: where two overlap, the higher one names the secret."""

    SCHEME = 1  # a word such as Bearer before it
    FIELD = 2  # the name of its field
    PLACE = 3  # its place in a URL, a header or a command
    SHAPE = 4  # its own shape
    PARSED = 5  # it was taken apart: JWT, PEM


@dataclass(frozen=True, slots=True)
class Span:
    """One secret, at `start:end` of the view. `scheme` as in Trait; `parts` are the stretches where it is broken."""

    start: int
    end: int
    kind: str
    rank: Rank
    vendor: str | None = None
    scheme: str | None = None
    joined: str | None = None  # a wrapped secret without its line breaks


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, overlapping ones made one that covers them all and is named by the highest rank."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, -span.rank)):
        if not result or span.start >= result[-1].end:
            result.append(span)
            continue
        last = result[-1]
        winner = span if span.rank > last.rank else last
        result[-1] = replace(
            winner,
            start=last.start,
            end=max(last.end, span.end),
            scheme=last.scheme if last.scheme is not None else span.scheme,
            vendor=winner.vendor,
            joined=last.joined or span.joined,
        )
    return result
