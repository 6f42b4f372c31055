"""A small Discord for tests: REST API v10 over HTTP and the gateway over WebSocket, on 127.0.0.1."""

from tests.discord_server.server import DiscordServer

__all__ = ["DiscordServer"]
