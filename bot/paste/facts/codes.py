"""Codes: error codes in running text. A word is a code by the place it stands in or by a family it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.facts.shapes import OAUTH, code_of, is_errorish_code
from bot.paste.models import Fact

_MOST = 60

# Families of codes that nothing else looks like.
_FAMILY = re.compile(
    r"(?<![A-Za-z0-9_])(?:AADSTS\d{4,7}|AADB2C\d{5,6}|MSIS\d{4}|IDX\d{5}|ORA-\d{4,5}|TNS-\d{5}|DPY-\d{4}|CWWKS\d{4}[A-Z]|SPT\d{4,6}"
    r"|0x[0-9a-fA-F]{8}|DSID-[0-9A-F]{8}|NJS-\d{3,4}"
    r"|(?:KDC|KRB|KRB5|KRB5KDC|KRB5KRB|GSS|NT|ER|ERR|E|AUTH|WSREP|SEC|SSL)_[A-Z][A-Z0-9_]{3,60})(?![A-Za-z0-9_])"
)
_NOT_ERRORS = frozenset(("AUTH_TOKEN AUTH_USER AUTH_KEY AUTH_SECRET AUTH_URL AUTH_TYPE SEC_KEY SSL_CERT_FILE SSL_CERT_DIR").split())
_SCREAMING = re.compile(r"(?<![A-Za-z0-9_$./-])[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8}(?![A-Za-z0-9_])")

_KEY = (
    r"(?:error[ _-]?code|error[ _-]?type|error[ _-]?id|errors?|err(?:[_ ]?code|[_ ]?no|msg)?|code[ _]?name|status[ _]?code|(?:sub|ret|result|return|biz|response)[ _]?code"
    r"|sqlstate|code|type|reason|ret|__type|错误码|错误代码|错误编码|返回码|错误号|代码|状态码|编码|エラーコード|код ошибки)"
)
_KEYED = re.compile(
    rf"(?<![A-Za-z0-9_$.])(?P<key>{_KEY})(?P<close>[\"'`\]*]{{0,3}})\s{{0,2}}(?P<sep>[:=]|为|是|->|=>)\s{{0,2}}(?P<open>[\"'`\[(<]{{0,2}})(?P<value>[A-Za-z0-9_@-][\w.\-]{{0,99}}+)(?P<end>[\"'`\])>]?)",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![A-Za-z0-9_])(?:error(?: code)?|err(?:or)? ?no\.?|错误码?|报错?|代码)\s{0,2}\(?#?(?P<value>-?\d{4,9})(?![\d.]|-\d)", re.IGNORECASE)
_BRACKETED = re.compile(r"(?<![\w\])])[(\[](?P<value>[A-Za-z][\w.-]{3,60}?)[)\]](?![\w(\[.])")
_LEADING = re.compile(
    r"(?:^|[\])>:]\s|[-*•✘✕×]\s|error:|[\"'`(]|remote: |denied: )[ \t]{0,12}(?P<value>[A-Z][a-z0-9]{1,30}+(?:[A-Z][A-Za-z0-9]{1,40}+)(?:\.[A-Z]\w{1,60}+){0,3}|[a-z][a-z0-9]{1,30}+(?:_[a-z0-9]{1,30}+){1,6})[ \t]{0,2}(?=[:：]|[\"'`)]|\s(?=[A-Z])|[ \t]*$)",
    re.MULTILINE,
)
_WHEN_CALLING = re.compile(r"\((?P<value>[A-Za-z][\w.]{2,80})\) when calling")
_NPM = re.compile(r"^npm (?:ERR!|error) code (?P<value>E[A-Z0-9]{2,20})", re.MULTILINE)
_DATA = re.compile(r"\bdata (?P<value>[0-9a-f]{2,4}),")
_TAGGED = re.compile(r"(?:error=|Error=|error_code=|errcode=|errorCode=|[?&#]error=)(?P<value>[A-Za-z0-9_.-]{2,80})")


def codes(text: str) -> Iterator[Fact]:
    """Yield the codes of a decoded text, each with the name of what it stood behind, "" for none."""
    found = 0
    for fact in _all(text):
        yield fact
        found += 1
        if found >= _MOST:
            return


def _all(text: str) -> Iterator[Fact]:
    for match in _FAMILY.finditer(text):
        if match[0] not in _NOT_ERRORS and _is_family(match[0]):
            yield Fact("code", match[0])
    for match in _KEYED.finditer(text):
        yield from _keyed(match)
    for match in _SPACED.finditer(text):
        if not _is_year(match["value"]):
            yield Fact("code", match["value"], "error")
    for match in _WHEN_CALLING.finditer(text):
        yield Fact("code", match["value"], "code")
    for match in _LEADING.finditer(text):
        if is_errorish_code(match["value"]) and not match["value"].endswith(("Error", "Exception")):
            yield Fact("code", match["value"])
    for match in _BRACKETED.finditer(text):
        value = match["value"]
        if ("_" in value or _humps(value)) and is_errorish_code(value) and not value.endswith(("Error", "Exception")):
            yield Fact("code", value)
    if "npm" in text:
        yield from (Fact("code", match["value"], "code") for match in _NPM.finditer(text))
    if "AcceptSecurityContext" in text:
        yield from (Fact("code", match["value"], "data") for match in _DATA.finditer(text))
    for match in _SCREAMING.finditer(text):
        if is_errorish_code(match[0]) and not _is_name(text, match.start()):
            yield Fact("code", match[0])


def _is_family(code: str) -> bool:
    """Tell whether a code of a prefix that variables share (AUTH_, SSL_, E_) says an error."""
    return not code.startswith(("AUTH_", "SSL_", "SEC_", "E_", "GSS_")) or is_errorish_code(code)


def _keyed(match: re.Match[str]) -> Iterator[Fact]:
    key, given = match["key"].lower(), match["value"]
    quoted = bool(match["open"]) and bool(match["end"])
    code = code_of(given)
    if code is None:
        return
    if code.lstrip("-").isdigit():
        if _counts(key, code):
            yield Fact("code", code, key)
    elif "_" in code or _humps(code) or _is_constant(code):
        firm = quoted or match["sep"] == "=" or key not in ("type", "reason", "code")
        if is_errorish_code(code) or (firm and key.startswith(("err", "code", "sub"))):
            if not (code.endswith(("Error", "Exception")) or "." in code.strip(".") and code.islower()):
                yield Fact("code", code, key)
    elif quoted and key.startswith(("error", "err")) and len(code) > 3 and code.isalpha():
        yield Fact("code", code, key)
    elif (match["sep"] == "=" and key == "error" and is_errorish_code(code)) or code in OAUTH:
        yield Fact("code", code, key)


def _counts(key: str, digits: str) -> bool:
    """Tell whether a number behind `key` is a code: `type: 3` and `reason: 5` are not, nor is a lone digit behind `code`."""
    if key in ("type", "reason"):
        return False
    if key in ("ret", "code", "error", "errors", "代码", "编码"):
        return len(digits.lstrip("-")) >= 2
    return True


def _humps(value: str) -> bool:
    return any(before.islower() and after.isupper() for before, after in zip(value, value[1:], strict=False))


def _is_constant(value: str) -> bool:
    return value.isupper() and len(value) >= 5 and value.isalpha() or bool(re.match(r"[A-Z]{1,4}\d{3,8}\Z", value))


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and "1990" <= digits <= "2039"


def _is_name(text: str, start: int) -> bool:
    """Tell whether a constant at `start` is a variable that is read or set: $X, process.env.X, export X."""
    return text[max(0, start - 7) : start].endswith(("export ", "env.", "set ", "[\"", "['", "getenv("))
