"""Exceptions: class names and messages where a runtime prints them, with their causes, in any language's traces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.facts.shapes import message_of
from bot.paste.models import Fact

_MOST = 40
_LONGEST_NAME = 160
_ENDING = re.compile(r"(?:Error|Exception|Fault|Failure)(?![A-Za-z0-9_])")
_NAME_TAIL = re.compile(r"[\w$.\\:/@-]*+")
_NAME = re.compile(r"(?:[A-Za-z_$][\w$]{0,80}(?:\.|\\{1,2}|::|/)){0,12}[A-Z_][\w$]{0,80}\Z")
_BULLET = " \t-*•>'\"`✘✖×✕│|+[({<,"
# What stands between the beginning of a line and the name.
_LEAD = re.compile(
    r"(?:[:\]})>|]|Caused by|Uncaught|exception\.?|Error|ERROR|--->|thread \"[^\"]{0,80}\"|\(in promise\)|error occurred|Fatal|is|with|of type|raised|"
    r"nested exception is|错误|异常|报错|：|\|)\s{0,3}[\"'`(\[<]{0,2}\Z"
)
_STATEMENT = re.compile(r"\b(?:except|catch|raise|throws?|throw new|new|class|import|from|extends|instanceof|rescue|isinstance|of|an?|the)\s*\(?\s*\Z")
_CODE = re.compile(r"\(code:? ?=? ?(-?\d{1,9})\)")
_AFTER = re.compile(r"(?P<code> ?\(code:? ?=? ?-?\d{1,9}\)| ?\[[A-Za-z0-9_ .-]{1,60}\]| ?\([A-Za-z0-9_ .-]{1,40}\))?(?P<sep>\s?:\s|:(?=\S)|\s?\Z|\)|\s---?>|[\"'`]|,|;|\s\{|\s?\()")
_PLAIN = re.compile(r"(?:^|[\s>\"'`\[(])(?:Uncaught )?(?:Error|Exception|Err): (?P<message>[^\n]{2,1200})", re.MULTILINE)
_PANIC = re.compile(r"^(?:panic|fatal error): (?P<message>[^\n]{2,1200})", re.MULTILINE)
_RUBY = re.compile(r":in [`'][^'\n]{1,100}': (?P<message>[^\n]{2,1000}) \((?P<name>[A-Z][\w:]{2,120})\)")
_RUST = re.compile(r"\b(?P<name>[A-Z]\w{2,60}(?:Error|Err))\s?(?:\{|\()\s?[^\n]{0,600}?message: \"(?P<message>[^\"\n]{1,600})\"")
_PHP_END = re.compile(r" in (?:/|[A-Za-z]:\\|\\)[^\n]{1,300}$|(?:\s|^)at (?:/|[A-Za-z]:\\)[^\n]{1,200}\)?\"?\]?$")
_DOTNET = re.compile(r"\s{0,3}---> ")
_GENERIC = frozenset(("Error", "Exception", "RuntimeError", "Fault", "Failure"))


def exceptions(text: str) -> Iterator[Fact]:
    """Yield class names and messages of the exceptions in a decoded text, each name as printed, the outermost first.

    A name counts where it begins a line or follows a `: `, a bracket or a `Caused by`, not in an `except` clause.
    """
    found = 0
    for match in _ENDING.finditer(text):
        for fact in _named(text, match.start(), match.end()):
            yield fact
            found += 1
        if found >= _MOST:
            break
    for pattern in (_PLAIN, _PANIC):
        for number, match in enumerate(pattern.finditer(text)):
            if number < 10 and (message := _message(match["message"])):
                yield Fact("message", message, "error")
    if ":in " in text:
        for match in _RUBY.finditer(text):
            yield Fact("exception", match["name"], "exception")
            yield Fact("message", match["message"], "exception")
    if 'message: "' in text:
        for match in _RUST.finditer(text):
            yield Fact("message", match["message"], "message")


def _named(text: str, hit: int, end: int) -> Iterator[Fact]:
    tail = _NAME_TAIL.match(text[max(0, hit - _LONGEST_NAME) : hit][::-1])
    start = hit - len(tail[0]) if tail else hit
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip(":/-.@\\"))
    raw = text[start:end]
    for glued in ("::", ):
        if raw.startswith(glued):
            return
    # "key:ValueError" is a value behind a key, "Foo::BarError" one name.
    if ":" in raw.replace("::", ""):
        start += raw.replace("::", "__").rindex(":") + 1
        raw = text[start:end]
    if not _NAME.match(raw):
        return
    line_start = text.rfind("\n", 0, start) + 1
    before = text[max(line_start, start - 120) : start]
    line_end = text.find("\n", end)
    rest = text[end : min(line_end if line_end >= 0 else len(text), end + 1500)]
    after = _AFTER.match(rest)
    if after is None or _STATEMENT.search(before):
        return
    if before.strip(_BULLET) and not _LEAD.search(before):
        return
    if after["sep"].strip() in ("(", ",", ";", "{") and not (after["sep"].strip() == "{" or before.strip(_BULLET) == "" and "." in raw):
        return
    if raw.replace("\\\\", "\\").rpartition(".")[2] not in _GENERIC or "." in raw or "\\" in raw:
        yield Fact("exception", raw.replace("\\\\", "\\"), "exception")
    yield from _code(after["code"])
    if after["sep"].strip() in (":", "--->", "-->"):
        message = _message(_DOTNET.split(rest[after.end() :], maxsplit=1)[0])
        if message:
            yield Fact("message", message, "exception")


def _code(given: str | None) -> Iterator[Fact]:
    if given and (match := _CODE.search(given)) and match[1] != "0":
        yield Fact("code", match[1], "code")


def _message(text: str) -> str | None:
    return message_of(_PHP_END.sub("", text.strip()))
