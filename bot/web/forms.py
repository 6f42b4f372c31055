"""The forms of decisions: what was typed into the fields of a page, and the decision it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.curate.fold import in_force
from bot.curate.models import LONGEST_NEEDLE, Content, NotFound, Refused, content_of
from bot.curate.opened import Opened
from bot.knowledge.models import LANGUAGES
from bot.knowledge.search import Catalogue
from bot.store.decisions import Decision

_WORDS: Final = ("title", "cause", "steps")
_CAUSE: Final = ("cause", "tell", "steps")
_WIRE: Final = ("message", "codes")


def _said(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{field}_{lang}" for lang in LANGUAGES for field in fields)


# The forms in the order of their tabs, each with its fields. `words` gives the other language of what was decided.
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "answer": ("provider", *_WIRE, "status", *_said(_WORDS), "sources", "offered"),
    "same": ("entry", *_WIRE, "offered"),
    "cause": ("entry", *_WIRE, *_said(_CAUSE), "sources", "offered"),
    "noerror": (),
    "dismiss": (),
    "merge": ("into",),
    "split": ("needle",),
    "words": (*_said(("title", *_CAUSE)), "first"),
}
KINDS: Final = {"noerror": "not_an_error", "dismiss": "dismiss"}
LONGEST: Final = 4_000  # characters of a field; the desk says which are too many
_NUMBERING: Final = re.compile(r"\s{0,9}(?:\d{1,2}[.)、．]\s{0,9}|[-*•]\s{1,9})")
_PARTS: Final = re.compile(r"[,，\n]")
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")


class Incomplete(Exception):
    """A field has to be filled in; the text is its name."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A decision in force that is there in one language: its number, the form's fields, and the language to add."""

    number: int
    fields: tuple[str, ...]
    lang: str
    said: Mapping[str, Any]  # by field, in the language that is there


def typed(form: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form as they were sent."""
    return {field: given.get(field, "")[:LONGEST] for field in FORMS[form]}


def filled(form: str, opened: Opened, entry: str = "") -> dict[str, str]:
    """Return the fields of a form as far as the samples fill them in; `entry` is one that was chosen."""
    found, fields = opened.proposal, typed(form, {})
    if form in ("answer", "same", "cause"):
        # Of a known entry a code says no more than the message does; a new one is known by both.
        fields["message"] = found.message
        fields["codes"] = ", ".join(found.codes) if form == "answer" or not found.message else ""
    if form == "answer":
        fields |= {"provider": found.provider or "", "status": ", ".join(map(str, found.status))}
    elif "entry" in fields:
        fields["entry"] = entry
    return fields


def content(form: str, fields: Mapping[str, str], catalogue: Catalogue, first: Decision | None = None) -> Content:
    """Return the decision that a form makes. Raises Incomplete, and Refused with what is wrong.

    `first` is the decision that `words` completes.
    """
    if form in KINDS:
        return content_of({"kind": KINDS[form]})
    if form in ("merge", "split"):
        [field] = FORMS[form]
        return content_of({"kind": form, field: _needed(fields, field)[:LONGEST_NEEDLE]})
    if form == "words":
        return _completed(fields, first)
    made: dict[str, Any] = {"message": fields["message"].strip() or None, "codes": _parts(fields["codes"])}
    if not made["message"] and not made["codes"]:
        raise Incomplete("message")
    made["offered"] = bool(fields["offered"])
    if form == "answer":
        made |= {"kind": "add_entry", **_provider(_needed(fields, "provider"), catalogue), **_texts(fields, _WORDS)}
        return content_of(made | {"status": _statuses(fields["status"]), "sources": _lines(fields["sources"])})
    made["entry"] = _entry(_needed(fields, "entry"), catalogue)
    if form == "same":
        return content_of({"kind": "add_message", **made})
    made |= _texts(fields, ("cause", "steps"), optional=("tell",))
    return content_of({"kind": "add_cause", "sources": _lines(fields["sources"]), **made})


def missing_language(decision: Decision | None, log: Sequence[Decision]) -> Missing | None:
    """Return what a decision in force has yet to be said in; `log` are the decisions of its scope, in order."""
    if decision is None or decision.kind not in ("add_entry", "add_cause") or decision.content.get("completes"):
        return None
    said = decision.content
    tags = set(said["cause"])
    for row in in_force(log):
        same = row.kind == decision.kind and row.entry == decision.entry and row.scope == decision.scope
        if same and (row.kind == "add_entry" or row.content.get("completes") == decision.id):
            tags |= set(row.content["cause"])
    lacking = next((tag for tag in LANGUAGES if tag not in tags), None)
    if lacking is None:
        return None
    fields = _WORDS if decision.kind == "add_entry" else _CAUSE
    there = next(iter(said["cause"]))
    words = {field: said.get(field, {}).get(there, "") for field in fields}
    return Missing(decision.id, fields, lacking, words)


def _completed(fields: Mapping[str, str], first: Decision | None) -> Content:
    if first is None or first.kind not in ("add_entry", "add_cause"):
        raise NotFound(fields["first"][:20])
    row = first.content
    if first.kind == "add_cause":
        said = _texts(fields, ("cause", "steps"), optional=("tell",))
        return content_of({"kind": "add_cause", "entry": first.entry, "completes": first.id, **said})
    provider, _, name = str(first.entry).partition("/")
    known = {"message": row.get("message"), "codes": row.get("codes", ())}
    return content_of({"kind": "add_entry", "provider": provider, "id": name, **known, **_texts(fields, _WORDS)})


def _texts(fields: Mapping[str, str], needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """Return texts by field and language, of the languages in which anything was written; of one at least."""
    texts: dict[str, dict[str, Any]] = {field: {} for field in (*needed, *optional)}
    begun = [tag for tag in LANGUAGES if any(fields[f"{field}_{tag}"].strip() for field in texts)]
    if not begun:
        raise Incomplete(f"{needed[0]}_{LANGUAGES[0]}")
    for tag in begun:
        for field in needed:
            value = _needed(fields, f"{field}_{tag}")
            texts[field][tag] = _lines(value) if field == "steps" else value
        for field in optional:
            if value := fields[f"{field}_{tag}"].strip():
                texts[field][tag] = value
    return texts


def _needed(fields: Mapping[str, str], field: str) -> str:
    value = fields[field].strip()
    if not value:
        raise Incomplete(field)
    return value


def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text, without the numbers somebody put before them."""
    return tuple(line for each in text.splitlines() if (line := _NUMBERING.sub("", each, count=1).strip()))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for each in _PARTS.split(text) if (part := each.strip()))


def _statuses(text: str) -> tuple[int | str, ...]:
    return tuple(int(each) if each.isascii() and each.isdigit() and len(each) < 5 else each for each in _parts(text))


def _entry(text: str, catalogue: Catalogue) -> str:
    found = catalogue.entry(text)
    if found is None:
        raise NotFound(text[:80])
    return f"{found[0].id}/{found[1].id}"


def _provider(text: str, catalogue: Catalogue) -> dict[str, str]:
    """Return the provider somebody named: a known one by any of its names, else a new one with an id made of it."""
    known = catalogue.provider(text)
    if known is not None:
        return {"provider": known.id}
    made = _NO_SLUG.sub("-", text.casefold()).strip("-")[:40].strip("-")
    if not made:
        raise Refused("provider")
    return {"provider": made, "provider_name": text}
