"""Messages: the sentences that tools and logs print behind `error:`, `fatal:`, a level or a status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.paste.blocks.lines import log_line
from bot.paste.facts.shapes import ERRORISH, message_of
from bot.paste.models import Fact

_MOST = 40
_SAID = re.compile(
    r"[ \t]*[\W_]{0,8}(?P<who>(?:[\w.-]{1,30}:\s)?(?:fatal|error|err|failed|failure|denied|warning|FATAL|ERROR|错误信息|错误|报错信息|报错|异常|失败|提示|エラー|错误描述)"
    r"(?:\s(?:message|response|details?|output|info|description|from|in|executing|retrieving|connecting|polling|while|when|loading)\b[^:：\n{]{0,60})?(?:\s?[\[(][^\])\n]{1,40}[\])])?)\s?[:：]\s{0,4}(?P<message>\S[^\n]{1,1200})",
    re.IGNORECASE,
)
_STATUS_LINE = re.compile(r"[\W_]{0,6}(?:HTTP/[\d.]{1,3} |Error:? |Status:? |HTTP )?(?P<status>[45]\d\d)[ :-]{1,4}(?P<message>[A-Z\u4e00-\u9fff][^\n]{2,600})")
_CLI_BRACKET = re.compile(r"\[(?:API )?(?:Error|ERROR|error)\]?:?\s(?P<message>[^\n\]]{4,600})")
_NOT_TOLD = re.compile(r"(?:how|why|what|does|do|can|is there|any|i |i'm|my |please|thanks|有人|怎么|请问|我)\b", re.IGNORECASE)
_REASON = re.compile(r"(?:Unauthorized|Forbidden|Bad Request|Not Found|OK|Client Error|Internal Server Error)\W{0,3}\Z", re.IGNORECASE)


def said(lines: Sequence[str]) -> Iterator[Fact]:
    """Yield the messages told by the lines of a decoded text."""
    found = 0
    for line in lines:
        for fact in _of_line(line):
            yield fact
            found += 1
        if found >= _MOST:
            return


def _of_line(line: str) -> Iterator[Fact]:
    stripped = line.strip()
    if len(stripped) < 6:
        return
    log = log_line(stripped)
    if log is not None:
        told = log.level == "error" or ERRORISH.search(log.message[:500])
        if told and log.level != "info" and (message := message_of(log.message)) and " " in message:
            yield Fact("message", message, log.level or "log")
        stripped = log.message
    if match := _SAID.match(stripped):
        if (message := message_of(match["message"])) and not _NOT_TOLD.match(message):
            yield Fact("message", message, match["who"].lower().partition(" ")[0])
    elif match := _CLI_BRACKET.search(stripped):
        if message := message_of(match["message"]):
            yield Fact("message", message, "error")
    if (match := _STATUS_LINE.match(stripped)) and not _REASON.match(match["message"]):
        if message := message_of(match["message"]):
            yield Fact("message", message, "status")
