"""The message template of like pastes: what their samples share, with {placeholders} where they vary."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.distance import LCSseq

from bot.curate.models import LONGEST_MESSAGE
from bot.knowledge.message import parse_message
from bot.match.fold import squeeze
from bot.match.template import compile_template, find, near_by_grams
from bot.paste.facts.shapes import errorish
from bot.paste.varying import PLACEHOLDER, without_varying
from bot.paste.varying.prefixes import without_prefix

LEAST_TELLING: Final = 12  # letters a template needs beside its placeholders; a Chinese character counts as three
MOST_SAMPLES: Final = 20
MOST_LINES: Final = 40  # of a sample
LONGEST_LINE: Final = 600  # characters of a line that are looked at
MOST_TRIED: Final = 12  # lines of the first sample that are aligned
FOUND: Final = 0.9  # quality from which a template is taken to be there

_PART = re.compile(rf"{PLACEHOLDER}|[^\W_\u3040-\u30ff\u3400-\u9fff]+|\s+|.", re.DOTALL)
_GLUED = re.compile(rf"{PLACEHOLDER}(?:[\\\\/._@-]{PLACEHOLDER})+")  # domain and account: one name
_HOLE = re.compile(rf"{PLACEHOLDER}\Z")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE = re.compile(
    r"[\"'](?:error_description|message|msg|errmsg|error_message|error_msg|detail|description|reason|sub_msg|title)[\"']"
    r"\s?[:=]>?\s?[\"']([^\"']{4,500})[\"']",
    re.IGNORECASE,
)
_EDGES: Final = " ,;:|"

Tokens = tuple[str, ...]


def shared_template(samples: Sequence[Sequence[str]], template: str = "") -> str:
    """Return a message template made of the line that most samples say the error in; "" where there is no good one.

    `samples` are the lines of each, redacted; `template` is the group's, for where there is no sample. What varies by
    its kind ({id}, {host}, {time}, {n} …) is a placeholder even where all samples agree on it: one person may have
    pasted them all. The result is found in every sample and says something (`telling`).
    """
    given = [_lines(sample) for sample in samples[:MOST_SAMPLES]]
    texts = ["\n".join(sample) for sample in samples[:MOST_SAMPLES]]
    given = [lines for lines in given if lines]
    if not given:
        given, texts = [_lines(template.splitlines())], []
    for first in _likeliest(given):
        found = _aligned(first, given)
        if telling(found) >= LEAST_TELLING and all(matches(found, text) for text in texts):
            return found
    return ""


def telling(message: str) -> int:
    """Return how many letters a template has beside its placeholders; a Chinese character counts as three."""
    literal = "".join(piece.text for piece in parse_message(message) if not piece.placeholder)
    return sum(3 if _HAN.match(char) else char.isalpha() for char in literal)


def escaped(line: str) -> str:
    """Return a line of a group's template as a message template: its placeholders stay, other braces are doubled."""
    return _written(_PART.findall(line))


def matches(message: str, text: str) -> bool:
    """Tell whether a template is found in a text as a whole, but for a slip."""
    compiled = compile_template(message)
    if not compiled.segments:
        return False
    flat = squeeze(text)
    hit = find(compiled, flat, lambda part: float(len(part)), near_by_grams(flat))
    return hit is not None and hit.quality >= FOUND


def _lines(sample: Sequence[str]) -> list[Tokens]:
    """Return the lines of a sample, and the sentences in its fields, by their parts and without what varies."""
    found: dict[Tokens, None] = {}
    for line in sample[:MOST_LINES]:
        flat = " ".join(unicodedata.normalize("NFKC", line[:LONGEST_LINE]).split())
        for text in (*_SENTENCE.findall(flat), flat):
            # Names are told by comparing the samples: a guess would take words of the sentence, too.
            tokens = tuple(_PART.findall(without_varying(without_prefix(text), names=False)))
            if tokens:
                found.setdefault(tokens)
    return list(found)


def _likeliest(given: Sequence[Sequence[Tokens]]) -> Iterator[Tokens]:
    """Yield lines of the first sample: those that most samples share, sentences of errors before other lines."""
    spread: Counter[str] = Counter()
    for lines in given:
        spread.update({_key(line) for line in lines})

    def rank(line: Tokens) -> tuple[int, int, int]:
        text = "".join(line)
        letters = sum(char.isalpha() for part in line if not _HOLE.match(part) for char in part)
        # A whole body says the same as the sentence in it, with more round it.
        body = text.lstrip()[:1] in ("{", "[", "<")
        return -spread[_key(line)], int(body) - int(errorish(text)), -min(letters, 120)

    yield from sorted((line for line in given[0]), key=rank)[:MOST_TRIED]


def _key(line: Tokens) -> str:
    return "".join(part.casefold() for part in line if part.isalnum())


def _aligned(first: Tokens, given: Sequence[Sequence[Tokens]]) -> str:
    """Return the longest that a line has in common with the line of each other sample that is most like it."""
    common = list(first)
    for lines in given[1:]:
        other = max(lines, key=lambda line: LCSseq.normalized_similarity(common, line))
        common = _common(common, other)
    return _GLUED.sub("{value}", _written(common))


def _common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the parts two lines share, in order, with a placeholder wherever either has something of its own."""
    merged: list[str] = []
    for step in LCSseq.opcodes(one, other):
        if step.tag == "equal":
            merged += one[step.src_start : step.src_end]
        else:
            merged.append(_kind(one[step.src_start : step.src_end], other[step.dest_start : step.dest_end]))
    return merged


def _kind(one: Sequence[str], other: Sequence[str]) -> str:
    """Return the placeholder for what stands in one line and in the other at the same place."""
    holes = {part for part in (*one, *other) if _HOLE.match(part)}
    return holes.pop() if len(holes) == 1 else "{value}"


def _written(parts: Sequence[str]) -> str:
    """Return parts as a template: braces doubled, neighbouring placeholders as one, at most LONGEST_MESSAGE long."""
    text = ""
    hole = False
    for part in parts:
        if _HOLE.match(part):
            piece = "" if hole else part
            hole = True
        else:
            piece = part.replace("{", "{{").replace("}", "}}")
            hole = False
        if len(text) + len(piece) > LONGEST_MESSAGE:
            break
        text += piece
    return text.strip(_EDGES)
