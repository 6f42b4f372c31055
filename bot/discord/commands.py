"""The commands: /explain and the message menu «Explain this error», and their registration with Discord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
import structlog
from discord import app_commands
from discord.http import Route

from bot.discord.names import Translations, answer_language, name
from bot.discord.render import Shown, shown
from bot.discord.replies import Replies
from bot.discord.trouble import trouble
from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.store import Place
from bot.words import say

MOST_CHOICES: Final = 25  # Discord, "Autocomplete": choices
MOST_CHOICE_NAME: Final = 100
UNKNOWN_INTERACTION: Final = 10062  # it lapsed before it was acknowledged: nothing can be said any more

log = structlog.get_logger(__name__)


class Commands(app_commands.CommandTree[discord.Client]):
    """The bot's commands. What fails is logged without content and told to the person in one private sentence."""

    def __init__(self, client: discord.Client, explainer: Explainer, replies: Replies) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.add_command(_explain(explainer))
        self.add_command(_menu(replies))

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_INTERACTION:
            log.info("interaction.lapsed", interaction=interaction.id)
            return
        log.error("interaction.failed", interaction=interaction.id, **trouble(cause))
        words = say("discord.failed", _language(interaction) or "en", number=interaction.id)
        try:
            if interaction.response.is_done():
                await interaction.followup.send(words, ephemeral=True)
            else:
                await interaction.response.send_message(words, ephemeral=True)
        except discord.HTTPException as silenced:
            log.warning("interaction.unanswered", interaction=interaction.id, status=silenced.status)


def _explain(explainer: Explainer) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name=name("explain"), description=name("explain.description"))
    @app_commands.rename(error=name("error"), provider=name("provider"), language=name("language"))
    @app_commands.describe(
        error=name("error.description"),
        provider=name("provider.description"),
        language=name("language.description"),
    )
    @app_commands.choices(
        language=[
            app_commands.Choice(name="English", value="en"),
            app_commands.Choice(name="中文", value="zh"),
        ]
    )
    async def explain(
        interaction: discord.Interaction,
        error: app_commands.Range[str, 1, 6000],
        provider: str | None = None,
        language: str | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        lang = language or _language(interaction)
        named = _provider(provider, explainer.providers()) if provider else None
        if provider and named is None:
            await _follow_up(interaction, Shown(say("discord.unknown_provider", lang or "en")))
            return
        place = Place(
            guild=interaction.guild_id, channel=interaction.channel_id, message=None, person=interaction.user.id
        )
        explained = await explainer.explain(
            Paste(error, provider=named, lang=lang), mode="lookup", place=place, seen_at=interaction.created_at
        )
        read_as = explained.reading.lang if explained.reading else "en"
        await _follow_up(interaction, shown(explained, lang or read_as))

    @explain.autocomplete("provider")
    async def complete(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=words[:MOST_CHOICE_NAME], value=identifier)
            for identifier, words in matching(typed, explainer.providers())
        ]

    return explain


def _menu(replies: Replies) -> app_commands.ContextMenu:
    async def menu(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.defer(ephemeral=True)
        lang = _language(interaction)
        explained = await replies.explain_message(message, lang)
        if explained is None:
            await _follow_up(interaction, Shown(say("discord.no_error", lang or "en")))
            return
        read_as = explained.reading.lang if explained.reading else "en"
        await _follow_up(interaction, shown(explained, lang or read_as))

    return app_commands.ContextMenu(name=name("menu"), callback=menu)


async def _follow_up(interaction: discord.Interaction, reply: Shown) -> None:
    if reply.embed is None:
        await interaction.followup.send(reply.text, ephemeral=True)
    else:
        await interaction.followup.send(embed=reply.embed, ephemeral=True)


def _language(interaction: discord.Interaction[Any]) -> str | None:
    return answer_language(interaction.locale)


def _provider(typed: str, providers: Sequence[tuple[str, str]]) -> str | None:
    """Return the id of the provider somebody named, by its id or its English name."""
    wanted = typed.strip().casefold()
    return next((identifier for identifier, words in providers if wanted in (identifier, words.casefold())), None)


def matching(typed: str, providers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return up to MOST_CHOICES providers, as (id, name), that hold what was typed; those that begin with it first."""
    wanted = typed.strip().casefold()
    found = [pair for pair in providers if wanted in pair[0] or wanted in pair[1].casefold()]
    found.sort(key=lambda pair: not (pair[0].startswith(wanted) or pair[1].casefold().startswith(wanted)))
    return found[:MOST_CHOICES]


async def register(tree: Commands, client: discord.Client) -> None:
    """Register the commands where they differ from what Discord has; one log line says which.

    A failure is logged and leaves the bot without new commands, not without answers.
    """
    await tree.set_translator(Translations())
    translations = tree.translator
    if client.application_id is None or translations is None:
        return
    wanted = [await command.get_translated_payload(tree, translations) for command in tree.get_commands()]
    try:
        held = await client.http.request(
            Route("GET", "/applications/{application_id}/commands", application_id=client.application_id),
            params={"with_localizations": "true"},
        )
        if same_commands(wanted, held):
            log.info("commands.unchanged", commands=len(wanted))
            return
        await client.http.bulk_upsert_global_commands(client.application_id, payload=wanted)
    except discord.HTTPException as error:
        log.error("commands.not_registered", status=error.status, code=error.code)
    else:
        log.info("commands.registered", commands=len(wanted))


def same_commands(wanted: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether Discord holds just these commands; what it adds of its own (ids, versions) doesn't count."""
    by_name = {(command.get("type", 1), command["name"]): command for command in held}
    return len(wanted) == len(held) and all(
        _same(command, by_name.get((command["type"], command["name"]), {})) for command in wanted
    )


def _same(wanted: object, held: object) -> bool:
    if isinstance(wanted, Mapping) and isinstance(held, Mapping):
        # dm_permission is what `contexts` replaced; Discord answers it by rules of its own. Choices and options that
        # only Discord has are a difference.
        keys = {*wanted, *(held.keys() & {"choices", "options"})} - {"dm_permission"}
        return all(_same(wanted.get(key), held.get(key)) for key in keys)
    if isinstance(wanted, list) and isinstance(held, list) and len(wanted) == len(held):
        if all(isinstance(item, int) for item in wanted):
            return sorted(wanted) == sorted(held)
        return all(_same(ours, theirs) for ours, theirs in zip(wanted, held, strict=True))
    # Left out, null, empty and false are the same to Discord.
    return (wanted or None) == (held or None)
