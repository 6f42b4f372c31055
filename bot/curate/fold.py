"""Folding the log of decisions over the knowledge: what a server, or everybody, is answered with now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from bot.curate import local
from bot.curate.models import AddCause, AddEntry, AddMessage, Content, Merge, NotAnError, Refused, Split, content_of
from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry, Provider
from bot.match.template import compile_template
from bot.paste.fingerprint import fingerprint
from bot.service import group_name
from bot.store.decisions import Decision
from bot.store.parts import Part, case_of
from bot.store.scopes import SHARED, Scope

_PROMOTABLE = (AddEntry, AddMessage, AddCause)
Why = Literal[
    "changed",  # the entry of the knowledge says something else than when this was decided
    "gone",  # there is no such entry any more
    "taken",  # the knowledge has an entry of that id now, and it is another one
    "bad",  # the row holds what this version cannot read
]


@dataclass(frozen=True, slots=True)
class Look:
    """A decision that is not applied until somebody has looked at it anew."""

    decision: Decision
    why: Why


@dataclass(frozen=True, slots=True)
class Silence:
    """Which cases the decisions of one scope say are no errors (True), or are some after all (False)."""

    judged: Mapping[str, bool]
    into: Mapping[str, str]  # case -> the case it was merged into
    parts: tuple[Part, ...]  # that were split off, the oldest first
    known_as: Mapping[str, str]  # group as it is called now -> as it was when it was decided on

    def verdict(self, group: str, lines: str) -> bool | None:
        """Tell whether a sighting is no error; None where nothing was decided on its case."""
        name = case_of(self.known_as.get(group, group), self.parts, lines)
        seen = {name}
        while name in self.into and self.into[name] not in seen:
            name = self.into[name]
            seen.add(name)
        return self.judged.get(name)


@dataclass(frozen=True, slots=True)
class Folded:
    """What decisions make of the knowledge, for one scope.

    `added` are entries to be looked for besides those of the knowledge, which are not looked for where `hidden` has
    their ids: an amended entry is hidden and added. `made_by` has the decisions behind each added entry, `not_errors`
    the cases decided to be none.
    """

    added: tuple[tuple[Provider, Entry], ...] = ()
    hidden: frozenset[str] = frozenset()
    not_errors: frozenset[str] = frozenset()
    silences: tuple[Silence, ...] = ()  # the scope's own first
    looks: tuple[Look, ...] = ()
    retired: frozenset[int] = frozenset()  # decisions that the knowledge holds by now
    made_by: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def is_no_error(self, group: str, lines: str) -> bool:
        """Tell whether a paste of a group, with these (redacted) lines, is no authentication error."""
        verdicts = (silence.verdict(group, lines) for silence in self.silences)
        return next((verdict for verdict in verdicts if verdict is not None), False)


@dataclass(frozen=True, slots=True)
class Base:
    """The knowledge as folding needs it, looked up once."""

    knowledge: Knowledge
    installation: str  # eight hex digits
    entries: Mapping[str, tuple[Provider, Entry]]  # by id, those it had formerly included
    providers: Mapping[str, Provider]
    origins: frozenset[str]

    @classmethod
    def of(cls, knowledge: Knowledge, installation: str) -> Base:
        """Return the knowledge looked up. `installation` is what `origin` begins with for decisions made here."""
        entries: dict[str, tuple[Provider, Entry]] = {}
        for provider, entry in knowledge.entries():
            for name in entry.formerly:
                entries.setdefault(name, (provider, entry))
            entries[f"{provider.id}/{entry.id}"] = provider, entry
        origins = frozenset(entry.origin for _, entry in knowledge.entries() if entry.origin)
        return cls(knowledge, installation, entries, {p.id: p for p in knowledge.providers()}, origins)

    def origin(self, decision: int) -> str:
        """Return the `origin` of an entry that a decision of this installation brought into the knowledge."""
        return f"{self.installation}-{decision}"


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that no undo of their scope names, in the order they were made; no undo is among them."""
    ordered = sorted(decisions, key=lambda decision: decision.id)
    undone = {(each.scope, each.undoes) for each in ordered if each.kind == "undo"}
    return [each for each in ordered if each.kind != "undo" and (each.scope, each.id) not in undone]


def fold(base: Base, decisions: Iterable[Decision], scope: Scope) -> Folded:
    """Return what the decisions of a scope make of the knowledge; a server's go before those of all.

    Decisions of other scopes are left alone. What cannot be applied becomes a Look and takes nothing else down.
    """
    rows = list(decisions)
    folding = Folding(base).then(row for row in rows if row.scope == SHARED)
    if scope != SHARED:
        folding = folding.then(row for row in rows if row.scope == scope)
    return folding.folded()


class Folding:
    """What has been folded so far. The scopes are folded one after the other, the wider one first."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._promoted: dict[int, set[int]] = {}  # decisions of servers -> their copies for all
        self._entries: dict[str, tuple[Provider, Entry]] = {}
        self._providers: dict[str, Provider] = {}
        self._made_by: dict[str, tuple[int, ...]] = {}
        self._causes: dict[int, tuple[str, int]] = {}  # decision -> entry and the number of its cause
        self._looks: list[Look] = []
        self._retired: set[int] = set()
        self._own: set[str] = set()  # entries added in the scope at hand
        self._own_shipped: set[str] = set()  # and those of them that the knowledge has by now
        self._all_shipped: set[str] = set()
        self._wider: set[str] = set()  # entries that were added in a wider scope
        self._silences: tuple[Silence, ...] = ()

    def then(self, decisions: Iterable[Decision]) -> Folding:
        """Return this with all decisions of one more scope; this one stays as it is."""
        new = Folding(self._base)
        new._entries, new._providers = dict(self._entries), dict(self._providers)
        new._made_by, new._causes = dict(self._made_by), dict(self._causes)
        new._looks, new._retired, new._all_shipped = list(self._looks), set(self._retired), set(self._all_shipped)
        new._wider, new._promoted = self._wider | self._own, dict(self._promoted)
        rows = [(row, row_content(row)) for row in in_force(decisions)]
        for row, content in rows:
            if isinstance(content, _PROMOTABLE) and content.promoted_from is not None:
                new._promoted[content.promoted_from] = {*new._promoted.get(content.promoted_from, ()), row.id}
        for row, content in rows:
            new._apply(row, content)
        new._silences = (_silence(rows), *self._silences)
        return new

    def _apply(self, row: Decision, content: Content | None) -> None:
        why: Why | None = None
        if content is None:
            why = "bad"
        elif isinstance(content, AddEntry):
            why = self._add_entry(row, content)
        elif isinstance(content, AddMessage | AddCause):
            why = self._amend(row, content)
        if why is not None:
            self._looks.append(Look(row, why))

    def _add_entry(self, row: Decision, content: AddEntry) -> Why | None:
        name = f"{content.provider}/{content.id}"
        if self._shipped(row.id):
            self._retired.add(row.id)
            self._own_shipped.add(name)
            self._all_shipped.add(name)
            return None
        if name in self._own_shipped:  # perhaps in its first language only
            return self._complete_shipped(row, content, name)
        if name in self._base.entries:
            return "taken"
        if name in self._own:
            provider, entry = self._entries[name]
            self._put(name, provider, local.completed(entry, content), row.id)
            return None
        provider = (
            self._base.providers.get(content.provider)
            or self._providers.get(content.provider)
            or local.new_provider(content)
        )
        self._providers[provider.id] = provider
        self._made_by.pop(name, None)
        self._put(name, provider, local.new_entry(content, content.id or "entry", row.at.date()), row.id)
        self._own.add(name)
        return None

    def _complete_shipped(self, row: Decision, content: AddEntry, name: str) -> Why | None:
        known = self._entries.get(name) or self._base.entries.get(name)
        if known is None:  # it has another name there
            self._retired.add(row.id)
            return None
        provider, entry = known
        if all(entry.causes[0].cause.get(lang) for lang in content.cause):
            self._retired.add(row.id)
        else:
            self._put(name, provider, local.completed(entry, content), row.id)
        return None

    def _amend(self, row: Decision, content: AddMessage | AddCause) -> Why | None:
        name = content.entry
        if name in self._base.entries:
            provider, entry = self._base.entries[name]
            name = f"{provider.id}/{entry.id}"  # it may have had another one
            if local.has_all(entry, content):
                self._retired.add(row.id)
                return None
            # What was added here while the entry was only of this installation still belongs to it once it ships.
            same = name in self._all_shipped if row.base_hash is None else row.base_hash == local.content_hash(entry)
            if not same:
                return "changed"
            provider, entry = self._entries.get(name, (provider, entry))
        elif name in self._entries and row.base_hash is None:
            provider, entry = self._entries[name]
        else:
            return "gone"
        if isinstance(content, AddMessage):
            self._put(name, provider, local.with_message(entry, content), row.id)
            return None
        return self._add_cause(row, content, name, provider, entry)

    def _add_cause(self, row: Decision, content: AddCause, name: str, provider: Provider, entry: Entry) -> Why | None:
        if content.completes is None:
            self._causes[row.id] = name, len(entry.causes)
            self._put(name, provider, local.with_cause(entry, content), row.id)
            return None
        known = self._causes.get(content.completes)
        if known is None or known[0] != name:
            return "gone"
        self._put(name, provider, local.with_cause_completed(entry, known[1], content), row.id)
        return None

    def _put(self, name: str, provider: Provider, entry: Entry, decision: int) -> None:
        self._entries[name] = provider, entry
        self._made_by[name] = (*self._made_by.get(name, ()), decision)

    def _shipped(self, decision: int) -> bool:
        """Tell whether the knowledge has the entry of a decision, or of a copy of it that was made for all."""
        return any(
            self._base.origin(each) in self._base.origins for each in (decision, *self._promoted.get(decision, ()))
        )

    def folded(self) -> Folded:
        """Return what it comes to."""
        judged: dict[str, bool] = {}
        for silence in reversed(self._silences):
            judged |= silence.judged
        said = {words for name in self._own for words in _said(self._entries[name][1])}
        # Two entries with the same words would be a tie, and a server's own goes before that of all.
        ties = {name for name in self._wider - self._own if not said.isdisjoint(_said(self._entries[name][1]))}
        entries = {name: self._entries[name] for name in sorted(self._entries) if name not in ties}
        return Folded(
            added=tuple(entries.values()),
            hidden=frozenset(name for name in entries if name in self._base.entries),
            not_errors=frozenset(name for name, harmless in judged.items() if harmless),
            silences=self._silences,
            looks=tuple(self._looks),
            retired=frozenset(self._retired),
            made_by={name: self._made_by[name] for name in entries},
        )


def _said(entry: Entry) -> set[str]:
    return {compile_template(message).squeezed for message in entry.messages}


def row_content(row: Decision) -> Content | None:
    """Return what a row of the log says, None for what this version cannot read."""
    try:
        return content_of({**row.content, "kind": row.kind})
    except Refused:
        return None


def _silence(rows: Iterable[tuple[Decision, Content | None]]) -> Silence:
    """Return what the decisions of one scope say on which pastes are no errors; the last one on a case counts."""
    into: dict[str, str] = {}
    judged: dict[str, bool] = {}
    parts: list[Part] = []
    known_as: dict[str, str] = {}
    for row, content in rows:
        if row.name is None or content is None:
            continue
        if isinstance(content, Merge):
            into[row.name] = content.into
        elif isinstance(content, Split):
            if row.part:
                parts.append(Part(row.part, row.name, content.needle.casefold()))
        else:
            for name in (row.name, *row.also):
                judged[name] = isinstance(content, NotAnError)
            if isinstance(content, NotAnError) and content.template and not content.needle:
                known_as[_group_of(content.template)] = row.name
    return Silence(judged, into, tuple(parts), known_as)


@lru_cache(maxsize=10_000)
def _group_of(template: str) -> str:
    """Return the group that pastes of a template fall into now: fingerprints of an older version were others."""
    mark = fingerprint(template.splitlines())
    return group_name(mark.version, mark.digest)
