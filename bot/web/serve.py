"""Serving the pages until somebody ends it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
import uvicorn
from pydantic import SecretStr

from bot.curate.desk import Desk
from bot.web.app import application
from bot.web.config import Place, WebError, listen
from bot.web.oauth import Discord
from bot.web.sessions import Sessions

MOST_AT_ONCE: Final = 200  # connections
KEPT_ALIVE: Final = 5  # seconds of an idle one
LONGEST_END: Final = 3  # seconds for what is being answered when the end comes


@dataclass(frozen=True, slots=True)
class Setup:
    """What an operator has set: see the settings of the same names."""

    address: str
    url: str | None
    client_id: str | None
    client_secret: SecretStr | None
    api_url: str | None = None
    bot_token: SecretStr | None = None
    owners: frozenset[int] = frozenset()

    def check(self) -> tuple[str, SecretStr]:
        """Return the application's id and secret. Raises WebError where one of them is not set."""
        if not self.client_id:
            raise WebError(_lacks("DISCORD_CLIENT_ID", "the application's id"))
        if self.client_secret is None:
            raise WebError(_lacks("DISCORD_CLIENT_SECRET", "the application's client secret"))
        return self.client_id, self.client_secret


@contextlib.asynccontextmanager
async def serving(
    desk: Desk, setup: Setup, sessions: Sessions | None = None
) -> AsyncIterator[tuple[Place, asyncio.Task[None]]]:
    """Serve the pages until the block ends; gives where they are, and the task that ends when somebody ends it.

    The knowledge follows the log of decisions meanwhile. Raises WebError for what can't be served as it is set.
    """
    client_id, client_secret = setup.check()
    place, listener = listen(setup.address, setup.url)
    async with aiohttp.ClientSession() as http:
        discord = Discord(http, client_id, client_secret, api_url=setup.api_url, bot_token=setup.bot_token)
        app = application(desk, place, discord, sessions or Sessions(), setup.owners)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            lifespan="off",
            ws="none",
            limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=KEPT_ALIVE,
            timeout_graceful_shutdown=LONGEST_END,
        )
        server = uvicorn.Server(config)
        follower = asyncio.create_task(desk.live.follow())
        served = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield place, served
        finally:
            server.should_exit = True
            await served
            follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await follower


async def serve(desk: Desk, setup: Setup, announce: Callable[[Place], None]) -> None:
    """Serve the pages until the process is told to end; `announce` is given where they are. Raises WebError."""
    async with serving(desk, setup) as (place, served):
        announce(place)
        await served


def _lacks(name: str, what: str) -> str:
    return (
        f"environment: {name}: is not set; put {what} there, from OAuth2 in Discord's developer portal "
        "(https://discord.com/developers/applications)"
    )
