"""/explain with its form for many lines, and the message menu «Explain this error»."""

from __future__ import annotations

from typing import Any, Final

import discord
from discord import app_commands

from bot.discord.attention import files, joined
from bot.discord.buttons import Handler
from bot.discord.desk import Desk
from bot.discord.forms import paste_form, typed
from bot.discord.keys import Key
from bot.discord.names import name
from bot.discord.render import only
from bot.discord.slash_lookup import provider_choices
from bot.discord.whisper import Interaction, language_of, thinking, whisper
from bot.paste.models import Paste
from bot.store.store import Place
from bot.words import say

MOST_TYPED: Final = 6000  # Discord: a slash command's text option
_ENGLISH, _CHINESE = (app_commands.Choice(name=words, value=tag) for words, tag in (("English", "en"), ("中文", "zh")))


class Explain:
    """Explains what a person types, attaches, pastes into the form, or points at."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> dict[str, Handler]:
        return {"paste": self._pasted}

    def command(self) -> app_commands.Command[Any, ..., None]:
        desk = self._desk

        @app_commands.command(name=name("explain"), description=name("explain.description"))
        @app_commands.rename(**{each: name(each) for each in ("error", "file", "provider", "language", "private")})
        @app_commands.describe(
            **{each: name(f"{each}.description") for each in ("error", "file", "provider", "language", "private")}
        )
        @app_commands.choices(language=[_ENGLISH, _CHINESE])
        async def explain(
            interaction: Interaction,
            error: app_commands.Range[str, 1, MOST_TYPED] | None = None,
            file: discord.Attachment | None = None,
            provider: str | None = None,
            language: str | None = None,
            private: bool = True,
        ) -> None:
            if error is None and file is None:
                options = f"{(provider or '')[:40]}|{language or ''}|{'p' if private else 'o'}"
                await interaction.response.send_modal(paste_form(options, language_of(interaction) or "en"))
                return
            await thinking(interaction, private=private)
            attached = await desk.attachments.texts([file]) if file is not None else []
            await self._answer(interaction, joined([error or "", *attached]), provider, language, private=private)

        @explain.autocomplete("provider")
        async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
            return provider_choices(desk, interaction, current)

        return explain

    def menu(self) -> app_commands.ContextMenu:
        async def menu(interaction: Interaction, message: discord.Message) -> None:
            await thinking(interaction)
            lang = language_of(interaction)
            text = await self._desk.text_of(message)
            if not text:
                key = "discord.screenshot" if any(map(_is_picture, files(message))) else "discord.no_error"
                await whisper(interaction, only(say(key, lang or "en")))
                return
            place = Place(interaction.guild_id, interaction.channel_id, message.id, message.author.id)
            paste = Paste(text, lang=lang)
            keep = interaction.guild_id is not None and not await self._ignored(message.author.id)
            explained = await self._desk.explainer.explain(
                paste, mode="lookup", place=place, seen_at=message.created_at, keep=keep
            )
            asked = Place(interaction.guild_id, interaction.channel_id, None, interaction.user.id)
            reply = await self._desk.answered(interaction, explained, asked, paste, private=True, source=message.id)
            await whisper(interaction, reply)

        return app_commands.ContextMenu(name=name("menu"), callback=menu)

    async def _pasted(self, interaction: Interaction, pressed: Key) -> None:
        """Explain what was pasted into the form; its id brings back the options of the command."""
        provider, language, seen = (*pressed.rest.split("|"), "", "", "")[:3]
        private = seen != "o"
        await thinking(interaction, private=private)
        await self._answer(
            interaction, typed(interaction, "paste"), provider or None, language or None, private=private
        )

    async def _answer(
        self, interaction: Interaction, text: str, provider: str | None, language: str | None, *, private: bool
    ) -> None:
        lang = language or language_of(interaction)
        named = self._desk.catalogue(interaction.guild_id).provider(provider) if provider else None
        if provider and named is None:
            await whisper(interaction, only(say("discord.unknown_provider", lang or "en")), private=private)
            return
        if not text.strip():
            await whisper(interaction, only(say("discord.no_text", lang or "en")), private=private)
            return
        paste = Paste(text, provider=named.id if named else None, lang=lang)
        reply = await self._desk.explain(interaction, paste, private=private)
        sent = await whisper(interaction, reply, private=private)
        if not private and self._desk.store is not None:
            await self._desk.store.answers.sent(interaction.id, sent.id)

    async def _ignored(self, person: int) -> bool:
        return self._desk.store is not None and (await self._desk.store.people.wishes(person)).ignored


def _is_picture(file: discord.Attachment) -> bool:
    return (file.content_type or "").startswith("image/")
