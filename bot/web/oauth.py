"""Discord's side of signing in: the authorization code with PKCE, who somebody is, their servers and roles there."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from pydantic import SecretStr

OFFICIAL: Final = "https://discord.com/api/v10"
OFFICIAL_PAGE: Final = "https://discord.com/oauth2/authorize"
SCOPES: Final = "identify guilds guilds.members.read"
MANAGES: Final = 1 << 3 | 1 << 5  # Administrator, Manage Server
_TIMEOUT: Final = aiohttp.ClientTimeout(total=15)
_ACCEPTED: Final = 2  # Discord: a team member's membership_state


class DiscordAway(Exception):
    """Discord can't be asked just now."""


class NotAuthorized(Exception):
    """Discord does not take the code or the token (any more)."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A server somebody is in, and whether they have Manage Server there."""

    guild: int
    name: str
    manages: bool


def api_base(url: str | None) -> str:
    """Return the base of all routes; `url` may leave out /api/v10."""
    if not url:
        return OFFICIAL
    base = url.strip().rstrip("/").removesuffix("/v10").removesuffix("/api")
    return f"{base}/api/v10"


class Discord:
    """Asks Discord in the name of somebody who signs in, and for the owners of the application.

    All methods raise DiscordAway, those with a token or code NotAuthorized too.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        client_id: str,
        client_secret: SecretStr,
        *,
        api_url: str | None = None,
        bot_token: SecretStr | None = None,
    ) -> None:
        """`bot_token` is for asking whose application it is; without it nobody is its owner."""
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret
        self._base = api_base(api_url)
        self._page = f"{self._base}/oauth2/authorize" if api_url else OFFICIAL_PAGE
        self._bot_token = bot_token

    def page(self, redirect: str, state: str, challenge: str) -> str:
        """Return the address of Discord's page that asks whether somebody wants to sign in (RFC 6749 4.1.1)."""
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "scope": SCOPES,
            "redirect_uri": redirect,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "none",
        }
        return f"{self._page}?{urlencode(asked)}"

    async def token(self, code: str, verifier: str, redirect: str) -> str:
        """Return the access token for a code. What refreshes it is not kept: a session is shorter than it lasts."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        answer = await self._ask("POST", "/oauth2/token", data=asked, headers=self._as_client())
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or str(answer.get("token_type")).lower() != "bearer":
            raise NotAuthorized
        return token

    async def revoke(self, token: str) -> None:
        """Tell Discord that a token is not needed any more (RFC 7009)."""
        asked = {"token": token, "token_type_hint": "access_token"}
        await self._ask("POST", "/oauth2/token/revoke", data=asked, headers=self._as_client())

    async def me(self, token: str) -> tuple[int, str]:
        """Return the account of a token, and what it is called."""
        answer = await self._ask("GET", "/users/@me", token=token)
        return int(answer["id"]), str(answer.get("global_name") or answer["username"])

    async def memberships(self, token: str) -> list[Membership]:
        """Return the servers an account is in."""
        answer = await self._ask("GET", "/users/@me/guilds", token=token)
        return [Membership(int(each["id"]), str(each["name"]), _manages(each)) for each in answer]

    async def roles(self, token: str, guild: int) -> frozenset[int]:
        """Return the roles an account has in a server; none where it is not in it any more."""
        answer = await self._ask("GET", f"/users/@me/guilds/{guild}/member", token=token, may_lack=True)
        return frozenset(map(int, answer["roles"])) if answer else frozenset()

    async def owners(self) -> frozenset[int]:
        """Return who owns the application: its owner, or all who are in its team."""
        if self._bot_token is None:
            return frozenset()
        headers = {"Authorization": f"Bot {self._bot_token.get_secret_value()}"}
        answer = await self._ask("GET", "/oauth2/applications/@me", headers=headers)
        team = answer.get("team")
        if not team:
            return frozenset({int(answer["owner"]["id"])})
        members = (each["user"]["id"] for each in team["members"] if each["membership_state"] == _ACCEPTED)
        return frozenset(map(int, _with_owner(members, team)))

    def _as_client(self) -> dict[str, str]:
        given = f"{self._client_id}:{self._client_secret.get_secret_value()}"
        return {"Authorization": f"Basic {base64.b64encode(given.encode()).decode()}"}

    async def _ask(
        self,
        method: str,
        route: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        may_lack: bool = False,
    ) -> Any:
        sent = {"Authorization": f"Bearer {token}"} if token is not None else dict(headers or {})
        try:
            async with self._http.request(
                method, self._base + route, headers=sent, data=data, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                if may_lack and answer.status == 404:
                    return None
                if answer.status in (400, 401, 403):
                    raise NotAuthorized
                if answer.status != 200:
                    raise DiscordAway
                return json.loads(await answer.read() or b"{}")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DiscordAway from error


def _manages(server: Mapping[str, Any]) -> bool:
    return bool(server.get("owner") or int(server["permissions"]) & MANAGES)


def _with_owner(members: Iterable[str], team: Mapping[str, Any]) -> set[str]:
    return {*members, *([team["owner_user_id"]] if team.get("owner_user_id") else [])}
