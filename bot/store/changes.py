"""Following the log of decisions: told at once where the database can tell, found by asking where it cannot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import Select, func, select

from bot.store.errors import StoreError
from bot.store.tables import decisions

if TYPE_CHECKING:
    from bot.store.database import Database

POLL_SECONDS: Final = 0.5

log = structlog.get_logger(__name__)
_NEWEST: Final[Select[Any]] = select(func.max(decisions.c.id))


async def changes(database: Database) -> AsyncGenerator[int]:
    """Yield the id of the newest decision: at once (0 where there is none), and each time the log has grown.

    What this process adds is known when it is committed. What others add comes by NOTIFY on PostgreSQL, and is found
    within half a second in any case. Several decisions may come as one. Ends never: while the database is gone it is
    asked again and again. Close it (contextlib.aclosing) to stop.
    """
    newest, reachable = -1, True
    while True:
        try:
            async with contextlib.aclosing(_watched(database)) as watched:
                async for found in watched:
                    if not reachable:
                        reachable = True
                        log.info("decisions_followed_again")
                    if found != newest:
                        newest = found
                        yield found
        except StoreError as error:
            if reachable:
                log.warning("decisions_not_followed", reason=str(error))
            reachable = False
            await asyncio.sleep(POLL_SECONDS)


async def _watched(database: Database) -> AsyncGenerator[int]:
    """Yield the newest id whenever there may be a newer one. Raises StoreError where it cannot be read."""
    bell = asyncio.Event()
    async with database.listening(bell) as moved:
        while True:
            rung = bell.is_set()
            bell.clear()
            if await moved() or rung:
                async with database.read() as db:
                    found: int | None = await db.scalar(_NEWEST)
                yield found or 0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await bell.wait()
