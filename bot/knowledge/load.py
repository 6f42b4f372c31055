"""Loading knowledge: YAML files in, checked models out, with `file:line: field: reason` for each fault."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.kept import keep, kept
from bot.knowledge.models import Entry, KnowledgeFile, Provider
from bot.memory import uncollected
from bot.mendable import MendableError

_FILES = TypeAdapter(tuple[KnowledgeFile, ...])
_CACHE_FORMAT = "1"
_CACHES_KEPT = 4  # files; several checkouts share the folder


class KnowledgeError(MendableError):
    """The knowledge cannot be used; `faults` holds one `file:line: field: reason` for each thing to mend."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(faults[0] if faults else "the knowledge cannot be read")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All providers and entries, in the order of their files' names."""

    files: tuple[KnowledgeFile, ...]
    key: str | None = field(default=None, compare=False)  # of what was loaded: a hash of the files

    def entries(self) -> Iterator[tuple[Provider, Entry]]:
        for file in self.files:
            for entry in file.entries:
                yield file.provider, entry

    def providers(self) -> tuple[Provider, ...]:
        return tuple(file.provider for file in self.files)

    def resolve(self, entry_id: str) -> tuple[Provider, Entry] | None:
        """Return the entry of this `provider/entry` id, also by an id it had formerly."""
        owner, _, name = entry_id.partition("/")
        for file in self.files:
            if file.provider.id == owner:
                for entry in file.entries:
                    if entry.id == name:
                        return file.provider, entry
        return next(((provider, entry) for provider, entry in self.entries() if entry_id in entry.formerly), None)


class _Loader(yaml.CBaseLoader):
    """YAML whose scalars all stay strings (so that `no`, 0100 and 1e3 mean what they say) and whose keys are unique."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load(folder: Path, *, cache: bool = True) -> Knowledge:
    """Return the knowledge of all *.yaml files in `folder`; an empty folder gives empty knowledge.

    The checked form is kept as JSON in the user's cache folder under a hash of the files, because parsing YAML takes
    seconds at 1,500 entries. Raises KnowledgeError with every fault found.
    """
    if not folder.is_dir():
        raise KnowledgeError([f"{folder}: there is no such folder of knowledge files"])
    sources = _read(sorted(folder.glob("*.yaml")))
    key = _key(sources)
    known = _cached(key) if cache else None
    if known is not None:
        return Knowledge(known, key)
    knowledge = Knowledge(parse(sources), key)
    if cache and sources:
        data = _FILES.dump_json(knowledge.files, by_alias=True, exclude_defaults=True)
        keep(_cache_name(key), data, most=_CACHES_KEPT)
    return knowledge


def parse(sources: Sequence[tuple[Path, str]]) -> tuple[KnowledgeFile, ...]:
    """Return the models of (path, YAML text) pairs. Raises KnowledgeError with the faults of all files."""
    files: list[KnowledgeFile] = []
    faults: list[str] = []
    for path, text in sources:
        try:
            files.append(KnowledgeFile.model_validate(yaml.load(text, _Loader)))  # noqa: S506 (a safe loader of strings)
        except yaml.YAMLError as error:
            faults.append(_yaml_fault(path, error))
        except ValidationError as error:
            faults += _model_faults(path, text, error)
    faults += _repeated_ids(sources, files) if not faults else []
    if faults:
        raise KnowledgeError(faults)
    return tuple(files)


def line_of(root: yaml.Node | None, where: Sequence[int | str]) -> int:
    """Return the 1-based line of the deepest node on the path `where` that stands in the file."""
    node, line = root, 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def compose(text: str) -> yaml.Node | None:
    """Return the node tree of a YAML text, for line numbers."""
    root: yaml.Node | None = yaml.compose(text, yaml.CBaseLoader)
    return root


def _read(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    sources, faults = [], []
    for path in paths:
        try:
            sources.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError as error:
            faults.append(f"{path}:1: the file is not UTF-8 (byte {error.start}); save it as UTF-8")
        except OSError as error:
            faults.append(f"{path}:1: the file cannot be read: {error.strerror}")
    if faults:
        raise KnowledgeError(faults)
    return sources


def _yaml_fault(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"{path}:{mark.line + 1 if mark else 1}: {problem}"


def _model_faults(path: Path, text: str, error: ValidationError) -> list[str]:
    root = compose(text)
    faults = []
    for fault in error.errors():
        field = ".".join(map(str, fault["loc"])) or "file"
        faults.append(f"{path}:{line_of(root, fault['loc'])}: {field}: {fault['msg'].removeprefix('Value error, ')}")
    return faults


def _repeated_ids(sources: Sequence[tuple[Path, str]], files: Sequence[KnowledgeFile]) -> list[str]:
    faults: list[str] = []
    owner: dict[str, str] = {}
    for (path, text), file in zip(sources, files, strict=True):
        if file.provider.id != path.stem:
            line = line_of(compose(text), ("provider", "id"))
            faults.append(f"{path}:{line}: provider.id: is {file.provider.id!r}, but the file is named {path.stem!r}")
        for number, entry in enumerate(file.entries):
            for name in (f"{file.provider.id}/{entry.id}", *entry.formerly):
                if name in owner:
                    line = line_of(compose(text), ("entries", number, "id"))
                    faults.append(
                        f"{path}:{line}: entries.{number}.id: {name} is taken by {owner[name]}; ids are never reused"
                    )
                owner[name] = f"{file.provider.id}/{entry.id}"
    return faults


def _key(sources: Sequence[tuple[Path, str]]) -> str:
    digest = hashlib.sha256(f"{_CACHE_FORMAT}\0{KnowledgeFile.model_json_schema()}\0".encode())
    for path, text in sources:
        digest.update(f"{path.name}\0{len(text)}\0".encode())
        digest.update(text.encode())
    return digest.hexdigest()


def _cached(key: str) -> tuple[KnowledgeFile, ...] | None:
    data = kept(_cache_name(key))
    try:
        with uncollected():
            return _FILES.validate_json(data) if data is not None else None
    except ValidationError:
        return None


def _cache_name(key: str) -> str:
    return f"knowledge-{key[:32]}.json"
