"""What goes into one commit: decisions in force that belong together, and what they still lack for a knowledge file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.curate.fold import Base, Folded, Look, Why, row_content
from bot.curate.models import AddCause, AddEntry, AddMessage, Content, NotAnError
from bot.knowledge.models import LANGUAGES, Entry, Provider
from bot.paste.personal import mask_personal
from bot.paste.redact import redact
from bot.store.decisions import Decision

_TONGUES: Final = {"en": "English", "zh": "Chinese"}
_WHY: Final[Mapping[Why, str]] = {
    "changed": "the entry has changed since: it has to be looked at anew",
    "gone": "its entry is not in the knowledge any more",
    "taken": "the knowledge has another entry of that id",
    "bad": "this version cannot read it",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """Decisions for one commit, the first one first. `whole` is the entry they make where the knowledge has none."""

    rows: tuple[tuple[Decision, Content], ...]
    entry: str | None  # provider/entry; None for a message that is no error
    whole: tuple[Provider, Entry] | None = None

    @property
    def first(self) -> Decision:
        return self.rows[0][0]

    def messages(self) -> list[str]:
        """Return the wire messages it adds."""
        found = [content.message for _, content in self.rows if isinstance(content, AddEntry | AddMessage | AddCause)]
        return list(dict.fromkeys(message for message in found if message))

    def codes(self) -> list[str]:
        """Return the codes it adds."""
        found = [content.codes for _, content in self.rows if isinstance(content, AddEntry | AddMessage | AddCause)]
        return list(dict.fromkeys(code for codes in found for code in codes))

    def words(self) -> list[str]:
        """Return what the maintainer wrote, and saw in writing it."""
        found = [*self.messages(), *self.codes(), *(self.entry or "").split("/")]
        return [
            *found,
            *(self.whole[0].name.values() if self.whole else ()),
            *(self.whole[1].title.values() if self.whole else ()),
        ]

    def cause(self) -> dict[str, dict[str, object]]:
        """Return the cause it adds to an entry of the knowledge as a file has it, {} where it adds none."""
        cause: dict[str, dict[str, object]] = {}
        for _, content in self.rows:
            if isinstance(content, AddCause):
                for field, words in (("cause", content.cause), ("tell", content.tell), ("fix", content.steps)):
                    cause.setdefault(field, {}).update(words)
        return cause


def units(base: Base, folded: Folded, rows: Iterable[Decision]) -> list[Unit]:
    """Return the commits that decisions in force make, in the order in which they were begun.

    What an entry of this installation got later goes with the entry; what an entry of the knowledge got is a commit of
    its own for each message and cause.
    """
    by_id = {row.id: row for row in rows}
    whole = {f"{provider.id}/{entry.id}": (provider, entry) for provider, entry in folded.added}
    found: list[Unit] = []
    for name, ids in folded.made_by.items():
        read = [(by_id[number], content) for number in ids if (content := row_content(by_id[number]))]
        if name in base.entries:
            found += [Unit(tuple(part), name) for part in _apart(read)]
        else:
            found.append(Unit(tuple(read), name, whole[name]))
    last = {row.name: row for row in by_id.values() if row.kind == "not_an_error"}
    found += [
        Unit(((row, content),), None)
        for row in last.values()
        if isinstance(content := row_content(row), NotAnError) and (row.name in folded.not_errors or content.needle)
    ]
    return sorted(found, key=lambda unit: unit.first.id)


def _apart(rows: Sequence[tuple[Decision, Content]]) -> Iterator[list[tuple[Decision, Content]]]:
    """Yield each decision with those that complete it."""
    parts: dict[int, list[tuple[Decision, Content]]] = {}
    for row, content in rows:
        completes = content.completes if isinstance(content, AddCause) else None
        parts.setdefault(completes if completes in parts else row.id, []).append((row, content))
    yield from parts.values()


def looked_at(look: Look) -> str:
    """Return why a decision is not applied as the knowledge stands."""
    return _WHY[look.why]


def missing(unit: Unit, text: str) -> list[str]:
    """Return what a commit still lacks, each as the end of «not ready:»; `text` is what was pasted (`public`)."""
    lacks: list[str] = []
    if unit.whole:
        provider, entry = unit.whole
        lacks += _without_language(entry)
        if not entry.sources:
            lacks.append("no source")
        elif provider.docs is None:
            lacks.append("no source of its provider")
    elif cause := unit.cause():
        lacks += [f"no {_TONGUES[lang]} cause and steps" for lang in LANGUAGES if lang not in cause["cause"]]
        lacks += [f"no {_TONGUES[lang]} words on how to tell it" for lang in LANGUAGES if lang not in cause["tell"]]
    if unit.entry is None:
        content = unit.rows[0][1]
        if isinstance(content, NotAnError) and content.needle:
            lacks.append("it is about a part of a group, which no message stands for")
        elif not text:
            lacks.append("of what was pasted too little is left that is nobody's own")
        elif not impersonal(text):
            lacks.append("its template may hold something of a person")
    lacks += [
        f"a message may hold a secret or something of a person ({mask_personal(redact(message).text)})"
        for message in unit.messages()
        if not impersonal(message)
    ]
    return lacks


def _without_language(entry: Entry) -> Iterator[str]:
    for lang in LANGUAGES:
        if any(lang not in words for words in (entry.title, entry.causes[0].cause, entry.causes[0].fix)):
            yield f"no {_TONGUES[lang]} title, cause and steps"
    for number, cause in enumerate(entry.causes[1:], start=2):
        for lang in LANGUAGES:
            if lang not in cause.cause or lang not in cause.fix:
                yield f"no {_TONGUES[lang]} words of cause {number}"
            if lang not in (cause.tell or {}):
                yield f"no {_TONGUES[lang]} words on how to tell cause {number}"


def impersonal(text: str) -> bool:
    """Tell whether redacting a text once more finds nothing in it."""
    return mask_personal(redact(text).text) == text


def examples(unit: Unit, text: str, provider: Provider | None) -> list[str]:
    """Return what could stand as the commit's example, the best first: what was pasted, with {names} for what varies.

    A paste whose host gave its provider away has lost it to a {name}: then the provider is named, as people do.
    """
    said = [text.strip(), *unit.messages(), *unit.codes()]
    signs = (*provider.aliases, *provider.hosts, *provider.shapes, *provider.libraries) if provider else ()
    said += [f"{sign.removeprefix('*.')}: {each}" for sign in signs[:1] for each in said if each]
    return [each for each in dict.fromkeys(said) if each and impersonal(each)]


def subject(unit: Unit, provider: Provider | None) -> str:
    """Return the commit's message: one line of at most 72 characters."""
    if unit.entry is None or provider is None:
        return "A message that is no authentication error"
    name = unit.entry.partition("/")[2]
    if unit.whole:
        title = unit.whole[1].title.get("en") or next(iter(unit.whole[1].title.values()))
        return _short(f"{provider.id}: {name}: {title}")
    what = "another cause of" if unit.cause() else "one more message of" if unit.messages() else "one more code of"
    return _short(f"{provider.id}: {what} {name}")


def _short(line: str) -> str:
    return line if len(line) <= 72 else line[:71].rstrip() + "…"
