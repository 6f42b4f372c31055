"""What the bot does by the clock: storing cursors, resuming, telling, and deleting what is past its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.discord.trouble import trouble

Work = Callable[[], Awaitable[object]]
OFTEN: Final = 5.0  # seconds
EACH_MINUTE: Final = 60.0
EACH_HOUR: Final = 3600.0

log = structlog.get_logger(__name__)


class Upkeep:
    """Does each piece of work again and again; what fails is logged and tried the next time."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def every(self, seconds: float, name: str, work: Work) -> None:
        """Do `work` every so many seconds from now on."""
        self._tasks.add(asyncio.create_task(self._again(seconds, name, work)))

    def always(self, name: str, work: Work) -> None:
        """Have done from now on what doesn't end by itself; where it fails it is begun again."""
        self._tasks.add(asyncio.create_task(self._anew(name, work)))

    def soon(self, name: str, work: Work) -> None:
        """Do `work` once, now."""
        task = asyncio.create_task(self._once(name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _again(self, seconds: float, name: str, work: Work) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._once(name, work)

    async def _anew(self, name: str, work: Work) -> None:
        while True:
            await self._once(name, work)
            await asyncio.sleep(OFTEN)

    async def _once(self, name: str, work: Work) -> None:
        try:
            await work()
        except Exception as error:
            log.warning("upkeep.failed", work=name, **trouble(error))
