"""Secrets that only their place among arguments shows: basic_auth("bob", "…"), INSERT … VALUES ('bob', '…')."""

from __future__ import annotations

import re

from bot.paste.redact.names import rule_of
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import Floor, is_opaque, is_secret, is_stand_in

# Calls by the place of the password among their arguments, from 0; names in lower case without underscores.
_PLACES = {
    **dict.fromkeys("jedisauth redisauth clientauth".split(), 0),
    **dict.fromkeys(
        "setbasicauth basicauth httpbasicauth httpdigestauth httpproxyauth httpntlmauth withbasicauth auth login "
        "loginasync wifibegin signin loginuser signinwithemailandpassword createuserwithemailandpassword authenticate "
        "networkcredential usernamepasswordcredentials usernamepasswordauthenticationtoken passwordauthentication "
        "basicawscredentials basicsessioncredentials basiccredentials simplebind simplebinds setcredentials "
        "ociconnect ocilogon basicauthentication addbasicauth addcredentials cxoracleconnect oracledbconnect".split(),
        1,
    ),
    **dict.fromkeys(
        "mysqli mysqliconnect mysqlconnect mysqlpconnect pdo construct getconnection ldapbind imapopen ftplogin "
        "ssh2authpassword odbcconnect plainauth usernamepasswordcredential pymysqlconnect mysqldbconnect "
        "connection sequelize".split(),
        2,
    ),
}
# Calls in which a literal that a machine made is a secret, wherever it stands.
_CRYPTIC = re.compile(
    r"auth|login|credential|creds|secret|bearer|token|apikey|accesskey|hmac"
    r"|(?:client|bot|sdk|api|withsk|(?:security|signing|private|master)key)\Z"
    r"|\A(?:(?:jwt|jws|jose|jsonwebtoken)(?:sign|verify|encode|decode)|(?:bot|client|app|discord)(?:run|start|connect)"
    r"|openai|anthropic|groq|cohere|mistral|replicate|stripe|octokit|telegraf|telebot|resend|sendgrid|importprivkey"
    r"|algoliasearch|key|signwith|signedstring|jdabuilder\w+|discordgonew)\Z"
)
_NAME_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789_"
_ARGUMENT = re.compile(
    r"\s{0,40}(?:(?:[a-z_]{1,20}[=:][ \t]?)?(?:[\w.\[\]]{0,40}\(){0,2}[bBrRuUfFN@$]{0,2}"
    r"(?P<quote>\\{0,4}[\"'`])(?P<value>(?:(?!(?P=quote))[^\n]){0,2048}+)(?P=quote))?"
    r"(?:[^,()\[\]{}\"'`;]|\([^()]{0,160}\)|\{[^{}]{0,300}\}|\[[^\[\]]{0,300}\]|\)(?=\s{0,4}[,)])){0,160}+"
)
_INSERT = re.compile(
    r"\b(?:insert|replace)\s{1,8}(?:\w{1,10}\s{1,8})?into\s{1,8}[^\s(]{1,80}\s{0,8}\((?P<columns>[^()]{1,600})\)\s{0,8}values\s{0,8}\("
)
_MOST_ARGUMENTS = 8
_MOST_COLUMNS = 40
_MOST_CALLS = 2_000
_LONGEST_NAME = 60
_LONGEST_CALL = 400  # characters within which the first literal stands
_LEAST_OPAQUE = 16


def find_call_secrets(text: str, lower: str) -> list[Span]:
    """Return the secrets among the literal arguments of calls, and the passwords of INSERT statements."""
    found: list[Span] = []
    if "'" not in text and '"' not in text and "`" not in text:
        return found
    at = text.find("(")
    looked = 0
    while at != -1 and looked < _MOST_CALLS:
        inside = text[at + 1 : at + _LONGEST_CALL]
        if "'" in inside or '"' in inside or "`" in inside:
            place, is_worth = _call(lower, at)
            if is_worth:
                looked += 1
                for index, (start, end) in enumerate(_literals(text, at + 1, _MOST_ARGUMENTS)):
                    if start < end and (kind := _kind(text[start:end], index == place)):
                        found.append(Span(start, end, kind, Rank.PLACE))
        at = text.find("(", at + 1)
    if "values" in lower:
        for statement in _INSERT.finditer(lower):
            found += _inserted(text, statement)
    return found


def _call(lower: str, bracket: int) -> tuple[int | None, bool]:
    """Return at which place the call whose bracket this is has a password, and whether it is worth looking into."""
    if lower[bracket - 1 : bracket] == ")":
        return None, "require(" in lower[max(0, bracket - _LONGEST_NAME) : bracket]  # require('twilio')(…)
    end = bracket
    while end > 0 and bracket - end < 3 and lower[end - 1] in " =":
        end -= 1
    start = _name_start(lower, end)
    if start == end:
        return None, False
    last = lower[start:end].replace("_", "")
    owner = start - (1 if lower[start - 1 : start] == "." else 2 if lower[start - 2 : start] in {"->", "::"} else 0)
    whole = lower[_name_start(lower, owner) : owner].replace("_", "") + last if owner < start else last
    place = _PLACES.get(whole, _PLACES.get(last))
    return place, place is not None or _CRYPTIC.search(last) is not None or _CRYPTIC.search(whole) is not None


def _name_start(lower: str, end: int) -> int:
    """Return where the name that ends at `end` starts. Regular expressions only look ahead."""
    least = max(0, end - _LONGEST_NAME)
    start = least + len(lower[least:end].rstrip(_NAME_CHARS))
    while start > least and (lower[start - 1].isalnum() or lower[start - 1] == "_"):
        start -= 1
    return start


def _literals(text: str, at: int, most: int) -> list[tuple[int, int]]:
    """Return of each argument from `at` on the stretch of its string literal, an empty one where it has none."""
    found: list[tuple[int, int]] = []
    while len(found) < most:
        argument = _ARGUMENT.match(text, at)
        if argument is None:
            break
        found.append(argument.span("value") if argument["quote"] else (at, at))
        at = argument.end()
        if text[at : at + 1] != ",":
            break
        at += 1
    return found


def _kind(value: str, is_password: bool) -> str | None:
    if is_stand_in(value):
        return None
    if is_password and is_secret(value, Floor.ANY, quoted=True, assigned=True):
        return "password"
    sure = is_opaque(value, _LEAST_OPAQUE) and any(map(str.isdigit, value))
    return "secret" if sure and is_secret(value, Floor.OPAQUE, quoted=True, assigned=True) else None


def _inserted(text: str, statement: re.Match[str]) -> list[Span]:
    columns = text[slice(*statement.span("columns"))].split(",")[:_MOST_COLUMNS]
    rules = [rule_of(column.strip(" \t\n\"'`[]")) for column in columns]
    return [
        Span(start, end, rule.kind, Rank.PLACE)
        for rule, (start, end) in zip(rules, _literals(text, statement.end(), _MOST_COLUMNS), strict=False)
        if rule and start < end and is_secret(text[start:end], rule.floor, quoted=True, assigned=True)
    ]
