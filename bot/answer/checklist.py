"""What the standards alone allow to say of an error that no entry explains: by its grant, its scheme or its status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.paste.models import Reading
from bot.words import say

# A grant says most, then a scheme, then a status. What the page is: the RFC that the list follows.
_RFC6749 = "https://www.rfc-editor.org/rfc/rfc6749#section-5.2"
_RFC9110 = "https://www.rfc-editor.org/rfc/rfc9110#section-15.5."
_LISTS: Mapping[tuple[str, str], str] = {
    ("grant", "authorization_code"): _RFC6749,
    ("grant", "refresh_token"): _RFC6749,
    ("grant", "client_credentials"): _RFC6749,
    ("grant", "password"): _RFC6749,
    ("grant", "device_code"): "https://www.rfc-editor.org/rfc/rfc8628#section-3.5",
    ("grant", "jwt_bearer"): "https://www.rfc-editor.org/rfc/rfc7523#section-3",
    ("status", "400"): _RFC6749,
    ("status", "401"): _RFC9110 + "2",
    ("status", "403"): _RFC9110 + "4",
    ("status", "407"): _RFC9110 + "8",
    ("status", "429"): "https://www.rfc-editor.org/rfc/rfc6585#section-4",
}
_LONG_GRANTS = {
    "urn:ietf:params:oauth:grant-type:device_code": "device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer": "jwt_bearer",
}
KINDS = ("grant", "status")


@dataclass(frozen=True, slots=True)
class Checklist:
    """A heading, the steps and the standard they follow."""

    heading: str
    steps: tuple[str, ...]
    source: str


def telling_facts(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Return the facts a checklist goes by, as (kind, value): enough to draw it again without the paste."""
    found = [("grant", _LONG_GRANTS.get(value, value)) for value in reading.values("grant")]
    found += [("status", value) for value in reading.values("status")]
    return tuple(fact for fact in found if fact in _LISTS)[:4]


def checklist(facts: Iterable[tuple[str, str]], lang: str) -> Checklist | None:
    """Return the list for the first of these facts that has one, None where they allow to say nothing."""
    for kind, value in facts:
        source = _LISTS.get((kind, value))
        if source:
            steps = tuple(say(f"checklist.{kind}_{value}", lang).splitlines())
            return Checklist(say(f"checklist.{kind}", lang, value=value.replace("_", " ")), steps, source)
    return None
