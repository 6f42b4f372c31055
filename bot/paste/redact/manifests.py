"""Kubernetes Secrets: whatever stands under data and stringData is one, whatever its name."""

from __future__ import annotations

import re

from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_stand_in

_KIND = re.compile(r"\bkind[\"']?:[ \t]{0,4}[\"']?Secret\b(?!\w)")
_DATA = re.compile(r"^(?P<margin>[ \t>]{0,40})(?P<name>data|stringData):[ \t]*$", re.MULTILINE)
_ENTRY = re.compile(
    r"(?P<margin>[ \t>]{1,60})[\w./-]{1,253}:[ \t]{1,8}[\"']?(?P<secret>[^\s\"'][^\n\"']{0,8191})[\"']?[ \t]*"
)
_MARGIN = re.compile(r"[ \t>]*")
_INLINE = re.compile(r"\"(?:data|stringData)\":\s{0,8}\{(?P<inside>[^{}]{1,65536})\}")
_PAIR = re.compile(r"\"[\w./-]{1,253}\":\s{0,4}\"(?P<secret>[^\"\n]{1,8192})\"")
_MOST_ENTRIES = 200


def find_manifest_secrets(text: str) -> list[Span]:
    """Return the values of the Kubernetes Secrets in `text`, in YAML or JSON."""
    if "ata" not in text or "Secret" not in text or not _KIND.search(text):
        return []
    found: list[Span] = []
    for block in _DATA.finditer(text):
        found += _entries(text, block)
    for block in _INLINE.finditer(text):
        found += [
            Span(*pair.span("secret"), "secret", Rank.PLACE)
            for pair in _PAIR.finditer(text, *block.span("inside"))
            if not is_stand_in(pair["secret"])
        ]
    return found


def _entries(text: str, block: re.Match[str]) -> list[Span]:
    found: list[Span] = []
    at = block.end() + 1
    for _ in range(_MOST_ENTRIES):
        end = text.find("\n", at)
        end = len(text) if end == -1 else end
        entry = _ENTRY.fullmatch(text, at, end)
        if entry is None or len(entry["margin"]) <= len(block["margin"]):
            break
        start, stop = entry.span("secret")
        if entry["secret"][0] in "|>":  # a block scalar: all lines that stand deeper
            start, stop = end + 1, _deeper(text, end + 1, len(entry["margin"]))
            end = stop
        if start < stop and not is_stand_in(text[start:stop]):
            found.append(Span(start, stop, "secret", Rank.PLACE))
        at = end + 1
    return found


def _deeper(text: str, at: int, margin: int) -> int:
    """Return the end of the lines from `at` on that are indented deeper than `margin`."""
    end = at - 1
    while at < len(text) and (match := _MARGIN.match(text, at)) and match.end() - at > margin:
        following = text.find("\n", at)
        end = len(text) if following == -1 else following
        at = end + 1
    return end
