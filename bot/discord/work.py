"""The messages at work: each is taken once, however it comes, and what could not be finished is owed."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Final

import discord
import structlog

from bot import metrics
from bot.discord.attention import Seen, guild_of, messageable, moderates, place_of, written_by_a_person
from bot.discord.catchup import MOST_TRIES, CatchUp
from bot.discord.cursors import REMEMBERED, Cursors, Reading
from bot.discord.replies import Apologised, Replies
from bot.discord.trouble import trouble
from bot.discord.upkeep import EACH_MINUTE
from bot.store.store import Store

MOST_AT_ONCE: Final = 500  # messages in work; what comes on top is refused at once rather than queued
MOST_OWED: Final = 1_000
LAST_REPLIES: Final = 5.0  # seconds that messages in work get when the bot is stopped

log = structlog.get_logger(__name__)


class Work:
    """Takes messages, edits, deletions and clicks as they come, and sees to it that none is lost or answered twice."""

    def __init__(self, client: discord.Client, store: Store, replies: Replies) -> None:
        self._client = client
        self._store = store
        self._replies = replies
        self._seen = Seen()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._owed: dict[int, tuple[discord.Message, int]] = {}  # with the number of attempts
        self._reading = Reading()
        self._catch_up = CatchUp(client, store.handled, replies.speaker.repliers, self.take, self._resume)
        self._catching_up = asyncio.Lock()
        # Where to read on from: `_missed` has to be read back yet, at a start all that is stored; `_broken` is how far
        # it was when the connection broke, and is missed only where the session can't be resumed.
        self._missed: Cursors | None = {}
        self._broken: Cursors | None = None
        self._closing = False

    @property
    def at_work(self) -> int:
        """How many messages are attended to at this moment."""
        return len(self._tasks)

    # What comes.

    async def take(self, message: discord.Message) -> None:
        """Attend to a message, once, however often and in which way it comes."""
        if self._closing or not self._seen.first_time(message.id):
            return
        self._replies.speaker.repliers.note(message)
        self._reading.begins(message.channel.id, guild_of(message), message.id)
        try:
            if written_by_a_person(message):
                await self._attend(message)
        finally:
            if message.id not in self._owed:
                self._reading.ends(message.channel.id, message.id)

    async def edited(self, message: discord.Message) -> None:
        """Bring the answers to an edited message up to date."""
        # Without a time of the edit it is Discord's own change: a link was unfurled, a thread was begun.
        me = self._client.user
        if message.edited_at is None or not written_by_a_person(message) or self._closing or me is None:
            return
        await self._finished(message.id)
        await self._replies.edited(message, me.id)

    async def deleted(self, channel: int, guild: int | None, message: int) -> None:
        """Delete the answers to a message that was deleted."""
        await self._finished(message)
        if self._replies.speaker.spared(message):
            return
        where = self._client.get_partial_messageable(channel, guild_id=guild)
        standing = await self._store.answers.to(message)
        for kept in standing:
            await self._replies.speaker.delivery.remove(where, kept)
        reply = await self._store.handled.reply_to(message)
        if reply is not None and reply not in {kept.reply for kept in standing}:
            await self._replies.speaker.delivery.delete(where, reply)

    async def clicked(self, payload: discord.RawReactionActionEvent) -> None:
        """Offer the readings, once, where its author or a moderator clicked the quiet reaction of a message."""
        if self._closing or not (payload.message_author_id in (None, payload.user_id) or moderates(payload)):
            return
        if not await self._store.handled.offered(payload.message_id):
            return
        channel = messageable(self._client, payload.channel_id, payload.guild_id)
        message = await channel.fetch_message(payload.message_id)
        if payload.user_id != message.author.id and not moderates(payload):
            return
        # The first click claims it; the others find it taken.
        if await self._store.handled.claim(place_of(message), None, dt.datetime.now(dt.UTC)):
            await self._resume(message)

    # The connection.

    def broken(self) -> None:
        """The connection broke: from here on something may be missed."""
        if self._broken is None:
            self._broken = self._reading.now()

    def mended(self) -> None:
        """The session was resumed: Discord has sent what was missed."""
        self._broken = None

    async def anew(self) -> None:
        """A new session has begun: what was missed before it has to be read back."""
        if self._missed is None or self._broken is not None:
            self._missed = {**(self._broken or {}), **(self._missed or {})}
        self._broken = None
        await self.catch_up()

    async def catch_up(self) -> None:
        """Resume what is pending and read back what was missed; what can't be read now is tried the next time."""
        async with self._catching_up:
            missed = self._missed
            if missed is None:
                return
            now = dt.datetime.now(dt.UTC)
            await self._catch_up.resume_pending(now, self._tasks)
            stored = await self._store.handled.cursors(now - REMEMBERED)
            left = await self._catch_up.read_back({**stored, **missed})
            if self._missed is missed:
                self._missed = left or None

    # By the clock.

    async def keep_reading(self) -> None:
        """Store how far channels are read, and what was refused."""
        await self._replies.speaker.keep_refusals()
        # While something may have been missed the stored cursors stay where they are.
        if self._missed is None and self._broken is None:
            await self._reading.keep(self._store.handled)

    async def pay(self) -> None:
        """Try again what could not be finished, and what is still to be read back."""
        if self._closing or not self._client.is_ready():
            return
        await self.catch_up()
        late = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=EACH_MINUTE)
        await self._catch_up.resume_pending(late, self._tasks)
        for number, (message, tries) in list(self._owed.items()):
            if tries >= MOST_TRIES:
                metrics.lost()
                log.error("message.lost", message=number)
                self._paid(message)
            elif await self._store.handled.state(number) is not None:
                self._paid(message)  # it was claimed: resuming sees to it
            else:
                await self._attend(message)

    async def finish(self) -> None:
        """Take nothing more, and give what is in work LAST_REPLIES seconds."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=LAST_REPLIES)
        await self.keep_reading()

    async def _resume(self, message: discord.Message) -> None:
        """Answer a message that was claimed before."""
        if not self._closing:
            await self._attend(message, claimed=True)

    async def _attend(self, message: discord.Message, *, claimed: bool = False) -> None:
        me = self._client.user
        if me is None or message.id in self._tasks:
            return
        if self.at_work >= MOST_AT_ONCE:
            metrics.refused("full")
            log.warning("message.refused", message=message.id, limit="full")
            return
        task = asyncio.create_task(self._replies.attend(message, me.id, claimed=claimed))
        self._tasks[message.id] = task
        try:
            await task
            self._paid(message)
        except Apologised as error:
            metrics.failed("message")
            log.error("message.failed", message=message.id, **trouble(error.__cause__ or error))
            self._paid(message)
        except Exception as error:
            metrics.failed("message")
            log.error("message.failed", message=message.id, **trouble(error))
            self._owe(message)
        finally:
            self._tasks.pop(message.id, None)

    async def _finished(self, message: int) -> None:
        """Wait until a message is attended to, if it is at work."""
        task = self._tasks.get(message)
        if task is not None:
            await asyncio.wait({task})

    def _owe(self, message: discord.Message) -> None:
        tries = self._owed[message.id][1] + 1 if message.id in self._owed else 0
        if tries or len(self._owed) < MOST_OWED:
            self._owed[message.id] = (message, tries)
        else:
            metrics.lost()
            log.error("message.lost", message=message.id)

    def _paid(self, message: discord.Message) -> None:
        if self._owed.pop(message.id, None) is not None:
            self._reading.ends(message.channel.id, message.id)
