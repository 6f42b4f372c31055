"""Decisions of the shared base as edits of the knowledge files: one set of files a commit, each checked by the lint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.curate.fold import Base, fold, in_force
from bot.curate.models import AddCause, NotAnError
from bot.curate.public import public, words_in, words_of
from bot.curate.trials import After, Trials
from bot.curate.units import Unit, examples, looked_at, missing, subject, units
from bot.examples import Trial, outcomes
from bot.examples import faults as example_faults
from bot.knowledge import lint
from bot.knowledge.edit import EditError, add_entry, add_to_entry, new_file, plain
from bot.knowledge.harmless import FOLDER, harmless, messages
from bot.knowledge.load import KnowledgeError, load, parse
from bot.knowledge.models import KnowledgeFile, Provider
from bot.knowledge.write import text_of
from bot.paste.language import detect
from bot.store.decisions import Decision
from bot.store.scopes import SHARED
from bot.store.store import Store

LEARNED: Final = "learned"  # harmless/learned.jsonl: what maintainers said is no error


@dataclass(frozen=True, slots=True, eq=False)
class Commit:
    """One set of files, and in one line what it does. `files` have the texts after it and after those before it."""

    decisions: tuple[int, ...]
    origin: str
    entry: str | None
    message: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What is not exported: it lacks something (`missing`), or the lint found something (`faults`)."""

    decisions: tuple[int, ...]
    origin: str
    entry: str | None
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """All decisions of the shared base that the knowledge does not hold yet. `texts` is what all commits come to."""

    commits: tuple[Commit, ...]
    held: tuple[Held, ...]
    texts: Mapping[str, str]


async def export(store: Store, folder: Path, *, schema: str, one: int | None = None) -> Exported:
    """Return the decisions in force of the shared scope as commits to the knowledge in `folder`; writes nothing.

    `schema` is where the files' JSON Schema lies, as seen from the folder. With `one` only the commit that this
    decision belongs to. Of the queue only redacted templates are used, and of those only common words
    (bot/curate/public.py). Raises KnowledgeError where the folder is at fault or there is no such decision to export.
    """
    log = await store.decisions.since(0, [SHARED])
    templates: dict[str, str] = {}
    for name in {row.name for row in log if row.name}:
        case = await store.queue.get(SHARED, name)
        templates[name] = case.template if case else ""
    return commits(folder, log, templates, installation=store.decisions.who(0)[:8], schema=schema, one=one)


def commits(
    folder: Path,
    log: Sequence[Decision],
    templates: Mapping[str, str],
    *,
    installation: str,
    schema: str,
    one: int | None = None,
) -> Exported:
    """Return the commits of a log of decisions; `templates` are those of the cases, by name."""
    knowledge = load(folder)
    base = Base.of(knowledge, installation)
    rows = in_force(row for row in log if row.scope == SHARED)
    folded = fold(base, rows, SHARED)
    held = [
        Held((look.decision.id,), base.origin(look.decision.id), look.decision.entry, (looked_at(look),))
        for look in folded.looks
    ]
    work = _Work(folder, knowledge.files, base, schema)
    every = [unit for unit in units(base, folded, rows) if unit.entry or not work.learned(unit)]
    if one is not None:
        every = [unit for unit in every if one in (row.id for row, _ in unit.rows)]
        held = [row for row in held if one in row.decisions]
        if not every and not held:
            raise KnowledgeError([f"decision {one}: is not in force for all, or stands in the knowledge already"])
    done: list[Commit] = []
    for unit in every:
        made = work.commit(unit, templates.get(unit.first.name or "", ""))
        if isinstance(made, Commit):
            done.append(made)
        else:
            held.append(made)
    return Exported(tuple(done), tuple(sorted(held, key=lambda row: row.decisions)), work.written)


def folders(exported: Exported, out: Path) -> dict[Commit, Path]:
    """Return a folder of its own in `out` for each commit, in whose order they have to be taken over."""
    return {commit: out / f"{number:03}-{commit.origin}" for number, commit in enumerate(exported.commits, start=1)}


class _Work:
    """The folder's files as the commits so far have left them."""

    def __init__(self, folder: Path, files: Iterable[KnowledgeFile], base: Base, schema: str) -> None:
        self._folder, self._base, self._schema = folder, base, schema
        self._files = {f"{file.provider.id}.yaml": file for file in files}
        self._before = dict(self._files)
        self._texts = {name: text_of(folder / name) for name in self._files}
        learned = folder / FOLDER / f"{LEARNED}.jsonl"
        self._learned = text_of(learned) if learned.is_file() else ""
        self._known = {message.id: message for message in messages(LEARNED, folder)} if self._learned else {}
        self._trials: Trials | None = None
        self._common: set[str] | None = None
        self.written: dict[str, str] = {}

    def learned(self, unit: Unit) -> bool:
        """Tell whether a message that is no error is kept with the knowledge already."""
        return self._message_id(unit) in self._known

    def commit(self, unit: Unit, text: str) -> Commit | Held:
        """Return the unit as a commit on top of those before it, or what keeps it from being one."""
        ids, origin = tuple(row.id for row, _ in unit.rows), self._base.origin(unit.first.id)
        content = unit.rows[0][1]
        pasted = content.template or text if isinstance(content, NotAnError) else text
        text = public(pasted, self._words() | words_in(unit.words()))
        if lacks := missing(unit, text):
            return Held(ids, origin, unit.entry, tuple(lacks))
        provider = self._provider(unit)
        files, faults = self._silent(unit, text) if unit.entry is None else self._best(unit, text, provider)
        if faults:
            return Held(ids, origin, unit.entry, faults=tuple(faults))
        self.written |= files
        return Commit(ids, origin, unit.entry, subject(unit, provider), files)

    def _words(self) -> set[str]:
        if self._common is None:
            silent = harmless(self._folder) if (self._folder / FOLDER).is_dir() else ()
            self._common = words_of(self._before.values()) | words_in(message.text for message in silent)
        return self._common

    # ---- an entry

    def _provider(self, unit: Unit) -> Provider | None:
        if unit.entry is None:
            return None
        file = self._files.get(f"{unit.entry.partition('/')[0]}.yaml")
        return file.provider if file else unit.whole[0] if unit.whole else None

    def _best(self, unit: Unit, text: str, provider: Provider | None) -> tuple[dict[str, str], list[str]]:
        """Return the file with the first example that comes back as its entry; the faults of the best one, else."""
        faults: list[str] = []
        for example in examples(unit, text, provider) or [""]:
            files, found = self._edited(unit, example)
            if not found:
                return files, []
            faults = faults or found
        return {}, faults

    def _edited(self, unit: Unit, example: str) -> tuple[dict[str, str], list[str]]:
        """Return the file with the unit in it and taken for the new state, or else what the lint would say."""
        assert unit.entry is not None  # noqa: S101 (the caller looked)
        provider, _, entry = unit.entry.partition("/")
        name = f"{provider}.yaml"
        try:
            text = self._with(unit, self._texts.get(name), entry, example)
            file = parse([(self._folder / name, text)])[0]
        except EditError as error:
            return {}, [f"{self._folder / name}:1: {error}"]
        except KnowledgeError as error:
            return {}, list(error.faults)
        texts, files = {**self._texts, name: text}, {**self._files, name: file}
        faults, change = self._faults(texts, files)
        if not faults:
            self._texts, self._files = texts, files
            self._tried().keep(change)
        return {name: text}, faults

    def _with(self, unit: Unit, text: str | None, entry: str, example: str) -> str:
        if unit.whole:
            data = {**plain(unit.whole[1]), "examples": [example], "origin": self._base.origin(unit.first.id)}
            if text is not None:
                return add_entry(text, data)
            return new_file(plain(unit.whole[0]), [data], schema=self._schema)
        more: dict[str, list[object]] = {
            "messages": list(unit.messages()),
            "codes": list(unit.codes()),
            "causes": [cause] if (cause := unit.cause()) else [],
            "examples": [example] if unit.messages() or unit.codes() else [],
            "sources": [url for _, content in unit.rows if isinstance(content, AddCause) for url in content.sources],
        }
        return add_to_entry(text or "", entry, more)

    def _faults(self, texts: Mapping[str, str], files: Mapping[str, KnowledgeFile]) -> tuple[list[str], After]:
        before = {_reason(fault) for fault in self._linted(self._texts, self._files)}
        found = [fault for fault in self._linted(texts, files) if _reason(fault) not in before]
        ordered = [files[name] for name in sorted(files)]
        change = self._tried().after(ordered)
        sources = [(self._folder / name, texts[name]) for name in sorted(texts)]
        return [*found, *example_faults(sources, ordered, change.results), *change.answered], change

    def _linted(self, texts: Mapping[str, str], files: Mapping[str, KnowledgeFile]) -> list[str]:
        order = sorted(files)
        return lint.faults([(self._folder / name, texts[name]) for name in order], [files[name] for name in order])

    def _tried(self) -> Trials:
        if self._trials is None:
            self._trials = Trials(self._folder, [self._before[name] for name in sorted(self._before)])
        return self._trials

    # ---- a message that is no error

    def _silent(self, unit: Unit, text: str) -> tuple[dict[str, str], list[str]]:
        name, trial = f"{FOLDER}/{LEARNED}.jsonl", Trial(self._message_id(unit), "not", text)
        found = outcomes([trial], [self._files[name] for name in sorted(self._files)])[trial]
        if found.reason:
            return {}, [f"{self._folder / name}: {trial.name}: {found.reason}"]
        row = {"id": trial.name, "text": text, "lang": detect(text), "kind": LEARNED}
        self._learned += json.dumps(row, ensure_ascii=False) + "\n"
        return {name: self._learned}, []

    def _message_id(self, unit: Unit) -> str:
        return f"{LEARNED}-{self._base.origin(unit.first.id)}"


def _reason(fault: str) -> str:
    """Return a fault without its line, which moves when something is put in before it."""
    path, _, rest = fault.partition(":")
    return path + rest.partition(":")[2]
