"""Lines: what each line of a text is (frame, header, log line, code, prose), and what a logger put before its message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.paste.models import BlockKind

# One alternation a line, tried at its start; the name of the group that matched says what the line is.
_KINDS = re.compile(
    r"""[ \t]*+(?:
      (?P<frame>at\s(?:async\s)?[\w$.<>\[\]/@ *-]{1,200}[(:]|at\s(?:file|https?|node):|at\s/|at\s[\w.$]{2,120}\b|File\s"[^"\n]{1,300}",\sline\s\d
        |\#\d{1,3}\s|\.\.\.\s\d{1,4}\s(?:more|common)|goroutine\s\d|from\s[^\s:]{1,200}:\d{1,6}:in|stack\sbacktrace|Stack\strace:
        |---\sEnd\sof|created\sby\s[\w./]{3,}|\d{1,3}:\s+0x|[\w./-]{1,200}\.go:\d{1,6}\s\+0x|\^{2,}|~{3,}|[\w./\\-]{1,200}\.(?:rb|py|js|ts|php):\d{1,6}:in\s)
    | (?P<trace>Traceback\s\(most\srecent|Caused\sby:|--->|During\shandling\sof|The\sabove\sexception|panic:|thread\s'|Unhandled\sexception
        |Exception\sin\sthread|Uncaught\s|PHP\s(?:Fatal|Warning|Parse)|Fatal\serror:\s)
    | (?P<http>(?:<\s|\*\s)?HTTP/\d(?:\.\d)?\s\d{3}\b|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s\S{1,500}\sHTTP/\d
        |[<*]\s[A-Za-z][\w-]{1,60}:\s|[*]\s(?:Connected|Server\sauth|Issue\sanother|Authentication|SSL|Host|Trying)
        |(?i:www-authenticate|proxy-authenticate|authorization|x-[a-z-]{2,40}|content-type|user-agent|set-cookie|cache-control|host|accept|date|server|retry-after):\s)
    | (?P<markup><(?i:!doctype|\?xml|/?[a-z][\w:.-]{0,40})[\s/>])
    | (?P<sql>ERROR\s\d{4}\s\(|(?:psql|pq|mysql):\s|\(?\w{2,30}\.(?:Operational|Programming|Interface|Internal)Error\)|SQLSTATE|ORA-\d{5}
        |(?:FATAL|DETAIL|HINT):\s\s|Msg\s\d{3,5},)
    | (?P<grpc>rpc\serror:\scode|<_?\w{0,20}(?:RPC|Rpc)|status\s=\sStatusCode\.|details\s=\s"|debug_error_string)
    | (?P<log>\[?(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?/[A-Z][a-z]{2}/\d{4}|[A-Z][a-z]{2},?\s\d\d?\s[A-Z]?[a-z]{0,2}|[A-Z][a-z]{2}\s+\d\d?|\d\d?:\d\d:\d\d|\d{6}-\d\d:)
          [T\s:]?\s?[^\n]{0,12}?\d\d:\d\d
        |\[?\d\d?:\d\d:\d\d[\].,\s]
        |\[(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|SYS|GIN|CRITICAL|E|W|I)\b
        |(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|SEVERE|ERRO)(?:\s{2,}|:\s?[\w.]{1,40}:|\s\[|\s[\w.]{3,60}:)
        |level=\w|ts=\d|time=["\d]|npm\s(?:ERR!|error|WARN|http)|remote:\s|[IWEF]\d{4}\s\d\d:\d\d)
    | (?P<said>(?:fatal|error|err|failed|failure|错误|报错|异常|错误信息|报错信息|エラー)\b?\s?(?:\[[^\]\n]{1,40}\])?[:：]
        |Error(?:\s[\w-]{1,30}){0,3}:|[✘✖×✕]\s|Error\s\d{3}\b|[45]\d\d\s[A-Z])
    | (?P<code>(?:import|from)\s[\w.{*@"']{1,80}|(?:const|let|var|def|class|func|function|public|private|protected|static|using|use|package|async|await|return|
        throw|raise|except|catch|try|if|elif|else|for|while|with|new|export|echo|print|\#include|@\w{2,30}|\$\w{1,40}\s?(?:=|->)|//|/\*|\}|\)|\{|\];?)\b?(?=[\s({;:,)>\]\[=.$@]|\Z)
        |curl\s|wget\s|[\w.\[\]"']{1,60}\s?(?:=|:=|\+=)\s?[\w"'({\[$&*<`-]|-H\s["']|--?[a-z][\w-]{1,30}\s["'])
    | (?P<form>["'`*-]{0,3}\s?[A-Za-z][A-Za-z0-9_.-]{0,40}(?:\s[A-Za-z]{1,20}){0,2}["'`*]{0,2}\s?(?::|=)\s*\S)
    )""",
    re.VERBOSE,
)
_STAMP = re.compile(
    r"""[\[(]?(?:
      \d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]|\s-\s)\d\d:\d\d(?::\d\d)?(?:[.,:]\d{1,9})?(?:\s?(?:Z|UTC|GMT|[A-Z]{3,4}\b|[+-]\d\d:?\d\d))?
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
_LEVEL = re.compile(
    r"(?<![A-Za-z_])(?:(?P<bad>ERROR|ERRO|ERR|FATAL|CRITICAL|CRIT|SEVERE|PANIC|ALERT|EMERG|EXCEPTION|FAIL|E)|(?P<warn>WARN(?:ING)?|W)"
    r"|(?P<good>TRACE|DEBUG|DEBU|INFO|NOTICE|SYS|GIN|LOG|VERBOSE|D|I))(?![A-Za-z_!'])"
    r"|(?<=[\[.])(?P<bad2>error|fatal|critical|crit|alert)(?=\])|(?<=[\[.])(?P<warn2>warn(?:ing)?)(?=\])|(?<=[\[.])(?P<good2>info|debug|notice|trace)(?=\])"
    r"|\blevel=\"?(?:(?P<bad3>error|fatal|panic|crit\w*)|(?P<warn3>warn\w*)|(?P<good3>info|debug|trace))\b"
)
_PIECE = re.compile(
    r"[\]):|\s>*]{1,20}+|---?\s|\[[^\]\n{]{0,120}\]|\d{1,10}#\d{1,10}:|\*\d{1,12}\s|\d{2,10}(?=[\s\])])|local\.|\{\d\}"
    r"|(?:[A-Za-z_$][\w$]{0,60}(?:[./][\w$#<>-]{1,60}){1,10})(?:\[\d{1,9}\])?(?=\s{0,30}[:\-\]|])(?!:\s?[A-Z]\w{3,40}Error)"
    r"|(?:[\w.-]{1,40}\[\d{1,9}\])(?=:)|stdout\b|stderr\b|MainThread(?=:)|[a-z][\w.-]{1,40}\.[\w-]{1,40}(?=\s-\s)"
)
_SYSLOG = re.compile(r"\s?[\w.-]{1,60}\s[\w./-]{1,60}(?:\[\d{1,9}\])?:\s")
_NPM = re.compile(r"(?:npm (?:ERR!|error|WARN)|remote:)\s?")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log line: its level ("" where it has none) and its message."""

    level: str  # error | warning | info | ""
    message: str


def kind_of(line: str) -> str:
    """Return what a line is by how it begins: a block kind, `frame` (of a stack), `trace` or `said` (an error told)."""
    match = _KINDS.match(line[:600])
    return match.lastgroup or "prose" if match else "prose"


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
    if tool := _NPM.match(line):
        return LogLine("error" if "ERR" in tool[0] or "error" in tool[0] else "", line[tool.end() :].strip())
    stamp = _STAMP.match(line)
    at = stamp.end() if stamp else 0
    level = _LEVEL.search(line, at, at + 80)
    if level is None and stamp is None:
        return None
    if level and stamp is None and level.start() > 2 and not line.startswith(("[", "(", "level=", "time=", "ts=")):
        return None
    if level:
        at = level.end()
    elif host := _SYSLOG.match(line, at):
        at = host.end()
        if inner := _LEVEL.match(line, at):
            level, at = inner, inner.end()
    if stamp is None and level and not line[at : at + 1].strip(" :]|[-)\t"):
        pass
    elif stamp is None:
        return None
    for _ in range(8):
        piece = _PIECE.match(line, at)
        if piece is None or piece.end() == at:
            break
        at = piece.end()
    return LogLine(_level(level), line[at:].strip(" -|\t"))


def _level(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    name = match.lastgroup or ""
    return "error" if name.startswith("bad") else "warning" if name.startswith("warn") else "info"
