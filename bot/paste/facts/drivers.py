"""Drivers: what databases, directories, brokers and gRPC print in forms of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.models import Fact

_GRPC_NAMES = (
    "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED "
    "FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED"
)
_UPPER = _GRPC_NAMES.replace(" ", "|")
_RPC = re.compile(r"code = (?P<code>[A-Za-z]{2,24})\s{1,3}desc = (?P<desc>[^\n]{1,1000})")
_STATUS_CODE = re.compile(rf"\bStatusCode\.(?P<code>{_UPPER})\b")
_DETAILS = re.compile(r"^[ \t]*details = \"(?P<details>[^\"\n]{1,1000})\"", re.MULTILINE)
_GRPC_NAMED = re.compile(rf"(?:StatusRuntimeException|StatusException|RpcError|RpcException|grpc[^\n:]{{0,30}}|status): (?P<code>{_UPPER}): (?P<desc>[^\n]{{1,1000}})")
_GRPC_NODE = re.compile(rf"^(?:Error: )?(?P<number>\d{{1,2}}) (?P<code>{_UPPER}): (?P<desc>[^\n]{{1,1000}})", re.MULTILINE)

_MYSQL = re.compile(r"\bERROR (?P<code>\d{4})(?: \((?P<state>[0-9A-Z]{5})\))?(?: \([\w .]{1,20}\))?: (?P<message>[^\n]{1,1000})")
_TUPLE = re.compile(r"\((?P<code>\d{4}), [bu]?(?P<quote>[\"'])(?P<message>[^\n]{1,1000}?)(?P=quote)\)")
_PDO = re.compile(r"\bSQLSTATE\[(?P<state>[0-9A-Z]{5})\](?: \[(?P<code>\d{3,5})\])?:? ?(?P<message>[^\n]{0,1000})")
_STATE = re.compile(r"\b(?:SQLSTATE|SQL ?state)[:= ]{1,3}\"?(?P<state>[0-9A-Z]{5})\b|\((?P<bare>28000|28P01|42501|3D000|08004)\)", re.IGNORECASE)
_SEVERITY = re.compile(r"\b(?P<level>FATAL|PANIC|ERROR):  (?P<message>[^\n]{1,1000})")
_PQ = re.compile(r"\b(?:pq|psql|pgx|mssql|mongo|redis|ldap|kinit|su|sudo|ssh|sftp|scp|rsync|curl|wget|docker|kubectl)(?:: error)?: (?P<message>[^\n]{1,1000})")
_ORACLE = re.compile(r"\bORA-\d{4,5}: (?P<message>[^\n]{1,500})")
_MSSQL = re.compile(r"\bMsg (?P<code>\d{3,5}), Level \d{1,2}, State \d{1,3}|\(SQL Server error:? (?P<other>\d{3,5})\)|\bError: (?P<third>18\d{3}), Severity")
_REDIS = re.compile(r"\b(?P<code>NOAUTH|WRONGPASS|NOPERM)\b(?P<message> [^\n]{1,300})?")
_LDAP = re.compile(r"\bLDAP: error code (?P<code>\d{1,3}) - (?P<message>[^\n\]]{1,300})|\b(?:result|err)[=:] ?(?P<number>\d{1,3}) (?:text|matched)")
_AMQP = re.compile(r"\b(?P<code>ACCESS_REFUSED|NOT_ALLOWED) - (?P<message>[^\n]{1,500})")
_SMTP = re.compile(r"\b(?P<code>(?:4|5)\d\d)[ -](?P<enhanced>[45]\.7\.\d{1,3}) (?P<message>[^\n]{1,500})")
_WHOSE = re.compile(
    r"(?:authentication failed for user|Access denied for user|Login failed for user|role|user)\s\"?'?(?P<user>[\w.@%$\-\\]{1,80})['\"]", re.IGNORECASE
)


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
    """Yield the facts of database drivers, directories and brokers."""
    if "ERROR" in text:
        for match in _MYSQL.finditer(text):
            yield from _stated(match["code"], match["state"], match["message"])
    if "(1" in text or "(2" in text:
        for match in _TUPLE.finditer(text):
            yield from _stated(match["code"], None, match["message"])
    if "SQL" in text or "28" in text or "42501" in text:
        for match in _PDO.finditer(text):
            yield from _stated(match["code"], match["state"], match["message"])
        for match in _STATE.finditer(text):
            yield Fact("code", match["state"] or match["bare"], "sqlstate")
        for match in _MSSQL.finditer(text):
            yield Fact("code", match["code"] or match["other"] or match["third"], "error")
    if ":  " in text:
        for match in _SEVERITY.finditer(text):
            yield Fact("message", match["message"].strip(), match["level"].lower())
    for match in _PQ.finditer(text):
        yield Fact("message", match["message"].strip(), "error")
    if "ORA-" in text:
        for match in _ORACLE.finditer(text):
            yield Fact("message", match["message"].strip(), "message")
    yield from _servers(text)


def _servers(text: str) -> Iterator[Fact]:
    if "NOAUTH" in text or "WRONGPASS" in text or "NOPERM" in text:
        for match in _REDIS.finditer(text):
            yield Fact("code", match["code"], "error")
            if match["message"]:
                yield Fact("message", match["message"].strip(), "error")
    if "LDAP" in text:
        for match in _LDAP.finditer(text):
            if match["code"]:
                yield Fact("code", match["code"], "ldap")
                yield Fact("message", match["message"].strip(), "ldap")
    if " - " in text:
        for match in _AMQP.finditer(text):
            yield Fact("code", match["code"], "amqp")
            yield Fact("message", match["message"].strip(), "amqp")
    if ".7." in text:
        for match in _SMTP.finditer(text):
            yield Fact("code", match["code"], "smtp")
            yield Fact("code", match["enhanced"], "smtp")
            yield Fact("message", match["message"].strip(), "smtp")


def _stated(code: str | None, state: str | None, message: str) -> Iterator[Fact]:
    if code:
        yield Fact("code", code, "errno")
    if state:
        yield Fact("code", state, "sqlstate")
    if message.strip():
        yield Fact("message", message.strip(), "message")
