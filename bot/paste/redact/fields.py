"""Values of fields that hold secrets, in whatever the field is written: JSON, YAML, .env, code, XML, flags, prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from bot.paste.redact.headers import authorization, cookies
from bot.paste.redact.names import STEM, Rule, rare_stems, rule_of
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.syntax import SEPARATOR, Place, Value, below, header_value, listed, value_of
from bot.paste.redact.tongues import find_spoken
from bot.paste.redact.values import Floor, is_assignment, is_opaque, is_secret, is_stand_in
from bot.paste.redact.view import View

_NAME = re.compile(r"[\w$.\-]{1,160}+", re.ASCII)
_NAME_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.-"
_PERCENT_CODE = re.compile(r"%[0-9A-Fa-f]{2}")
_LONGEST_NAME = 64
_LEAST_PASSWORD, _LEAST_TOLD = 8, 16  # characters of a secret that only follows its name in a sentence
# AWS's Credential=ID/date/region/service/aws4_request: only the id goes, by its shape
_CREDENTIAL_SCOPE = re.compile(r"(?:/|%2F)\d{8}(?:/|%2F)")
# The private members of a JSON Web Key (RFC 7518 6.2.2, 6.3.2, 6.4)
_JWK = re.compile(r"[\"'](?:d|p|q|dp|dq|qi|k)\\?[\"']\s{0,8}:\s{0,8}\\?[\"'](?P<value>[\w+/=-]{16,1024})")
_TWO_WORDS = re.compile(
    r"(?:api|access|client|secret|auth|bot|private|refresh|bearer|session|app|account|service|security|webhook|signing|"
    r"encryption|shared|master|license|personal access|id|device)[ \t]\Z"
)
_SETTING = re.compile(
    r"\b(?:setx|setenv|set|export|env|arg|config set|configure set|put|add)[ \t]{1,4}"
    r"(?:-\w{1,10}[ \t])?(?:[\w./:-]{1,60}[.:])?\Z"
)
_PLAIN_WORD = re.compile(r"[ \t]{1,8}([a-z']{1,40})(?=[\s\"`)\]}>|=]|[.,;:!?]{1,3}(?:\s|\Z)|\Z)")
_NO_WORDS = frozenset("-/<:")  # what stands before the name of a flag or an element
_LINKS = frozenset("is was are equals being value string itself here to as of code".split())
_OWNED = re.compile(r"\b(?:my|our|the|your|his|her|its|with|and|root|admin|user|db|database)\b[^.\n]{0,20}\Z")
_NEXT_LINE = re.compile(r"[ \t]*\n[ \t>]{0,40}(?P<value>[\w.~+/=-]{16,4096})[ \t]*(?=\n|\Z)")
_CELL = re.compile(r"\|[ \t`*]*\Z|^[ \t]*\Z", re.MULTILINE)
_FIRST_ITEM = re.compile(r"(?:[(\[{]\s*[bru]{0,2}\\{0,8}[\"'`]|\{)\Z")
_FIRST_ARGUMENT = re.compile(r"[\w>]\(\s*[bru]{0,2}[\"'`]\Z")
_REDIRECTED = re.compile(r"state=|redirect|callback|authorization_code|oauth|azurewebsites")
_EXCHANGED = re.compile(r"authorization_code|redirect_uri")
_MORE_WORDS = re.compile(r"[ \t]+[A-Za-z(`\u4e00-\u9fff]")
_NEW_THOUGHT = re.compile(r"[ \t]+(?:and|but|for|with|on|username|user|host|#|//)\b")
_ASKS = re.compile(
    r"(?:get|fetch|read|load|find|lookup|describe|delete|remove|check|valid|verify|generat|print|log)\w*\Z", re.I
)
_DONE = re.compile(r"[a-z]{3,}(?:ed|en|ing)")  # the password is refused
_BLANK = re.compile(r"\s")
_COUNTED = frozenset({"123456", "000000", "12345678"})  # everybody's example of a code
_ASIDE = re.compile(r"\([^()\s]{1,40}[ \t]")  # password: (see the log)
_CODE = re.compile(r"[A-Z]{1,10}[-_]?\d{4,9}")  # ORA-28000: the account is locked
_LABELS = re.compile(r":[ \t]+[A-Za-z]")
_WORD = re.compile(r"[A-Za-z'-]+\Z")
_ASSIGNS = frozenset({"equals", "attribute", "pair", "plist", "element", "typed", "part"})
_HEADERS = frozenset({"authorization", "cookies", "set-cookie"})
_NO_HEADER = frozenset({"prose", "table", "element", "space"})
_LITERAL = frozenset({"element", "plist", "part", "table"})


def find_fields(view: View, hints: Set[str]) -> list[Span]:
    """Return the values of all secret-looking fields of a view; `hints` has those of RARE and TELLING in it."""
    found: list[Span] = []
    _named(view, STEM, found)
    if rare := rare_stems(hints):
        _named(view, rare, found)
    if "kty" in view.lower:
        for match in _JWK.finditer(view.text):
            if is_opaque(match["value"], 16):
                found.append(Span(*match.span("value"), "private-key", Rank.FIELD))
    return found + find_spoken(view, hints)


def _named(view: View, stems: re.Pattern[str], found: list[Span]) -> None:
    text = view.text
    done = 0
    for stem in stems.finditer(view.lower):
        start = stem.start()
        if start < done:
            continue
        # Regular expressions only look ahead.
        least = max(done, start - _LONGEST_NAME)
        start = least + len(text[least:start].rstrip(_NAME_CHARS))
        name = _NAME.match(text, start)
        if name:
            spans, done = _field(view, start, name.end())
            found += spans


def _field(view: View, start: int, end: int) -> tuple[list[Span], int]:
    """Return the secrets of the field whose name is at `start:end`, and where to go on."""
    text = view.text
    go_on, name = end, text[start:end].rstrip("$.-")
    end = start + len(name)
    name = name.lstrip("$.-0123456789")
    start = end - len(name)
    # An escape's letter or a percent-code's digits are no part of the name: \npassword, %26password.
    if start and text[start - 1] == "\\" and name[:1] in {"n", "r", "t"}:
        name, start = name[1:], start + 1
    elif "%" in text[max(0, start - 2) : start]:
        code = _PERCENT_CODE.match(text, text.rfind("%", 0, start))
        if code:
            name, start = name[max(0, code.end() - start) :], max(start, code.end())
    if _is_in_sentence(view, start, end):
        return [], go_on
    rule = rule_of(name) if name else None
    separator = SEPARATOR.match(text, end) if rule else None
    if rule is None or separator is None or separator.end() >= len(text):
        return [], go_on
    place = Place(text, view.lower, name, start, separator.end(), separator.lastgroup or "")
    if not _is_field(place, rule):
        return [], go_on
    if rule.how == "authorization":
        a, b = header_value(place)
        return authorization(text, a, b) or _on_next_line(text, a, b), go_on
    if rule.how in {"cookies", "set-cookie"}:
        a, b = header_value(place)
        # Names in a cookie header are cookies; not to read them again keeps the time linear.
        return cookies(text, a, b, is_set=rule.how == "set-cookie"), max(go_on, b)
    spans = _secrets(place, _in_context(rule, place))
    return spans, spans[-1].end if spans else go_on


def _is_in_sentence(view: View, start: int, end: int) -> bool:
    """Tell whether a name is a word of a sentence, by the plain word behind it. Most are; that spares the rest."""
    following = _PLAIN_WORD.match(view.lower, end)
    if following is None or following[1] in _LINKS or view.text[start - 1 : start] in _NO_WORDS:
        return False
    return not _SETTING.search(view.lower, max(0, start - 60), start)


def _on_next_line(text: str, start: int, end: int) -> list[Span]:
    """Return the credentials on the line below an Authorization value that is a scheme and no more."""
    scheme = text[start:end].strip()
    below = _NEXT_LINE.match(text, end) if scheme.isalpha() else None
    if below is None or not is_opaque(below["value"], 16):
        return []
    return [Span(*below.span("value"), "token", Rank.PLACE, scheme=scheme)]


def _is_told(place: Place) -> bool:
    return _is_set(place) or (place.before == " " and _TWO_WORDS.search(place.back(20)) is not None)


def _is_set(place: Place) -> bool:
    """Tell whether a value follows after nothing but a space: of a flag, of a shell's or a Dockerfile's variable."""
    flag = place.before == "-" or (place.before == "/" and place.back(2)[:-1] in {"", " "})
    return flag or _SETTING.search(place.back(60)) is not None


# For each way of writing a field: whether a name written so is one, or a word of a sentence.
_IS_WRITTEN: dict[str, Callable[[Place, Rule], bool]] = {
    "space": lambda place, rule: rule.how == "value" and (rule.floor < Floor.OPAQUE or _is_told(place)),
    "quoted": lambda place, rule: rule.floor < Floor.OPAQUE or place.before == "-",
    "element": lambda place, rule: place.before in {"<", ":", "."},
    "part": lambda place, rule: place.back(6)[:-1] == "name=",
    "plist": lambda place, rule: place.before == ">" or place.back(2)[:-1] == "=",
    "call": lambda place, rule: rule.floor <= Floor.BARE,
    "table": lambda place, rule: _CELL.search(place.back(40)) is not None,
    "argument": lambda place, rule: place.name.isupper() or _FIRST_ITEM.search(place.back(12)) is not None,
}


def _is_field(place: Place, rule: Rule) -> bool:
    """Tell whether the name is a field's here."""
    if place.before == ":" and "arn:" in place.back(80):
        return False  # the type in the name of a resource
    if rule.how == "code":
        return _is_code(place)
    if rule.how in _HEADERS and (place.how in _NO_HEADER or (place.how == "quoted" and place.before != "-")):
        return False
    is_written = _IS_WRITTEN.get(place.how)
    return is_written is None or is_written(place, rule)


def _is_code(place: Place) -> bool:
    """Tell whether `code` is an authorization code, as in a redirect or a token request; elsewhere it is an error's."""
    if place.before in {"?", "&"}:
        return True
    near = place.lower[max(0, place.start - 600) : place.start + 600]
    return (_REDIRECTED if place.before == "#" or place.how == "equals" else _EXCHANGED).search(near) is not None


def _in_context(rule: Rule, place: Place) -> Rule:
    """Return the rule with the floor that holds in this place."""
    if (
        place.how == "argument"
        and rule.floor < Floor.OPAQUE
        and not _FIRST_ARGUMENT.search(place.back(12))
        and not place.name.endswith("USERPWD")
    ):
        return rule._replace(floor=Floor.OPAQUE)  # a list of names: ("token", "secret")
    if place.how == "call" and _ASKS.search(place.name):
        return rule._replace(floor=Floor.OPAQUE)  # get_secret("name")
    if rule.floor >= Floor.BARE and place.before == " " and _TWO_WORDS.search(place.back(20)):
        return rule._replace(floor=Floor.BARE if place.how == "prose" else Floor.SOLID)  # "API key: …"
    if place.how == "prose" and rule.floor is Floor.ANY and place.before not in {"", "\n"}:
        return rule if _OWNED.search(place.back(30)) else rule._replace(floor=Floor.BARE)
    return rule


def _secrets(place: Place, rule: Rule) -> list[Span]:
    text = place.text
    if text.startswith("[", place.at) and (items := listed(text, place.at + 1)):
        return [Span(item.start, item.end, rule.kind, Rank.FIELD) for item in items if _is_secret(place, rule, item)]
    value = value_of(place, rule)
    under = below(text, value) if place.how in {"colon", "equals"} else None
    if under:
        # A prompt's answer or nothing to do with it; after YAML's | it is the value.
        block = rule.floor is Floor.ANY and text[place.at : place.at + 1] in {"|", ">"}
        value, rule = under, rule if block else rule._replace(floor=Floor.OPAQUE)
    if not _is_secret(place, rule, value):
        return []
    return [Span(value.start, value.end, rule.kind, Rank.FIELD)]


def _is_secret(place: Place, rule: Rule, value: Value) -> bool:
    text, (start, end, quoted) = place.text, value
    if start == end or (not quoted and text.startswith("->", end - 1)):
        return False  # nothing, or a call on an object: $this->token()
    if _is_other(place, rule, value):
        return False
    if rule.how == "url":
        tail = max(re.split(r"[/?=&]", text[start:end]), key=len)
        return text.startswith("http", start) and is_opaque(tail, 12)
    if place.how == "space" or (place.how == "quoted" and rule.floor > Floor.ANY):
        # "with password S3cr3t": a word of the sentence, unless it looks made up.
        least = _LEAST_PASSWORD if rule.floor is Floor.ANY else _LEAST_TOLD
        told = is_opaque(text[start:end], least) and any(map(str.isdigit, text[start:end]))
        if (not told or text[start] in "[({<") and not _is_set(place):
            return False
    literal = quoted or place.how in _LITERAL
    if (not literal and _is_label(place, rule, start, end)) or not is_secret(
        text[start:end], rule.floor, quoted=literal, assigned=place.how in _ASSIGNS
    ):
        return False
    return quoted or _stands_alone(place, rule, start, end)


def _is_other(place: Place, rule: Rule, value: Value) -> bool:
    """Tell whether a value is something else than a secret by how it is written, whatever it is."""
    text, (start, end, quoted) = place.text, value
    if rule.kind == "credentials" and _CREDENTIAL_SCOPE.search(text, start, end):
        return True
    if quoted and place.name == "key" and place.how == "equals" and rule_of(text[start:end]):
        return True  # <add key="ClearTextPassword" value="…">: the name of what follows
    if quoted:
        return text[start - 1] == "`" and _is_code_span(text[start:end])
    if text[end - 1] in "-_" and text.startswith("...", end):
        return True  # xoxb-…
    if place.how == "prose" and _DONE.fullmatch(text, start, end):
        return True
    if place.name == "PWD":
        return text[start] in "/~"  # the working directory
    return (rule.kind == "one-time-code" and text[start:end] in _COUNTED) or _ASIDE.match(text, start) is not None


def _is_code_span(span: str) -> bool:
    """Tell whether what stands in backticks is a command, a setting with a name of its own, a variable or a path."""
    if is_assignment(span) or is_stand_in(span) or _BLANK.search(span):
        return True
    return "/" in span and not is_opaque(span, _LEAST_TOLD)


def _is_label(place: Place, rule: Rule, start: int, end: int) -> bool:
    """Tell whether a value has a colon and words behind it: "token: BadRequest: the reply address …"."""
    text = place.text
    if place.how in _ASSIGNS:
        return False
    if not _CODE.fullmatch(text, start, end - (text[end - 1] == ":")) and (
        rule.floor is Floor.ANY or is_opaque(text[start:end])
    ):
        return False
    return _LABELS.match(text, end - (text[end - 1] == ":")) is not None


def _stands_alone(place: Place, rule: Rule, start: int, end: int) -> bool:
    """Tell whether an unquoted value is what it seems, by what follows it: prose, an argument list, the line's end."""
    text, value = place.text, place.text[start:end]
    if (any(map(str.isdigit, value)) and any(map(str.isalpha, value))) or is_opaque(value):
        return True
    plain = _WORD.match(value) is not None
    if place.how in {"colon", "prose", "quoted", "table"}:
        # "password: hunter is wrong": a word with more words behind it is a sentence.
        if not plain or not _MORE_WORDS.match(text, end):
            return True
        return rule.floor is Floor.ANY and len(value) >= 6 and _NEW_THOUGHT.match(text, end) is not None
    if place.how == "equals" and plain and text[end : end + 1] in {",", ")", ";"} and _is_argument(place):
        return value[:1].isupper() or place.name.isupper()
    return value.lower() != place.name.lower()


def _is_argument(place: Place) -> bool:
    """Tell whether the field stands in the brackets of a call, where words are variables: login(password=pw)."""
    text = place.text
    opened = text.rfind("(", max(text.rfind("\n", 0, place.start) + 1, place.start - 200), place.start)
    if opened <= 0 or ")" in text[opened : place.start]:
        return False
    return text[opened - 1].isalnum() or text[opened - 1] == "_"
