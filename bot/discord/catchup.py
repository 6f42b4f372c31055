"""Catching up: what was claimed and not known to be sent, and what was written while nobody listened."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import discord
import structlog

from bot import metrics
from bot.discord.attention import Repliers, messageable, written_by_a_person
from bot.discord.cursors import Cursors
from bot.discord.delivery import DISCORD_FAILS
from bot.discord.trouble import trouble
from bot.store.handled import Handled, Pending

MOST_BACK: Final = 100  # messages of a channel
OLDEST: Final = dt.timedelta(minutes=10)
MOST_TRIES: Final = 10  # of resuming a message, a minute or more apart; then it is given up, and counted as lost
AT_ONCE: Final = 4  # channels read at the same time

Take = Callable[[discord.Message], Awaitable[None]]
log = structlog.get_logger(__name__)


class CatchUp:
    """Finds what is owed, and hands it to those who answer."""

    def __init__(self, client: discord.Client, handled: Handled, repliers: Repliers, take: Take, resume: Take) -> None:
        """`take` attends to a message as if it came now; `resume` to one that was claimed before."""
        self._client = client
        self._handled = handled
        self._repliers = repliers
        self._take = take
        self._resume = resume

    async def read_back(self, cursors: Cursors) -> Cursors:
        """Attend to what came after the cursors: at most MOST_BACK messages and OLDEST a channel, the oldest first.

        Return the cursors of the channels that Discord could not give now.
        """
        turn = asyncio.Semaphore(AT_ONCE)

        async def read(channel: int, guild: int | None, last: int) -> bool:
            async with turn:
                return await self._read_channel(channel, guild, last)

        done = await asyncio.gather(*(read(channel, *place) for channel, place in cursors.items()))
        return {place[0]: place[1] for place, read_it in zip(cursors.items(), done, strict=True) if not read_it}

    async def resume_pending(self, before: dt.datetime, at_work: Iterable[int]) -> None:
        """Send what was claimed before a moment and is not known to be sent, where no reply of ours stands."""
        busy = set(at_work)
        for pending in await self._handled.pending(before):
            if pending.message not in busy:
                await self._resume_one(pending)

    async def _read_channel(self, number: int, guild: int | None, last: int) -> bool:
        channel = messageable(self._client, number, guild)
        newest = getattr(channel, "last_message_id", None)
        if newest is not None and newest <= last:
            return True
        after = max(last, discord.utils.time_snowflake(dt.datetime.now(dt.UTC) - OLDEST))
        try:
            missed = [
                message
                async for message in channel.history(limit=MOST_BACK, after=discord.Object(after), oldest_first=True)
            ]
        except DISCORD_FAILS as error:
            log.warning("channel.not_read_back", channel=number, **trouble(error))
            return False
        except discord.HTTPException as error:
            log.info("channel.not_read_back", channel=number, code=error.code)
            return True  # it is gone, or not for the bot to read
        for message in missed:
            self._repliers.note(message)
        theirs = [message for message in missed if written_by_a_person(message)]
        known = await self._handled.known(message.id for message in theirs)
        ours = self._answered(missed)
        for message in theirs:
            if message.id not in known and message.id not in ours:
                await self._take(message)
        if theirs:
            log.info("channel.read_back", channel=number, messages=len(theirs))
        return True

    async def _resume_one(self, pending: Pending) -> None:
        channel = messageable(self._client, pending.channel, pending.guild)
        await self._handled.tried(pending.message)
        try:
            since = [
                message
                async for message in channel.history(
                    limit=MOST_BACK, after=discord.Object(pending.message), oldest_first=True
                )
            ]
            reply = self._answered(since).get(pending.message)
            if reply is not None:
                await self._handled.sent(pending.message, reply)
                return
            message = await channel.fetch_message(pending.message)
        except (discord.NotFound, discord.Forbidden) as error:
            log.info("message.gone", message=pending.message, code=error.code)
            await self._handled.failed(pending.message)
            return
        except (discord.HTTPException, *DISCORD_FAILS) as error:
            log.warning("message.not_resumed", message=pending.message, tries=pending.tries + 1, **trouble(error))
            if pending.tries + 1 >= MOST_TRIES:
                metrics.lost()
                await self._handled.failed(pending.message)
            return
        metrics.resumed()
        await self._resume(message)

    def _answered(self, messages: Iterable[discord.Message]) -> dict[int, int]:
        """Return which messages have a reply of ours among `messages`, and which that is."""
        me = self._client.user.id if self._client.user else 0
        found: dict[int, int] = {}
        for message in messages:
            reference = message.reference
            if message.author.id == me and reference is not None and reference.message_id is not None:
                found.setdefault(reference.message_id, message.id)
        return found
