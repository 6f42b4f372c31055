"""The bot under test: a real Explainer over a small knowledge folder, connected to the test's server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from bot import metrics
from bot.curate.live import Live
from bot.discord.client import run_bot
from bot.discord.cooldowns import Limits
from bot.knowledge.load import load
from bot.service import Explainer
from bot.store.store import Store
from tests.discord_server.server import WAIT, DiscordServer

KNOWLEDGE = """
provider:
  id: acme
  name: {en: Acme Cloud, zh: 顶峰云}
  aliases: [acme]
  hosts: [api.acme.example]
  shapes: [ACME_]
  docs: https://docs.acme.example/
  colour: "#3366cc"
entries:
  - id: key-revoked
    title: {en: The Acme key was revoked, zh: Acme 密钥已被吊销}
    status: [401]
    codes: [ACME_KEY_REVOKED]
    messages: ["The API key was revoked by its owner"]
    causes:
      - cause: {en: Its owner revoked the key., zh: 密钥的所有者吊销了它。}
        fix: {en: [Make a new key., Put it where the old one was.], zh: [新建一个密钥。, 替换旧密钥。]}
    snippet: {lang: sh, code: export ACME_KEY=...}
    examples: ['{"code":"ACME_KEY_REVOKED","message":"The API key was revoked by its owner"}']
    sources: [https://docs.acme.example/keys]
    verified: 2025-01-01
  - id: clock-skew
    title: {en: The clock is wrong, zh: 时钟不准}
    status: [401]
    codes: [ACME_CLOCK_SKEW]
    messages: ["The request time is too far from the server time"]
    causes:
      - cause: {en: The machine's clock is off., zh: 机器的时钟不准。}
        fix: {en: [Switch on NTP.], zh: [打开 NTP 校时。]}
    examples: ['{"code":"ACME_CLOCK_SKEW","message":"The request time is too far from the server time"}']
    sources: [https://docs.acme.example/clock]
    verified: 2025-01-01
  - id: app-suspended
    title: {en: The app is suspended, zh: 应用被停用}
    status: [403]
    messages: ["Access was suspended by the administrator"]
    causes:
      - cause: {en: The app was suspended., zh: 应用已被停用。}
        fix: {en: [Ask for its release.], zh: [申请恢复应用。]}
    confusable: [acme/person-suspended]
    examples: ['HTTP 403 Access was suspended by the administrator']
    sources: [https://docs.acme.example/apps]
    verified: 2025-01-01
  - id: person-suspended
    title: {en: The account is suspended, zh: 账号被停用}
    status: [403]
    messages: ["Access was suspended by the administrator"]
    causes:
      - cause: {en: The account was suspended., zh: 账号已被停用。}
        fix: {en: [Ask for its release.], zh: [申请恢复账号。]}
    confusable: [acme/app-suspended]
    examples: ['HTTP 403 Access was suspended by the administrator']
    sources: [https://docs.acme.example/people]
    verified: 2025-01-01
"""

REVOKED = 'HTTP 401 {"code":"ACME_KEY_REVOKED","message":"The API key was revoked by its owner"}'
SKEW = 'HTTP 401 {"code":"ACME_CLOCK_SKEW","message":"The request time is too far from the server time"}'
UNKNOWN = 'HTTP 401 {"code":"zz_unheard_of","message":"Authentication failed: the frobnicator turned the token down"}'
EITHER = 'HTTP 403 from api.acme.example: {"message":"Access was suspended by the administrator"}'
REVOKED_TITLE = "The Acme key was revoked"
SKEW_TITLE = "The clock is wrong"


@contextlib.asynccontextmanager
async def explaining(folder: Path, **more: str) -> AsyncIterator[tuple[Explainer, Store]]:
    """An Explainer over KNOWLEDGE, and `more` providers' files, with a store of its own; all in `folder`."""
    (folder / "knowledge").mkdir()
    for provider, text in {"acme": KNOWLEDGE, **more}.items():
        (folder / "knowledge" / f"{provider}.yaml").write_text(text, encoding="utf-8")
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}")
    try:
        knowledge = load(folder / "knowledge", cache=False)
        yield Explainer(knowledge, store, Live(knowledge, store)), store
    finally:
        await store.close()


async def eventually(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until something holds that has to be asked for, such as a row in the store."""
    async with asyncio.timeout(WAIT):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.005)


async def idle() -> None:
    """Wait until the bot attends to no message."""

    async def nothing_in_work() -> bool:
        return b"\nauthbot_queue 0.0\n" in metrics.exposed(entries=0, rows={}, cached={})

    await eventually(nothing_in_work)


def opened(explainer: Explainer) -> asyncio.Future[Explainer]:
    """Return what run_bot waits for, of an explainer that is there already."""
    future: asyncio.Future[Explainer] = asyncio.get_running_loop().create_future()
    future.set_result(explainer)
    return future


async def at_work(server: DiscordServer) -> None:
    """Wait until a bot that connects now has also begun its duties, of which the commands come last."""
    sessions, compared = len(server.gateway.sessions), server.compared
    await server.ready(sessions + 1)
    await server.until(lambda: server.compared > compared or None)


@contextlib.asynccontextmanager
async def bot_on(
    server: DiscordServer,
    explainer: Explainer | asyncio.Future[Explainer],
    limits: Limits | None = None,
    owners: frozenset[int] = frozenset(),
) -> AsyncIterator[None]:
    """Run the bot on the server until the block ends; then every request it made has to have been a valid one.

    It ends at once, as a process that is killed.
    """
    opening = explainer if isinstance(explainer, asyncio.Future) else opened(explainer)
    bot = asyncio.create_task(run_bot(server.token, opening, api_url=server.host, limits=limits, owners=owners))
    ready = asyncio.create_task(at_work(server) if opening.done() else server.ready(len(server.gateway.sessions) + 1))
    try:
        await asyncio.wait({bot, ready}, return_when=asyncio.FIRST_COMPLETED)
        if bot.done():
            bot.result()
        yield
    finally:
        ready.cancel()
        bot.cancel()
        await asyncio.wait({bot, ready})
    assert server.faults == [], "\n".join(server.faults)
