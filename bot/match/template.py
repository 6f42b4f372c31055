"""Message templates: literal text with {placeholders}, found in a paste however it was wrapped, cut or mistyped."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from bot.knowledge.message import parse_message
from bot.match.fold import GRAM, grams, lower, squeeze

WIDEST_GAP = 400  # squeezed characters a placeholder may stand for
ALIKE = 0.86  # below this two stretches are not the same words mistyped
VOTERS = 10  # grams of a segment that vote on where it begins: more say the same
SHORTEST_CUT = 10  # characters of a segment that must stand at the end of a cut-off paste
MISSING = 0.05  # of quality, for each stretch that is not there, however little it tells
_EDGES = " .,:;!?\"'`()[]{}<>。，：；！？（）"  # what a sentence may end with or not
_BLANK = " \t\n\"'`,:()"
_DIGITS = re.compile(r"[0-9]+")
JOINT = re.compile(r"[\"'] ?[,:}]")  # where one field of a body ends and the next begins
_VALUE = re.compile(r"[ \t\"'`:=(\[<]{0,6}([^\s\"'`,;<>(){}\[\]]{1,200})")


class Segment(NamedTuple):
    """One literal stretch of a template."""

    raw: str  # lower case, single spaces
    squeezed: str
    before: str  # the name of the placeholder in front of it, "" for none


class Template(NamedTuple):
    """A compiled message. `tail` names the placeholder at its end, "" for none."""

    segments: tuple[Segment, ...]
    tail: str
    squeezed: str
    stretches: tuple[str, ...]  # the squeezed segments


class Hit(NamedTuple):
    """Where and how well a template was found. `start` and `end` are offsets in the squeezed text."""

    quality: float  # 0..1, the share of the template's weight that was found
    start: int
    end: int
    spans: tuple[tuple[int, int] | None, ...]  # one a segment


@lru_cache(maxsize=2048)
def compile_template(message: str) -> Template:
    """Return the compiled form of a message template; `{{` and `}}` stand for braces. The latest 2,048 are kept."""
    segments: list[Segment] = []
    name = ""
    for piece in parse_message(message):
        if piece.placeholder:
            name = name or piece.text
        elif squeezed := squeeze(piece.text):
            segments.append(Segment(" ".join(lower(piece.text).split()), squeezed, name))
            name = ""
    stretches = tuple(segment.squeezed for segment in segments)
    return Template(tuple(segments), name, "".join(stretches), stretches)


def find(
    template: Template, text: str, weigh: Callable[[str], float], near: Callable[[str, int], int], start: int = 0
) -> Hit | None:
    """Return the best place of `template` in the squeezed `text`, or None where less than half of it is there.

    `weigh` gives the weight of a segment (its information), `near` the offset from a second one on at which a segment
    probably begins, or -1. Nothing before `start` is looked at.
    """
    at = start
    spans: list[tuple[int, int] | None] = []
    alikes: list[float] = []
    for stretch in template.stretches:
        span, alike = _find_segment(stretch, text, at, near)
        if span is not None and spans and spans[-1] is not None and span[0] - at > WIDEST_GAP:
            span, alike = None, 0.0
        if span is None and (kept := _cut_off(stretch, text, at)):
            span, alike = (len(text) - kept, len(text)), 0.5 + 0.5 * kept / len(stretch)
        spans.append(span)
        alikes.append(alike)
        if span is not None:
            at = span[1]
    placed = [span for span in spans if span is not None]
    if not placed:  # most templates that are tried
        return None
    weights = list(map(weigh, template.stretches))
    share = sum(map(mul, weights, alikes)) / sum(weights) if any(weights) else 0.0
    if share < 0.5:
        return None
    quality = share - MISSING * (len(spans) - len(placed))
    return Hit(quality, placed[0][0], placed[-1][1], tuple(spans))


def _find_segment(
    segment: str, text: str, at: int, near: Callable[[str, int], int]
) -> tuple[tuple[int, int] | None, float]:
    exact = text.find(segment, at)
    if exact >= 0:
        return (exact, exact + len(segment)), 1.0
    if len(segment) < 6:
        return None, 0.0
    guess = near(segment, at)
    if guess < 0:
        return None, 0.0
    slack = max(12, len(segment) // 4)  # a guess is good to eight characters either way
    start = max(at, guess - slack)
    window = text[start : guess + len(segment) + slack]
    alignment = fuzz.partial_ratio_alignment(segment, window, score_cutoff=100 * (ALIKE - 0.1))
    if alignment is None or alignment.dest_end <= alignment.dest_start:
        return None, 0.0
    # partial_ratio is blind to what the shorter side misses: compare whole against whole.
    begin = alignment.dest_start
    end = max(alignment.dest_end, min(begin + len(segment) - 1, len(window)))
    alike = Indel.normalized_similarity(segment, window[begin:end])
    # A wrong digit is another error, never a slip: 50011 is not 50012, `error 403` is not `error`.
    if alike < ALIKE or _DIGITS.findall(segment) != _DIGITS.findall(window[begin:end]):
        return None, 0.0
    return (start + begin, start + end), alike


def _cut_off(segment: str, text: str, at: int) -> int:
    """Return how many first characters of `segment` end the text, 0 where too few do."""
    longest = min(len(segment) - 1, len(text) - at)
    begins = text.find(segment[:SHORTEST_CUT], len(text) - longest) if longest >= SHORTEST_CUT else -1
    while begins >= 0:
        if segment.startswith(text[begins:]):
            return len(text) - begins
        begins = text.find(segment[:SHORTEST_CUT], begins + 1)
    return 0


def near_by_grams(text: str, there: Container[str] | None = None) -> Callable[[str, int], int]:
    """Return a function that guesses where a mistyped segment begins in `text`: where most of its grams agree.

    `there` are the grams of `text`, where they are known: then the others need not be looked for.
    """

    def near(segment: str, start: int) -> int:
        votes: dict[int, int] = {}
        voters = _voters(segment)
        if there is not None:
            voters = [voter for voter in voters if voter[0] in there]
        for gram, inside in voters:
            place = text.find(gram, start)
            for _ in range(3):  # a gram that stands in many places tells nothing
                if place < 0:
                    break
                bucket = (place - inside) >> 3
                votes[bucket] = votes.get(bucket, 0) + 1
                votes[bucket + 1] = votes.get(bucket + 1, 0) + 1
                place = text.find(gram, place + 1)
        if not votes:
            return -1
        most = max(votes.values())
        return max(0, min([bucket for bucket, count in votes.items() if count == most]) * 8)

    return near


def _voters(segment: str) -> list[tuple[str, int]]:
    """Return the grams of a segment that vote, with their places in it."""
    if segment.isascii():
        count = len(segment) - GRAM + 1
        return [(segment[at : at + GRAM], at) for at in range(0, count, max(2, count // VOTERS))]
    found = grams(segment)
    step = max(2, len(found) // VOTERS)
    return list(zip(found[::step], range(0, len(segment), step), strict=False))


def exactness(template: Template, hit: Hit, text: str, places: Sequence[int]) -> float:
    """Return 0..1, how like the template's own spelling the paste is: punctuation, underscores and spaces count here.

    `places` are the offsets of the squeezed characters in `text`. It tells `refresh_token` from `refresh token.`.
    """
    parts = []
    for segment, span in zip(template.segments, hit.spans, strict=True):
        if span is None:
            parts.append(0.0)
            continue
        start, end = places[span[0]], places[span[1] - 1] + 1
        shown = " ".join(lower(text[start:end]).split())
        parts.append(Indel.normalized_similarity(segment.raw.strip(_EDGES), shown))
    return sum(parts) / len(parts) if parts else 0.0


def within_one_field(template: Template, hit: Hit, text: str, places: Sequence[int]) -> bool:
    """Tell whether no stretch was put together from two fields of a body: `"invalid_client","error…` is no sentence.

    Of a mistyped one the ends are known to two characters only.
    """
    slack = 0 if hit.quality == 1.0 else 2
    for segment, span in zip(template.segments, hit.spans, strict=True):
        if span is None or span[1] - span[0] <= 2 * slack:
            continue
        crosses = JOINT.search(text, places[span[0] + slack], places[span[1] - 1 - slack] + 1)
        if crosses and not (JOINT.search(segment.raw) or _of_fields(segment.raw, crosses.group())):
            return False
    return True


def _of_fields(raw: str, joint: str) -> bool:
    """Tell whether a template is itself written as fields, `field: client_id, code: invalid`, at such a joint."""
    return ":" in raw and (":" in joint or ", " in raw)


def unfilled(template: Template, hit: Hit, text: str, places: Sequence[int]) -> int:
    """Return how many placeholders between two stretches stand for nothing: `Permission denied on` has no {action}."""
    empty = 0
    before: int | None = None
    for segment, span in zip(template.segments, hit.spans, strict=True):
        if span is not None and segment.before and before is not None:
            empty += not text[before : places[span[0]]].strip(_BLANK)
        before = places[span[1] - 1] + 1 if span is not None else None
    return empty


def one_token(template: Template, hit: Hit, text: str, places: Sequence[int]) -> bool:
    """Tell whether the paste has as one word what the template writes as several: a code, `unauthorized_client`."""
    if " " not in template.segments[0].raw or len(template.segments) > 1:
        return False
    shown = text[places[hit.start] : places[hit.end - 1] + 1]
    return "_" in shown and shown.isascii() and not any(char.isspace() for char in shown)


def captures(template: Template, hit: Hit, text: str, places: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """Return (placeholder, value) for what stood between the literal stretches, one line and 200 characters at most."""
    found: list[tuple[str, str]] = []
    previous: int | None = None
    for segment, span in zip(template.segments, hit.spans, strict=True):
        if span is not None and segment.before:
            start = places[span[0]]
            value = text[previous:start] if previous is not None else _word_before(text, start)
            _keep(found, segment.before, value)
        previous = places[span[1] - 1] + 1 if span is not None else None
    if template.tail and previous is not None:
        match = _VALUE.match(text, previous, previous + 210)
        if match:
            _keep(found, template.tail, match.group(1))
    return tuple(found)


def _word_before(text: str, end: int) -> str:
    before = text[max(0, end - 200) : end].rsplit("\n", 1)[-1].split()
    return before[-1] if before else ""


def _keep(found: list[tuple[str, str]], name: str, value: str) -> None:
    value = value.strip(" \t\r\n\"'`:.,;()[]{}<>")
    if value and "\n" not in value and len(value) <= 200:
        found.append((name, value))
