"""Challenges: WWW-Authenticate values by RFC 9110 sections 11.2 to 11.6.1, forgiving what servers get wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST = 10  # challenges of one value
_MOST_PARAMS = 20
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}+")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]{1,4000}+=*+(?=\s*+(?:,|\Z))")
_EQUALS = re.compile(r"[ \t]*+=[ \t]*+")
_QUOTED = re.compile(r'\\?"((?:[^"\\]++|\\[^"]|\\"(?!\s*+(?:,|\Z)))*+)(?:\\?"|\Z)')
_LOOSE = re.compile(r"[^,\s\"]{0,300}+")
_GAP = re.compile(r"[\s,;]*+")
_SPACE = re.compile(r"[ \t\n]*+")
_PAIR = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: its scheme as sent, its parameters (names in lower case) and its token68, if any."""

    scheme: str
    params: tuple[tuple[str, str], ...] = ()
    token: str | None = None


def challenges(value: str) -> list[Challenge]:
    """Return the challenges of a WWW-Authenticate or Proxy-Authenticate value, in order; [] where it has none."""
    found: list[Challenge] = []
    at = _end(_GAP, value, 0)
    while at < len(value) and len(found) < _MOST:
        scheme = _TOKEN.match(value, at)
        if scheme is None or _EQUALS.match(value, scheme.end()):
            break
        at = _end(_SPACE, value, scheme.end())
        if at > scheme.end() and (token := _TOKEN68.match(value, at)) and not _is_param(value, at):
            found.append(Challenge(scheme[0], (), token[0]))
            at = _end(_GAP, value, token.end())
            continue
        params, at = _params(value, at)
        found.append(Challenge(scheme[0], params))
    return found


def _params(value: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the parameters from `at` on and where the next challenge begins."""
    found: list[tuple[str, str]] = []
    while len(found) < _MOST_PARAMS:
        at = _end(_GAP, value, at)
        name = _TOKEN.match(value, at)
        equals = _EQUALS.match(value, name.end()) if name else None
        if name is None or equals is None:
            break
        if quoted := _QUOTED.match(value, equals.end()):
            found.append((name[0].lower(), _PAIR.sub(r"\1", quoted[1])))
            at = quoted.end()
        else:
            loose = _LOOSE.match(value, equals.end())
            found.append((name[0].lower(), loose[0] if loose else ""))
            at = loose.end() if loose else equals.end()
    return tuple(found), at


def _is_param(value: str, at: int) -> bool:
    """Tell whether a parameter, not a token68, stands at `at`: after `=` there is more than padding."""
    name = _TOKEN.match(value, at)
    equals = _EQUALS.match(value, name.end()) if name else None
    return equals is not None and value[equals.end() : equals.end() + 1] not in ("", "=", ",")


def _end(pattern: re.Pattern[str], value: str, at: int) -> int:
    match = pattern.match(value, at)
    return match.end() if match else at
