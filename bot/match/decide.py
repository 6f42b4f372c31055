"""The decision: answer, suggest, unmatched or silent, with a confidence that means what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.match.authness import a_diff, machine_text, source_code, surely_auth
from bot.match.fold import squeeze
from bot.match.index import Index
from bot.match.models import Candidate, Decision, Evidence, Mode, Verdict
from bot.match.scene import Scene
from bot.match.score import Scored, score_all
from bot.match.talk import explained, in_trouble, over
from bot.match.template import Hit
from bot.paste.models import Reading

ANSWER = 0.67  # confidence from which somebody who asked is answered
OVERHEARD = 0.77  # and from which an overheard paste is
SUGGEST = 0.12  # below this a candidate is not worth a person's time
SUGGESTED = 3
FALLBACK = 0.75  # confidence of a standard's plain answer where no provider's entry comes near
PLAIN_LEAD = 6.0  # points
BEHIND = 40.0  # points behind a provider's entry, however unsure that one is, at which it is no longer said
TAKEN_IN = 5.0  # points
INNER = 12.0  # points within which an inner error goes before the one that wraps it
KNOWN = 0.40  # belief in a provider from which its `needs_provider` entries are answered
MEANT = 0.60  # and from which a paste is surely about it
PAIRED = 0.55  # how telling a sentence must be to identify its provider together with its code
MOSTLY, SENTENCE = 0.6, 24  # share and characters of a hit that a machine must have printed
HINT, SCRAP = 0.2, 28  # belief that is a sign at all; squeezed characters of a sentence that says something by itself
OAUTH_ROOTS = (
    "token grant client redirect scope auth credential consent login code state user resource issuer assertion "
    "challenge verifier pkce 令牌 授权 认证 登录 权限"
).split()
AUTH_REFUSALS = frozenset({401, 403, 407})
LONGEST_TALK = 600  # characters of talk looked at
ALONE = 40  # characters of a message that is about nothing but a code
CAPPED = 0.45  # confidence of an entry any server could have printed
NAMELESS = 0.6  # and of a standard's where the paste names a provider, by word or library, that knows nothing of it
OTHERS = 0.05  # and of one where the paste is about another provider

MOST_SURE = 0.96  # the surest answers are right so often: what a paste leaves out, no match can know
# Logistic of points and margin, fitted on labelled pastes (`authbot kb eval` prints how it fares).
_MIDDLE, _SLOPE, _CLOSE, _CLOSENESS = 40.0, 5.0, 0.55, 5.0


def decide(reading: Reading, index: Index, *, hint: str | None = None, mode: Mode = "lookup") -> Verdict:
    """Return what to make of a reading. `hint` is a provider id that the person or the channel named."""
    scene = Scene(reading, index, hint)
    scored = score_all(scene, index)
    ranked = _rank(scored, scene, mode)
    candidates = tuple(_candidate(item, confidence) for item, confidence in ranked[: SUGGESTED + 2])
    best = candidates[0] if candidates else None
    decision: Decision
    if mode == "listen":
        decision = _overheard(reading, scene, ranked)
    elif best is not None and best.confidence >= ANSWER:
        decision = "answer"
    elif best is not None and best.confidence >= SUGGEST:
        decision = "suggest"
        candidates = tuple(c for c in candidates if c.confidence >= SUGGEST)[:SUGGESTED]
    else:
        decision = "unmatched"
    sure = best.confidence if best else 0.0
    return Verdict(decision, sure, candidates, _about(scene), lambda: _why(reading, scene, ranked))


def _about(scene: Scene) -> str | None:
    """Return the provider that a paste is likeliest from, None where nothing shows one."""
    seen = sorted((-scene.belief(name), name) for name in scene.concerned)
    return seen[0][1] if seen else None


def _overheard(reading: Reading, scene: Scene, ranked: Sequence[tuple[Scored, float]]) -> Decision:
    if ranked and ranked[0][1] >= OVERHEARD and _reported(ranked[0][0], scene):
        return "answer"
    # A standard's general answer is no reason not to keep the error for somebody who knows its provider.
    explained_by_one = bool(ranked) and ranked[0][1] >= ANSWER and not ranked[0][0].indexed.provider.standard
    return "unmatched" if surely_auth(reading) and not explained_by_one else "silent"


def _reported(item: Scored, scene: Scene) -> bool:
    """Tell whether a machine printed what the answer rests on, as against people and source code that mention it."""
    if item.indexed.entry.only_asked or over(_talk(item, scene)) or _a_scrap(item, scene):
        return False
    machine = machine_text(scene.reading)
    if item.hit is not None and _printed_there(item.hit, scene, machine):
        return True
    if _in_source(item, scene, machine) or _of_something_else(item, scene):
        return False
    if any(squeeze(code) in machine for code in item.indexed.codes if scene.codes.get(code, 0.0) >= 0.6):
        return True
    if a_diff(scene.reading):
        return False
    # A code such as AADSTS50105 is no word of talk, alone or with its sentence.
    alone = item.hit is not None or len(scene.text) <= ALONE
    if alone and any(scene.codes.get(code, 0.0) >= 0.8 and _numbered(code) for code in item.indexed.codes):
        return True
    return item.hit is not None and item.quality >= 0.95 and item.telling >= 0.8 and _said(item, item.hit, scene)


def _talk(item: Scored, scene: Scene) -> str:
    """Return what stands round the sentence that was found: a person's words, as far as there are any."""
    shown = scene.shown(item.hit) if item.hit is not None else ""
    return scene.around[:LONGEST_TALK].replace(shown, " ") if shown else scene.around[:LONGEST_TALK]


def _in_source(item: Scored, scene: Scene, machine: str) -> bool:
    """Tell whether the entry's code stands in what a program says, `responses.add("AADSTS7000215")`, and only there."""
    code = source_code(scene.reading)
    known = [squeeze(name) for name in item.indexed.codes if scene.codes.get(name, 0.0) >= 0.6]
    return any(name in code for name in known) and not any(name in machine for name in known)


def _of_something_else(item: Scored, scene: Scene) -> bool:
    """Tell whether only a standard's code is there, beside a sentence on other things: `page must be positive`."""
    if item.hit is not None or not item.indexed.provider.standard or not scene.sentences:
        return False
    return not any(root in sentence for sentence in scene.sentences for root in OAUTH_ROOTS)


def _a_scrap(item: Scored, scene: Scene) -> bool:
    """Tell whether all there is is a short sentence in a longer line, with neither code nor sign: `code mismatch`."""
    hit = item.hit
    if hit is None or item.indexed.provider.standard or item.belief >= HINT or item.code >= 0.6:
        return False
    found = scene.squeezed[hit.start : hit.end]
    weight = sum(1 if char.isascii() else 3 for char in found)
    if hit.start >= len(scene.pasted) or weight >= SCRAP or scene.statuses & AUTH_REFUSALS:
        return False
    whole = any(found in sentence and len(found) >= MOSTLY * len(sentence) for sentence in scene.sentences)
    return not whole and scene.share_of_its_line(hit.start, hit.end) < MOSTLY


def _printed_there(hit: Hit, scene: Scene, machine: str) -> bool:
    """Tell whether a machine's part of the paste has the words of a hit; of a joined line its sentence is enough."""
    if hit.start >= len(scene.pasted):
        return any(sentence in machine and sentence in scene.squeezed[hit.start :] for sentence in scene.sentences)
    found = scene.squeezed[hit.start : hit.end]
    if found in machine:
        return True
    # An exception's name may stand in a person's line, and only what it says in the machine's.
    part = math.ceil(len(found) * MOSTLY)
    return part >= SENTENCE and (found[:part] in machine or found[-part:] in machine)


def _said(item: Scored, hit: Hit, scene: Scene) -> bool:
    """Tell whether a whole sentence of a machine's stands among a person's words because it is the person's trouble."""
    code = source_code(scene.reading)
    if code and (hit.start >= len(scene.pasted) or scene.squeezed[hit.start : hit.end] in code):
        return False
    theirs = _talk(item, scene)
    if in_trouble(theirs):
        return True
    if item.indexed.provider.standard:
        return scene.share_of_its_line(hit.start, hit.end) >= 0.7
    return not explained(theirs)


def _numbered(code: str) -> bool:
    return len(code) >= 6 and code.isalnum() and not code.isdigit() and code[-3:].isdigit()


def _rank(scored: Sequence[Scored], scene: Scene, mode: Mode) -> list[tuple[Scored, float]]:
    """Return the entries with their confidences, the one to answer with first.

    A provider's own entry goes before a standard's where the paste shows the provider or the entry fits as well; the
    standards are the fallback where no provider's entry is sure.
    """
    own = _inner_first([item for item in scored if not item.indexed.provider.standard][:8], scene)
    standards = [item for item in scored if item.indexed.provider.standard][:8]
    pairs = mode == "lookup" and not _at_a_host(scene)
    ranked = [(item, _confidence(item, own, standards if pairs else None)) for item in own]
    nothing_own = max((sure for _, sure in ranked), default=0.0) < CAPPED + 0.05
    best_own = max((item.score for item in own), default=0.0)
    theirs = bool(scene.concerned) and not scene.reading.of("host")
    for item in standards:
        sure = _confidence(item, standards, None)
        if nothing_own and item.score >= best_own - BEHIND and _plain(item, standards):
            sure = max(sure, FALLBACK)
        if theirs and item.belief < KNOWN and not (item.code >= 0.8 and _peculiar(item)):
            sure = min(sure, NAMELESS)
        ranked.append((item, sure))
    ranked.sort(key=lambda pair: (-pair[1], -pair[0].score, pair[0].entry_id))
    best_standard = max((item.score for item in standards), default=0.0)
    for pair in ranked:
        item, sure = pair
        fits = item.belief >= KNOWN or item.score >= best_standard - 5 or _peculiar(item)
        if not item.indexed.provider.standard and sure >= ANSWER and fits:
            return [pair, *(other for other in ranked if other is not pair)]
    between = _between_its_own(ranked)
    return [*between, *(other for other in ranked if other not in between)]


def _between_its_own(ranked: Sequence[tuple[Scored, float]]) -> list[tuple[Scored, float]]:
    """Return the entries of the paste's provider that no more than share its confidence: then no standard is asked."""
    own = [pair for pair in ranked if pair[0].belief >= MEANT and pair[1] >= SUGGEST]
    best = own[0][0].indexed.provider.id if own else ""
    same = [pair for pair in own if pair[0].indexed.provider.id == best]
    return same if len(same) > 1 and sum(sure for _, sure in same) >= ANSWER else []


def _inner_first(scored: Sequence[Scored], scene: Scene) -> list[Scored]:
    """Put the inner of two errors first where one line holds both: `could not refresh: invalid_grant: Bad Request`."""
    items = list(scored)
    if len(items) > 1 and items[0].hit and items[1].hit and items[0].score - items[1].score < INNER:
        outer, inner = items[0].hit, items[1].hit
        wrapped = 0 <= inner.start - outer.end < 60 and min(items[0].quality, items[1].quality) >= 0.95
        between = scene.text[scene.places[outer.end - 1] : scene.places[inner.start]] if wrapped else ""
        if ":" in between and "\n" not in between:
            items[0], items[1] = items[1], items[0]
            items[0] = items[0]._replace(score=items[1].score + INNER)
    return items


def _confidence(item: Scored, rivals: Sequence[Scored], standards: Sequence[Scored] | None) -> float:
    """Return the share of such answers that are right: by its points, and by its lead over the next of its kind.

    With `standards`, code and sentence as a pair may stand for a sign of the provider.
    """
    score = item.score
    unsigned = _unsigned(item)
    lead = min(
        (
            score - other.score + _ahead(item, other)
            for other in rivals
            # What needs a sign of its provider, and has none, is no doubt on what needs none.
            if other is not item and (unsigned or not _unsigned(other))
        ),
        default=100.0,
    )
    doubt = _CLOSE * math.exp(-max(lead, 0.0) / _CLOSENESS) if lead >= 0 else min(0.95, _CLOSE - lead / 20)
    sure = MOST_SURE / (1 + math.exp(-(score - _MIDDLE) / _SLOPE)) * (1 - doubt)
    if unsigned:
        paired = standards is not None and _as_a_pair(item, standards)
        others = item.rivalled and item.telling < PAIRED  # a long sentence may still be right beside a wrong name
        sure = sure if paired else min(sure, OTHERS if others else CAPPED)
    return sure


def _unsigned(item: Scored) -> bool:
    """Tell whether an entry's words may be anybody's, and nothing shows that they are this provider's."""
    return (item.indexed.entry.needs_provider or item.opening) and item.belief < KNOWN


def _peculiar(item: Scored) -> bool:
    """Tell whether the sentence that was found is one that only this entry has."""
    return not (item.indexed.entry.needs_provider or item.opening) and item.quality >= 0.95 and item.telling >= 0.85


def _plain(item: Scored, standards: Sequence[Scored]) -> bool:
    """Tell whether a standard's code or sentence stands there as it is, well before the other standards'."""
    lead = min((item.score - other.score for other in standards if other is not item), default=100.0)
    return (item.code >= 0.8 or item.quality >= 0.95) and lead >= PLAIN_LEAD


def _ahead(item: Scored, other: Scored) -> float:
    """Return the points by which a sentence that takes in the other's is further ahead than the scores say."""
    if item.hit is None or other.hit is None or other.score > item.score:
        return 0.0
    within = item.hit.start <= other.hit.start and other.hit.end <= item.hit.end
    return TAKEN_IN if within and other.hit.end - other.hit.start < 0.8 * (item.hit.end - item.hit.start) else 0.0


def _at_a_host(scene: Scene) -> bool:
    """Tell whether the paste names a public host: then it is that one's error, known to us or not."""
    return any(not host.startswith(("localhost", "127.", "10.", "192.168.")) for host in scene.reading.values("host"))


def _as_a_pair(item: Scored, standards: Sequence[Scored]) -> bool:
    """Code and sentence together, each as this provider writes it and no standard does, are a sign of the provider."""
    if item.code < 0.6 or item.quality < 0.9 or item.telling < PAIRED:
        return False
    return not any(_says_the_same(other, item) for other in standards)


def _says_the_same(other: Scored, item: Scored) -> bool:
    if other.hit is None or item.hit is None or other.quality < 0.9:
        return False
    shared = min(other.hit.end, item.hit.end) - max(other.hit.start, item.hit.start)
    return shared >= 0.7 * (item.hit.end - item.hit.start)


def _candidate(item: Scored, confidence: float) -> Candidate:
    evidence = tuple(Evidence(part.kind, part.value, round(part.points, 1)) for part in item.evidence)
    indexed = item.indexed
    return Candidate(
        indexed.provider, indexed.entry, round(min(item.score, 100.0), 1), round(confidence, 3), evidence, item.captures
    )


def _why(reading: Reading, scene: Scene, ranked: Sequence[tuple[Scored, float]]) -> tuple[str, ...]:
    lines = [f"fact {fact.kind}{f' ({fact.key})' if fact.key else ''}: {fact.value}" for fact in reading.facts[:30]]
    lines += [f"code {code}: {sure:.2f}" for code, sure in scene.codes.items()]
    lines += [f"provider {name}: {b.value:.2f} by {', '.join(b.signs)}" for name, b in scene.beliefs.items()]
    for item, confidence in ranked[:5]:
        parts = "; ".join(f"{part.kind} {part.points:+.1f} [{part.value[:60]}]" for part in item.evidence)
        lines.append(f"candidate {item.entry_id}: {item.score:.1f} points, confidence {confidence:.2f}: {parts}")
    return tuple(lines)
