"""Error lines: the lines of a paste in which the error itself stands, without frames, progress and chatter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.paste.blocks.split import Line
from bot.paste.facts.shapes import errorish, is_errorish_code

MOST_LINES = 40
MOST_CHARS = 4000
_LONGEST_LINE = 1500

# What people say and machines do not.
_PEOPLE = frozenset(
    "i i'm i've i'd my me anyone anybody somebody someone hey hi hello thanks thx lol plz pls hola "
    "alguien desde ayuda gracias "
    "moin hallo jemand bekomme ich salut bonjour quelqu'un depuis olá alguém ajuda merhaba ciao qualcuno "
    "cześć привет кто помогите "
    "подскажите вчерашнего getting".split()
)
_ENGLISH_PHRASES = tuple(
    (
        "any idea|help me|how do|how can|how to|how should|what does|what am|what should|what is|why is|"
        "why do|does this|does it|does that"
    ).split("|")
)
_OTHER_PHRASES = tuple(
    (
        "我|怎么|请问|大家|有人|吗|求助|求解|帮忙|如何|为什么|为啥|谢谢|怎麼|請問|嗎|わかる|ますか|どなた|から|안녕|"
        "나요|도와|这个问题|一直报|开始报"
    ).split("|")
)
_QUOTED = re.compile(r"[\"'`]([^\"'`\n]{4,300})[\"'`]")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=\S)|(?<=[。！？：])|\s+(?=[¿¡])|(?<=[,，；;])\s*(?=[^\x00-\x7f])")
_MARK = re.compile(
    r"(?:[A-Za-z_][\w.\\:$]{0,120})?(?:Error|Exception)\b[:\s(]|\b(?:error|fatal|failed|denied)\b\s?[:：]"
    r"|\bError code|HTTP/\d|[{\[]\s?[\"'{]"
    r"|\b[45]\d\d (?:[A-Z]|Client)|\brpc error|SQLSTATE|\bORA-|AADSTS\d|\berrcode|\berror=|\bstatus code"
    r"|\b\d{4}-\d\d-\d\d[T ]\d\d:",
    re.IGNORECASE,
)
_PROGRESS_MARKS = "%━█▓░#=/"  # one of them stands in every line of progress
# Begins with one character, so that the scan runs at the engine's speed.
_PROGRESS = re.compile(r"[%━█▓░#=E↑↓](?:(?<=\d%)[ |]|(?<=[━█▓░#=])[━█▓░#=]{4}|(?<=\bE)TA\b|(?<=[↑↓]))")
_TRANSFERRED = re.compile(r"\b\d+/\d+ [kMG]?B")
_STEP = re.compile(r"\s*(?:Downloading|Collecting|Installing|Fetching|Resolving|Using cached)\b")
# A status stands alone: the end of an id, a port or a part of a time that looks like one must not decide what is kept.
_ALONE = r"(?<![\w.:/-])[45]\d\d(?![\w-]|[.:/]\d)"
_HTTP = re.compile(
    rf"HTTP/\d|(?:www|proxy)-authenticate:|status\W{{0,3}}{_ALONE}|error|reason|denied|failed", re.IGNORECASE
)
# Begins with one character, so that the scan runs at the engine's speed.
_STATUS = re.compile(
    r"[45HAOS{\[](?:(?<=[45])(?<![\w.:/-].)\d\d(?![\w-]|[.:/]\d)|(?<=[{\[])\s?[\"'{]"
    r"|(?<=H)TTP/\d|(?<=A)ADSTS\d|(?<=O)RA-\d|(?<=S)QLSTATE)"
)
# Frames as runtimes print them, to the end of the line: "at least once (it failed)" is none.
_FRAME = re.compile(
    r"[ \t]*(?:at [^\n]{1,300}(?::\d{1,7}\)?|\((?:Native Method|Unknown Source|<anonymous>|native)\)|:line \d{1,7})"
    r"|at [\w.$<>`+\[\]]{1,200}\.[\w$<>`]{1,80}\([\w ,.&`<>\[\]]{0,200}\)"
    r"|File \"[^\"\n]{1,300}\", line \d{1,7}(?:, in [\w<>.]{1,100})?"
    r"|\.\.\. \d{1,4} (?:more|common frames omitted)"
    r"|(?:#\d{1,3} |from )[^\s:()]{1,200}(?:\(\d{1,7}\)|:\d{1,7}):[^\n]{1,200}"
    r"|[\w./@-]{1,200}\.go:\d{1,6}(?: \+0x[0-9a-f]{1,16})?)[ \t]*\Z"
)
# A field of an object that could not be parsed, and whose error it is.
_FIELD = re.compile(r"[\"'](?:\w{0,20}code|err\w{0,20}|\w{0,10}msg|message|reason|detail)[\"']\s?:\s?\S", re.IGNORECASE)
# Whose error it is, where there is one: the request line, curl's command, the Host header.
_REQUEST = re.compile(
    r"(?:[>$*+] ?)?(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) https?://\S{1,1000}(?: HTTP/\d(?:\.\d)?)?"
    r"|[Hh]ost: [\w.:-]{1,260})"
)
_CURL = re.compile(r"(?:[$#>] ?)?curl [^\n]{0,400}?(https?://[^\s\"'<>]{1,500})")
# What a tool prefixes its messages with, and a line that goes on with what the error's line began.
_TOOL = re.compile(
    r"(?:remote|fatal|hint|ssh|kex_\w{1,30}|debug\d|npm ERR!|caused by|DETAIL|HINT|Reason): ?\S", re.IGNORECASE
)
# What can stand at the beginning of the first of these three, and of any of them.
_CURL_HEADS = frozenset("$#>c")
_BESIDE_HEADS = frozenset("$#>*+GPDHOcnrfhskdCNRFSK")
_GOES_ON = re.compile(r"\s{2,}\S|\t\S|\d{1,6} - \S")
_FEW_LINES = 6  # a paste of fewer is looked at whole
_EDGES = '.,!?:;()"`*¿¡…'
_WORDS = re.compile(r"[^\W\d]+(?:'[a-z]{1,4})?")
_HEADING = re.compile(
    r"[\W_]*(?:the |full |this )?(?:errors?|error (?:messages?|details?|output|logs?|info|is)|logs?"
    r"|output|错误|报错|日志|报错信息|错误信息)[\W_]*\Z",
    re.IGNORECASE,
)


def error_lines(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the error's own lines, in order, within MOST_LINES and MOST_CHARS; all lines where none is an error's."""
    kept: list[str] = []
    erring = before = False
    for line in lines:
        told = "" if line.dull else _told(line)
        erring = erring or bool(told)
        told = told or _beside(line, goes_on=before)
        before = bool(told)
        if told and told not in kept[-3:]:
            kept.append(told)
    return _capped(kept if erring else [line.text.strip() for line in lines if line.text.strip()])


def _beside(line: Line, *, goes_on: bool) -> str:
    """Return what a line adds to the error told by others, "" for nothing; `goes_on` where the line before told it."""
    if line.kind == "frame":
        return ""
    text = line.text.strip()
    if not goes_on and text[:1] not in _BESIDE_HEADS:
        return ""
    if text[:1] in _CURL_HEADS and (curl := _CURL.match(text)):
        return f"curl {curl[1]}"
    if not text or line.kind == "code":
        return ""
    if _REQUEST.fullmatch(text):
        return text
    is_told = _TOOL.match(text) or (
        goes_on and line.kind in ("prose", "said", "trace", "") and _GOES_ON.match(line.text)
    )
    return text if is_told and not _chatter(text) and not _is_progress(text) else ""


def telling(lines: Sequence[Line], text: str) -> str:
    """Return `text`, the text of `lines`, without the dull ones, which surely tell no error: frames, logs of success.

    What is left is what codes, sentences and names are looked for in; hosts and libraries are read off the whole text.
    """
    if len(lines) < _FEW_LINES:
        return text
    for line in lines:
        if line.kind == "frame":
            line.dull = _FRAME.match(line.text) is not None
        elif line.kind == "log":
            line.dull = _is_calm(line)
    kept = [line.text for line in lines if not line.dull]
    return "\n".join(kept) if 0 < len(kept) < len(lines) else text


def _is_calm(line: Line) -> bool:
    """Tell whether a log line is one of success."""
    if line.errorish or line.log is None or line.log.level != "info":
        return False
    return not _STATUS.search(line.text) and not _has_code(line.text)


def _capped(lines: Sequence[str]) -> tuple[str, ...]:
    result: list[str] = []
    room = MOST_CHARS
    for whole in lines[:MOST_LINES]:
        line = whole[: min(room, _LONGEST_LINE)]
        if not line:
            break
        result.append(line)
        room -= len(line) + 1
        if room <= 0:
            break
    return tuple(result)


def _told(line: Line) -> str:
    """Return what a line tells of the error, "" for nothing."""
    if line.kind in ("", "frame", "code"):
        return ""
    text = line.text.strip()
    if not text:
        return ""
    if line.kind in ("json", "python"):
        return _object(text)
    if line.kind == "http":
        return text if _HTTP.search(text) else ""
    bad = line.kind in ("trace", "said", "grpc") or (line.log is not None and line.log.level == "error")
    if (
        not (bad or line.errorish or _has_code(text) or _STATUS.search(text) or _FIELD.match(text))
        or _is_progress(text)
        or _HEADING.match(text)
    ):
        return ""
    if line.log is None and _chatter(text):
        return _without_chatter(text)
    if line.kind == "prose" and text.endswith((":", "：")) and not _MARK.search(text[:-1]):
        return ""  # "started throwing the below error:"
    return text


def _is_progress(text: str) -> bool:
    if not any(map(text.__contains__, _PROGRESS_MARKS)):
        return False
    return bool(_PROGRESS.search(text) or _STEP.match(text) or ("/" in text and _TRANSFERRED.search(text)))


def _chatter(text: str) -> bool:
    """Tell whether a person's words are in a stretch of text."""
    low = text.lower()
    return (
        any(map(low.__contains__, _ENGLISH_PHRASES))
        or not _PEOPLE.isdisjoint([word.strip(_EDGES) for word in low.split()])
        or (not low.isascii() and any(map(low.__contains__, _OTHER_PHRASES)))
    )


def _object(text: str) -> str:
    """Return a line with an object in it without what a person wrote before and behind it."""
    start, end = text.find("{"), text.rfind("}") + 1
    if end > start >= 0 and _chatter(text[end:]):
        text = text[:end]
    return text[start:] if start > 0 and _chatter(text[:start]) else text


def _has_code(text: str) -> bool:
    return "_" in text and any("_" in word and is_errorish_code(word) for word in _WORDS.findall(text[:600]))


def _without_chatter(text: str) -> str:
    """Return the part of a line that a machine wrote: from its first mark on, less what a person said."""
    mark = _MARK.search(text)
    if mark and _chatter(text[: mark.start()]):
        text = text[mark.start() :]
    sentences = [part for part in _SENTENCE_END.split(text) if part and part.strip()]
    own = [part for part in sentences if not _chatter(_outside_braces(part))]
    told = " ".join(own).strip()
    if (errorish(told) or _MARK.search(told) or _has_code(told)) and len(told) > 8 and not _HEADING.match(told):
        return told
    quoted = [match[1] for match in _QUOTED.finditer(text) if errorish(match[1]) or _has_code(match[1])]
    return " ".join(quoted)


def _outside_braces(text: str) -> str:
    """Return `text` without what stands between its first `{` and its last `}`."""
    start, end = text.find("{"), text.rfind("}")
    return text if start < 0 else text[:start] + (text[end + 1 :] if end > start else "")
