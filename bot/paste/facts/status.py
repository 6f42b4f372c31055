"""Statuses: HTTP status codes in running text, told from ports, years and line numbers by what stands round them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.models import Fact

_MOST = 30
# Both begin with the first digit, what has to stand before it comes after: so the scan runs at the engine's speed.
_NUMBER = re.compile(r"[1-5](?<![\w./$#%+-].)\d\d(?![\w%])(?!\.\w)")
_GLUED = re.compile(
    r"[45](?:(?<=[\u4e00-\u9fff].)\d\d(?!\d)|(?<!\d.)\d\d(?=[\u4e00-\u9fff])|(?<=[=\"'].)\d\d(?=[\"'&]))"
)
_CLOCK = re.compile(r"\d\d:\d\d[,.]\Z")

# What names a status right before it, once marks and blanks between are gone.
_NAMES = tuple(
    (
        "http|http/1.0|http/1.1|http/2|http/2.0|http/3|status|code|codes|httperror|error|errors|response|"
        "status_code|statuscode|http_code|result|return|failed with|status is|status of|code is|"
        "code of|publish failed put|failed put|状态码|状态|错误码|错误代码|返回码|错误|报错|返回|"
        "响应码|响应|提示|エラー|コード|code was|"
        "status was|fehler|erreur|状态码为|状态码是|错误码为|错误码是|返回了|出现|err|http status|ошибка|ошибку"
    ).split("|")
)
_MARKS = " \t\"'`([<:=->："
# Said of many numbers: only the statuses people get refused with, and nothing countable after them.
_VERBS = tuple(
    (
        " get| gets| got| getting| gave| giving| gives| return| returns| returned| returning| received|"
        " receive| with| a| an| throws| threw| responds| responded| see| shows| says| the| me| http|报|是|回|了|"
        "给"
    ).split("|")
)
_REASON = re.compile(
    r"[\"'`)\]]{0,2}[\s:,-]{0,4}\(?(?:unauthori[sz]ed|forbidden|bad request|not found|page not found"
    r"|proxy authentication|client error|server error|"
    r"too many requests|internal server error|payment required|authorization required|method not allowed"
    r"|conflict|gone\b|"
    r"bad gateway|service unavailable|unprocessable|\{|authentication|access denied|access to|invalid"
    r"|permission|user|api key|error\b|"
    r"incorrect|no auth|token|未授权|禁止|错误|unauth|无权限|没有权限|not authorized|denied|expired)",
    re.IGNORECASE,
)
_END = re.compile(
    r"[\"'`)\]]{0,2}(?:\s{0,3}(?:\Z|[\n.,;:!?\"'`)|，。；！？-])|\s+(?:errors?|response|from|on|when|for|with"
    r"|status|and|if|back|even|while|after|in)\b)",
    re.IGNORECASE,
)
_REFUSALS = frozenset(
    ("400", "401", "402", "403", "404", "407", "409", "419", "422", "429", "440", "498", "500", "502", "503")
)
_COUNTED = re.compile(
    r"\s{0,2}(?:ms|s|sec|px|kb|mb|gb|bytes?|rows?|items?|files?|tests?|lines?|times|tokens|users|days|min"
    r"|元|个|行|次|天|字|人|条)\b",
    re.I,
)
_OTHER = tuple(
    (
        "line|lines|port|row|col|column|pid|page|issue| pr|第|行|端口| top| last|took| in| after| of|version| v|"
        "chapter|room| id|exit code|exit status|exited with code|errno|size|length|count|total"
    ).split("|")
)


def statuses(text: str) -> Iterator[Fact]:
    """Yield the statuses a text tells of, in order. Bare numbers are none, however much they look like 401."""
    found = 0
    for match in _NUMBER.finditer(text):
        if is_status(text, match.start(), match.end()):
            yield Fact("status", match[0], "status")
            found += 1
            if found >= _MOST:
                return
    if not text.isascii() or "=" in text:
        for match in _GLUED.finditer(text):
            if is_status(text, match.start(), match.end()):
                yield Fact("status", match[0], "status")
                return


def is_status(text: str, start: int, end: int) -> bool:
    """Tell whether the three digits at `start:end` are a status, by the characters before and after them."""
    before, after, number = text[max(0, start - 32) : start].lower(), text[end : end + 40], text[start:end]
    if _CLOCK.search(before):
        return False  # 10:12:44,401 are milliseconds
    lead = before.rstrip(_MARKS)
    named = lead.endswith(_NAMES)
    if "==" in before[-6:] or (before[-1:] in (":", "=") and not named):
        return False  # a comparison, a port, a line of a file
    logged = not named and _logged(text, start)
    if not (number >= "400" or named or logged) or lead.endswith(_OTHER) or _COUNTED.match(after):
        return False
    if named:
        return number >= "300" or "http" in lead[-12:]
    if logged or number < "400":
        return logged and number >= "300"
    if _REASON.match(after):
        return True
    return number in _REFUSALS and _refused(text, before, after, lead)


def _refused(text: str, before: str, after: str, lead: str) -> bool:
    """Tell whether a number people get refused with is told as such: in brackets, alone, or as what one got."""
    if before.endswith("(") and after[:1] == ")":
        return True
    if before.endswith("[") and after[:1] == "]":
        return "esponse" in before
    if not before.strip() and not after.strip() and len(text) < 40:
        return True
    if not text.isascii() and before[-1:] in (",", "，") and after[:1] in (",", "，"):
        return True
    return (" " + lead).endswith(_VERBS) and bool(_END.match(after))


def _logged(text: str, start: int) -> bool:
    """Tell whether a number stands where access logs have the status: behind the request, or in a column."""
    before = text[max(0, start - 12) : start]
    return ("HTTP/" in before and before.endswith('" ')) or before.rstrip(" ").endswith("|")
