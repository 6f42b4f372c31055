"""Speaking to one person through an interaction: acknowledged first, private, and one clear sentence where it fails."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, cast

import discord
import structlog

from bot import metrics
from bot.discord.names import answer_language
from bot.discord.render import only
from bot.discord.shown import Shown
from bot.discord.trouble import trouble
from bot.words import say

UNKNOWN_INTERACTION = 10062  # it lapsed before it was acknowledged: nothing can be said any more
ALREADY_ACKNOWLEDGED = 40060  # an earlier, retried acknowledgement arrived after all

Interaction = discord.Interaction[Any]

log = structlog.get_logger(__name__)


def data_of(interaction: Interaction) -> Mapping[str, Any]:
    """Return what a press, a choice or a form came with."""
    return cast(Mapping[str, Any], interaction.data or {})


def language_of(interaction: Interaction) -> str | None:
    """Return the language of the person's own Discord: "zh", "en", or None for another one."""
    return answer_language(interaction.locale)


async def whisper(interaction: Interaction, reply: Shown, *, private: bool = True) -> discord.WebhookMessage:
    """Send what follows an acknowledgement, only to the person unless `private` is false; return the message.

    Where Discord will not have the layout, it gets the plain text.
    """
    try:
        return await interaction.followup.send(**reply.sending(), ephemeral=private, wait=True)
    except discord.HTTPException as error:
        if error.status not in (400, 403) or not reply.blocks:
            raise
        log.warning("interaction.plain", interaction=interaction.id, status=error.status, code=error.code)
        return await interaction.followup.send(**reply.sending(v2=False), ephemeral=private, wait=True)


async def thinking(interaction: Interaction, *, private: bool = True) -> None:
    """Acknowledge: a message follows."""
    await interaction.response.defer(ephemeral=private, thinking=True)


async def guarded(interaction: Interaction, work: Awaitable[None]) -> None:
    """Do the work; what fails is logged without content and told to the person in one private sentence."""
    try:
        await work
    except Exception as error:
        await failed(interaction, error)


async def failed(interaction: Interaction, error: Exception) -> None:
    """Log a failure and tell the person its number, which stands in the log too. Raises nothing."""
    if isinstance(error, discord.HTTPException) and error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED):
        log.info("interaction.lapsed", interaction=interaction.id, code=error.code)
        return
    metrics.failed("interaction")
    log.error("interaction.failed", interaction=interaction.id, **trouble(error))
    words = say("discord.failed", language_of(interaction) or "en", number=interaction.id)
    try:
        if interaction.response.is_done():
            await whisper(interaction, only(words))
        elif interaction.type is not discord.InteractionType.autocomplete:
            await interaction.response.send_message(words, ephemeral=True)
    except discord.HTTPException as silenced:
        log.warning("interaction.unanswered", interaction=interaction.id, status=silenced.status)
    except discord.InteractionResponded:
        log.warning("interaction.unanswered", interaction=interaction.id)
