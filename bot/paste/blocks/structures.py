"""Structures: the objects in a text, also those inside strings of others and those whose quotes are escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.paste.blocks.values import Dialect, Found, Pairs, Value, read_object, read_pairs
from bot.paste.decode import entities, unescape_once

DEEPEST = 4  # strings within strings
_MOST_TRIES = 200  # places of one text that are tried
_MOST_FOUND = 60

# Fields whose name alone says that a pair is worth reading where no brace stands before it.
_FIELDS = frozenset(
    "error errors error_code errorcode error_type error_description error_message error_msg error_uri "
    "error_summary error_detail "
    "err_code errcode err_msg errmsg errno sub_code sub_msg code msg code_name codename message status "
    "status_code statuscode detail "
    "details reason title description type name request_id requestid scope __type errormessage".split()
)
# What has to stand behind the character with which an object begins: a brace, a quoted key, the sign behind a field's
# name, a call's bracket, Go's `map[`. Every alternative begins with a literal, so that the scan runs at the engine's
# speed; what has to stand before it is looked at afterwards.
_BEHIND = {
    r"\{": r"\s{0,300}+(?:[\w\"'`:$@.\[}]|\\{1,8}[\"'n])",
    **dict.fromkeys("\"'", r"[A-Za-z_@][\w.@-]{1,50}+[\"']\s{0,4}+(?::|=>)\s{0,4}+[\"'\d\[{tfnTFN-]"),
    **dict.fromkeys(":=", r"\s{0,2}[\"']"),
    r"\(": r"\w{1,40}+=",
    r"\[": r"(?<=map\[)[\w.-]{1,60}+:",
}
_START = re.compile("|".join(f"{beginning}(?={behind})" for beginning, behind in _BEHIND.items()))
_NAME_BEFORE = re.compile(r"\s?([A-Za-z_]{3,20}+)(?![\w.\"'\\?&-])")  # read backwards
_CLASS_BEFORE = re.compile(r"[\w.$]{1,80}+")
_ESCAPED = re.compile(r"\\[\"'n]|&(?:quot|apos|#0?3[49]|#[xX]2[27]);")
_GO_KEY = re.compile(r"(?:^|[\s\[])([A-Za-z_][\w.-]{0,60}):")


@dataclass(frozen=True, slots=True)
class Structure:
    """One object: its pairs, its text, how it is written and how deep in strings it stood."""

    pairs: Pairs
    text: str
    dialect: Dialect
    depth: int = 0


def structures(text: str) -> list[Structure]:
    """Return the objects of an unwrapped text, outer ones first. Bounded work for any text."""
    return list(_bounded(_find(text, 0)))


def _bounded(found: Iterator[Structure]) -> Iterator[Structure]:
    for number, structure in enumerate(found):
        if number >= _MOST_FOUND:
            return
        yield structure


def _find(text: str, depth: int) -> Iterator[Structure]:
    rest: list[str] = []
    end = tried = kept = 0
    for match in _START.finditer(text):
        if match.start() < end:
            continue
        start = _start_of(text, match.start())
        if start < end:
            continue
        if (tried := tried + 1) > _MOST_TRIES:
            break
        sign = match[0]
        if sign == "{":
            literal = read_object(text, start)
        elif sign == "(":
            literal = read_pairs(text, match.end(), start, ")")
        elif sign == "[":
            literal = _go_map(text, match.start())
        else:
            literal = read_pairs(text, start, start, "}")
        if literal is None:
            continue
        end = literal.end
        rest.append(text[kept : literal.start])
        kept = end
        yield Structure(literal.value, text[literal.start : end], literal.dialect, depth)
        if depth < DEEPEST:
            for string in _strings(literal.value):
                yield from _find(string, depth + 1)
    rest.append(text[kept:])
    left = "\n".join(rest)
    if depth < DEEPEST and ("\\" in left or "&" in left) and _ESCAPED.search(left):
        yield from _find(unescape_once(entities(left)), depth + 1)


def _start_of(text: str, at: int) -> int:
    """Return where the object whose first sign stands at `at` begins, or -1 where what stands before makes it none."""
    sign = text[at]
    if sign == "{":
        return at
    if sign == "[":
        return at - len("map")
    if sign in "\"'":
        return at if not (text[at - 1 : at].isalnum() or text[at - 1 : at] == "\\") or at == 0 else -1
    before = text[max(0, at - 80) : at][::-1]
    if sign == "(":
        name = _CLASS_BEFORE.match(before)
        return at if name and len(name[0]) > 2 and name[0][-1].isupper() else -1
    field = _NAME_BEFORE.match(before)
    return at - field.end() if field and field[1][::-1].lower() in _FIELDS else -1


def _go_map(text: str, at: int) -> Found | None:
    """Return the pairs of a Go map as %v prints it, `map[code:401 message:no such key]`."""
    end = text.find("]", at, at + 2000)
    body = text[at + 1 : end if end >= 0 else at + 2000].partition("\n")[0]
    keys = list(_GO_KEY.finditer(body))
    ends = [key.start() for key in keys[1:]] + [len(body)]
    pairs = tuple((key[1], body[key.end() : stop].strip()) for key, stop in zip(keys, ends, strict=False))
    return Found(pairs, at, at + 1 + len(body), "form") if pairs else None


def _strings(value: Value) -> Iterator[str]:
    """Yield the strings inside `value` that may hold an object themselves."""
    if isinstance(value, str):
        if len(value) > 8 and ("{" in value or '\\"' in value or "&quot;" in value):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, tuple):
        for _, item in value:
            yield from _strings(item)
