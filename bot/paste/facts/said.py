"""Messages: the sentences that tools and logs print behind `error:`, `fatal:`, a level or a status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.paste.blocks.lines import LogLine
from bot.paste.blocks.split import Line
from bot.paste.facts.shapes import message_of
from bot.paste.models import Fact

_MOST = 40
_SAID = re.compile(
    r"[ \t]*[\W_]{0,8}(?P<who>(?:[\w.-]{1,30}+:\s)?(?:fatal|error|err|failed|failure|denied|warning|错误信息"
    r"|错误|报错信息|报错|异常|失败|提示|エラー|错误描述)"
    r"(?:\s(?:message|response|details?|output|info|description|from|in|executing|retrieving|connecting"
    r"|polling|while|when|loading)\b[^:：\n{]{0,60})?(?:\s?[\[(][^\])\n]{1,40}[\])])?)\s?[:：]\s{0,4}(?P<mes"
    r"sage>\S[^\n]{1,1200})",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\W_]{0,8}(?:\[(?:ERROR|error|Error)\]|[✘✖×✕])\s{1,3}(?P<message>[^\s:\[][^\n]{4,1200})")
_STATUS_SAID = r"(?P<status>[45]\d\d)(?: -|[:,])?\s{1,4}(?P<message>[A-Z\u4e00-\u9fff][^\n]{2,600})"
_STATUS_LINE = re.compile(r"[\W_]{0,6}(?:HTTP/[\d.]{1,3} |HTTP |Error:? |Status:? )?" + _STATUS_SAID)
_STATUS_BEHIND = re.compile(r"[^\n]{0,300}?\b(?:status(?: ?code)?|HTTP(?: Error)?|Error code):?\s" + _STATUS_SAID)
_CLI = re.compile(r"\[(?:API )?(?:Error|ERROR|error):\s(?P<message>[^\n]{4,600})")
_ASKING = re.compile(
    r"(?:how|why|what|does|do|can|is there|any|i|i'm|my|please help|thanks|anyone)\b|有人|怎么|请问|我", re.IGNORECASE
)
_REASON = re.compile(
    r"(?:Unauthorized|Forbidden|Bad Request|Not Found|OK|Client Error|Internal Server Error)\W{0,3}\Z", re.IGNORECASE
)


def said(lines: Sequence[Line]) -> Iterator[Fact]:
    """Yield the messages told by the lines of a decoded text."""
    return islice((fact for line in lines if _may_tell(line) for fact in _of_line(line)), _MOST)


def _may_tell(line: Line) -> bool:
    if line.kind in ("frame", "code", ""):
        return False
    return line.errorish or line.log is not None or line.kind in ("said", "http", "form")


def _of_line(line: Line) -> Iterator[Fact]:
    text = line.text.strip()
    if len(text) < 6:
        return
    if line.log is not None:
        yield from _logged(line.log, line.errorish)
        text = line.log.message
    if (":" in text or "：" in text) and (match := _SAID.match(text)):
        message = message_of(match["message"])
        if message and (" " in message or not message.isascii()) and not _ASKING.match(message):
            yield Fact("message", message, match["who"].lower().partition(" ")[0])
    elif (
        ("[" in text or not text.isascii())
        and (match := _CLI.search(text) or _BRACKETED.match(text))
        and (message := message_of(match["message"]))
    ):
        yield Fact("message", message, "error")
    match = _STATUS_LINE.match(text)
    if not match and ("status" in text or "HTTP" in text or "Error code" in text):
        match = _STATUS_BEHIND.match(text)
    if match and not _REASON.match(match["message"]) and (message := message_of(match["message"])):
        yield Fact("message", message, "status")


def _logged(log: LogLine, errorish: bool) -> Iterator[Fact]:
    if log.level == "info" or not (log.level == "error" or errorish):
        return
    message = message_of(log.message)
    if message and (" " in message or not message.isascii()):
        yield Fact("message", message, log.level or "log")
