"""What waits in the queues of a store, and an answer to it."""

from __future__ import annotations

import datetime as dt

from bot.store.decisions import NewDecision
from bot.store.models import Case
from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from tests.discord_server.payloads import GUILD_ID


async def waiting(store: Store) -> list[Case]:
    """Return what is open in the test server's queue, and then in the shared one."""
    return [case for scope in (of_guild(GUILD_ID), SHARED) for case in await store.queue.top(scope)]


async def answered(store: Store, case: Case, entry: str) -> None:
    """Decide that `entry` explains a case."""
    made = NewDecision(case.scope, "add_message", dt.datetime.now(dt.UTC), case.name, entry)
    await store.decisions.add(made, person=None, revision=case.revision)
