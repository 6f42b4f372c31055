"""Headers: the facts of one header field, and the scheme an Authorization value was sent with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.blocks.challenge import challenges
from bot.paste.models import Fact

_COMMON = frozenset(
    "accept accept-encoding accept-language age alt-svc authorization cache-control connection "
    "content-encoding content-language "
    "content-length content-type cookie date dpop dpop-nonce etag expect expires forwarded host "
    "if-none-match keep-alive "
    "last-modified location openai-organization openai-processing-ms openai-project openai-version anthropic-version "
    "api-version origin pragma proxy-authenticate proxy-authorization referer report-to retry-after server set-cookie "
    "strict-transport-security transfer-encoding upgrade user-agent vary via www-authenticate cf-ray cf-cache-status "
    "grpc-status grpc-message request-id apikey api-key nel wechatpay-serial wechatpay-signature anthropic-beta "
    "access-control-allow-origin access-control-allow-methods access-control-allow-headers "
    "access-control-expose-headers "
    "access-control-allow-credentials x-content-type-options x-frame-options mise-correlation-id".split()
)
_NAME = re.compile(r"(?:x|cf|openai|anthropic|sec|access-control|ratelimit|wechatpay|apigw|www)-[a-z0-9-]{2,50}\Z")
_REQUEST_ID = re.compile(
    r"(?:request|trace|correlation|log|tt-log|transaction|error|debug|amz-id|ray)[-_]?(?:id(?:-2)?)?\Z"
    r"|rndr-id\Z|request-?id\Z"
)
_ID = re.compile(r"[\w:.=/+;-]{4,150}\Z")

# IANA's registered schemes, and what well-known services print beside them.
SCHEMES = frozenset(
    "basic bearer concealed digest dpop gnap hoba mutual negotiate ntlm privatetoken scram-sha-1 scram-sha-256 vapid "
    "aws4-hmac-sha256 aws apikey api-key token bot oauth ssws sharedaccesssignature sharedkey "
    "sharedkeylite hmac-sha256 acs3-hmac-sha256 "
    "tc3-hmac-sha256 wechatpay2-sha256-rsa2048 wechatpay2-sm2-with-sm3 sdk-hmac-sha256 zoho-oauthtoken jwt genie-key "
    "access_token accesstoken key hawk signature googlelogin snowflake bearer: kerberos linkedid alipay ".split()
)
# Begins with one letter, so that the scan runs at the engine's speed.
_VALUE = re.compile(
    r"[PpAa](?<![\w-].)(?i:(?:(?<=p)(?P<proxy>roxy-)a|(?<=a))uthorization)(?P<quote>[\"'`]?)"
    r"(?P<sep>\s{0,4}(?:\]\s{0,4}(?:=|:)|:|=>|,|=(?!=))\s{0,4})"
    r"(?P<code>(?:[fbruFBRU$@]{1,2}(?=[\"'`]))?(?P<open>[\"'`])?)(?P<value>[^\n]{0,200})"
)
_WORD = re.compile(r"([A-Za-z][\w.-]{1,40}):?(?:\s+|(?=[\"'`]\s{0,3}(?:\+|\.\s|,|%)))(?P<rest>[^\n]{0,100})")
_CREDENTIAL = re.compile(
    r"\[[a-z0-9-]{2,40}\]|[{$<%]|[\"'`]?\s{0,3}(?:\+|\.)\s{0,3}[\w$(]|[\"'`]\s{0,3}%|\*{3}|x{4}|YOUR"
    r"|\.{3}|[A-Za-z0-9+/_.=-]{16,}|sk-|eyJ"
)
_NAKED = re.compile(
    r"(?P<mark>\[[a-z0-9-]*(?:token|key|jwt|credentials|secret)\])|(?:[{$<%]{1,2}"
    r"|\$\{)\s{0,2}\(?[\w.]{0,40}(?:token|key|jwt|secret)[\w.()\]\"']{0,20}[}>)]{0,2}|(?:eyJ|sk-|YOUR[_-])",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z]+ [a-z]")
_VARIABLE = re.compile(r"[\w$.]{0,60}(?:token|key|jwt|secret)\w{0,10}(?:\(\))?\s{0,3}(?=[,;})\n]|\Z)", re.IGNORECASE)


def is_header(name: str) -> bool:
    """Tell whether a lower-case field name is that of an HTTP header that is worth noting."""
    return name in _COMMON or ("-" in name and _NAME.match(name) is not None)


def header(name: str, value: str) -> Iterator[Fact]:
    """Yield the facts of one header; `name` is in lower case."""
    yield Fact("header", name, name)
    if name in ("www-authenticate", "proxy-authenticate"):
        yield from challenge_facts(value)
    elif name == "host" and re.match(r"[\w.-]{1,250}(?::\d{1,5})?\s*\Z", value):
        yield Fact("host", value.strip().partition(":")[0].lower(), "host")
    elif name == "user-agent":
        for match in re.finditer(r"([A-Za-z][\w.-]{2,40})/v?\d", value[:300]):
            if match[1].lower() not in (
                "mozilla",
                "applewebkit",
                "chrome",
                "safari",
                "gecko",
                "version",
                "edg",
                "firefox",
            ):
                yield Fact("library", match[1], name)
    elif _REQUEST_ID.search(name) and _ID.match(value.strip()):
        yield Fact("request-id", value.strip(), name)
    elif name == "grpc-status" and value.strip().isdigit() and value.strip() != "0":
        yield Fact("code", value.strip(), name)
    elif name == "grpc-message" and value.strip():
        yield Fact("message", value.strip()[:1000], name)


def challenge_facts(value: str) -> Iterator[Fact]:
    """Yield the schemes of a WWW-Authenticate value, and the error, scopes and parameters of each (RFC 6750 3)."""
    for challenge in challenges(value):
        yield Fact("challenge", challenge.scheme, "www-authenticate")
        for name, value_given in challenge.params:
            given = " ".join(value_given.split())
            if not given:
                continue
            if name == "error":
                yield Fact("code", given[:100], name)
            elif name == "error_description":
                yield Fact("message", given[:1000], name)
            elif name == "scope":
                for scope in given[:300].split(" ")[:20]:
                    yield Fact("scope", scope, name)
            elif name in (
                "realm",
                "resource",
                "client_id",
                "error_uri",
                "authorization_uri",
                "resource_metadata",
                "service",
            ):
                yield Fact("param", given[:300], name)


def schemes(text: str) -> Iterator[Fact]:
    """Yield the scheme of each Authorization value in a header dump or in code; "" where a credential stands alone."""
    if "uthorization" not in text and "UTHORIZATION" not in text:
        return
    for number, match in enumerate(_VALUE.finditer(text)):
        if number >= 10:
            return
        yield Fact("header", f"{'proxy-' if match['proxy'] else ''}authorization", "authorization")
        scheme = _scheme(match)
        if scheme is not None:
            yield Fact("scheme", scheme, "authorization")


def _scheme(match: re.Match[str]) -> str | None:
    """Return the scheme of an Authorization value, "" for a credential without one, None where it can't be told."""
    value = match["value"].lstrip()
    if word := _WORD.match(value):
        known, credential = word[1].lower() in SCHEMES, _CREDENTIAL.match(word["rest"])
        if known and not credential and not match["open"] and _SENTENCE.match(word["rest"]):
            return None  # "Authorization: token was not sent"
        if known or (credential and (match["open"] or not match["quote"])):
            return word[1]
    in_code = not match["open"] and (match["quote"] or "]" in match["sep"])
    naked = _VARIABLE.match(value) if in_code else _NAKED.match(value)
    return "" if naked else None
