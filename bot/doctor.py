"""`authbot doctor`: looks at everything the bot needs, and says of each what is wrong and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import aiohttp
import discord

from bot.discord.endpoint import DiscordError, api_base
from bot.discord.invite import NEEDED, permissions, person_link, server_link
from bot.knowledge.folders import shipped
from bot.knowledge.load import KnowledgeError, load
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.store.store import Store

State = Literal["ok", "note", "wrong"]

_SECONDS: Final = 15
# Discord, "Application Flags": the message content intent, of a verified bot and of a small one.
_MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
_MOST_GUILDS: Final = 200  # a page of /users/@me/guilds
_PORTAL: Final = "https://discord.com/developers/applications"
_USUAL_NAMES: Final = {"view_channel": "View Channels", "send_messages_in_threads": "Send Messages in Threads"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: all is well, something to know, or something that has to be mended."""

    state: State
    what: str
    says: str


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at knowledge, database and Discord, and yield what was found, ending with the invite links."""
    yield _knowledge(settings)
    yield await _database(settings)
    if settings.discord_token is None:
        yield Finding("wrong", "token", f"DISCORD_TOKEN is not set: copy it from {_PORTAL} (Bot, Reset Token)")
        return
    token = settings.discord_token.get_secret_value().strip()
    if not token or not token.isascii() or any(character.isspace() for character in token):
        yield Finding("wrong", "token", "DISCORD_TOKEN is no bot token: set it to the token alone, without quotes")
        return
    try:
        async for finding in _on_discord(api_base(settings.discord_api_url), token):
            yield finding
    except DiscordError as error:
        yield Finding("wrong", "discord", str(error))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        yield Finding("wrong", "discord", f"can't be reached ({type(error).__name__}): check the network")


def _knowledge(settings: Settings) -> Finding:
    try:
        known = load(settings.authbot_knowledge or shipped())
    except KnowledgeError as error:
        return Finding("wrong", "knowledge", f"{error} ({len(error.faults)} faults; `authbot kb lint` prints them all)")
    entries = sum(1 for _ in known.entries())
    if not entries:
        return Finding("note", "knowledge", "it is empty: no error can be answered")
    return Finding("ok", "knowledge", f"{entries} errors of {len(known.providers())} providers")


async def _database(settings: Settings) -> Finding:
    try:
        store = await Store.open(settings.authbot_database_url)
        try:
            counts = await store.figures()
        finally:
            await store.close()
    except StoreError as error:
        return Finding("wrong", "database", str(error))
    waiting = counts.get("groups_open", 0)
    return Finding("ok", "database", f"opens at the newest schema; {waiting} unanswered errors wait for maintainers")


async def _on_discord(base: str, token: str) -> AsyncIterator[Finding]:
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (authbot doctor)"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        ask = _Asking(session, base)
        me = await ask.get("/users/@me")
        if me is None:
            yield Finding("wrong", "token", f"Discord refused it ({ask.status}): copy it again from {_PORTAL} (Bot)")
            return
        yield Finding("ok", "token", f"is of {me.get('username', '?')} ({me['id']})")
        application = await ask.get("/oauth2/applications/@me") or {}
        yield _intents(application)
        yield _installs(application)
        gateway = await ask.get("/gateway/bot")
        if gateway is None:
            yield Finding("wrong", "gateway", f"Discord gives none ({ask.status}): try again later")
        else:
            yield _gateway(gateway)
        async for finding in _guilds(await ask.get(f"/users/@me/guilds?limit={_MOST_GUILDS}")):
            yield finding
        number = int(application.get("id") or me["id"])
        yield Finding("ok", "invite", f"to a server: {server_link(number)}")
        yield Finding(
            "ok", "invite", f"the same, able to remove leaked credentials: {server_link(number, removal=True)}"
        )
        yield Finding("ok", "invite", f"as a person's own app: {person_link(number)}")


class _Asking:
    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base
        self.status = 0

    async def get(self, route: str) -> Any:
        """Return the JSON of a route, None where Discord refuses; waits once where it is asked to."""
        for _ in range(2):
            async with self._session.get(self._base + route, allow_redirects=False) as response:
                self.status = response.status
                if response.status == 200:
                    return await response.json(content_type=None)
                if response.status != 429:
                    return None
                await asyncio.sleep(min(float(response.headers.get("Retry-After", 1)), 10))
        return None


def _intents(application: dict[str, Any]) -> Finding:
    if int(application.get("flags") or 0) & _MESSAGE_CONTENT:
        return Finding("ok", "intents", "message content is on: it can overhear channels")
    return Finding(
        "note",
        "intents",
        "message content is off: mentions, direct messages, commands and the message menu work, overhearing doesn't; "
        f"{_PORTAL}/{application.get('id', '')}/bot, Privileged Gateway Intents, Message Content Intent switches it on",
    )


def _installs(application: dict[str, Any]) -> Finding:
    kinds = application.get("integration_types_config")
    if kinds is None or {"0", "1"} <= set(kinds):
        return Finding("ok", "installs", "to servers and to people")
    lacking = "User Install" if "0" in kinds else "Guild Install"
    where = f"{_PORTAL}/{application.get('id', '')}/installation"
    return Finding("note", "installs", f"{lacking} is off: {where} switches it on")


def _gateway(gateway: dict[str, Any]) -> Finding:
    limit = gateway.get("session_start_limit") or {}
    left, shards = limit.get("remaining"), gateway.get("shards", 1)
    if shards > 1:
        return Finding("wrong", "gateway", f"Discord wants {shards} shards: it is in too many servers for one process")
    if left == 0:
        hours = round(limit.get("reset_after", 0) / 3_600_000, 1)
        return Finding(
            "wrong", "gateway", f"all connections of today are used up: wait {hours} h, and see what restarts it"
        )
    return Finding("ok", "gateway", f"{left} connections left today")


async def _guilds(guilds: list[dict[str, Any]] | None) -> AsyncIterator[Finding]:
    if guilds is None:
        yield Finding("note", "permissions", "Discord doesn't tell in which servers it is")
        return
    if not guilds:
        yield Finding("note", "permissions", "it is in no server yet: open the invite link below")
    lacking = 0
    for guild in guilds:
        held = discord.Permissions(int(guild.get("permissions") or 0))
        missing = [name for name in NEEDED if not (held.administrator or getattr(held, name))]
        if missing:
            lacking += 1
            named = ", ".join(f"{_usual(name)} ({NEEDED[name]})" for name in missing)
            yield Finding("note", "permissions", f"server {guild['id']} lacks {named}")
    if guilds and not lacking:
        more = " (the first 200)" if len(guilds) == _MOST_GUILDS else ""
        yield Finding("ok", "permissions", f"all {permissions().value.bit_count()} in all {len(guilds)} servers{more}")


def _usual(name: str) -> str:
    """Return a permission's name as Discord's settings show it."""
    return _USUAL_NAMES.get(name) or name.replace("_", " ").title()
