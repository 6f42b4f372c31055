"""Where Discord is: the official service, or another server that speaks its API and gateway."""

from __future__ import annotations

from typing import Final

import discord.gateway
import discord.http
import yarl

from bot.mendable import MendableError

OFFICIAL: Final = "https://discord.com/api/v10"


class DiscordError(MendableError):
    """The bot can't start or go on. Its text is one sentence for the operator that says what to do."""


def api_base(api_url: str | None) -> str:
    """Return the base of all REST routes, with the API's version and without a slash at the end.

    `api_url` may leave out `/api/v10`. Raises DiscordError where it is no http(s) address.
    """
    if not api_url:
        return OFFICIAL
    try:
        url = yarl.URL(api_url.strip())
    except ValueError:
        url = yarl.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise DiscordError(
            "DISCORD_API_URL is not a web address: give it as http://host:port, or leave it out for Discord itself."
        )
    path = url.path.rstrip("/")
    if path in ("", "/api"):
        path = "/api/v10"
    return str(url.origin()) + path


def point_library_at(base: str) -> None:
    """Make discord.py send its REST calls to `base`. One process talks to one server."""
    discord.http.Route.BASE = base


async def point_gateway(http: discord.http.HTTPClient) -> None:
    """Make discord.py open its gateway where the server at Route.BASE says it is.

    discord.py's Client knows Discord's own gateway only, for the first connection as for a new session.
    Raises discord.GatewayNotFound where the server doesn't say.
    """
    _shards, url, _limits = await http.get_bot_gateway()
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
