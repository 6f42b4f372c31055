"""From a message to its reply: reads what is asked, has it explained, and sends the answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import discord
import structlog

from bot.discord.attachments import Attachments
from bot.discord.attention import (
    Abilities,
    abilities,
    files,
    joined,
    mentions,
    post_title,
    replied_to,
    without_mention,
    words,
)
from bot.discord.names import answer_language
from bot.discord.render import Shown, shown
from bot.paste.models import Paste
from bot.service import Explained, Explainer
from bot.store.store import Place
from bot.words import say

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained: the text, and the message it stands in (whose author it belongs to)."""

    text: str
    message: discord.Message


class Replies:
    """Answers messages, with replies that ping nobody."""

    def __init__(self, explainer: Explainer, attachments: Attachments) -> None:
        self._explainer = explainer
        self._attachments = attachments

    async def attend(self, message: discord.Message, me: int) -> None:
        """Reply to `message` where it asks for it, or shows an error that is surely known; else do nothing.

        `me` is the bot's own user id. Raises what Discord, the Explainer or its store raise, after telling the person
        who asked.
        """
        may = abilities(message)
        if not may.send:
            return
        if not mentions(message, me):
            await self._overheard(message, may)
            return
        try:
            await self._asked(message, may, me)
        except Exception:
            with suppress(discord.HTTPException):
                await self._send(message, Shown(say("discord.failed", _language(message), number=message.id)), may)
            raise

    async def explain_message(self, message: discord.Message, lang: str | None) -> Explained | None:
        """Return what is to say to somebody who points at `message`; None where there is nothing to read in it."""
        text = await self._text(message)
        return await self._explain(Question(text, message), "lookup", lang) if text else None

    async def _overheard(self, message: discord.Message, may: Abilities) -> None:
        text = joined([post_title(message), await self._text(message)])
        if not text:
            return
        explained = await self._explain(Question(text, message), "listen")
        # Not sure, or nothing to say: a channel that is overheard hears answers only.
        if explained.verdict.decision == "answer" and explained.answer is not None:
            await self._send(message, shown(explained, explained.answer.lang), may)

    async def _asked(self, message: discord.Message, may: Abilities, me: int) -> None:
        question, unreadable = await self._question(message, me)
        if question is None:
            key = "discord.unreadable" if unreadable else "discord.nothing_to_read"
            await self._send(message, Shown(say(key, _language(message))), may)
            return
        explained = await self._explain(question, "lookup")
        lang = explained.reading.lang if explained.reading else _language(message)
        await self._send(message, shown(explained, lang), may)

    async def _question(self, message: discord.Message, me: int) -> tuple[Question | None, bool]:
        """Return what a message that mentions the bot asks about, and whether there was something that can't be read.

        In a reply to somebody's message it is that message; what the asker adds («it's Okta») is read with it.
        """
        own = joined([post_title(message), without_mention(await self._text(message), me)])
        pointed = await _pointed_at(message)
        if pointed is not None and pointed.author.id != me:
            text = without_mention(await self._text(pointed), me)
            if text:
                return Question(joined([text, own]), pointed), False
        unreadable = pointed is None and replied_to(message) is not None
        unreadable = unreadable or (pointed is not None and pointed.author.id != me)
        return (Question(own, message) if own else None), unreadable

    async def _text(self, message: discord.Message) -> str:
        return joined([words(message), *await self._attachments.texts(files(message))])

    async def _explain(
        self, question: Question, mode: Literal["lookup", "listen"], lang: str | None = None
    ) -> Explained:
        message = question.message
        place = Place(
            guild=message.guild.id if message.guild else None,
            channel=message.channel.id,
            message=message.id,
            person=message.author.id,
        )
        return await self._explainer.explain(
            Paste(question.text, lang=lang), mode=mode, place=place, seen_at=message.created_at
        )

    async def _send(self, message: discord.Message, reply: Shown, may: Abilities) -> None:
        """Send a reply; where Discord will not have the embed, its text. Raises only where Discord itself fails (5xx).

        A refusal is no failure of ours: the message may be gone, or the right to write taken away.
        """
        # The nonce is enforced: Discord drops a second one, so that a send that is tried again can't double.
        nonce = str(message.id)
        try:
            if reply.embed is not None and may.embed:
                with suppress(discord.Forbidden):
                    await message.reply(embed=reply.embed, nonce=nonce, mention_author=False)
                    return
            await message.reply(reply.text, nonce=nonce, mention_author=False)
        except discord.DiscordServerError:
            raise
        except discord.HTTPException as error:
            log.warning("reply.refused", message=message.id, status=error.status, code=error.code)


async def _pointed_at(message: discord.Message) -> discord.Message | None:
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


def _language(message: discord.Message) -> str:
    """Return the language for words that answer no text: the server's."""
    return (answer_language(message.guild.preferred_locale) if message.guild else None) or "en"
