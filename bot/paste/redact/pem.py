"""Private keys in armour: PEM (RFC 7468), OpenSSH, PGP, PuTTY, whole, escaped in a string or cut off."""

from __future__ import annotations

import re

from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_placeholder

_BEGIN = re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)? ?-{2,5}")
# Without an end: headers, base64 lines, quote marks, escaped newlines; it stops at anything else.
_BODY = re.compile(
    r"(?:[ \t>|\"'+,\\]{0,40}(?:\\{1,4}[rn]|\n|[ \t])[ \t>|\"'+]{0,40}(?:[A-Za-z-]{3,20}: [^\n]{1,120}|[A-Za-z0-9+/=]{1,4096}(?![^\s\"'\\,+<-]))?)*"
)
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d: ")
_PUTTY_BODY = re.compile(
    r"Private-Lines: \d{1,4}((?:\s{1,8}[A-Za-z0-9+/=]{1,100}(?=\s|\Z))*)(?:\s{1,4}Private-MAC: [0-9a-f]*)?"
)
_LONGEST = 65_536
_SHORTEST = 24


def _inside(text: str, start: int, end: re.Match[str] | None, at: int) -> str:
    return re.sub(r"\\n|\s", "", text[start : min(end.start() if end else at, start + 200)])


def find_private_keys(text: str) -> list[Span]:
    """Return the private keys in `text`; public keys and certificates stay."""
    found: list[Span] = []
    if "PRIVATE KEY" in text:
        at = 0
        while begin := _BEGIN.search(text, at):
            stop = begin.end() + _LONGEST
            following = _BEGIN.search(text, begin.end(), stop)
            end = _END.search(text, begin.end(), following.start() if following else stop)
            body = end or _BODY.match(text, begin.end(), stop)
            at = body.end() if body else begin.end()
            # A header without a key in it is a message: "Expected -----BEGIN PRIVATE KEY-----".
            if at - begin.end() >= _SHORTEST and not is_placeholder(_inside(text, begin.end(), end, at)):
                found.append(Span(begin.start(), at, "private-key", Rank.PARSED))
    if "PuTTY-User-Key-File" in text and _PUTTY.search(text):
        found += [Span(*match.span(1), "private-key", Rank.PARSED) for match in _PUTTY_BODY.finditer(text) if match[1]]
    return found
