"""Reading: a redacted paste into decoded text, blocks, facts, the error's own lines and the person's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from bot.paste.blocks.markup import markup
from bot.paste.blocks.split import Line, blocks_of, lines_of, mark_structures
from bot.paste.blocks.structures import structures
from bot.paste.decode import Unwrapped, percent, resolve, unwrap
from bot.paste.error_lines import error_lines, telling
from bot.paste.facts import keys
from bot.paste.facts.assigned import assigned
from bot.paste.facts.codes import codes
from bot.paste.facts.drivers import drivers, grpc
from bot.paste.facts.endpoints import endpoints
from bot.paste.facts.exceptions import exceptions
from bot.paste.facts.fields import field, structure_facts
from bot.paste.facts.headers import challenge_facts, header, is_header, schemes
from bot.paste.facts.hosts import hosts
from bot.paste.facts.libraries import libraries
from bot.paste.facts.markup import markup_facts
from bot.paste.facts.params import params
from bot.paste.facts.said import said
from bot.paste.facts.status import statuses
from bot.paste.facts.urls import urls
from bot.paste.language import detect
from bot.paste.models import Fact, Reading, Redaction
from bot.paste.regions import LONG, regions

MOST_FACTS = 200
_FEW_LETTERS = 4  # from which on a person's own words tell their language
_TELLING = frozenset(("code", "message", "status", "exception"))  # what makes an object one that tells an error
_HEADER = re.compile(
    r"[ \t]*(?:[<>*|+-]\s{1,3})?[\"']?(?P<name>[A-Za-z][A-Za-z0-9-]{1,50})[\"']?:[ \t]{0,4}(?P<value>\S.*)"
)
_CHALLENGE = re.compile(
    r"(?:Bearer|DPoP|Basic|Digest|Negotiate|GNAP)\s+(?:realm|error|scope|resource_metadata|charset|qop"
    r"|nonce|authorization_uri|algs)=[^\n]{1,1000}"
)


def read(redaction: Redaction, scrub: Callable[[str], str] | None = None) -> Reading:
    """Return the reading of a redacted paste. Never raises; bounded time and memory for any text.

    `scrub` takes secrets out of a text: it is run on the decoded text, since decoding can bring new ones to light, and
    where it finds any, everything is read from what it leaves. Of a text over `regions.LONG` characters only the
    stretches round error-looking lines are decoded and read.
    """
    text = redaction.text if len(redaction.text) <= LONG else regions(redaction.text)
    unwrapped = unwrap(text)
    encoded = resolve(unwrapped.text)
    decoded = percent(encoded)
    if scrub is not None and decoded != redaction.text:
        scrubbed = scrub(decoded)
        if scrubbed != decoded:
            unwrapped = Unwrapped(scrubbed, unwrapped.fenced)
            encoded = decoded = scrubbed
    found = structures(unwrapped.text)
    lines = lines_of(decoded, unwrapped.fenced)
    of_objects = [list(structure_facts(structure)) for structure in found]
    told = [
        structure
        for structure, facts in zip(found, of_objects, strict=True)
        if any(fact.kind in _TELLING for fact in facts)
    ]
    mark_structures(lines, decoded, told)
    links = list(urls(encoded))
    told_text = telling(lines, decoded)
    parsed = chain(*of_objects, *(facts for _, facts in links))
    facts = _collected(_facts(decoded, told_text, lines, parsed), decoded)
    facts += [fact for fact in _of_traits(redaction) if fact not in facts]
    return Reading(
        text=redaction.text,
        decoded=decoded,
        telling=told_text,
        blocks=tuple(dict.fromkeys(blocks_of(lines, told, [url for url, _ in links]))),
        facts=tuple(facts),
        traits=redaction.traits,
        error_lines=error_lines(lines),
        lang=_language(lines, decoded),
        cut=redaction.cut,
    )


def _facts(text: str, told: str, lines: Sequence[Line], parsed: Iterable[Fact]) -> Iterator[Fact]:
    """Yield all facts of a decoded text, those of its objects and URLs (`parsed`) first.

    `told` is the text without its dull lines: only hosts, paths and libraries are read off those.
    """
    yield from parsed
    if "<" in told and (elements := markup(told)):
        yield from markup_facts(elements)
    yield from grpc(told)
    yield from drivers(told)
    thrown = list(exceptions(told))
    yield from thrown
    yield from _of_lines(lines)
    yield from said(lines)
    yield from assigned(told)
    yield from codes(told)
    yield from statuses(told)
    yield from schemes(told)
    if "realm=" in told or "error=" in told or "scope=" in told:
        for match in _CHALLENGE.finditer(told):
            yield from challenge_facts(match[0])
    yield from hosts(text)
    yield from endpoints(text)
    yield from params(told)
    yield from libraries(
        text, [line.text for line in lines], [fact.value for fact in thrown if fact.kind == "exception"]
    )


def _of_lines(lines: Sequence[Line]) -> Iterator[Fact]:
    """Yield the facts of header lines and of lines such as `Status Code: 401`."""
    erring = any(line.key and keys.plain(line.key) in keys.STRONG for line in lines)
    for line in lines:
        if line.kind in ("http", "form", "log") and ":" in line.text and (match := _HEADER.match(line.text)):
            name = match["name"].lower()
            if is_header(name) and (line.kind == "http" or "-" in name or name in ("host", "authorization")):
                yield from header(name, match["value"].strip())
                continue
        if line.key and line.kind in ("form", "python") and keys.known(line.key):
            told = keys.plain(line.key) not in keys.WEAK or line.errorish
            yield from field(line.key, line.value.rstrip(","), erring and told)


def _collected(facts: Iterable[Fact], text: str) -> list[Fact]:
    """Return at most MOST_FACTS facts without repeats, in the order they stand in the text."""
    unique: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        known = unique.setdefault((fact.kind, fact.value if fact.kind != "param" else f"{fact.key}={fact.value}"), fact)
        if not known.key and fact.key:
            unique[known.kind, known.value] = fact
        if len(unique) >= MOST_FACTS:
            break
    found = list(unique.values())
    places = [text.find(fact.value[:24]) for fact in found]
    ends = [place if place >= 0 else len(text) for place in places]
    return [found[number] for number in sorted(range(len(found)), key=ends.__getitem__)]


def _of_traits(redaction: Redaction) -> Iterator[Fact]:
    for trait in redaction.traits:
        if trait.scheme is not None:
            yield Fact("scheme", trait.scheme, "authorization")


def _language(lines: Sequence[Line], text: str) -> str:
    """Return the language of the person's own lines; of all lines where a machine wrote them all."""
    own = "\n".join(line.text for line in lines if line.kind == "prose")
    letters = filter(str.isalpha, own[:400])
    return detect(own if len(tuple(islice(letters, _FEW_LETTERS))) == _FEW_LETTERS else text)
