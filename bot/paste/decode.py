"""Decoding: what quoting, fences, tables, escapes, entities and percent-encoding did to a text is undone."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote, unquote_plus

from bot.paste.clean import clean

_FOLDABLE = re.compile(r"[^\x00-\x7f\u3001\u3002\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\u0400-\u045f]")
_LOOKALIKES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\u2033", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
}
_FEW_FOLDS = 10  # kinds of characters up to which taking them one after the other is the quickest
_LONGEST_FOLD = 4  # U+FDFA alone would become eighteen characters

_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?){1,8}")
_BORDER = re.compile(r"[ \t]*[│┃║|](?:[ \t]|\Z)")
_BORDERS = "│┃║|"
_STARTS = f"{_BORDERS}>"
_QUOTED_LINE = re.compile(r"\n[ \t]*+>")
_COMMA = re.compile(r",(?=[ \w{\[\"'])")
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*([A-Za-z0-9+#._-]{0,20})[ \t]*$", re.MULTILINE)
_NARROWEST = 16  # columns at which anything cuts lines
_INLINE_FENCE = re.compile(r"`{3,}")

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPE = re.compile(
    r"(?P<path>(?<![A-Za-z])[A-Za-z]:\\+(?=[\w. ])[^\s\"'<>|]*+)"  # C:\new is no escape
    r"|(?P<wide>(?:\\{1,8}u[0-9a-fA-F]{4})++)"
    r"|(?P<bytes>(?:\\{1,8}x[0-9a-fA-F]{2})++)"
    r"|\\{1,8}(?:r\\{1,8})?(?P<newline>n)"
    r"|\\{1,8}(?P<blank>[trf](?![A-Za-z]))"
    r"|\\{1,8}(?P<mark>[\"'/`])"
    r"|\\{1,8}(?P<line_end>\n)"
    r"|(?P<slash>\\{2,8})"
)
_HEX = re.compile(r"[ux]([0-9a-fA-F]{2,4})")
_QUERY = re.compile(r"[^\s\"'<>`]*+")
_MARKED_QUERY = r"[?#&](?=[\w.%-]{1,80}=)"
_PLAIN_QUERY_START = re.compile(_MARKED_QUERY)
_QUERY_START = re.compile(_MARKED_QUERY + r"|(?<![\w?#&=%/.-])(?=[a-z_]{2,40}=[^\s\"'<>`]{0,300}%[0-9A-Fa-f]{2})")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ERROR_PLUS = re.compile(r"error[a-z_]{0,20}=[^\s&]{1,400}\+|[?&#](?:message|msg|reason|description)=[^\s&]{1,400}\+")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A text without the marks of how it was pasted. `fenced` are its fenced stretches as (language, text)."""

    text: str
    fenced: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) <= _LONGEST_FOLD else char


def fold(text: str) -> str:
    """Return `text` with full-width forms, ligatures, curly quotes and long dashes as plain ones.

    NFKC is done by character: over a whole text its canonical ordering takes quadratic time on long runs of accents.
    """
    if text.isascii():
        return text
    changes = {char: plain for char in set(_FOLDABLE.findall(text)) if (plain := _folded(char)) != char}
    if len(changes) > _FEW_FOLDS or not all(map(str.isascii, changes.values())):
        return text.translate(dict(zip(map(ord, changes), changes.values(), strict=True)))
    for char, plain in changes.items():  # one after the other: what is put in is none of what is taken out
        text = text.replace(char, plain)
    return text


def unwrap(text: str) -> Unwrapped:
    """Return `text` folded and without quote prefixes, code fences, table borders and hard line breaks."""
    folded = fold(text)
    lines = folded.split("\n")
    if any(map(folded.__contains__, _BORDERS)) or (">" in folded and _QUOTED_LINE.search(f"\n{folded}")):
        lines = list(map(_stripped, lines))
    if [line[:1] for line in lines].count(",") >= 3:
        lines = [_COMMA.sub("", line, count=1) if line[:1] == "," else line for line in lines]
    fenced: list[tuple[str, str]] = []
    if ("`" in text and "```" in text) or ("~" in text and "~~~" in text):
        lines = _without_fences("\n".join(lines), fenced).split("\n")
    return Unwrapped("\n".join(_rejoined(lines)), tuple(fenced))


def _stripped(line: str) -> str:
    """Return a line without the quote marks and the table border at its ends."""
    inner = line.strip(" \t")
    if not inner or (inner[0] not in _STARTS and inner[-1] not in _BORDERS):
        return line
    start = line.lstrip(" \t")[:1]
    if start == ">" and (match := _QUOTED.match(line)):
        line = line[match.end() :]
        start = line.lstrip(" \t")[:1]
    if start and start in _BORDERS and (match := _BORDER.match(line)):
        line = line[match.end() :]
    end = line.rstrip(" \t")
    if end and end[-1] in _BORDERS and end[-2:-1] not in _BORDERS:
        line = end[:-1].rstrip(" \t")
    return line


def _without_fences(text: str, fenced: list[tuple[str, str]]) -> str:
    parts: list[str] = []
    at = 0
    opened: str | None = None
    for match in _FENCE.finditer(text):
        body = text[at : match.start()].rstrip("\n")
        parts.append(body)
        if opened is None:
            opened = match[1].lower()
        else:
            fenced.append((opened, body))
            opened = None
        at = min(match.end() + 1, len(text))
    body = text[at:]
    parts.append(body)
    if opened is not None:
        fenced.append((opened, body))
    return _INLINE_FENCE.sub("", "\n".join(part for part in parts if part))


def _rejoined(lines: list[str]) -> list[str]:
    """Return `lines` with those that were cut at one exact column, words and all, put together again."""
    widths = list(map(len, lines))
    alike = [at for at, (width, after) in enumerate(pairwise(widths)) if width == after >= _NARROWEST]
    if len(lines) < 3 or not alike:
        return lines
    result: list[str] = []
    done = 0
    for start in alike:
        if start < done:
            continue
        width = widths[start]
        end = start + 2
        while end < len(lines) and widths[end] == width:
            end += 1
        if end < len(lines) and 0 < widths[end] < width:
            end += 1
        result += lines[done:start]
        if end - start >= 3 and _is_cut(lines[start:end]):
            result.append("".join(lines[start:end]))
        else:
            result += lines[start:end]
        done = end
    return result + lines[done:]


def _is_cut(lines: list[str]) -> bool:
    """Tell whether these equally long lines are one line cut up: most cuts go through a word, no two begin alike."""
    if len({line[:4] for line in lines}) < len(lines):
        return False
    pairs = list(pairwise(lines))
    through = sum(before[-1].isalnum() and (after[0].islower() or after[0] > "\u2fff") for before, after in pairs)
    indented = sum(after[:2] == "  " for _, after in pairs)
    return through * 2 > len(pairs) and indented == 0


def entities(text: str) -> str:
    """Return `text` with HTML entities resolved, twice over. Only with a semicolon: `&para=1` is a query."""
    for _ in range(2):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def _wide(escapes: str) -> str:
    units = b"".join(int(digits, 16).to_bytes(2, "big") for digits in _HEX.findall(escapes))
    return units.decode("utf-16-be", "replace")


def _bytes(escapes: str) -> str:
    raw = bytes(int(digits, 16) for digits in _HEX.findall(escapes))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _unescaped(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "path":
        return match[0].replace("\\\\", "\\")
    if kind == "wide":
        return _wide(match[0])
    if kind == "bytes":
        return _bytes(match[0])
    if kind == "mark":
        return match["mark"]
    return {"newline": "\n", "line_end": "\n", "blank": " ", "slash": "\\"}[kind or ""]


def escapes(text: str) -> str:
    """Return `text` with the escapes of JSON and source strings resolved, however many levels deep.

    They are looked for at the backslashes and where a drive's letter before one would begin a path: a scan of the
    whole text for all that an escape may begin with takes many times as long.
    """
    parts: list[str] = []
    done = 0
    at = text.find("\\")
    while at >= 0:
        drive = at - 2 if text[at - 1 : at] == ":" and at - 2 >= done else at
        match = _ESCAPE.match(text, drive) or _ESCAPE.match(text, at)
        if match:
            parts += (text[done : match.start()], _unescaped(match))
            done = match.end()
        at = text.find("\\", match.end() if match else at + 1)
    return "".join((*parts, text[done:])) if parts else text


_ONCE = re.compile(r"(?P<wide>(?:\\u[0-9a-fA-F]{4})++)|\\(?P<char>[nrtbf\"'/\\`\n])")
_ONE = {"n": "\n", "r": "", "t": " ", "b": "", "f": " "}


def unescape_once(text: str) -> str:
    """Return `text` with one level of string escapes resolved, as an object in a string needs it."""
    return _ONCE.sub(lambda match: _wide(match[0]) if match["wide"] else _ONE.get(match["char"], match["char"]), text)


def percent(text: str) -> str:
    """Return `text` with the queries and fragments of its URLs decoded; `+` is a space only in them."""
    if "=" not in text or ("%" not in text and "+" not in text):
        return text
    parts: list[str] = []
    at = 0
    for match in (_QUERY_START if "%" in text else _PLAIN_QUERY_START).finditer(text):
        start = match.start()
        if start < at:
            continue
        run = _QUERY.match(text, start)
        query = run[0] if run else ""
        parts += (text[at:start], _query(query))
        at = start + len(query)
    parts.append(text[at:])
    return "".join(parts)


def _query(query: str) -> str:
    if _PERCENT.search(query) is None and _ERROR_PLUS.search(query) is None:
        return query
    decoded = unquote_plus(query, errors="replace")
    return unquote(decoded, errors="replace") if _PERCENT.search(decoded) else decoded


def resolve(text: str) -> str:
    """Return an unwrapped text with entities and escapes resolved; URLs stay encoded (`percent` is for them)."""
    plain = escapes(entities(text))
    return plain if plain is text or plain == text else fold(clean(plain).text)
