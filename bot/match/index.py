"""The index: from codes, grams and provider signs to the few entries worth scoring."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry, Provider
from bot.match.fold import TOKEN, grams, lower, squeeze
from bot.match.template import Template, compile_template

POSTINGS = 6000  # gram postings looked at for one paste: the bound on retrieval's work
RETRIEVED = 24  # templates scored in full
_PART = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}(?![a-z])|[0-9]+")
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
        self.sizes = {file.provider.id: len(file.entries) for file in knowledge.files}
        self.entries: list[Indexed] = []
        self.templates: list[tuple[int, Template]] = []  # (entry number, template)
        self.codes: dict[str, list[int]] = defaultdict(list)
        self.code_heads: dict[str, list[tuple[str, str]]] = defaultdict(list)  # first gram -> (code, squeezed code)
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._signs: dict[str, list[Sign]] = defaultdict(list)  # by one rare token of theirs
        self._hosts: dict[str, list[str]] = defaultdict(list)
        for provider, entry in knowledge.entries():
            self._add(provider, entry)
        self._weights = {gram: math.log(1 + len(self.templates) / len(found)) for gram, found in self._postings.items()}
        self._totals = [self.information(template.squeezed) for _, template in self.templates]
        for provider in self.providers.values():
            self._add_signs(provider)
        for code in self.codes:
            flat = squeeze(code)
            if len(flat) >= SHORTEST_FLAT_CODE and not flat.isdigit() and (heads := grams(flat)):
                self.code_heads[heads[0]].append((code, flat))

    def _add(self, provider: Provider, entry: Entry) -> None:
        number = len(self.entries)
        codes = frozenset(map(fold_code, entry.codes))
        self.entries.append(Indexed(number, provider, entry, codes))
        for code in codes:
            self.codes[code].append(number)
        for message in entry.messages:
            template = compile_template(message)
            if not template.segments:
                continue
            for gram in set(_template_grams(template)):
                self._postings[gram].append(len(self.templates))
            self.templates.append((number, template))

    def _add_signs(self, provider: Provider) -> None:
        for kind, texts in (("shape", provider.shapes), ("alias", provider.aliases), ("library", provider.libraries)):
            for text in texts:
                folded = lower(text)
                self._signs[sign_key(folded)].append(Sign(provider.id, kind, folded))
        for host in provider.hosts:
            self._hosts[host.lower().removeprefix("*.")].append(provider.id)

    def information(self, squeezed: str) -> float:
        """Return how much a stretch of squeezed text tells, in nats over its grams."""
        weights = self._weights
        return sum(weights.get(gram, 0.0) for gram in set(grams(squeezed))) or 0.1

    def weight(self, gram: str) -> float:
        """Return what one gram tells, in nats; 0 for one that no template has."""
        return self._weights.get(gram, 0.0)

    def retrieve(self, text_grams: Iterable[str]) -> list[int]:
        """Return the numbers of the templates most like a text with these grams, best first, RETRIEVED at most.

        Rare grams are followed first and the work is bounded, so that it does not grow with the knowledge.
        """
        postings = self._postings
        known = sorted(postings.keys() & set(text_grams), key=lambda gram: (len(postings[gram]), gram))
        found: dict[int, float] = defaultdict(float)
        budget = POSTINGS
        for gram in known:
            numbers = postings[gram]
            budget -= len(numbers)
            if budget < 0:
                break
            weight = self._weights[gram]
            for number in numbers:
                found[number] += weight
        totals = self._totals
        ranked = sorted(found.items(), key=lambda item: (-item[1] * item[1] / totals[item[0]], item[0]))
        return [number for number, _ in ranked[:RETRIEVED]]

    def signs(self, tokens: Iterable[str]) -> Iterable[Sign]:
        """Return the signs whose rarest token is among `tokens`; the caller checks that the whole sign is there."""
        for token in tokens:
            yield from self._signs.get(token, ())

    def sole_owner(self, code: str) -> str | None:
        """Return the provider that alone has this code, where it is no standard and the code no mere number."""
        owners = {self.entries[number].provider.id for number in self.codes.get(code, ())}
        if len(owners) != 1 or code.isdigit() or len(code) < SHORTEST_FLAT_CODE or " " in code or generic(code):
            return None
        [owner] = owners
        return None if self.providers[owner].standard else owner

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


def _template_grams(template: Template) -> Iterable[str]:
    for segment in template.segments:
        yield from grams(segment.squeezed)


def text_tokens(text: str, text_grams: Iterable[str]) -> set[str]:
    """Return what signs can be looked up by in a text: its words, their parts, and its pairs of Chinese characters.

    People glue words together: `TapkeyAPI401` names Tapkey.
    """
    tokens = set(TOKEN.findall(lower(text)))
    tokens.update(map(lower, _PART.findall(text)))
    tokens.update(gram for gram in text_grams if len(gram) == 2)
    return tokens
