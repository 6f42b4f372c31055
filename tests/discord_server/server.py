"""The REST side of the server, and what tests do with it: say something, press a command, look at what came back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.discord_server import components, interactions, schema
from tests.discord_server.channels import Channels
from tests.discord_server.gateway import Gateway, as_seen
from tests.discord_server.payloads import ALLOWED, APPLICATION, BOT, GENERAL, GUILD_ID, Payload, guild, message, new_id

Found = TypeVar("Found")

TOKEN = "test-" + "token"
ALL_NEEDED = 1 << 6 | ALLOWED  # with Add Reactions
WAIT = 30.0  # seconds; only a failing test waits so long


def answer(data: Any, status: int = 200) -> web.Response:
    # Without a charset, as Discord: discord.py compares the whole header.
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")


@dataclass
class Sent:
    """A request body of the bot's: a message in a channel, or the answer to an interaction."""

    route: str
    where: str  # channel id or interaction token
    body: Payload
    made: Payload = field(default_factory=dict)  # the message that came of it
    at: float = field(default_factory=time.monotonic)

    @property
    def text(self) -> str:
        """All that a person reads."""
        body = self.body.get("data") or self.body
        parts = [body.get("content") or ""]
        for embed in body.get("embeds") or []:
            parts += [embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", "")]
        parts += components.texts(body.get("components") or [])
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> dict[str, str]:
        """Label and id of the buttons below it."""
        return components.buttons((self.body.get("data") or self.body).get("components") or [])

    @property
    def selects(self) -> dict[str, Payload]:
        """The selects by the verb in their id."""
        return components.selects((self.body.get("data") or self.body).get("components") or [])


class DiscordServer:
    """A Discord with one guild. Use as an async context manager; `host` is its address."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.gateway = Gateway(TOKEN)
        self.sent: list[Sent] = []  # messages in channels
        self.answers: list[Sent] = []  # callbacks and follow-ups of interactions
        self.commands: list[Payload] = []
        self.registrations = 0
        self.compared = 0  # times the bot has asked which commands there are
        self.messages: dict[int, Payload] = {}
        self.pressed: dict[str, Payload] = {}  # interaction token → the message that was pressed under
        self.files: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.fetched: list[str] = []  # file paths that were asked for
        self.file_headers: list[dict[str, str]] = []
        self.faults: list[str] = []  # what was wrong with the bot's requests
        self.channels = Channels(self)
        self.threads: dict[int, Payload] = {}  # those that the bot was not told of
        self.gateway.guild = self.guild
        self.forbids: Callable[[str, Payload], Payload | None] = lambda _channel, _body: None
        self.application = dict(APPLICATION)
        self.held_permissions = ALL_NEEDED  # of the bot in the guild
        self.refuses_v2 = False  # in answers to interactions
        self.lapses = 0  # this many answers to interactions come too late
        self.arrived = asyncio.Event()  # the bot has begun to send a message
        self.lets_through = asyncio.Event()  # cleared, messages wait before they are taken
        self.lets_through.set()
        self._runner: web.AppRunner | None = None
        self.host = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/v10/users/@me", self._me),
                web.get("/api/v10/oauth2/applications/@me", self._application),
                web.get("/api/v10/users/@me/guilds", self._guilds),
                web.get("/api/v10/gateway/bot", self._gateway),
                web.get("/api/v10/applications/{id}/commands", self._get_commands),
                web.put("/api/v10/applications/{id}/commands", self._put_commands),
                *self.channels.routes(),
                web.post("/api/v10/interactions/{id}/{token}/callback", self._callback),
                web.post("/api/v10/webhooks/{id}/{token}", self._follow_up),
                web.get("/files/{name}", self._file),
                web.get("/gateway/", self.gateway.handle),
                *interactions.routes(self),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.host = f"http://{host}:{port}"
        self.gateway.url = f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # What tests do.

    async def say(self, where: int, content: str, **more: Any) -> Payload:
        """Have somebody write a message; return it as Discord keeps it."""
        made = message(where, content, **more)
        await self.show(made)
        return made

    async def show(self, made: Payload, event: str = "MESSAGE_CREATE") -> None:
        """Send a message's event to the bot, as far as its intents let it see it."""
        self.messages[int(made["id"])] = made
        session = self.gateway.session
        await session.dispatch(event, as_seen(made, session.intents))

    async def dispatch(self, event: str, data: Payload) -> None:
        await self.gateway.session.dispatch(event, data)

    async def reply_to(self, original: Payload) -> Sent:
        """Wait for the bot's reply to a message."""

        def found() -> Sent | None:
            for sent in self.sent:
                reference = sent.body.get("message_reference") or {}
                if str(reference.get("message_id")) == original["id"]:
                    return sent
            return None

        return await self.until(found)

    async def interact(self, made: Payload) -> Sent:
        """Send an interaction and wait for what the person is shown: the follow-up, or the callback without one."""
        if "message" in made:
            self.pressed[made["token"]] = made["message"]
        await self.dispatch("INTERACTION_CREATE", made)

        def found() -> Sent | None:
            for sent in self.answers:
                if sent.where == made["token"] and not (
                    sent.route.endswith("callback") and sent.body["type"] in (5, 6)
                ):
                    return sent
            return None

        return await self.until(found)

    async def ready(self, sessions: int = 1) -> None:
        """Wait until the bot has opened that many sessions."""
        await self.until(lambda: len(self.gateway.sessions) >= sessions or None)

    async def registered(self, times: int) -> None:
        """Wait until the bot has registered its commands that many times."""
        await self.until(lambda: self.registrations >= times or None)

    async def resumed(self, times: int) -> None:
        await self.until(lambda: self.gateway.resumed >= times or None)

    async def until(self, found: Callable[[], Found | None]) -> Found:
        async with asyncio.timeout(WAIT):
            while True:
                result = found()
                if result is not None:
                    return result
                await asyncio.sleep(0.005)

    def keep(self, name: str, body: bytes, headers: dict[str, str] | None = None, **more: Any) -> Payload:
        """Keep a file; return it as the attachment of a message."""
        self.files[name] = (body, headers or {})
        url = f"{self.host}/files/{name}"
        return {
            "id": str(new_id()),
            "filename": name,
            "size": len(body),
            "url": url,
            "proxy_url": url,
            "content_type": "text/plain; charset=utf-8",
            **more,
        }

    # What Discord does.

    async def _body(self, request: web.Request, route: str) -> Any:
        body = await interactions.body_of(request)
        checked = {key: value for key, value in body.items() if key != "uploaded"} if isinstance(body, dict) else body
        self.faults += schema.faults(request.method, route, checked)
        if isinstance(body, dict):
            self.faults += components.faults(body.get("data") or body)
        return body

    def _allowed(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") == f"Bot {self.token}":
            return None
        return answer({"message": "401: Unauthorized", "code": 0}, status=401)

    async def _me(self, request: web.Request) -> web.Response:
        return self._allowed(request) or answer(BOT)

    async def _application(self, request: web.Request) -> web.Response:
        return self._allowed(request) or answer(self.application)

    async def _guilds(self, request: web.Request) -> web.Response:
        kept = {"id": str(GUILD_ID), "name": "Builders", "permissions": str(self.held_permissions)}
        return self._allowed(request) or answer([kept])

    async def _gateway(self, request: web.Request) -> web.Response:
        limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        body = {"url": self.gateway.url, "shards": 1, "session_start_limit": limits}
        return self._allowed(request) or answer(body)

    async def _get_commands(self, request: web.Request) -> web.Response:
        hidden = () if request.query.get("with_localizations") == "true" else ("name_localizations",)
        kept = [{key: value for key, value in each.items() if key not in hidden} for each in self.commands]
        self.compared += 1
        return self._allowed(request) or answer(kept)

    async def _put_commands(self, request: web.Request) -> web.Response:
        body = await self._body(request, "/applications/{application_id}/commands")
        self.registrations += 1
        # Discord adds what is its own and leaves out what is empty.
        self.commands = [
            {
                **{key: value for key, value in each.items() if value not in (None, [], {})},
                "id": str(new_id()),
                "application_id": request.match_info["id"],
                "version": str(new_id()),
                "default_member_permissions": None,
                "description": each.get("description", ""),
            }
            for each in body
        ]
        return answer(self.commands)

    def guild(self) -> Payload:
        """The guild as it is now, with each channel's last message."""
        made = guild()
        for each in (*made["channels"], *made["threads"]):
            kept = self.channels.of(int(each["id"]))
            each["last_message_id"] = kept[-1]["id"] if kept else None
        return made

    def note(self, route: str, where: str, body: Payload, made: Payload) -> None:
        """Keep a message that the bot has sent."""
        self.sent.append(Sent(route, where, body, made))

    def made(self, where: str, body: Payload) -> Payload:
        made = message(int(where), body.get("content") or "", author=BOT)
        made["embeds"] = [{"type": "rich", **embed} for embed in body.get("embeds") or []]
        made["components"], made["flags"] = body.get("components") or [], body.get("flags") or 0
        return made

    async def _callback(self, request: web.Request) -> web.Response:
        route = "/interactions/{interaction_id}/{interaction_token}/callback"
        body = await self._body(request, route)
        if self.lapses:
            self.lapses -= 1
            return answer({"message": "Unknown interaction", "code": 10062}, status=404)
        self.answers.append(Sent(route, request.match_info["token"], body))
        return answer({"interaction": {"id": request.match_info["id"], "type": 2}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        route = "/webhooks/{webhook_id}/{webhook_token}"
        body = await self._body(request, route)
        if self.refuses_v2 and body.get("flags", 0) & components.V2:
            return answer({"message": "Invalid Form Body", "code": 50035}, status=400)
        made = self.made(str(GENERAL), body)
        self.answers.append(Sent(route, request.match_info["token"], body, made))
        return answer({**made, "webhook_id": request.match_info["id"], "guild_id": str(GUILD_ID)})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.fetched.append(name)
        self.file_headers.append(dict(request.headers))
        body, headers = self.files[name]
        if "Location" in headers:
            return web.Response(status=302, headers=headers)
        return web.Response(body=body, headers=headers)
