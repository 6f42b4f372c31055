"""Words of protocols and programs, such as `redirect_uri` and `AccessDenied`, which are nobody's names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.paste.facts.shapes import is_errorish_code
from bot.paste.varying.english import ENGLISH

# The parts that names of parameters, claims, headers, scopes and error codes are put together from (IANA's OAuth
# parameters and JWT claims registries, RFC 9110's fields, and the vendors' own).
_PARTS = frozenset(
    """
    access account acr active actor additional address admin age alg algorithm algorithms allow allowed amr any api
    app application approval arn as assertion assume assumed at attribute attributes aud audience auth authenticate
    authenticated authentication authenticator authn authority authorization authorize authorized authz azp backend
    base basic bearer begin bind birthdate body bound browser by callback caller cancel captcha cert certificate
    challenge channel channels chat check cid claim claims client closed code codes confirm connect connection consent
    content context cookie corp create created credential credentials cross csrf current data date declined default
    delegate delete describe description details device digest direct disable discovery domain download drive email
    enable enabled encrypted encryption end endpoint endpoints entitlement entity entry event exchange exist exists
    exp expected expiration expire expires external factor family federated federation fetch field file first flow for
    format found from full get given grant granted grants group groups gsm header headers hint hmac host html http
    https iat id identifier identity idp ids implicit in inactive info insecure install installation instance
    integrity intent interaction interactive internal introspection invoke ip is iss issued issuer jku json jti jwk
    jwks jwt key keys kid kind last length level limit limited link list locale log logged login logout manage manager
    mapping match max member members membership message metadata method mfa mode name nbf needed no nonce none not
    null number oauth oauth2 object offline oidc okta on only op open openid operation option optional or org
    organization origin other otp owner package param parameter parameters params parent parse partial party pass
    passcode passkey password path payload permission permissions permitted person phone picture pin pkce plain policy
    port post principal private privilege privileges profile project prompt proof protected provider proxy public
    publish pull purpose push put query quota rate raw read realm reason receive record redirect referer refresh
    region register registered registration remote reply request requested requests require reset resource response
    responses result retry return revoke rights role roles root rotate rsa rule rules saml sasl schema scheme scope
    scopes secret secrets secure security select send sender sequence server service session set sha shared sid sign
    signature signed signer signing signup site skew sms source space ssl sso start state status step storage sts sub
    subject submit subscribe subscription success super supported system tag target team temporary tenant terms test
    time timestamp tls to token tokens too topic trace transaction transport trust trusted two typ type uid unique
    until update upgrade upload upn uri uris url urls usage use used user userinfo username users valid validate
    validation validity value values verification verified verifier verify version via view visit web webhook website
    with write wrong x509 xsrf year zone zoneinfo
    """.split()
)
# A word on its own is one only where hardly anybody is called so.
_ALONE = frozenset(
    """
    scope state nonce code aud iss exp nbf iat sub kid alg jti azp none null token password authorization bearer basic
    digest negotiate username email openid get post put patch delete head options forbidden audience issuer subject
    expired invalid true false id key api secret authentication signature host user unauthorized unauthorised login
    register logout access refresh origin referer cookie realm role roles scopes algorithm credentials client
    """.split()
)
# What follows "user" or "for" where no name does.
NO_NAME: Final = (
    r"(?!(?:is|was|are|were|has|have|had|does|do|did|not|no|cannot|can|could|must|should|may|will|would|to|on|in|at|of|for"
    r"|from|with|by|and|or|because|already|account|name|password|credentials?|authentication|pool|token|session|profile"
    r"|agent|id|info|data|consent|interaction|principal|type|role|group|login|assertion|mapping|directory|store|input"
    r"|who|that|which|the|a|an|this|your|you|identity|error|access|failed|failure"
    r"|via|through|using|over|under|after|before|until|during|where|when|while|but|so|if|than|then|it|its|per"
    r"|attempts?|required|denied|expired|disabled|locked|blocked|invalid|permissions?|record|object|settings?|flow)\b)"
)
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SNAKE = re.compile(r"(?a)[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+")
_HUMPED = re.compile(r"(?a)[A-Za-z][a-z]+(?:[A-Z][a-z]*){1,10}|[A-Z]{2,6}[a-z]+(?:[A-Z][a-z]*){0,10}")
_HEADER = re.compile(r"(?a)[A-Z][a-z]*(?:-[A-Z][A-Za-z]*){1,6}")
_ACTION = re.compile(r"(?a)[a-z0-9-]{2,30}:[A-Za-z*][A-Za-z_*.:/]{1,80}")  # s3:GetObject, read:users
_DOTTED = re.compile(r"(?a)[a-z]{2,30}(?:\.[A-Za-z_]{2,30}){1,6}")
_DIGEST = re.compile(r"(?i)[a-z]{2}(?:256|384|512)")


@lru_cache(4096)
def is_wire_word(word: str) -> bool:
    """Tell whether a word (no spaces) is one of a protocol or of a program, not a name that somebody gave."""
    if word.lower() in _ALONE or _DIGEST.fullmatch(word) or is_errorish_code(word):
        return True
    if _ACTION.fullmatch(word) or _HEADER.fullmatch(word):
        return True
    pieces = {piece.lower() for piece in _PIECES.findall(word[:120])}
    if _SNAKE.fullmatch(word):
        return word.isupper() or pieces <= _PARTS
    if _HUMPED.fullmatch(word):
        return not pieces.isdisjoint(_PARTS)
    if _DOTTED.fullmatch(word):  # pubsub.topics.publish, but alice.smith
        return word.count(".") >= 2 or not pieces.isdisjoint(_PARTS)
    return False


def is_wordy(text: str) -> bool:
    """Tell whether a token is put together of words for the most part: OAuth2AuthenticationException, no base64."""
    known = sum(len(piece) for piece in _PIECES.findall(text[:200]) if len(piece) > 2 and is_common(piece))
    return known * 2 >= len(text)


@lru_cache(4096)
def is_common(word: str) -> bool:
    """Tell whether a word is one that error messages are made of, in English or in a protocol, in any of its forms."""
    low = word.lower()
    if len(low) < 3 or low in ENGLISH or low in _PARTS or low.isdigit():
        return True
    stems = (low.removesuffix(ending) for ending in ("s", "es", "ed", "d", "ing", "ly") if low.endswith(ending))
    return any(stem in ENGLISH or stem in _PARTS for stem in stems)
