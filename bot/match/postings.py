"""Postings: the messages that share the rarest grams of a text, and how much each stretch of a message tells."""

from __future__ import annotations

import copy
import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from bot.match.fold import HAN_GRAM, grams
from bot.match.template import Template, compile_template

POSTINGS = 1800  # gram postings looked at for one paste, of either script: the bound on retrieval's work
ANCHORS = 6  # grams of each half of a template that it is found by
WEIGHED = 24  # templates of which the shared grams are weighed
RETRIEVED = 10  # templates scored in full
COVERED = 0.25  # share of a template's information that must be seen before it is compared in full
RARITY_SPREAD = 0.7  # an anchor may weigh so much more than another: as a count COVERED is this much less
OWN = 5  # and so many more of the providers that the paste seems to be about


class Posted(NamedTuple):
    """A message of an entry, or (`opening`) the first sentence of a longer one."""

    owner: int  # the entry's number
    text: str
    opening: bool


@dataclass(frozen=True, slots=True)
class Rarity:
    """What is costly to work out of many messages, as plain data: it may be kept from one start to the next."""

    shared: dict[str, int]  # gram -> messages it stands in, of those that stand in more than one
    anchors: list[str]  # of each message the grams it is found by, with spaces between
    totals: list[float]  # of each message what its anchors tell together, in nats


def rarity(texts: Sequence[str]) -> Rarity:
    """Return how rare each gram is, and by which ones each message is found: the rarest of its two halves.

    Two halves, because a paste is cut off at its end and a slip of the finger spoils the grams around it.
    """
    found = [grams_of(compile_template(text)) for text in texts]
    count: Counter[str] = Counter()
    for own in found:
        count.update(own)
    anchors = [_rarest(own, count.__getitem__) for own in found]
    weights = {gram: math.log(1 + len(texts) / number) for gram, number in count.items()}
    totals = [sum(weights[gram] for gram in own) for own in anchors]
    return Rarity({gram: n for gram, n in count.items() if n > 1}, [" ".join(own) for own in anchors], totals)


def grams_of(template: Template) -> list[str]:
    """Return the grams of a template's literal stretches, in order, without repeats."""
    return list(dict.fromkeys(gram for segment in template.segments for gram in grams(segment.squeezed)))


def _rarest(found: list[str], commonness: Callable[[str], float]) -> list[str]:
    middle = (len(found) + 1) // 2
    return [
        gram
        for half in (found[:middle], found[middle:])
        # Of those as rare as each other the ones that stand apart: a slip spoils neighbours.
        for gram in sorted(half[::3] + half[1::3] + half[2::3], key=commonness)[:ANCHORS]
    ]


class Postings:
    """Messages, each posted under its anchors. Read-only once built; `with_changes` gives a changed copy."""

    def __init__(self, posted: Sequence[Posted], rare: Rarity | None = None) -> None:
        self.posted = list(posted)
        rare = rare or rarity([message.text for message in self.posted])
        # A gram that stands in one message only is the rarest there is: its weight is not kept one by one.
        self._unseen = math.log(1 + len(self.posted))
        # Counts are few and small: the weights of one count are one object.
        of_count = {count: math.log(1 + len(self.posted) / count) for count in set(rare.shared.values())}
        self._weights = {gram: of_count[count] for gram, count in rare.shared.items()}
        self._anchors = rare.anchors
        self._totals = array("d", rare.totals)
        self._hidden: frozenset[int] = frozenset()
        self._more: dict[str, tuple[int, ...]] = {}  # of what a change added
        self._known_information: dict[tuple[str, ...], float] = {}  # of what was asked for, filled as it is
        self._least = array("d")  # how many of its anchors must be seen before they are weighed
        self._postings = self._post(0)

    def with_changes(self, added: Iterable[Posted], hidden: Collection[int]) -> Postings:
        """Return postings with `added` after the messages of these, and without those of the entries `hidden`.

        The big tables are shared; what is added weighs its grams by the rarity they have here.
        """
        new = copy.copy(self)
        new.posted = [*self.posted, *added]
        new._hidden = self._hidden | frozenset(hidden)
        first = len(self.posted)
        new._anchors, new._totals, new._least = list(self._anchors), self._totals[:], self._least[:]
        for message in new.posted[first:]:
            own = _rarest(grams_of(compile_template(message.text)), lambda gram: -self.weight(gram))
            new._anchors.append(" ".join(own))
            new._totals.append(sum(map(self.weight, own)))
        more = new._post(first)
        new._more = {gram: self._more.get(gram, ()) + more.get(gram, ()) for gram in self._more.keys() | more.keys()}
        return new

    def _post(self, first: int) -> dict[str, tuple[int, ...]]:
        """Post the messages from `first` on; return what each gram leads to."""
        found: dict[str, list[int]] = defaultdict(list)
        same = dict(zip(self._weights, self._weights, strict=True))  # of a gram that is known one object will do
        for number in range(first, len(self.posted)):
            anchors = self._anchors[number].split()
            for gram in anchors:
                found[same.get(gram, gram)].append(number)
            self._least.append(len(anchors) * COVERED * RARITY_SPREAD)
        return {gram: tuple(numbers) for gram, numbers in found.items()}

    def weight(self, gram: str) -> float:
        """Return how much a gram tells, in nats."""
        return self._weights.get(gram, self._unseen)

    def information(self, *stretches: str) -> float:
        """Return how much stretches of templates, squeezed, tell together, in nats over their grams."""
        known = self._known_information.get(stretches)
        if known is None:
            found = dict.fromkeys(gram for stretch in stretches for gram in grams(stretch))
            known = sum(map(self.weight, found)) or 0.1
            self._known_information[stretches] = known
        return known

    def retrieve(self, there: Mapping[str, object], own: Callable[[int], bool] | None = None) -> list[int]:
        """Return the numbers of the messages most like a text with these grams (the keys), best first.

        Those are RETRIEVED at most, and OWN more of the entries for which `own` holds: many services say
        `Authentication failed.` Rare grams are followed first and the work is bounded, so that it does not grow with
        the knowledge. Messages of which less than COVERED was seen are left out.
        """
        # A Chinese message has few grams, each common: beside English ones they would never be reached.
        han = [gram for gram in there if len(gram) == HAN_GRAM]
        others = [gram for gram in there if len(gram) != HAN_GRAM] if han else there
        # Counting runs in C; only what shares the most grams is weighed by their rarity.
        shared = Counter(chain.from_iterable(self._followed(others) + self._followed(han)))
        least = self._least
        likely = [number for number, count in shared.items() if count >= least[number]]
        if self._hidden:
            likely = [number for number in likely if self.posted[number].owner not in self._hidden]
        found = self._best(likely, shared, there)[:RETRIEVED]
        if own is not None:
            rest = [number for number in likely if number not in found and own(self.posted[number].owner)]
            found += self._best(rest, shared, there)[:OWN]
        return found

    def _best(self, numbers: list[int], shared: Mapping[int, int], there: Container[str]) -> list[int]:
        least, totals, weights, unseen = self._least, self._totals, self._weights, self._unseen
        if len(numbers) > WEIGHED:
            numbers = heapq.nsmallest(WEIGHED, numbers, key=lambda n: -(shared[n] ** 1.5) / least[n])
        weighed = []
        for number in numbers:
            weight = sum([weights.get(gram, unseen) for gram in self._anchors[number].split() if gram in there])
            if weight >= COVERED * totals[number]:
                weighed.append((-weight * weight / totals[number], number))
        return [number for _, number in sorted(weighed)]

    def _followed(self, some: Iterable[str]) -> list[tuple[int, ...]]:
        """Return the postings of these grams, the shortest first, POSTINGS numbers at most."""
        chosen: list[tuple[int, ...]] = []
        budget = POSTINGS
        found = list(filter(None, map(self._postings.get, some)))
        if self._more:
            found += filter(None, map(self._more.get, some))
        for numbers in sorted(found, key=len):
            budget -= len(numbers)
            if budget < 0:
                break
            chosen.append(numbers)
        return chosen
