"""The bot on Discord: connecting, listening, and closing cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import signal
import sys
from collections.abc import Iterator
from typing import Final

import aiohttp
import discord
import structlog
import yarl

from bot import memory, metrics
from bot.curate.desk import Desk as Curating
from bot.curate.live import Live
from bot.discord.attachments import Attachments
from bot.discord.buttons import Buttons
from bot.discord.commands import Commands, all_buttons
from bot.discord.cooldowns import Limits
from bot.discord.desk import Desk
from bot.discord.digest import Digests
from bot.discord.endpoint import OFFICIAL, DiscordError, api_base, point_gateway, point_library_at
from bot.discord.notices import Telling
from bot.discord.registration import register
from bot.discord.replies import Replies
from bot.discord.review_desk import Owners, Reviewing
from bot.discord.speaking import QUIET
from bot.discord.trouble import forgiving, quiet_library, trouble
from bot.discord.upkeep import EACH_HOUR, EACH_MINUTE, OFTEN, Upkeep
from bot.discord.work import Work
from bot.service import Explainer
from bot.store.errors import StoreError
from bot.store.store import Store

LAST_GUILD: Final = 2.0  # seconds without another guild after which all have come
_REFUSED: Final = (
    "Discord refused the token: copy it again from https://discord.com/developers/applications "
    "(Bot, Reset Token) into DISCORD_TOKEN."
)

__all__ = ["Bot", "DiscordError", "run_bot"]

log = structlog.get_logger(__name__)


async def run_bot(
    token: str,
    explainer: Explainer,
    *,
    api_url: str | None = None,
    limits: Limits | None = None,
    owners: frozenset[int] = frozenset(),
) -> None:
    """Be the bot until SIGTERM or SIGINT, then finish the messages in work and close the connection.

    `api_url` (DISCORD_API_URL) is another Discord-compatible server, with or without /api/v10; default Discord.
    `limits` are the answers a minute where a server has set none. `owners` are the accounts besides the application's
    own that review the shared queue. Where the explainer has a Live it is kept up with the log, and there is /review.
    Where the message content intent is refused it goes on without it. Raises DiscordError where it can't go on.
    """
    store = explainer.store
    if store is None:
        raise DiscordError("The bot needs a database to answer each message once: set AUTHBOT_DATABASE_URL.")

    def bot(*, content: bool) -> Bot:
        return Bot(explainer, store, base, content=content, limits=limits or Limits(), owners=owners)

    token = _checked(token)
    base = api_base(api_url)
    point_library_at(base)
    quiet_library()
    try:
        try:
            await _run_until_stopped(bot(content=True), token)
        except discord.PrivilegedIntentsRequired:
            log.warning(
                "discord.no_message_content",
                works="mentions, direct messages, /explain and the message menu",
                to_overhear_channels="switch on Message Content Intent on the application's Bot page",
            )
            await _run_until_stopped(bot(content=False), token)
    except discord.LoginFailure as error:
        raise DiscordError(_REFUSED) from error
    except discord.ConnectionClosed as error:
        raise DiscordError(_closed(error.code)) from error
    except (discord.HTTPException, discord.GatewayNotFound) as error:
        status = getattr(error, "status", "no gateway")
        raise DiscordError(f"Discord at {base} could not be used ({status}): try again later.") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DiscordError(f"Discord can't be reached at {base}: check the network and DISCORD_API_URL.") from error


def _checked(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or any(character.isspace() for character in token):
        raise DiscordError("DISCORD_TOKEN is no bot token: set it to the token alone, without spaces or quotes.")
    return token


def _closed(code: int) -> str:
    if code == 4004:
        return _REFUSED
    if code == 4011:
        return "Discord wants this bot sharded: it is in too many servers for one connection."
    return f"Discord closed the connection for good (gateway close code {code}): see its documentation for the code."


async def _run_until_stopped(bot: Bot, token: str) -> None:
    with _stopped() as stopped:
        async with bot:
            running = asyncio.create_task(bot.start(token))
            waiting = asyncio.create_task(stopped.wait())
            try:
                await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    await running
                else:
                    await bot.finish()
                    log.info("discord.stopped")
            finally:
                # Closing alone does not end a connection that is waiting for its next attempt.
                running.cancel()
                waiting.cancel()
                await asyncio.gather(running, waiting, return_exceptions=True)


@contextlib.contextmanager
def _stopped() -> Iterator[asyncio.Event]:
    """Give an event that SIGTERM or SIGINT sets."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    caught = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no such handlers; there Ctrl+C raises KeyboardInterrupt in asyncio.run. Nor has another thread.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stopped.set)
            caught.append(number)
    try:
        yield stopped
    finally:
        for number in caught:
            loop.remove_signal_handler(number)


class Bot(discord.Client):
    """The client: passes each message on once, and lets nothing that fails stop the rest."""

    def __init__(
        self,
        explainer: Explainer,
        store: Store,
        base: str,
        *,
        content: bool,
        limits: Limits,
        owners: frozenset[int] = frozenset(),
    ) -> None:
        """`base` is the REST base (see endpoint.api_base); `content` asks for the message content intent."""
        intents = discord.Intents.none()
        intents.guilds = True
        intents.messages = True
        intents.reactions = True
        intents.message_content = content
        super().__init__(
            intents=intents,
            max_messages=None,  # nothing of what people write is kept
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=LAST_GUILD,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._explainer = explainer
        self._store = store
        self._base = base
        self._limits = limits
        self._owners = owners
        self._upkeep = Upkeep()
        self._settled = False  # what start-up left in memory is cleared away
        self._attachments: Attachments | None = None
        self._buttons: Buttons | None = None
        self._work: Work | None = None
        self.replies: Replies | None = None
        metrics.watch(self)
        # An event that discord.py can't read would end the connection, and the bot with it.
        parsers = self._connection.parsers
        parsers.update({event: forgiving(event, parse) for event, parse in parsers.items()})

    @property
    def at_work(self) -> int:
        """How many messages are attended to at this moment."""
        return self._work.at_work if self._work else 0

    async def setup_hook(self) -> None:
        other = None
        if self._base != OFFICIAL:
            await point_gateway(self.http)
            other = yarl.URL(self._base).host
        self._attachments = Attachments(other)
        self.replies = Replies(self._explainer, self._store, self._attachments, self._limits)
        await self.replies.speaker.recall()
        self._work = Work(self, self._store, self.replies)
        desk = Desk(self, self._explainer, self._store, self._attachments)
        telling = Telling(self, self._explainer, self._store)
        reviewing = self._reviewing(desk, telling)
        if reviewing is not None:
            self._upkeep.every(EACH_MINUTE, "digests", Digests(self, reviewing.curating).send_due)
        self._buttons = all_buttons(desk, reviewing)
        await register(Commands(desk, reviewing), self)
        self._upkeep.every(OFTEN, "cursors", self._work.keep_reading)
        self._upkeep.every(EACH_MINUTE, "pending", self._work.pay)
        self._upkeep.every(EACH_MINUTE, "notices", telling.tell_all)
        self._upkeep.every(EACH_HOUR, "expiry", lambda: self._store.expire(dt.datetime.now(dt.UTC)))

    def _reviewing(self, desk: Desk, telling: Telling) -> Reviewing | None:
        """Return what /review works with, and keep up with what is decided; None where nothing can be decided."""
        live = self._explainer.live
        if not isinstance(live, Live):
            return None
        self._upkeep.always("decisions", live.follow)
        owners = Owners(self, self._owners)
        return Reviewing(
            desk, Curating(self._store, live), owners, lambda: self._upkeep.soon("notices", telling.tell_all)
        )

    # The connection. It begins only after setup_hook, so that there is a Work to tell.

    async def on_ready(self) -> None:
        metrics.gateway("ready")
        log.info("discord.ready", guilds=len(self.guilds), user=self.user.id if self.user else None)
        if self._work is not None:
            await self._work.anew()
        await self._store.guilds.present({guild.id for guild in self.guilds}, dt.datetime.now(dt.UTC))
        if not self._settled:
            self._settled = True
            await self._explainer.prepare()
            memory.settle()

    async def on_resumed(self) -> None:
        metrics.gateway("resumed")
        if self._work is not None:
            self._work.mended()

    async def on_disconnect(self) -> None:
        metrics.gateway("disconnected")
        if self._work is not None:
            self._work.broken()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._store.guilds.joined(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._store.guilds.left(guild.id, dt.datetime.now(dt.UTC))
        log.info("guild.left", guild=guild.id)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        metrics.failed("event")
        error = sys.exception()
        log.error("event.failed", event_name=event_method, **(trouble(error) if error else {}))

    # What people do.

    async def on_message(self, message: discord.Message) -> None:
        if self._work is not None:
            await self._work.take(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        if self._work is not None:
            await self._work.edited(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        if self._work is not None:
            await self._work.deleted(payload.channel_id, payload.guild_id, payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        if self._work is not None:
            for number in payload.message_ids:
                await self._work.deleted(payload.channel_id, payload.guild_id, number)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        theirs = self.user is not None and payload.user_id != self.user.id
        if payload.emoji.name == QUIET and theirs and self._work is not None:
            await self._work.clicked(payload)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if self._buttons is not None:
            await self._buttons.pressed(interaction)

    async def finish(self) -> None:
        """Take no more messages, give those in work a moment, and close."""
        if self._work is not None:
            with contextlib.suppress(StoreError):
                await self._work.finish()
        await self.close()

    async def close(self) -> None:
        await self._upkeep.stop()
        if self._attachments is not None:
            await self._attachments.close()
        await super().close()
