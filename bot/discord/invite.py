"""The permissions the bot needs, each with its reason, and the links that invite it with exactly these."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import discord

NEEDED: Final[dict[str, str]] = {
    "view_channel": "see the channels it is to read",
    "send_messages": "answer",
    "send_messages_in_threads": "answer in threads and forum posts",
    "embed_links": "lay its answers out; without it they are plain text",
    "read_message_history": "read the message a reply points at, and what was missed over a restart",
    "add_reactions": "the quiet reaction, where it is not sure",
}
# Only where a server wants leaked credentials removed.
EXTRA: Final[dict[str, str]] = {"manage_messages": "remove messages with a leaked credential"}


def permissions(*, removal: bool = False) -> discord.Permissions:
    """Return what the bot asks for, with `removal` also what it takes to remove messages."""
    return discord.Permissions(**dict.fromkeys((*NEEDED, *(EXTRA if removal else ())), True))


def server_link(application: int, *, removal: bool = False) -> str:
    """Return the link that adds the bot to a server."""
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": permissions(removal=removal).value,
        "integration_type": 0,
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


def person_link(application: int) -> str:
    """Return the link by which a person adds the bot's commands to their own account."""
    asked = {"client_id": application, "scope": "applications.commands", "integration_type": 1}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
