"""The bot on Discord: connecting, listening, and closing cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
import structlog

from bot import metrics
from bot.discord.cooldowns import Limits
from bot.discord.endpoint import OFFICIAL, DiscordError, api_base, point_gateway, point_library_at
from bot.discord.trouble import forgiving, quiet_library, trouble
from bot.memory import uncollected

if TYPE_CHECKING:
    from bot.discord.duties import Duties
    from bot.service import Explainer

LAST_GUILD: Final = 2.0  # seconds without another guild after which all have come
_REFUSED: Final = (
    "Discord refused the token: copy it again from https://discord.com/developers/applications "
    "(Bot, Reset Token) into DISCORD_TOKEN."
)

__all__ = ["Bot", "DiscordError", "run_bot"]

log = structlog.get_logger(__name__)


async def run_bot(
    token: str,
    opened: asyncio.Future[Explainer],
    *,
    api_url: str | None = None,
    limits: Limits | None = None,
    owners: frozenset[int] = frozenset(),
) -> None:
    """Be the bot until SIGTERM or SIGINT, then finish the messages in work and close the connection.

    `opened` may still be being made while the bot connects: what people do meanwhile waits for it, and what it raises
    is raised here. `api_url` (DISCORD_API_URL) is another Discord-compatible server, with or without /api/v10; default
    Discord. `limits` are the answers a minute where a server has set none. `owners` are the accounts besides the
    application's own that review the shared queue. Where the explainer has a Live it is kept up with the log, and there
    is /review. Where the message content intent is refused it goes on without it. Raises DiscordError where it can't
    go on.
    """
    token = _checked(token)
    base = api_base(api_url)
    point_library_at(base)
    quiet_library()

    async def be(*, content: bool) -> None:
        bot = Bot(base, content=content)
        await _run_until_stopped(bot, token, bot.begin(opened, limits or Limits(), owners))

    try:
        await be(content=True)
    except discord.PrivilegedIntentsRequired:
        log.warning(
            "discord.no_message_content",
            works="mentions, direct messages, /explain and the message menu",
            to_overhear_channels="switch on Message Content Intent on the application's Bot page",
        )
        await be(content=False)


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


@contextlib.contextmanager
def _explained(base: str) -> Iterator[None]:
    """Turn what ends a connection for good into DiscordError."""
    try:
        yield
    except discord.LoginFailure as error:
        raise DiscordError(_REFUSED) from error
    except discord.ConnectionClosed as error:
        raise DiscordError(_closed(error.code)) from error
    except (discord.HTTPException, discord.GatewayNotFound) as error:
        status = getattr(error, "status", "no gateway")
        raise DiscordError(f"Discord at {base} could not be used ({status}): try again later.") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DiscordError(f"Discord can't be reached at {base}: check the network and DISCORD_API_URL.") from error


async def _run_until_stopped(bot: Bot, token: str, beginning: Coroutine[Any, Any, None]) -> None:
    with _stopped() as stopped:
        async with bot:
            running = asyncio.create_task(bot.start(token))
            begun = asyncio.create_task(beginning)
            waiting = asyncio.create_task(stopped.wait())
            try:
                done, _ = await asyncio.wait({running, begun, waiting}, return_when=asyncio.FIRST_COMPLETED)
                if done == {begun}:
                    await begun
                    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    with _explained(bot.base):
                        await running
                else:
                    await bot.finish()
                    log.info("discord.stopped")
            finally:
                # Closing alone does not end a connection that is waiting for its next attempt.
                for task in (running, begun, waiting):
                    task.cancel()
                await asyncio.gather(running, begun, waiting, return_exceptions=True)


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
    """The client: passes each event on once, and lets nothing that fails stop the rest.

    It connects while knowledge and store are still being opened; what happens meanwhile waits until they are.
    """

    def __init__(self, base: str, *, content: bool) -> None:
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
        self.base = base
        self._logged_in = asyncio.Event()
        self._begun: asyncio.Future[Duties] = asyncio.get_running_loop().create_future()
        self._at_the_end = AsyncExitStack()
        metrics.watch(self)
        # An event that discord.py can't read would end the connection, and the bot with it.
        parsers = self._connection.parsers
        parsers.update({event: forgiving(event, parse) for event, parse in parsers.items()})
        # discord.py hands a command to the commands that there are when it comes, and drops it where there are none.
        parsers["INTERACTION_CREATE"] = self._once_begun(parsers["INTERACTION_CREATE"])

    @property
    def at_work(self) -> int:
        """How many messages are attended to at this moment."""
        duties = self._duties
        return duties.at_work if duties else 0

    @property
    def _duties(self) -> Duties | None:
        return self._begun.result() if self._begun.done() and not self._begun.cancelled() else None

    async def begin(self, opened: asyncio.Future[Explainer], limits: Limits, owners: frozenset[int]) -> None:
        """Take up the duties once what they need is open; see run_bot."""
        explainer = await asyncio.shield(opened)
        with uncollected():
            kind = await asyncio.to_thread(_duties)
        await self._logged_in.wait()
        duties = kind(self, explainer, base=self.base, limits=limits, owners=owners)
        self._at_the_end.push_async_callback(duties.close)
        await duties.begin()
        self._begun.set_result(duties)

    async def setup_hook(self) -> None:
        if self.base != OFFICIAL:
            await point_gateway(self.http)
        self._logged_in.set()

    def _once_begun(self, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return `parse` so that what comes before the duties are taken up is read when they are."""

        def parse_then(data: Any) -> None:
            if self._duties is not None:
                parse(data)
            else:
                self._begun.add_done_callback(lambda begun: None if begun.cancelled() else parse(data))

        return parse_then

    async def _on_duty(self) -> Duties:
        # Shielded: one event that is given up must not keep the others from what they wait for.
        return await asyncio.shield(self._begun)

    # The connection.

    async def on_ready(self) -> None:
        metrics.gateway("ready")
        log.info("discord.ready", guilds=len(self.guilds), user=self.user.id if self.user else None)
        await (await self._on_duty()).ready()

    async def on_resumed(self) -> None:
        metrics.gateway("resumed")
        if self._duties is not None:
            self._duties.mended()

    async def on_disconnect(self) -> None:
        metrics.gateway("disconnected")
        if self._duties is not None:
            self._duties.broken()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await (await self._on_duty()).joined(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await (await self._on_duty()).left(guild.id)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        metrics.failed("event")
        error = sys.exception()
        log.error("event.failed", event_name=event_method, **(trouble(error) if error else {}))

    # What people do.

    async def on_message(self, message: discord.Message) -> None:
        await (await self._on_duty()).message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        await (await self._on_duty()).edited(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await (await self._on_duty()).deleted(payload.channel_id, payload.guild_id, payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        duties = await self._on_duty()
        for number in payload.message_ids:
            await duties.deleted(payload.channel_id, payload.guild_id, number)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        await (await self._on_duty()).clicked(payload)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await (await self._on_duty()).pressed(interaction)

    async def finish(self) -> None:
        """Take no more messages, give those in work a moment, and close."""
        if self._duties is not None:
            await self._duties.finish()
        await self.close()

    async def close(self) -> None:
        await self._at_the_end.aclose()
        self._begun.cancel()
        await super().close()


def _duties() -> type[Duties]:
    """Import what the duties need, which takes longer than connecting does."""
    from bot.discord.duties import Duties  # noqa: PLC0415 (here, so that the connection is opened meanwhile)

    return Duties
