"""Telling those who wanted to be told that their error has an answer now: the only pings the bot makes."""

from __future__ import annotations

import asyncio

import discord
import structlog

from bot.answer.compose import answer
from bot.match.models import Candidate
from bot.paste.models import Reading
from bot.service import Explainer
from bot.store.people import Notice
from bot.store.store import Store
from bot.words import say

log = structlog.get_logger(__name__)


class Telling:
    """Sends each notice once: as a reply where they asked, or as a direct message if they asked in private."""

    def __init__(self, client: discord.Client, explainer: Explainer, store: Store) -> None:
        self._client = client
        self._turn = asyncio.Lock()
        self._explainer = explainer
        self._store = store

    async def tell_all(self) -> None:
        """Tell everybody whose error was answered. Where Discord fails the rest waits for the next time."""
        async with self._turn:  # it is asked for by the clock and after each decision
            for notice in await self._store.notices.due():
                try:
                    await self._tell(notice)
                except (discord.Forbidden, discord.NotFound) as error:
                    # They left, or closed their direct messages: their address is deleted all the same.
                    log.info("notice.refused", notice=notice.id, code=error.code)
                await self._store.notices.told(notice.id)

    async def _tell(self, notice: Notice) -> None:
        words = self._words(notice)
        nonce = f"n{notice.id}"
        if notice.channel is None:
            person = await self._client.fetch_user(notice.user)
            await person.send(words, nonce=nonce)
            return
        channel = self._client.get_partial_messageable(notice.channel, guild_id=notice.guild)
        only_them = discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(notice.user)], replied_user=False
        )
        words = f"<@{notice.user}> {words}"
        if notice.message is None:
            await channel.send(words, nonce=nonce, allowed_mentions=only_them)
        else:
            asked = channel.get_partial_message(notice.message).to_reference(fail_if_not_exists=False)
            await channel.send(words, nonce=nonce, allowed_mentions=only_them, reference=asked)

    def _words(self, notice: Notice) -> str:
        found = self._explainer.knowledge_of(notice.guild).resolve(notice.entry) if notice.entry else None
        told = say("speaking.told", notice.lang, group=f"`{notice.group}`")
        if found is None:
            return told
        provider, entry = found
        return f"{told}\n\n{answer(Candidate(provider, entry, 100.0, 1.0), Reading('', ''), notice.lang).text}"
