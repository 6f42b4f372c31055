"""/settings: who may change how the bot speaks, and each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import discord
from discord import app_commands

from bot.discord.buttons import Handler
from bot.discord.desk import Desk
from bot.discord.forms import limits_form, typed
from bot.discord.keys import Key
from bot.discord.names import name
from bot.discord.panel import KEEP_DAYS, UNSET, Target, panel, review_panel
from bot.discord.render import only
from bot.discord.shown import MOST_ROLES
from bot.discord.whisper import Interaction, data_of, language_of, thinking, whisper
from bot.store.guilds import MODES, ChannelSettings, GuildSettings
from bot.store.store import Store
from bot.words import say

_HINDERED_LATELY: Final = dt.timedelta(days=30)
_LIMITS: Final = {"person": "per_person", "channel": "per_channel", "guild": "per_guild"}
MOST_A_MINUTE: Final = 10_000


class Settings:
    """The command and its panel. Every change is checked anew: a panel may stand open after a role was taken away."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> dict[str, Handler]:
        return {
            "set-scope": self._scope,
            "set-mode": self._chosen,
            "set-provider": self._chosen,
            "set-lang": self._chosen,
            "set-roles": self._roles,
            "set-reactions": self._switch,
            "set-removal": self._switch,
            "set-limits": self._ask_limits,
            "set-numbers": self._limits,
            "set-review": self._review,
            "set-reviewers": self._reviewers,
            "set-shares": self._shares,
            "set-digest": self._digest,
            "set-keep": self._keep,
            "set-back": self._back,
        }

    def command(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("settings"), description=name("settings.description"))
        @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
        @app_commands.allowed_installs(guilds=True, users=False)
        async def settings(interaction: Interaction) -> None:
            await thinking(interaction)
            lang = language_of(interaction) or "en"
            store = self._desk.store
            if store is None or interaction.guild_id is None or interaction.guild is None:
                await whisper(interaction, only(say("settings.gone", lang)))
                return
            if not self._may_change(interaction, await store.guilds.get(interaction.guild_id)):
                await whisper(interaction, only(say("settings.not_yours", lang)))
                return
            await whisper(interaction, await self._panel(interaction, store, interaction.guild_id))

        return settings

    async def _scope(self, interaction: Interaction, pressed: Key) -> None:
        store = await self._allowed(interaction)
        if store is not None:
            chosen = int(_values(interaction)[0])
            known = {number for number, _ in _choices(interaction)}
            await self._show(interaction, store, chosen if chosen in known else pressed.answer)

    async def _chosen(self, interaction: Interaction, pressed: Key) -> None:
        """Set mode, provider or language, of the server or of the channel that the key names."""
        store = await self._allowed(interaction)
        guild = interaction.guild_id
        if store is None or guild is None:
            return
        field, value = pressed.verb.removeprefix("set-"), _values(interaction)[0]
        if value.startswith("page:"):
            await self._show(interaction, store, pressed.answer, page=int(value.removeprefix("page:")))
            return
        chosen = None if value == UNSET or not self._known(field, value, guild) else value
        if pressed.answer == guild:
            await store.guilds.change(guild, **{field: chosen})
        elif pressed.answer in {number for number, _ in _choices(interaction)}:
            held = (await store.guilds.get(guild)).channels.get(pressed.answer, ChannelSettings())
            changes: dict[str, Any] = {field: chosen}
            await store.guilds.change_channel(guild, pressed.answer, replace(held, **changes))
        await self._show(interaction, store, pressed.answer)

    def _known(self, field: str, value: str, guild: int) -> bool:
        if field == "provider":
            return any(provider.id == value for provider in self._desk.explainer.knowledge_of(guild).providers())
        return value in (MODES if field == "mode" else ("en", "zh"))

    async def _roles(self, interaction: Interaction, pressed: Key) -> None:
        store = await self._allowed(interaction)
        if store is not None and interaction.guild_id is not None:
            roles = tuple(int(value) for value in _values(interaction, least=0)[:MOST_ROLES])
            await store.guilds.change(interaction.guild_id, roles=roles)
            await self._show(interaction, store, pressed.answer)

    async def _switch(self, interaction: Interaction, pressed: Key) -> None:
        store = await self._allowed(interaction)
        if store is not None and interaction.guild_id is not None:
            now = await store.guilds.get(interaction.guild_id)
            if pressed.verb == "set-reactions":
                await store.guilds.change(interaction.guild_id, reactions=not now.reactions)
            else:
                await store.guilds.change(interaction.guild_id, remove_secrets=not now.remove_secrets)
            await self._show(interaction, store, pressed.answer)

    async def _review(self, interaction: Interaction, _pressed: Key) -> None:
        """Show who reviews what had no answer here."""
        await self._change_review(interaction)

    async def _reviewers(self, interaction: Interaction, _pressed: Key) -> None:
        roles = tuple(int(value) for value in _values(interaction, least=0)[:MOST_ROLES])
        await self._change_review(interaction, review_roles=lambda _: roles)

    async def _shares(self, interaction: Interaction, _pressed: Key) -> None:
        await self._change_review(interaction, shares=lambda now: not now.shares)

    async def _digest(self, interaction: Interaction, _pressed: Key) -> None:
        """Set where the weekly digest goes: a channel of this server in which the bot may write, or nowhere."""
        store, guild = await self._allowed(interaction), interaction.guild
        if store is None or guild is None:
            return
        number = next(iter(_values(interaction, least=0)), None)
        channel = guild.get_channel(int(number)) if number else None
        may = channel.permissions_for(guild.me) if channel is not None else None
        if number and (may is None or not (may.view_channel and may.send_messages)):
            await whisper(interaction, only(say("settings.digest_cannot", language_of(interaction) or "en")))
            return
        await store.guilds.set_digest(guild.id, int(number) if number else None, dt.datetime.now(dt.UTC))
        await self._show_review(interaction, await store.guilds.get(guild.id))

    async def _keep(self, interaction: Interaction, _pressed: Key) -> None:
        """Set for how many days the samples of this server are kept."""
        chosen = _values(interaction)[0]
        days = int(chosen) if chosen in map(str, KEEP_DAYS) else None
        await self._change_review(interaction, keep_days=lambda _: days)

    async def _change_review(self, interaction: Interaction, **changes: Callable[[GuildSettings], Any]) -> None:
        store, guild = await self._allowed(interaction), interaction.guild_id
        if store is None or guild is None:
            return
        now = await store.guilds.get(guild)
        if changes:
            now = await store.guilds.change(guild, **{field: change(now) for field, change in changes.items()})
        await self._show_review(interaction, now)

    async def _show_review(self, interaction: Interaction, now: GuildSettings) -> None:
        made = review_panel(interaction.guild_id or 0, now, language_of(interaction) or "en")
        await interaction.edit_original_response(**made.editing(v2=True))

    async def _back(self, interaction: Interaction, _pressed: Key) -> None:
        store = await self._allowed(interaction)
        if store is not None and interaction.guild_id is not None:
            await self._show(interaction, store, interaction.guild_id)

    async def _ask_limits(self, interaction: Interaction, pressed: Key) -> None:
        # The form is the acknowledgement; the settings are in memory since the panel was opened, or nearly so.
        store, guild = self._desk.store, interaction.guild_id
        now = await store.guilds.get(guild) if store is not None and guild is not None else GuildSettings()
        given = {field: getattr(now, column) for field, column in _LIMITS.items()}
        await interaction.response.send_modal(limits_form(pressed.answer, given, language_of(interaction) or "en"))

    async def _limits(self, interaction: Interaction, pressed: Key) -> None:
        store = await self._allowed(interaction)
        if store is None or interaction.guild_id is None:
            return
        written = {column: typed(interaction, field).strip() for field, column in _LIMITS.items()}
        if all(not words or (words.isascii() and words.isdigit()) for words in written.values()):
            numbers = {column: int(words) if words else None for column, words in written.items()}
            if all(number is None or 1 <= number <= MOST_A_MINUTE for number in numbers.values()):
                await store.guilds.change(interaction.guild_id, **numbers)
                await self._show(interaction, store, pressed.answer)
                return
        wrong = say("settings.limits_wrong", language_of(interaction) or "en")
        await self._show(interaction, store, pressed.answer, note=wrong)

    async def _allowed(self, interaction: Interaction) -> Store | None:
        """Acknowledge a press, and return the store if this person may still change the settings."""
        await interaction.response.defer()
        store, guild = self._desk.store, interaction.guild_id
        if store is None or guild is None:
            return None
        if self._may_change(interaction, await store.guilds.get(guild)):
            return store
        await whisper(interaction, only(say("settings.not_yours", language_of(interaction) or "en")))
        return None

    @staticmethod
    def _may_change(interaction: Interaction, settings: GuildSettings) -> bool:
        user = interaction.user
        if interaction.permissions.manage_guild:
            return True
        return isinstance(user, discord.Member) and any(user.get_role(role) is not None for role in settings.roles)

    async def _show(
        self, interaction: Interaction, store: Store, target: int, *, page: int = 0, note: str = ""
    ) -> None:
        reply = await self._panel(interaction, store, target, page=page, note=note)
        await interaction.edit_original_response(**reply.editing(v2=True))

    async def _panel(
        self, interaction: Interaction, store: Store, target: int, *, page: int = 0, note: str = ""
    ) -> Any:
        guild = interaction.guild_id or 0
        return panel(
            Target(target, guild, _choices(interaction)),
            await store.guilds.get(guild),
            await store.guilds.hindrances(guild, dt.datetime.now(dt.UTC) - _HINDERED_LATELY),
            self._desk.explainer.knowledge_of(guild).providers(),
            language_of(interaction) or "en",
            page=page,
            note=note,
        )


def _values(interaction: Interaction, *, least: int = 1) -> list[str]:
    """Return what was chosen in a select; UNSET where nothing was and something has to be."""
    found = [str(value) for value in data_of(interaction).get("values") or []]
    return found if len(found) >= least else [UNSET]


def _choices(interaction: Interaction) -> tuple[tuple[int, str], ...]:
    """Return what the panel can be for, from where it stands: the server, this channel, its category."""
    choices = [(interaction.guild_id or 0, "server")]
    channel: Any = interaction.channel
    if isinstance(channel, discord.Thread):
        choices.append((channel.parent_id, "channel"))
        channel = channel.parent
    elif channel is not None:
        choices.append((channel.id, "channel"))
    category = getattr(channel, "category_id", None)
    return (*choices, (category, "category")) if category else tuple(choices)
