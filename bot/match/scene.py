"""What scoring needs of a reading, computed once: the folded text, its grams, codes, and who it seems to be from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.match.fold import grams, lower, offsets, squeeze
from bot.match.index import Index, fold_code, text_tokens
from bot.match.template import near_by_grams
from bot.paste.models import Reading

LONGEST_TEXT = 6000  # characters compared; of a longer paste the error's own lines are taken

# How surely a sign means its provider: shares of such signs in labelled pastes that belonged to the paste's provider.
HINTED, SHAPED, HOSTED, SECRET, LIBRARY, NAMED = 0.90, 0.85, 0.75, 0.60, 0.60, 0.50
MISTYPED = 9  # letters from which a code is recognised though a letter is wrong
_SIGN_BELIEF = {"shape": SHAPED, "library": LIBRARY, "alias": NAMED}
_TOKEN = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+){0,8}")


@dataclass(frozen=True, slots=True)
class Belief:
    """How surely the paste is about a provider, 0..1, and what says so."""

    value: float
    signs: tuple[str, ...]


class Scene:
    """One reading as the scorer sees it."""

    def __init__(self, reading: Reading, index: Index, hint: str | None) -> None:
        self.reading = reading
        self.text = region(reading)
        self.squeezed = squeeze(self.text)
        self.grams = grams(self.squeezed)
        self.near = near_by_grams(self.squeezed)
        self.statuses = frozenset(int(value) for value in reading.values("status") if value.isdigit())
        messages = reading.values("message")
        # Where a machine's sentence is known, words that stand only in the code are no second sentence.
        self.message_words = squeeze(" ".join(messages))
        self.code_words = squeeze(" ".join(reading.values("code"))) if messages else ""
        self.codes = _codes(reading, index, self.text, self.squeezed, self.grams)
        self.beliefs = _beliefs(self, index, hint)

    @cached_property
    def places(self) -> list[int]:
        """Where each squeezed character stands in `text`."""
        return offsets(self.text)

    def belief(self, provider: str) -> float:
        found = self.beliefs.get(provider)
        return found.value if found else 0.0


def region(reading: Reading) -> str:
    """Return the text to compare: all of a short paste; of a long one its error lines, messages and first lines."""
    if len(reading.decoded) <= LONGEST_TEXT:
        text = reading.decoded
        room = LONGEST_TEXT
    else:
        text = "\n".join((*reading.error_lines, reading.decoded[:1000]))[:LONGEST_TEXT]
        room = LONGEST_TEXT + 2000
    # A message that stood two levels deep in escapes is in the facts only.
    flat = squeeze(text)
    for message in reading.values("message")[:20]:
        if len(text) + len(message) < room and squeeze(message) not in flat:
            text += "\n" + message
    return text


def _codes(reading: Reading, index: Index, text: str, squeezed: str, text_grams: list[str]) -> dict[str, float]:
    """Return the known codes in the paste with how surely each is one there, 0..1."""
    found: dict[str, float] = {}

    def keep(code: str, sure: float) -> None:
        if code in index.codes and found.get(code, 0.0) < sure:
            found[code] = sure

    for fact in reading.of("code"):
        keep(fold_code(fact.value), 1.0)
    for fact in reading.of("exception"):
        keep(fold_code(fact.value), 1.0)
        keep(fold_code(fact.value.replace("\\", ".").rpartition(".")[2]), 1.0)
    for fact in reading.of("code")[:8]:
        code = fold_code(fact.value)
        if code not in index.codes and len(code) >= MISTYPED and not any(char.isdigit() for char in code):
            close = process.extractOne(code, index.codes.keys(), scorer=Indel.normalized_similarity, score_cutoff=0.9)
            if close:
                keep(close[0], 0.6)
    for token in _TOKEN.findall(text):
        folded = lower(token)
        if folded in index.codes:
            # A bare number in running text is a port, a year or a count more often than a code.
            keep(folded, (0.5 if len(folded) >= 5 else 0.15) if folded.isdigit() else 0.8)
    for head in index.code_heads.keys() & set(text_grams):
        for code, flat in index.code_heads[head]:
            if code not in found and _stands(flat, squeezed):
                found[code] = 0.6  # broken over a line or written with other separators
    return found


def _stands(flat: str, squeezed: str) -> bool:
    at = squeezed.find(flat)
    if at < 0:
        return False
    end = at + len(flat)
    return not (flat[-1].isdigit() and end < len(squeezed) and squeezed[end].isdigit())


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
    low = lower(scene.text)
    for sign in index.signs(text_tokens(scene.text, scene.grams)):
        if _whole(sign.text, low, scene.text):
            keep(sign.provider, sign.kind, _SIGN_BELIEF[sign.kind], sign.text)
    for library in scene.reading.values("library"):
        for sign in index.signs(text_tokens(library, ())):
            if sign.kind == "library" and sign.text == lower(library):
                keep(sign.provider, "library", LIBRARY, library)
    for code in scene.codes:
        if scene.codes[code] >= 0.8 and (owner := index.sole_owner(code)):
            keep(owner, "code", SHAPED * scene.codes[code], code)
    return {provider: _together(kinds) for provider, kinds in signs.items()}


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
