"""What Discord shows: an Answer as an embed or as plain text, inside Discord's limits by construction.

The only place that lays out messages. Parts are dropped whole, the least telling first, until the rest fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import discord

from bot.answer.models import LONGEST_ANSWER, Answer, ShownCause
from bot.service import Explained
from bot.words import say

# Discord, "Embed Limits": title and author 256 characters, description 4096, all together 6000. What is seen at once is
# held to LONGEST_ANSWER, so that the links' addresses are all that comes on top of it: MOST_SOURCES of 300 at most.
MOST_NAME: Final = 256
MOST_SOURCES: Final = 3
_ROOM_FOR_SOURCES: Final = 150  # their visible part: the heading and the names of the hosts

# What goes first when there is too much. 0 stays, whatever comes.
_PREVENTION: Final = 90
_THIRD_CAUSE: Final = 80
_SNIPPET: Final = 70
_SECOND_CAUSE: Final = 60
_LATER_STEPS: Final = 20
_NOTICED: Final = 10
_NOTES: Final = 5
_MUST: Final = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What to send: a text, or in its place an embed where there is one and the bot may."""

    text: str
    embed: discord.Embed | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer that stands or goes as a whole. The highest `drop` goes first."""

    text: str
    drop: int


def shown(explained: Explained, lang: str) -> Shown:
    """Return what to say to somebody who asked, in every case; `lang` is for words about no particular answer."""
    answer = explained.answer
    if answer is None:
        return Shown(_without_answer(explained, lang))
    return Shown(answer.text, answer_embed(answer))


def _without_answer(explained: Explained, lang: str) -> str:
    reading = explained.reading
    if explained.verdict.decision == "silent" or reading is None:
        return say("discord.no_error", lang)
    unmatched = (
        say("unmatched.kept", lang, group=f"`{explained.group}`") if explained.group else say("unmatched.plain", lang)
    )
    return f"{unmatched}\n{say('discord.secret_seen', lang)}" if reading.traits else unmatched


def answer_embed(answer: Answer) -> discord.Embed:
    """Return an answer or a suggestion as an embed of at most LONGEST_ANSWER visible characters."""
    title = cut(answer.title, MOST_NAME)
    author = cut(answer.provider, MOST_NAME)
    links = source_links(answer.sources)
    room = LONGEST_ANSWER - len(title) - len(author) - (_ROOM_FOR_SOURCES if links else 0)
    parts = _suggestion(answer) if answer.options else _answer(answer)
    description = fitted(parts, room)
    if links:
        description += "\n-# " + say("answer.sources", answer.lang, sources=links)
    embed = discord.Embed(
        title=title,
        description=description,
        colour=discord.Colour.from_str(answer.colour) if answer.colour else None,
    )
    if author:
        embed.set_author(name=author)
    return embed


def _suggestion(answer: Answer) -> Iterator[Part]:
    yield Part(say("suggest.intro", answer.lang), _NOTES)
    for number, option in enumerate(answer.options, start=1):
        name = say("suggest.option", answer.lang, provider=option.provider, title=f"**{option.title}**")
        yield Part(f"{number}. {name}" + (f"\n   {option.tell}" if option.tell else ""), _MUST)
    yield Part("\n" + say("suggest.more", answer.lang), _NOTES)
    yield from _notes(answer)


def _answer(answer: Answer) -> Iterator[Part]:
    lang = answer.lang
    if answer.noticed:
        yield Part(f"{say('answer.noticed', lang)}\n- {answer.noticed[0]}", _NOTICED)
        yield from (Part(f"- {line}", _NOTICED) for line in answer.noticed[1:])
    if len(answer.causes) == 1:
        [cause] = answer.causes
        yield Part(("\n" if answer.noticed else "") + cause.cause, _MUST)
        yield from _steps(cause, lang, first=_MUST, later=_LATER_STEPS)
    else:
        yield Part(("\n" if answer.noticed else "") + say("answer.causes", lang), _SECOND_CAUSE)
        drops = (_MUST, _SECOND_CAUSE, _THIRD_CAUSE)
        for number, (cause, drop) in enumerate(zip(answer.causes, drops, strict=False), start=1):
            name = say("answer.numbered", lang, number=number, cause=cause.cause)
            tell = "\n" + say("answer.tell", lang, tell=cause.tell) if cause.tell else ""
            yield Part(f"\n**{name}**{tell}", drop)
            yield from _steps(cause, lang, first=drop, later=max(drop, _LATER_STEPS))
    if answer.snippet is not None:
        yield Part(_fence(*answer.snippet), _SNIPPET)
    if answer.prevention:
        yield Part("\n" + say("answer.prevention", lang, prevention=answer.prevention), _PREVENTION)
    yield from _notes(answer)


def _steps(cause: ShownCause, lang: str, *, first: int, later: int) -> Iterator[Part]:
    for number, step in enumerate(cause.fix, start=1):
        heading = f"\n**{say('answer.fix', lang)}**\n" if number == 1 else ""
        yield Part(f"{heading}{number}. {step}", first if number == 1 else later)


def _notes(answer: Answer) -> Iterator[Part]:
    yield from (Part(f"-# {note}", _NOTES) for note in answer.notes)


def _fence(language: str, code: str) -> str:
    # A fence inside the code would end the block early; an invisible space keeps its marks apart.
    inert = code.rstrip().replace("```", "`\u200b``")
    return f"```{language}\n{inert}\n```"


def fitted(parts: Iterable[Part], room: int) -> str:
    """Return the parts joined by line ends, at most `room` characters; the most droppable go first, later ones before.

    Where even those that must stay are too long, the text is cut at a word.
    """
    kept = list(parts)
    while len("\n".join(part.text for part in kept)) > room:
        worst = max(part.drop for part in kept)
        if worst == _MUST:
            break
        last = max(place for place, part in enumerate(kept) if part.drop == worst)
        del kept[last]
    return cut("\n".join(part.text for part in kept).strip(), room)


def cut(text: str, room: int) -> str:
    """Return `text` in at most `room` characters, ended at a word and marked with … where it is cut."""
    if len(text) <= room:
        return text
    head = text[: room - 1]
    space = head.rfind(" ")
    # Chinese has no spaces: cut at the character rather than lose half of the text.
    return (head[:space] if space > room // 2 else head).rstrip() + "…"


def source_links(sources: Iterable[str]) -> str:
    """Return the sources as links named by their host, MOST_SOURCES at most. They are the knowledge base's own URLs."""
    links: list[str] = []
    hosts: list[str] = []
    for url in list(dict.fromkeys(sources))[:MOST_SOURCES]:
        host = urlsplit(url).hostname or url
        hosts.append(host)
        label = host if hosts.count(host) == 1 else f"{host} ({hosts.count(host)})"
        # A bracket in the URL would end the link.
        links.append(f"[{label}]({url.replace('(', '%28').replace(')', '%29')})")
    return " · ".join(links)
