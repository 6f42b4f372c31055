"""What a maintainer types in the terminal, field by field, and the decision it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from bot.console.review_ask import Asking, items, lines, text
from bot.curate.models import LONGEST_NEEDLE, Content, NotFound, Refused, as_row, content_of
from bot.curate.opened import Opened
from bot.knowledge.lint import MOST_STEPS
from bot.knowledge.load import Knowledge
from bot.knowledge.models import LANGUAGES
from bot.knowledge.search import Catalogue
from bot.paste.language import detect
from bot.store.decisions import Decision
from bot.words import language

Fields = dict[str, Any]  # what was typed, by the names below; the next time it is filled in again
MOST_ID: Final = 40
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
NAMES: Final[Mapping[str, str]] = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that Tab completes."""

    providers: tuple[str, ...]
    entries: tuple[str, ...]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        providers = tuple(provider.id for provider in knowledge.providers())
        return cls(providers, tuple(f"{provider.id}/{entry.id}" for provider, entry in knowledge.entries()))


async def answer_fields(asking: Asking, opened: Opened, before: Fields | None, known: Known) -> Fields:
    """Ask for a new entry; filled in is what was typed before, else what the samples share."""
    found = opened.proposal
    given: Fields = before or {
        "provider": found.provider or "",
        "message": found.message,
        "codes": found.codes,
        "status": tuple(map(str, found.status)),
    }
    return {
        "provider": await asking.line("Provider, its id or a name", given.get("provider", ""), known.providers),
        **await _wire(asking, given),
        "status": await items(asking, "HTTP status", given.get("status", ())),
        "title": await asking.line("Title", given.get("title", "")),
        **await _said(asking, given),
        "sources": await items(asking, "Sources, https://…", given.get("sources", ())),
    }


async def same_fields(asking: Asking, opened: Opened, before: Fields | None, known: Known) -> Fields:
    """Ask for the entry that a case is another message of."""
    given: Fields = before or _missed(opened)
    return {"entry": await _entry(asking, opened, given, known), **await _wire(asking, given)}


async def cause_fields(asking: Asking, opened: Opened, before: Fields | None, known: Known) -> Fields:
    """Ask for another cause of an entry."""
    given: Fields = before or _missed(opened)
    return {
        "entry": await _entry(asking, opened, given, known),
        **await _wire(asking, given),
        **await _said(asking, given),
        "tell": await text(asking, "How to tell that it is this one", given.get("tell", "")),
        "sources": await items(asking, "Sources, https://…", given.get("sources", ())),
    }


async def other_language_fields(asking: Asking, first: Decision, tag: str, before: Fields | None) -> Fields:
    """Ask for what a decision says in its other language."""
    given = before or {}
    title: Fields = {}
    if first.kind == "add_entry":
        title = {"title": await asking.line(f"Title in {NAMES[tag]}", given.get("title", ""))}
    return {**title, **await _said(asking, given), "lang": tag}


async def needle_field(asking: Asking) -> str:
    """Ask for the words of a part that is split off."""
    return (await asking.line("Words that only that part has"))[:LONGEST_NEEDLE]


def answer_content(fields: Fields, catalogue: Catalogue) -> Content:
    """Return the new entry. Raises Refused with the field that is wrong."""
    lang = _language(fields)
    status = [int(each) if each.isascii() and each.isdigit() else each for each in fields["status"]]
    return content_of(
        {
            "kind": "add_entry",
            **provider_of(fields["provider"], catalogue),
            **_known(fields),
            **_in(lang, fields),
            "title": {lang: fields["title"]},
            "status": status,
            "sources": fields["sources"],
        }
    )


def same_content(fields: Fields, catalogue: Catalogue) -> Content:
    """Return one more message of an entry. Raises Refused."""
    return content_of({"kind": "add_message", "entry": entry_of(fields["entry"], catalogue), **_known(fields)})


def cause_content(fields: Fields, catalogue: Catalogue) -> Content:
    """Return another cause of an entry. Raises Refused."""
    lang = _language(fields)
    return content_of(
        {
            "kind": "add_cause",
            "entry": entry_of(fields["entry"], catalogue),
            **_known(fields),
            **_in(lang, fields),
            "tell": {lang: fields["tell"]} if fields["tell"] else {},
            "sources": fields["sources"],
        }
    )


def other_language_content(fields: Fields, first: Decision) -> Content:
    """Return what a decision adds in its other language. Raises Refused."""
    lang = fields["lang"]
    if first.kind == "add_cause":
        return content_of({"kind": "add_cause", "entry": first.entry, "completes": first.id, **_in(lang, fields)})
    provider, _, name = str(first.entry).partition("/")
    known = {"message": first.content.get("message"), "codes": first.content.get("codes", ())}
    title = {lang: fields["title"]}
    return content_of(
        {"kind": "add_entry", "provider": provider, "id": name, "title": title, **known, **_in(lang, fields)}
    )


def missing_language(decision: Decision) -> str:
    """Return the language that a decision just made is not in yet, "" where there is none."""
    said = decision.content.get("cause")
    if not said or decision.content.get("completes"):
        return ""
    return next((tag for tag in LANGUAGES if tag not in said), "")


def provider_of(typed: str, catalogue: Catalogue) -> dict[str, str]:
    """Return the provider somebody named: a known one by any of its names, else a new one with an id made of it."""
    known = catalogue.provider(typed) if typed.strip() else None
    if known is not None:
        return {"provider": known.id}
    made = _NO_SLUG.sub("-", typed.casefold()).strip("-")[:MOST_ID].strip("-")
    if not made:
        raise Refused("provider")
    return {"provider": made, "provider_name": typed}


def entry_of(typed: str, catalogue: Catalogue) -> str:
    """Return the id of the entry somebody named, or found with words. Raises NotFound."""
    found = catalogue.entry(typed)
    if found is None:
        raise NotFound(typed[:80] or "entry")
    return f"{found[0].id}/{found[1].id}"


def summary(content: Content) -> list[tuple[str, str]]:
    """Return what a decision says, field by field, as it will be kept."""
    found = []
    for name, value in as_row(content).items():
        if isinstance(value, dict):
            found += [(f"{name} ({tag})", _plain(words)) for tag, words in value.items()]
        else:
            found.append((name.replace("_", " "), _plain(value)))
    return found


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)


def _missed(opened: Opened) -> Fields:
    """Return how a case is known, to be added to an entry: by its message, or else by its codes."""
    found = opened.proposal
    return {"message": found.message, "codes": () if found.message else found.codes}


async def _entry(asking: Asking, opened: Opened, given: Fields, known: Known) -> str:
    label = "Entry: its id, words that find it" + (", or a number from above" if opened.nearest else "")
    typed = await asking.line(label, given.get("entry", ""), known.entries)
    if typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= len(opened.nearest):
        return opened.nearest[int(typed[:3]) - 1].entry
    return typed


async def _wire(asking: Asking, given: Fields) -> Fields:
    message = await text(asking, "Message, {x} stands for anything", given.get("message", ""))
    return {"message": message, "codes": await items(asking, "Codes", given.get("codes", ()))}


async def _said(asking: Asking, given: Fields) -> Fields:
    cause = await asking.line("Cause", given.get("cause", ""))
    return {"cause": cause, "steps": await lines(asking, "Step", given.get("steps", ()), MOST_STEPS)}


def _known(fields: Fields) -> Fields:
    return {"message": fields["message"] or None, "codes": fields["codes"]}


def _in(lang: str, fields: Fields) -> Fields:
    return {"cause": {lang: fields["cause"]}, "steps": {lang: fields["steps"]}}


def _language(fields: Fields) -> str:
    return language(detect("\n".join([fields["cause"], *fields["steps"]])))
