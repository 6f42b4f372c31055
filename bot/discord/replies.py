"""From a message to its reply: what is asked, what is overheard, and what goes on with something before."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import discord
import structlog

from bot.discord.attachments import Attachments
from bot.discord.attention import abilities, guild_of, joined, mentions, post_title, replied_to, without_mention
from bot.discord.continued import Continued, Run
from bot.discord.cooldowns import Limits
from bot.discord.delivery import DISCORD_FAILS
from bot.discord.hearing import Heard, Hearing, Question
from bot.discord.rules import Rules
from bot.discord.speaking import Speaker
from bot.match.models import Mode
from bot.service import Explainer
from bot.store.answers import KeptAnswer
from bot.store.errors import StoreError
from bot.store.store import Store
from bot.words import say

log = structlog.get_logger(__name__)


class Apologised(Exception):
    """Somebody asked, it failed, and they were told so: nothing is owed. The cause is what failed."""


class Replies:
    """Answers messages, with replies that ping nobody."""

    def __init__(self, explainer: Explainer, store: Store, attachments: Attachments, limits: Limits) -> None:
        self._store = store
        self._turns: dict[tuple[int, int], tuple[asyncio.Lock, int]] = {}
        self._rules = Rules(store.guilds, limits)
        self._hearing = Hearing(explainer, store, attachments)
        self._continued = Continued()
        self.speaker = Speaker(store)

    async def heard(self, message: discord.Message, me: int, *, claimed: bool = False) -> Heard:
        """Return a message with what holds where it was written. Raises StoreError."""
        await self._hearing.find_channel(message)
        rule = await self._rules.at(message.channel, guild_of(message))
        return Heard(message, me, abilities(message), rule, claimed)

    async def attend(self, message: discord.Message, me: int, *, claimed: bool = False) -> None:
        """Reply to `message` where it asks for it, or shows an error that is surely known; else do nothing.

        `me` is the bot's own user id; `claimed` whether the message was taken on before. Raises what Discord, the
        Explainer or its store raise, after telling the person who asked.
        """
        # One author's messages in a channel are taken one after the other: a second one may go on with the first.
        async with self._turn(message):
            heard = await self.heard(message, me, claimed=claimed)
            asked = mentions(message, me)
            ignored = not asked and (await self._store.people.wishes(message.author.id)).ignored
            if heard.rule.mode == "off" or ignored:
                return
            if not asked:
                await self._unasked(heard)
                return
            try:
                await self._asked(heard)
            except DISCORD_FAILS:
                raise  # it is owed, and answered as soon as Discord takes it
            except Exception as error:
                await self._apologise(heard)
                raise Apologised from error

    async def _apologise(self, heard: Heard) -> None:
        message = heard.message
        words = say("discord.failed", heard.lang, number=message.id)
        try:
            await message.reply(words, nonce=str(message.id), mention_author=False)
        except discord.DiscordServerError:
            raise
        except discord.HTTPException as error:
            log.info("apology.refused", message=message.id, code=error.code)
        with suppress(StoreError):
            await self._store.handled.failed(message.id)

    async def edited(self, message: discord.Message, me: int) -> None:
        """Bring the answers about an edited message up to date."""
        standing = await self._store.answers.to(message.id)
        if not standing:
            return
        async with self._turn(message):
            heard = await self.heard(message, me)
            text = without_mention(await self._hearing.text(message), me)
            for kept in standing:
                asked = kept.message != kept.paste or mentions(message, me)
                mode: Mode = "lookup" if asked or kept.decision != "answer" else "listen"
                explained = await self._hearing.explain(heard, Question(text, message), mode, keep=False)
                if text and explained.verdict.decision != "silent" and (asked or explained.answer is not None):
                    await self.speaker.update(heard, kept.id, explained)

    @contextlib.asynccontextmanager
    async def _turn(self, message: discord.Message) -> AsyncIterator[None]:
        """Hold the turn of a message's author in its channel."""
        key = (message.channel.id, message.author.id)
        lock, waiting = self._turns.get(key, (asyncio.Lock(), 0))
        self._turns[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(key)
            if waiting > 1:
                self._turns[key] = (lock, waiting - 1)

    async def _unasked(self, heard: Heard) -> None:
        message, mode = heard.message, heard.rule.mode
        standing = await self._hearing.continues(heard)
        listening = mode == "listen" or (mode == "forum" and post_title(message) != "")
        if not (listening or standing or heard.claimed):
            return
        text = await self._hearing.text(message)
        if text and not (standing and await self._go_on(heard, standing, text)):
            await self._overheard(heard, text)

    async def _overheard(self, heard: Heard, text: str) -> None:
        message = heard.message
        run = self._continued.before(message)
        if run is not None and await self._same_paste(heard, run, text):
            return
        question = Question(f"{run.text}\n{text}" if run else text, message)
        explained = await self._hearing.explain(heard, question, "listen")
        answered = None
        if explained.verdict.decision == "answer":
            answered = message.id
            if run is not None:  # its first part was kept as an unknown error, if as anything
                await self._store.withdraw(run.first.id)
            await self.speaker.speak(heard, explained, message)
        elif heard.claimed:  # its quiet reaction was clicked
            await self.speaker.speak(heard, await self._hearing.explain(heard, question, "lookup"), message)
        elif explained.verdict.decision == "unmatched":
            await self.speaker.offer(heard)
        self._continued.note(message, text, run, answered)

    async def _same_paste(self, heard: Heard, run: Run, text: str) -> bool:
        """Read a message as the next part of a paste that was answered; return whether it is one."""
        if run.answered is None:
            return False
        whole = await self._hearing.explain(heard, Question(f"{run.text}\n{text}", run.first), "listen", keep=False)
        if whole.verdict.decision == "answer":
            await self.speaker.update(heard, run.answered, whole)
        self._continued.note(heard.message, text, run, run.answered)
        return True

    async def _asked(self, heard: Heard) -> None:
        if await self.speaker.quiet(heard, asked=True):
            return
        heard = replace(heard, counted=True)
        question, unreadable = await self._question(heard)
        if question is None:
            await self.speaker.say(heard, "discord.unreadable" if unreadable else "discord.nothing_to_read")
            return
        explained = await self._hearing.explain(heard, question, "lookup")
        await self.speaker.speak(heard, explained, question.message)
        self._continued.note(heard.message, question.text, None, heard.message.id)

    async def _question(self, heard: Heard) -> tuple[Question | None, bool]:
        """Return what a message that mentions the bot asks about, and whether there was something that can't be read.

        In a reply to somebody's message it is that message; what the asker adds («it's Okta») is read with it.
        """
        message, me = heard.message, heard.me
        own = without_mention(await self._hearing.text(message), me)
        pointed = await self._hearing.pointed_at(heard)
        if pointed is not None and pointed.author.id != me:
            text = without_mention(await self._hearing.text(pointed), me)
            if text:
                return Question(joined([text, own]), pointed), False
        unreadable = replied_to(message) is not None and (pointed is None or pointed.author.id != me)
        return (Question(own, message) if own else None), unreadable

    async def _go_on(self, heard: Heard, standing: KeptAnswer, text: str) -> bool:
        """Answer a paste anew with what a reply to its answer adds («it's Okta»), where that changes the answer."""
        alone = await self._hearing.explain(heard, Question(text, heard.message), "listen", keep=False)
        if alone.verdict.decision == "answer":
            return False
        paste = await self._hearing.paste_of(heard.message, standing)
        before = without_mention(await self._hearing.text(paste), heard.me) if paste else ""
        if paste is None or not before:
            return False
        question = Question(joined([before, text]), paste)
        explained = await self._hearing.explain(heard, question, "lookup", keep=False)
        best = explained.verdict.best
        if explained.verdict.decision != "answer" or best is None or best.entry_id == standing.shown:
            return False
        await self.speaker.speak(heard, explained, paste)
        return True
