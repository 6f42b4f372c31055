"""Secrets in URLs: passwords before the host, keys in the paths of webhooks, DSNs."""

from __future__ import annotations

import re
from collections.abc import Set

from bot.paste.redact.marks import HOLE
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_opaque, is_placeholder, is_stand_in

_LONGEST_USERINFO = 400  # characters: the longest user, password and sign that the patterns take
_AUTHORITY = re.compile(r":(?://|\\/\\/|%2[Ff]%2[Ff])|%3[Aa]%2[Ff]%2[Ff]")
_USERINFO = re.compile(r"(?P<user>[^\s:/?#@\"'<>|\\]{0,128}):(?P<password>[^\s\"'<>/?#\\]{1,256})@(?=[\w\[.$%{(-])")
# A password with an unescaped slash, question mark or hash in it; a port is none.
_LOOSE = re.compile(
    r"(?P<user>[\w.+%-]{0,64}):(?P<password>(?!\d{1,5}[/?#])[^\s\"'<>]{1,128})@(?=[\w.-]{1,100}(?::\d|/|\s|\Z))"
)
_USER_ONLY = re.compile(r"(?P<password>[^\s:/?#@\"'<>|\\]{16,256})@(?=[\w\[])")
_SENTRY = re.compile(r"(?P<password>[0-9a-f]{32})(?::(?P<old>[0-9a-f]{32}))?@(?=[\w.-]{1,80}/\d)")
# user:password@ before an address or a host with a port; without these it is a mail address with a label.
_NO_SCHEME = re.compile(
    r":(?<=[\w.-].)(?P<password>[^\s:/@\"'<>]{6,128})@(?=(?:\d{1,3}\.){3}\d|(?:tcp|unix)\(|[A-Za-z0-9.-]{1,80}:\d{2,5}(?!\d))"
)
_ORACLE = re.compile(r"(?:thin:|oci:|sqlplus(?: -[sSlL]{1,2})? )[\w.$#]{1,64}/(?P<password>[^\s@\"'/]{1,64})(?=@)")

# What follows the secret-bearing part of a known path is the secret.
# Each starts with a literal, so that a text is passed over quickly.
_PATHS = re.compile(
    r"""(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/
    |discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,25}/
    |webhook\.office\.com/webhook(?:b2)?/ | outlook\.office\.com/webhook/
    |open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook/
    |qyapi\.weixin\.qq\.com/cgi-bin/webhook/\w{1,20}\?(?:debug=1&)?key=
    |hooks\.zapier\.com/hooks/catch/ | hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/
    |maker\.ifttt\.com/trigger/[\w-]{1,64}/(?:json/)?with/key/ | sctapi\.ftqq\.com/ | sc\.ftqq\.com/ | api\.day\.app/
    |infura\.io/(?:ws/)?v3/ | alchemy(?:api)?\.(?:com|io)/v2/ | quiknode\.pro/
    |chat\.googleapis\.com/v1/spaces/[\w-]{1,40}/messages\?
    |api\.telegram\.org/(?:file/)?bot | /api/webhooks/incoming/
    |hc-ping\.com/ | api\.pushcut\.io/ | hooks\.hipchat\.com/ | logic\.azure\.com[^\s"'<>]{1,200}&sig=
    )(?P<secret>[^\s"'<>\\)\]},`]{8,500})""",
    re.VERBOSE,
)
# What the hosts of _PATHS have in common: a cheap first look.
HOSTS = (
    "hooks.", "hook.", "webhook", "open-apis/bot", "maker.ifttt", "ftqq.", "day.app", "infura.io", "alchemy",
    "quiknode",
    "chat.googleapis", "api.telegram.org", "pushcut", "hc-ping", "logic.azure",
)  # fmt: skip
_HOSTS = frozenset(HOSTS)


def find_url_secrets(text: str, hints: Set[str]) -> list[Span]:
    """Return the passwords, tokens and hook keys in the URLs of `text`; `hints` has those of HOSTS that are in it."""
    found: list[Span] = []
    if "@" in text:
        for scheme in _AUTHORITY.finditer(text):
            if "@" in text[scheme.end() : scheme.end() + _LONGEST_USERINFO]:
                _userinfo(text, scheme.end(), found)
        for match in _NO_SCHEME.finditer(text):
            if is_opaque(match["password"], 6) and any(map(str.isdigit, match["password"])):
                found.append(Span(*match.span("password"), "password", Rank.PLACE))
        if "thin:" in text or "oci:" in text or "sqlplus" in text:
            spans = [
                match.span("password") for match in _ORACLE.finditer(text) if not is_placeholder(match["password"])
            ]
            found += [Span(*span, "password", Rank.PLACE) for span in spans]
    if not hints.isdisjoint(_HOSTS):
        for match in _PATHS.finditer(text):
            if HOLE not in match["secret"] and not is_placeholder(match["secret"]) and _random_path(match["secret"]):
                found.append(Span(*match.span("secret"), "webhook-url", Rank.PLACE))
    return found


def _random_path(path: str) -> bool:
    return any(is_opaque(part, 8) or len(part) >= 30 for part in re.split(r"[/?&=@]", path))


def _userinfo(text: str, start: int, found: list[Span]) -> None:
    if sentry := _SENTRY.match(text, start):
        found.append(
            Span(
                start,
                sentry.end("old") if sentry["old"] else sentry.end("password"),
                "sentry-dsn-key",
                Rank.PARSED,
                "sentry",
            )
        )
        return
    match = _USERINFO.match(text, start) or _LOOSE.match(text, start)
    if match:
        password = match["password"]
        if not is_stand_in(password):
            # user:token and token:x-oauth-basic are both in use
            both = password in {"x-oauth-basic", "x", "X", "api_token", "unused"} and is_opaque(match["user"])
            found.append(
                Span(
                    match.start("user") if both else match.start("password"),
                    match.end("password"),
                    "password",
                    Rank.PLACE,
                )
            )
        if is_opaque(match["user"], 20):
            found.append(Span(*match.span("user"), "token", Rank.FIELD))
        return
    match = _USER_ONLY.match(text, start)
    if match and is_opaque(match["password"], 16):
        found.append(Span(*match.span("password"), "token", Rank.PLACE))
