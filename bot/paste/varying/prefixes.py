"""What a log puts before its line (time, level, process, logger), and the lines that are stack frames."""

from __future__ import annotations

import re

from bot.paste.varying.times import TIME

# Where the error happened in somebody's program, in the forms of Python, Java/.NET/Node, Go, Ruby and PHP.
_FRAME = re.compile(
    r"""File\ "[^"]{1,300}",\ line\ \d+ | at\ [^()]{1,200}\([^()]{0,300}\)$ | at\ \S{1,300}:\d+:\d+$ | \.\.\.\ \d+\ more
    | goroutine\ \d+ | \S{1,300}\.go:\d+\ \+0x | from\ \S{1,300}:\d+:in\  | \#\d+\ \S{1,300}(?:\(\d+\):|:\d+)
    | at\ .{1,300}:line\ \d+$
    | [\w./*()·-]{1,200}\((?:0x[0-9a-f]{1,16}|\.\.\.|\{[a-z]+\})(?:,\ ?(?:0x[0-9a-f]{1,16}|\.\.\.)){0,20}\)$
    | Traceback\ \(most | \^[\^~]*$ | ~+\^*$ """,
    re.VERBOSE,
)
_THREAD = r"(?:\d{1,10}|main|[\w.-]{0,40}(?:thread|exec|worker|pool|pid|tid|nio|Dispatcher|scheduler)[\w. :#/-]{0,40})"
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|ALERT|EMERG|PANIC|LOG|HINT)"
_MOMENT = re.compile(rf"[\[(]?{TIME}[\])]?[,:;|]? ?(?:-+ )?")
_PREFIXES = (
    _MOMENT,
    *(
        re.compile(pattern)
        for pattern in (
            r"> ?(?=\S)",  # quoted in a message
            r"[\w.-]{1,60} +\| +",  # docker compose: "web-1  | "
            r"<\d{1,3}>\d? ?",  # syslog's priority
            r"[EWIF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} +\d+ [^\]\s]{1,80}\] ",  # klog
            r"\d{1,10}:[A-Z] (?=\d)",  # redis: process and role
            rf"{_LEVEL} \d+ -+ \[[^\]]{{0,80}}\] \S{{1,120}} : ",  # Spring
            rf"[\[(](?i:{_LEVEL})[\])] ?:? ?(?:-+ )?",
            rf"{_LEVEL}(?: ?[:|] ?| -+ | (?=[^\d(\s]))",
            rf"(?i:{_LEVEL}|fail|dbug|crit): (?!\d)",
            rf"(?i:level|lvl|severity)=(?i:{_LEVEL}) ",
            r"(?i:time|ts|t)=(?:\"[^\"]{1,60}\"|\S{1,60}) ",
            r"\[?\d{1,10}(?:#\d{1,10})?\]?:? (?=\*\d)|\*\d{1,12} ",  # nginx: process, thread and connection
            r"(?:[\w$-]{1,60}\.){1,10}[\w$-]{1,60}(?<!Error)(?<!Exception) [-:] ",  # the logger: "c.example.Auth - "
            r"\[(?:[a-z]\w{0,40}\.){1,10}\w{1,60}\] (?=\()",  # WildFly's: "[org.keycloak.events] (thread)"
            rf"\[{_THREAD}\][ :]*|\({_THREAD}\) +|\{{\d{{1,10}}\}} ",
        )
    ),
)
# After a time: the host, the program, the logger, up to the level or the process id that ends the prefix.
_PROGRAM = re.compile(r"(?:[\w.-]{1,80} )?[\w./@-]{1,80}(?:\[\d{1,10}\]:|\[\d{1,10}\]) ?")
_LOGGER = re.compile(rf"[\w.@:/\[\] -]{{1,80}}?[ \[|:-]{_LEVEL}(?:\]|:| -+| \|)[ :|-]*")
_SYSLOG_HOST = re.compile(
    r"[\w.-]{1,80} (?=(?!(?i:error|fail|failed|failure|fatal|warning|exception|denied|invalid|refused):)"
    r"[\w./-]{1,40}: )"
)


def is_frame(line: str) -> bool:
    """Tell whether a line, its white space trimmed, says only where in a program the error happened."""
    return _FRAME.match(line) is not None


def without_prefix(line: str) -> str:
    """Return a line without what its log put before it; a line that is all prefix stays as it is."""
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
