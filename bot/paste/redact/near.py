"""Secrets with nothing but their neighbours to show them: a machine-made word in a sentence on keys, a CSV's column."""

from __future__ import annotations

import re
from collections.abc import Set

from bot.paste.redact.names import Rule, rule_of
from bot.paste.redact.patterns import any_of
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_opaque, is_secret, is_stand_in

TOPICS = (
    *"secret passw pwd token credential 密钥 秘钥 私钥 令牌 密码 密匙 トークン ключ токен".split(),
    *(f"{owner}{gap}key" for owner in ("api", "access", "private") for gap in ("", " ", "_", "-")),
)
_TOPICS = frozenset(TOPICS)
# What is said before an identifier rather than a secret.
_IDENTIFIER = re.compile(
    r"(?:\b(?:id|ids|uid|kid|rid|sha\d*|md5|hash|digest|etag|trace|request|req|commit|fingerprint|thumbprint|serial|version|"
    r"session|tenant|account|nonce|state|build|image|user|host|file|by|at|from|in|class|method)|"
    r"[\w.$\"'\])-][:=]|[(\[/])[ \t\"'`]*\Z",
    re.IGNORECASE,
)
_RUN = re.compile(r"[\w+~-][\w+/~.-]{18,254}[\w+/~-]={0,2}(?![\w+/~=:@\\(\[-])", re.ASCII)
_SYLLABLES = re.compile(r"[a-z]{4,}")
_GAP = re.compile(r"[ \t\"'`]+(?=[\w+~-][\w+/~.-]{18})", re.ASCII)
_REACH = 90  # characters from the word that names the topic to the secret
_LEAST = 20
_NAME = r"[\w./()-]{1,40}+(?:[ ][\w./()-]{1,40}+){0,5}+"
_HEADER = re.compile(rf"{_NAME}(?:[ ]?(?P<gap>[,;\t]|(?<=[ ])[ ]{{1,20}}+)[ ]?{_NAME}){{1,30}}+")
_LONGEST_HEADER = 600
_GAPS = (",", "  ", "\t", ";")
_MOST_ROWS = 50
_SPLITS = {gap: re.compile("[ ]{2,20}" if gap == "  " else gap) for gap in _GAPS}
_LONGEST_ROW = 4_000


def topics_of(lower: str, hints: Set[str]) -> list[re.Match[str]]:
    """Return where a text in lower case speaks of secrets, for `find_near` and `find_columns`.

    `hints` has those of TOPICS that are in it.
    """
    if hints.isdisjoint(_TOPICS):
        return []
    return list(any_of(tuple(topic for topic in TOPICS if topic in hints)).finditer(lower))


def find_near(text: str, topics: list[re.Match[str]]) -> list[Span]:
    """Return long words that a machine made where the line, or the label above it, speaks of a secret."""
    found: list[Span] = []
    done = seen = 0
    for topic in topics:
        if topic.start() < done:
            continue
        end = text.find("\n", topic.end(), topic.end() + _REACH)
        end = end if end != -1 else min(len(text), topic.end() + _REACH)
        done = topic.end()
        for gap in _GAP.finditer(text, max(topic.end(), seen), end):  # each word is looked at once
            run = _RUN.match(text, gap.end())
            if run and _is_told(text, topic.end(), run):
                found.append(Span(run.start(), run.end(), "secret", Rank.SCHEME))
                done = run.end()
        seen = max(seen, end)
        below = _below(text, topic.end())
        if below and _is_made(below[0]):
            found.append(Span(*below.span(), "secret", Rank.SCHEME))
    return found


def _is_told(text: str, topic: int, run: re.Match[str]) -> bool:
    return _is_made(run[0]) and _IDENTIFIER.search(text, topic, run.start()) is None


def _is_made(value: str) -> bool:
    mixed = any(map(str.isdigit, value)) and any(map(str.isupper, value)) and any(map(str.islower, value))
    mixed = mixed and 2 * sum(map(len, _SYLLABLES.findall(value))) < len(value)  # AmazonEC2ContainerRegistryReadOnly
    return mixed and is_opaque(value, _LEAST) and not is_stand_in(value) and "://" not in value


def _below(text: str, at: int) -> re.Match[str] | None:
    """Return the word that stands alone on the next line that is not empty, where this one ends in a colon."""
    end = text.find("\n", at, at + 40)
    if end == -1 or text[at:end].rstrip()[-1:] not in {":", "："}:
        return None
    while text[end : end + 1].isspace():
        end += 1
    run = _RUN.match(text, end)
    return run if run and text[run.end() : run.end() + 1] in {"", "\n", " "} else None


def find_columns(text: str, topics: list[re.Match[str]]) -> list[Span]:
    """Return the values of the columns of tables (CSV, TSV, kubectl's) whose names say that they are secrets."""
    found: list[Span] = []
    done = 0
    for topic in topics:
        if topic.start() < done:
            continue
        start, end = text.rfind("\n", 0, topic.start()) + 1, text.find("\n", topic.end())
        if end == -1:
            break
        done = end
        header = _header(text[start:end])
        if header:
            split = _SPLITS["  " if header["gap"][0] == " " else header["gap"]]
            rules = [rule_of(name.strip()) for name in split.split(header[0])]
            if any(rules):
                done = _rows(text, end + 1, rules, split, found)
    return found


def _header(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST_HEADER or not any(gap in line for gap in _GAPS):
        return None
    return _HEADER.fullmatch(line.strip(" >|\t"))


def _rows(text: str, at: int, rules: list[Rule | None], split: re.Pattern[str], found: list[Span]) -> int:
    """Add the secrets in the rows from `at` on, and return where they end."""
    for _ in range(_MOST_ROWS):
        end = text.find("\n", at, at + _LONGEST_ROW)
        end = end if end != -1 else min(len(text), at + _LONGEST_ROW)
        cells = _cells(text, at, end, split)
        if len(cells) != len(rules):
            break
        found += [
            Span(start, stop, rule.kind, Rank.FIELD)
            for rule, (start, stop) in zip(rules, cells, strict=True)
            if rule and start < stop and is_secret(text[start:stop], rule.floor, quoted=True, assigned=True)
        ]
        at = end + 1
    return at


def _cells(text: str, at: int, end: int, split: re.Pattern[str]) -> list[tuple[int, int]]:
    cells = []
    for gap in split.finditer(text, at, end):
        cells.append((at, gap.start()))
        at = gap.end()
    cells.append((at, end))
    return [_bare(text, *cell) for cell in cells]


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \"'":
        start += 1
    while start < end and text[end - 1] in " \"'":
        end -= 1
    return start, end
