"""Private keys in armour: PEM (RFC 7468), OpenSSH, PGP, PuTTY, whole, escaped in a string or cut off."""

from __future__ import annotations

import re

from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_placeholder

_BEGIN = re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_END = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)? ?-{2,5}")
# Without an end: headers and long runs of base64, between them white space, quote marks, escaped newlines.
_GAP = r"(?:\\{1,4}[rn]|[ \t>|\"'+,\n]){0,80}+"
_BODY = re.compile(
    rf"(?:{_GAP}(?:[A-Z][A-Za-z-]{{3,20}}: [^\n]{{1,120}}\n|[A-Za-z0-9+/=]{{16,4096}}))++"
    r"(?:\s{1,8}[A-Za-z0-9+/=]{1,76}(?=\s*\Z))?"
)
_NOISE = re.compile(r"\\+[rn]|[\s>|\"'+,]|[A-Z][A-Za-z-]{3,20}: [^\n]{1,120}")
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d: ")
_PUTTY_BODY = re.compile(
    r"Private-Lines: \d{1,4}((?:\s{1,8}[A-Za-z0-9+/=]{1,100}(?=\s|\Z))*)(?:\s{1,4}Private-MAC: [0-9a-f]*)?"
)
_LONGEST = 65_536
_BASE64 = re.compile(r"[A-Za-z0-9/=]{24}")


def _is_key(inside: str) -> bool:
    """Tell whether `inside` is a key. A header alone is a message: "Expected -----BEGIN PRIVATE KEY-----"."""
    compact = _NOISE.sub("", inside[:2000])
    return _BASE64.match(compact) is not None and not is_placeholder(compact)


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
            if body and _is_key(text[begin.end() : end.start() if end else at]):
                found.append(Span(begin.start(), at, "private-key", Rank.PARSED))
    if "PuTTY-User-Key-File" in text and _PUTTY.search(text):
        found += [Span(*match.span(1), "private-key", Rank.PARSED) for match in _PUTTY_BODY.finditer(text) if match[1]]
    return found
