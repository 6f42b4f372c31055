"""Values of fields that hold secrets, in whatever the field is written: JSON, YAML, .env, code, XML, flags, prose."""

from __future__ import annotations

import re

from bot.paste.redact.headers import authorization, cookies
from bot.paste.redact.marks import HOLE
from bot.paste.redact.names import RARE_STEM, RARE_STEMS, STEM, Rule, rule_of
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import Floor, is_opaque, is_placeholder, is_secret
from bot.paste.redact.view import View

_NAME = re.compile(r"[\w$.\-]{1,160}+", re.ASCII)
_NAME_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.-")
_LONGEST_NAME = 64
# AWS's Credential=ID/date/region/service/aws4_request: only the id goes, by its shape
_CREDENTIAL_SCOPE = re.compile(r"(?:/|%2F)\d{8}(?:/|%2F)")
# The private members of a JSON Web Key (RFC 7518 6.2.2, 6.3.2, 6.4)
_JWK = re.compile(r"[\"'](?:d|p|q|dp|dq|qi|k)\\?[\"']\s{0,8}:\s{0,8}\\?[\"'](?P<value>[\w-]{16,1024})")
_QUOTE = r"(?:\\{0,8}[\"'`]|&quot;|&apos;|&\#0?3[49];|&\#[xX]2[27];|\\{1,4}u002[27]|%22|%27|%2522)"
# What may stand between a name and its value. The order matters: the longest first.
_SEPARATOR = re.compile(
    rf"""
      (?P<pair>{_QUOTE}?(?:[ \t]{{0,4}},)?\s{{0,40}}(?:-\ )?{_QUOTE}?(?:value|content|string_?value)(?:{_QUOTE})?[ \t]{{0,8}}[:=][ \t]{{0,8}})
    | (?P<attribute>{_QUOTE}(?:[ \t][^<>\n]{{0,120}}?)?[ \t]value=)
    | (?P<plist></key>\s{{0,40}}<string>|{_QUOTE}(?:[ \t][^<>\n]{{0,60}})?>(?=[^<\s]))
    | (?P<part>{_QUOTE}\s?;?[^\n]{{0,60}}\n(?:[ \t>]*[A-Za-z-]{{4,30}}:[^\n]{{0,80}}\n){{0,3}}[ \t>]*\n)
    | (?P<typed>{_QUOTE}?\??:[ \t]{{0,2}}[A-Za-z][\w\[\]|.]{{0,30}}(?:[ \t]\|[ \t]\w{{1,12}})?[ \t]{{0,4}}=[ \t]{{0,4}}(?=["'`]))
    | (?P<equals>{_QUOTE}?[\])]{{0,2}}[ \t]{{0,16}}(?:=>|:=|\?=|\|\|=|===?|=(?!=)|%3[dD]|%253[dD]|&\#61;|-eq)[ \t]{{0,16}})
    | (?P<colon>{_QUOTE}?[\])]{{0,2}}[ \t]{{0,16}}(?::|%3[aA]|&\#58;)(?!//)[ \t]{{0,16}})
    | (?P<element>(?:[ \t][^<>\n]{{0,200}})?>(?:<!\[CDATA\[)?)
    | (?P<call>\([ \t]{{0,4}}(?={_QUOTE}|u?r?b?["']))
    | (?P<argument>{_QUOTE}[ \t]{{0,4}},[ \t]{{0,8}}(?={_QUOTE}|[bru]{{1,2}}["']))
    | (?P<prose>[ \t]{{1,3}}(?:is|was|are|equals|being)(?:[ \t](?:just|now|literally|still))?[ \t]{{0,2}}[:=]?[ \t]{{1,3}})
    | (?P<table>[ \t]{{0,40}}\|[ \t]{{0,40}})
    | (?P<quoted>[ \t]{{1,4}}(?={_QUOTE}))
    | (?P<space>[ \t]{{1,8}}(?=[^\s=:|]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPEN = re.compile(rf"(?P<prefix>[fFrRbBuU$@]{{0,2}})(?P<quote>{_QUOTE})")
_HAN_FIELD = re.compile(
    r"(?P<name>密码|口令|密钥|秘钥|私钥|令牌|授权码|凭证|验证码|暗号|passwort|contraseña|mot\s?de\s?passe|пароль|パスワード|비밀번호|senha|"
    r"api\s?key|token|secret)(?P<separator>[ \t]{0,3}(?:是|为|設定|设置为|设为|改成|就是|填的是|用的是|[:=]|は|est|ist|es|é)[ \t]{0,3}[:=]?[ \t]{0,3})(?P<value>[\"'`]?[!-~]{2,256})"
)
_TWO_WORDS = re.compile(
    r"(?:api|access|client|secret|auth|bot|private|refresh|bearer|session|app|account|service|security|webhook|signing|"
    r"encryption|shared|master|license|personal access|id|device|security)[ \t]$"
)
_SET = re.compile(r"(?:\b(?:setx|setenv|set|export|env|-x|arg|config set|configure set|_authtoken|put|add)[ \t]{1,4}(?:-\w{1,10}[ \t])?(?:[\w.]{1,60}\.)?)$")
_ASSIGNS = frozenset({"equals", "attribute", "pair", "plist", "element", "typed", "part"})
_EOL = re.compile(r"[^\n]*")
_URL_VALUE = re.compile(r"[^&\s\"'<>`#\\]+")
_PLAIN_VALUE = re.compile(r"[^\s\"'<>`]+")
_LOOSE_VALUE = re.compile(r"\S+")
_DSN_VALUE = re.compile(r"\{(?:[^}]|\}\}){1,128}\}|[^;\"'\n<>]{1,256}(?=;)|[^;\s\"'<>]+")
_TAIL = re.compile(r"(?:[,;)\]}.!?]|\\[rnt]|\\{1,8}$)+$")
_NEXT_FIELD = re.compile(r"[&,;](?:amp;)?[\w.$-]{1,40}(?:=|\\?[\"']?:)|%26|;\s?$|\\[rn]|\\u0026|\\?[\"']")
_LONGEST_VALUE = 65_536


def find_fields(view: View) -> list[Span]:
    """Return the values of all secret-looking fields of a view."""
    text, lower = view.text, view.lower
    found: list[Span] = []
    _named(view, STEM, found)
    if any(stem in lower for stem in RARE_STEMS):
        _named(view, RARE_STEM, found)
    if "kty" in lower:
        for match in _JWK.finditer(text):
            if is_opaque(match["value"], 16):
                found.append(Span(*match.span("value"), "private-key", Rank.FIELD))
    if not text.isascii():
        found += _han_fields(text, lower)
    return found


def _named(view: View, stems: re.Pattern[str], found: list[Span]) -> None:
    text = view.text
    done = 0
    for stem in stems.finditer(view.lower):
        start = stem.start()
        if start < done:
            continue
        # Regular expressions only look ahead: the start of the name is found by hand.
        least = max(done, start - _LONGEST_NAME)
        while start > least and text[start - 1] in _NAME_CHARS:
            start -= 1
        name = _NAME.match(text, start)
        if name is None:
            continue
        done = name.end()
        spans = _field(view, start, done)
        if spans:
            found += spans
            done = spans[-1].end


def _field(view: View, start: int, end: int) -> list[Span]:
    text = view.text
    name = text[start:end].rstrip("$.-")
    end = start + len(name)
    name = name.lstrip("$.-0123456789")
    start = end - len(name)
    # An escape's letter or a percent-code's digits are no part of the name: \npassword, %26password.
    if start and text[start - 1] == "\\" and name[0] in "nrt":
        name, start = name[1:], start + 1
    elif text[start - 2 : start - 1] == "%" or (start and text[start - 1] == "%"):
        skip = 2 if text[start - 1] == "%" else 1
        name, start = name[skip:], start + skip
    rule = rule_of(name) if name else None
    if rule is None:
        return []
    separator = _SEPARATOR.match(text, end)
    if separator is None or separator.end() >= len(text):
        return []
    how = separator.lastgroup or ""
    rule = _in_context(rule, name, view, start, separator, how)
    if rule is None:
        return []
    at = separator.end()
    if rule.how == "authorization":
        a, b, _ = _line_value(text, start, at)
        return authorization(text, a, b)
    if rule.how in {"cookies", "set-cookie"}:
        a, b, _ = _line_value(text, start, at)
        return cookies(text, a, b, is_set=rule.how == "set-cookie")
    return _values(view, start, at, rule, how, name)


def _in_context(rule: Rule, name: str, view: View, start: int, separator: re.Match[str], how: str) -> Rule | None:
    """Return the rule as it holds in this place, or None where the name is a word of a sentence here."""
    text, lower = view.text, view.lower
    before = text[start - 1 : start]
    if rule.how == "code" and not _is_code_here(lower, start, before, how):
        return None
    if how == "space":
        # A value after nothing but a space: a flag, a shell's or a Dockerfile's variable.
        flag = before == "-" or (before == "/" and text[start - 2 : start - 1] in {"", " "})
        return rule if (flag or _SET.search(lower, max(0, start - 60), start)) and rule.how == "value" else None
    if how == "quoted" and rule.floor not in {Floor.ANY, Floor.SOLID} and before != "-":
        return None
    if how == "element" and before not in {"<", ":", "."}:
        return None
    if rule.how in {"authorization", "cookies", "set-cookie"} and how in {"prose", "table", "element", "space"}:
        return None
    if rule.how in {"cookies", "set-cookie"} and how == "quoted" and before != "-":
        return None
    if before == ":" and "arn:" in lower[max(0, start - 80) : start]:
        return None  # the type in the name of a resource
    if how == "part" and lower[max(0, start - 6) : start - 1] != "name=":
        return None
    if how == "plist" and before != ">" and text[max(0, start - 2) : start - 1] != "=":
        return None
    if how == "call" and rule.floor > Floor.BARE:
        return None
    if how == "table" and not re.search(r"\|[ \t`*]*\Z|^[ \t]*\Z", text[max(0, start - 40) : start], re.MULTILINE):
        return None
    if how == "argument" and not re.search(r"[(\[{]\s*[bru]{0,2}\\{0,8}[\"'`]\Z", text[max(0, start - 12) : start]):
        return None
    if how == "argument" and rule.how == "value" and rule.floor < Floor.OPAQUE and not re.search(r"[\w>]\(\s*[bru]{0,2}[\"'`]\Z", text[max(0, start - 12) : start]):
        return rule._replace(floor=Floor.OPAQUE)
    if rule.floor in {Floor.BARE, Floor.OPAQUE} and before == " " and _TWO_WORDS.search(lower, max(0, start - 20), start):
        return rule._replace(floor=Floor.SOLID if how != "prose" else Floor.BARE)
    if how == "prose" and rule.floor is Floor.ANY and not re.search(r"\b(?:my|our|the|your|his|her|its|with|and|root|admin|user|db|database)\b[^.\n]{0,20}\Z", lower[max(0, start - 30) : start]) and before not in {"", "\n"}:
        return rule._replace(floor=Floor.BARE)
    return rule


def _is_code_here(lower: str, start: int, before: str, how: str) -> bool:
    """An authorization code is one in a redirect or a token request; elsewhere `code` is an error's."""
    near = lower[max(0, start - 600) : start + 600]
    if before in {"?", "&", "#"} or how == "equals":
        return "state=" in near or "redirect" in near or "callback" in near or "authorization_code" in near or "oauth" in near or "azurewebsites" in near or before in {"?", "&"}
    return "authorization_code" in near or "redirect_uri" in near


def _values(view: View, start: int, at: int, rule: Rule, how: str, name: str) -> list[Span]:
    text = view.text
    if text[at : at + 1] == "[" and text[at : at + 2] != "[[":
        return _listed(text, at + 1, rule, how)
    a, b, quoted = _value(text, start, at, rule, how)
    if not quoted and how in {"colon", "equals"} and (a == b or text[a:b].strip() in {"|", ">", "|-", ">-", "|+", "\\"}):
        a, b = _below(text, b)
        if a == b:
            return []
        rule = rule if rule.floor is Floor.ANY and text[at : at + 1] in {"|", ">"} else rule._replace(floor=Floor.OPAQUE)
    if not quoted and text.startswith("->", b - 1):
        return []  # a call on an object: $this->token()
    if rule.how == "url":
        tail = max(re.split(r"[/?=&]", text[a:b]) or [""], key=len)
        return [Span(a, b, rule.kind, Rank.FIELD)] if text[a : a + 4] == "http" and is_opaque(tail, 12) else []
    if rule.kind == "credentials" and _CREDENTIAL_SCOPE.search(text, a, b):
        return []
    assigned = how in _ASSIGNS
    if not is_secret(text[a:b], rule.floor, quoted=quoted or how in {"element", "plist", "part", "table"}, assigned=assigned):
        return []
    if not quoted and not _stands_alone(text, start, a, b, rule, how, name):
        return []
    return [Span(a, b, _kind(rule, text[a:b]), Rank.FIELD)]


def _kind(rule: Rule, value: str) -> str:
    if rule.kind == "token" and value.startswith("eyJ"):
        return "jwt"
    return rule.kind


def _stands_alone(text: str, start: int, a: int, b: int, rule: Rule, how: str, name: str) -> bool:
    """Tell whether an unquoted value is what it seems, by what follows it: prose, an argument list, the line's end."""
    value = text[a:b]
    if any(char.isdigit() for char in value) and any(char.isalpha() for char in value) or is_opaque(value):
        return True
    plain = re.fullmatch(r"[A-Za-z'-]+", value) is not None
    rest = text[b : b + 40]
    if how in {"colon", "prose", "quoted", "table"}:
        # "password: hunter is wrong": a word with more words behind it is a sentence.
        if plain and re.match(r"[ \t]+[A-Za-z(\u4e00-\u9fff]", rest):
            return bool(re.match(r"[ \t]+(?:and|but|for|with|on|username|user|host|#|//)\b", rest)) and rule.floor is Floor.ANY and len(value) >= 6
        return True
    if how == "equals" and plain and rest[:1] in {",", ")", ";"} and rule.floor <= Floor.SOLID:
        line = text.rfind("\n", 0, start) + 1
        called = text.rfind("(", max(line, start - 200), start)
        if called > 0 and (text[called - 1].isalnum() or text[called - 1] == "_") and ")" not in text[called:start] and " " not in text[called - 1 : called]:
            return value[:1].isupper() or name.isupper()
    if how == "equals" and text[a - 1 : a] in {" ", "\t"} and plain and rule.floor is Floor.ANY:
        return value.lower() != name.lower()
    return value.lower() != name.lower()


def _line_value(text: str, start: int, at: int) -> tuple[int, int, bool]:
    """Return the value of a header: to its closing quote, to the quote round the whole header, or to the line's end."""
    opened = _OPEN.match(text, at)
    if opened:
        close = _closing(text, opened)
        if close is not None and (opened["prefix"] == "" or "f" not in opened["prefix"].lower() or True):
            return opened.end(), close, True
    end = _line_end(text, at)
    for quote in ("\\\"", '"', "'", "`"):
        if text[max(0, start - len(quote)) : start] == quote:
            close = text.find(quote, at, end)
            if close != -1:
                end = close
            break
    escaped = re.compile(r"\\{1,4}[rn]|<br|&lt;|&quot;|\", \"|', '").search(text, at, end)
    return at, (escaped.start() if escaped else end), False


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at, at + _LONGEST_VALUE)
    return min(len(text), at + _LONGEST_VALUE) if end == -1 else end


def _closing(text: str, opened: re.Match[str]) -> int | None:
    """Return where the quote of `opened` closes, or None: on the same line, or behind a wrapped run."""
    quote = opened["quote"]
    slashes = len(quote) - len(quote.lstrip("\\"))
    at, stop = opened.end(), opened.end() + _LONGEST_VALUE
    if quote[-1] not in "\"'`":
        close = text.find(quote, at, stop)
        return close if close != -1 and "\n" not in text[at:close] else None
    while (at := text.find(quote[-1], at, stop)) != -1:
        before = at
        while before > opened.end() and text[before - 1] == "\\":
            before -= 1
        count = at - before
        if (slashes == 0 and count % 2 == 0) or (slashes and count <= slashes):
            break
        at += 1
    else:
        return None
    value = text[opened.end() : before]
    if "\n" in value and not re.fullmatch(r"[^\s]{1,4096}(?:[ \t]*\\?\n[ \t>|]*[^\s:]{1,4096})*\s*", value):
        return None
    return before if slashes else at - (0 if count % 2 == 0 else 1)


def _value(text: str, start: int, at: int, rule: Rule, how: str) -> tuple[int, int, bool]:
    """Return where the value at `at` starts and ends, without its quotes, and whether it had some."""
    if how in {"element", "plist"}:
        close = text.find("</", at, at + _LONGEST_VALUE)
        if close == -1 or "<" in text[at:close]:
            return at, at, False
        return at, close - 3 if text.endswith("]]>", at, close) else close, False
    opened = _OPEN.match(text, at)
    if opened:
        close = _closing(text, opened)
        if close is not None:
            value = text[opened.end() : close]
            prefix = opened["prefix"].lower()
            if ("f" in prefix or "$" in prefix or "`" in opened["quote"]) and "{" in value and not is_opaque(value):
                return opened.end(), opened.end(), True
            return opened.end(), close, True
        at = opened.end()
    before = text[start - 1 : start]
    if how == "table":
        end = text.find("|", at, _line_end(text, at))
        value = text[at : end if end != -1 else _line_end(text, at)].rstrip().strip("`")
        return at, at + len(value), False
    if rule.kind == "mnemonic":
        words = re.compile(r"(?:[a-z]{3,8}[ \t]){11,23}[a-z]{3,8}").match(text, at)
        return at, words.end() if words else at, False
    if before in {"?", "&"} or text[at - 1 : at] in {"d", "D"} and text[at - 3 : at - 1] == "%3":
        pattern = _URL_VALUE
    elif before == ";" or (how == "equals" and rule.floor is Floor.ANY and re.search(r";[ \t]{0,4}\Z", text[max(0, start - 5) : start])):
        pattern = _DSN_VALUE
    elif rule.floor is Floor.ANY and how in {"equals", "space"}:
        pattern = _LOOSE_VALUE
    else:
        pattern = _PLAIN_VALUE
    match = pattern.match(text, at, at + _LONGEST_VALUE)
    if match is None:
        return at, at, False
    end = match.end()
    if pattern is not _DSN_VALUE:
        following = _NEXT_FIELD.search(text, at + 1, end)
        end = following.start() if following else end
        tail = _TAIL.search(text, at, end)
        if tail and not (rule.floor is Floor.ANY and tail[0] in {"!", "?"}):
            end = tail.start()
    return at, end, False


def _below(text: str, at: int) -> tuple[int, int]:
    """Return the one run on the line below `at`, as YAML's block scalars and prompts have it."""
    match = re.compile(r"[ \t]*[|>\\]?[-+]?[ \t]*\n[ \t>]{0,40}(?P<value>[^\s:=\"'<>{}]{6,4096}={0,2})[ \t]*(?=\n|\Z)").match(text, at)
    if match is None:
        match = re.compile(r"[|>\\]?[-+]?[ \t]*\n[ \t>]{0,40}(?P<value>[^\s:=\"'<>{}]{6,4096}={0,2})[ \t]*(?=\n|\Z)").match(text, at)
    return match.span("value") if match else (at, at)


def _listed(text: str, at: int, rule: Rule, how: str) -> list[Span]:
    """Return the secrets among the strings of a list."""
    found: list[Span] = []
    for _ in range(50):
        gap = re.compile(r"[\s,]{0,40}").match(text, at)
        opened = _OPEN.match(text, gap.end() if gap else at)
        close = _closing(text, opened) if opened else None
        if opened is None or close is None:
            break
        if is_secret(text[opened.end() : close], rule.floor, quoted=True, assigned=True):
            found.append(Span(opened.end(), close, rule.kind, Rank.FIELD))
        at = close + len(opened["quote"])
    return found


def _han_fields(text: str, lower: str) -> list[Span]:
    found = []
    for match in _HAN_FIELD.finditer(lower):
        start, end = match.span("value")
        value = text[start:end]
        if match["name"].isascii() and match["separator"].isascii():
            continue  # the names of fields, in any text
        quoted = value[0] in "\"'`"
        if value[0] in "\"'`":
            close = value.find(value[0], 1)
            start, end = start + 1, (start + close if close != -1 else end)
        tail = _TAIL.search(text, start, end)
        end = tail.start() if tail else end
        value = text[start:end]
        password = match["name"] in {"密码", "口令", "passwort", "contraseña", "пароль", "パスワード", "비밀번호", "senha"}
        floor = Floor.ANY if password else Floor.BARE
        if HOLE in value or is_placeholder(value) or not is_secret(value, floor, quoted=quoted, assigned=True):
            continue
        found.append(Span(start, end, "password" if password else "token", Rank.FIELD))
    return found
