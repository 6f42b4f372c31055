"""The gateway's side of the server: sessions over WebSocket, compressed as the client asks for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.discord_server.payloads import APPLICATION_ID, BOT, BOT_ID, GUILD_ID, Payload, guild

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 7, 9, 10, 11
MESSAGE_CONTENT = 1 << 15


@dataclass
class Session:
    """One identified session: what it asked for, and every event it was sent, for a resume."""

    number: str
    intents: int
    events: list[Payload] = field(default_factory=list)
    socket: Socket | None = None

    async def dispatch(self, event: str, data: Payload) -> None:
        payload = {"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data}
        self.events.append(payload)
        if self.socket is not None:
            await self.socket.send(payload)


class Socket:
    """One connection: sends payloads whole, in one zlib stream where the client asked for it."""

    def __init__(self, response: web.WebSocketResponse, compress: str | None) -> None:
        self.response = response
        self._deflate = zlib.compressobj() if compress == "zlib-stream" else None

    async def send(self, payload: Payload) -> None:
        text = json.dumps(payload)
        if self._deflate is None:
            await self.response.send_str(text)
        else:
            packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            await self.response.send_bytes(packed)


class Gateway:
    """Speaks the gateway's protocol with any number of connections, one session at a time in the tests."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.url = ""
        self.guild: Callable[[], Payload] = guild
        self.allows_message_content = True
        self.sessions: list[Session] = []
        self.identified: list[Payload] = []
        self.resumed = 0

    @property
    def session(self) -> Session:
        return self.sessions[-1]

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse()
        await response.prepare(request)
        socket = Socket(response, request.query.get("compress"))
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for received in response:
            if received.type is not WSMsgType.TEXT:
                continue
            await self._received(socket, json.loads(received.data))
        for session in self.sessions:
            if session.socket is socket:
                session.socket = None
        return response

    async def _received(self, socket: Socket, payload: Payload) -> None:
        if payload["op"] == HEARTBEAT:
            await socket.send({"op": HEARTBEAT_ACK, "d": None, "s": None, "t": None})
        elif payload["op"] == IDENTIFY:
            await self._identify(socket, payload["d"])
        elif payload["op"] == RESUME:
            await self._resume(socket, payload["d"])

    async def _identify(self, socket: Socket, data: Payload) -> None:
        self.identified.append(data)
        if data["token"] != self._token:
            await socket.response.close(code=4004, message=b"Authentication failed.")
        elif data["intents"] & MESSAGE_CONTENT and not self.allows_message_content:
            await socket.response.close(code=4014, message=b"Disallowed intent(s).")
        else:
            session = Session(f"session-{len(self.sessions) + 1}", data["intents"], socket=socket)
            self.sessions.append(session)
            await session.dispatch("READY", self._ready(session))
            await session.dispatch("GUILD_CREATE", self.guild())

    def _ready(self, session: Session) -> Payload:
        return {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": str(GUILD_ID), "unavailable": True}],
            "session_id": session.number,
            "resume_gateway_url": self.url,
            "application": {"id": str(APPLICATION_ID), "flags": 0},
        }

    async def _resume(self, socket: Socket, data: Payload) -> None:
        found = [session for session in self.sessions if session.number == data["session_id"]]
        if not found:
            await socket.send({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        [session] = found
        self.resumed += 1
        session.socket = socket
        for missed in session.events[data["seq"] :]:
            await socket.send(missed)
        await session.dispatch("RESUMED", {})

    async def drop(self) -> None:
        """Cut the connection so that the client resumes."""
        socket = self.session.socket
        self.session.socket = None
        if socket is not None:
            await socket.response.close(code=4000, message=b"Unknown error")

    async def forget(self) -> None:
        """Lose the session, so that a resume is refused and the client has to identify anew."""
        self.session.number = "lost"
        await self.drop()

    async def close(self) -> None:
        for session in self.sessions:
            if session.socket is not None:
                await session.socket.response.close(code=WSCloseCode.GOING_AWAY)


def as_seen(message: Payload, intents: int) -> Payload:
    """Return a message as a session with these intents gets it: without its content where it may not read it."""
    mentioned = any(int(person["id"]) == BOT_ID for person in message["mentions"])
    if intents & MESSAGE_CONTENT or mentioned or "guild_id" not in message or int(message["author"]["id"]) == BOT_ID:
        return message
    hidden: dict[str, Any] = {"content": "", "attachments": [], "embeds": [], "components": []}
    return {**message, **hidden}
