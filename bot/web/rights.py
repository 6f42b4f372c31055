"""Who may review which queue; looked up anew every few minutes, so that a lost role ends it."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from sqlalchemy import select

from bot.store.scopes import SHARED, of_guild
from bot.store.store import Store
from bot.store.tables import guilds
from bot.web.oauth import Discord, DiscordAway, Membership, NotAuthorized
from bot.web.sessions import Admitted, Session, Sessions

KNOWN: Final = 300.0  # seconds for which roles are not asked for again
OWNERS_KNOWN: Final = 600.0
AT_ONCE: Final = 4  # questions to Discord

log = structlog.get_logger(__name__)


class Rights:
    """Tells what somebody may review: a server's queue with Manage Server or one of its review roles, if the bot is in
    that server; the shared one as an owner of the application, or where the operator names them.
    """

    def __init__(self, discord: Discord, store: Store, sessions: Sessions, named: frozenset[int] = frozenset()) -> None:
        """`named` are accounts besides the application's owners (AUTHBOT_OWNERS)."""
        self._discord = discord
        self._store = store
        self._sessions = sessions
        self._named = named
        self._owners: frozenset[int] = frozenset()
        self._owners_until: float | None = None
        self._turn = asyncio.Lock()

    async def of(self, session: Session) -> tuple[Admitted, ...]:
        """Return what somebody may review, the shared base first, then servers by their names.

        Raises DiscordAway where it has to be asked and can't be, NotAuthorized where it knows the session no more.
        """
        async with session.turn:
            if session.looked_up is None or self._sessions.now - session.looked_up >= KNOWN:
                session.places = await self._looked_up(session)
                session.looked_up = self._sessions.now
            return session.places

    async def _looked_up(self, session: Session) -> tuple[Admitted, ...]:
        found = await self._servers(session)
        found.sort(key=lambda place: (place.name.casefold(), place.key))
        shared = [Admitted(SHARED, SHARED, "")] if await self._owns(session.person) else []
        return (*shared, *found)

    async def _servers(self, session: Session) -> list[Admitted]:
        member_of = await self._discord.memberships(session.token)
        roles = await self._review_roles([each.guild for each in member_of])
        limit = asyncio.Semaphore(AT_ONCE)

        async def may(each: Membership) -> bool:
            if each.guild not in roles:
                return False
            if each.manages or not roles[each.guild]:
                return each.manages
            async with limit:
                return bool(roles[each.guild] & await self._discord.roles(session.token, each.guild))

        allowed = await asyncio.gather(*map(may, member_of))
        pairs = zip(member_of, allowed, strict=True)
        return [Admitted(of_guild(each.guild), str(each.guild), each.name) for each, may_ in pairs if may_]

    async def _review_roles(self, ids: list[int]) -> dict[int, frozenset[int]]:
        """Return the roles that review, of the servers that the bot is in; another process may have set them."""
        query = select(guilds.c.guild_id, guilds.c.review_roles)
        query = query.where(guilds.c.guild_id.in_(ids), guilds.c.left_at.is_(None))
        async with self._store.database.read() as db:
            return {row.guild_id: frozenset(map(int, row.review_roles)) for row in await db.execute(query)}

    async def _owns(self, person: int) -> bool:
        if person in self._named:
            return True
        async with self._turn:
            if self._owners_until is None or self._sessions.now >= self._owners_until:
                try:
                    self._owners = await self._discord.owners()
                    self._owners_until = self._sessions.now + OWNERS_KNOWN
                except NotAuthorized:
                    log.warning("web.owners_not_read", reason="Discord does not take DISCORD_TOKEN")
                    self._owners = frozenset()
                except DiscordAway:
                    log.warning("web.owners_not_read", reason="Discord can't be asked")
        return person in self._owners
