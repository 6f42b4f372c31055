"""JSON Web Tokens (RFC 7519): finding them, and the few claims that say what is wrong with one."""

from __future__ import annotations

import base64
import binascii
import json
import re

from bot.paste.redact.spans import Rank, Span

_RUN = re.compile(r"eyJ[A-Za-z0-9_\-+/]*(?:\.[A-Za-z0-9_\-+/]*)*=*")
_WHOLE = re.compile(r"eyJ[\w\-+/]{6,}=*(?:\.[\w\-+/]{4,}=*)+\.?|eyJ[\w\-+/]{6,}\.\.(?:[\w\-+/]{4,}\.?)+")
_LONE = 80  # characters from which base64 of JSON without a dot is taken for a token: shorter ones are page cursors
_NOT_JWT = ("sk.", "pk.", "tk.")  # Mapbox: a vendor's shape
_LONGEST_CLAIM = 200
_HEADER_CLAIMS = ("alg", "kid")
_BODY_CLAIMS = ("iss", "aud", "exp", "nbf", "iat", "scp", "scope")


def find_jwts(text: str) -> list[Span]:
    """Return the JWTs, JWSs and JWEs in `text`, whole or cut off after the header's dot."""
    found: list[Span] = []
    at = text.find("eyJ")
    while at != -1:
        run = _RUN.match(text, at)
        end = run.end() if run else at + 3
        # The run, not the match, moves the search on: a text full of eyJ stays linear.
        whole = _WHOLE.match(text, at, end)
        if text[max(0, at - 3) : at] in _NOT_JWT:
            pass
        elif whole:
            end = max(whole.end(), at + 3)
            found.append(Span(at, end, "jwt", Rank.PARSED))
        elif end - at >= _LONE and "." not in text[at:end].rstrip("."):
            found.append(Span(at, end, "token", Rank.SCHEME))
        at = text.find("eyJ", end)
    return found


def claims_of(token: str) -> tuple[tuple[str, str], ...]:
    """Return alg, kid, iss, aud, exp, nbf, iat and scp of a JWT, as strings, those it has; never its subject.

    A `scope` claim comes as scp. Lists are joined by spaces. Nothing for what is no JWT.
    """
    parts = token.split(".")
    claims: dict[str, str] = {}
    for part, names in zip(parts, (_HEADER_CLAIMS, _BODY_CLAIMS), strict=False):
        decoded = _decoded(part)
        for name in names:
            value = _shown(decoded.get(name))
            if value:
                claims.setdefault("scp" if name == "scope" else name, value)
    return tuple(claims.items())


def _decoded(part: str) -> dict[str, object]:
    try:
        raw = base64.b64decode(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4))
        decoded = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _shown(value: object) -> str:
    if isinstance(value, list):
        value = " ".join(item for item in value if isinstance(item, str))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    shown = "".join(char for char in str(value)[:_LONGEST_CLAIM] if char.isprintable())
    return "" if "@" in shown else shown
