"""What people ask for besides an answer: to be told later, to be heard at all, to have a message removed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import discord
import structlog

from bot.discord.buttons import Handler
from bot.discord.desk import Desk, new_answer
from bot.discord.keys import Key
from bot.discord.render import Under, only, unmatched_shown
from bot.discord.shown import is_v2
from bot.discord.whisper import Interaction, language_of, thinking, whisper
from bot.paste.models import Paste
from bot.store.answers import KeptAnswer
from bot.store.store import Place
from bot.words import say

log = structlog.get_logger(__name__)


class Requests:
    """The buttons «Tell me», «Let the maintainers see it» and «Remove the message»."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> dict[str, Handler]:
        return {"tell": self._tell, "agree": self._agree, "delete": self._delete}

    async def _tell(self, interaction: Interaction, pressed: Key) -> None:
        """Keep where to tell the person: where they asked, or by direct message if that was in private."""
        await thinking(interaction)
        kept, store = await self._desk.kept(pressed.answer), self._desk.store
        lang = language_of(interaction) or (kept.lang if kept else "en")
        if kept is None or kept.group is None or store is None or not await store.has_group(kept.group):
            await whisper(interaction, only(say("tell.not_kept", lang)))
            return
        private = kept.private or kept.channel is None or kept.guild is None
        await store.notices.add(
            kept.group,
            user=interaction.user.id,
            lang=lang,
            at=dt.datetime.now(dt.UTC),
            guild=kept.guild,
            channel=None if private else kept.channel,
            message=None if private else kept.reply or kept.message,
        )
        await whisper(interaction, only(say("tell.kept_private" if private else "tell.kept", lang)))

    async def _agree(self, interaction: Interaction, pressed: Key) -> None:
        """Keep the person's consent, and with it the paste they sent, where it is still there to be read."""
        await interaction.response.defer()
        kept, store = await self._desk.kept(pressed.answer), self._desk.store
        lang = language_of(interaction) or (kept.lang if kept else "en")
        if store is None:
            return
        wishes = await store.people.wishes(interaction.user.id)
        await store.people.wish(interaction.user.id, replace(wishes, keeps_direct=True))
        group = await self._keep(kept, interaction) if kept is not None else None
        if kept is None or group is None:
            await whisper(interaction, only(say("consent.agreed", lang)))
            return
        under = Under(answer=kept.id, private=kept.private, group=group)
        reply = unmatched_shown(kept.facts, kept.lang, under)
        v2 = interaction.message is not None and is_v2(interaction.message)
        await interaction.edit_original_response(**reply.editing(v2=v2))
        await whisper(interaction, only(say("consent.kept", lang, group=f"`{group}`")))

    async def _keep(self, kept: KeptAnswer, interaction: Interaction) -> str | None:
        """Explain the pasted message once more, this time keeping it; return its group's name."""
        store, message = self._desk.store, await self._desk.paste_of(kept)
        if store is None or message is None or message.author.id != interaction.user.id:
            return None
        text = await self._desk.text_of(message)
        place = Place(kept.guild, kept.channel, message.id, interaction.user.id)
        explained = await self._desk.explainer.explain(
            Paste(text, kept.provider, kept.lang), mode="lookup", place=place, seen_at=message.created_at
        )
        if explained.group is not None:
            await store.answers.add(
                replace(new_answer(kept.id, explained, kept.lang, place, kept.sent_at), private=kept.private)
            )
        return explained.group

    async def _delete(self, interaction: Interaction, pressed: Key) -> None:
        """Remove the pasted message with a credential in it: for its author or a moderator, where the bot may."""
        await thinking(interaction)
        kept = await self._desk.kept(pressed.answer)
        lang = language_of(interaction) or (kept.lang if kept else "en")
        message = await self._desk.paste_of(kept) if kept is not None else None
        moderates = interaction.guild_id is not None and interaction.permissions.manage_messages
        if message is not None and not (moderates or message.author.id == interaction.user.id):
            await whisper(interaction, only(say("leak.not_yours", lang)))
            return
        key = "leak.removed"
        if message is not None:
            self._desk.spare(message.id)  # the answer stays, though its paste goes
            try:
                await message.delete()
            except (discord.Forbidden, discord.NotFound) as error:
                log.info("paste.not_removed", message=message.id, status=error.status, code=error.code)
                key = "leak.removed" if isinstance(error, discord.NotFound) else "leak.not_removed"
        await whisper(interaction, only(say(key, lang)))
