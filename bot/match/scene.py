"""What scoring needs of a reading, computed once: the folded text, its grams, codes, and who it seems to be from."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.match.fold import grams, lower, offsets, squeeze
from bot.match.index import ALIKE_CODE, Index, fold_code, generic, text_tokens
from bot.match.models import Evidence
from bot.match.template import JOINT, Hit, near_by_grams
from bot.paste.models import Reading

FOCUS = 3000  # characters from which only the error's own lines are compared
LONGEST_TEXT = 6000  # characters looked at in any case

# How surely a sign means its provider: shares of such signs in labelled pastes that belonged to the paste's provider.
HINTED, SHAPED, HOSTED, SECRET, LIBRARY, NAMED = 0.90, 0.85, 0.75, 0.60, 0.60, 0.50
ASKED = 0.80  # a name in a question that has hardly another word
SHORT = 60  # characters of such a question
MISTYPED = 9  # letters from which a code is recognised though a letter is wrong
_SIGN_BELIEF = {"shape": SHAPED, "library": LIBRARY}
_CODE_KEYS = frozenset({"error", "code", "type", "__type", "errcode", "error_code"})
_MESSAGE_KEYS = frozenset({"error_description", "message", "errmsg", "error_message", "msg", "detail", "description"})
_QUOTES = " .!'\"`"
_TOKEN = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+){0,8}")
_APART = bytes(code if chr(code) in "._-" or chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)


# The same libraries and exceptions come again and again.
_name_tokens = lru_cache(maxsize=256)(text_tokens)


@dataclass(frozen=True, slots=True)
class Belief:
    """How surely the paste is about a provider, 0..1, and what says so."""

    value: float
    signs: tuple[str, ...]


class Scene:
    """One reading as the scorer sees it."""

    def __init__(self, reading: Reading, index: Index, hint: str | None) -> None:
        self.reading = reading
        self.text, self.pasted = region(reading)
        self.squeezed = self.pasted
        self.joined_ends: set[int] = set()
        for line in joined(reading):
            self.text += "\n" + line
            self.squeezed += squeeze(line)
            self.joined_ends.add(len(self.squeezed))
        self.grams = dict.fromkeys(grams(self.squeezed))  # without repeats, in order
        self.leads = index.leads(self.grams)
        self.around = surroundings(reading)
        self.low = lower(self.around)
        self.near = near_by_grams(self.squeezed, self.grams)
        self.statuses = frozenset(int(value) for value in reading.values("status") if value.isdigit())
        self.status_text = str(sorted(self.statuses))
        messages = reading.values("message")
        self.sentences = tuple(squeeze(message) for message in messages)
        # Words that stand only in a code are no sentence beside it.
        self.message_words = "".join(self.sentences)
        self.code_words = squeeze(" ".join(reading.values("code")))
        self.codes = _codes(self, index)
        self.says_more_than_its_status = bool(reading.of("challenge")) or max(self.codes.values(), default=0.0) >= 0.8
        self.beliefs = _beliefs(self, index, hint)
        self.believed = frozenset(name for name, belief in self.beliefs.items() if belief.value >= NAMED)
        self.concerned = self.believed - index.standards  # the providers that the paste seems to be from
        # How surely it is about one or another that is no standard, the surest two.
        self._foremost = heapq.nlargest(
            2, [(belief.value, name) for name, belief in self.beliefs.items() if name not in index.standards]
        )
        # What scoring has found to say of a provider's entries with some codes and no message.
        self.signs_alone: dict[tuple[str, frozenset[str], bool], tuple[list[Evidence], float]] = {}

    @cached_property
    def places(self) -> list[int]:
        """Where each squeezed character stands in `text`."""
        return offsets(self.text)

    def shown(self, hit: Hit) -> str:
        """Return the stretch of the paste in which a template was found."""
        return self.text[self.places[hit.start] : self.places[hit.end - 1] + 1]

    def share_of_its_line(self, start: int, end: int) -> float:
        """Return what share of its line, 0..1, a stretch of the squeezed text takes up."""
        first, last = self.places[start], self.places[end - 1] + 1
        line = self.text[
            self.text.rfind("\n", 0, first) + 1 : (self.text.find("\n", last) + 1 or len(self.text) + 1) - 1
        ]
        return (end - start) / max(1, len(squeeze(line)))

    def half_joined(self, start: int, end: int) -> bool:
        """Tell whether a stretch takes the beginning of a joined line only: `unauthorized_client: Unauthorized…`."""
        return start >= len(self.pasted) and not any(abs(end - last) <= 2 for last in self.joined_ends)

    def belief(self, provider: str) -> float:
        found = self.beliefs.get(provider)
        return found.value if found else 0.0

    def rival(self, provider: str) -> float:
        """Return the belief in the surest of all other providers that are no standards."""
        return next((value for value, name in self._foremost if name != provider), 0.0)


def region(reading: Reading) -> tuple[str, str]:
    """Return the text to compare, and that squeezed: of a short paste what it tells, else error lines and messages."""
    if len(reading.telling) <= FOCUS or not reading.error_lines:
        text = reading.telling[:LONGEST_TEXT]
    else:
        text = "\n".join(reading.error_lines)
    # A message that stood two levels deep in escapes is in the facts only.
    flat = squeeze(text)
    room = LONGEST_TEXT
    whole = text
    for message in reading.values("message")[:20]:
        if len(message) < room and squeeze(message) not in flat:
            whole += "\n" + message
            room -= len(message)
    return whole, flat if whole is text else squeeze(whole)


def surroundings(reading: Reading) -> str:
    """Return the text in which codes, names and other signs are looked for, of a very long paste that of its start."""
    told = reading.telling
    return told if len(told) <= LONGEST_TEXT else "\n".join((told[:LONGEST_TEXT], *reading.error_lines))


def joined(reading: Reading) -> list[str]:
    """Return each body's code and sentence as the one line SDKs make of them: `invalid_grant: Bad Request`."""
    codes = [fact.value for fact in reading.of("code") if fact.key in _CODE_KEYS and not _is_status(fact.value)][:3]
    messages = [fact.value for fact in reading.of("message") if fact.key in _MESSAGE_KEYS][:3]
    return [f"{code}: {message}" for code, message in zip(codes, messages, strict=False)]


def _is_status(code: str) -> bool:
    return len(code) == 3 and code.isdigit()


def _codes(scene: Scene, index: Index) -> dict[str, float]:
    """Return the known codes in the paste with how surely each is one there, 0..1."""
    reading = scene.reading
    found: dict[str, float] = {}

    def keep(code: str, sure: float) -> None:
        if code in index.codes and found.get(code, 0.0) < sure:
            found[code] = sure

    for fact in reading.of("code"):
        keep(fold_code(fact.value), 1.0)
    for fact in reading.of("exception"):
        keep(fold_code(fact.value), 1.0)
        package, _, name = fact.value.replace("\\", ".").replace("::", ".").rpartition(".")
        # Every SDK has its own InvalidRequestError: without its package the name alone says less.
        keep(fold_code(name), 0.5 if package else 0.8)
    for message in reading.values("message")[:8]:
        keep(fold_code(message.strip(_QUOTES)), 0.8)  # `Unauthorized`, and not a word more
    for fact in reading.of("code")[:8]:
        code = fold_code(fact.value)
        if code not in index.codes and len(code) >= MISTYPED and not any(char.isdigit() for char in code):
            close = process.extractOne(
                code, index.codes_about_as_long(code), scorer=Indel.normalized_similarity, score_cutoff=ALIKE_CODE
            )
            if close:
                keep(close[0], 0.6)
    for token in filter(index.codes.__contains__, _tokens(scene.low)):
        plain = token in index.plain_codes or (token.isalpha() and generic(token))
        keep(token, 0.25 if plain else _as_a_word(token, short=len(scene.around) <= SHORT))
    for code in _broken_codes(scene, index):
        found.setdefault(code, 0.6)
    return found


def _broken_codes(scene: Scene, index: Index) -> list[str]:
    """Return the codes that stand in the paste, also those broken over a line or written with other separators."""
    spelt = chain.from_iterable([index.spellings[gram] for gram, _ in scene.leads if gram in index.spellings])
    there = [spelling for spelling in spelt if spelling.flat in scene.squeezed]
    if len(there) > 1:  # in order of how they end
        there.sort(key=lambda spelling: (scene.squeezed.find(grams(spelling.flat)[-1]), spelling.rank))
    return [spelling.code for spelling in there if _stands(spelling.flat, scene)]


def _tokens(low: str) -> list[str]:
    """Return what _TOKEN finds in a text, in order of first appearance."""
    words = dict.fromkeys(low.encode("ascii", "replace").translate(_APART).decode().split())
    # Most words hold no dot or hyphen: they are what it would find.
    found = [(word,) if word.isalnum() or word.isidentifier() else _TOKEN.findall(word) for word in words]
    return list(chain.from_iterable(found))


def _as_a_word(code: str, *, short: bool) -> float:
    """Return how surely a code is meant where it only stands in running text.

    A bare number is a port, a year or a count more often than a code; but who writes no more than `mysql 1045` means
    the code.
    """
    if code.isdigit():
        if short and len(code) >= 4:
            return 0.95
        return 0.7 if len(code) >= 5 else 0.15
    return 0.8


def _stands(flat: str, scene: Scene) -> bool:
    """Tell whether a squeezed code stands in the paste, not put together from two fields of a body."""
    at = scene.squeezed.find(flat)
    if at < 0:
        return False
    end = at + len(flat)
    if flat[-1].isdigit() and end < len(scene.squeezed) and scene.squeezed[end].isdigit():
        return False
    return not JOINT.search(scene.text, scene.places[at], scene.places[end - 1] + 1)


def _beliefs(scene: Scene, index: Index, hint: str | None) -> dict[str, Belief]:
    signs: dict[str, dict[str, tuple[float, str]]] = {}

    def keep(provider: str, kind: str, belief: float, what: str) -> None:
        kinds = signs.setdefault(provider, {})
        if kind not in kinds or kinds[kind][0] < belief:
            kinds[kind] = (belief, what)

    if hint and hint in index.providers:
        keep(hint, "hint", HINTED, f"named: {hint}")
    for host in scene.reading.values("host"):
        for provider in index.host_providers(host):
            keep(provider, "host", HOSTED, host)
    for trait in scene.reading.traits:
        if trait.vendor in index.providers:
            keep(trait.vendor, "secret", SECRET, f"[{trait.kind}]")
    named = ASKED if len(scene.around) <= SHORT else NAMED
    low = scene.low
    for sign in [sign for sign in index.signs(text_tokens(scene.around)) if sign.text in low]:
        if _whole(sign.text, low, scene.around):
            keep(sign.provider, sign.kind, named if sign.kind == "alias" else _SIGN_BELIEF[sign.kind], sign.text)
    for provider, what in _of_libraries(scene.reading, index):
        keep(provider, "library", LIBRARY, what)
    for code in scene.codes:
        if scene.codes[code] >= 0.8 and (owner := index.sole_owner(code)):
            keep(owner, "code", SHAPED * scene.codes[code], code)
    return {provider: _together(kinds) for provider, kinds in signs.items()}


def _of_libraries(reading: Reading, index: Index) -> Iterator[tuple[str, str]]:
    """Yield (provider, what says so) for libraries, and for classes whose package is called like a provider."""
    for library in reading.values("library"):
        for sign in index.signs(_name_tokens(library)):
            if sign.kind == "library" and sign.text == lower(library):
                yield sign.provider, library
    for name in reading.values("exception"):
        there = [sign for sign in index.signs(_name_tokens(name)) if sign.text in name.lower()]
        if any(sign.kind in ("library", "shape") for sign in there):
            continue  # com.auth0.jwt is no sign of Auth0 where it is known as the library of another
        yield from ((sign.provider, name) for sign in there if sign.kind == "alias" and sign.text in _parts(name))


def _parts(name: str) -> list[str]:
    """Return the parts of a qualified class name in lower case: com, stripe, exception."""
    return re.split(r"[.\\:]+", name.lower())[:-1]


def _together(kinds: dict[str, tuple[float, str]]) -> Belief:
    doubt = 1.0
    for belief, _ in kinds.values():
        doubt *= 1 - belief
    return Belief(1 - doubt, tuple(what for _, what in kinds.values()))


def _whole(sign: str, low: str, text: str) -> bool:
    """Tell whether `sign` stands in `low` (`text` in lower case) as a word or as a part of CamelCase."""
    at = low.find(sign)
    while at >= 0:
        if _edge(text, at) and _edge(text, at + len(sign)):
            return True
        at = low.find(sign, at + 1)
    return False


def _edge(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    left, right = text[at - 1], text[at]
    if not (left.isascii() and left.isalnum() and right.isascii() and right.isalnum()):
        return True
    return (left.islower() and right.isupper()) or left.isdigit() != right.isdigit()
