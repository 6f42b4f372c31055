"""The index: from codes, grams and provider signs to the few entries worth scoring."""

from __future__ import annotations

import copy
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry, Provider
from bot.match.fold import TOKEN, grams, lower, squeeze
from bot.match.postings import Lead, Posted, Postings, Rarity, rarity
from bot.match.template import Template, compile_template

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,200}")
SHORTEST_PART = 3  # letters from which a part of a glued word is looked up
_PART = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}(?![a-z])|[0-9]+")
_LETTERS = re.compile(r"[a-z]{3,}")
_WORDS_APART = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)  # TOKEN, of ASCII
_WORD = re.compile(r"[!-z|~]+")  # printable ASCII but for braces, which may stand for anything
OPENING = 20  # letters and digits a first sentence needs to stand for its message
BEGINNERS = 3  # entries that may share a first sentence
ALIKE_CODE = 0.9  # Indel similarity from which a code is another one mistyped
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


class Indexed(NamedTuple):
    """An entry with its place in the index."""

    number: int
    name: str  # `provider/entry`
    provider: Provider
    entry: Entry
    codes: frozenset[str]


class Spelling(NamedTuple):
    """A code as it is looked for without its separators."""

    rank: int  # its place among the codes
    code: str
    flat: str  # squeezed


@dataclass(frozen=True, slots=True)
class Survey:
    """What takes longest to build of an index, as plain data: it may be kept from one start to the next."""

    posted: list[tuple[int, int, bool]]  # of each message: entry, place among its messages, only its first sentence
    rarity: Rarity


@dataclass(frozen=True, slots=True)
class Sign:
    """A literal string that gives a provider away."""

    provider: str
    kind: str  # shape | alias | library | host
    text: str  # lower case


class Index:
    """Built once from the knowledge; read-only afterwards.

    Building takes about 0.5 ms an entry, or 0.05 ms with the survey of the same knowledge.
    """

    def __init__(self, knowledge: Knowledge, survey: Survey | None = None) -> None:
        self.providers = {provider.id: provider for provider in knowledge.providers()}
        self.standards = {provider.id for provider in self.providers.values() if provider.standard}
        self.sizes = Counter({file.provider.id: len(file.entries) for file in knowledge.files})
        self.entries: list[Indexed] = []
        self.codes: dict[str, list[int]] = {}
        self.code_owners: dict[str, Counter[str]] = {}  # of each code, the providers' entries with it
        self.plain_codes: set[str] = set()  # those that are words of the language: `Callback`, `unauthorized`
        self.of_status: dict[tuple[str, int], int] = {}  # (provider, status) -> the first entry with it
        self._numbers: dict[str, list[int]] = defaultdict(list)  # the entries of each provider
        self.spellings: dict[str, list[Spelling]] = defaultdict(list)  # by a rare gram of theirs
        self._signs: dict[str, list[Sign]] = defaultdict(list)  # by the rarest word of theirs
        self._hosts: dict[str, list[str]] = defaultdict(list)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for provider, entry in knowledge.entries():
            self._add(provider, entry)
        # How many signs have a word: the rarest of its words is what a sign is found by.
        self._sign_words = Counter(word for sign in _signs_of(self.providers.values()) for word in _words(sign.text))
        for provider in self.providers.values():
            self._add_signs(provider)
        survey = survey or survey_of(knowledge)
        messages = [indexed.entry.messages for indexed in self.entries]
        self.postings = Postings([_posted(messages, *place) for place in survey.posted], survey.rarity)
        for rank, code in enumerate(self.codes):
            self._add_spelling(rank, code)
        self.postings.watch(self.spellings)

    def with_changes(self, added: Sequence[tuple[Provider, Entry]], hidden: Collection[str] = ()) -> Index:
        """Return an index that has `added` too, and not the entries whose ids (`provider/entry`) are `hidden`.

        The big tables are shared, so that one such index a guild is affordable: about 2 ms and 1 MB. An entry that was
        amended is hidden and added; it keeps its place where its provider's entries are asked for in order.
        """
        new = copy.copy(self)
        new.providers = self.providers | {provider.id: provider for provider, _ in added}
        new.standards = {provider.id for provider in new.providers.values() if provider.standard}
        new.sizes, new.entries = self.sizes.copy(), list(self.entries)
        new.codes, new.code_owners = dict(self.codes), dict(self.code_owners)
        new.plain_codes, new.of_status = set(self.plain_codes), dict(self.of_status)
        new.spellings, new._by_length = _copied(self.spellings), _copied(self._by_length)
        new._signs, new._hosts, new._numbers = _copied(self._signs), _copied(self._hosts), _copied(self._numbers)
        gone = [indexed for indexed in self.entries if indexed.name in hidden]
        for indexed in gone:
            new._remove(indexed)
        for provider, entry in added:
            new.sizes[provider.id] += 1
            new._add(provider, entry)
        for name in new.providers.keys() - self.providers.keys():
            new._add_signs(new.providers[name])
        numbers = {indexed.number for indexed in gone}
        for place, number in self.of_status.items():
            if number in numbers:
                new._succeed(place, self.entries[number].name, numbers)
        first = len(self.entries)
        posted = [Posted(i.number, text, False) for i in new.entries[first:] for text in _sentences(i.entry)]
        new.postings = self.postings.with_changes(posted, numbers)
        for rank, code in enumerate(new.codes.keys() - self.codes.keys(), len(self.codes)):
            new._add_spelling(rank, code)
        new.postings.watch(new.spellings.keys() - self.spellings.keys())
        return new

    def _add(self, provider: Provider, entry: Entry) -> None:
        number = len(self.entries)
        # A wire message of one word, such as `InvalidGrantError`, is a code: as a sentence it would count twice.
        words = (*entry.codes, *filter(_one_word, entry.messages))
        codes = frozenset(map(fold_code, words))
        self.plain_codes.update(
            fold_code(code) for code in words if code.isalpha() and (code.islower() or code.istitle())
        )
        self.entries.append(Indexed(number, f"{provider.id}/{entry.id}", provider, entry, codes))
        # Never in place, here and below: a changed copy shares these lists.
        self._numbers[provider.id] = [*self._numbers[provider.id], number]
        for status in entry.status:
            self.of_status.setdefault((provider.id, status), number)
        for code in codes:
            self.codes[code] = [*self.codes.get(code, ()), number]
            owner, others = Counter([provider.id]), self.code_owners.get(code)
            self.code_owners[code] = owner if others is None else others + owner

    def _remove(self, indexed: Indexed) -> None:
        self.sizes[indexed.provider.id] -= 1
        for code in indexed.codes:
            self.codes[code] = [number for number in self.codes[code] if number != indexed.number]
            self.code_owners[code] = self.code_owners[code] - Counter([indexed.provider.id])

    def _succeed(self, place: tuple[str, int], name: str, gone: Collection[int]) -> None:
        """Put what follows a removed entry in its place as the first one of a status."""
        provider, status = place
        able = [
            indexed
            for indexed in self.entries
            if indexed.provider.id == provider and status in indexed.entry.status and indexed.number not in gone
        ]
        heir = next((indexed for indexed in able if indexed.name == name), able[0] if able else None)
        if heir is not None:
            self.of_status[place] = heir.number
        else:
            self.of_status.pop(place, None)

    def _add_spelling(self, rank: int, code: str) -> None:
        self._by_length[len(code)] = [*self._by_length[len(code)], code]
        flat = squeeze(code)
        if len(flat) >= SHORTEST_FLAT_CODE and not flat.isdigit() and (own := grams(flat)):
            rare = max(own[::3], key=self.postings.weight)
            self.spellings[rare] = [*self.spellings[rare], Spelling(rank, code, flat)]

    def _add_signs(self, provider: Provider) -> None:
        for sign in _signs_of([provider]):
            key = self._sign_key(sign.text)
            self._signs[key] = [*self._signs[key], sign]
        for host in provider.hosts:
            name = host.lower().removeprefix("*.")
            self._hosts[name] = [*self._hosts[name], provider.id]

    def _sign_key(self, text: str) -> str:
        """Return what a sign is found by: its rarest word, or of one without words its first two Chinese characters."""
        words = _words(text)
        # The first and the last one may be glued to others in a text.
        sure = [*words[1:-1], *(word for word in (words[:1] + words[-1:]) if len(word) >= SHORTEST_PART)] or words
        return min(sure, key=lambda word: (self._sign_words[word], -len(word))) if sure else text[:2]

    def template(self, number: int) -> tuple[int, Template, bool]:
        """Return the entry's number of a posted message, its template, and whether it is only a first sentence."""
        owner, text, opening = self.postings.posted[number]
        return owner, compile_template(text), opening

    def information(self, *stretches: str) -> float:
        """Return how much stretches of templates, squeezed, tell together, in nats over their grams."""
        return self.postings.information(*stretches)

    def leads(self, there: Iterable[str]) -> list[tuple[str, Lead]]:
        """Return those of a text's grams that lead to messages or spellings, with where they lead."""
        return self.postings.leads(there)

    def retrieve(self, leads: Sequence[tuple[str, Lead]], providers: Collection[str] = ()) -> list[int]:
        """Return the numbers of the messages most like a text with these leads (see Postings.retrieve).

        `providers` are those that the paste seems to be about.
        """
        if not providers:
            return self.postings.retrieve(leads)
        own = chain.from_iterable([self._numbers.get(name, ()) for name in providers])
        return self.postings.retrieve(leads, frozenset(own))

    def signs(self, tokens: Set[str]) -> Iterable[Sign]:
        """Return the signs whose rarest token is among `tokens`; the caller checks that the whole sign is there."""
        return chain.from_iterable([self._signs[token] for token in sorted(self._signs.keys() & tokens)])

    def sole_owner(self, code: str) -> str | None:
        """Return the provider that alone has this code, where it is no standard and the code no mere number."""
        owners = self.code_owners.get(code, ())
        if len(owners) != 1 or code.isdigit() or len(code) < SHORTEST_FLAT_CODE or " " in code or generic(code):
            return None
        [owner] = owners
        return None if self.providers[owner].standard else owner

    def codes_about_as_long(self, code: str) -> list[str]:
        """Return the codes whose length lets them be ALIKE_CODE to this one or more."""
        longer = (2 - ALIKE_CODE) / ALIKE_CODE  # the likeness is at most twice the shorter by the sum of both
        sizes = range(int(len(code) / longer), math.ceil(len(code) * longer) + 1)
        return list(chain.from_iterable([self._by_length.get(size, ()) for size in sizes]))

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


@lru_cache(maxsize=2048)
def generic(code: str) -> bool:
    """Tell whether a code is made of words that every service uses: token_expired, unauthorized, invalidApiKey."""
    flat = squeeze(code)
    while flat:
        word = next((word for word in _GENERIC if flat.startswith(word)), None)
        if word is None:
            return False
        flat = flat[len(word) :]
    return True


def _signs_of(providers: Iterable[Provider]) -> Iterator[Sign]:
    for provider in providers:
        for kind, texts in (("shape", provider.shapes), ("alias", provider.aliases), ("library", provider.libraries)):
            yield from (Sign(provider.id, kind, lower(text)) for text in texts)


def _words(sign: str) -> list[str]:
    return list(dict.fromkeys(TOKEN.findall(sign)))


def _one_word(message: str) -> bool:
    return _WORD.fullmatch(message) is not None


def text_tokens(text: str) -> set[str]:
    """Return what signs can be looked up by in a text: its words, their parts, and its pairs of Chinese characters.

    People glue words together: `TapkeyAPI401` names Tapkey.
    """
    words = set(text.encode().translate(_WORDS_APART).decode().split() if text.isascii() else TOKEN.findall(text))
    tokens = set(map(str.lower, words))
    glued = [word for word in words if not (word.isdigit() or (word.isalpha() and word in tokens))]
    together = " ".join(glued)
    tokens.update(" ".join(_PART.findall(together)).lower().split())
    tokens.update(_LETTERS.findall(together.lower()))
    if not text.isascii():
        for run in _HAN_RUN.findall(text):
            tokens.update(run[at : at + 2] for at in range(len(run) - 1))
    return tokens


def survey_of(knowledge: Knowledge) -> Survey:
    """Return which messages to post: all, and the first sentences of longer ones where few entries begin so.

    People cut off what follows the first sentence.
    """
    posted = []
    general = set()
    beginners: dict[str, dict[int, int]] = defaultdict(dict)
    messages = []
    for number, (provider, entry) in enumerate(knowledge.entries()):
        messages.append(entry.messages)
        sentences = set(_sentences(entry))
        for at, message in enumerate(entry.messages):
            if message in sentences:
                posted.append((number, at, False))
                if provider.standard:
                    general.add(compile_template(message).squeezed)
            first, end, _ = message.partition(". ")
            flat = compile_template(first).squeezed if end else ""
            if len(flat) >= OPENING:
                beginners[flat].setdefault(number, at)
    for flat, owners in beginners.items():
        if flat not in general and len(owners) <= BEGINNERS:
            posted += [(owner, at, True) for owner, at in owners.items()]
    return Survey(posted, rarity([_posted(messages, *place).text for place in posted]))


def _sentences(entry: Entry) -> list[str]:
    """Return an entry's messages that can be found as sentences."""
    return [message for message in entry.messages if not _one_word(message) and compile_template(message).segments]


def _posted(messages: Sequence[Sequence[str]], owner: int, at: int, opening: bool) -> Posted:
    message = messages[owner][at]
    return Posted(owner, message.partition(". ")[0] if opening else message, opening)


def _copied(table: dict[_Key, list[_Item]]) -> defaultdict[_Key, list[_Item]]:
    return defaultdict(list, table)
