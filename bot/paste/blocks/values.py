"""Literals: one tolerant reader for JSON, Python, inspected JavaScript, Ruby hashes and Java maps, also cut off."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from bot.paste.decode import unescape_once

Pairs = tuple[tuple[str, "Value"], ...]
Value = str | None | list["Value"] | Pairs  # numbers stay as on the wire; an object is its pairs, in order
Dialect = Literal["json", "python", "form"]

MOST_NODES = 3000
DEEPEST = 32
LONGEST_STRING = 8000
_MISSES = 12  # lines that are no pairs, such as the stack frames inside an inspected error

_STRINGS = {
    mark: re.compile(
        rf"(?P<body>(?:[^{mark}\\]++|\\.|{mark}(?!\s{{0,80}}+(?:[,:;}}\])+\"'`]|=>|\Z|[\w.-]{{1,40}}+=)"
        rf"|[ \t]{{0,40}}+\n))*+)(?P<end>{mark}|\Z)",
        re.DOTALL,
    )
    for mark in "\"'`"
}
_QUOTE = re.compile(r"[ubrfUBRF]{0,2}([\"'`])")
_KEY = re.compile(
    r"""[ubUB]?(?:"(?P<double>[^"\\]{0,100}+)" | '(?P<single>[^'\\]{0,100}+)'
    | :?(?P<bare>[A-Za-z_$@.][\w$.@-]{0,80}+) | \[(?P<symbol>[^\]\n]{1,60}+)\])
    \s{0,80}+(?P<sep>=>|:(?![:/])|=(?![=>]))\s{0,80}+""",
    re.VERBOSE,
)
_GAP = re.compile(r"[\s,;]*+")
_SPACE = re.compile(r"\s*+")
_NUMBER = re.compile(r"-?\d{1,40}+(?:\.\d{1,20}+)?(?:\n\d{1,20}+)?(?=\s{0,80}+(?:[,;}\])]|\Z)|\n)")
_CLASS = re.compile(r"(?:new )?[A-Za-z_$][\w$.]{0,60}+(?:<[\w$., ]{0,40}>)?\s?(?=[{\[(])")
_PLUS = re.compile(r"\s{0,200}+\+?\s{0,200}+(?=[ub]?[\"'])")
_BARE = re.compile(r"[^,;}\])\n\"']{0,300}+")
_MAP_VALUE = {
    closer: re.compile(rf"(?:(?!(?:,\s{{0,40}}+|\s{{1,40}}+)[\w.-]{{1,60}}+=)[^{re.escape(closer)}\n]){{0,2000}}+")
    for closer in "})]"
}
_STRICT = json.JSONDecoder(
    strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None, object_pairs_hook=tuple
)


@dataclass(frozen=True, slots=True)
class Found:
    """One object that was found, and where it stands."""

    value: Pairs
    start: int
    end: int
    dialect: Dialect


def read_object(text: str, start: int) -> Found | None:
    """Return the object whose `{` stands at `start`, or None. What is cut off is closed; never raises."""
    if text[start + 1 : start + 60].lstrip()[:1] == '"':
        try:
            value, end = _STRICT.raw_decode(text, start)
            return Found(value, start, end, "json")
        except (ValueError, RecursionError):
            pass
    return read_pairs(text, start + 1, start, "}")


def read_pairs(text: str, at: int, start: int, closer: str) -> Found | None:
    """Return the pairs that begin at `at`, up to `closer` or as far as they go; None where there are none."""
    reader = _Reader(text, at)
    pairs = reader.pairs(0, closer)
    if not pairs:
        return None
    return Found(pairs, start, reader.at, reader.dialect)


class _Reader:
    """Reads with one place and one budget. It only ever moves on, so its work is linear in what it reads."""

    def __init__(self, text: str, at: int) -> None:
        self.at = at
        self.dialect: Dialect = "json"
        self._text = text
        self._nodes = MOST_NODES

    def pairs(self, depth: int, closer: str) -> Pairs:
        text = self._text
        found: list[tuple[str, Value]] = []
        misses = 0
        good = self.at
        while self._nodes > 0:
            self.at = self._skip(_GAP)
            if self.at >= len(text):
                break
            if text[self.at] in "}])":
                self.at += 1
                return tuple(found)
            key = _KEY.match(text, self.at)
            if key is None or (not found and key["bare"] and key["sep"] == ":" and closer == ")"):
                line_end = text.find("\n", self.at)
                misses += 1
                if not found or line_end < 0 or misses > _MISSES:
                    break
                self.at = line_end + 1
                continue
            name = key["double"] or key["single"] or key["bare"] or key["symbol"] or ""
            if key["sep"] == "=":
                self.dialect = "form"
            elif key["double"] is None and self.dialect == "json":
                self.dialect = "python"
            self.at = key.end()
            self._nodes -= 1
            found.append((name.replace("\n", ""), self._value(depth + 1, key["sep"] == "=", closer)))
            good = self.at
        self.at = good
        return tuple(found)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self.at)
        return match.end() if match else self.at

    def _items(self, depth: int) -> list[Value]:
        found: list[Value] = []
        while self._nodes > 0:
            self.at = self._skip(_GAP)
            if self.at >= len(self._text):
                break
            if self._text[self.at] in "}])":
                self.at += 1
                break
            before = self.at
            self._nodes -= 1
            found.append(self._value(depth + 1, False, "]"))
            if self.at == before:
                self.at += 1
        return found

    def _value(self, depth: int, is_map: bool, closer: str) -> Value:
        text = self._text
        if self.at >= len(text):
            return None
        char = text[self.at]
        if char not in "{[(\"'`" and (match := _CLASS.match(text, self.at)) and not is_map:
            self.at = match.end()
            char = text[self.at]
        if char in "{[(" and depth < DEEPEST:
            self.at += 1
            if char == "{":
                return self.pairs(depth, "}")
            return self._items(depth)
        if _QUOTE.match(text, self.at):
            return self._string()
        if is_map:
            match = _MAP_VALUE[closer].match(text, self.at)
            value = match[0] if match else ""
            self.at += len(value)
            return value.strip()
        if match := _NUMBER.match(text, self.at):
            self.at = match.end()
            return match[0].replace("\n", "")
        match = _BARE.match(text, self.at)
        self.at = match.end() if match else self.at
        return None

    def _string(self) -> str:
        """Read a string and those joined to it (`'a' + 'b'`, or Python's `'a' 'b'`)."""
        parts: list[str] = []
        while quote := _QUOTE.match(self._text, self.at):
            body = _STRINGS[quote[1]].match(self._text, quote.end(), quote.end() + LONGEST_STRING)
            if body is None:
                break
            parts.append(unescape_once(body["body"]) if "\\" in body["body"] else body["body"])
            self.at = body.end()
            if not body["end"]:
                parts.append("…")  # cut off: no code, and a sentence only as far as it goes
            joined = _PLUS.match(self._text, self.at)
            if not joined or len(parts) > 50:
                break
            self.at = joined.end()
        return "".join(parts)
