"""Values in a line: those of fields that vary, and quoted ones."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.paste.facts.shapes import errorish
from bot.paste.varying.vendors import masked
from bot.paste.varying.wire import NO_NAME, is_wire_word

# `key: value`, `key=value`, `"key": "value"`, `'key' => 'value'`
_KEY = re.compile(r"(?a)(?<![A-Za-z0-9_])([A-Za-z][\w.-]{0,60})([\"']?\s?(?:=>|:=|=|:)\s?)")
_VALUE = re.compile(r"\"[^\"]{0,500}\"|'[^']{0,500}'|\[[^\[\]]{0,200}\]|[^\s,;&|(){}<>\[\]\"']{1,300}|\{[a-z]{1,6}\}")
_VARYING_KEYS = frozenset(
    """
    time timestamp ts date datetime exp iat nbf expires expiry expiresat expiresin expiredat expireat now duration
    elapsed latency took age skew delta serverdate servertime clienttime currenttime
    host hostname server ip ipaddress addr address remoteaddr clientip remote client instance node pod container
    namespace region zone path uri url file filename endpoint referrer referer caller source pid tid thread line port
    db database dbname datname request requestline instanceurl href link location upstream peer
    user username usr login loginname email mail account upn sub subject principal tenant realm owner org organization
    organisation project bucket repo repository customer member actor caller device application app appname
    nonce hash digest etag ray cfray kid signature sig fingerprint checksum version attempt attempts retry retries
    retryafter count size length seq sequence offset nr span trace xtrace build release commit traceparent useragent
    cn dn ou serial accessor conn session sessionid appid corpid openid unionid mchid appkey logid workspace thread
    team guild channel shard cluster service svc deployment image redirecturi callback callbackurl returnurl
    logname ruser rhost euid egid tty wdir
    """.split()
)
_VARYING_ENDINGS = (
    "_id",
    "-id",
    ".id",
    "_ids",
    "uuid",
    "guid",
    "_at",
    "_time",
    "-time",
    "timestamp",
    "_host",
    "_user",
    "_ip",
)
# What is left of a value that a sign cut: a port, a unit.
_REST = re.compile(r"(?::\d{1,5}(?!\d))?(?: ?(?:ms|secs?|seconds?|mins?|minutes?|hours?|days?|bytes|attempts?)\b)?")
_TOLD_NAMES = tuple(
    f"{what}name"
    for what in (
        "code error exception class method function header param parameter event field rule claim permission operation"
        " action scheme policy type"
    ).split()
)
_IDS = frozenset("id ids rid uid gid oid cid sid requestid traceid reqid logid xrequestid correlationid".split())
_WHO = frozenset("user username usr login loginname email upn account principal member".split())

_QUOTED = re.compile(
    r"(?<![A-Za-z0-9])'([^']{1,200})'(?![A-Za-z0-9])|\"([^\"]{1,300})\"|`([^`]{1,200})`|“([^”]{1,200})”|‘([^’]{1,200})’|「([^」]{1,200})」"
)
# What tells the error: a quoted word behind it is no name.
TELLS: Final = re.compile(
    r"(?i)(?:error|code|type|exception|reason|message|msg|detail|description|title|status|rule|result|verdict|event"
    r"|错误|原因)[\"']?\s?\W{0,3}$"
)


def without_values(line: str) -> str:
    """Return `line` with the values of fields that vary as {value}, such as those of `"request_id": "…"`, `user=al`.

    A vendor's domain in them stays: it says whose error it is.
    """
    parts: list[str] = []
    at = 0
    while key := _KEY.search(line, at):
        parts.append(line[at : key.end()])
        at = key.end()
        if not is_varying_key(key[1]):
            continue
        value = _VALUE.match(line, at)
        if value and (_is_data(key[2]) or _is_name(key[1], value[0])):
            parts.append(masked(value[0], "{value}"))
            at = value.end()
            if rest := _REST.match(line, at):
                at = rest.end()
    return "".join(parts) + line[at:]


@lru_cache(4096)
def is_varying_key(key: str) -> bool:
    """Tell whether the value of a field of this name differs from one occurrence of an error to the next."""
    folded = key.lower()
    bare = re.sub(r"[._-]", "", folded)
    if bare.startswith(("err", "msg", "message")):
        return False
    return (
        bare in _VARYING_KEYS
        or bare in _IDS
        or folded.endswith(_VARYING_ENDINGS)
        or key.endswith(("Id", "ID", "Ids", "At", "Time", "No", "Number"))
        or (bare.endswith("name") and bare != "name" and not bare.endswith(_TOLD_NAMES))
    )


def _is_data(sign: str) -> bool:
    """Whether the sign after a key is one of data (`=`, `":`), not a colon of a sentence ("server: not found")."""
    return "=" in sign or sign[0] in "\"'"


def _is_name(key: str, value: str) -> bool:
    if value.endswith(":"):  # "the server: x509: …": the sentence goes on
        return False
    if value[0] in "\"'[{" or not value.isalpha():
        return True
    is_id = key.lower() in _IDS or key.lower().endswith(_VARYING_ENDINGS) or key.endswith(("Id", "ID"))
    return (key.lower() in _WHO or is_id) and bool(re.match(NO_NAME, value, re.IGNORECASE))


def without_quoted(line: str) -> str:
    """Return `line` with quoted names and values as {value}; sentences, words of protocols and codes stay."""
    return _QUOTED.sub(_quoted, line)


def _quoted(found: re.Match[str]) -> str:
    inner = next(group for group in found.groups() if group is not None)
    before, after = (
        found.string[max(0, found.start() - 40) : found.start()],
        found.string[found.end() : found.end() + 3],
    )
    is_key = after.lstrip().startswith((":", "=")) and before.rstrip()[-1:] in ("", "{", ",", "[", "(")
    is_value = before.rstrip()[-2:] in ('":', "':", "=>") or before.endswith("=")
    is_sentence = inner.count(" ") >= 2 or not any(sign.isalnum() for sign in inner)
    is_phrase = " " in inner and (inner.islower() or errorish(inner))
    if is_key or is_value or is_sentence or is_phrase or is_wire_word(inner) or TELLS.search(before):
        return found[0][0] + _QUOTED.sub(_quoted, inner) + found[0][-1]  # quotes in quotes: each kind once
    if re.fullmatch(r"[A-Z]{0,12}[-_]?\d{2,10}", inner) or not inner.isascii():
        return found[0]
    return masked(inner, "{value}")
