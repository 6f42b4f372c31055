"""Channels as the server keeps them: messages with their history, nonces, edits, deletions and reactions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from tests.discord_server import components, schema
from tests.discord_server.gateway import as_seen
from tests.discord_server.payloads import BOT_ID, DIRECT, GUILD_ID, PERSON, Payload

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"

# A test's way to make a request fail: given method and path it returns a status and a body, or None to let it pass.
Fault = Callable[[str, str], tuple[int, Payload] | None]


class Channels:
    """The REST routes about messages in channels."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._nonces: dict[tuple[str, str], Payload] = {}
        self.reactions: list[tuple[int, str]] = []  # message and emoji, as the bot put them
        self.edits: list[tuple[int, Payload]] = []
        self.deleted: list[int] = []
        self.doubled = 0  # messages that were dropped because their nonce was known
        self.fault: Fault = lambda _method, _path: None
        self.after_taking: Fault = lambda _method, _path: None  # the same, when the message was already made
        self.slow = 0.0  # seconds that every request takes

    def routes(self) -> list[web.RouteDef]:
        base = "/api/v10/channels/{channel}/messages"
        return [
            web.get(base, self._history),
            web.post(base, self._post),
            web.get(base + "/{message}", self._get),
            web.patch(base + "/{message}", self._patch),
            web.delete(base + "/{message}", self._delete),
            web.get("/api/v10/channels/{channel}", self._channel),
            web.get("/api/v10/users/{user}", self._user),
            web.post("/api/v10/users/@me/channels", self._direct),
            web.put(base + "/{message}/reactions/{emoji}/@me", self._react),
        ]

    def of(self, channel: int) -> list[Payload]:
        """Return a channel's messages, the oldest first."""
        kept = [each for each in self._server.messages.values() if each["channel_id"] == str(channel)]
        return sorted(kept, key=lambda each: int(each["id"]))

    async def _refused(self, request: web.Request, fault: Fault) -> web.Response | None:
        if self.slow:
            await asyncio.sleep(self.slow)
        found = fault(request.method, request.path)
        if found is None:
            return None
        status, body = found
        headers = {"Via": "1.1 discord"} if status == 429 else {}
        return _answer(body, status, headers)

    async def _channel(self, request: web.Request) -> web.Response:
        found = self._server.threads.get(int(request.match_info["channel"]))
        return _answer({"message": "Unknown Channel", "code": 10003}, 404) if found is None else _answer(found)

    async def _user(self, request: web.Request) -> web.Response:
        return _answer({**PERSON, "id": request.match_info["user"]})

    async def _direct(self, request: web.Request) -> web.Response:
        body = await request.json()
        recipient = {**PERSON, "id": str(body["recipient_id"])}
        return _answer({"id": str(DIRECT), "type": 1, "last_message_id": None, "recipients": [recipient]})

    async def _history(self, request: web.Request) -> web.Response:
        refused = await self._refused(request, self.fault)
        if refused is not None:
            return refused
        kept = self.of(int(request.match_info["channel"]))
        limit = int(request.query.get("limit", 50))
        if "after" in request.query:
            kept = [each for each in kept if int(each["id"]) > int(request.query["after"])][:limit]
        elif "before" in request.query:
            kept = [each for each in kept if int(each["id"]) < int(request.query["before"])][-limit:]
        else:
            kept = kept[-limit:]
        return _answer([self._seen(each) for each in reversed(kept)])

    async def _get(self, request: web.Request) -> web.Response:
        refused = await self._refused(request, self.fault)
        if refused is not None:
            return refused
        found = self._found(request)
        return _unknown() if found is None else _answer(self._seen(found))

    async def _post(self, request: web.Request) -> web.Response:
        server, where = self._server, request.match_info["channel"]
        body = await request.json()
        server.faults += schema.faults("POST", MESSAGES, body) + components.faults(body)
        server.arrived.set()
        await server.lets_through.wait()
        refused = await self._refused(request, self.fault)
        if refused is not None:
            return refused
        forbidden = server.forbids(where, body)
        if forbidden is not None:
            return _answer(forbidden, status=403)
        nonce = str(body.get("nonce")) if body.get("enforce_nonce") else None
        if nonce and (where, nonce) in self._nonces:
            self.doubled += 1
            return _answer(self._nonces[where, nonce])
        made = self._made(where, body)
        if nonce:
            self._nonces[where, nonce] = made
        server.messages[int(made["id"])] = made
        server.note(MESSAGES, where, body, made)
        lost = await self._refused(request, self.after_taking)
        return lost or _answer(made)

    def _made(self, where: str, body: Payload) -> Payload:
        made = self._server.made(where, body)
        reference = body.get("message_reference")
        if reference:
            made["type"] = 19
            made["message_reference"] = {key: str(value) for key, value in reference.items() if key.endswith("_id")}
        return made

    async def _patch(self, request: web.Request) -> web.Response:
        body = await request.json()
        flags = body.get("flags") or (self._found(request) or {}).get("flags", 0)
        self._server.faults += schema.faults("PATCH", MESSAGE, body) + components.faults({**body, "flags": flags})
        refused = await self._refused(request, self.fault)
        if refused is not None:
            return refused
        found = self._found(request)
        if found is None:
            return _unknown()
        if int(found["author"]["id"]) != BOT_ID:
            return _answer({"message": "Cannot edit a message authored by another user", "code": 50005}, status=403)
        self.edits.append((int(found["id"]), body))
        found.update({key: body[key] for key in ("content", "components", "flags") if key in body})
        return _answer(found)

    async def _delete(self, request: web.Request) -> web.Response:
        refused = await self._refused(request, self.fault)
        if refused is not None:
            return refused
        found = self._found(request)
        if found is None:
            return _unknown()
        number = int(found["id"])
        self.deleted.append(number)
        del self._server.messages[number]
        place: Payload = {"id": str(number), "channel_id": found["channel_id"]}
        if "guild_id" in found:
            place["guild_id"] = str(GUILD_ID)
        await self._server.dispatch("MESSAGE_DELETE", place)
        return web.Response(status=204)

    async def _react(self, request: web.Request) -> web.Response:
        refused = await self._refused(request, self.fault)
        if refused is not None:
            return refused
        if self._found(request) is None:
            return _unknown()
        self.reactions.append((int(request.match_info["message"]), unquote(request.match_info["emoji"])))
        return web.Response(status=204)

    def _found(self, request: web.Request) -> Payload | None:
        found = self._server.messages.get(int(request.match_info["message"]))
        return found if found is not None and found["channel_id"] == request.match_info["channel"] else None

    def _seen(self, made: Payload) -> Payload:
        # REST gives messages without what only events have.
        seen = as_seen(made, self._server.gateway.session.intents)
        return {key: value for key, value in seen.items() if key not in ("guild_id", "member")}


def reaction(to: Payload, emoji: str, by: Payload, member: Payload | None = None) -> Payload:
    """The data of MESSAGE_REACTION_ADD."""
    made: Payload = {
        "user_id": by["id"],
        "channel_id": to["channel_id"],
        "message_id": to["id"],
        "message_author_id": to["author"]["id"],
        "emoji": {"id": None, "name": emoji},
        "type": 0,
        "burst": False,
        "burst_colors": [],
    }
    if "guild_id" in to:
        made["guild_id"] = to["guild_id"]
        made["member"] = member
    return made


def _answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json", headers=headers)


def _unknown() -> web.Response:
    return _answer({"message": "Unknown Message", "code": 10008}, status=404)
