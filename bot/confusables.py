"""Entries that are easily taken for each other: by the matcher, or because their messages are almost the same."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.cores import over_cores
from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry
from bot.match.decide import decide
from bot.match.index import Index
from bot.match.template import compile_template
from bot.service import read_paste

NEAR = 15.0  # points; a rival further behind is not in doubt
ALIKE = 0.9  # Indel similarity of two squeezed messages from which they are near-equal
APART = 0.4  # share of the danger that stays where a rule of the decision tells two entries apart
_DIGITS = re.compile(r"[0-9]+")
SHORTEST = 8  # squeezed characters of a message that is compared


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, `one` before `other` by id.

    `lead` is the smallest lead in points of an entry's own example over the other (negative where the other won), None
    where they never came NEAR; `example` says which. `alike` is the likeness, 0..1, of their most alike messages, 0
    where that is below ALIKE. `danger` is 0..1 (see pairs()).
    """

    one: str
    other: str
    declared: bool
    danger: float = 0.0
    lead: float | None = None
    example: str = ""
    alike: float = 0.0
    messages: tuple[str, str] = ("", "")

    @property
    def because(self) -> str:
        """What makes them near, on one line."""
        said = [] if self.lead is None else [f"lead {self.lead:.1f} at {self.example}"]
        if self.alike:
            said.append(f"messages {self.alike:.0%} alike: {' '.join(self.messages[0].split())}")
        return "; ".join(said)


def pairs(knowledge: Knowledge) -> list[Pair]:
    """Return the pairs that are near each other, the most dangerous first. Uses all cores.

    Danger is the larger of two: how small the lead is, and how alike the messages are. Between a standard and a
    provider it counts APART, for the provider's own entry goes first by rule; so do alike messages of two providers of
    which one is marked `needs_provider`, for that one is answered only where its provider is seen.
    """
    standards = {provider.id for provider in knowledge.providers() if provider.standard}
    entries = {f"{provider.id}/{entry.id}": entry for provider, entry in knowledge.entries()}
    found: dict[tuple[str, str], Pair] = {}

    def pair(here: str, there: str) -> Pair:
        one, other = sorted((here, there))
        declared = there in entries[here].confusable or here in entries[there].confusable
        return found.setdefault((one, other), Pair(one, other, declared))

    def keep(changed: Pair) -> None:
        found[changed.one, changed.other] = changed

    for name, number, rival, lead in _rivals(knowledge):
        known = pair(name, rival)
        if known.lead is None or lead < known.lead:
            keep(replace(known, lead=lead, example=f"{name} examples.{number}"))
    for here, there, alike, messages in _near_equal(entries):
        known = pair(here, there)
        if alike > known.alike:
            keep(replace(known, alike=alike, messages=messages))
    judged = [replace(known, danger=_danger(known, entries, standards)) for known in found.values()]
    return sorted(judged, key=lambda known: (-known.danger, known.one, known.other))


def _danger(pair: Pair, entries: dict[str, Entry], standards: set[str]) -> float:
    by_lead = 0.0 if pair.lead is None else min(1.0, max(0.0, 1 - pair.lead / NEAR))
    by_words = 0.5 + 0.5 * (pair.alike - ALIKE) / (1 - ALIKE) if pair.alike else 0.0
    one, other = pair.one.partition("/")[0], pair.other.partition("/")[0]
    if (one in standards) != (other in standards):
        return round(max(by_lead, by_words) * APART, 3)
    if one != other and (entries[pair.one].needs_provider or entries[pair.other].needs_provider):
        by_words *= APART
    return round(max(by_lead, by_words), 3)


def _rivals(knowledge: Knowledge) -> Iterator[tuple[str, int, str, float]]:
    """Yield (entry, number of its example, rival, lead) for each rival that comes NEAR on an entry's own example."""
    index = Index(knowledge)
    examples = [
        (f"{provider.id}/{entry.id}", number, paste)
        for provider, entry in knowledge.entries()
        for number, paste in enumerate(entry.examples)
    ]
    work = _lead_over_rivals(index)
    for (name, number, _), rivals in zip(examples, over_cores(work, examples), strict=True):
        for rival, lead in rivals:
            yield name, number, rival, lead


def _lead_over_rivals(index: Index) -> Callable[[tuple[str, int, str]], list[tuple[str, float]]]:
    def work(example: tuple[str, int, str]) -> list[tuple[str, float]]:
        name, _, paste = example
        candidates = decide(read_paste(paste), index).candidates
        # What is shown as the score stops at 100; the evidence does not.
        points = {c.entry_id: sum(part.points for part in c.evidence) for c in candidates}
        own = points.get(name, 0.0)
        rivals = [(rival, round(own - theirs, 1)) for rival, theirs in points.items() if rival != name]
        return [(rival, lead) for rival, lead in rivals if lead <= NEAR]

    return work


def _near_equal(entries: dict[str, Entry]) -> Iterator[tuple[str, str, float, tuple[str, str]]]:
    """Yield (entry, other, likeness, their two messages) for messages of different entries that are near-equal."""
    flat = [
        (words, name, message)
        for name, entry in entries.items()
        for message in entry.messages
        if len(words := compile_template(message).squeezed) >= SHORTEST
    ]
    flat.sort(key=lambda item: (len(item[0]), item))
    texts = [words for words, _, _ in flat]
    for at, (words, name, message) in enumerate(flat):
        # Longer ones can't be ALIKE any more: the likeness is at most twice the shorter by the sum of both.
        end = bisect_right(texts, len(words) * (2 - ALIKE) / ALIKE, at, key=len)
        window = texts[at + 1 : end]
        for _, alike, place in process.extract_iter(
            words, window, scorer=Indel.normalized_similarity, score_cutoff=ALIKE
        ):
            _, other, theirs = flat[at + 1 + place]
            # A wrong digit is another error, never a slip (bot/match/template.py): data 525 is not data 530.
            if other != name and _DIGITS.findall(words) == _DIGITS.findall(window[place]):
                yield name, other, round(alike, 3), (message, theirs)
