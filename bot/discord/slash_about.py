"""/help, /about and /privacy: what the bot does, what it is, and what it keeps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from discord import app_commands

from bot import __version__
from bot.discord.desk import Desk
from bot.discord.names import name
from bot.discord.shown import Block, Shown
from bot.discord.whisper import Interaction, language_of, thinking, whisper
from bot.words import say


def about_commands(desk: Desk) -> list[app_commands.Command[Any, ..., None]]:
    """Return /help, /about and /privacy."""

    @app_commands.command(name=name("help"), description=name("help.description"))
    async def help_(interaction: Interaction) -> None:
        await thinking(interaction)
        await whisper(interaction, _page("help", language_of(interaction) or "en"))

    @app_commands.command(name=name("about"), description=name("about.description"))
    async def about(interaction: Interaction) -> None:
        await thinking(interaction)
        lang = language_of(interaction) or "en"
        knowledge = desk.explainer.knowledge
        await whisper(
            interaction,
            _page(
                "about",
                lang,
                version=__version__,
                entries=sum(1 for _ in knowledge.entries()),
                providers=len(knowledge.providers()),
                # Discord shows it as time that has passed, in the person's own words.
                started=f"<t:{int(desk.started.timestamp())}:R>",
                uptime=lasting(dt.datetime.now(dt.UTC) - desk.started),
            ),
        )

    @app_commands.command(name=name("privacy"), description=name("privacy.description"))
    async def privacy(interaction: Interaction) -> None:
        await thinking(interaction)
        await whisper(interaction, _page("privacy", language_of(interaction) or "en"))

    return [help_, about, privacy]


def lasting(time: dt.timedelta) -> str:
    """Return a stretch of time as `3 d 4 h 5 min`."""
    minutes = max(0, int(time.total_seconds())) // 60
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    shown = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(shown) or "0 min"


def _page(which: str, lang: str, **values: object) -> Shown:
    title, text = say(f"page.{which}_title", lang), say(f"page.{which}", lang, **values)
    return Shown(f"**{title}**\n{text}", (Block(f"### {title}"), Block(text)), "#5865f2")
