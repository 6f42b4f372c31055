"""The desk's pages served on a real socket, and a browser without a window: cookies, redirects, forms."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from pydantic import SecretStr

from bot.curate.desk import Desk
from bot.store.store import Store
from bot.web.config import Place
from bot.web.serve import Setup, serving
from bot.web.sessions import Sessions
from tests.curating import ANN, ONE, OWNER, TWO
from tests.discord_server.oauth import BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, MANAGE_SERVER, Account, OAuthServer

QUEUE = f"/q/{ONE}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(str(tmp_path / "authbot.sqlite3"))
    for guild in (ONE, TWO):
        await opened.guilds.joined(guild)
    yield opened
    await opened.close()


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Got:
    """An answer: status, headers, text, and the fields of its forms by their action."""

    status: int
    headers: Mapping[str, str]
    text: str
    set_cookies: list[str]
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def form(self, of: str) -> dict[str, str]:
        """Return the fields of the last form whose action has `of` in it."""
        return [fields for action, fields in self.forms if of in action][-1]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        elif self.found and tag == "input" and given.get("type") != "checkbox":
            self.found[-1][1][given["name"]] = given.get("value", "")
        elif self.found and tag == "textarea":
            self._area = given["name"]
            self.found[-1][1][self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            fields = self.found[-1][1]
            fields[self._area] = fields[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.found[-1][1][self._area] += data


class Browser:
    """Asks for the pages at `place`, wherever their public address would lead."""

    def __init__(self, http: aiohttp.ClientSession, place: Place) -> None:
        self._http = http
        self._place = place
        self._socket = f"http://127.0.0.1:{place.port}"
        self.cookies: dict[str, str] = {}
        self.headers = {"Host": place.origin.partition("://")[2], "Accept-Language": "en"}

    async def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> Got:
        """Ask once; follow nothing."""
        sent = {**self.headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self._http.request(
            method, self._socket + path, headers=sent, allow_redirects=False, **more
        ) as answer:
            for name, cookie in answer.cookies.items():
                self.cookies[name] = cookie.value
                if cookie["max-age"] == "0":
                    del self.cookies[name]
            text = await answer.text()
            read = _Forms()
            read.feed(text)
            return Got(answer.status, answer.headers, text, answer.headers.getall("Set-Cookie", []), read.found)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Got:
        """Ask for a page, and follow where it leads."""
        got = await self.ask("GET", path, headers)
        for _ in range(5):
            if got.status not in (302, 303):
                break
            got = await self.follow(got.headers["Location"])
        return got

    async def follow(self, location: str) -> Got:
        """Go where a redirect leads: on these pages, or over at Discord, and back from there."""
        if location.startswith("/"):
            return await self.ask("GET", location)
        if location.startswith(self._place.origin + "/"):
            return await self.ask("GET", location.removeprefix(self._place.origin))
        return await self.follow(await self.over_there(location))

    async def over_there(self, location: str) -> str:
        """Return where Discord sends the browser back to."""
        async with self._http.get(location, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return answer.headers["Location"]

    async def post(
        self, path: str, fields: Mapping[str, str], origin: str | None = None, *, follow: bool = True
    ) -> Got:
        """Send a form, from one of these pages if no other `origin` is given ("": without any)."""
        said = self._place.origin if origin is None else origin
        got = await self.ask("POST", urlsplit(path).path, {"Origin": said} if said else {}, data=fields)
        return await self.get(got.headers["Location"]) if follow and got.status == 303 else got


@dataclass
class Served:
    """The pages, served."""

    place: Place
    discord: OAuthServer
    desk: Desk
    clock: Clock
    http: aiohttp.ClientSession

    def browser(self) -> Browser:
        return Browser(self.http, self.place)

    async def signed_in(self) -> Browser:
        """A browser in which the person at Discord has signed in."""
        browser = self.browser()
        got = await browser.get("/sign-in")
        assert got.status == 200, got.text
        return browser


@contextlib.asynccontextmanager
async def served(
    desk: Desk, *, url: str | None = None, owners: frozenset[int] = frozenset(), address: str = "127.0.0.1:0"
) -> AsyncIterator[Served]:
    """The pages of a desk on a free port, and the Discord to sign in at."""
    clock = Clock()
    async with OAuthServer() as discord, aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        setup = Setup(
            address=address,
            url=url,
            client_id=CLIENT_ID,
            client_secret=SecretStr(CLIENT_SECRET),
            api_url=discord.host,
            bot_token=SecretStr(BOT_TOKEN),
            owners=owners,
        )
        async with serving(desk, setup, Sessions(clock)) as (place, _):
            discord.redirects.add(f"{place.origin}/signed-in")
            yield Served(place, discord, desk, clock, http)


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[Served]:
    async with served(desk, owners=frozenset({OWNER})) as found:
        found.discord.person = Account(ANN, "Ann", {ONE: ("Builders", MANAGE_SERVER, ())})
        yield found
