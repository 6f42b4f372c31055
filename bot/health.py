"""/healthz, /readyz and /metrics over HTTP, for what watches the bot. Answers figures and states, never content."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from aiohttp import web

from bot import metrics
from bot.mendable import MendableError
from bot.service import Explainer
from bot.store.errors import StoreError
from bot.store.store import Store

USUAL_HOST: Final = "127.0.0.1"

log = structlog.get_logger(__name__)


class AddressError(MendableError):
    """Where the endpoint was to listen can't be used; the text says what to write."""


@asynccontextmanager
async def serving(address: str | None, explainer: Explainer, store: Store) -> AsyncIterator[str | None]:
    """Answer at `address` («host:port», or a port alone for this machine only) until the block ends.

    Gives the address that it really has («:0» takes any free port), None where `address` is None: then nothing is
    served. Raises AddressError.
    """
    if not address:
        yield None
        return
    host, port = _parsed(address)
    pages = _Pages(explainer, store)
    app = web.Application()
    app.add_routes(
        [web.get("/healthz", pages.healthy), web.get("/readyz", pages.ready), web.get("/metrics", pages.figures)]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise AddressError(
                f"AUTHBOT_HTTP: {address}: can't be listened at ({error.strerror}); name another"
            ) from None
        real = "{}:{}".format(*runner.addresses[0][:2])
        log.info("http.listening", address=real)
        yield real
    finally:
        await runner.cleanup()


def _parsed(address: str) -> tuple[str, int]:
    host, colon, port = address.strip().rpartition(":")
    host = host.strip("[]") if colon else ""
    if not (port.isascii() and port.isdigit() and int(port) <= 65_535):
        raise AddressError(f"AUTHBOT_HTTP: {address}: write it as host:port, such as 127.0.0.1:9464")
    return host or USUAL_HOST, int(port)


class _Pages:
    def __init__(self, explainer: Explainer, store: Store) -> None:
        self._explainer = explainer
        self._store = store

    async def healthy(self, _request: web.Request) -> web.Response:
        """The process answers: restarting it would help nothing."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """Connected to Discord and able to read the store; else 503 and what lacks."""
        lacking = [] if metrics.connected() else ["gateway"]
        try:
            await self._store.handled.state(0)  # the smallest of all questions
        except StoreError:
            lacking.append("store")
        if lacking:
            return web.Response(text=f"not ready: {', '.join(lacking)}\n", status=503)
        return web.Response(text="ready\n")

    async def figures(self, _request: web.Request) -> web.Response:
        """All figures; without the store's where it can't be read."""
        try:
            rows = await self._store.figures()
        except StoreError as error:
            log.warning("http.no_store", error=type(error).__name__)
            rows = {}
        body = metrics.exposed(
            entries=sum(1 for _ in self._explainer.knowledge.entries()),
            rows=rows,
            cached={"guilds": self._store.guilds.cached},
        )
        return web.Response(body=body, headers={"Content-Type": metrics.CONTENT_TYPE_LATEST})
