"""The index: from codes, grams and provider signs to the few entries worth scoring."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry, Provider
from bot.match.fold import HAN_GRAM, TOKEN, grams, lower, squeeze
from bot.match.template import Template, compile_template

POSTINGS = 1800  # gram postings looked at for one paste, of either script: the bound on retrieval's work
ANCHORS = 6  # grams of each half of a template that it is found by
WEIGHED = 24  # templates of which the shared grams are weighed
RETRIEVED = 10  # templates scored in full
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,200}")
_PART = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}(?![a-z])|[0-9]+")
OPENING = 20  # letters and digits a first sentence needs to stand for its message
BEGINNERS = 3  # entries that may share a first sentence
COVERED = 0.25  # share of a template's information that must be seen before it is compared in full
RARITY_SPREAD = 0.7  # an anchor may weigh so much more than another: as a count COVERED is this much less
ALIKE_CODE = 0.9  # Indel similarity from which a code is another one mistyped
OWN = 5  # and so many more of the providers that the paste seems to be about
SHORTEST_FLAT_CODE = 8  # characters a code needs to be looked for without its separators


_GENERIC = sorted(
    """
    access account action api app application auth authenticated authentication authorisation authorised authorization
    authorized bad cannot client code config credential credentials denied disabled error exception exceeded expired
    failed failure forbidden found grant http id insufficient in invalid is isnot key limit locked login malformed
    method mismatch missing no not of or parameter password permission permissions provided quota rate redirect refresh
    rejected request required resource revoked role scope secret server session sign signature state token type
    unauthenticated unauthorised unauthorized unauthorizederror unknown unsupported uri url user username verification
    verify wrong
    """.split(),
    key=lambda word: (-len(word), word),
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """An entry with its place in the index."""

    number: int
    provider: Provider
    entry: Entry
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """A literal string that gives a provider away."""

    provider: str
    kind: str  # shape | alias | library | host
    text: str  # lower case


class Index:
    """Built once from the knowledge; read-only afterwards. Building takes about 0.2 ms an entry."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.providers = {provider.id: provider for provider in knowledge.providers()}
        self.standards = {provider.id for provider in self.providers.values() if provider.standard}
        self.sizes = {file.provider.id: len(file.entries) for file in knowledge.files}
        self.entries: list[Indexed] = []
        self.templates: list[tuple[int, Template]] = []  # (entry number, template)
        self.codes: dict[str, list[int]] = defaultdict(list)
        self.code_owners: dict[str, Counter[str]] = defaultdict(Counter)  # of each code, the providers' entries with it
        self.plain_codes: set[str] = set()  # those that are words of the language: `Callback`, `unauthorized`
        self.of_status: dict[tuple[str, int], int] = {}  # (provider, status) -> the first entry with it
        # Last gram -> (code, squeezed code, its first gram).
        self.code_tails: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._signs: dict[str, list[Sign]] = defaultdict(list)  # by one rare token of theirs
        self._hosts: dict[str, list[str]] = defaultdict(list)
        for provider, entry in knowledge.entries():
            self._add(provider, entry)
        self._known_information: dict[tuple[str, ...], float] = {}  # of what was asked for, filled as it is
        self._totals: list[float] = []
        # Of each template the grams it is found by, and their weights.
        self._anchors: list[tuple[tuple[str, ...], tuple[float, ...]]] = []
        self._least: list[float] = []  # how many of them must be seen before they are weighed
        self._add_openings()
        self._index_grams()
        for provider in self.providers.values():
            self._add_signs(provider)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for code in self.codes:
            self._by_length[len(code)].append(code)
            flat = squeeze(code)
            if len(flat) >= SHORTEST_FLAT_CODE and not flat.isdigit() and (tails := grams(flat)):
                self.code_tails[tails[-1]].append((code, flat, tails[0]))

    def _add(self, provider: Provider, entry: Entry) -> None:
        number = len(self.entries)
        # A wire message of one word, such as `InvalidGrantError`, is a code: as a sentence it would count twice.
        words = [message for message in entry.messages if _one_word(message)]
        codes = frozenset(map(fold_code, (*entry.codes, *words)))
        self.plain_codes.update(
            fold_code(code) for code in (*entry.codes, *words) if code.isalpha() and (code.islower() or code.istitle())
        )
        self.entries.append(Indexed(number, provider, entry, codes))
        for status in entry.status:
            self.of_status.setdefault((provider.id, status), number)
        for code in codes:
            self.codes[code].append(number)
            self.code_owners[code][provider.id] += 1
        for message in entry.messages:
            template = compile_template(message)
            if message in words or not template.segments:
                continue
            self.templates.append((number, template))

    def _add_openings(self) -> None:
        """Add the first sentence of longer messages, where few entries begin so: people cut off what follows."""
        general = {t.squeezed for number, t in self.templates if self.entries[number].provider.standard}
        found: dict[str, dict[int, Template]] = defaultdict(dict)
        for indexed in self.entries:
            for message in indexed.entry.messages:
                first, end, _ = message.partition(". ")
                template = compile_template(first) if end else None
                if template and len(template.squeezed) >= OPENING and template.squeezed not in general:
                    found[template.squeezed].setdefault(indexed.number, template)
        self.whole = len(self.templates)  # from this number on the templates are openings
        for owners in found.values():
            if len(owners) <= BEGINNERS:
                self.templates += owners.items()

    def _index_grams(self) -> None:
        """Weigh every gram by its rarity, and post each template under the rarest ones of its two halves.

        Two halves, because a paste is cut off at its end and a slip of the finger spoils the grams around it.
        """
        common: Counter[str] = Counter()
        for _, template in self.templates:
            common.update(_grams_of(template))
        # Most grams stand in one template only: their weight is not kept one by one.
        self._rarest = math.log(1 + len(self.templates))
        self._weights = {gram: math.log(1 + len(self.templates) / count) for gram, count in common.items() if count > 1}
        weights, rarest = self._weights, self._rarest
        postings: dict[str, list[int]] = defaultdict(list)
        for number, (_, template) in enumerate(self.templates):
            found = _grams_of(template)
            middle = (len(found) + 1) // 2
            anchors = [
                gram
                for half in (found[:middle], found[middle:])
                # Of those as rare as each other the ones that stand apart: a slip spoils neighbours.
                for gram in sorted(half[::3] + half[1::3] + half[2::3], key=common.__getitem__)[:ANCHORS]
            ]
            for gram in anchors:
                postings[gram].append(number)
            weighed = tuple(weights.get(gram, rarest) for gram in anchors)
            self._anchors.append((tuple(anchors), weighed))
            self._least.append(len(anchors) * COVERED * RARITY_SPREAD)
            self._totals.append(sum(weighed) or 0.1)
        self._postings = {gram: tuple(numbers) for gram, numbers in postings.items()}

    def _add_signs(self, provider: Provider) -> None:
        for kind, texts in (("shape", provider.shapes), ("alias", provider.aliases), ("library", provider.libraries)):
            for text in texts:
                folded = lower(text)
                self._signs[sign_key(folded)].append(Sign(provider.id, kind, folded))
        for host in provider.hosts:
            self._hosts[host.lower().removeprefix("*.")].append(provider.id)

    def information(self, *stretches: str) -> float:
        """Return how much stretches of templates, squeezed, tell together, in nats over their grams."""
        known = self._known_information.get(stretches)
        if known is None:
            found = dict.fromkeys(gram for stretch in stretches for gram in grams(stretch))
            known = sum(self._weights.get(gram, self._rarest) for gram in found) or 0.1
            self._known_information[stretches] = known
        return known

    def retrieve(self, there: Mapping[str, object], providers: Collection[str] = ()) -> list[int]:
        """Return the numbers of the templates most like a text with these grams (the keys), best first.

        Those are RETRIEVED at most, and OWN more of `providers`, which the paste seems to be about: many services say
        `Authentication failed.` Rare grams are followed first and the work is bounded, so that it does not grow with
        the knowledge. Templates of which less than COVERED was seen are left out.
        """
        # A Chinese message has few grams, each common: beside English ones they would never be reached.
        han = [gram for gram in there if len(gram) == HAN_GRAM]
        others = [gram for gram in there if len(gram) != HAN_GRAM] if han else there
        # Counting runs in C; only what shares the most grams is weighed by their rarity.
        shared = Counter(chain.from_iterable(self._followed(others) + self._followed(han)))
        least = self._least
        likely = [number for number, count in shared.items() if count >= least[number]]
        found = self._best(likely, shared, there)[:RETRIEVED]
        if providers:
            own = [n for n in likely if self.entries[self.templates[n][0]].provider.id in providers and n not in found]
            found += self._best(own, shared, there)[:OWN]
        return found

    def _best(self, numbers: list[int], shared: Mapping[int, int], there: Container[str]) -> list[int]:
        anchors, totals = self._anchors, self._totals
        if len(numbers) > WEIGHED:
            numbers = heapq.nsmallest(WEIGHED, numbers, key=lambda n: -(shared[n] ** 1.5) / len(anchors[n][0]))
        weighed = []
        for number in numbers:
            weight = sum(weight for gram, weight in zip(*anchors[number], strict=True) if gram in there)
            if weight >= COVERED * totals[number]:
                weighed.append((-weight * weight / totals[number], number))
        return [number for _, number in sorted(weighed)]

    def _followed(self, some: Iterable[str]) -> list[tuple[int, ...]]:
        """Return the postings of these grams, the shortest first, POSTINGS numbers at most."""
        chosen: list[tuple[int, ...]] = []
        budget = POSTINGS
        for numbers in sorted(filter(None, map(self._postings.get, some)), key=len):
            budget -= len(numbers)
            if budget < 0:
                break
            chosen.append(numbers)
        return chosen

    def signs(self, tokens: Iterable[str]) -> Iterable[Sign]:
        """Return the signs whose rarest token is among `tokens`; the caller checks that the whole sign is there."""
        for token in tokens:
            yield from self._signs.get(token, ())

    def sole_owner(self, code: str) -> str | None:
        """Return the provider that alone has this code, where it is no standard and the code no mere number."""
        owners = self.code_owners.get(code, ())
        if len(owners) != 1 or code.isdigit() or len(code) < SHORTEST_FLAT_CODE or " " in code or generic(code):
            return None
        [owner] = owners
        return None if self.providers[owner].standard else owner

    def codes_about_as_long(self, code: str) -> list[str]:
        """Return the codes whose length lets them be ALIKE_CODE to this one or more."""
        slack = int(len(code) * (1 / ALIKE_CODE - 1) * 2) + 1
        sizes = range(len(code) - slack, len(code) + slack + 1)
        return [known for size in sizes for known in self._by_length.get(size, ())]

    def host_providers(self, host: str) -> list[str]:
        """Return the providers that own this host name or a domain above it, the nearest domain's only."""
        name = host.lower()
        while name:
            if name in self._hosts:
                return self._hosts[name]
            name = name.partition(".")[2]
        return []


def fold_code(code: str) -> str:
    """Return a code as compared: lower case, single spaces."""
    return " ".join(code.lower().split())


def generic(code: str) -> bool:
    """Tell whether a code is made of words that every service uses: token_expired, unauthorized, invalidApiKey."""
    flat = squeeze(code)
    while flat:
        word = next((word for word in _GENERIC if flat.startswith(word)), None)
        if word is None:
            return False
        flat = flat[len(word) :]
    return True


def sign_key(text: str) -> str:
    """Return what a sign is found by: its longest word, or of one without words its first two Chinese characters."""
    words = TOKEN.findall(text)
    return max(words, key=len) if words else text[:2]


def _grams_of(template: Template) -> list[str]:
    return list(dict.fromkeys(gram for segment in template.segments for gram in grams(segment.squeezed)))


def _one_word(message: str) -> bool:
    return message.isascii() and not any(char.isspace() or char in "{}" for char in message)


def text_tokens(text: str) -> set[str]:
    """Return what signs can be looked up by in a text: its words, their parts, and its pairs of Chinese characters.

    People glue words together: `TapkeyAPI401` names Tapkey.
    """
    tokens: set[str] = set()
    for word in set(TOKEN.findall(text)):
        low = word.lower()
        tokens.add(low)
        if low != word or not low.isalpha():
            tokens.update(map(lower, _PART.findall(word)))
    if not text.isascii():
        for run in _HAN_RUN.findall(text):
            tokens.update(run[at : at + 2] for at in range(len(run) - 1))
    return tokens
