"""What a message asks of the bot: nothing, to be overheard, or to be answered.

Works on discord.py's models, asks nothing of Discord, and decides nothing about errors: that is the Explainer's.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import discord

from bot.store.models import Place

_WRITTEN: Final = (discord.MessageType.default, discord.MessageType.reply)
_MENTION: Final = re.compile(r"<@!?([0-9]{1,20})>")


class Seen:
    """Remembers the last `most` ids, so that an event that Discord sends twice is handled once."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._ids: OrderedDict[int, None] = OrderedDict()

    def first_time(self, number: int) -> bool:
        """Return whether `number` is new, and remember it."""
        if number in self._ids:
            return False
        self._ids[number] = None
        if len(self._ids) > self._most:
            self._ids.popitem(last=False)
        return True


def written_by_a_person(message: discord.Message) -> bool:
    """Return whether somebody wrote this: no bot (this one included), no webhook, no message of Discord's own."""
    author = message.author
    return not (author.bot or author.system or message.webhook_id) and message.type in _WRITTEN


def mentions(message: discord.Message, me: int) -> bool:
    """Return whether the bot is mentioned by name in the text.

    The mention that Discord adds to a reply to the bot's message is not in the text, nor is @everyone.
    """
    return any(int(found) == me for found in _MENTION.findall(message.content))


def without_mention(content: str, me: int) -> str:
    """Return what was written besides the mention of the bot."""
    return _MENTION.sub(lambda found: "" if int(found[1]) == me else found[0], content).strip()


def replied_to(message: discord.Message) -> discord.MessageReference | None:
    """Return what a message is a reply to, if it is one. A forwarded message or a pin is none."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None
    return reference


def post_title(message: discord.Message) -> str:
    """Return the title of a forum post where `message` is the post's first message, else ""."""
    channel = message.channel
    # A post and its first message have the same id (Discord, "Start Thread in Forum or Media Channel").
    if isinstance(channel, discord.Thread) and channel.id == message.id:
        return channel.name
    return ""


def words(message: discord.Message) -> str:
    """Return all that a message says without its files: its text, forwarded texts, and embeds where it has no text."""
    parts = [message.content, *(snapshot.content for snapshot in message.message_snapshots)]
    if not any(parts):
        for embed in message.embeds:
            # A link's preview is the linked page's words, not the message's.
            if embed.type == "rich":
                parts += [embed.title or "", embed.description or ""]
                parts += [f"{field.name}: {field.value}" for field in embed.fields]
    return joined(parts)


def files(message: discord.Message) -> list[discord.Attachment]:
    """Return a message's attachments and those of what it forwards."""
    forwarded = [file for snapshot in message.message_snapshots for file in snapshot.attachments]
    return [*message.attachments, *forwarded]


def joined(parts: list[str]) -> str:
    """Return the parts that say something, as one text."""
    return "\n\n".join(part for part in parts if part.strip())


def guild_of(message: discord.Message) -> int | None:
    """Return the id of the server a message is in, known to the cache or not; None in direct messages."""
    found = message.guild.id if message.guild else getattr(message.channel, "guild_id", None)
    return int(found) if found is not None else None


def place_of(message: discord.Message) -> Place:
    """Return where and from whom a message is."""
    return Place(guild_of(message), message.channel.id, message.id, message.author.id)


class Repliers:
    """Remembers which of the last messages somebody else than the bot has replied to."""

    def __init__(self, most: int = 2_000) -> None:
        self._most = most
        self._by: OrderedDict[int, int] = OrderedDict()

    def note(self, message: discord.Message) -> None:
        """Take in a message that may be a reply."""
        reference = replied_to(message)
        if reference is not None and reference.message_id is not None and written_by_a_person(message):
            self._by[reference.message_id] = message.author.id
            if len(self._by) > self._most:
                self._by.popitem(last=False)

    def helped(self, message: discord.Message) -> bool:
        """Return whether another person has replied to `message`."""
        return self._by.get(message.id, message.author.id) != message.author.id


def messageable(client: discord.Client, channel: int, guild: int | None) -> discord.abc.Messageable:
    """Return a channel to read from, known to the cache or not."""
    known = client.get_channel(channel)
    if isinstance(known, discord.abc.Messageable):
        return known
    return client.get_partial_messageable(channel, guild_id=guild)


def moderates(payload: discord.RawReactionActionEvent) -> bool:
    """Return whether who reacted may manage messages where they did."""
    member = payload.member
    if member is None:
        return False
    channel = member.guild.get_channel_or_thread(payload.channel_id)
    may = channel.permissions_for(member) if channel is not None else member.guild_permissions
    return may.manage_messages


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the bot may do in a channel."""

    send: bool = True
    embed: bool = True
    react: bool = True
    manage: bool = False  # delete others' messages


def abilities(message: discord.Message) -> Abilities:
    """Return what the bot may do where `message` was written; where the cache can't tell, Discord will (403)."""
    guild, channel = message.guild, message.channel
    if guild is None or guild.me is None or guild.default_role is None:
        return Abilities()
    if isinstance(channel, discord.Thread):
        if channel.parent is None:
            return Abilities()
        may = channel.permissions_for(guild.me)
        return _abilities(may, may.send_messages_in_threads)
    if isinstance(channel, discord.abc.GuildChannel):
        may = channel.permissions_for(guild.me)
        return _abilities(may, may.send_messages)
    return Abilities()


def _abilities(may: discord.Permissions, send: bool) -> Abilities:
    return Abilities(
        send=may.view_channel and send,
        embed=may.embed_links,
        react=may.view_channel and may.add_reactions and may.read_message_history,
        manage=may.manage_messages,
    )
