"""What the lint found the last time, and which examples a change since then can have touched.

Every template competes with every other, so the rule errs towards trying too much. An example is tried again where

- nothing is known of it, it failed, or it came out with little to spare (SPARE);
- its own entry changed, or its provider has more or fewer entries than before (codes are weighed by their number);
- a changed entry, as it was or as it is, could have been found in it: one of that entry's codes stands in it, or it
  shares SHARED of a message's grams. A message of which less is there scores nothing: a hit of quality 0.7 or less is
  worth no point, and in one of 0.7 at least a fifth of the grams are whole.

Everything is tried where the code of matching, a provider's signs or the set of providers changed. What remains is that
one more message makes its grams a little less rare everywhere; that moves a confidence by less than SPARE. CI tries
everything (`--no-cache`).
"""

from __future__ import annotations

import hashlib
import platform
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from bot.examples import Outcome, Trial, outcomes, trials
from bot.kept import keep as keep_file
from bot.kept import kept
from bot.knowledge.folders import PACKAGED
from bot.knowledge.models import Entry, KnowledgeFile, Provider
from bot.match.decide import ANSWER
from bot.match.fold import TOKEN, grams, lower, squeeze
from bot.match.index import SHORTEST_FLAT_CODE
from bot.match.template import compile_template

SPARE = 0.05  # confidence above the threshold of an answer from which an outcome is taken to be firm
SHARED = 0.15  # share of a message's grams from which an example may be touched by it
KEPT = 8  # files; one a folder of knowledge

_ROOT = Path(__file__).parent
_CODE = ("paste", "match", "knowledge", "service.py", "examples.py", "examples_kept.py")


class Wire(NamedTuple):
    """All that matching reads of an entry."""

    codes: tuple[str, ...]
    messages: tuple[str, ...]
    status: tuple[int, ...]
    needs_provider: bool
    only_asked: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the lint over all examples."""

    code: str  # fingerprint of the code that decided
    heads: dict[str, str]  # provider -> fingerprint of the signs it is known by
    wires: dict[str, Wire]  # provider/entry -> what matching reads of it
    outcomes: dict[str, Outcome]  # by key()


_RUN = TypeAdapter(Run)


def tried(folder: Path, files: Sequence[KnowledgeFile], *, cache: bool = True) -> tuple[dict[Trial, Outcome], int]:
    """Return how every example and look-alike of these files comes out, and how many had to be tried for it.

    With `cache` the outcomes of the last run over `folder` that a change can't have touched are taken over, and this
    run is kept.
    """
    every = trials(files)
    last = last_run(folder) if cache else None
    held = untouched(last, files, every)
    fresh = outcomes(dict.fromkeys(trial for trial in every if trial not in held), files)
    results = held | fresh
    if cache and (run := as_run(files, results)) != last:
        keep(folder, run)
    return results, len(fresh)


def as_run(files: Sequence[KnowledgeFile], results: Mapping[Trial, Outcome]) -> Run:
    """Return a run over these files in the form that is kept."""
    return Run(
        code=code_fingerprint(),
        heads={file.provider.id: _head(file.provider) for file in files},
        wires={f"{file.provider.id}/{entry.id}": _wire(entry) for file in files for entry in file.entries},
        outcomes={key(trial): outcome for trial, outcome in results.items()},
    )


def untouched(last: Run | None, files: Sequence[KnowledgeFile], every: Sequence[Trial]) -> dict[Trial, Outcome]:
    """Return the outcomes of the last run that still hold for these files; the other trials have to be run."""
    now = as_run(files, {})
    if last is None or last.code != now.code or last.heads != now.heads:
        return {}
    known = {trial: last.outcomes[key(trial)] for trial in every if key(trial) in last.outcomes}
    changed = {name for name in last.wires.keys() | now.wires.keys() if last.wires.get(name) != now.wires.get(name)}
    if not changed:
        return known
    before, after = _sizes(last.wires), _sizes(now.wires)
    resized = {provider for provider in before | after if before[provider] != after[provider]}
    touches = _Touches(run.wires[name] for run in (last, now) for name in changed if name in run.wires)
    return {
        trial: outcome
        for trial, outcome in known.items()
        if trial.field == "examples"
        and not outcome.reason
        and outcome.confidence >= ANSWER + SPARE
        and trial.name not in changed
        and trial.name.partition("/")[0] not in resized
        and not touches(outcome.seen)
    }


def key(trial: Trial) -> str:
    """Return a short stable name of a trial."""
    return hashlib.sha256("\0".join(trial).encode()).hexdigest()[:24]


def code_fingerprint() -> str:
    """Return a hash of the code that decides, and of what it runs on."""
    digest = hashlib.sha256(f"{platform.python_version()} {version('rapidfuzz')}".encode())
    for name in _CODE:
        path = _ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix != ".pyc" and file.is_file() and PACKAGED not in file.parents:
                digest.update(f"\0{file.relative_to(_ROOT).as_posix()}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def last_run(folder: Path) -> Run | None:
    """Return the last run over this folder of knowledge, None where none was kept or it can't be read."""
    data = kept(_name(folder))
    try:
        return _RUN.validate_json(data) if data is not None else None
    except ValidationError:
        return None


def keep(folder: Path, run: Run) -> None:
    """Keep a run in the user's cache folder, beside those of other folders; a read-only home only costs time."""
    keep_file(_name(folder), _RUN.dump_json(run), most=KEPT)


class _Touches:
    """Tells whether one of some entries could be found in what was seen of a paste."""

    def __init__(self, wires: Iterable[Wire]) -> None:
        self._codes: set[str] = set()
        self._words: set[str] = set()  # codes so short that they are looked for as words only
        self._needed: list[float] = []  # of each message, how many grams must be there
        self._messages: dict[str, list[int]] = defaultdict(list)  # gram -> messages
        for wire in set(wires):
            for code in wire.codes:
                flat = squeeze(code)
                short = len(flat) < SHORTEST_FLAT_CODE and TOKEN.fullmatch(flat) and flat == lower(code)
                (self._words if short else self._codes).add(flat)
            # Of a longer message the first sentence alone is looked for too.
            for message in {part for text in wire.messages for part in (text, text.partition(". ")[0])}:
                self._add(message)

    def _add(self, message: str) -> None:
        found = {gram for segment in compile_template(message).segments for gram in grams(segment.squeezed)}
        for gram in found:
            self._messages[gram].append(len(self._needed))
        self._needed.append(SHARED * len(found))

    def __call__(self, seen: str) -> bool:
        flat = squeeze(seen)
        if any(code in flat for code in self._codes) or not self._words.isdisjoint(TOKEN.findall(lower(seen))):
            return True
        there = filter(None, map(self._messages.get, set(grams(flat))))
        shared = Counter(number for numbers in there for number in numbers)
        return any(count >= self._needed[number] for number, count in shared.items())


def _wire(entry: Entry) -> Wire:
    return Wire(entry.codes, entry.messages, entry.status, entry.needs_provider, entry.only_asked)


def _head(provider: Provider) -> str:
    signs = provider.model_dump_json(include={"id", "standard", "aliases", "hosts", "shapes", "libraries"})
    return hashlib.sha256(signs.encode()).hexdigest()[:24]


def _sizes(wires: Mapping[str, Wire]) -> Counter[str]:
    return Counter(name.partition("/")[0] for name in wires)


def _name(folder: Path) -> str:
    return f"lint-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}.json"
