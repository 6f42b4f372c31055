"""Who may change a scope's queue: one transaction at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.scopes import Scope

# "queu": the first of an advisory lock's two numbers, which keeps these apart from those of one.
_QUEUE: Final = 0x71756575


async def hold(db: AsyncConnection, scopes: Iterable[Scope]) -> None:
    """Until the end of the transaction nobody else counts or decides in these scopes; waits for who does.

    Everything that changes `queue` and its counts takes this first, so that what it reads there stays true. To be
    called once for all scopes, or for guilds first and the shared one after them: the order keeps two transactions from
    waiting for each other. On SQLite a writer is alone anyway.
    """
    if db.dialect.name == "sqlite":
        return
    for scope in sorted(scopes):  # guild:… before shared
        # Two scopes with the same checksum wait for each other needlessly, no more.
        key = zlib.crc32(scope.encode()) - 2**31
        await db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_QUEUE}, {key})")
