"""All pastes that have to behave: the examples of every entry, their harmless look-alikes, and the harmless messages.

Which of them new wire parts could touch is found in one long folded text; only those are then read and decided.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from bot.knowledge.harmless import Message
from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry
from bot.match.fold import TOKEN, grams, lower, squeeze
from bot.match.index import SHORTEST_FLAT_CODE
from bot.match.template import Template, compile_template, find, near_by_grams
from bot.paste.models import Reading
from bot.service import read_paste

SHARED: Final = 0.15  # share of a message's grams from which it is compared with a paste (see bot/examples_kept.py)
TOUCHED: Final = 0.65  # quality of a hit from which a message may be worth a point; it is worth none up to 0.7
MOST_GRAMS: Final = 64  # of a message that are looked for; of more, evenly spread ones
MOST_KEPT: Final = 600  # readings that are kept

# What reading resolves: escapes, percent-encoding, entities.
_ENCODED = re.compile(r"\\|%[0-9a-fA-F]{2}|&#?\w{2,8};")

Kind = Literal["example", "not", "harmless"]


class Behaves(NamedTuple):
    """One paste that has to behave: as `owner`'s example, or without an answer when overheard."""

    kind: Kind
    owner: str  # provider/entry; of a harmless message its id
    text: str


class Touch(NamedTuple):
    """Wire parts by which pastes may be answered otherwise than before."""

    messages: tuple[str, ...]
    codes: tuple[str, ...]


class Corpus:
    """Pastes, ready to be asked which of them some wire parts could touch. Folded when it is first asked."""

    def __init__(self, pastes: Iterable[Behaves]) -> None:
        self.pastes: Sequence[Behaves] = tuple(pastes)
        self._readings: dict[int, Reading] = {}

    @classmethod
    def of(cls, knowledge: Knowledge, messages: Iterable[Message] = ()) -> Corpus:
        """Return the corpus of a knowledge's examples and look-alikes, and of harmless messages."""
        return cls([*examples(knowledge), *(Behaves("harmless", message.id, message.text) for message in messages)])

    def reading(self, number: int) -> Reading:
        """Return the reading of a paste; the latest are kept."""
        known = self._readings.get(number)
        if known is None:
            known = read_paste(self.pastes[number].text)
            if len(self._readings) >= MOST_KEPT:
                self._readings.clear()
            self._readings[number] = known
        return known

    @cached_property
    def _texts(self) -> tuple[str, list[int]]:
        """All pastes, squeezed, one after the other; and where each begins."""
        folded = [_folded(paste.text) for paste in self.pastes]
        return "\0".join(folded), list(accumulate((len(text) + 1 for text in folded), initial=0))

    def text(self, number: int) -> str:
        """Return a paste as it is compared: squeezed."""
        whole, starts = self._texts
        return whole[starts[number] : starts[number + 1] - 1]

    def touched(self, touch: Touch, weigh: Callable[[str], float]) -> list[int]:
        """Return the numbers of the pastes that hold one of these codes or something like one of these messages."""
        found = {number for code in touch.codes for number in self._with_code(code)}
        for message in touch.messages:
            # Of a longer message the first sentence alone is looked for too.
            for part in dict.fromkeys((message, message.partition(". ")[0])):
                found.update(self._with_message(compile_template(part), weigh))
        return sorted(found)

    def quality(self, number: int, message: str, weigh: Callable[[str], float]) -> float:
        """Return how much of a message, 0..1, stands in a paste."""
        return _quality(compile_template(message), self.text(number), weigh)

    def _with_code(self, code: str) -> Iterator[int]:
        flat = squeeze(code)
        if not flat:
            return
        whole_word = len(flat) < SHORTEST_FLAT_CODE and TOKEN.fullmatch(flat) is not None and flat == lower(code)
        for number in dict.fromkeys(self._holding(flat)):
            if not whole_word or flat in TOKEN.findall(lower(self.pastes[number].text)):
                yield number

    def _with_message(self, template: Template, weigh: Callable[[str], float]) -> Iterator[int]:
        wanted = list(dict.fromkeys(gram for segment in template.segments for gram in grams(segment.squeezed)))
        step = -(-len(wanted) // MOST_GRAMS) if wanted else 1
        wanted = wanted[::step]
        if not wanted and template.squeezed:  # too short for a gram
            yield from dict.fromkeys(self._holding(template.squeezed))
            return
        shared = Counter(number for gram in wanted for number in set(self._holding(gram)))
        for number, count in shared.items():
            if count >= SHARED * len(wanted) and _quality(template, self.text(number), weigh) >= TOUCHED:
                yield number

    def _holding(self, part: str) -> Iterator[int]:
        """Yield the number of each paste that a squeezed string stands in, once."""
        whole, starts = self._texts
        place = whole.find(part)
        while place >= 0:
            number = bisect_right(starts, place) - 1
            yield number
            place = whole.find(part, starts[number + 1])


def examples(knowledge: Knowledge) -> Iterator[Behaves]:
    """Yield the examples and look-alikes of all entries, in the order of the files."""
    for provider, entry in knowledge.entries():
        yield from of_entry(f"{provider.id}/{entry.id}", entry)


def of_entry(name: str, entry: Entry) -> Iterator[Behaves]:
    """Yield an entry's examples and look-alikes."""
    for text in entry.examples:
        yield Behaves("example", name, text)
    for text in entry.not_:
        yield Behaves("not", name, text)


def _quality(template: Template, text: str, weigh: Callable[[str], float]) -> float:
    if not template.segments:
        return 0.0
    hit = find(template, text, weigh, near_by_grams(text))
    return hit.quality if hit else 0.0


def _folded(text: str) -> str:
    if _ENCODED.search(text):
        reading = read_paste(text)
        return squeeze("\n".join((text, reading.decoded, *(fact.value for fact in reading.facts))))
    return squeeze(text if text.isascii() else unicodedata.normalize("NFKC", text))
