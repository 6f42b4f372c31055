"""Entries and providers as decisions make them: perhaps in one language only, without examples and sources.

They are built without the checks of a knowledge file: what a decision may say is checked in models.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from bot.curate.models import AddCause, AddEntry, AddMessage
from bot.knowledge.models import Cause, Entry, Provider

Given = TypeVar("Given")

_HASHED: Final = frozenset("id title status codes messages needs_provider only_asked causes prevention snippet".split())
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
LONGEST_SLUG: Final = 48  # of the 60 characters of an id: there is room for a number behind it


def content_hash(entry: Entry) -> str:
    """Return what an entry says, as 16 hex digits: other words or wire parts give others, other examples do not."""
    parts = entry.model_dump(mode="json", include=set(_HASHED))
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def new_provider(content: AddEntry) -> Provider:
    """Return the provider an entry brings with it, by the name it gives in one language or else by its id."""
    name = content.provider_name or content.provider
    docs = next(iter(content.sources), None)
    return Provider.model_construct(id=content.provider, name={"en": name, "zh": name}, docs=docs)


def new_entry(content: AddEntry, name: str, at: dt.date) -> Entry:
    """Return the entry a decision adds. `name` is its id without the provider."""
    return Entry.model_construct(
        id=name,
        title=dict(content.title),
        status=content.status,
        codes=content.codes,
        messages=(content.message,) if content.message else (),
        needs_provider=content.needs_provider,
        causes=(_cause(content.cause, {}, content.steps),),
        examples=(),
        sources=content.sources,
        verified=at,
    )


def completed(entry: Entry, content: AddEntry) -> Entry:
    """Return an added entry with another language, or with other words in one that it has."""
    first, *rest = entry.causes
    both = _cause({**first.cause, **content.cause}, first.tell, {**first.fix, **content.steps})
    return with_wire(
        entry.model_copy(update={"title": {**entry.title, **content.title}, "causes": (both, *rest)}),
        content.message,
        content.codes,
        content.sources,
    )


def with_message(entry: Entry, content: AddMessage) -> Entry:
    """Return an entry that is known by one more message or code."""
    return with_wire(entry, content.message, content.codes)


def with_cause(entry: Entry, content: AddCause) -> Entry:
    """Return an entry with one more cause, the last."""
    causes = (*entry.causes, _cause(content.cause, content.tell, content.steps))
    return with_wire(entry.model_copy(update={"causes": causes}), content.message, content.codes, content.sources)


def with_cause_completed(entry: Entry, number: int, content: AddCause) -> Entry:
    """Return an entry whose cause of this number has another language."""
    old = entry.causes[number]
    new = _cause({**old.cause, **content.cause}, {**(old.tell or {}), **content.tell}, {**old.fix, **content.steps})
    causes = (*entry.causes[:number], new, *entry.causes[number + 1 :])
    return with_wire(entry.model_copy(update={"causes": causes}), content.message, content.codes, content.sources)


def with_wire(entry: Entry, message: str | None, codes: Iterable[str], sources: Iterable[str] = ()) -> Entry:
    """Return an entry with a message, codes and sources that it did not have."""
    return entry.model_copy(
        update={
            "messages": tuple(dict.fromkeys((*entry.messages, *([message] if message else [])))),
            "codes": tuple(dict.fromkeys((*entry.codes, *codes))),
            "sources": tuple(dict.fromkeys((*entry.sources, *sources))),
        }
    )


def has_all(entry: Entry, content: AddMessage | AddCause) -> bool:
    """Tell whether an entry says already what a decision adds: it has been taken over since."""
    message = content.message is None or content.message in entry.messages
    wire = message and set(content.codes) <= set(entry.codes)
    if isinstance(content, AddMessage):
        return wire
    return wire and any(_says(cause.cause, content.cause) for cause in entry.causes)


def slug(content: AddEntry, case: str | None, taken: Callable[[str], bool]) -> str:
    """Return a name for an entry: of its English title, else of a code, else of the case; one that is not taken."""
    tries = (content.title.get("en", ""), *content.codes, case or "", "entry")
    name = next(found for text in tries if (found := _slug(text)))
    number = 1
    chosen = name
    while taken(chosen):
        number += 1
        chosen = f"{name}-{number}"
    return chosen


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = _NO_SLUG.sub("-", plain).strip("-")
    cut = words[:LONGEST_SLUG]
    # A word is cut off whole, where it is not the only one.
    return cut if len(words) <= LONGEST_SLUG or "-" not in cut else cut.rpartition("-")[0]


def _cause(cause: Mapping[str, str], tell: Mapping[str, str] | None, steps: Mapping[str, tuple[str, ...]]) -> Cause:
    return Cause.model_construct(cause=dict(cause), tell=dict(tell) if tell else None, fix=dict(steps))


def _says(known: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(known.get(lang) == words for lang, words in wanted.items())
