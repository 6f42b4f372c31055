"""Secrets in command lines that no name shows: `curl -u user:…`, `mysql -p…`, `sshpass -p …`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_opaque, is_stand_in

_ARGUMENT = r"""(?:"(?P<double>[^"\n]{1,200})"|'(?P<single>[^'\n]{1,200})'|(?P<plain>[^\s"'\\;|&<>`]{1,200}))"""
_LONGEST_LINE = 4_000


class _Option(NamedTuple):
    """Patterns of some commands and of those of their options whose argument is a password, or a user and one."""

    command: str
    argument: str


def _option(commands: str, flags: str, gap: str = r"[ =]{1,3}") -> _Option:
    return _Option(rf"(?<![\w-])(?:{commands})(?:\.exe)?[ \t]", rf"[ \t](?:{flags}){gap}{_ARGUMENT}")


_LOGINS = (
    "(?:docker|podman|helm registry|nerdctl|crane auth|oc|az|az acr|cf|skopeo|buildah|argocd|docker-compose) login|"
    "mc alias set|influx|mongosh?|mongodump|mongorestore|mongoexport|mongoimport|rabbitmqadmin|mosquitto_(?:pub|sub)|"
    "ipmitool|clickhouse-client|couchbase-cli|twine upload|flit publish|poetry publish"
)
_PASSWORDS = (
    _option("sshpass", "-p", r" ?"),
    _option("mysql|mysqldump|mysqladmin|mariadb|mysqlimport|mysqlcheck|mariadb-dump|mycli", "-p", r""),
    _option("redis-cli|valkey-cli|keydb-cli", "-a|--pass"),
    _option(_LOGINS, "-p|-P|--pw|-pw"),
    _option("sqlcmd|bcp|isql|osql|tsql|mssql-cli|freebcp|ipmitool|mosquitto_(?:pub|sub)", "-P", r" ?"),
    _option("ldapsearch|ldapadd|ldapmodify|ldapwhoami|ldappasswd|ldapdelete", "-w", r" ?"),
    _option("plink|pscp|psftp|putty", "-pw"),
    _option("htpasswd", r"-[a-zA-Z]{0,4}b[a-zA-Z]{0,4}(?: \S{1,100}){1,2}", r" "),
    _option("openssl", "-(?:pass|passin|passout|k)", r" (?:pass:)?"),
    _option("keytool|jarsigner", "-(?:storepass|keypass|srcstorepass|deststorepass)"),
    _option("snmpwalk|snmpget|snmpset|snmpbulkwalk", "-(?:c|A|X)"),
    _option("zip|unzip|7z|7za|rar|unrar", "-(?:P|p|hp)", r" ?"),
    _option("cmdkey|net use|psexec|wmic|xfreerdp|rdesktop", r"(?:/pass:|/p:|-p )", r""),
)
_USERS = _option(
    "curl|https?|xh|wget|httpie|ab|lftp|smbclient|rpcclient|winexe|siege",
    "-u|--user|-a|--auth|--proxy-user|-U|-A|--userpwd|--oauth2-bearer",
    r"(?: ?=? ?)",
)
_USER_SECRET = re.compile(r"[^\s:%,]{0,100}[:%,](?P<secret>[^\s]{1,200})\Z")
# One of these flags and one of these words are on every line that has an option: two cheap looks.
_FLAG = re.compile(r"[ \t](?:-[apuwPUAckXhb]|--(?:user|auth|pass|pw|proxy-user|oauth2)|/p)")
_COMMANDS = (
    *(
        "sshpass mysql maria mycli -cli docker podman helm mongo sqlcmd bcp isql osql tsql mssql ldap plink pscp psftp "
        "putty htpasswd openssl keytool jarsigner snmp 7z cmdkey psexec rdp rdesktop wmic curl wget lftp smbclient "
        "rpcclient argocd influx mosquitto skopeo buildah nerdctl crane ipmitool httpie clickhouse couchbase winexe "
        "siege rabbitmqadmin twine publish"
    ).split(),
    *("oc login", "az login", "az acr", "cf login", "net use", "http -", "https -", "xh -", "ab -", "mc alias"),
    *("rar ", "zip -"),
)


def find_arguments(text: str) -> list[Span]:
    """Return the passwords among the arguments of the commands in `text`."""
    found: list[Span] = []
    if " -" not in text and " /p" not in text and "\t" not in text:
        return found
    done = 0
    for flag in _FLAG.finditer(text):
        if flag.start() < done:
            continue
        start = text.rfind("\n", 0, flag.start()) + 1
        end = text.find("\n", flag.end())
        done = end if end != -1 else len(text)
        line = text[start:done]
        if len(line) <= _LONGEST_LINE and any(command in line for command in _COMMANDS):
            for option in _PASSWORDS:
                found += _passwords(option, line, start)
            found += _users(line, start)
    return found


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return an option's pattern: few texts have command lines with passwords."""
    return re.compile(pattern)


def _arguments(option: _Option, line: str) -> list[tuple[int, int]]:
    command = _compiled(option.command).search(line)
    if command is None:
        return []
    matches = _compiled(option.argument).finditer(line, command.end() - 1)
    return [match.span(match.lastgroup) for match in matches if match.lastgroup]


def _passwords(option: _Option, line: str, offset: int) -> list[Span]:
    return [
        Span(offset + start, offset + end, "password", Rank.PLACE)
        for start, end in _arguments(option, line)
        if _is_password(line[start:end])
    ]


def _users(line: str, offset: int) -> list[Span]:
    """Return what stands behind the colon of `user:password`, or a lone token."""
    found = []
    for start, end in _arguments(_USERS, line):
        pair = _USER_SECRET.match(line, start, end)
        if pair:
            start = pair.start("secret")  # noqa: PLW2901 (the option goes on there)
        if _is_password(line[start:end]) and (pair or is_opaque(line[start:end], 12)):
            found.append(Span(offset + start, offset + end, "password", Rank.PLACE))
    return found


def _is_password(value: str) -> bool:
    value = value.rstrip("`,;.)。、，")
    return not (not value or is_stand_in(value) or value.startswith("-"))
