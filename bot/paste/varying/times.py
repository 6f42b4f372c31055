"""Moments and durations in a line."""

from __future__ import annotations

import re
from typing import Final

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? "
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?: ?[AaPp][Mm]\b)?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}T|[+-]\d\d:?\d\d)\b)?"

# The forms of RFC 3339, RFC 5322, asctime, syslog, Apache, and those with slashes or Chinese signs.
TIME: Final = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:(?:T|,? )(?:at )?{_CLOCK}{_ZONE})?"
    rf"|(?:{_DAY})?{_MONTH} \d{{1,2}},? (?:\d{{4}},? )?(?:at )?{_CLOCK}{_ZONE}(?: \d{{4}}\b)?"
    rf"|(?:{_DAY})?\d{{1,2}}[ /-]{_MONTH}[ /-]\d{{4}}(?:[: ]{_CLOCK}{_ZONE})?"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}(?:,? {_CLOCK}{_ZONE})?"
    rf"|\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?: ?\d{{1,2}}[:时]\d{{1,2}}(?:[:分]\d{{1,2}}秒?)?)?"
    rf"|{_CLOCK}{_ZONE})"
)
_UNIT = (
    r"(?:ns|us|µs|μs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?"
    r"|毫秒|秒钟?|分钟?|个?小时|天|周|个月|年)"
)
_TIMES = re.compile(rf"(?a)(?<![A-Za-z0-9_.:/-]){TIME}(?!\w|:\d)")
_DURATIONS = re.compile(
    rf"(?i)(?<![A-Za-z0-9_.])(?:\d{{1,12}}(?:\.\d{{1,9}})? ?{_UNIT}(?![A-Za-z]) ?){{1,5}}(?![A-Za-z0-9])"
)


def without_times(line: str) -> str:
    """Return `line` with moments, with or without a date, as {time}."""
    return _TIMES.sub("{time}", line)


def without_durations(line: str) -> str:
    """Return `line` with durations (5m30s, 30 seconds, 1 小时) as {time}."""
    return _DURATIONS.sub(lambda found: "{time} " if found[0].endswith(" ") else "{time}", line)
