"""Where and when the bot speaks: the mode, provider, language and limits that hold for a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import discord

from bot.discord.cooldowns import Limits
from bot.store.guilds import ChannelSettings, Guilds, GuildSettings, ListenMode

_POSTS: Final = (discord.ChannelType.forum, discord.ChannelType.media)


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds in one channel. `provider` and `lang` are defaults for its pastes, None where nothing is set."""

    mode: ListenMode
    limits: Limits
    provider: str | None = None
    lang: str | None = None
    reactions: bool = True
    remove_secrets: bool = False


class Rules:
    """The rules of all channels: a thread's own, its channel's, its category's, then the server's."""

    def __init__(self, guilds: Guilds, limits: Limits) -> None:
        """`limits` are the installation's, where a server has not set its own."""
        self._guilds = guilds
        self._limits = limits

    async def at(self, channel: object, guild: int | None) -> Rule:
        """Return the rule for a channel of discord.py's. In direct messages everything is overheard.

        Raises StoreError where the settings can't be read.
        """
        if guild is None:
            return Rule("listen", self._limits)
        settings = await self._guilds.get(guild)
        near = [settings.channels[number] for number in lineage(channel) if number in settings.channels]
        limits = Limits(
            person=settings.per_person or self._limits.person,
            channel=settings.per_channel or self._limits.channel,
            guild=settings.per_guild or self._limits.guild,
        )
        return Rule(
            mode=_mode(near, settings, channel),
            limits=limits,
            provider=next((each.provider for each in near if each.provider), settings.provider),
            lang=next((each.lang for each in near if each.lang), settings.lang),
            reactions=settings.reactions,
            remove_secrets=settings.remove_secrets,
        )


def lineage(channel: object) -> list[int]:
    """Return the ids whose settings hold in a channel, the nearest first: thread, channel, category."""
    found: list[int | None] = [getattr(channel, "id", None)]
    if isinstance(channel, discord.Thread):
        found.append(channel.parent_id)
        found.append(channel.parent.category_id if channel.parent else None)
    elif isinstance(channel, discord.abc.GuildChannel):
        found.append(channel.category_id)
    return [number for number in found if number is not None]


def in_a_forum(channel: object) -> bool:
    """Return whether a channel is a post of a forum."""
    return isinstance(channel, discord.Thread) and channel.parent is not None and channel.parent.type in _POSTS


def _mode(near: list[ChannelSettings], settings: GuildSettings, channel: object) -> ListenMode:
    nearest = next((each.mode for each in near if each.mode), None)
    if nearest is not None:
        return nearest
    # A server that listens does so in the way of each channel: in a forum that is by post.
    if settings.mode in (None, "listen"):
        return "forum" if in_a_forum(channel) else "listen"
    return settings.mode or "listen"
