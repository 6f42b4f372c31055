"""Fields: the facts of a named value, wherever it stood: in an object, a header, a query, a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.paste.blocks.structures import Structure
from bot.paste.blocks.values import Pairs, Value
from bot.paste.facts import keys
from bot.paste.facts.endpoints import endpoint_of
from bot.paste.facts.headers import header, is_header
from bot.paste.facts.shapes import LONGEST_VALUE, code_of, errorish, is_errorish_code, message_of, value_of
from bot.paste.models import Fact

_DEEPEST = 40
_HTTP_STATUS = re.compile(r"([1-5]\d\d)(?:\D|\Z)")
_SENTENCE = re.compile(r"\s|[\u3000-\u9fff]")
_SPLIT_RET = re.compile(r"([A-Z][A-Z0-9_]{3,60})::(.{1,300})", re.DOTALL)
_CLASS = re.compile(r"[A-Za-z_][\w.$\\:]{2,150}(?:Error|Exception|Fault)\Z")
_SCOPE_SEPARATOR = re.compile(r"[\s,+]+")
_SCOPE = re.compile(r"[A-Za-z0-9_][\w.:/*?&=%-]{1,150}\Z")


def structure_facts(structure: Structure) -> Iterator[Fact]:
    """Yield the facts of an object. `title="…" detail="…"` in a log needs no field of its own to tell an error."""
    return object_facts(structure.pairs, structure.dialect == "form" and errorish(structure.text))


def object_facts(pairs: Pairs, erring: bool = False, depth: int = 0) -> Iterator[Fact]:
    """Yield the facts of an object and those inside it. `erring`: an error was told around it already."""
    names = {keys.plain(key) for key, _ in pairs}
    erring = erring or not names.isdisjoint(keys.STRONG) or _failed(pairs)
    for key, value in pairs:
        yield from _valued(key, value, erring, depth)


def _failed(pairs: Pairs) -> bool:
    return any(
        isinstance(value, str)
        and (
            (keys.plain(key) in keys.STATUSES and value[:1] in ("4", "5") and len(value) == 3)
            or (key.lower() in ("level", "severity", "lvl") and value.lower() in ("error", "fatal", "critical", "err"))
        )
        for key, value in pairs
    )


def _valued(key: str, value: Value, erring: bool, depth: int) -> Iterator[Fact]:
    if isinstance(value, str):
        yield from field(key, value, erring)
    elif depth < _DEEPEST and isinstance(value, tuple):
        yield from object_facts(value, erring or keys.plain(key) in keys.STRONG, depth + 1)
    elif depth < _DEEPEST and isinstance(value, list):
        for item in value:
            yield from _valued(key, item, erring, depth + 1)


@lru_cache(maxsize=512)
def is_read(key: str) -> bool:
    """Tell whether a field of this name can yield any fact."""
    return keys.known(key) or "-" in key or keys.plain(key) == "authorization"


def field(key: str, value: str, erring: bool = True) -> Iterator[Fact]:
    """Yield the facts of one named value. Weak names such as `type` or `title` count only where `erring`."""
    if not is_read(key):
        return
    name = keys.plain(key)
    low = key.lower().replace("\n", "").strip()
    if ("-" in low or low == "authorization") and is_header(low):
        yield from header(low, value)
    if name in keys.STATUSES and (match := _HTTP_STATUS.match(value.strip())):
        yield Fact("status", match[1], low)
    if erring or name not in keys.WEAK or _tells(name, value):
        yield from _said(name, low, value)
    if name in keys.PATHS and value.startswith(("/", "http")) and (path := endpoint_of(value)) and path != "/":
        yield Fact("endpoint", path, low)
    if name in keys.REQUEST_IDS and (shown := value_of(value)) and not _SENTENCE.search(shown):
        yield Fact("request-id", shown, low)
    elif name in keys.SCOPES:
        yield from scopes(value, low)
    elif name in keys.GRANTS and (shown := value_of(value)):
        yield Fact("grant", shown, low)
    elif name in keys.PARAMS and not keys.SECRETS.search(name) and (shown := value_of(value)):
        if name == "erroruri" and "://" not in shown:
            return
        yield Fact("param", shown, keys.PARAMS[name])


def _tells(name: str, value: str) -> bool:
    """Tell whether the value of a weak field shows by itself that it is an error's."""
    if name in keys.CARRIERS:
        return errorish(value)
    if _SPLIT_RET.match(value):
        return True
    return name in keys.CODES and not _SENTENCE.search(value) and is_errorish_code(value)


def _said(name: str, low: str, value: str) -> Iterator[Fact]:
    """Yield the code or the sentence of a field in which a machine tells its error."""
    if name in keys.CODES:
        if match := _SPLIT_RET.match(value):  # "FAIL_SYS_SESSION_EXPIRED::…"
            yield Fact("code", match[1], low)
            yield Fact("message", match[2].strip(), low)
            return
        if value.startswith(("http://", "https://")):  # RFC 9457: the type is a URI, its last segment the name
            value = value.rstrip("/").rpartition("/")[2]
        code = code_of(value)
        if code is not None and _fits(name, code):
            if _CLASS.match(code):
                yield Fact("exception", code, low)
                if name == "name":
                    return
            yield Fact("code", code, low)
            return
    if name in keys.MESSAGES and (message := message_of(value)):
        if name in keys.CODES and code_of(value) is not None:
            return
        yield Fact("message", message, low)
        if "_" in message and (code := code_of(message)) and is_errorish_code(code):
            yield Fact("code", code, low)


def _fits(name: str, code: str) -> bool:
    """Tell whether a code may stand in the field: a status is a number, a name has to look like an error's."""
    if name in ("status", "statuscode", "responsecode"):
        return not code[:1].isdigit() and (code.isupper() or "_" in code or is_errorish_code(code))
    if name in ("name", "tag", "category", "subtype"):
        return is_errorish_code(code) or (code.isupper() and len(code) > 3) or bool(_CLASS.match(code))
    if name == "type":
        return not code.isdigit() and (len(code) > 3)
    return True


def scopes(value: str, key: str) -> Iterator[Fact]:
    """Yield the scopes of a list such as `openid profile` (RFC 6749 section 3.3; commas and `+` are seen too)."""
    for part in _SCOPE_SEPARATOR.split(value.strip(" '\"`[](){}")[:LONGEST_VALUE])[:20]:
        scope = part.strip("'\"`;.,()[]")
        if _SCOPE.match(scope) and scope.lower() not in ("null", "none", "true", "false"):
            yield Fact("scope", scope, key)
