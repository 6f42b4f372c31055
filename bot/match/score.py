"""Scoring: what each candidate's evidence is worth, in points from 0 to 100."""

from __future__ import annotations

import math
from itertools import islice
from typing import NamedTuple

from bot.match.fold import squeeze
from bot.match.index import Index, Indexed, generic
from bot.match.models import Evidence
from bot.match.scene import Scene
from bot.match.template import Hit, Template, captures, exactness, find, one_token, unfilled, within_one_field

# Points. A message that only one entry has stands alone; so does a code of its own; a provider alone never does.
MESSAGE, CODE, PROVIDER, STATUS, EXACT = 60.0, 52.0, 25.0, 4.0, 10.0
CODE_CONFLICT, RIVAL = 10.0, 28.0
ECHO = 0.25  # share of a message's worth where the words are only the code's: {"error": "unauthorized_client", …}
BESIDE_A_CODE = 0.5  # share of a bare status line's worth where a code says more
OPENED = 0.8  # share of a message's worth where only its first sentence is there
SUPERSEDED = 0.4  # share of a mistyped message's worth where another entry has those very words
SECOND = 0.5  # share of a second code's worth
OWN_STATUS = 22.0  # what a status alone says of a provider that is surely meant
KNOWN_RIVAL = 0.75  # belief in another provider from which a paste is not this one's
LONGER, LONG = 0.06, 300.0  # share that a message gains towards so many nats: of two the longer one says more
UNFILLED = 0.8  # share of a message's worth where a placeholder of it stands for nothing
TELLING = 25.0  # nats at which a message has given 63 % of what it can


class Scored(NamedTuple):
    """An entry with its points and what decision-making needs to know of them."""

    indexed: Indexed
    score: float  # 0 and up; what is shown stops at 100
    evidence: tuple[Evidence, ...]
    captures: tuple[tuple[str, str], ...]
    hit: Hit | None
    quality: float  # of the best message, 0..1
    telling: float  # how much that message tells, 0..1
    code: float  # how surely one of its codes is there, 0..1
    belief: float  # in its provider, 0..1
    rivalled: bool = False  # the paste is surely about another provider
    opening: bool = False  # only the first sentence of its message is there

    @property
    def entry_id(self) -> str:
        return self.indexed.name


class Found(NamedTuple):
    """A template found in the paste: what it is worth, where, and whether it is only its message's first sentence."""

    worth: float
    hit: Hit
    template: Template
    opening: bool


class Said(NamedTuple):
    """The words of the message that was found, squeezed, and the points it gave."""

    words: str
    points: float


def score_all(scene: Scene, index: Index) -> list[Scored]:
    """Return every entry with any evidence, best first (ties in order of ids)."""
    hits: list[tuple[int, Found]] = []
    for number in index.retrieve(scene.leads, scene.believed):
        owner, template, opening = index.template(number)
        place = _best_place(template, scene, index)
        if place is None:
            continue
        worth, hit = place
        if opening:
            worth *= OPENED
        worth *= _share_said(index.entries[owner], template, hit, scene)
        hits.append((owner, Found(worth, hit, template, opening)))
    exact = [found.hit for _, found in hits if found.hit.quality == 1.0]
    best: dict[int, Found] = {}
    for owner, found in hits:
        # Words that one template has exactly are not another's, mistyped: `(iat)` is not `(nbf)` with two slips.
        superseded = found.hit.quality < 1.0 and any(_covers(other, found.hit) for other in exact)
        if superseded or any(_contains(other, found.hit) for other in exact):
            found = found._replace(worth=found.worth * SUPERSEDED)  # noqa: PLW2901 (the same, worth less)
        if owner not in best or found.worth > best[owner].worth:
            best[owner] = found
    more = {owner for owner, found in hits if not found.opening and found.worth >= 0.5}
    best = {owner: found._replace(opening=found.opening and owner not in more) for owner, found in best.items()}
    owners = set(best)
    for code in scene.codes:
        owners.update(index.codes[code])
    scored = [_score(index.entries[owner], best.get(owner), scene, index) for owner in owners]
    scored += _of_the_status(scored, scene, index)
    return sorted(scored, key=lambda item: (-item.score, item.entry_id))


def _of_the_status(scored: list[Scored], scene: Scene, index: Index) -> list[Scored]:
    """Return each believed provider's first entry of the paste's status, where nothing else of the provider is there.

    `HTTP 401` from a host of Mistral's is about its keys, not about HTTP; an entry's place in its file says how likely
    it is.
    """
    told = {item.indexed.provider.id for item in scored if item.hit or item.code >= 0.5}
    found = []
    for name in scene.concerned - told:
        for status in sorted(scene.statuses):
            number = index.of_status.get((name, status))
            if number is not None:
                plain = _score(index.entries[number], None, scene, index)
                points = OWN_STATUS * plain.belief
                part = Evidence("status of its own", str(status), points)
                found.append(plain._replace(score=plain.score + points, evidence=(*plain.evidence, part)))
                break
    return found


def _best_place(template: Template, scene: Scene, index: Index) -> tuple[float, Hit] | None:
    """Return what a template is worth in the paste, and where; a code gives way to a sentence after it."""
    best: tuple[float, Hit] | None = None
    start = 0
    for _ in range(2):
        hit = find(template, scene.squeezed, index.postings.information, scene.near, start)
        if hit is None:
            break
        start = hit.end
        if scene.half_joined(hit.start, hit.end) or not _stands_alone(template, hit, scene):
            continue
        if not within_one_field(template, hit, scene.text, scene.places):
            continue
        worth = _worth(hit, index.information(*template.stretches))
        worth *= UNFILLED ** unfilled(template, hit, scene.text, scene.places)
        in_code = template.squeezed in scene.code_words and template.squeezed not in scene.message_words
        coded = (in_code and hit.quality == 1.0) or one_token(template, hit, scene.text, scene.places)
        if coded:
            worth *= ECHO
        elif _status_line(template) and scene.says_more_than_its_status:
            worth *= BESIDE_A_CODE
        if best is None or worth > best[0]:
            best = (worth, hit)
        if not coded:
            break
    return best


def _status_line(template: Template) -> bool:
    """Tell whether a template is a status and its phrase, `401 Unauthorized`, which stands beside most codes."""
    return template.squeezed[:3].isdigit() and len(template.squeezed) <= 32


def _share_said(indexed: Indexed, template: Template, hit: Hit, scene: Scene) -> float:
    """General words must be about the whole sentence: `Forbidden: bot can't write first` says more than Forbidden.

    General is what a standard says, and what any server could print where nothing shows that this provider did.
    """
    general = indexed.provider.standard or (indexed.entry.needs_provider and not scene.belief(indexed.provider.id))
    if not general or len(template.squeezed) > 40:
        return 1.0
    found = scene.squeezed[hit.start : hit.end]
    around = [len(sentence) for sentence in scene.sentences if found in sentence]
    if around:
        share = len(template.squeezed) / min(around)
    elif indexed.provider.standard:
        return 1.0  # 401 Unauthorized in the middle of a person's sentence is that
    else:
        share = scene.share_of_its_line(hit.start, hit.end)
    return 1.0 if share >= 0.6 else 0.2 + share


def _covers(other: Hit, hit: Hit) -> bool:
    return min(other.end, hit.end) - max(other.start, hit.start) >= 0.7 * (hit.end - hit.start)


def _contains(other: Hit, hit: Hit) -> bool:
    """Tell whether a longer sentence takes in this one: `Permission denied (publickey). fatal: Could not read …`.

    What stands in the other's placeholders it does not take in: `iam:PassRole` is more than `{action}`.
    """
    within = any(span is not None and span[0] <= hit.start and hit.end <= span[1] for span in other.spans)
    return within and other.end - other.start >= hit.end - hit.start + 8


def _worth(hit: Hit, information: float) -> float:
    return _graded(hit.quality) * (1 - math.exp(-information / TELLING) + LONGER * min(1.0, information / LONG))


def _graded(quality: float) -> float:
    """Half of a message is nothing; a mistyped one loses little."""
    return max(0.0, min(1.0, (quality - 0.7) / 0.28))


def _stands_alone(template: Template, hit: Hit, scene: Scene) -> bool:
    """A short message must begin and end at word boundaries: `invalid key` is not in `invalid keyboard`.

    Of a mistyped one the ends are known to two characters only.
    """
    if len(template.squeezed) > 24:
        return True
    text, places = scene.text, scene.places
    slack = 0 if hit.quality == 1.0 else 2
    start, end = places[hit.start], places[hit.end - 1] + 1
    begins = any(_boundary(text, at) for at in range(start - slack, start + slack + 1))
    return begins and any(_boundary(text, at) for at in range(end - slack, end + slack + 1))


def _boundary(text: str, at: int) -> bool:
    """Tell whether no word goes on across this offset."""
    return not (0 < at < len(text) and _letter(text[at - 1]) and _letter(text[at]))


def _letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _score(indexed: Indexed, message: Found | None, scene: Scene, index: Index) -> Scored:
    evidence: list[Evidence] = []
    belief = scene.belief(indexed.provider.id)
    quality = telling = 0.0
    found: tuple[tuple[str, str], ...] = ()
    if message is None:
        signs, code = _signs_alone(indexed, scene, index)
    else:
        worth, hit, template, _ = message
        quality = hit.quality
        telling = 1 - math.exp(-index.information(*template.stretches) / TELLING)
        exact = exactness(template, hit, scene.text, scene.places)
        found = captures(template, hit, scene.text, scene.places)
        evidence.append(Evidence("message", " … ".join(s.raw for s in template.segments), MESSAGE * worth))
        evidence.append(Evidence("exactness", f"{exact:.2f}", EXACT * max(-1.0, 1 - 10 * (1 - exact)) * worth))
        said = Said(template.squeezed, sum(part.points for part in evidence))
        signs, code = _signs(indexed, scene, index, said, telling * quality)
    evidence += signs
    if indexed.entry.status and scene.statuses:
        agree = bool(scene.statuses.intersection(indexed.entry.status))
        evidence.append(Evidence("status", scene.status_text, STATUS if agree else -STATUS))
    rival = scene.rival(indexed.provider.id)
    return Scored(
        indexed,
        max(0.0, sum([part.points for part in evidence])),
        tuple(evidence),
        found,
        message.hit if message else None,
        quality,
        telling,
        code,
        belief,
        rivalled=not indexed.provider.standard and rival >= KNOWN_RIVAL and rival > belief,
        opening=bool(message and message.opening),
    )


def _signs_alone(indexed: Indexed, scene: Scene, index: Index) -> tuple[list[Evidence], float]:
    """Return what _signs does of an entry without a message: the same of all its provider's with the same codes."""
    key = (indexed.provider.id, indexed.codes.intersection(scene.codes), bool(indexed.codes))
    known = scene.signs_alone.get(key)
    if known is None:
        known = scene.signs_alone[key] = _signs(indexed, scene, index, Said("", 0.0), 0.0)
    return known


def _signs(indexed: Indexed, scene: Scene, index: Index, said: Said, sentence: float) -> tuple[list[Evidence], float]:
    """Return what an entry's codes say and the signs of its provider or of others; and how surely a code is there.

    `sentence` is how much its message tells, 0..1.
    """
    provider = indexed.provider
    belief, rival = scene.belief(provider.id), scene.rival(provider.id)
    evidence, code = _of_codes(indexed, scene, index, belief, said)
    if belief and not provider.standard:
        evidence.append(Evidence("provider", ", ".join(scene.beliefs[provider.id].signs), PROVIDER * belief))
    if not provider.standard and rival > belief:
        # A sentence that only this entry has outweighs half of what another provider's name says.
        taken = RIVAL * rival * (1 - belief) * (1 - 0.5 * sentence)
        evidence.append(Evidence("rival", f"another provider: {rival:.2f}", -taken))
    return evidence, code


def _of_codes(indexed: Indexed, scene: Scene, index: Index, belief: float, said: Said) -> tuple[list[Evidence], float]:
    """Return what the codes say, and how surely one of the entry's is there."""
    matched = [(code, scene.codes[code]) for code in indexed.codes if code in scene.codes]
    provider = indexed.provider
    if matched:
        worth = sorted(
            (_one_code(code, sure, indexed, scene, index, belief, said) for code, sure in matched), reverse=True
        )
        points, code, sure = worth[0]
        evidence = [Evidence("code", code, points)]
        if len(worth) > 1 and not provider.standard:
            flat = squeeze(code)
            others = (item for item in worth[1:] if squeeze(item[1]) not in flat and flat not in squeeze(item[1]))
            evidence += [Evidence("code", other, points * SECOND) for points, other, _ in islice(others, 1)]
        return evidence, sure
    if indexed.codes:
        foreign = [code for code, sure in scene.codes.items() if sure >= 0.8 and provider.id in index.code_owners[code]]
        if foreign:
            return [Evidence("code", f"other codes of {provider.id}: {', '.join(foreign[:3])}", -CODE_CONFLICT)], 0.0
    return [], 0.0


def _one_code(
    code: str, sure: float, indexed: Indexed, scene: Scene, index: Index, belief: float, said: Said
) -> tuple[float, str, float]:
    """Return what one code is worth, the code, and how surely it is there beside the sentence.

    The same words are not evidence twice: of code and sentence the weightier counts.
    """
    points = _code_points(code, sure, indexed, index, belief)
    if not said.words:
        return points, code, sure
    flat = squeeze(code)
    if flat not in said.words or scene.pasted.count(flat) > 1:
        return points, code, sure
    if said.points >= points:
        # `89 - Invalid or expired token.` beside "code": 89 is still two things that agree.
        return points * ECHO, code, sure if flat.isdigit() else sure * ECHO
    return max(points - said.points * (1 - ECHO), 0.0), code, sure


def _code_points(code: str, sure: float, indexed: Indexed, index: Index, belief: float) -> float:
    """A code is worth what it narrows down: among all entries, or among the provider's own where that one is sure."""
    provider = indexed.provider
    numbers = index.codes[code]
    own = index.code_owners[code][provider.id]
    within = 1 - math.log(own) / math.log(max(own + 1, index.sizes[provider.id] + 1))
    if provider.standard:
        return CODE * sure * within
    overall = 1 - math.log(len(numbers)) / math.log(len(index.entries) + 1)
    if code.isdigit():  # 40001 means something else everywhere
        overall *= 0.3
    elif generic(code):
        overall *= 0.6
    return CODE * sure * (belief * within + (1 - belief) * overall)
