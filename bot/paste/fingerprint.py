"""The fingerprint of an error: what is left of its lines once all that varies between two occurrences is out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.paste.varying import PLACEHOLDER, without_varying
from bot.paste.varying.times import TIME

# A change to this file or to bot/paste/varying that moves digests raises it, so that existing groups stay what they
# are.
VERSION: Final = 1
LONGEST: Final = 4_000  # characters looked at
MOST_WORDS: Final = 250  # words in the digest; by words, since ids of other lengths would move a limit by characters


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`digest` is equal for like errors (32 hex digits); `template` is their text, what varies written as {name}."""

    version: int
    digest: str
    template: str


def fingerprint(lines: Sequence[str]) -> Fingerprint:
    """Return the fingerprint of an error's lines, already redacted.

    Times, ids, hosts, addresses, paths, names of people and things, quoted values and plain numbers are out; HTTP
    statuses and error codes stay, since they tell problems apart. Case, white space, punctuation, log prefixes, stack
    frames and repeated lines don't count. At most 4,000 characters are looked at.
    """
    kept: dict[str, str] = {}
    for line in _own_lines(lines):
        template = without_varying(line)
        words = _words(template)
        if words:
            kept.setdefault(words, template)
    counted = " ".join(kept).split(" ")[:MOST_WORDS]
    digest = hashlib.sha256(" ".join(counted).encode("utf-8", "replace")).hexdigest()[:32]
    return Fingerprint(VERSION, digest, "\n".join(kept.values()))


def _own_lines(lines: Iterable[str]) -> list[str]:
    """Return the lines without prefixes of logs; without stack frames too, unless there is nothing else."""
    plain: list[str] = []
    room = LONGEST
    for part in lines:
        for line in unicodedata.normalize("NFKC", part[:room])[:LONGEST].splitlines():
            text = " ".join(line.split())
            if text:
                plain.append(text)
        room -= len(part)
        if room <= 0:
            break
    return [_without_prefix(line) for line in plain if not _FRAME.match(line)] or plain


# Where the error happened in somebody's program, in the forms of Python, Java/.NET/Node, Go, Ruby and PHP.
_FRAME = re.compile(
    r"""File\ "[^"]{1,300}",\ line\ \d+ | at\ [^()]{1,200}\([^()]{0,300}\)$ | at\ \S{1,300}:\d+:\d+$ | \.\.\.\ \d+\ more
    | goroutine\ \d+ | \S{1,300}\.go:\d+\ \+0x | from\ \S{1,300}:\d+:in\  | \#\d+\ \S{1,300}(?:\(\d+\):|:\d+)
    | Traceback\ \(most | \^[\^~]*$ | ~+\^*$ """,
    re.VERBOSE,
)

_WORD = re.compile(rf"({PLACEHOLDER})|\w+")
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|ALERT|EMERG|PANIC|LOG|HINT)"
_MOMENT = re.compile(rf"[\[(]?{TIME}[\])]?[,:;|]? ?(?:-+ )?")
_PREFIXES = (
    _MOMENT,
    *(
        re.compile(pattern)
        for pattern in (
            r"[\w.-]{1,60} +\| +",  # docker compose: "web-1  | "
            r"<\d{1,3}>\d? ?",  # syslog's priority
            r"[EWIF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} +\d+ [^\]\s]{1,80}\] ",  # klog
            rf"{_LEVEL} \d+ -+ \[[^\]]{{0,80}}\] \S{{1,120}} : ",  # Spring
            rf"[\[(](?i:{_LEVEL})[\])] ?:? ?(?:-+ )?",
            rf"{_LEVEL}(?: ?[:|] ?| -+ | (?=[^\d(\s]))",
            r"(?i:error|warning|fatal): (?!\d)",
            rf"(?i:level)=(?i:{_LEVEL}) ",
            r"(?i:time|ts|t)=(?:\"[^\"]{1,60}\"|\S{1,60}) ",
            r"\[?\d{1,10}(?:#\d{1,10})?\]?:? (?=\*\d)|\*\d{1,12} ",  # nginx: process, thread and connection
            r"\[(?:\d{1,10}|[\w.-]{0,40}(?:thread|exec|worker|pool|main|pid|tid)[\w. :-]{0,40})\][ :]*",
        )
    ),
)
# After a time: the host, the program, the logger, up to the level or the process id that ends the prefix.
_PROGRAM = re.compile(r"(?:[\w.-]{1,80} )?[\w./@-]{1,80}(?:\[\d{1,10}\]:|\[\d{1,10}\]) ?")
_LOGGER = re.compile(rf"[\w.@:/\[\] -]{{1,80}}?[ \[|:-]{_LEVEL}(?:\]|:| -+| \|)[ :|-]*")
_SYSLOG_HOST = re.compile(r"[\w.-]{1,80} (?=[\w./-]{1,40}: )")


def _without_prefix(line: str) -> str:
    for _ in range(8):  # time, level, logger, process … in any order, each at most once or twice
        for pattern in _PREFIXES:
            found = pattern.match(line)
            if found and found.end() < len(line):
                rest = line[found.end() :]
                line = _without_origin(rest) if pattern is _MOMENT else rest
                break
        else:
            return line
    return line


def _without_origin(line: str) -> str:
    for pattern in (_PROGRAM, _LOGGER, _SYSLOG_HOST):
        found = pattern.match(line)
        if found and found.end() < len(line):
            return line[found.end() :]
    return line


def _words(template: str) -> str:
    """Return the words that count: folded, each run of variable parts as one `*`, without punctuation."""
    words: list[str] = []
    for found in _WORD.finditer(template):
        word = "*" if found[1] else found[0].casefold()
        if word != "*" or words[-1:] != ["*"]:
            words.append(word)
    return " ".join(words)
