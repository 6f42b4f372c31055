"""The text of maintainers as it may be shown: one line, without mentions, masked links and invisible characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_GIVEN: Final = 4_000  # characters that are looked at; every field allows fewer

_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>|<id:[a-z]{1,20}>")
_EVERYBODY = re.compile(r"@(?=everyone|here)")
_COMMAND = re.compile(r"</([^<>:\n]{1,100}):\d{1,20}>")
_EMOJI = re.compile(r"<a?(:\w{1,40}:)\d{1,20}>")
_MASKED = re.compile(r"\[([^\[\]\n]{1,300})\]\(<?([^\s()<>]{1,500})>?(?: {1,3}[\"'][^\"'\n]{0,100}[\"'])? {0,3}\)")


def one_line(text: str) -> str:
    """Return `text` in NFC with single spaces, without controls and characters that are not seen."""
    text = unicodedata.normalize("NFC", text[:LONGEST_GIVEN])
    kept = (" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())


def plain(text: str) -> str:
    """Return `text` as it may be shown on Discord: a mention is left out, `[words](address)` becomes `words (address)`.

    What is left pings nobody and hides no address, whoever shows it. Twice changes nothing.
    """
    text = one_line(text)
    before = None
    while text != before:  # each turn shortens the text; `<@<@1>2>` holds a second mention
        before = text
        text = _EMOJI.sub(r"\1", _COMMAND.sub(r"/\1", _EVERYBODY.sub("", _MENTION.sub("", text))))
    text = _MASKED.sub(r"\1 (\2)", text)
    return one_line(text.replace("](", "] ("))  # what looks like no masked link to us, but may to Discord
