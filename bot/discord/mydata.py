"""/forget-me, /export-my-data and /ignore-me: what a person can have done with what is kept of them."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.discord.buttons import Handler
from bot.discord.desk import Desk
from bot.discord.keys import Key, key
from bot.discord.names import name
from bot.discord.render import only
from bot.discord.shown import Press, Shown
from bot.discord.whisper import Interaction, language_of, thinking, whisper
from bot.words import say


class MyData:
    """Erasing, exporting and being overlooked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> dict[str, Handler]:
        return {"forget": self._forget}

    def commands(self) -> list[app_commands.Command[Any, ..., None]]:
        @app_commands.command(name=name("forget-me"), description=name("forget-me.description"))
        @app_commands.rename(where=name("where"))
        @app_commands.describe(where=name("where.description"))
        @app_commands.choices(
            where=[
                app_commands.Choice(name=name("where.here"), value="here"),
                app_commands.Choice(name=name("where.everywhere"), value="everywhere"),
            ]
        )
        async def forget_me(interaction: Interaction, where: str = "everywhere") -> None:
            await thinking(interaction)
            lang = language_of(interaction) or "en"
            guild = interaction.guild_id if where == "here" else None
            # Asked once: what is erased can't be brought back. The answer's place in the id says where.
            confirm = Press(say("mydata.erase", lang), key("forget", guild), "bad")
            words = say("mydata.sure_here" if guild else "mydata.sure_everywhere", lang)
            await whisper(interaction, Shown(words, rows=((confirm,),)))

        @app_commands.command(name=name("export-my-data"), description=name("export-my-data.description"))
        async def export_my_data(interaction: Interaction) -> None:
            await thinking(interaction)
            lang = language_of(interaction) or "en"
            store = self._desk.store
            held = await store.export(interaction.user.id) if store is not None else {}
            body = json.dumps(held, ensure_ascii=False, indent=2).encode()
            file = discord.File(io.BytesIO(body), filename=f"authbot-{dt.datetime.now(dt.UTC):%Y-%m-%d}.json")
            await interaction.followup.send(say("mydata.exported", lang), file=file, ephemeral=True)

        @app_commands.command(name=name("ignore-me"), description=name("ignore-me.description"))
        async def ignore_me(interaction: Interaction) -> None:
            await thinking(interaction)
            lang = language_of(interaction) or "en"
            store = self._desk.store
            if store is None:
                await whisper(interaction, only(say("mydata.nothing_kept", lang)))
                return
            wishes = await store.people.wishes(interaction.user.id)
            await store.people.wish(interaction.user.id, replace(wishes, ignored=not wishes.ignored))
            await whisper(interaction, only(say("mydata.heeded" if wishes.ignored else "mydata.ignored", lang)))

        return [forget_me, export_my_data, ignore_me]

    async def _forget(self, interaction: Interaction, pressed: Key) -> None:
        """Erase, once the person has confirmed: in the guild that the key names, or everywhere."""
        await interaction.response.defer()
        lang = language_of(interaction) or "en"
        store, guild = self._desk.store, pressed.answer or None
        count = await store.forget(interaction.user.id, guild) if store is not None else 0
        words = say("mydata.erased" if count else "mydata.nothing_kept", lang, count=count)
        await interaction.edit_original_response(**Shown(words).editing(v2=False))
