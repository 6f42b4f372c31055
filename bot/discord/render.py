"""What each message says: an answer, a suggestion, an unmatched error, all of an entry. No other place builds them.

Parts are dropped whole, the least telling first, until the rest fits; `bot/discord/shown.py` holds Discord's limits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.answer.checklist import checklist, telling_facts
from bot.answer.models import LONGEST_ANSWER, Answer, ShownCause
from bot.answer.revoke import leaks, warning
from bot.discord.keys import key
from bot.discord.parts import MOST_SOURCES, MUST, Part, cut, fence, fitted, source_links
from bot.discord.shown import MOST_OPTIONS, Block, Option, Pick, Press, Row, Shown, Style, in_rows
from bot.knowledge.models import Entry, Provider, in_language
from bot.match.models import Candidate, Verdict
from bot.service import Explained
from bot.words import language, say

MOST_NAME: Final = 200  # characters of a title or of a provider's name
LONGEST_WHOLE: Final = 3600  # of all that is known of an entry, its links' addresses included
MOST_OTHERS: Final = 5
LEAST_OTHER: Final = 0.05  # a match less likely than that is no help
_ROOM_FOR_SOURCES: Final = 150  # their visible part at first sight: the heading and the names of the hosts
_SPRING: Final = "#5865f2"  # of what is no provider's

# What goes first when there is too much; MUST stays.
_PREVENTION: Final = 90
_SNIPPET: Final = 80
_THIRD_CAUSE: Final = 70
_SECOND_CAUSE: Final = 60
_LATER_STEPS: Final = 20
_NOTICED: Final = 10
_NOTES: Final = 5


@dataclass(frozen=True, slots=True)
class Under:
    """What the buttons under an answer have to know. With `answer` None there are none."""

    answer: int | None = None  # its row in the store
    entry: str = ""  # the entry that is shown
    private: bool = False  # only the person sees it: there is nothing to remove
    others: bool = False  # there are other matches
    leak: bool = False  # the pasted message holds a credential and can be removed
    group: str | None = None  # the name under which an unmatched paste was kept
    consent: bool = False  # it could be kept, if its author agrees


def shown(
    explained: Explained,
    lang: str,
    *,
    answer_id: int | None = None,
    private: bool = False,
    removable: bool = False,
    consent: bool = False,
) -> Shown:
    """Return what to say to somebody who asked, in every case; `lang` is for words about no particular answer.

    `answer_id` is the answer's row in the store (none: no buttons); `private` is whether only the person will see it;
    `removable` whether the bot can delete the pasted message; `consent` whether an unmatched paste was not kept because
    its author has not agreed yet.
    """
    answer, reading = explained.answer, explained.reading
    found = leaks(reading.traits, time.time()) if reading else ()
    entries = explained.verdict.candidates
    under = Under(
        answer=answer_id,
        entry=entries[0].entry_id if answer and not answer.options and entries else "",
        private=private,
        others=bool(others(explained.verdict)),
        leak=bool(found) and removable,
        group=explained.group,
        consent=consent,
    )
    spoken = answer.lang if answer else language(lang)
    if answer is not None:
        made = suggestion_shown(answer, under) if answer.options else answer_shown(answer, under)
    elif explained.verdict.decision == "silent" or reading is None:
        made = only(say("discord.no_error", spoken))
    else:
        made = unmatched_shown(telling_facts(reading), spoken, under)
    return replace(made, alert=warning(found, spoken))


def only(words: str) -> Shown:
    """Return a message of one sentence, without anything below it."""
    return Shown(words)


def others(verdict: Verdict) -> tuple[Candidate, ...]:
    """Return the matches besides the answer that are likely enough to be offered."""
    rest = verdict.candidates[1 : 1 + MOST_OTHERS] if verdict.decision == "answer" else ()
    return tuple(candidate for candidate in rest if candidate.confidence >= LEAST_OTHER)


def answer_shown(answer: Answer, under: Under) -> Shown:
    """Return one entry's answer: provider, title, cause, numbered steps, at most LONGEST_ANSWER visible characters."""
    title, provider = cut(answer.title, MOST_NAME), cut(answer.provider, MOST_NAME)
    links = _links(answer)
    room = LONGEST_ANSWER - len(title) - len(provider) - (_ROOM_FOR_SOURCES if links else 0)
    blocks = [Block(_heading(provider, title)), Block(fitted(_answer(answer), room))]
    if links:
        blocks.append(Block("-# " + say("answer.sources", answer.lang, sources=links)))
    return Shown(_plain(answer), tuple(blocks), answer.colour or _SPRING, rows=_under_answer(under, answer.lang))


def suggestion_shown(answer: Answer, under: Under) -> Shown:
    """Return up to three readings with what tells them apart; each has a button that gives its answer."""
    lang = answer.lang
    intro = say("suggest.intro" if len(answer.options) > 1 else "suggest.intro_one", lang)
    blocks = [Block(f"### {cut(answer.title, MOST_NAME)}\n{intro}")]
    room = (LONGEST_ANSWER - 600) // len(answer.options)
    for number, option in enumerate(answer.options, start=1):
        name = f"**{number}. {cut(option.title, MOST_NAME)}**\n-# {cut(option.provider, MOST_NAME)}"
        text = fitted([Part(name, MUST), Part(option.tell, _NOTES)] if option.tell else [Part(name, MUST)], room)
        press = None
        if under.answer:
            label = say("button.pick", lang, number=number)
            press = Press(label, key(f"pick{number}", under.answer, option.entry_id), "main")
        blocks.append(Block(text, press, rule=number == 1))
    notes = "\n".join((say("suggest.more", lang), *answer.notes))
    blocks.append(Block(cut("-# " + notes.replace("\n", "\n-# "), 400), rule=True))
    rows: tuple[Row, ...] = ()
    if under.answer:
        presses = [Press(say("button.none", lang), key("none", under.answer)), _other_language(under, lang)]
        rows = in_rows([*presses, *_removal(under, lang)])
    return Shown(answer.text, tuple(blocks), _SPRING, rows=rows)


def unmatched_shown(facts: Sequence[tuple[str, str]], lang: str, under: Under) -> Shown:
    """Return what can be said of an error that no entry explains: so, what the standards ask, and its number."""
    title = say("unmatched.plain", lang)
    found = checklist(facts, lang)
    parts: list[str] = []
    if found:
        steps = [f"{number}. {step}" for number, step in enumerate(found.steps, start=1)]
        parts.append("\n".join([f"**{found.heading}**", *steps]))
    if under.group:
        parts.append(say("unmatched.number", lang, group=f"`{under.group}`"))
    elif under.consent:
        parts.append(say("unmatched.agree", lang))
    link = "-# " + say("answer.sources", lang, sources=source_links([found.source])) if found else ""
    blocks = [Block(f"### {title}"), *(Block(part) for part in parts), *([Block(link)] if link else [])]
    plain = "\n\n".join([f"**{title}**", *parts, *([f"<{found.source}>"] if found else [])])
    rows: tuple[Row, ...] = ()
    if under.answer:
        presses = [Press(say("button.tell", lang), key("tell", under.answer), "main")] if under.group else []
        if under.consent:
            presses.append(Press(say("button.agree", lang), key("agree", under.answer), "main"))
        rows = in_rows([*presses, _other_language(under, lang), *_removal(under, lang)])
    return Shown(plain, tuple(blocks), None, rows=rows)


def whole_shown(answer: Answer) -> Shown:
    """Return all that is known of an entry, as far as one message holds: every cause, prevention, snippet, sources."""
    title, provider = cut(answer.title, MOST_NAME), cut(answer.provider, MOST_NAME)
    links = _links(answer, most=6)
    room = LONGEST_WHOLE - len(title) - len(provider) - len(links)
    body = fitted(_answer(answer, whole=True), room)
    blocks = [Block(_heading(provider, title)), Block(body)]
    if links:
        blocks.append(Block("-# " + say("answer.sources", answer.lang, sources=links)))
    return Shown(_plain(answer), tuple(blocks), answer.colour or _SPRING)


def others_shown(found: Sequence[tuple[Provider, Entry]], answer: int, lang: str) -> Shown:
    """Return the select of other matches."""
    tag = language(lang)
    options = tuple(
        Option(in_language(entry.title, tag), f"{provider.id}/{entry.id}"[:100], in_language(provider.name, tag))
        for provider, entry in found[:MOST_OPTIONS]
    )
    return Shown(say("others.intro", lang), rows=(Pick(key("other", answer), say("others.hint", lang), options),))


def _links(answer: Answer, most: int = MOST_SOURCES) -> str:
    """Return the sources as links, and after them the entry's page on the published site."""
    page = [f"[{say('answer.page', answer.lang)}]({answer.page})"] if answer.page else []
    return " · ".join([*filter(None, [source_links(answer.sources, most)]), *page])


def _plain(answer: Answer) -> str:
    return f"{answer.text}\n{say('answer.page', answer.lang)}: <{answer.page}>" if answer.page else answer.text


def _heading(provider: str, title: str) -> str:
    return f"-# {provider}\n### {title}" if provider else f"### {title}"


def _answer(answer: Answer, *, whole: bool = False) -> Iterator[Part]:
    lang = answer.lang
    if answer.noticed:
        yield Part(f"{say('answer.noticed', lang)}\n- {answer.noticed[0]}", _NOTICED)
        yield from (Part(f"- {line}", _NOTICED) for line in answer.noticed[1:])
    if len(answer.causes) == 1:
        [cause] = answer.causes
        yield Part(("\n" if answer.noticed else "") + cause.cause, MUST)
        first, *later = _numbered(cause)
        yield Part(f"\n**{say('answer.fix', lang)}**\n{first}", MUST)
        yield from (Part(step, _LATER_STEPS) for step in later)
    elif answer.causes:
        yield Part(("\n" if answer.noticed else "") + say("answer.causes", lang), _SECOND_CAUSE)
        for number, cause in enumerate(answer.causes, start=1):
            drop = (MUST, _SECOND_CAUSE, _THIRD_CAUSE)[min(number, 3) - 1]
            name = f"**{say('answer.numbered', lang, number=number, cause=cause.cause)}**"
            tell = [say("answer.tell", lang, tell=cause.tell)] if cause.tell else []
            first, *later = _numbered(cause)
            # A cause without its first step is no help.
            yield Part("\n" + "\n".join([name, *tell, first]), drop)
            yield from (Part(step, max(drop, _LATER_STEPS)) for step in later)
    if answer.snippet is not None:
        yield Part(fence(*answer.snippet), _SNIPPET)
    if answer.prevention:
        prevention = say("answer.prevention", lang, prevention=answer.prevention)
        yield Part("\n" + prevention, _NOTES if whole else _PREVENTION)
    yield from (Part(f"-# {note}", _NOTES) for note in answer.notes)


def _numbered(cause: ShownCause) -> list[str]:
    return [f"{number}. {step}" for number, step in enumerate(cause.fix, start=1)]


def _under_answer(under: Under, lang: str) -> tuple[Row, ...]:
    if under.answer is None:
        return ()

    def press(verb: str, style: Style = "plain") -> Press:
        return Press(say(f"button.{verb}", lang), key(verb, under.answer, under.entry), style)

    presses = [press("solved", "good"), press("unhelped"), press("more")]
    if under.others:
        presses.append(press("others"))
    return in_rows([*presses, _other_language(under, lang), *_removal(under, lang)])


def _other_language(under: Under, lang: str) -> Press:
    other = "zh" if language(lang) == "en" else "en"
    return Press("中文" if other == "zh" else "English", key(other, under.answer, under.entry))


def _removal(under: Under, lang: str) -> list[Press]:
    if under.private:
        return []
    presses = [Press(say("button.remove", lang), key("remove", under.answer))]
    if under.leak:
        presses.append(Press(say("leak.remove", lang), key("delete", under.answer), "bad"))
    return presses
