"""Delivering a reply exactly once: claimed in the store, sent under a nonce, marked as sent; tried again in bounds."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import aiohttp
import discord
import structlog

from bot.discord.attention import Abilities, guild_of, place_of
from bot.discord.shown import Shown, is_v2
from bot.discord.trouble import trouble
from bot.store.answers import KeptAnswer, NewAnswer
from bot.store.errors import StoreBusy, StoreError
from bot.store.store import Store

PAUSES: Final = (0.5, 2.0, 5.0)  # seconds between attempts; discord.py has made five of its own by then
NOTED_FOR: Final = dt.timedelta(hours=1)
MOST_NOTED: Final = 5_000  # channels
NO_HISTORY: Final = 160002  # Discord: "Cannot reply without permission to read message history"

# What is no refusal but a failure of Discord's or of the network: trying again is right.
DISCORD_FAILS: Final = (discord.DiscordServerError, aiohttp.ClientError, TimeoutError, OSError)

Given = TypeVar("Given")
log = structlog.get_logger(__name__)


class Delivery:
    """Sends replies, edits and deletes them. Every message is answered once, whatever fails in between."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[int, dt.datetime] = {}

    async def reply(
        self,
        message: discord.Message,
        reply: Shown,
        may: Abilities,
        answer: NewAnswer | None = None,
        *,
        claimed: bool = False,
    ) -> discord.Message | None:
        """Reply to `message`, unless that was done before or Discord will not have it: then return None.

        `claimed` is whether the message is ours already (it is resumed, or its quiet reaction was clicked). Raises
        what Discord or the network raise after the last attempt; the message then stays pending and is resumed later.
        Raises StoreError where it can't be claimed.
        """
        if not claimed:
            now = dt.datetime.now(dt.UTC)
            if not await patiently(lambda: self._store.handled.claim(place_of(message), answer, now)):
                return None
        elif answer is not None:
            await patiently(lambda: self._store.answers.add(answer))
        try:
            sent = await _through_trouble(lambda: _send(message, reply, may))
        except discord.HTTPException as error:
            if error.status >= 500 or error.status == 429:
                raise
            # No failure of ours: the message may be gone, or the right to write taken away.
            log.warning("reply.refused", message=message.id, status=error.status, code=error.code)
            await patiently(lambda: self._store.handled.failed(message.id))
            if error.status == 403:
                await self.hindered(message)
            return None
        try:
            await patiently(lambda: self._store.handled.sent(message.id, sent.id))
        except StoreError as error:
            # It stays pending; resuming it finds this reply.
            log.error("reply.not_marked", message=message.id, **trouble(error))
        return sent

    async def hindered(self, message: discord.Message) -> None:
        """Note for the settings panel where the bot had something to say and may not write; once an hour."""
        guild, channel, now = guild_of(message), message.channel, dt.datetime.now(dt.UTC)
        if guild is None or now - self._noted.get(channel.id, dt.datetime.min.replace(tzinfo=dt.UTC)) < NOTED_FOR:
            return
        if len(self._noted) > MOST_NOTED:
            self._noted.clear()
        self._noted[channel.id] = now
        lacking = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
        await self._store.guilds.hindered(guild, channel.id, lacking, now)

    async def change(self, channel: discord.abc.Messageable, kept: KeptAnswer, reply: Shown, answer: NewAnswer) -> None:
        """Put another answer in the place of one that stands. Where its message is gone its row goes too."""
        if kept.reply is None:
            return
        try:
            standing = await channel.fetch_message(kept.reply)
            await _through_trouble(lambda: standing.edit(**reply.editing(v2=is_v2(standing))))
        except discord.NotFound:
            await self._store.answers.removed(kept.id)
            return
        except discord.Forbidden as error:
            log.warning("reply.edit_refused", message=kept.reply, code=error.code)
            return
        await self._store.answers.add(answer)

    async def remove(self, channel: discord.PartialMessageable, kept: KeptAnswer) -> None:
        """Delete an answer's message and its row."""
        if kept.reply is not None:
            await self.delete(channel, kept.reply)
        await self._store.answers.removed(kept.id)

    async def delete(self, channel: discord.PartialMessageable, reply: int) -> None:
        """Delete a message of the bot's, if it still stands."""
        try:
            await _through_trouble(channel.get_partial_message(reply).delete)
        except (discord.NotFound, discord.Forbidden) as error:
            log.info("reply.not_deleted", message=reply, code=error.code)


async def patiently(work: Callable[[], Awaitable[Given]]) -> Given:
    """Do something in the store, again where another process held it (each attempt waits 5 s by itself)."""
    for pause in PAUSES[:2]:
        try:
            return await work()
        except StoreBusy:
            await asyncio.sleep(pause)
    return await work()


async def _through_trouble(work: Callable[[], Awaitable[Given]]) -> Given:
    """Do something with Discord, again where it or the network fails."""
    for pause in PAUSES:
        try:
            return await work()
        except DISCORD_FAILS as error:
            log.warning("discord.retried", **trouble(error))
        await asyncio.sleep(pause)
    return await work()


async def _send(message: discord.Message, reply: Shown, may: Abilities) -> discord.Message:
    """Send a reply; laid out where that may be, else its text; beside the message where it can't be a reply.

    The nonce is enforced by discord.py: Discord drops a second one within minutes, so that a retry can't double.
    """
    v2, beside = may.embed and bool(reply.blocks), False
    while True:
        made = {**reply.sending(v2=v2), "nonce": str(message.id)}
        try:
            if beside:
                return await message.channel.send(**made)
            return await message.reply(**made, mention_author=False)
        except discord.HTTPException as error:
            if error.code == NO_HISTORY and not beside:
                beside = True
            elif v2 and error.status in (400, 403) and not _gone(error):
                v2 = False
            else:
                raise
            log.warning("reply.plainer", message=message.id, status=error.status, code=error.code)


def _gone(error: discord.HTTPException) -> bool:
    """Return whether Discord refuses a reply because the message it would reply to is gone."""
    return error.code == 50035 and "message_reference" in error.text
