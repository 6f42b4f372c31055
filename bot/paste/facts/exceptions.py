"""Exceptions: class names and messages where a runtime prints them, with their causes, in any language's traces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

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
    r"(?:[:\]})>|]|Caused by|Uncaught|exception\.?|Error|ERROR|--->|thread \"[^\"]{0,80}\"|\(in promise\)"
    r"|error occurred|Fatal|is|with|of type|raised|"
    r"nested exception is|错误|异常|报错|：|\|)\s{0,3}[\"'`(\[<]{0,2}\Z"
)
_STATEMENT = re.compile(
    r"\b(?:except|catch|raise|throws?|throw new|new|class|import|from|extends|instanceof|rescue"
    r"|isinstance|of|an?|the)\s*\(?\s*\Z"
)
_CODE = re.compile(r"\(code:? ?=? ?(-?\d{1,9})\)")
_AFTER = re.compile(
    r"(?P<code> ?\(code:? ?=? ?-?\d{1,9}\)| ?\[[A-Za-z0-9_ .-]{1,60}\]"
    r"| ?\([A-Za-z0-9_ .-]{1,40}\))?(?P<sep>\s?:\s|:(?=\S)|\s?\Z|\)|\s---?>|[\"'`]|,|;|\s\{|\s?\()"
)
_PLAIN = re.compile(r"(?:Error|Exception|Err): (?P<message>[^\n]{2,1200})")
_PANIC = re.compile(r"(?:panic|fatal error): (?P<message>[^\n]{2,1200})")
_RUBY = re.compile(r":in [`'][^'\n]{1,100}': (?P<message>[^\n]{2,1000}) \((?P<name>[A-Z][\w:]{2,120})\)")
_RUST = re.compile(
    r"\b(?P<name>[A-Z]\w{2,60}(?:Error|Err))\s?(?:\{|\()\s?[^\n]{0,600}?message: \"(?P<message>[^\"\n]{1,600})\""
)
_MODULE_NAME = re.compile(r"\n[ \t]*+(?P<name>(?:[a-z_]\w{0,60}+\.){1,8}[A-Z]\w{2,80}+): (?P<message>[^\n]{1,1200})")
_DOTNET = re.compile(r"\s{0,3}---> ")
_GENERIC = frozenset(("Error", "Exception", "RuntimeError", "Fault", "Failure"))


def exceptions(text: str) -> Iterator[Fact]:
    """Yield class names and messages of the exceptions in a decoded text, each name as printed, the outermost first.

    A name counts where it begins a line or follows a `: `, a bracket or a `Caused by`, not in an `except` clause.
    """
    hits = (fact for match in _ENDING.finditer(text) for fact in _named(text, match.start(), match.end()))
    yield from islice(hits, _MOST)
    if "Traceback" in text or '", line ' in text:  # a Python class need not be called an error
        for match in _MODULE_NAME.finditer(f"\n{text}"):
            if not _ENDING.search(match["name"]):
                yield from _thrown(match["name"], match["message"])
    yield from islice(_plain(text), _MOST)
    if ":in " in text:
        for match in _RUBY.finditer(text):
            yield from _thrown(match["name"], match["message"])
    if 'message: "' in text:
        yield from (Fact("message", match["message"], "message") for match in _RUST.finditer(text))


def _thrown(name: str, message: str) -> Iterator[Fact]:
    yield Fact("exception", name, "exception")
    if told := message_of(message):
        yield Fact("message", told, "exception")


def _plain(text: str) -> Iterator[Fact]:
    """Yield the messages behind `Error: ` and `panic: `, which name no class."""
    panics = "panic: " in text or "fatal error: " in text
    for pattern in (_PLAIN, _PANIC) if panics else (_PLAIN,):
        for match in pattern.finditer(text):
            before = text[match.start() - 1 : match.start()] if match.start() else ""
            if before.isalnum() or before in ("_", ".", "$", "\\"):
                continue
            if message := message_of(match["message"]):
                yield Fact("message", message, "error")


def _named(text: str, hit: int, end: int) -> Iterator[Fact]:
    """Yield the exception whose name ends at `end` with the `Error` or the like that stands at `hit`."""
    start = _start_of(text, hit, end)
    raw = text[start:end].replace("\\\\", "\\")
    if not _NAME.match(raw):
        return
    line_start = text.rfind("\n", 0, start) + 1
    before = text[max(line_start, start - 120) : start]
    line_end = text.find("\n", end)
    rest = text[end : min(line_end if line_end >= 0 else len(text), end + 1500)]
    after = _AFTER.match(rest)
    if after is None or _STATEMENT.search(before) or (before.strip(_BULLET) and not _LEAD.search(before)):
        return
    sign = after["sep"].strip()
    if sign in ("(", ",", ";") and (before.strip(_BULLET) or "." not in raw):
        return
    if raw not in _GENERIC:
        yield Fact("exception", raw, "exception")
    if (code := _CODE.search(after["code"] or "")) and code[1] != "0":
        yield Fact("code", code[1], "code")
    if sign in (":", "--->", "-->") and (message := message_of(_DOTNET.split(rest[after.end() :], maxsplit=1)[0])):
        yield Fact("message", message, "exception")


def _start_of(text: str, hit: int, end: int) -> int:
    """Return where the qualified name that ends at `end` begins; in `key:ValueError` behind the key."""
    tail = _NAME_TAIL.match(text[max(0, hit - _LONGEST_NAME) : hit][::-1])
    start = hit - len(tail[0]) if tail else hit
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip(":/-.@\\"))
    plain = text[start:end].replace("::", "__")
    return start + plain.rindex(":") + 1 if ":" in plain else start
