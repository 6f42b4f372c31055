"""Hearing: what a message says with its files, what it points at, and having that explained."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

import discord
import structlog

from bot import metrics
from bot.discord.attachments import Attachments
from bot.discord.attention import Abilities, files, guild_of, joined, place_of, post_title, replied_to, words
from bot.discord.names import answer_language
from bot.discord.rules import Rule
from bot.match.models import Mode
from bot.paste.models import Paste
from bot.service import Explained, Explainer
from bot.store.answers import KeptAnswer
from bot.store.store import Store

MOST_FOUND: Final = 1_000  # threads

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained: the text, and the message it stands in (whose author it belongs to)."""

    text: str
    message: discord.Message


@dataclass(frozen=True, slots=True)
class Heard:
    """A message with what holds where it was written.

    `claimed`: it was taken on before, and is to be answered now; `counted`: its turn was taken; `since`: when it came.
    """

    message: discord.Message
    me: int
    may: Abilities
    rule: Rule
    claimed: bool = False
    counted: bool = False
    since: float = field(default_factory=time.monotonic)

    @property
    def guild(self) -> int | None:
        return guild_of(self.message)

    @property
    def lang(self) -> str:
        """The language for words that answer no text: the channel's, then the server's."""
        guild = self.message.guild
        return self.rule.lang or (answer_language(guild.preferred_locale) if guild else None) or "en"


class Hearing:
    """Reads messages, and has them explained as their channel's rule says."""

    def __init__(self, explainer: Explainer, store: Store, attachments: Attachments) -> None:
        self._explainer = explainer
        self._store = store
        self._attachments = attachments
        self._found: dict[int, discord.Thread | None] = {}

    async def find_channel(self, message: discord.Message) -> None:
        """Have a message know its thread, where the cache doesn't: whose it is decides what holds there."""
        channel, guild = message.channel, message.guild
        if not isinstance(channel, discord.PartialMessageable) or guild is None:
            return
        if channel.id not in self._found:
            try:
                found = await guild.fetch_channel(channel.id)
            except (discord.HTTPException, discord.InvalidData):
                found = None
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[channel.id] = found if isinstance(found, discord.Thread) else None
        message.channel = self._found[channel.id] or channel

    async def text(self, message: discord.Message) -> str:
        """Return all that a message says: a post's title, its text, what it forwards, its files."""
        return joined([post_title(message), words(message), *await self._attachments.texts(files(message))])

    async def explain(self, heard: Heard, question: Question, mode: Mode, *, keep: bool = True) -> Explained:
        """Have a question explained; what has no answer is kept, in direct messages only where its author agreed."""
        message = question.message
        if keep and heard.guild is None:
            keep = (await self._store.people.wishes(message.author.id)).keeps_direct is True
        explained = await self._explainer.explain(
            Paste(question.text, provider=heard.rule.provider, lang=heard.rule.lang),
            mode=mode,
            place=place_of(message),
            seen_at=message.created_at,
            keep=keep and heard.may.send,
        )
        metrics.pastes(mode)
        best = explained.verdict.best
        metrics.verdict(explained.verdict.decision, best.provider.id if best else None)
        return explained

    async def continues(self, heard: Heard) -> KeptAnswer | None:
        """Return the answer of ours that a message replies to."""
        reference = replied_to(heard.message)
        if reference is None or reference.message_id is None:
            return None
        if isinstance(reference.resolved, discord.Message) and reference.resolved.author.id != heard.me:
            return None
        return await self._store.answers.by_reply(reference.message_id)

    async def pointed_at(self, heard: Heard) -> discord.Message | None:
        """Return the message that a message replies to; where that is an answer of ours, the paste it answers."""
        standing = await self.continues(heard)
        return await self.paste_of(heard.message, standing) if standing else await _replied_to(heard.message)

    async def paste_of(self, message: discord.Message, answer: KeptAnswer) -> discord.Message | None:
        """Return the message an answer is about; None where it can't be had any more."""
        if answer.paste is None:
            return None
        try:
            return await message.channel.fetch_message(answer.paste)
        except (discord.NotFound, discord.Forbidden):
            return None


async def _replied_to(message: discord.Message) -> discord.Message | None:
    """Return the message that `message` replies to, asking Discord where the event didn't carry it."""
    reference = replied_to(message)
    if reference is None or reference.message_id is None:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if isinstance(reference.resolved, discord.DeletedReferencedMessage):
        return None
    try:
        return await message.channel.fetch_message(reference.message_id)
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("reference.refused", message=message.id, status=error.status, code=error.code)
        return None
