"""The desk: what commands and buttons work with, and where a press arrives."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import discord
import structlog

from bot import metrics
from bot.answer.checklist import telling_facts
from bot.answer.revoke import leaks
from bot.discord.attachments import Attachments
from bot.discord.attention import files, joined, words
from bot.discord.cooldowns import Limits
from bot.discord.render import MOST_OTHERS, shown
from bot.discord.rules import Rules
from bot.discord.shown import Shown
from bot.discord.whisper import Interaction
from bot.knowledge.load import Knowledge
from bot.knowledge.models import Entry, Provider
from bot.knowledge.search import Catalogue
from bot.paste.models import Paste
from bot.service import Explained, Explainer
from bot.store.answers import KeptAnswer, NewAnswer
from bot.store.errors import StoreError
from bot.store.store import Place, Store

MOST_CATALOGUES: Final = 8  # servers with entries of their own are few, and one takes 30 ms to make
_READ_SECONDS: Final = 1.5  # a row that takes longer comes too late for the acknowledgement (3 s)

log = structlog.get_logger(__name__)


@dataclass
class Desk:
    """What commands and buttons share. `store` is None only where nothing is kept at all."""

    client: discord.Client
    explainer: Explainer
    store: Store | None
    attachments: Attachments
    spare: Callable[[int], None]  # keeps the answer to a message that the bot is about to delete

    def __post_init__(self) -> None:
        self._catalogues: list[tuple[Knowledge, Catalogue]] = []  # the one that was used last comes last
        # Made at start: it takes 30 ms, in which nothing else would be answered.
        self.catalogue(None)
        self.started = dt.datetime.now(dt.UTC)

    def catalogue(self, guild: int | None) -> Catalogue:
        """Return a server's entries as they are searched: the shared ones, and its maintainers' own."""
        knowledge = self.explainer.knowledge_of(guild)
        found = next((each for each in self._catalogues if each[0] is knowledge), None)
        if found is None:
            found = (knowledge, Catalogue(knowledge))
        others = [each for each in self._catalogues if each is not found]
        self._catalogues = [*others[1 - MOST_CATALOGUES :], found]
        return found[1]

    def entry(self, entry_id: str, guild: int | None) -> tuple[Provider, Entry] | None:
        """Return an entry by its id or one it had formerly, as the server knows it from which somebody asks."""
        return self.explainer.knowledge_of(guild).resolve(entry_id) if entry_id else None

    def entries(self, ids: list[str], guild: int | None) -> list[tuple[Provider, Entry]]:
        """Return those of some entries that there are still."""
        return [found for found in (self.entry(each, guild) for each in ids) if found is not None]

    async def kept(self, number: int) -> KeptAnswer | None:
        """Return an answer's row; None where it is gone, or can't be had in time to acknowledge a press."""
        if self.store is None or not number:
            return None
        try:
            async with asyncio.timeout(_READ_SECONDS):
                return await self.store.answers.get(number)
        except (TimeoutError, StoreError):
            log.warning("answer.not_read", answer=number)
            return None

    async def paste_of(self, kept: KeptAnswer) -> discord.Message | None:
        """Return the message an answer is about, where it is still there and may be read."""
        number = kept.paste or kept.message
        if number is None or kept.channel is None:
            return None
        try:
            return await self.client.get_partial_messageable(kept.channel).fetch_message(number)
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("paste.not_read", message=number, status=error.status, code=error.code)
            return None

    async def text_of(self, message: discord.Message) -> str:
        """Return all that a message says, its files included."""
        return joined([words(message), *await self.attachments.texts(files(message))])

    async def judged_again(self, kept: KeptAnswer, lang: str) -> Explained | None:
        """Return what is to say to an answer's paste in another language, keeping nothing; None where it is gone."""
        message = await self.paste_of(kept)
        text = await self.text_of(message) if message is not None else ""
        if not text:
            return None
        place = Place(kept.guild, kept.channel, kept.message, None)
        return await self.explainer.explain(Paste(text, kept.provider, lang), mode="lookup", place=place, keep=False)

    async def explain(self, interaction: Interaction, paste: Paste, *, private: bool) -> Shown:
        """Explain what a person gave to a command, keep the answer for its buttons, and return what to show."""
        direct = interaction.guild_id is None
        agreed = True
        if self.store is not None and not direct and (paste.provider is None or paste.lang is None):
            rule = await Rules(self.store.guilds, Limits()).at(interaction.channel, interaction.guild_id)
            paste = replace(paste, provider=paste.provider or rule.provider, lang=paste.lang or rule.lang)
        if direct and self.store is not None:
            agreed = (await self.store.people.wishes(interaction.user.id)).keeps_direct is True
        place = Place(
            guild=interaction.guild_id, channel=interaction.channel_id, message=None, person=interaction.user.id
        )
        explained = await self.explainer.explain(
            paste, mode="lookup", place=place, seen_at=interaction.created_at, keep=agreed
        )
        return await self.answered(interaction, explained, place, paste, private=private, consent=not agreed)

    async def answered(
        self,
        interaction: Interaction,
        explained: Explained,
        place: Place,
        paste: Paste,
        *,
        private: bool,
        consent: bool = False,
        source: int | None = None,
    ) -> Shown:
        """Keep an answer to an interaction for its buttons; return what to show. `source` is the pasted message."""
        best = explained.verdict.best
        metrics.pastes("command" if source is None else "menu")
        metrics.verdict(explained.verdict.decision, best.provider.id if best else None)
        lang = paste.lang or (explained.reading.lang if explained.reading else "en")
        number = None
        if self.store is not None and explained.verdict.decision != "silent":
            new = new_answer(interaction.id, explained, lang, place, interaction.created_at)
            try:
                await self.store.answers.add(replace(new, private=private, paste=source, provider=paste.provider))
                number = interaction.id
            except StoreError as error:  # an answer without buttons is better than none
                log.error("answer.not_kept", interaction=interaction.id, error=type(error).__name__)
        return shown(explained, lang, answer_id=number, private=private, consent=consent)


def new_answer(number: int, explained: Explained, lang: str, place: Place, at: dt.datetime) -> NewAnswer:
    """Return the row of an answer: what its buttons need, and nothing of the paste."""
    verdict, reading = explained.verdict, explained.reading
    entries = tuple((found.entry_id, found.confidence) for found in verdict.candidates[: MOST_OTHERS + 1])
    return NewAnswer(
        id=number,
        decision=verdict.decision,
        candidates=entries,
        lang=explained.answer.lang if explained.answer else lang,
        place=place,
        sent_at=at,
        shown=entries[0][0] if verdict.decision == "answer" and entries else None,
        group=explained.group,
        secrets=tuple((leak.kind, leak.vendor) for leak in leaks(reading.traits, at.timestamp())) if reading else (),
        facts=telling_facts(reading) if reading else (),
    )
