"""Postings: the messages that share the rarest grams of a text, and how much each stretch of a message tells."""

from __future__ import annotations

import copy
import math
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, chain, compress
from typing import NamedTuple

from bot.match.fold import HAN_GRAM, grams
from bot.match.template import Template, compile_template

POSTINGS = 1800  # gram postings looked at for one paste, of either script: the bound on retrieval's work
ANCHORS = 6  # grams of each half of a template that it is found by
WEIGHED = 24  # templates of which the shared grams are weighed
RETRIEVED = 10  # templates scored in full
COVERED = 0.25  # share of a template's information that must be seen before it is compared in full
RARITY_SPREAD = 0.7  # an anchor may weigh so much more than another: as a count COVERED is this much less
INFORMED = 4096  # stretches of which it is remembered how much they tell
OWN = 5  # and so many more of the providers that the paste seems to be about
_SIZES = range(2 * ANCHORS + 1)  # how many anchors a message may have
# By that: how many of them must be seen before they are weighed, and then, by how many were seen, its promise.
_ENOUGH = tuple(math.ceil(size * COVERED * RARITY_SPREAD) for size in _SIZES)
_PROMISE = tuple(
    tuple((seen**1.5) / (size * COVERED * RARITY_SPREAD) if size else 0.0 for seen in _SIZES) for size in _SIZES
)

Lead = tuple[float, tuple[int, ...]]  # what a gram tells, in nats, and the messages it leads to


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
        self._anchors = rare.anchors
        self._totals = array("d", rare.totals)
        self._hidden: frozenset[int] = frozenset()
        self._more: dict[str, Lead] = {}  # of what a change added
        self._known_information: dict[tuple[str, ...], float] = {}  # of what was asked for, filled as it is
        self._sizes = bytearray()  # how many anchors each has
        self._owners = array("I")
        self._postings: dict[str, Lead] = {}
        self._weights: dict[str, float] = {}  # of the grams that lead nowhere
        self._lead(self._post(0), rare.shared)
        self._growing = self._postings  # where watch() puts what it is told

    def with_changes(self, added: Iterable[Posted], hidden: Collection[int]) -> Postings:
        """Return postings with `added` after the messages of these, and without those of the entries `hidden`.

        The big tables are shared; what is added weighs its grams by the rarity they have here.
        """
        new = copy.copy(self)
        new.posted = [*self.posted, *added]
        new._hidden = self._hidden | frozenset(hidden)
        first = len(self.posted)
        new._anchors, new._totals = list(self._anchors), self._totals[:]
        new._sizes, new._owners = self._sizes[:], self._owners[:]
        for message in new.posted[first:]:
            own = _rarest(grams_of(compile_template(message.text)), lambda gram: -self.weight(gram))
            new._anchors.append(" ".join(own))
            new._totals.append(sum(map(self.weight, own)))
        new._more = new._growing = dict(self._more)
        for gram, numbers in new._post(first).items():
            weight, before = self._more.get(gram) or (self.weight(gram), ())
            new._more[gram] = (weight, (*before, *numbers))
        return new

    def _post(self, first: int) -> dict[str, list[int]]:
        """Post the messages from `first` on; return those of each gram."""
        found: dict[str, list[int]] = defaultdict(list)
        for number in list(range(first, len(self.posted))):  # made at once they lie side by side in memory
            anchors = self._anchors[number].split()
            for gram in anchors:
                found[gram].append(number)
            self._sizes.append(len(anchors))
        self._owners.extend([message.owner for message in self.posted[first:]])
        return found

    def _lead(self, found: dict[str, list[int]], shared: Mapping[str, int]) -> None:
        """Fill the tables. Many grams tell as much and lead to the same messages: those share what is kept of them."""
        of_count = {count: math.log(1 + len(self.posted) / count) for count in set(shared.values())}
        same: dict[Lead, Lead] = {}
        for gram, count in shared.items():
            if gram in found:
                lead = (of_count[count], tuple(found.pop(gram)))
                self._postings[gram] = same.setdefault(lead, lead)
            else:
                self._weights[gram] = of_count[count]
        last: Lead = (0.0, ())
        for gram, numbers in found.items():  # the rest stand in one message each, and are in the order of those
            if last[1] != (alone := tuple(numbers)):
                last = (self._unseen, alone)
            self._postings[gram] = last

    def weight(self, gram: str) -> float:
        """Return how much a gram tells, in nats."""
        lead = self._postings.get(gram)
        return self._weights.get(gram, self._unseen) if lead is None else lead[0]

    def information(self, *stretches: str) -> float:
        """Return how much stretches of templates, squeezed, tell together, in nats over their grams."""
        known = self._known_information.get(stretches)
        if known is None:
            found = dict.fromkeys(gram for stretch in stretches for gram in grams(stretch))
            known = sum(map(self.weight, found)) or 0.1
            if len(self._known_information) >= INFORMED:
                self._known_information.clear()
            self._known_information[stretches] = known
        return known

    def watch(self, grams: Iterable[str]) -> None:
        """Let leads() return these grams too, though they lead to no message. Asked for while an index is built."""
        for gram in grams:
            self._growing.setdefault(gram, (self.weight(gram), ()))

    def leads(self, there: Iterable[str]) -> list[tuple[str, Lead]]:
        """Return those of a text's grams that lead to messages, and those that are watched, with where they lead."""
        found: list[tuple[str, Lead]] = []
        for table in filter(None, (self._postings, self._more)):
            leads = list(map(table.get, there))
            found += zip(compress(there, leads), filter(None, leads), strict=True)
        return found

    def retrieve(self, leads: Sequence[tuple[str, Lead]], own: Set[int] = frozenset()) -> list[int]:
        """Return the numbers of the messages most like a text with these leads (see leads()), best first.

        Those are RETRIEVED at most, and OWN more of the entries that are among `own`: many services say
        `Authentication failed.` Rare grams are followed first and the work is bounded, so that it does not grow with
        the knowledge. Messages of which less than COVERED was seen are left out.
        """
        # Counting runs in C; only what shares the most grams is weighed by their rarity.
        shared = Counter(chain.from_iterable(_followed(leads)))
        sizes, owners, hidden = self._sizes, self._owners, self._hidden
        likely = [number for number, count in shared.items() if count >= _ENOUGH[sizes[number]]]
        if hidden:
            likely = [number for number in likely if owners[number] not in hidden]
        weights = {gram: weight for gram, (weight, _) in leads}
        best = self._best(likely, shared, weights)[:RETRIEVED]
        if own:
            rest = [number for number in likely if owners[number] in own and number not in best]
            best += self._best(rest, shared, weights)[:OWN]
        return best

    def _best(self, numbers: list[int], shared: Mapping[int, int], weights: Mapping[str, float]) -> list[int]:
        totals, sizes = self._totals, self._sizes
        if len(numbers) > WEIGHED:
            numbers = sorted(numbers, key=lambda n: -_PROMISE[sizes[n]][shared[n]])[:WEIGHED]
        weighed = []
        for number in numbers:
            weight = sum(filter(None, map(weights.get, self._anchors[number].split())))
            if weight >= COVERED * totals[number]:
                weighed.append((-weight * weight / totals[number], number))
        return [number for _, number in sorted(weighed)]


def _followed(found: Sequence[tuple[str, Lead]]) -> list[tuple[int, ...]]:
    """Return the postings to count, of grams of each script the shortest first and POSTINGS numbers at most."""
    others = [numbers for gram, (_, numbers) in found if len(gram) != HAN_GRAM]
    if len(others) == len(found):
        return _within_budget(others)
    # A Chinese message has few grams, each common: beside English ones they would never be reached.
    han = [numbers for gram, (_, numbers) in found if len(gram) == HAN_GRAM]
    return _within_budget(others) + _within_budget(han)


def _within_budget(postings: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    postings.sort(key=len)
    return postings[: bisect_right(list(accumulate(map(len, postings))), POSTINGS)]
