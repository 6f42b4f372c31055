"""Others' knowledge files, taken into a knowledge folder: read with care, compared, checked, written as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import yaml

from bot.curate.trials import Trials
from bot.examples import faults as example_faults
from bot.knowledge import lint
from bot.knowledge.edit import EditError, add_entry, plain
from bot.knowledge.load import KnowledgeError, compose, line_of, load, parse
from bot.knowledge.models import ID, Entry, KnowledgeFile, Provider
from bot.knowledge.write import text_of

LARGEST: Final = 5_000_000  # bytes of one file
MOST_FILES: Final = 1_000
MOST_VALUES: Final = 100_000  # of one file; the largest of ours has a tenth of it
MOST_FAULTS: Final = 100  # shown at once
DEEPEST: Final = 20  # lists and mappings within each other; a knowledge file has six

Status = Literal["new", "same", "differs", "conflict"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One provider or entry of the files, against the folder.

    `new` is taken in, `same` is there already, `differs` is a provider described otherwise (what the folder says of it
    stays), `conflict` is an entry that cannot be taken in; `says` then tells why.
    """

    status: Status
    name: str  # provider or provider/entry
    place: str  # file:line
    says: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do. `texts` are the files to be written, by their names; none where there is a conflict."""

    compared: tuple[Compared, ...]
    texts: dict[str, str]

    @property
    def conflicts(self) -> tuple[Compared, ...]:
        return tuple(row for row in self.compared if row.status == "conflict")


Source = tuple[Path, str]


def plan(given: Sequence[Path], folder: Path) -> Import:
    """Return what taking these files and folders into the knowledge of `folder` would do; writes nothing.

    The file of an entry is always `<provider's id>.yaml` of the folder, whatever the given one is called; nothing that
    is there is ever replaced. A folder that is not there yet is an empty one. Raises KnowledgeError with one
    `file:line: field: reason` for each thing to mend: in the given files (form, lint, examples that do not come back as
    their own entry), for each example of the folder that they would break and for each harmless message that they
    would answer.
    """
    sources = [_read(path) for path in _files(given)]
    theirs = _models(sources)
    ours = load(folder).files if folder.is_dir() else ()
    own = [(path, text_of(path)) for path in (folder / f"{file.provider.id}.yaml" for file in ours)]
    compared, texts = _compare(sources, theirs, own, ours)
    if any(row.status == "conflict" for row in compared):
        return Import(tuple(compared), {})
    _check(sources, theirs, folder, own, ours, texts)
    return Import(tuple(compared), texts)


# ---- reading ----------------------------------------------------------------------------------------------------


def _files(given: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(file for ending in ("yaml", "yml") for file in path.glob(f"*.{ending}"))
            for file in inside:
                if file.is_symlink():
                    raise KnowledgeError([f"{file}: is a symbolic link; name the file it stands for"])
            if not inside:
                raise KnowledgeError([f"{path}: holds no *.yaml file"])
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise KnowledgeError([f"{path}: there is no such file or folder"])
    if len(found) > MOST_FILES:
        raise KnowledgeError([f"{len(found):,} files are too many at once: {MOST_FILES:,} at most"])
    return found


def _read(path: Path) -> Source:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise KnowledgeError([f"{path}:1: the file cannot be read: {error.strerror}"]) from None
    if len(content) > LARGEST:
        raise KnowledgeError([f"{path}:1: the file is larger than {LARGEST:,} bytes: split it by provider"])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise KnowledgeError([f"{path}:1: the file is not UTF-8 (byte {error.start}); save it as UTF-8"]) from None
    return path, text.replace("\r\n", "\n")


def _models(sources: Sequence[Source]) -> list[KnowledgeFile]:
    models: list[KnowledgeFile] = []
    faults: list[str] = []
    for path, text in sources:
        try:
            _refuse_tricks(path, text)
            models.append(_model(path, text))
        except KnowledgeError as error:
            faults += error.faults
    if len(faults) > MOST_FAULTS:
        faults = [*faults[:MOST_FAULTS], f"and {len(faults) - MOST_FAULTS:,} more; mend these first"]
    if faults:
        raise KnowledgeError(faults)
    return models


def _refuse_tricks(path: Path, text: str) -> None:
    """Refuse what no knowledge file needs: one name for many nodes can grow without bound, depth can crash."""
    depth = 0
    try:
        for number, event in enumerate(yaml.parse(text, yaml.CBaseLoader)):
            if number > MOST_VALUES:
                raise KnowledgeError([f"{path}:{_line(event)}: more than {MOST_VALUES:,} values: split it by provider"])
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise KnowledgeError(
                    [f"{path}:{_line(event)}: anchors and aliases (&name, *name) are refused: write it out"]
                )
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise KnowledgeError([f"{path}:{_line(event)}: lists within lists without an end"])
        for node in _nodes(compose(text)):
            if isinstance(node, yaml.MappingNode) and not all(
                isinstance(key, yaml.ScalarNode) for key, _ in node.value
            ):
                raise KnowledgeError([f"{path}:{_line(node)}: a key has to be a word"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise KnowledgeError([f"{path}:{mark.line + 1 if mark else 1}: {problem}"]) from None


def _line(of: yaml.Event | yaml.Node) -> int:
    return of.start_mark.line + 1 if of.start_mark else 1


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if node is not None:
        yield node
    if isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _nodes(inner)
    elif isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield from _nodes(key)
            yield from _nodes(inner)


def _model(path: Path, text: str) -> KnowledgeFile:
    """Return the model of a file, which may be called as it likes. Raises KnowledgeError with all its faults."""
    named = path.with_name(f"{_provider_id(text) or path.stem}.yaml")
    try:
        return parse([(named, text)])[0]
    except KnowledgeError as error:
        faults = [f"{path}{fault.removeprefix(str(named))}" for fault in error.faults]
        raise KnowledgeError(faults) from None


def _provider_id(text: str) -> str:
    root = compose(text)
    for name in ("provider", "id"):
        if not isinstance(root, yaml.MappingNode):
            return ""
        root = next((value for key, value in root.value if key.value == name), None)
    found = root.value if isinstance(root, yaml.ScalarNode) else ""
    return found if re.fullmatch(ID, found) and len(found) <= 60 else ""


# ---- comparing --------------------------------------------------------------------------------------------------


def _compare(
    sources: Sequence[Source], theirs: Sequence[KnowledgeFile], own: Sequence[Source], ours: Sequence[KnowledgeFile]
) -> tuple[list[Compared], dict[str, str]]:
    providers: dict[str, Provider] = {file.provider.id: file.provider for file in ours}
    texts = {file.provider.id: text for (_, text), file in zip(own, ours, strict=True)}
    entries = {f"{file.provider.id}/{entry.id}": entry for file in ours for entry in file.entries}
    taken = {name: key for key, entry in entries.items() for name in entry.formerly}
    compared: list[Compared] = []
    written: dict[str, str] = {}
    for (path, text), file in zip(sources, theirs, strict=True):
        provider, root = file.provider, compose(text)
        known = providers.get(provider.id)
        if known is None:
            providers[provider.id], texts[provider.id], written[f"{provider.id}.yaml"] = provider, text, text
        elif known != provider:
            says = f"the folder describes it otherwise ({_differing(known, provider)}) and keeps that"
            compared.append(Compared("differs", provider.id, f"{path}:{line_of(root, ('provider',))}", says))
        for number, entry in enumerate(file.entries):
            name = f"{provider.id}/{entry.id}"
            status, says = _status(name, entry, entries, taken)
            compared.append(Compared(status, name, f"{path}:{line_of(root, ('entries', number))}", says))
            if status != "new":
                continue
            entries[name] = entry
            taken |= dict.fromkeys(entry.formerly, name)
            if known is not None:
                texts[provider.id] = _with(texts[provider.id], entry, name, path)
                written[f"{provider.id}.yaml"] = texts[provider.id]
    return compared, written


def _status(name: str, entry: Entry, entries: dict[str, Entry], taken: dict[str, str]) -> tuple[Status, str]:
    there = entries.get(name)
    if there is not None:
        return (
            ("same", "") if there == entry else ("conflict", f"is there with other words: {_differing(there, entry)}")
        )
    clash = next((old for old in (name, *entry.formerly) if old in taken or (old != name and old in entries)), None)
    if clash:
        return "conflict", f"the id {clash} belongs to {taken.get(clash, clash)}; ids are never reused"
    return "new", ""


def _differing(one: Entry | Provider, other: Entry | Provider) -> str:
    fields = one.model_dump(by_alias=True), other.model_dump(by_alias=True)
    return ", ".join(name for name in fields[0] if fields[0][name] != fields[1][name])


def _with(text: str, entry: Entry, name: str, path: Path) -> str:
    try:
        return add_entry(text, plain(entry))
    except EditError as error:
        raise KnowledgeError([f"{path}: {name} cannot be added: {error}"]) from None


# ---- checking ---------------------------------------------------------------------------------------------------


def _check(
    sources: Sequence[Source],
    theirs: Sequence[KnowledgeFile],
    folder: Path,
    own: Sequence[Source],
    ours: Sequence[KnowledgeFile],
    texts: dict[str, str],
) -> None:
    """Raise KnowledgeError where the lint would find something once the texts are written."""
    paths = {str(path) for path, _ in sources}
    found = [fault for fault in lint.faults([*own, *sources], [*ours, *theirs]) if fault.partition(":")[0] in paths]
    if not found and texts:
        changed = {file.provider.id: file for file in parse([(folder / name, text) for name, text in texts.items()])}
        after = {file.provider.id: file for file in ours} | changed
        change = Trials(folder, ours).after([after[name] for name in sorted(after)])
        found = [*example_faults([*sources, *own], [*theirs, *ours], change.results), *change.answered]
    if found:
        raise KnowledgeError(found)
