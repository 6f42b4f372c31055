"""Regions: of a very long text, the stretches that may hold the error."""

from __future__ import annotations

import re

LONG = 65_536  # characters from which only regions are read
_ROOM = 48_000
_BEFORE, _AFTER = 500, 1200
_FIRST, _LAST = 2000, 4000

# Literal roots only: over a megabyte this has to be a plain scan.
_SIGN = re.compile(
    r"rror|ERROR|xception|ailed|FAILED|enied|DENIED|nvalid|INVALID|nauthor|UNAUTH|orbidden|FORBIDDEN"
    r"|xpired|EXPIRED|\b40[137]\b|"
    r"AADSTS|errcode|FATAL|fatal|错误|失败|无效|异常|过期|拒绝|权限|签名"
)


def regions(text: str) -> str:
    """Return the beginning, the end and what stands round the error-looking words of `text`, cut at line ends.

    About 54,000 characters at most. The last signs count for more than the first: what ended a run is at its end.
    """
    spans = [(0, _FIRST), (len(text) - _LAST, len(text))]
    room = _ROOM
    starts = [match.start() for match in _SIGN.finditer(text)]
    picked = [*starts[:40], *reversed(starts[40:])]
    taken: list[tuple[int, int]] = []
    blocks: set[int] = set()
    for start in picked:
        block = start // _BEFORE
        if block in blocks:
            continue
        blocks.update((block, block + 1))
        taken.append((max(0, start - _BEFORE), min(len(text), start + _AFTER)))
        room -= _AFTER
        if room <= 0:
            break
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans + taken):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return "\n".join(text[_line_start(text, first) : last] for first, last in merged)


def _line_start(text: str, at: int) -> int:
    """Return the beginning of the line `at` stands in where it is near, else `at`."""
    start = text.rfind("\n", max(0, at - 300), at)
    return start + 1 if start >= 0 else at
