"""Composing an answer: cause first, then numbered steps, within what is read at first sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answer.models import LONGEST_ANSWER, Answer, Option, ShownCause
from bot.answer.noticed import noticed
from bot.answer.quote import Quote
from bot.knowledge.models import Entry, Provider, in_language
from bot.match.models import Candidate, Verdict
from bot.paste.models import Reading
from bot.words import language, say

MOST_CAUSES = 3
MOST_OPTIONS = 3
MOST_SOURCES = 2


def compose(verdict: Verdict, reading: Reading, lang: str | None = None) -> Answer | None:
    """Return the answer or suggestion in `lang` (default: the reading's own); None for the other decisions."""
    tag = language(lang or reading.lang)
    if verdict.decision == "answer" and verdict.best is not None:
        return answer(verdict.best, reading, tag)
    if verdict.decision == "suggest" and verdict.candidates:
        return suggestion(verdict.candidates[:MOST_OPTIONS], reading, tag)
    return None


def answer(candidate: Candidate, reading: Reading, lang: str) -> Answer:
    """Return one entry's answer, fitted to LONGEST_ANSWER by leaving out whole pieces, the least needed first."""
    seen = noticed(candidate, reading, lang)
    shown = _shown(candidate.provider, candidate.entry, lang, MOST_CAUSES, seen=seen, notes=_notes(reading, lang))
    return replace(shown, text=_fitted(shown))


def entry_answer(provider: Provider, entry: Entry, lang: str) -> Answer:
    """Return the answer of an entry that was asked for by its name: as `answer`, without anything of a paste."""
    shown = _shown(provider, entry, language(lang), MOST_CAUSES)
    return replace(shown, text=_fitted(shown))


def whole_entry(provider: Provider, entry: Entry, lang: str) -> Answer:
    """Return all that is known of an entry, with every cause; `text` is what fits of it at first sight."""
    return replace(entry_answer(provider, entry, lang), causes=_shown(provider, entry, language(lang)).causes)


def _shown(
    provider: Provider,
    entry: Entry,
    lang: str,
    most: int | None = None,
    *,
    seen: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Answer:
    """Return an entry's answer with at most `most` causes, as yet without its text."""
    return Answer(
        lang=lang,
        title=in_language(entry.title, lang),
        text="",
        provider=in_language(provider.name, lang),
        noticed=seen,
        causes=tuple(
            ShownCause(
                in_language(cause.cause, lang),
                in_language(cause.tell, lang) if cause.tell else "",
                in_language(cause.fix, lang),
            )
            for cause in entry.causes[:most]
        ),
        snippet=(entry.snippet.lang, entry.snippet.code) if entry.snippet else None,
        sources=entry.sources,
        prevention=in_language(entry.prevention, lang) if entry.prevention else "",
        colour=provider.colour,
        notes=notes,
    )


def suggestion(candidates: tuple[Candidate, ...], reading: Reading, lang: str) -> Answer:
    """Return up to three readings of the paste, each with what would tell it from the others."""
    return _suggested(candidates, _notes(reading, lang), lang)


def readings(entries: Sequence[tuple[Provider, Entry]], lang: str) -> Answer:
    """Return a suggestion of these entries, as `suggestion`, without the paste: to show it in another language."""
    candidates = tuple(Candidate(provider, entry, 0.0, 0.0) for provider, entry in entries[:MOST_OPTIONS])
    return _suggested(candidates, (), language(lang))


def _suggested(candidates: tuple[Candidate, ...], notes: tuple[str, ...], lang: str) -> Answer:
    options = tuple(
        Option(
            c.entry_id,
            in_language(c.provider.name, lang),
            in_language(c.entry.title, lang),
            _shows(c, candidates, lang),
        )
        for c in candidates
    )
    only = "_one" if len(options) == 1 else ""
    title = say(f"suggest.title{only}", lang)
    lines = [f"**{title}**", say(f"suggest.intro{only}", lang)]
    for number, option in enumerate(options, start=1):
        name = say("suggest.option", lang, provider=option.provider, title=option.title)
        lines.append(f"{number}. {name}" + (f" ({option.tell})" if option.tell else ""))
    lines.append(say("suggest.more", lang))
    text = "\n".join((*lines, *notes))[:LONGEST_ANSWER]
    return Answer(lang=lang, title=title, text=text, options=options, notes=notes)


def _fitted(shown: Answer) -> str:
    """Return the text with as much as fits; what goes first is the second source, then later causes' later steps."""
    lang = shown.lang
    head = [f"**{shown.title}** · {shown.provider}"]
    if shown.noticed:
        head += [say("answer.noticed", lang), *(f"- {line}" for line in shown.noticed)]
    for causes in _ever_shorter(shown.causes):
        for sources in (MOST_SOURCES, 1):
            tail = [*_sources(shown.sources[:sources], lang), *shown.notes]
            body = [*head, *_causes(causes, lang)]
            if len(_lines([*body, *tail])) <= LONGEST_ANSWER:
                return _with_snippet(shown, body, tail) if causes == shown.causes else _lines([*body, *tail])
    body = [*head[:1], *_causes(shown.causes[:1], lang)]
    while len(_lines(body)) > LONGEST_ANSWER and len(body) > 2:
        body.pop()
    return _lines(body)[:LONGEST_ANSWER]


def _ever_shorter(causes: tuple[ShownCause, ...]) -> Iterator[tuple[ShownCause, ...]]:
    """Yield the causes whole, then with fewer steps from the last one on, then fewer causes."""
    yield causes
    for keep in (1, 0):
        for first in range(len(causes) - 1, 0, -1):
            yield (*causes[:first], *(replace(cause, fix=cause.fix[:keep]) for cause in causes[first:]))
    for number in range(len(causes) - 1, 0, -1):
        yield causes[:number]


def _with_snippet(shown: Answer, body: list[str], tail: list[str]) -> str:
    if shown.snippet:
        code = f"```{shown.snippet[0]}\n{shown.snippet[1].rstrip()}\n```"
        text = _lines([*body, code, *tail])
        if len(text) <= LONGEST_ANSWER:
            return text
    return _lines([*body, *tail])


def _causes(causes: tuple[ShownCause, ...], lang: str) -> list[str]:
    if len(causes) == 1:
        return [say("answer.cause", lang, cause=causes[0].cause), say("answer.fix", lang), *_steps(causes[0])]
    lines = [say("answer.causes", lang)]
    for number, cause in enumerate(causes, start=1):
        lines.append(f"**{say('answer.numbered', lang, number=number, cause=cause.cause)}**")
        if cause.tell:
            lines.append(say("answer.tell", lang, tell=cause.tell))
        lines += _steps(cause)
    return lines


def _steps(cause: ShownCause) -> list[str]:
    return [f"{number}. {step}" for number, step in enumerate(cause.fix, start=1)]


def _sources(urls: tuple[str, ...], lang: str) -> list[str]:
    return [say("answer.sources", lang, sources=" ".join(f"<{url}>" for url in urls))] if urls else []


def _notes(reading: Reading, lang: str) -> tuple[str, ...]:
    return (say("answer.cut", lang, count=reading.cut),) if reading.cut else ()


def _shows(candidate: Candidate, others: tuple[Candidate, ...], lang: str) -> str:
    """Return what would show that it is this one: a code or message, or else a host, that none of the others has."""
    rest = [other for other in others if other is not candidate]
    wire = (
        *_only(candidate.entry.codes, [other.entry.codes for other in rest]),
        *_only(candidate.entry.messages, [other.entry.messages for other in rest]),
    )
    if wire:
        return say("suggest.shows", lang, what=Quote(wire[0][:80]))
    hosts = _only(candidate.provider.hosts, [other.provider.hosts for other in rest])
    return say("suggest.host", lang, what=Quote(hosts[0][:80])) if hosts else ""


def _only(own: Sequence[str], others: Sequence[Sequence[str]]) -> tuple[str, ...]:
    elsewhere = {each.casefold() for other in others for each in other}
    return tuple(each for each in own if each.casefold() not in elsewhere)


def _lines(lines: list[str]) -> str:
    return "\n".join(lines)
