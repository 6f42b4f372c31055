"""Answers that were not the right ones, or unsure: what they were given to goes to the maintainers' queue."""

from __future__ import annotations

from typing import Final

import discord
import structlog

from bot.discord.attention import mentions, without_mention
from bot.discord.delivery import DISCORD_FAILS, patiently
from bot.discord.desk import Desk
from bot.discord.keys import Key
from bot.discord.trouble import trouble
from bot.discord.whisper import Interaction
from bot.match.decide import ANSWER
from bot.match.models import Mode
from bot.paste.gate import worth_reading
from bot.paste.models import Paste
from bot.store.answers import KeptAnswer
from bot.store.errors import StoreError
from bot.store.models import Place, Reason, Sighting
from bot.store.store import Store

_FAILS: Final = (discord.HTTPException, StoreError, *DISCORD_FAILS)

log = structlog.get_logger(__name__)


class Complaints:
    """Takes pressed feedback to the queue. Whoever pressed has had their thanks before: what fails is logged.

    One message is in the queue once, however many press under its answers, and by the time it was written. It is read
    anew from Discord, as far as it still stands there; of what was given to a command there is only the form's note.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def not_helped(self, interaction: Interaction, pressed: Key, note: str = "") -> None:
        """Somebody said that an answer did not help. `note` is what they wrote of it, redacted."""
        await self._safely(interaction, pressed, "not_helped", None, note)

    async def chose(self, interaction: Interaction, pressed: Key, entry: str) -> None:
        """Somebody chose a reading; it is for the queue where the bot was not sure enough to answer with it."""
        await self._safely(interaction, pressed, "chose", entry, "")

    async def taken_back(self, interaction: Interaction, pressed: Key) -> None:
        """Somebody said that it is solved, which takes back that it did not help."""
        store = self._desk.store
        if store is None:
            return
        try:
            kept = await store.answers.get(pressed.answer)
            if kept is not None:
                await self._settle(store, _number(kept))
        except StoreError as error:
            log.warning("complaint.not_withdrawn", interaction=interaction.id, **trouble(error))

    async def _safely(
        self, interaction: Interaction, pressed: Key, reason: Reason, entry: str | None, note: str
    ) -> None:
        store = self._desk.store
        if store is None:
            return
        try:
            kept = await store.answers.get(pressed.answer)
            if kept is None or kept.guild != interaction.guild_id:
                return
            if reason == "chose" and dict(kept.candidates).get(entry or "", 0.0) >= ANSWER:
                return
            sighting = await self._sighting(interaction, kept, reason, entry or pressed.rest or kept.shown, note)
            if sighting is not None:
                await self._keep(store, _number(kept), sighting)
        except _FAILS as error:
            log.warning("complaint.not_kept", interaction=interaction.id, **trouble(error))

    async def _keep(self, store: Store, number: int, sighting: Sighting) -> None:
        # The last word counts: what was chosen before may be another reading, or have been no help either.
        group = await patiently(lambda: store.record_instead(sighting, "chose"))
        log.info("complaint", reason=sighting.reason, entry=sighting.entry, group=group)
        if sighting.reason == "not_helped":
            await self._settle(store, number)

    async def _settle(self, store: Store, number: int) -> None:
        """Take a message out of the queue if nobody says any more that its answer did not help.

        Asked after recording too: it may have been taken back while the message was read.
        """
        if not await store.answers.not_helped(number):
            await store.withdraw(number, "not_helped")

    async def _sighting(
        self, interaction: Interaction, kept: KeptAnswer, reason: Reason, entry: str | None, note: str
    ) -> Sighting | None:
        """Return what is to be kept; None where nothing may be, or where there is nothing to learn from."""
        user = interaction.user.id
        if not await self._agrees(user, kept.guild):
            return None
        message = await self._desk.paste_of(kept)
        explainer = self._desk.explainer
        if message is None:
            if not worth_reading(note):
                return None
            place = Place(kept.guild, kept.channel, _number(kept), user)
            paste = Paste(note, kept.provider, kept.lang)
            return await explainer.sighting_of(
                paste, reason=reason, entry=entry, place=place, seen_at=kept.sent_at, mode="listen"
            )
        if message.author.id != user and not await self._agrees(message.author.id, kept.guild):
            return None
        me = self._desk.client.user.id if self._desk.client.user else 0
        asked = kept.message != kept.paste or mentions(message, me) or kept.decision != "answer"
        mode: Mode = "lookup" if asked else "listen"  # of what was overheard only the error's own lines are kept
        text = without_mention(await self._desk.text_of(message), me)
        # Whose words they are, not who pressed: /forget-me takes them away.
        place = Place(kept.guild, kept.channel, message.id, message.author.id)
        return await explainer.sighting_of(
            Paste(text, kept.provider, kept.lang),
            reason=reason,
            entry=entry,
            place=place,
            seen_at=message.created_at,
            mode=mode,
        )

    async def _agrees(self, person: int, guild: int | None) -> bool:
        """Return whether something of a person may be kept: not of who is ignored, nor directly without consent."""
        store = self._desk.store
        if store is None:
            return False
        wishes = await store.people.wishes(person)
        return not wishes.ignored and (guild is not None or wishes.keeps_direct is True)


def _number(kept: KeptAnswer) -> int:
    """Return the number under which an answer's paste is in the queue: the message, or the command's interaction."""
    return kept.paste or kept.message or kept.id
