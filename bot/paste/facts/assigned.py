"""Assignments: `key: value` and `key=value` in running text, where the key says a code, a message or a parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.paste.facts import keys
from bot.paste.facts.fields import field
from bot.paste.facts.shapes import OAUTH, code_of, is_constant, is_errorish_code, is_humped, message_of
from bot.paste.models import Fact

_MOST = 80
# Where a pair may be, its key not in quotes as those of objects are; few keys are read, so that its value is seldom
# looked at.
_SEPARATOR = re.compile(r"[:=为是-](?<![\"'].)(?:(?<=:)(?!//)|(?<==)(?!=)|(?<=-)(?=>)|(?<=[为是]))")
_PAIR = re.compile(
    r"(?P<sep>:(?!//)|=>|=(?!=)|->|为|是)[ \t]{0,2}"
    r"(?=(?P<open>[\"'`\[(<]{0,2})(?P<value>[\w@*/.-][^\s\"'`,;&)}\]<>]{0,250}+)(?P<end>[\"'`\])>]?))"
)
_KEY_BEFORE = re.compile(r"-? {0,2}[`\]*]{0,3}(?P<key>(?:\w|-(?=\w)){1,41}+)")  # read backwards
_BEFORE_KEY = frozenset(
    "\"'`([{,;|&?*-#>"
)  # what may stand right before a key, beside a space; `-` of a bullet or an option
_HAN_KEY = re.compile(r"(?:错误码|错误代码|错误编码|返回码|错误号|代码|编码|エラーコード|код)\Z")
_HAN_SENTENCE = re.compile(r"(?:错误信息|错误描述|错误提示|错误消息|报错信息|错误原因|提示信息)\Z")
_SPACED_KEYS = frozenset(
    "code type id no number message msg description".split()
)  # behind "error ", "status ", "request "
_ERROR_KEYS = frozenset(
    "error errors err errcode errorcode errno errorno errortype errorid codename subcode retcode "
    "resultcode returncode bizcode "
    "sqlstate code type reason ret xmlntype suberror errorsubcode".split()
)
_SENTENCE_KEYS = frozenset(
    "message msg errmsg errormessage errordescription errormsg errdescription submsg faultstring".split()
)
_SENTENCE = re.compile(r"[^\n]{0,1000}")
_TELLING_KEYS = _ERROR_KEYS | _SENTENCE_KEYS
_READ = _TELLING_KEYS | _SPACED_KEYS | keys.SCOPES | keys.GRANTS | frozenset(keys.PARAMS)
_NEXT_KEY = re.compile(
    r",? (?:[A-Za-z_]{2,20}(?: id)?): |, (?:hint|from ip|more info|request[ _]?id|rid|logid)\b"
    r"|[\"'`] ?[,})\]]|\s\w{2,20}=[\"'\w]"
)
_GOES_ON = re.compile(r" [A-Za-z_]{2,30}(?![=:\w])")
_NUMBERED = re.compile(r"[_\d./@:-]")
_CHATTY = frozenset(
    "user role resource account project model scope scopes realm region tenant principal action organization".split()
)


def assigned(text: str) -> Iterator[Fact]:
    """Yield the facts of the assignments of a decoded text."""
    return islice(_all(text), _MOST)


def _all(text: str) -> Iterator[Fact]:
    if ":" not in text and "=" not in text and "->" not in text and text.isascii():
        return
    backwards = text[::-1]
    for separator in _SEPARATOR.finditer(text):
        back = _KEY_BEFORE.match(backwards, len(text) - separator.start())
        if back is None:
            continue
        key = back["key"][::-1]
        named = key.isascii()
        if named and (key.isdigit() or keys.plain(key) not in _READ):
            continue
        start = separator.start() - len(back[0])
        before = text[start - 1 : start] if start else ""
        if before and not before.isspace() and before not in _BEFORE_KEY and before.isascii():
            continue
        match = _PAIR.match(text, separator.start())
        if match is None:
            continue
        if named:
            yield from _facts(text, start, key.lower(), keys.plain(key), match)
        elif found := _HAN_KEY.search(key):
            yield from _number(match, found[0])
        elif found := _HAN_SENTENCE.search(key):
            yield from _sentence(text, match, found[0])


def _facts(text: str, start: int, low: str, name: str, match: re.Match[str]) -> Iterator[Fact]:
    """Yield the facts of one assignment; `low` is its key in lower case, `name` its plain name."""
    if name in _SPACED_KEYS and (first := text[max(0, start - 12) : start].lower().split(" ")[-2:-1]):
        word = first[0].strip("([\"'`*")
        if word in ("status", "response", "http") or word + name in _TELLING_KEYS:
            low = f"{word} {low}"
            name = word + name
    if name.startswith(("status", "response", "http")) or match["sep"] in ("为", "是"):
        return
    if name in _ERROR_KEYS:
        if name == "error" and match["sep"] == "=" and not match["open"] and _GOES_ON.match(text, match.end("value")):
            yield from _sentence(text, match, low)
        elif not text[max(0, start - 7) : start].endswith(("const ", "let ", "var ", "final ", "int ", "String ")):
            yield from _code(match, low, name)
    elif name in _SENTENCE_KEYS and not match["open"]:
        yield from _sentence(text, match, low)
    elif name in keys.PARAMS or name in keys.SCOPES or name in keys.GRANTS:
        value = match["value"].rstrip(".")
        if name in _CHATTY and match["sep"] == ":" and not _NUMBERED.search(value):
            return  # "user: hello" is a chat, "model: new" a sentence
        if "(" not in value and "$" not in value and "{" not in value and not match["open"].startswith("["):
            yield from field(low, value, erring=False)


def _code(match: re.Match[str], low: str, name: str) -> Iterator[Fact]:
    quoted = match["open"][:1] in ('"', "'", "`")
    if quoted and match["end"] not in ('"', "'", "`"):
        return  # a longer string, or one that is broken over lines
    if match["value"].lstrip("-").rstrip(".").isdigit():
        yield from _number(match, low)
        return
    code = code_of(match["value"])
    if code is None or "/" in code or "=" in code:
        return
    explicit = name not in ("error", "errors", "err", "type", "reason", "ret", "code")
    if "_" in code or is_humped(code) or is_constant(code):
        dotted = "." in code and code.islower()
        is_class = code.endswith(("Error", "Exception"))
        told = is_errorish_code(code) or (name == "code" and quoted) or explicit
        if told and not dotted and not (is_class and not quoted):
            yield Fact("code", code, low)
        return
    plain = quoted and (explicit or name in ("error", "code")) and len(code) > 3 and code.isalpha()
    if plain or code in OAUTH or (match["sep"] == "=" and name == "error" and is_errorish_code(code)):
        yield Fact("code", code, low)


def _number(match: re.Match[str], key: str) -> Iterator[Fact]:
    """Yield a number as a code: not a lone digit, not an HTTP status (these are statuses), not behind `type`."""
    number = match["value"].rstrip(".")
    digits = number.lstrip("-")
    if not digits.isdigit() or key in ("type", "reason") or len(digits) > 12:
        return
    lone = len(digits) == 1 and digits in (number, "0") and not key.startswith("err")
    status = len(digits) == 3 and "400" <= digits <= "599"
    count = key in ("error", "errors") and len(digits) < 3
    if not (lone or status or count):
        yield Fact("code", number, key)


def _sentence(text: str, match: re.Match[str], key: str) -> Iterator[Fact]:
    rest = _SENTENCE.match(text, match.start("value"))
    sentence = rest[0] if rest else ""
    if cut := _NEXT_KEY.search(sentence, 3):
        sentence = sentence[: cut.start()]
    if match["sep"] == "=" and "&" in sentence:
        return  # a query: it is read as one
    if (message := message_of(sentence)) and (" " in message or not message.isascii()):
        yield Fact("message", message, key)
