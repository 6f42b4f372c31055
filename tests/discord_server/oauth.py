"""Discord's OAuth2 for tests: asks nobody, but holds the browser and the client to every rule of the code flow."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from aiohttp import web

from tests.discord_server.payloads import user
from tests.discord_server.server import answer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CLIENT_ID = "900000000000000001"
CLIENT_SECRET = "client-" + "secret-of-tests"
BOT_TOKEN = "bot-" + "token-of-tests"
MANAGE_SERVER = 1 << 5
SCOPES = {"identify", "guilds", "guilds.members.read"}


@dataclass
class Account:
    """Somebody, and by guild: its name, their permissions and roles there."""

    number: int
    name: str
    guilds: dict[int, tuple[str, int, tuple[int, ...]]] = field(default_factory=dict)


class OAuthServer:
    """Signs in whoever `person` is. Use as an async context manager; `host` is its address."""

    def __init__(self) -> None:
        self.person = Account(1, "nobody")
        self.redirects: set[str] = set()  # that are registered
        self.denies = False
        self.away = False
        self.owner = 0
        self.asked: list[str] = []  # routes, in the order they were asked for
        self.revoked: list[str] = []
        self.host = ""
        self._codes: dict[str, tuple[Account, str, str]] = {}  # with their challenge and redirect
        self.tokens: dict[str, Account] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._noted])
        base = "/api/v10"
        app.add_routes(
            [
                web.get(f"{base}/oauth2/authorize", self._authorize),
                web.post(f"{base}/oauth2/token", self._token),
                web.post(f"{base}/oauth2/token/revoke", self._revoke),
                web.get(f"{base}/oauth2/applications/@me", self._application),
                web.get(f"{base}/users/@me", self._me),
                web.get(f"{base}/users/@me/guilds", self._guilds),
                web.get(f"{base}/users/@me/guilds/{{id}}/member", self._member),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = "http://{}:{}".format(*self._runner.addresses[0][:2])
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _noted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked.append(request.path.removeprefix("/api/v10"))
        if self.away:
            return answer({"message": "upstream connect error"}, status=503)
        return await handler(request)

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = request.query
        sound = (
            asked["response_type"] == "code"
            and asked["client_id"] == CLIENT_ID
            and set(asked["scope"].split()) == SCOPES
            and asked["redirect_uri"] in self.redirects
            and asked["code_challenge_method"] == "S256"
            and len(asked["code_challenge"]) == 43
            and len(asked["state"]) >= 43
        )
        if not sound:
            return answer({"message": "Invalid OAuth2 request", "code": 50000}, status=400)
        back = {"state": asked["state"]}
        if self.denies:
            back |= {"error": "access_denied", "error_description": "The resource owner denied the request"}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = self.person, asked["code_challenge"], asked["redirect_uri"]
            back["code"] = code
        return web.Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    async def _token(self, request: web.Request) -> web.Response:
        if not _is_client(request):
            return answer({"error": "invalid_client"}, status=401)
        sent = await request.post()
        person, challenge, redirect = self._codes.pop(str(sent["code"]), (None, "", ""))
        digest = hashlib.sha256(str(sent.get("code_verifier", "")).encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
        if (
            person is None
            or not proved
            or sent["redirect_uri"] != redirect
            or sent["grant_type"] != "authorization_code"
        ):
            return answer({"error": "invalid_grant"}, status=400)
        token = secrets.token_urlsafe(16)
        self.tokens[token] = person
        made = {"access_token": token, "token_type": "Bearer", "expires_in": 604_800, "refresh_token": "unused"}
        return answer(made | {"scope": " ".join(sorted(SCOPES))})

    async def _revoke(self, request: web.Request) -> web.Response:
        if not _is_client(request):
            return answer({"error": "invalid_client"}, status=401)
        token = str((await request.post())["token"])
        self.revoked.append(token)
        self.tokens.pop(token, None)
        return answer({})

    async def _application(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {BOT_TOKEN}":
            return _unauthorized()
        return answer({"id": CLIENT_ID, "name": "authbot", "owner": user(self.owner, "owner"), "team": None})

    def _whose(self, request: web.Request) -> Account | None:
        return self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def _me(self, request: web.Request) -> web.Response:
        person = self._whose(request)
        return answer(user(person.number, person.name)) if person else _unauthorized()

    async def _guilds(self, request: web.Request) -> web.Response:
        person = self._whose(request)
        if person is None:
            return _unauthorized()
        return answer(
            [
                {"id": str(number), "name": name, "icon": None, "owner": False, "permissions": str(permissions)}
                for number, (name, permissions, _) in person.guilds.items()
            ]
        )

    async def _member(self, request: web.Request) -> web.Response:
        person = self._whose(request)
        if person is None:
            return _unauthorized()
        guild = person.guilds.get(int(request.match_info["id"]))
        if guild is None:
            return answer({"message": "Unknown Guild", "code": 10004}, status=404)
        return answer({"user": user(person.number, person.name), "roles": [str(role) for role in guild[2]]})


def _is_client(request: web.Request) -> bool:
    expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    return request.headers.get("Authorization") == f"Basic {expected}"


def _unauthorized() -> web.Response:
    return answer({"message": "401: Unauthorized", "code": 0}, status=401)
