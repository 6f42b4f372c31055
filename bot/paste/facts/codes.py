"""Codes: error codes that stand alone in running text, told by their family or by how they are spelt and placed."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from itertools import islice

from bot.paste.facts import keys
from bot.paste.facts.shapes import OAUTH, is_errorish_code, is_humped
from bot.paste.models import Fact

_MOST = 60

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]{1,40}+(?:[_-][A-Z0-9]{1,40}+){0,9}+")
# Families of codes that nothing else looks like.
_FAMILY = re.compile(
    r"(?:AADSTS\d{4,8}|AADB2C\d{5,6}|MSIS\d{4}|IDX\d{5}|ORA-\d{4,5}|TNS-\d{5}|DPY-\d{4}|NJS-\d{3,4}"
    r"|CWWKS\d{4}[A-Z]|DSID-[0-9A-F]{8}|SPT\d{5,6}"
    r"|(?:KDC|KRB5?|KRB5KDC|KRB5KRB|NT_STATUS|ERR)_[A-Z][A-Z0-9_]+)\Z"
)
_HRESULT = re.compile(r"0x[0-9a-fA-F]{8}(?![0-9a-fA-F])")
_SMALL = string.ascii_lowercase + string.digits
_LONGEST_PART = 31
_SNAKE = re.compile(r"[a-z][a-z0-9]{1,30}+(?:_[a-z0-9]{1,30}+){1,6}+")
_CAMEL = re.compile(r"[A-Z][a-z0-9]{1,30}+[A-Z][A-Za-z0-9]{1,40}+(?:\.[A-Z]\w{1,60}+){0,3}+")
# A bare snake_case word is a code only of these kinds; `error_handler` and `is_invalid` are somebody's names.
_BARE = re.compile(
    r"(?:invalid|unauthorized|unsupported|insufficient|expired|incorrect|missing|unknown|bad)_[a-z_]{3,40}"
    r"|[a-z_]{3,40}_(?:mismatch|denied|expired|revoked|not_found|disabled|exceeded|not_allowed|unauthorized)\Z"
)
_WHEN_CALLING = re.compile(r"\((?P<value>[A-Za-z][\w.]{2,80})\) when calling")
_SAID_BEFORE = tuple(
    "error|error code|errno|err no|err no.|error no|error no.|err|errcode|errorcode|error_code|err_code|"
    "错误|错误码|报|报错|代码".split("|")
)
# Begins with one digit, so that the scan runs at the engine's speed; what can't stand before it at all comes after.
# Most texts have the ten digits only, which are found quicker than those of all scripts.
_MAY_STAND_BEFORE = re.escape("".join({word[-1] for word in _SAID_BEFORE})) + r"ERO (#\-\n"
_MORE_DIGITS = rf"(?<![^{_MAY_STAND_BEFORE}].)(?<![a-df-nps-z][ (#].)\d{{3,8}}(?![\d.]|-\d)"
_DIGITS = re.compile(r"\d" + _MORE_DIGITS)
_ASCII_DIGITS = re.compile("[0-9]" + _MORE_DIGITS)
_WORDS_BEHIND = re.compile(r"[:：] ?[A-Za-z\u4e00-\u9fff]{2}")
_NPM = re.compile(r"npm (?:ERR!|error) code (?P<value>E[A-Z0-9]{2,20})")
_DATA = re.compile(r"\bdata (?P<value>[0-9a-f]{2,4}),")
_LEADS = frozenset("\"'`([:>-*•✘✖×|]")
_PART_OF_NAME = frozenset("$./\\@=-_")
_SOURCE = ("export ", "env.", "set ", '["', "['", "getenv(", "def ", "if ", "not ", "return ", "var ", "let ", "const ")


def codes(text: str) -> Iterator[Fact]:
    """Yield the codes of a decoded text that stand behind no key."""
    return islice(_all(text), _MOST)


def _all(text: str) -> Iterator[Fact]:
    for match in _CAPITALS.finditer(text):
        if not match[0].isalpha() and _is_capital(text, match):
            yield Fact("code", match[0])
    if "0x" in text and ("0x8" in text or "0xC" in text or "0xc" in text):
        yield from (Fact("code", match[0]) for match in _HRESULT.finditer(text))
    for match in (_ASCII_DIGITS if text.isascii() else _DIGITS).finditer(text):
        if number := _number(text, match):
            yield Fact("code", *number)
    if "when calling" in text:
        yield from (Fact("code", match["value"], "code") for match in _WHEN_CALLING.finditer(text))
    at = text.find("_")
    while at >= 0:
        first = max(0, at - _LONGEST_PART)
        snake = _SNAKE.match(text, first + len(text[first:at].rstrip(_SMALL)))
        if snake and _is_snake(text, snake):
            yield Fact("code", snake[0])
        at = text.find("_", max(at + 1, snake.end() if snake else 0))
    for match in _CAMEL.finditer(text):
        if _is_camel(text, match):
            yield Fact("code", match[0])
    if "npm" in text:
        yield from (Fact("code", match["value"], "code") for match in _NPM.finditer(text))
    if "AcceptSecurityContext" in text:
        yield from (Fact("code", match["value"], "data") for match in _DATA.finditer(text))


def _number(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """Return a bare number that is a code, with its key: behind `errcode` or 报错, or the first of its line.

    The first of a line is one of five digits and more, before a colon and words.
    """
    number = match[0]
    before = text[max(0, match.start() - 16) : match.start()].lower()
    if before.endswith((" -", "(-")):
        number, before = f"-{number}", before[:-1]
    if len(number) == 4 and "1990" <= number <= "2039":
        return ()
    if before.rstrip(" (#").endswith(_SAID_BEFORE):
        return number, "error"
    first = before[-1:] == "\n" or not before
    return (number,) if first and len(number) >= 5 and _WORDS_BEHIND.match(text, match.end()) else ()


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[match.start() - 1 : match.start()] if match.start() else "", text[match.end() : match.end() + 1]


def _is_capital(text: str, match: re.Match[str]) -> bool:
    """Tell whether capitals with digits or underscores stand alone and are a code."""
    word = match[0]
    if "_" not in word and word.replace("-", "").isalpha():
        return False
    before, after = _around(text, match)
    if (
        (before.isascii() and before.isalnum())
        or before in ("_", "$")
        or (after.isascii() and after.isalnum())
        or after == "_"
    ):
        return False
    if _FAMILY.match(word):
        return True
    if "_" not in word or "-" in word or before in _PART_OF_NAME or after in ("=", "(") or not is_errorish_code(word):
        return False
    return not text[max(0, match.start() - 8) : match.start()].endswith(_SOURCE)


def _is_snake(text: str, match: re.Match[str]) -> bool:
    """Tell whether a snake_case word is a code: in brackets where it says an error, else only the known kinds."""
    before, after = _around(text, match)
    if before in ("(", "[", "\n") and text[match.start() - 2 : match.start() - 1].isalnum():
        return False  # an argument, an index, the rest of a word broken at the line's end
    if (
        (before.isascii() and before.isalnum())
        or (before and before in _PART_OF_NAME)
        or after in ("(", "=", "_", "[", "/", "@")
    ):
        return False
    if (after.isascii() and after.isalnum()) or (after == "." and text[match.end() + 1 : match.end() + 2].isalnum()):
        return False
    if before in ("?", "&") and text[match.start() - 2 : match.start() - 1].isascii():
        return False  # the name of a query's field
    if after == "\n" and before in ("'", '"'):
        return False  # the beginning of one
    word = match[0]
    bracketed = before in ("(", "[") and after in (")", "]") and is_errorish_code(word)
    if not (bracketed or word in OAUTH or _BARE.match(word)):
        return False
    return not keys.known(word) and not text[max(0, match.start() - 8) : match.start()].endswith(_SOURCE)


def _is_camel(text: str, match: re.Match[str]) -> bool:
    """Tell whether a CamelCase word is a code: it says an error and stands first, in brackets or before a colon."""
    word = match[0]
    if (
        word.endswith(("Error", "Exception", "Err", "Errors", "Handler", "Failure"))
        or not is_humped(word)
        or not is_errorish_code(word)
    ):
        return False
    line_start = text.rfind("\n", 0, match.start()) + 1
    lead = text[max(line_start, match.start() - 40) : match.start()].rstrip(" \t")
    rest = text[match.end() : match.end() + 3]
    if lead and (lead[-1] not in _LEADS or "CategoryInfo" in lead):
        return False
    stripped = rest.lstrip(" \t")
    if lead.endswith("(") and stripped[:1] != ")":
        return False
    return not stripped or stripped[0] in ":：\n)]\"'`" or (not lead and rest[:1] == " ")
