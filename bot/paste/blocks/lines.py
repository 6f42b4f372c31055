"""Lines: what each line of a text is (frame, header, log, code, prose), and what a logger put before its message."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.paste.models import BlockKind

# Words that begin code and sentences alike: what follows them tells which (`_like_code`).
_ENGLISH_TOO = (
    "import|let|class|function|public|private|protected|using|use|package|await|return|throw|raise|catch|try|if|else|for"
    "|while|with|new|export|echo|print"
)
_CODE_REST = re.compile(
    r"[(.\[{$]|[^\n]{0,200}(?:[=!<>]=|=>| from [\"'])"
    r"|[ \t]{1,3}[\w.$\\\"'/@-]{1,80}(?:, [\w.]{1,40}){0,6}[;:]?\s{0,9}\Z|[\s:]{0,3}\Z"
    r"|[ \t]{1,3}\w{1,40} ?="
)
_CODE_END = re.compile(r"(?: in [\w.]{1,40}| not [\w.]{1,60}| as \w{1,30}):\Z")

# How the lines of each kind begin, in the order in which they are tried.
_BEGINNINGS = {
    "frame": (
        r"at (?:async )?[\w$.<>\[\]/@ *-]{1,200}+[(:]|at (?:file|https?|node):|at /|at [\w.$]{2,120}\b",
        r"File \"[^\"\n]{1,300}\", line \d|#\d{1,3} |\.\.\. \d{1,4} (?:more|common)|goroutine \d|--- End of",
        r"from [^\s:]{1,200}+:\d{1,6}:in|stack backtrace|Stack trace:|created by [\w./]{3,}|\d{1,3}:\s+0x",
        r"[\w./-]{1,200}\.go:\d{1,6} \+0x|\^{2,}|~{3,}|[\w./\\-]{1,200}\.(?:rb|py|js|ts|php):\d{1,6}:in ",
    ),
    "trace": (
        r"Traceback \(most recent|Caused by:|--->|During handling of|The above exception|panic:|thread '",
        r"Unhandled exception|Exception in thread|Uncaught |PHP (?:Fatal|Warning|Parse)|Fatal error: ",
        r"[A-Za-z_][\w.$\\:]{2,150}(?<=Error|ption|Fault):\s",
    ),
    "http": (
        r"(?:< |\* )?HTTP/\d(?:\.\d)? \d{3}\b|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S{1,500}+ HTTP/\d",
        r"[<*] [A-Za-z][\w-]{1,60}+: |[*] (?:Connected|Server auth|Issue another|Authentication|SSL|Host|Trying)",
        r"(?i:www-authenticate|proxy-authenticate|authorization|x-[a-z-]{2,40}|content-type|user-agent|set-cookie):\s",
        r"(?i:cache-control|retry-after):\s|(?i:host|server|accept|date):\s[\w.,:/*+;=-]{1,80}\s*\Z",
    ),
    "markup": (r"<(?i:!doctype|\?xml|/?[a-z][\w:.-]{0,40})[\s/>]",),
    "sql": (
        r"ERROR \d{4} \(|(?:psql|pq|mysql): |\(?\w{2,30}+\.(?:Operational|Programming|Interface|Internal)Error\)",
        r"SQLSTATE|ORA-\d{5}|(?:FATAL|DETAIL|HINT):  |Msg \d{3,5},",
    ),
    "grpc": (r"rpc error: code|<_?\w{0,20}(?:RPC|Rpc)|status = StatusCode\.|details = \"|debug_error_string",),
    "log": (
        r"\[?(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?/[A-Z][a-z]{2}/\d{4}|[A-Z][a-z]{2},? \d\d? [A-Z]?[a-z]{0,2}"
        r"|[A-Z][a-z]{2}\s+\d\d?|\d\d?:\d\d:\d\d|\d{6}-\d\d:)[T\s:]?\s?[^\n]{0,12}?\d\d:\d\d",
        r"\[?\d\d?:\d\d:\d\d[\].,\s]|\[(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|SYS|GIN|CRITICAL|E|W|I)\b",
        r"(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|SEVERE|ERRO)(?:\s{2,}|:\s?[\w.]{1,40}:| \[| [\w.]{3,60}:)",
        r"\[[\w.@/-]{1,40}\] ?\[(?i:error|err|warn(?:ing)?|fatal|cause|details)\]",
        r"(?:[A-Za-z][\w.]{0,40}+=[^\s,=]{0,200}+,?[ \t]){3}",
        r"level=\w|ts=\d|time=[\"\d]|npm (?:ERR!|error|WARN|http)|remote: |[IWEF]\d{4} \d\d:\d\d",
    ),
    "said": (
        r"(?:fatal|error|err|failed|failure|错误|报错|异常|错误信息|报错信息|エラー)\s?(?:\[[^\]\n]{1,40}\])?[:：]",
        r"Error(?: [\w-]{1,30}){0,3}:|[✘✖×✕] |Error \d{3}\b|[45]\d\d [A-Z]",
    ),
    "code": (
        r"(?:from [\w.]{1,80} import |curl |wget |-H [\"']|--?[a-z][\w-]{1,30} [\"'])",
        r"(?:const|var|def|func|static|async|except|elif|#include|@\w{2,30}"
        r"|\$\w{1,40} ?(?:=|->)|//|/\*|\}|\)|\{|\];?)(?=[\s({;:,)>\]\[=.$@]|\Z)",
        rf"(?P<english>{_ENGLISH_TOO})(?=[\s({{;:,)>\]\[=.$@]|\Z)",
        r"[\w.\[\]\"']{1,60}+ ?(?:=|:=|\+=) ?[\w\"'({\[$&*<`-]",
    ),
    "form": (r"[\"'`*-]{0,3} ?[A-Za-z][A-Za-z0-9_.-]{0,40}+(?: [A-Za-z]{1,20}+){0,2}+[\"'`*]{0,2} ?[:=]\s*\S",),
}
_KINDS = re.compile(
    "[ \\t]*+(?:" + "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in _BEGINNINGS.items()) + ")"
)
_STAMP = re.compile(
    r"""[\[(]?(?:
      \d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]|\s-\s)\d\d:\d\d(?::\d\d)?(?:[.,:]\d{1,9})?
      (?:\s?(?:Z|(?!(?:INFO|WARN|NOTE|CRIT|INF|ERR|WRN|DBG|LOG)\b)[A-Z]{3,4}\b|[+-]\d\d:?\d\d))?
    | [A-Z][a-z]{2},?\s+\d{1,2}\s[A-Z][a-z]{2}\s\d{4}\s\d\d:\d\d:\d\d(?:\s[A-Z]{3}|\s[+-]\d{4})?
    | [A-Z][a-z]{2}\s[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:\s[A-Z]{3,4})?\s\d{4}
    | [A-Z][a-z]{2}\s+\d{1,2}(?:,\s\d{4})?\s\d{1,2}:\d\d:\d\d(?:\.\d{1,6})?(?:\s[AP]M)?
    | \d{1,2}/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d:\d\d(?:\s[+-]\d{4})?
    | \d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}[, ]{1,2}\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?
    | \d{6}-\d\d:\d\d:\d\d(?:\.\d{1,6})?
    | \d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?
    | \d{4}-\d\d-\d\d\b
    | [IWEF]\d{4}\s\d\d:\d\d:\d\d\.\d{1,6}
    )[\])]?""",
    re.VERBOSE,
)
_LEVELS = {
    **dict.fromkeys("ERROR ERRO ERR FATAL CRITICAL CRIT SEVERE PANIC ALERT EMERG EXCEPTION FAIL E".split(), "error"),
    **dict.fromkeys("WARN WARNING W".split(), "warning"),
    **dict.fromkeys("TRACE DEBUG DEBU INFO NOTICE SYS GIN LOG VERBOSE D I".split(), "info"),
}
_BRACKETED_LEVELS = {
    **dict.fromkeys("error fatal critical crit alert".split(), "error"),
    **dict.fromkeys("warn warning".split(), "warning"),
    **dict.fromkeys("info debug notice trace".split(), "info"),
}
_GIVEN_LEVELS = {  # by their first letters: `crit` and `warn` are written in many ways
    **dict.fromkeys("erro fata pani crit".split(), "error"),
    "warn": "warning",
    **dict.fromkeys("info debu trac".split(), "info"),
}
# Words that may be levels: in capitals, in `[error]` and `[app.error]`, behind `level=`. Begins with one character, so
# that the scan runs at the engine's speed.
_LEVEL_WORD = re.compile(
    r"[A-Z\[.l](?:(?<=[A-Z])(?<![A-Za-z_].)[A-Z]{0,8}+(?![A-Za-z_!'])|(?<=[\[.])(?P<bracketed>[a-z]{4,8})(?=\])"
    r"|(?<=\bl)evel=\"?(?P<given>error|fatal|panic|crit\w*|warn\w*|info|debug|trace)\b)"
)
_PIECE = (
    r"[\]):|\s>*]{1,20}+|---?\s|\[[^\]\n{]{0,120}\]|\d{1,10}#\d{1,10}:|\*\d{1,12}\s|\d{2,10}(?=[\s\])])|local\.|\{\d\}"
    r"|(?:[A-Za-z_$][\w$]{0,60}+(?:[./][\w$#<>-]{1,60}){1,10})(?:\[\d{1,9}\])?(?=\s{0,30}[:\-\]"
    r"|])(?!:\s?[A-Z]\w{3,40}Error)"
    r"|(?:[\w.-]{1,40}+\[\d{1,9}\])(?=:)|\d\d:\d\d:\d\d(?=\s)|[A-Za-z_][\w.]{1,80}+\s\w{1,40}+:\d{1,6}(?=\])"
    r"|stdout\b|stderr\b|MainThread(?=:)|[a-z][\w.-]{1,40}\.[\w-]{1,40}(?=\s-\s)"
)
_PIECES = re.compile(f"(?>{_PIECE}){{0,8}}+")
_LOGFMT = re.compile(r"\bmsg=(?:\"((?:[^\"\\]++|\\.)*+)\"|(\S+))")
_SYSLOG = re.compile(r"\s?[\w.-]{1,60}\s[\w./-]{1,60}(?:\[\d{1,9}\])?:\s")
_LOWER = ("npm ", "remote:", "level=", "time=", "ts=")  # how log lines begin that begin in lower case
_NPM = re.compile(r"(?:npm (?:ERR!|error|WARN)|remote:)\s?")


class _Level(NamedTuple):
    name: str  # error | warning | info
    start: int
    end: int
    given: bool  # as `level=…`


class LogLine(NamedTuple):
    """A log line: its level ("" where it has none) and its message."""

    level: str  # error | warning | info | ""
    message: str


def kind_of(line: str) -> str:
    """Return what a line is by how it begins: a block kind, `frame` (of a stack), `trace` or `said` (an error told)."""
    match = _KINDS.match(line, 0, 600)
    if match is None or (match["english"] and not _like_code(line[match.end("english") : 600].rstrip())):
        return "prose"
    return match.lastgroup or "prose"


def _like_code(rest: str) -> bool:
    """Tell whether what follows a word such as `if` is code: `not token:`, `(x) {`, `x == 1`, `x = y`, a call."""
    if rest[-1:] in tuple(";{}([") or _CODE_REST.match(rest) or _CODE_END.search(rest, max(0, len(rest) - 70)):
        return True
    call = rest.rfind("(")
    return call > 0 and rest.endswith((")", "):", "),")) and (rest[call - 1].isalnum() or rest[call - 1] in "_.]")


def block_kind(kind: str) -> BlockKind:
    """Return the kind of block a line of this kind belongs to."""
    if kind in ("frame", "trace"):
        return "traceback"
    if kind == "said":
        return "log"
    return kind  # type: ignore[return-value]  # the other names are those of blocks


def log_line(line: str) -> LogLine | None:
    """Return the level and the message of a log line, or None where it has neither timestamp nor level in front."""
    line = line.strip()[:4000]
    if not line or not (line[0] in "[(" or line[0].isdigit() or line[0].isupper() or line.startswith(_LOWER)):
        return None
    if line[0] in "nr" and (tool := _NPM.match(line)):
        return LogLine("error" if "ERR" in tool[0] or "error" in tool[0] else "", line[tool.end() :].strip())
    stamp = _STAMP.match(line)
    at = stamp.end() if stamp else 0
    level = _level_in(line, at)
    if level and level.given:
        message = _LOGFMT.search(line)
        return LogLine(level.name, (message[1] or message[2]) if message else "")
    if stamp is None and (level is None or not _leads(line, level)):
        return None
    if level:
        at = level.end
    elif host := _SYSLOG.match(line, at):
        at = host.end()
        if (level := _level_in(line, at)) and level.start == at:
            at = level.end
        else:
            level = None
    return LogLine(level.name if level else "", _after_pieces(line, at))


def _level_in(line: str, at: int) -> _Level | None:
    """Return the first level that a line names within 80 characters from `at`."""
    end = at + 80
    while word := _LEVEL_WORD.search(line, at, end):
        at = word.end()
        if name := _LEVELS.get(word[0]):
            return _Level(name, word.start(), at, False)
        if given := word["given"]:
            return _Level(_GIVEN_LEVELS[given[:4]], word.start(), at, True)
        if name := _BRACKETED_LEVELS.get(word["bracketed"]):
            return _Level(name, word.start() + 1, at, False)
    return None


def _leads(line: str, level: _Level) -> bool:
    """Tell whether a level without a timestamp is one: it comes first, and "I tried" is no line of level I."""
    if line[0] not in "[(" and (level.end - level.start == 1 or level.start > 2):
        return False
    return not line[level.end : level.end + 1].strip(" :]|[-)\t")


def _after_pieces(line: str, at: int) -> str:
    """Return what is left of a log line behind thread, logger and the like."""
    pieces = _PIECES.match(line, at)
    return line[pieces.end() if pieces else at :].strip(" -|\t")
