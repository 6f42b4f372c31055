"""Credentials in a paste: which look live, what to call them, and how each vendor lets one revoke them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.paste.models import Trait
from bot.words import language, say

# The kinds without a vendor's shape that open something to whoever reads them. Hashes, signatures and one-time codes
# don't, or not for long.
_GENERIC = frozenset(
    "access-key access-token account-key api-key app-secret aws-secret-access-key basic-credentials bearer-token "
    "client-secret cookie credentials id-token jwt mnemonic otp-secret password private-key refresh-token secret "
    "secret-key session-id token webhook-secret webhook-url".split()
)
# Of a vendor, but made to be public or good for one exchange only.
_PUBLIC = frozenset({"google-authorization-code", "stripe-client-secret", "password-hash", "cas-ticket"})
_SHORTEST = 6  # characters; what is shorter is a stand-in or a word of the sentence


@dataclass(frozen=True, slots=True)
class Leak:
    """A credential that was seen: its kind and vendor, never its value."""

    kind: str
    vendor: str | None = None


def leaks(traits: Iterable[Trait], now: float | None = None) -> tuple[Leak, ...]:
    """Return the credentials that look live, each kind once, those of known vendors first. Empty for none.

    `now` is seconds since 1970: a JWT that has expired by then is no live one. None: its time is not looked at.
    """
    found = dict.fromkeys(Leak(trait.kind, trait.vendor) for trait in traits if looks_live(trait, now))
    return tuple(sorted(found, key=lambda leak: leak.vendor not in _vendors()))


def looks_live(trait: Trait, now: float | None = None) -> bool:
    """Return whether a secret may open something to whoever reads it, at `now` (see `leaks`)."""
    if trait.kind in _PUBLIC or 0 < trait.length < _SHORTEST:
        return False
    expiry = dict(trait.claims).get("exp", "")
    if now is not None and expiry.isascii() and expiry.isdigit() and len(expiry) < 15 and int(expiry) < now:
        return False
    return trait.vendor is not None or trait.kind in _GENERIC


def warning(found: tuple[Leak, ...], lang: str) -> str:
    """Return what to say of credentials: which kind was seen and how to revoke it at its vendor; "" for none."""
    if not found:
        return ""
    first = found[0]
    names = say("leak.and", lang).join(dict.fromkeys(_name(leak, lang) for leak in found[:3]))
    lines = [f"**{say('leak.seen', lang, what=names)}**"]
    vendor = _vendors().get(first.vendor or "")
    if vendor:
        lines.append(say("leak.at", lang, how=vendor["how"][language(lang)], page=vendor["page"]))
    else:
        lines.append(say("leak.anywhere", lang))
    return "\n".join(lines)


def _name(leak: Leak, lang: str) -> str:
    vendor = _vendors().get(leak.vendor or "")
    if vendor:
        return str(vendor["name"][language(lang)])
    return say("leak.kind", lang, kind=leak.kind.replace("-", " "))


@cache
def _vendors() -> dict[str, Any]:
    text = files("bot.words").joinpath("revoke.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, yaml.CSafeLoader))
