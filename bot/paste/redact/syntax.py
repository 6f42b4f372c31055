"""How a field is written: what stands between its name and its value, and where the value ends."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.paste.redact.names import Rule
from bot.paste.redact.values import Floor, is_opaque, is_placeholder

_Q = r"(?:\\{0,8}[\"'`]|&quot;|&apos;|&\#0?3[49];|&\#[xX]2[27];|\\{1,4}u002[27]|%22|%27|%2522)"
# What may stand between a name and its value: the first that fits.
SEPARATOR = re.compile(
    rf"""
      (?P<pair>{_Q}?(?:[ \t]{{0,4}},)?\s{{0,40}}(?:-\ )?{_Q}?  # {{"name": "X", "value": "Y"}}, - name: X\n  value: Y
        (?:(?:key)?value|content|string_?value)(?:{_Q})?[ \t]{{0,8}}(?:[:=]|,(?=[ \t]?{_Q}))[ \t]{{0,8}}
        |[ \t]?[\[({{]value=  # AccessToken [value=…
        |{_Q}[ \t]\{{[^{{}}"]{{0,200}}?\bdefault[ \t]{{0,20}}=[ \t]{{0,8}})  # variable "X" {{ default = "Y"
    | (?P<typed>{_Q}?\??:[ \t]{{0,2}}[A-Za-z][\w\[\]|.]{{0,30}}(?:[ \t]\|[ \t]\w{{1,12}})?  # token: str = "…"
        [ \t]{{0,4}}=[ \t]{{0,4}}(?=["'`]))
    | (?P<equals>{_Q}?(?:[\])]|%5d){{0,2}}[ \t]{{0,16}}
        (?:=>\s{{1,20}}string\(\d{{1,5}}\)[ ]|;s:\d{{1,5}}:  # PHP's var_dump and serialize
        |=>|:=|\?=|\|\|=|===?|=(?!=)|%3[dD]|%253[dD]|&\#61;|-eq)[ \t]{{0,16}}
        (?:(?:optional|some|just)\((?={_Q}))?)
    | (?P<colon>{_Q}?[\])]{{0,2}}\*{{0,3}}(?:[ \t]\[[\w*]{{0,40}}\])?[ \t]{{0,16}}  # Secret Access Key [None]: …
        (?::(?::(?=[ \t])|(?!:))|%3[aA]|&\#58;)(?!//)(?:\*{{1,3}}(?=[ \t]+\S))?[ \t]{{0,16}}
        (?:(?:optional|some|just)\((?={_Q}))?)
    | (?P<attribute>{_Q}(?:[ \t][^<>\n]{{0,120}}?)?[ \t]value=)  # <add key="X" value="Y">
    | (?P<plist></key>\s{{0,40}}<string>|{_Q}(?:[ \t][^<>\n]{{0,60}})?>(?=[^<\s]))
    | (?P<element>(?:[ \t][^<>\n]{{0,200}})?>(?:<!\[CDATA\[|\s{{0,40}}<value>)?)
    | (?P<call>\([ \t]{{0,4}}(?={_Q}|u?r?b?["']))  # setPassword("…")
    | (?P<argument>{_Q}?[ \t]{{0,4}},[ \t]{{0,40}}(?={_Q}|[bru]{{1,2}}["']))  # put("password", "…")
    | (?P<prose>(?:[ \t](?:value|string|itself|here))?[ \t]{{1,3}}(?:is|was|are|equals|being)
        (?:[ \t](?:just|now|literally|still))?
        [ \t]{{0,2}}[:=]?[ \t]{{1,3}})
    | (?P<table>[ \t]{{0,40}}\|[ \t]{{0,40}})
    | (?P<quoted>[ \t]{{1,4}}(?={_Q}))
    | (?P<space>[ \t]{{1,8}}(?:(?:to|as|of|code|was)[ \t])?[\[(<]?(?=[^\s=:|]))
    | (?P<part>{_Q}\s?;?[^\n]{{0,60}}\n(?:[ \t>]*+[A-Za-z-]{{4,30}}:[^\n]{{0,80}}\n){{0,3}}[ \t>]*+\n)  # multipart
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPEN = re.compile(rf"(?P<prefix>[fFrRbBuUN$@]{{0,2}})(?P<quote>{_Q})")
_URL_VALUE = re.compile(r"[^&\s\"'<>`#\\]+")
_PLAIN_VALUE = re.compile(r"[^\s\"'<>`]+")
_LOOSE_VALUE = re.compile(r"\S+")
_DSN_VALUE = re.compile(r"\{(?:[^}]|\}\}){1,128}\}|[^;\"'\n<>]{1,256}(?=;)|[^;\s\"'<>]+")
_MNEMONIC = re.compile(r"(?:[a-z]{3,8}[ \t]){11,23}[a-z]{3,8}")  # BIP 39
_TAIL = re.compile(r"(?:[,;)\]}.!?]|\\[rnt]|\\{1,8}$)+$")
_NEXT_FIELD = re.compile(r"[&,;](?:amp;)?[\w.$-]{1,40}(?:=|\\?[\"']?:)|%26|;\s?$|\\[rn]|\\u0026|\\?[\"']")
_WRAPPED = re.compile(r"[^\s]{1,4096}(?:[ \t]*\\?\n[ \t>|]*+[^\s:]{1,4096})*\s*\Z")
_BELOW = re.compile(r"[ \t]*[|>\\]?[-+]?[ \t]*\n[ \t>]{0,40}(?P<value>[^\s:=\"'<>{}]{6,4096}={0,2})[ \t]*(?=\n|\Z)")
_BETWEEN = re.compile(r"[\s,]{0,40}")
_LONGEST_VALUE = 65_536
_LONGEST_HEADER = 8_192
_LONGEST_LIST = 50
_HEADER_STOPS = ("\\r", "\\n", "<br", "&lt;", "&quot;", '", "', "', '")
_BLOCK_SIGNS = frozenset({"", "|", ">", "|-", ">-", "|+", "\\"})


class Place(NamedTuple):
    """Where a field stands in a text: its name from `start` on, its value from `at` on, `how` they are separated."""

    text: str
    lower: str
    name: str
    start: int
    at: int
    how: str  # the name of the group of SEPARATOR

    @property
    def before(self) -> str:
        """The character before the name, or nothing."""
        return self.text[self.start - 1 : self.start]

    def back(self, length: int) -> str:
        """Return the `length` characters before the name, in lower case."""
        return self.lower[max(0, self.start - length) : self.start]


class Value(NamedTuple):
    """A field's value, `start:end`, without its quotes, and whether it had some. Empty where there is none."""

    start: int
    end: int
    quoted: bool


def value_of(place: Place, rule: Rule) -> Value:
    """Return the value of the field at `place`."""
    text, at = place.text, place.at
    if place.how in {"element", "plist"}:
        return _element(text, at)
    opened = _OPEN.match(text, at)
    if opened:
        close = _closing(text, opened)
        if close is not None:
            template = "f" in opened["prefix"].lower() or "$" in opened["prefix"] or "`" in opened["quote"]
            value = text[opened.end() : close]
            return Value(
                opened.end(), opened.end() if template and "{" in value and not is_opaque(value) else close, True
            )
        at = opened.end()
    if place.how == "table":
        end = text.find("|", at, line_end(text, at))
        value = text[at : end if end != -1 else line_end(text, at)].rstrip().strip("`")
        return Value(at, at + len(value), False)
    if rule.kind == "mnemonic":
        words = _MNEMONIC.match(text, at)
        return Value(at, words.end() if words else at, False)
    return _unquoted(place, rule, at)


def _element(text: str, at: int) -> Value:
    close = text.find("<", at, at + _LONGEST_VALUE)
    if close == -1 or not text.startswith("</", close):
        return Value(at, at, False)
    return Value(at, close - 3 if text.endswith("]]>", at, close) else close, False)


def _unquoted(place: Place, rule: Rule, at: int) -> Value:
    text = place.text
    dsn = place.before == ";" or (
        place.how == "equals" and rule.floor is Floor.ANY and place.back(5).rstrip(" \t")[-1:] == ";"
    )
    if place.before in {"?", "&"} or text[at - 3 : at].lower() == "%3d":
        pattern = _URL_VALUE
    elif dsn:
        pattern = _DSN_VALUE
    elif rule.floor is Floor.ANY and place.how in {"equals", "space"}:
        pattern = _LOOSE_VALUE
    else:
        pattern = _PLAIN_VALUE
    match = pattern.match(text, at, at + _LONGEST_VALUE)
    if match is None:
        return Value(at, at, False)
    end = match.end()
    tick = text.find("`", at, end)
    if tick > at and text.count("`", text.rfind("\n", 0, at) + 1, at) % 2:
        end = tick  # the field stands in a span of code
    if not dsn and text[at] in "{[<(" and is_placeholder(text[at:end]):
        return Value(at, end, False)
    if pattern is _DSN_VALUE and text[at] == "{" and text[end - 1] == "}":
        return Value(at + 1, end - 1, True)  # ODBC: PWD={…}
    if not dsn:
        following = _NEXT_FIELD.search(text, at + 1, end)
        end = following.start() if following else end
        tail = _TAIL.search(text, at, end)
        if tail and not (rule.floor is Floor.ANY and tail[0] in {"!", "?"}):
            end = tail.start()
    return Value(at, end, False)


def header_value(place: Place) -> tuple[int, int]:
    """Return the value of a header: to its closing quote, to the quote round the whole header, or to the line's end."""
    text, at = place.text, place.at
    if place.how == "typed":
        at = text.find(":", place.start, at) + 1  # Cookie: a="…" has no type, but the look of one
    opened = _OPEN.match(text, at)
    close = _closing(text, opened) if opened else None
    if opened and close is not None and "\n" not in text[at:close]:
        return opened.end(), close
    end = min(line_end(text, at), at + _LONGEST_HEADER)
    for quote in ('\\"', '"', "'", "`"):
        if place.start >= len(quote) and text.startswith(quote, place.start - len(quote)):
            outer = text.find(quote, at, end)
            end = outer if outer != -1 else end
            break
    for stop in _HEADER_STOPS:
        found = text.find(stop, at, end)
        end = found if found != -1 else end
    return at, end


def below(text: str, value: Value) -> Value | None:
    """Return the one run on the line below an empty value, as YAML's block scalars and prompts have it."""
    if value.quoted or text[value.start : value.end].strip() not in _BLOCK_SIGNS:
        return None
    match = _BELOW.match(text, value.start)
    return Value(*match.span("value"), False) if match else None


def listed(text: str, at: int) -> list[Value]:
    """Return the strings of the list that is open at `at`, the first fifty."""
    found: list[Value] = []
    while len(found) < _LONGEST_LIST:
        gap = _BETWEEN.match(text, at)
        opened = _OPEN.match(text, gap.end() if gap else at)
        close = _closing(text, opened) if opened else None
        if opened is None or close is None:
            break
        found.append(Value(opened.end(), close, True))
        at = close + len(opened["quote"])
    return found


def trimmed(text: str, start: int, end: int) -> int:
    """Return the end of the value at `start:end` without the punctuation of the sentence around it."""
    tail = _TAIL.search(text, start, end)
    return tail.start() if tail else end


def line_end(text: str, at: int) -> int:
    """Return where the line of `at` ends, or a value's utmost length on."""
    end = text.find("\n", at, at + _LONGEST_VALUE)
    return min(len(text), at + _LONGEST_VALUE) if end == -1 else end


def _closing(text: str, opened: re.Match[str]) -> int | None:
    """Return where the quote of `opened` closes, or None: on the same line, or behind a wrapped run."""
    quote = opened["quote"]
    start, stop = opened.end(), opened.end() + _LONGEST_VALUE
    if quote[-1] not in "\"'`":
        same = text.find(quote, start, stop)
        return same if same != -1 and "\n" not in text[start:same] else None
    close = _unescaped(text, quote, start, stop)
    if close is None or ("\n" in text[start:close] and not _WRAPPED.match(text[start:close])):
        return None
    return close


def _unescaped(text: str, quote: str, start: int, stop: int) -> int | None:
    """Return where a quote mark stands that is escaped as often as `quote` is, or less: JSON in a string."""
    slashes = len(quote) - 1
    at = text.find(quote[-1], start, stop)
    while at != -1:
        before = at
        while before > start and text[before - 1] == "\\":
            before -= 1
        if slashes == 0 and (at - before) % 2 == 0:
            return at
        if slashes and at - before <= slashes:
            return before
        at = text.find(quote[-1], at + 1, stop)
    return None
