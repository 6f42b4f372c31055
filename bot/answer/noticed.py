"""What the paste itself shows, in sentences: the header that was sent, the scope, the redirect URI, the account."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answer.quote import Quote
from bot.knowledge.models import in_language
from bot.match.models import Candidate
from bot.paste.models import Reading
from bot.words import say

MOST = 3  # lines
# https://www.iana.org/assignments/http-authschemes, and what well-known APIs use beside it.
_SCHEMES = frozenset(
    "basic bearer concealed digest dpop gnap hoba mutual negotiate ntlm privatetoken scram-sha-1 scram-sha-256 vapid "
    "aws4-hmac-sha256 apikey token key bot oauth ssws sharedaccesssignature sharedkey snowflake hmac-sha256 "
    "wechatpay2-sha256-rsa2048 wechatpay2-sm2-with-sm3 tc3-hmac-sha256 acs3-hmac-sha256 discogs splunk zoho-oauthtoken "
    "nlauth genie-key klaviyo-api-key auth api-key sso-key".split()
)
_SHOWN = (
    "redirect_uri scope scopes action resource role user account principal ip model organization project tenant "
    "client_id app_id audience issuer region bucket host profile repo".split()
)
_OF_PARAM = frozenset({"redirect_uri", "scope", "account", "role", "audience", "issuer"})


def noticed(candidate: Candidate, reading: Reading, lang: str) -> tuple[str, ...]:
    """Return at most MOST lines, the most useful first. What was pasted stands in them as a Quote."""
    lines = [*_header(reading, lang), *_values(candidate, reading, lang), *_faults(reading, lang)]
    return tuple(dict.fromkeys(lines))[:MOST]


def _header(reading: Reading, lang: str) -> Iterator[str]:
    for scheme in reading.values("scheme"):
        if scheme == "":
            yield say("answer.scheme_none", lang)
        elif scheme.lower() not in _SCHEMES:
            yield say("answer.scheme_other", lang, scheme=str(Quote(scheme)).strip("`"))
    for trait in reading.traits:
        if trait.basic_decodes is False:
            yield say("answer.basic_undecodable", lang)
        elif trait.basic_has_colon is False:
            yield say("answer.basic_no_colon", lang)


def _values(candidate: Candidate, reading: Reading, lang: str) -> Iterator[str]:
    values = dict(candidate.captures)
    about = " ".join(
        in_language(cause.cause, "en") + " ".join(in_language(cause.fix, "en")) for cause in candidate.entry.causes
    ).lower()
    for fact in reading.of("param"):
        if fact.key in _OF_PARAM and fact.key not in values and fact.key.replace("_", " ") in about.replace("_", " "):
            values[fact.key] = fact.value
    if "scope" in about and "scope" not in values and (scopes := reading.values("scope")):
        values["scope"] = " ".join(scopes)
    for name in _SHOWN:
        if name in values and not values[name].startswith("["):
            yield say("answer.value", lang, name=say(f"placeholders.{name}", lang), value=Quote(values[name]))


def _faults(reading: Reading, lang: str) -> Iterator[str]:
    for trait in reading.traits:
        for fault in trait.faults:
            yield say(f"answer.faulty_{fault}", lang, kind=trait.kind.replace("-", " "))
