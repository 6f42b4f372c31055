"""What a screen does not show: control characters, colours and invisible characters are taken out of a paste."""

from __future__ import annotations

import re
from dataclasses import dataclass

# C0 but tab and newline, DEL: the only things to do in ASCII text.
_ASCII_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])

# Default-ignorable code points (Unicode DerivedCoreProperties), bidi controls, fillers, C1, lone surrogates, tags.
_INVISIBLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
_ANY = re.compile(f"[\r\x1b\x85\x9b\x9d\u2028\u2029{_INVISIBLE}]")
_DROPPED = re.compile(
    r"(?P<newline>\r\n?|[\x85\u2028\u2029])"
    r"|(?P<escape>(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"  # CSI: colours, cursor (ECMA-48 5.4)
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)"  # OSC: titles, hyperlinks
    r"|\x1b[PX^_][^\x1b\x9c]{0,4096}(?:\x1b\\|\x9c)"  # DCS, SOS, PM, APC
    r"|\x1b[ -/]{1,8}[0-~]|\x1b[0-9=>A-Zc-~])"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text as a screen shows it.

    `removed` holds the offsets in `text` at which invisible characters stood, ascending. Escape sequences and line
    ends do not count: they come from the terminal, not from the thing pasted.
    """

    text: str
    removed: tuple[int, ...] = ()


def clean(text: str) -> Cleaned:
    """Return `text` with LF line ends and without escapes, controls (but tab) and invisible or bidi characters.

    Visible characters stay as pasted. Linear in the length; cleaning twice changes nothing.
    """
    if text.isascii():
        has_any = len(text.encode().translate(None, _ASCII_CONTROLS)) < len(text)
    else:
        has_any = _ANY.search(text) is not None
    if not has_any:
        return Cleaned(text)
    parts: list[str] = []
    removed: list[int] = []
    at = length = 0
    for match in _DROPPED.finditer(text):
        start = match.start()
        if start > at:
            parts.append(text[at:start])
            length += start - at
        if match.lastgroup == "newline":
            parts.append("\n")
            length += 1
        elif match.lastgroup == "invisible" and (not removed or removed[-1] != length):
            removed.append(length)
        at = match.end()
    if not parts and not at:
        return Cleaned(text)
    parts.append(text[at:])
    return Cleaned("".join(parts), tuple(removed))
