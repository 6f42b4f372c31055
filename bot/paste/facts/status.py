"""Statuses: HTTP status codes in running text, told from ports, years, line numbers and durations by what stands round them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.models import Fact

_MOST = 30
_NUMBER = re.compile(r"(?<![\w.:/$#%+\-])[1-5]\d\d(?![\w%])(?!\.\w)")
_GLUED = re.compile(r"(?<=[\u4e00-\u9fff])[45]\d\d(?!\d)|(?<!\d)[45]\d\d(?=[\u4e00-\u9fff])|(?<=code:)[45]\d\d(?!\d)|(?<=[=\"'])[45]\d\d(?=[\"'&])")

# What names a status right before it.
_BEFORE = re.compile(
    r"(?:http(?:/\d(?:\.\d)?)?|status|status[ _-]?codes?|http[ _-]?(?:status|code|error|response)(?:[ _-]?code)?|http_code|"
    r"(?:error|response|result|return|server|failed with|fehler|erreur)(?:[ _-]?codes?)?|code|httperror|errors?|err|"
    r"状态码|状态|错误码|错误代码|返回码|错误|报错|返回|响应码|提示|状态為|コード|エラー|ошибк\w|publish failed put|failed put)"
    r"[\"'`]?\s{0,3}(?:is|was|of|为|是|:|=|->|=>)?\s{0,3}[\"'`(\[<]{0,2}\Z",
    re.IGNORECASE,
)
# Said of many numbers: only the statuses people get refused with, and nothing countable after them.
_WEAK_BEFORE = re.compile(
    r"(?:\b(?:get|gets|got|getting|gave|giving|gives|returns?|returned|returning|received|receive|with|an?|throws?|threw|responds?|"
    r"responded|code|see|shows?|says?)|[报是回出现了给])\s{0,3}(?:an?\s|the\s|http\s|me\s|a\s)?[\"'`(\[]{0,2}\Z",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"[\"'`)\]]{0,2}[\s:,-]{0,4}\(?(?:unauthori[sz]ed|forbidden|bad request|not found|proxy authentication|client error|server error|"
    r"too many requests|internal server error|payment required|authorization required|method not allowed|conflict|gone\b|"
    r"bad gateway|service unavailable|unprocessable|\{|authentication|access denied|access to|invalid|permission|user|api key|error\b|"
    r"incorrect|no auth|token|未授权|禁止|错误|unauth|无权限|没有权限|not authorized|denied|expired)",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\)|\]")
_END = re.compile(r"[\"'`)\]]{0,2}(?:\s{0,3}(?:\Z|[\n.,;:!?\"'`)|，。；！？-])|\s+(?:errors?|response|from|on|when|for|with|status|and|if|back|even|while|after|in)\b)", re.IGNORECASE)
_ACCESS_LOG = re.compile(r"\bHTTP/\d(?:\.\d)?\"\s\Z|\|\s{1,4}\Z", re.IGNORECASE)
_REFUSALS = frozenset(("400", "401", "402", "403", "404", "407", "409", "419", "422", "429", "440", "498", "500", "502", "503"))
_COUNTED = re.compile(r"\s{0,2}(?:ms|s|sec|px|kb|mb|gb|bytes?|rows?|items?|files?|tests?|lines?|times|tokens|users|days|min|元|个|行|次|天|字|人|条)\b", re.I)
_LINE = re.compile(r"(?:line|lines|port|row|col|column|pid|page|issue|pr|第|行|端口|top|last|took|in|after|of|version|v|chapter|room|id)\s{0,2}[\"'`(:=#]{0,2}\s?\Z", re.IGNORECASE)


def statuses(text: str) -> Iterator[Fact]:
    """Yield the statuses a text tells of, in order. Bare numbers are none, however much they look like 401."""
    found = 0
    for match in _NUMBER.finditer(text):
        if is_status(text, match.start(), match.end()):
            yield Fact("status", match[0], "status")
            found += 1
            if found >= _MOST:
                return
    if not text.isascii() or "code:" in text or "=" in text:
        for match in _GLUED.finditer(text):
            if is_status(text, match.start(), match.end()):
                yield Fact("status", match[0], "status")
                return


def is_status(text: str, start: int, end: int) -> bool:
    """Tell whether the three digits at `start:end` are a status, by the forty characters before and after them."""
    before, after, number = text[max(0, start - 40) : start], text[end : end + 40], text[start:end]
    if _COUNTED.match(after) or _LINE.search(before):
        return False
    if _BEFORE.search(before):
        return number >= "300" or "http" in before[-30:].lower()
    if number < "400":
        return bool(_ACCESS_LOG.search(before)) and number >= "300"
    if _REASON.match(after) or _ACCESS_LOG.search(before):
        return True
    if number not in _REFUSALS:
        return False
    if before.endswith("(") and after[:1] == ")":
        return True
    if before.endswith("[") and after[:1] == "]":
        return "esponse" in before
    if not before.strip() and not after.strip() and len(text) < 40:
        return True
    return bool(_WEAK_BEFORE.search(before) and _END.match(after))
