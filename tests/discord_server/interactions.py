"""Interactions beyond commands: presses, choices and forms, and the messages that answer them being edited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.discord_server import components, schema
from tests.discord_server.payloads import (
    ALLOWED,
    DIRECT,
    GENERAL,
    GUILD_ID,
    PERSON,
    Payload,
    channel,
    interaction,
    member,
)

if TYPE_CHECKING:
    from tests.discord_server.server import DiscordServer, Sent

ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
MANAGE_MESSAGES = 1 << 13
MANAGE_GUILD = 1 << 5


def routes(server: DiscordServer) -> list[web.RouteDef]:
    """The routes of the messages that an interaction was answered with."""
    original = _Original(server)
    path = "/api/v10/webhooks/{id}/{token}/messages/@original"
    return [web.patch(path, original.edit), web.delete(path, original.delete)]


class _Original:
    def __init__(self, server: DiscordServer) -> None:
        self._server = server

    async def edit(self, request: web.Request) -> web.Response:
        from tests.discord_server.server import Sent  # noqa: PLC0415 (it imports this module)

        body = await request.json()
        self._server.faults += schema.faults("PATCH", ORIGINAL, body)
        self._server.faults += components.faults({"flags": _flags(body), **body})
        edited = self._server.pressed.get(request.match_info["token"]) or {}
        flags = edited.get("flags", 0) | (body.get("flags") or 0)
        made = self._server.made(str(GENERAL), {"content": "", "components": [], "embeds": [], **body, "flags": flags})
        self._server.answers.append(Sent(ORIGINAL, request.match_info["token"], body, made))
        return web.Response(body=json.dumps(made).encode(), content_type="application/json")

    async def delete(self, request: web.Request) -> web.Response:
        from tests.discord_server.server import Sent  # noqa: PLC0415 (that imports this module)

        self._server.answers.append(Sent(f"DELETE {ORIGINAL}", request.match_info["token"], {}))
        return web.Response(status=204)


def _flags(body: Payload) -> int:
    """An edit of a v2 message need not say again that it is one."""
    return int(body.get("flags") or 0) or (0 if body.get("content") or body.get("embeds") else components.V2)


async def body_of(request: web.Request) -> Any:
    """The JSON of a request, also where files come with it."""
    if request.content_type != "multipart/form-data":
        return await request.json()
    form = await request.post()
    files = {name: field.file.read() for name, field in form.items() if isinstance(field, web.FileField)}
    return {**json.loads(str(form["payload_json"])), "uploaded": files}


def by(made: Payload, who: Payload, *, permissions: int = ALLOWED, roles: tuple[int, ...] = ()) -> Payload:
    """An interaction as another person's, with these permissions and roles in the guild."""
    if "member" not in made:
        return {**made, "user": who}
    held = {**member(who), "permissions": str(permissions), "roles": [str(role) for role in roles]}
    return {**made, "member": held}


def press(under: Sent | Payload, custom_id: str, *, locale: str = "en-US", values: list[str] | None = None) -> Payload:
    """The press of a button under a message of the bot's, or the choice of `values` in a select."""
    shown = under if isinstance(under, dict) else under.made
    kind = {"component_type": 2} if values is None else {"component_type": 3, "values": values}
    where = int(shown["channel_id"])
    return {**interaction(3, {**kind, "custom_id": custom_id}, locale=locale, where=where), "message": shown}


def form(custom_id: str, locale: str = "en-US", under: Sent | None = None, **typed: str) -> Payload:
    """A filled-in form; `under` is the message with the button that opened it."""
    fields = [
        {"type": 18, "id": number, "component": {"type": 4, "id": 100 + number, "custom_id": name, "value": value}}
        for number, (name, value) in enumerate(typed.items(), start=1)
    ]
    made = interaction(5, {"custom_id": custom_id, "components": fields}, locale=locale)
    return made if under is None else {**made, "message": under.made}


def directly(made: Payload, who: Payload = PERSON) -> Payload:
    """An interaction as it comes from a direct message with the bot: no guild, no member."""
    kept = {key: value for key, value in made.items() if key not in ("guild_id", "guild", "member", "guild_locale")}
    return {
        **kept,
        "user": who,
        "context": 1,
        "channel_id": str(DIRECT),
        "channel": {"id": str(DIRECT), "type": 1},
        "authorizing_integration_owners": {"0": "0"},
    }


def elsewhere(made: Payload) -> Payload:
    """An interaction as a user-installed app gets it: in a server that the bot isn't in."""
    other = str(GUILD_ID + 7)
    return {
        **made,
        "guild_id": other,
        "guild": {"id": other, "locale": "en-US", "features": []},
        "channel": {**channel(GENERAL, 0, "general"), "guild_id": other, "permissions": made["app_permissions"]},
        "authorizing_integration_owners": {"1": made["member"]["user"]["id"]},
    }
