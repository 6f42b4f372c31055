"""Parameters: named values in running text that an answer may show, such as the redirect URI that was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.facts.fields import field, scopes
from bot.paste.facts.shapes import value_of
from bot.paste.models import Fact

_MOST = 40
_NAMES = (
    "redirect_?ur[il]|client_?id|app_?id|audience|issuer|tenant|realm|bucket|project|model|region|role|account|principal|"
    "organization|grant_?type|response_?type|scopes?|required_?scopes?|resource|user|username"
)
_ASSIGNED = re.compile(
    rf"(?<![\w.$/-])(?P<key>{_NAMES})[\"'`]?\s{{0,2}}(?P<sep>=|:|-->|->)\s{{0,2}}[\"'`]?(?P<value>[^\s\"'`,;&)}}\]<>]{{2,200}}+)", re.IGNORECASE
)
_QUOTED = re.compile(
    r"\b(?P<key>user|role|account|database|tenant|model|bucket|realm|audience|issuer|resource|project|client|application|scope|permission|redirect_uri|redirect URI|organization|region)"
    r"(?: (?:named|id|name|ID))?:?\s(?P<mark>[\"'`])(?P<value>[^\"'`\n]{1,200})(?P=mark)",
    re.IGNORECASE,
)
_AWS = re.compile(r"\bUser: (?P<principal>\S{3,250}) is not authorized to perform: (?P<action>[\w:*-]{3,100})(?:[^\n]{0,40}? on resource: (?P<resource>[^\s\"',]{1,300}))?")
_IP = re.compile(r"(?:from (?:your )?ip|invalid ip|client ip|ip address|clientip|来源 ?ip|ip 地址|IP地址|当前 ?ip)[: ]{1,3}(?P<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7}|\[ip\])", re.IGNORECASE)
_AT_HOST = re.compile(r"\buser '(?P<user>[^'\n]{1,80})'@'(?P<host>[^'\n]{1,100})'")
_SCOPES = re.compile(r"(?:required scopes?|missing scopes?|scopes? required|invalid scopes?|requires? (?:one of )?the scopes?)\W{1,4}(?P<value>[\w.:/*, ]{3,200})", re.IGNORECASE)
_KINDS = {"client": "client_id", "application": "app_id", "redirect uri": "redirect_uri", "permission": "action"}


def params(text: str) -> Iterator[Fact]:
    """Yield the named values of a decoded text."""
    found = 0
    for fact in _all(text):
        yield fact
        found += 1
        if found >= _MOST:
            return


def _all(text: str) -> Iterator[Fact]:
    for match in _ASSIGNED.finditer(text):
        value = match["value"].rstrip(".")
        if match["sep"] == ":" and match["key"].lower() in ("user", "role", "resource", "account", "project", "model", "scope", "scopes"):
            if not re.search(r"[_\d./@:-]", value):
                continue  # "user: hello" is a chat, "model: new" a sentence
        if "(" not in value and "$" not in value and not value.startswith(("[", "{")):
            yield from field(match["key"], value, erring=False)
    for match in _QUOTED.finditer(text):
        key = match["key"].lower()
        if key in ("scope", "permission") and key == "scope":
            yield from scopes(match["value"], key)
        elif value := value_of(match["value"]):
            yield Fact("param", value, _KINDS.get(key, key))
    if " is not authorized to perform" in text:
        for match in _AWS.finditer(text):
            for name in ("principal", "action", "resource"):
                if match[name] and (value := value_of(match[name].rstrip("."))):
                    yield Fact("param", value, name)
    for match in _AT_HOST.finditer(text):
        yield Fact("param", match["user"], "user")
        yield Fact("param", match["host"], "host")
    for match in _IP.finditer(text):
        if match["ip"] != "[ip]":
            yield Fact("param", match["ip"], "ip")
    for match in _SCOPES.finditer(text):
        for fact in scopes(match["value"].partition(". ")[0].rstrip("."), "scope"):
            if re.search(r"[_.:/]", fact.value):
                yield fact
