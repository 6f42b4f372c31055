"""What the bot does for the events of its connection: put together once knowledge and store are there."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt

import discord
import structlog
import yarl

from bot import memory
from bot.curate.desk import Desk as Curating
from bot.curate.live import Live
from bot.discord.attachments import Attachments
from bot.discord.buttons import Buttons
from bot.discord.commands import Commands, all_buttons
from bot.discord.cooldowns import Limits
from bot.discord.desk import Desk
from bot.discord.digest import Digests
from bot.discord.endpoint import OFFICIAL, DiscordError
from bot.discord.notices import Telling
from bot.discord.registration import register
from bot.discord.replies import Replies
from bot.discord.review_desk import Owners, Reviewing
from bot.discord.speaking import QUIET
from bot.discord.upkeep import EACH_HOUR, EACH_MINUTE, OFTEN, Upkeep
from bot.discord.work import Work
from bot.service import Explainer
from bot.store.errors import StoreError

log = structlog.get_logger(__name__)


class Duties:
    """Attends to messages, presses and commands, and to what is due by the clock."""

    def __init__(
        self, client: discord.Client, explainer: Explainer, *, base: str, limits: Limits, owners: frozenset[int]
    ) -> None:
        """`base` is the REST base (see endpoint.api_base). Raises DiscordError where the explainer has no store."""
        if explainer.store is None:
            raise DiscordError("The bot needs a database to answer each message once: set AUTHBOT_DATABASE_URL.")
        self._client = client
        self._explainer = explainer
        self._store = explainer.store
        self._attachments = Attachments(None if base == OFFICIAL else yarl.URL(base).host)
        self._replies = Replies(explainer, self._store, self._attachments, limits)
        self._work = Work(client, self._store, self._replies)
        self._telling = Telling(client, explainer, self._store)
        desk = Desk(client, explainer, self._store, self._attachments, self._replies.speaker.spare)
        self._reviewing = self._review(desk, owners)
        self._buttons: Buttons = all_buttons(desk, self._reviewing)
        self._commands = Commands(desk, self._reviewing)
        self._upkeep = Upkeep()
        self._settled = False  # what start-up left in memory is cleared away

    def _review(self, desk: Desk, owners: frozenset[int]) -> Reviewing | None:
        """Return what /review works with; None where nothing can be decided."""
        live = self._explainer.live
        if not isinstance(live, Live):
            return None
        return Reviewing(
            desk,
            Curating(self._store, live),
            Owners(self._client, owners),
            lambda: self._upkeep.soon("notices", self._telling.tell_all),
        )

    @property
    def at_work(self) -> int:
        """How many messages are attended to at this moment."""
        return self._work.at_work

    async def begin(self) -> None:
        """Take up what is due by the clock, and register the commands. The client has to be logged in."""
        await self._replies.speaker.recall()
        await register(self._commands, self._client)
        if isinstance(live := self._explainer.live, Live):
            self._upkeep.always("decisions", live.follow)
        if self._reviewing is not None:
            self._upkeep.every(EACH_MINUTE, "digests", Digests(self._client, self._reviewing.curating).send_due)
        self._upkeep.every(OFTEN, "cursors", self._work.keep_reading)
        self._upkeep.every(EACH_MINUTE, "pending", self._work.pay)
        self._upkeep.every(EACH_MINUTE, "notices", self._telling.tell_all)
        self._upkeep.every(EACH_HOUR, "expiry", lambda: self._store.expire(dt.datetime.now(dt.UTC)))

    async def finish(self) -> None:
        """Take no more messages, and give those in work a moment."""
        with contextlib.suppress(StoreError):
            await self._work.finish()

    async def close(self) -> None:
        await self._upkeep.stop()
        await self._attachments.close()

    # The connection.

    async def ready(self) -> None:
        """A new session has begun."""
        await self._work.anew()
        await self._store.guilds.present({guild.id for guild in self._client.guilds}, dt.datetime.now(dt.UTC))
        if not self._settled:
            self._settled = True
            await asyncio.to_thread(self._explainer.rehearse)
            memory.settle()

    def broken(self) -> None:
        self._work.broken()

    def mended(self) -> None:
        self._work.mended()

    async def joined(self, guild: int) -> None:
        await self._store.guilds.joined(guild)

    async def left(self, guild: int) -> None:
        await self._store.guilds.left(guild, dt.datetime.now(dt.UTC))
        log.info("guild.left", guild=guild)

    # What people do.

    async def message(self, message: discord.Message) -> None:
        await self._work.take(message)

    async def edited(self, message: discord.Message) -> None:
        await self._work.edited(message)

    async def deleted(self, channel: int, guild: int | None, message: int) -> None:
        await self._work.deleted(channel, guild, message)

    async def clicked(self, payload: discord.RawReactionActionEvent) -> None:
        """Take a reaction, where it is one on the quiet reaction."""
        theirs = self._client.user is not None and payload.user_id != self._client.user.id
        if payload.emoji.name == QUIET and theirs:
            await self._work.clicked(payload)

    async def pressed(self, interaction: discord.Interaction) -> None:
        await self._buttons.pressed(interaction)
