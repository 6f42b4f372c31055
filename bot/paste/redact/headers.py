"""Authorization values, cookies, and credentials behind a scheme's word anywhere in a text."""

from __future__ import annotations

import base64
import re
from collections.abc import Set
from functools import lru_cache

from bot.paste.redact.marks import HOLE
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import Floor, is_made_up, is_opaque, is_placeholder, is_secret, is_sentence

# Schemes whose credentials are parameters rather than one run (RFC 9110 11.4, RFC 7616, RFC 5849, SigV4).
_PARAMETERS = re.compile(
    r"(?:digest|oauth|hawk|mac|signature|aws4-[\w-]+|hmac[\w-]*|acs3-[\w-]+|tc3-[\w-]+|sdk-[\w-]+|bce-auth[\w/-]*|wechatpay2-[\w-]+|q-sign[\w-]*|credential|awss?)\Z",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"(?P<name>oauth_signature|oauth_token|signature|response|mac|cnonce|hash|token|hmac|q-signature|password)"
    r"\\{0,4}[\"']?=\\{0,4}[\"']?(?P<value>[^\s,;\"'\\&]{6,1024})",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w.+-]{0,40})(?P<gap>[ \t]*[:=]?[ \t]+|[ \t]*=[ \t]*(?=\w))(?=\S)")
_CREDENTIALS = re.compile(r"[^\s,;\"'`<>]+(?:,[^\s,;\"'`<>=]+)*")
_EMPTY_SCHEMES = frozenset(
    {
        "bearer",
        "basic",
        "token",
        "digest",
        "negotiate",
        "ntlm",
        "apikey",
        "api-key",
        "dpop",
        "ssws",
        "oauth",
        "bot",
        "key",
        "jwt",
    }
)

# Bearer and its like where no header's name stands before them.
SCHEMES = tuple(
    (
        "bearer basic negotiate ntlm kerberos ssws dpop geniekey splunk oauth apikey api-key bot token jwt googlelogin "
        "flyv1 sharedkeylite sharedkey pveapitoken x-token snyk livekit discogs private-token"
    ).split()
)
_SCHEMES = frozenset(SCHEMES)
_COOKIE = re.compile(
    r"[\s;,&]*(?P<name>[^\s=;,\"'{}:]{1,128})(?:=(?P<value>\"[^\"\n;]*\"|[^;\s\"']*))?(?=[;,&]|\s*\Z|\s+[\w.-]{1,40}=)"
)
_SURE_ATTRIBUTES = frozenset({"samesite", "httponly", "max-age"})
_COOKIE_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "partitioned", "version"}
)


def authorization(text: str, start: int, end: int) -> list[Span]:
    """Return the secrets of the Authorization value at `start:end`; the scheme's word stays out of them.

    A value without a scheme gives a span with the scheme "". Sentences about the header give nothing.
    """
    at, scheme = start, ""
    while word := _SCHEME.match(text, at, end):
        if is_opaque(word["scheme"], 16) and not _PARAMETERS.match(word["scheme"]):
            break
        scheme = f"{scheme} {word['scheme']}".strip()
        at = word.end()
        if word["scheme"].lower() not in _EMPTY_SCHEMES:
            break
    if _PARAMETERS.match(scheme) and "=" in text[at:end]:
        return _parameters(text, at, end, scheme)
    if scheme.lower() == "bearer" and re.match(
        r"(?:realm|error|scope|authorization_uri|error_description)=", text[at:end]
    ):
        return []  # a challenge, not credentials
    credentials = _run(text, at, end)
    if credentials is None:
        return []
    a, b = credentials
    value = text[a:b]
    if _PARAMETERS.match(value.strip("`,;.")):
        return []  # the name of a scheme
    if not _is_credential(value, scheme, text[b:end]):
        return []
    return [Span(a, b, _kind(scheme), Rank.PLACE, scheme=scheme)]


def _run(text: str, at: int, end: int) -> tuple[int, int] | None:
    """Return the run of credentials at `at`: with the quotes left on, or with a second half behind a space."""
    quote = text[at : at + 1]
    if quote and quote in "\"'<":
        close = text.find({"<": ">"}.get(quote, quote), at + 1, end)
        return (at, close + 1) if close != -1 else None
    match = _CREDENTIALS.match(text, at, end)
    if match is None:
        return None
    last = match.end()
    # A key broken by a space goes whole; words behind it do not.
    while (
        (more := re.compile(r"[ \t]{1,2}([\w+/=.~-]{4,})").match(text, last, end))
        and is_opaque(more[1])
        and not is_placeholder(more[1])
    ):
        last = more.end()
    return at, last


def _is_credential(value: str, scheme: str, rest: str) -> bool:
    inner = value.strip("\"'<>")
    if not inner or is_placeholder(value) or is_placeholder(inner) or is_made_up(inner):
        return False
    if any(char in inner for char in "{}()$") and re.search(r"[{$]\{?\w|\(\w*\)|\w\(", inner) and not is_opaque(inner):
        return False
    if not is_secret(inner, Floor.SOLID, quoted=True, assigned=True):
        # A single word such as "Basic admin:admin" or "Bearer test" at the very end is still what was sent.
        return False
    if not any(char.isdigit() for char in inner) and not is_opaque(inner) and re.match(r"\s+[A-Za-z]", rest):
        return not is_sentence(inner + rest) and len(inner) >= 16
    known = scheme.rsplit(" ", maxsplit=1)[-1].lower() in _EMPTY_SCHEMES
    return known or is_opaque(inner) or (any(char.isdigit() for char in inner) and len(inner) >= 8) or len(inner) >= 12


def _parameters(text: str, at: int, end: int, scheme: str) -> list[Span]:
    spans = []
    for match in _PARAMETER.finditer(text, at, end):
        name, value = match["name"].lower(), match["value"]
        if HOLE in value or is_placeholder(value):
            continue
        kind = "digest-response" if scheme.lower() == "digest" else "token" if "token" in name else "signature"
        spans.append(Span(*match.span("value"), kind, Rank.PLACE, scheme=scheme))
    return spans


def _kind(scheme: str) -> str:
    last = scheme.rsplit(" ", maxsplit=1)[-1].lower()
    if last == "basic":
        return "basic-credentials"
    if last in {"negotiate", "ntlm", "kerberos"}:
        return "negotiate-token"
    return "bearer-token" if last == "bearer" else "token"


@lru_cache(maxsize=256)
def _behind(schemes: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of credentials behind any of `schemes`; for the few of a text it is faster than for all."""
    return re.compile(
        rf"(?P<scheme>{'|'.join(schemes)})"
        r"(?P<gap>(?:[ \t]?[\"'][ \t]?\+[ \t]?|[ \t]+|,[ \t]{1,2}|[ \t]*[:=](?!:)[ \t]*|%20|\+)[\"'<]?)"
        r"(?P<value>(?!:)[A-Za-z0-9._~+/%|:$!@-]{6,}={0,2})(?P<after>=?\\?[\"']?)"
    )


def scheme_credentials(text: str, lower: str, hints: Set[str]) -> list[Span]:
    """Return what stands behind Bearer, Basic, Token and their like, where it is credentials and no word.

    `hints` has those of SCHEMES that are in `lower`.
    """
    found: list[Span] = []
    if hints.isdisjoint(_SCHEMES):
        return found
    pattern = _behind(tuple(scheme for scheme in SCHEMES if scheme in hints))
    at = 0
    while match := pattern.search(lower, at):
        # The boundary is looked at here: in front of the pattern it would be tried at every character.
        before = lower[match.start() - 1 : match.start()]
        if before.isalnum() or before in {"_", "-"}:
            at = match.start() + 1
            continue
        at = match.end()
        start, end = match.span("value")
        value, scheme = text[start:end], match["scheme"]
        while value and value[-1] in ".:,%":
            value, end = value[:-1], end - 1
        if match["after"].startswith("=") or is_placeholder(value) or is_made_up(value):
            continue
        spaced = match["gap"][0] in " \t%+\"'"
        if scheme == "basic":
            sure = spaced and (basic_facts(value) == (True, True) or is_opaque(value, 12))
        elif scheme in {"token", "bot", "jwt", "oauth", "apikey", "api-key"}:
            sure = spaced and is_opaque(value, 16)
        else:
            sure = is_opaque(value, 8) or (
                any(c.isdigit() for c in value)
                and any(c.isalpha() for c in value)
                and len(value) >= 8
                and "-" not in value
            )
        if sure and not re.match(r"[/.]|https?:", value):
            found.append(
                Span(start, end, _kind(scheme), Rank.SCHEME, scheme=text[match.start("scheme") : match.end("scheme")])
            )
    return found


def cookies(text: str, start: int, end: int, *, is_set: bool) -> list[Span]:
    """Return the values of the cookies at `start:end`; their names, and the attributes of Set-Cookie, stay."""
    found = []
    at = start
    while match := _COOKIE.match(text, at, end):
        at = match.end()
        value, name = (match["value"] or "").strip('"'), match["name"].lower()
        if name in _SURE_ATTRIBUTES or (is_set and name in _COOKIE_ATTRIBUTES):
            continue
        if len(value) >= 2 and not is_placeholder(value) and value.lower() not in {"deleted", "true", "false"}:
            found.append(Span(*match.span("value"), "cookie", Rank.FIELD))
    if not found and "=" not in text[start:end] and is_opaque(text[start:end].strip(), 12):
        found.append(Span(start, end, "cookie", Rank.FIELD))
    return found


def basic_facts(credentials: str) -> tuple[bool, bool]:
    """Tell of Basic credentials (RFC 7617) whether they are base64 of text, and whether that text has a colon."""
    try:
        decoded = base64.b64decode(
            credentials.strip("\"' ") + "=" * (-len(credentials.strip("\"' ")) % 4), validate=True
        ).decode()
    except ValueError:
        return False, False
    return decoded.isprintable() and bool(decoded), ":" in decoded
