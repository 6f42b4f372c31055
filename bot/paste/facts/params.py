"""Parameters: values that sentences name, such as the user, the role or the address, and that an answer may show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.paste.facts.fields import scopes
from bot.paste.facts.shapes import value_of
from bot.paste.models import Fact

_MOST = 40
# What a quoted value is by the word before it.
_KINDS = {
    **{name: name for name in "user role account database tenant model bucket realm audience issuer resource".split()},
    **{name: name for name in "project organization region redirect_uri action".split()},
    **{"uri": "redirect_uri", "client": "client_id", "application": "app_id", "permission": "action"},
}
_QUOTED = re.compile(r" [\"'`](?:(?<=[A-Za-z] .)|(?<=[A-Za-z]: .))(?=(?P<value>[^\"'`\n]{1,200}+)[\"'`])")
_KEY_BEFORE = re.compile(r"\s:?(?:(?:deman|di|eman|DI|IRU) )?([A-Za-z_]{3,14}+)")  # read backwards
_AWS = re.compile(
    r"User: (?P<principal>\S{3,250}) is not authorized to perform: (?P<action>[\w:*-]{3,100})(?:[^\n]{0,40"
    r"}? on resource: (?P<resource>[^\s\"',]{1,300}))?"
)
_IP = re.compile(
    r"(?i:from (?:your )?ip|invalid ip|client ip|ip address|来源 ?ip|ip 地址|ip地址"
    r"|当前 ?ip)[: ]{1,3}(?P<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7})"
)
_AT_HOST = re.compile(r"user '(?P<user>[^'\n]{1,80})'@'(?P<host>[^'\n]{1,100})'")
# Both begin with one letter, so that the scan runs at the engine's speed.
_SCOPES = re.compile(
    r"[RrMmSsIi](?i:(?<=r)equired scopes?|(?<=m)issing scopes?|(?<=s)copes? required|(?<=i)nvalid scopes?"
    r"|(?<=r)equires? (?:one of )?the scopes?)\W{1,4}(?P<value>[\w.:/*, ]{3,200})"
)
_REQUEST_ID = re.compile(
    r"[RrTtCcLl](?:(?i:(?<=r)equest|(?<=t)race|(?<=c)orrelation|(?<=l)og)[ _-]?(?i:id)[\"'`]?\s?[:=(]\s{0,2}[\"'`]?"
    r"(?P<id>[\w:.=/;-]{6,120})|(?<=\br)id: (?P<rid>[\w-]{6,60}))"
)
_IP_WORDS = ("from ip", "your ip", "invalid ip", "client ip", "ip address", "来源", "ip地址", "ip 地址", "当前")
_ID_OWNERS = ("request", "trace", "correlation", "log")
_SEPARATED = re.compile(r"[_.:/]")


def params(text: str) -> Iterator[Fact]:
    """Yield the values that the sentences of a decoded text name."""
    return islice(_all(text), _MOST)


def _all(text: str) -> Iterator[Fact]:
    for match in _QUOTED.finditer(text):
        at = match.start()
        yield from _quoted(text[max(0, at - 24) : at + 1], match["value"])
    if "'@'" in text:
        for match in _AT_HOST.finditer(text):
            yield Fact("param", match["user"], "user")
            yield Fact("param", match["host"], "host")
    if " is not authorized to perform" in text:
        for match in _AWS.finditer(text):
            named = ((name, given.rstrip(".")) for name, given in match.groupdict().items() if given)
            yield from (Fact("param", value, name) for name, given in named if (value := value_of(given)))
    yield from _spoken(text, text.lower())


def _spoken(text: str, low: str) -> Iterator[Fact]:
    """Yield the addresses, scopes and request ids that are named with a few words."""
    if ("ip" in low or not text.isascii()) and any(words in low for words in _IP_WORDS):
        yield from (Fact("param", match["ip"], "ip") for match in _IP.finditer(text))
    if "scope" in low:
        for match in _SCOPES.finditer(text):
            named = scopes(match["value"].partition(". ")[0].rstrip("."), "scope")
            yield from (fact for fact in named if _SEPARATED.search(fact.value))
    if "rid: " in low or any(
        f"{owner}{mark}id" in low for owner in _ID_OWNERS if owner in low for mark in (" ", "_", "-", "")
    ):
        ids = ((match["id"] or match["rid"]).rstrip(".") for match in _REQUEST_ID.finditer(text))
        yield from (Fact("request-id", given, "request id") for given in ids if any(map(str.isdigit, given)))


def _quoted(before: str, given: str) -> Iterator[Fact]:
    """Yield the parameter that a quoted value is by the word before it: user "x", scope 'y'."""
    match = _KEY_BEFORE.match(before[::-1])
    key = match[1][::-1].lower() if match else ""
    if key == "scope":
        yield from scopes(given, key)
    elif key in _KINDS and (value := value_of(given)):
        yield Fact("param", value, _KINDS[key])
