"""All commands and all buttons of the bot, put together."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import metrics
from bot.discord.buttons import Buttons, UnderAnswers
from bot.discord.desk import Desk
from bot.discord.mydata import MyData
from bot.discord.requests import Requests
from bot.discord.review_desk import Reviewing
from bot.discord.slash_about import about_commands
from bot.discord.slash_explain import Explain
from bot.discord.slash_lookup import lookup_command, provider_command
from bot.discord.slash_review import Review
from bot.discord.slash_settings import Settings
from bot.discord.whisper import failed


class Commands(app_commands.CommandTree[discord.Client]):
    """The bot's commands, for servers, direct messages and as an app a person installs for themselves."""

    def __init__(self, desk: Desk, reviewing: Reviewing | None) -> None:
        """Without `reviewing` there is no /review: nothing that is decided would be in force."""
        super().__init__(
            desk.client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        explain = Explain(desk)
        self.add_command(explain.menu())
        for command in (
            explain.command(),
            lookup_command(desk),
            provider_command(desk),
            *about_commands(desk),
            *MyData(desk).commands(),
            Settings(desk).command(),
        ):
            self.add_command(command)
        if reviewing is not None:
            self.add_command(Review(reviewing).command())

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        if interaction.command is not None and interaction.type is discord.InteractionType.application_command:
            metrics.command(interaction.command.qualified_name)
        return True

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await failed(interaction, cause)


def all_buttons(desk: Desk, reviewing: Reviewing | None) -> Buttons:
    """Return what takes every press, choice and form of the bot's."""
    return Buttons(
        UnderAnswers(desk).handlers(),
        Requests(desk).handlers(),
        Explain(desk).handlers(),
        MyData(desk).handlers(),
        Settings(desk).handlers(),
        Review(reviewing).handlers() if reviewing is not None else {},
    )
