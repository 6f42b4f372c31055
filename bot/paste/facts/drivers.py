"""Drivers: what databases, directories, brokers and gRPC print in forms of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.paste.models import Fact

_GRPC_NAMES = (
    "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED "
    "RESOURCE_EXHAUSTED "
    "FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED"
)
_UPPER = _GRPC_NAMES.replace(" ", "|")
_RPC = re.compile(r"code = (?P<code>[A-Za-z]{2,24})\s{1,3}desc = (?P<desc>[^\n]{1,1000})")
_STATUS_CODE = re.compile(rf"\bStatusCode\.(?P<code>{_UPPER})\b")
_DETAILS = re.compile(r"^[ \t]*details = \"(?P<details>[^\"\n]{1,1000})\"", re.MULTILINE)
_GRPC_NAMED = re.compile(
    rf"(?:StatusRuntimeException|StatusException|RpcError|RpcException|grpc[^\n:]{{0,30}}"
    rf"|status): (?P<code>{_UPPER}): (?P<desc>[^\n]{{1,1000}})"
)
_GRPC_NODE = re.compile(
    rf"^(?:Error: )?(?P<number>\d{{1,2}}) (?P<code>{_UPPER}): (?P<desc>[^\n]{{1,1000}})", re.MULTILINE
)

_MYSQL = r"ERROR (?P<code>\d{4})(?: \((?P<state>[0-9A-Z]{5})\))?(?: \([\w .]{1,20}\))?: (?P<message>[^\n]{1,1000})"
_TUPLE = r"\((?P<code>\d{4}), [bu]?(?P<quote>[\"'])(?P<message>[^\n]{1,1000}?)(?P=quote)\)"
_PDO = r"\bSQLSTATE\[(?P<state>[0-9A-Z]{5})\](?: \[(?P<code>\d{3,5})\])?:? ?(?P<message>[^\n]{0,1000})"
_STATE = r"(?:SQLSTATE|SQL ?[Ss]tate)[:= ]{1,3}\"?(?P<state>[0-9A-Z]{5})\b"
_BARE_STATE = r"\((?P<state>28000|28P01|42501|3D000|08004)\)"
_SEVERITY = r"(?P<level>FATAL|PANIC|ERROR):  (?P<message>[^\n]{1,1000})"
_TOOL_NAMES = "pq psql pgx mssql redis ldap kinit su sudo ssh sftp scp rsync wget docker kubectl".split()
# Begins with the colon, which is looked for at the engine's speed; the name is read behind it.
_SPOKE = "|".join(rf"(?<=(?<![\w-]){name}: )" for name in _TOOL_NAMES)
_TOOL = rf": (?:{_SPOKE})(?:error: )?(?P<message>[^\n]{{1,1000}})"
_ORACLE = r"\bORA-\d{4,5}: (?P<message>[^\n]{1,500})"
_MSSQL = r"(?:Msg (?=\d{3,5}, Level)|\(SQL Server error:? (?=\d{3,5}\))|Error: (?=18\d{3}, Severity))(?P<code>\d{3,5})"
_REDIS = r"\b(?P<code>NOAUTH|WRONGPASS|NOPERM)\b(?P<message> [^\n]{1,300})?"
_LDAP = r"LDAP: error code (?P<code>\d{1,3}) - (?P<message>[^\n\]]{1,300})"
_AMQP = r"\b(?P<code>ACCESS_REFUSED|NOT_ALLOWED) - (?P<message>[^\n]{1,500})"
_SMTP = r"\b(?P<code>[45]\d\d)[ -](?P<state>[45]\.7\.\d{1,3}) (?P<message>[^\n]{1,500})"

# What a text has to have for a form to be looked for (nothing where the form begins with a rare sign), the form, and
# the key of its code.
_FORMS = (
    (("ERROR ",), _MYSQL, "errno"),
    (("(1", "(2"), _TUPLE, "errno"),
    (("SQLSTATE[",), _PDO, "errno"),
    (("SQLSTATE", "SQL state", "SQL State", "SQLState"), _STATE, "sqlstate"),
    ((), _BARE_STATE, "sqlstate"),
    (("Msg ", "Server error", "Severity"), _MSSQL, "error"),
    ((":  ",), _SEVERITY, "error"),
    ((), _TOOL, "error"),
    (("ORA-",), _ORACLE, "error"),
    (("NOAUTH", "WRONGPASS", "NOPERM"), _REDIS, "error"),
    (("LDAP: error",), _LDAP, "ldap"),
    (("ACCESS_REFUSED", "NOT_ALLOWED"), _AMQP, "amqp"),
    ((".7.",), _SMTP, "smtp"),
)
_ANY_SIGN = re.compile("|".join(re.escape(sign) for signs, _, _ in _FORMS for sign in signs))


def grpc(text: str) -> Iterator[Fact]:
    """Yield the facts of gRPC statuses as Go, Python, Java, Node and curl print them."""
    if "code = " in text:
        for match in _RPC.finditer(text):
            yield Fact("code", match["code"], "code")
            yield Fact("message", match["desc"].strip().rstrip("\"'"), "desc")
    if "StatusCode." in text:
        for match in _STATUS_CODE.finditer(text):
            yield Fact("code", match["code"], "status")
        for match in _DETAILS.finditer(text):
            yield Fact("message", match["details"], "details")
    if "UNA" in text or "PERMISSION" in text or "INVALID_" in text:
        for pattern in (_GRPC_NAMED, _GRPC_NODE):
            for match in pattern.finditer(text):
                yield Fact("code", match["code"], "status")
                yield Fact("message", match["desc"].strip(), "desc")


def drivers(text: str) -> Iterator[Fact]:
    """Yield the facts of database drivers, directories, brokers and mail servers."""
    signed = _ANY_SIGN.search(text) is not None
    for signs, pattern, key in _FORMS:
        if not signs or (signed and any(sign in text for sign in signs)):
            for match in _compiled(pattern).finditer(text):
                yield from _stated(match.groupdict(), key)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a form's pattern: most texts need none of them."""
    return re.compile(pattern)


def _stated(said: dict[str, str | None], key: str) -> Iterator[Fact]:
    if code := said.get("code"):
        yield Fact("code", code, key)
    if state := said.get("state"):
        yield Fact("code", state, "sqlstate")
    message = (said.get("message") or "").strip()
    if message:
        yield Fact("message", message, (said.get("level") or "message").lower())
