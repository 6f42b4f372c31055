"""The bot on Discord: connecting, listening, and closing cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from typing import Final

import aiohttp
import discord
import structlog
import yarl

from bot.discord.attachments import Attachments
from bot.discord.attention import Seen, written_by_a_person
from bot.discord.commands import Commands, register
from bot.discord.endpoint import OFFICIAL, DiscordError, api_base, point_gateway, point_library_at
from bot.discord.replies import Replies
from bot.discord.trouble import quiet_library, trouble
from bot.service import Explainer

MOST_AT_ONCE: Final = 500  # messages in work; what comes on top is refused at once rather than queued
LAST_REPLIES: Final = 5.0  # seconds that messages in work get when the bot is stopped
_REFUSED: Final = (
    "Discord refused the token: copy it again from https://discord.com/developers/applications "
    "(Bot, Reset Token) into DISCORD_TOKEN."
)

__all__ = ["Bot", "DiscordError", "run_bot"]

log = structlog.get_logger(__name__)


async def run_bot(token: str, explainer: Explainer, *, api_url: str | None = None) -> None:
    """Be the bot until SIGTERM or SIGINT, then finish the messages in work and close the connection.

    `api_url` (DISCORD_API_URL) is another Discord-compatible server, with or without /api/v10; default Discord.
    Where the message content intent is refused it goes on without it. Raises DiscordError where it can't go on.
    """
    token = _checked(token)
    base = api_base(api_url)
    point_library_at(base)
    quiet_library()
    try:
        try:
            await _run_until_stopped(Bot(explainer, base, content=True), token)
        except discord.PrivilegedIntentsRequired:
            log.warning(
                "discord.no_message_content",
                works="mentions, direct messages, /explain and the message menu",
                to_overhear_channels="switch on Message Content Intent on the application's Bot page",
            )
            await _run_until_stopped(Bot(explainer, base, content=False), token)
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

    def __init__(self, explainer: Explainer, base: str, *, content: bool) -> None:
        """`base` is the REST base (see endpoint.api_base); `content` asks for the message content intent."""
        intents = discord.Intents.none()
        intents.guilds = True
        intents.messages = True
        intents.message_content = content
        super().__init__(
            intents=intents,
            max_messages=None,  # nothing of what people write is kept
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._explainer = explainer
        self._base = base
        self._seen = Seen()
        self._at_work: set[asyncio.Task[None]] = set()
        self._closing = False
        self._attachments: Attachments | None = None
        self._replies: Replies | None = None

    async def setup_hook(self) -> None:
        other = None
        if self._base != OFFICIAL:
            await point_gateway(self.http)
            other = yarl.URL(self._base).host
        self._attachments = Attachments(other)
        self._replies = Replies(self._explainer, self._attachments)
        await register(Commands(self, self._explainer, self._replies), self)

    async def on_ready(self) -> None:
        log.info("discord.ready", guilds=len(self.guilds), user=self.user.id if self.user else None)

    async def on_message(self, message: discord.Message) -> None:
        # Edits are another event, which is not handled: an unfurled link never brings a second answer.
        if self._closing or self._replies is None or self.user is None or not written_by_a_person(message):
            return
        if not self._seen.first_time(message.id):
            return
        if len(self._at_work) >= MOST_AT_ONCE:
            log.warning("message.refused", message=message.id, at_work=len(self._at_work))
            return
        task = asyncio.create_task(self._replies.attend(message, self.user.id))
        self._at_work.add(task)
        try:
            await task
        except Exception as error:
            log.error("message.failed", message=message.id, **trouble(error))
        finally:
            self._at_work.discard(task)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        log.error("event.failed", event_name=event_method)

    async def finish(self) -> None:
        """Take no more messages, give those in work LAST_REPLIES seconds, and close."""
        self._closing = True
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=LAST_REPLIES)
        await self.close()

    async def close(self) -> None:
        if self._attachments is not None:
            await self._attachments.close()
        await super().close()
