"""What Discord sends: users, guilds, channels, messages and interactions, with the fields that are required."""

from __future__ import annotations

import time
from typing import Any

Payload = dict[str, Any]

BOT_ID = 900000000000000001
APPLICATION_ID = 900000000000000001
GUILD_ID = 800000000000000001
PERSON_ID = 700000000000000001
OTHER_PERSON_ID = 700000000000000002
GENERAL = 600000000000000001
MUTED = 600000000000000002  # the bot may not write here
BARE = 600000000000000003  # the bot may write, but not embed
FORUM = 600000000000000004
VOICE = 600000000000000005
THREAD = 600000000000000006
DIRECT = 600000000000000007
CATEGORY = 600000000000000008
MODERATORS = 600000000000000009  # a role

ADD_REACTIONS = 1 << 6
VIEW = 1 << 10
SEND = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED = 1 << 14
HISTORY = 1 << 16
SEND_IN_THREADS = 1 << 38
ALLOWED = ADD_REACTIONS | VIEW | SEND | EMBED | HISTORY | SEND_IN_THREADS

EPOCH = 1420070400000  # Discord's: the first second of 2015
_last = 0


def snowflake(moment: float) -> int:
    """Return the least id of a moment, in seconds since 1970."""
    return (int(moment * 1000) - EPOCH) << 22


def new_id() -> int:
    """Return an id of this moment, larger than all before."""
    global _last  # noqa: PLW0603 (ids are the process's, as Discord's are everybody's)
    _last = max(_last + 1, snowflake(time.time()))
    return _last


def user(number: int, name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(number),
        "username": name,
        "discriminator": "0",
        "global_name": name,
        "avatar": None,
        "bot": bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
    }


def member(who: Payload) -> Payload:
    return {
        "user": who,
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


BOT = user(BOT_ID, "authbot", bot=True)
PERSON = user(PERSON_ID, "ana")
OTHER_PERSON = user(OTHER_PERSON_ID, "bo")

APPLICATION: Payload = {
    "id": str(APPLICATION_ID),
    "name": "authbot",
    "icon": None,
    "description": "",
    "rpc_origins": [],
    "bot_public": True,
    "bot_require_code_grant": False,
    "owner": PERSON,
    "verify_key": "00",
    "team": None,
    "flags": 0,
    "interactions_endpoint_url": None,
}


def channel(number: int, kind: int, name: str, *, denied: int = 0) -> Payload:
    overwrites = [{"id": str(GUILD_ID), "type": 0, "allow": "0", "deny": str(denied)}] if denied else []
    return {
        "id": str(number),
        "type": kind,
        "name": name,
        "guild_id": str(GUILD_ID),
        "position": 0,
        "permission_overwrites": overwrites,
        "parent_id": None,
        "nsfw": False,
        "topic": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "bitrate": 64000,
        "user_limit": 0,
        "rtc_region": None,
        "available_tags": [],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "flags": 0,
    }


def thread(number: int, parent: int, name: str) -> Payload:
    return {
        "id": str(number),
        "type": 11,
        "guild_id": str(GUILD_ID),
        "parent_id": str(parent),
        "owner_id": str(PERSON_ID),
        "name": name,
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "flags": 0,
        "applied_tags": [],
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": "2024-01-01T00:00:00+00:00",
            "locked": False,
            "create_timestamp": "2024-01-01T00:00:00+00:00",
        },
    }


# In the voice channel the bot may delete others' messages.
MANAGES = {"id": str(BOT_ID), "type": 1, "allow": str(MANAGE_MESSAGES), "deny": "0"}


def guild() -> Payload:
    everyone = {
        "id": str(GUILD_ID),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(ALLOWED),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    moderators = {
        **everyone,
        "id": str(MODERATORS),
        "name": "moderators",
        "permissions": str(ALLOWED | MANAGE_MESSAGES),
    }
    return {
        "id": str(GUILD_ID),
        "name": "Builders",
        "icon": None,
        "owner_id": str(OTHER_PERSON_ID),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone, moderators],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "large": False,
        "unavailable": False,
        "member_count": 3,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "voice_states": [],
        "members": [member(BOT)],
        "channels": [
            channel(CATEGORY, 4, "a category"),
            {**channel(GENERAL, 0, "general"), "parent_id": str(CATEGORY)},
            channel(MUTED, 0, "read-only", denied=SEND),
            channel(BARE, 0, "no-embeds", denied=EMBED),
            channel(FORUM, 15, "help"),
            {**channel(VOICE, 2, "voice"), "permission_overwrites": [MANAGES]},
        ],
        "threads": [thread(THREAD, GENERAL, "a thread")],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(where: int, content: str, *, author: Payload = PERSON, number: int | None = None, **more: Any) -> Payload:
    """A message as in MESSAGE_CREATE. `more` overrides or adds fields; a direct message has no guild_id."""
    made: Payload = {
        "id": str(number or new_id()),
        "channel_id": str(where),
        "author": author,
        "content": content,
        "timestamp": "2025-06-01T10:00:00.000000+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": "@everyone" in content,
        "mentions": [BOT] if f"<@{BOT_ID}>" in content else [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        "components": [],
    }
    if where != DIRECT:
        made["guild_id"] = str(GUILD_ID)
        made["member"] = {key: value for key, value in member(author).items() if key != "user"}
    return {**made, **more}


def reply_fields(to: Payload, *, carried: bool = True) -> Payload:
    """The fields that make a message a reply; `carried` is whether the event brings the message it replies to."""
    fields: Payload = {
        "type": 19,
        "message_reference": {"type": 0, "message_id": to["id"], "channel_id": to["channel_id"]},
    }
    if carried:
        fields["referenced_message"] = {key: value for key, value in to.items() if key not in ("guild_id", "member")}
    return fields


def interaction(kind: int, data: Payload, *, locale: str = "en-US", where: int = GENERAL) -> Payload:
    """An interaction of somebody in the guild: kind 2 is a command, 4 an autocompletion."""
    number = new_id()
    return {
        "id": str(number),
        "application_id": str(APPLICATION_ID),
        "type": kind,
        "data": {"id": str(new_id()), "guild_id": None, **data},
        "guild_id": str(GUILD_ID),
        "guild": {"id": str(GUILD_ID), "locale": "en-US", "features": []},
        "channel_id": str(where),
        "channel": {"id": str(where), "type": 0, "name": "general", "permissions": str(ALLOWED)},
        "member": {**member(PERSON), "permissions": str(ALLOWED)},
        "token": f"interaction-{number}",
        "version": 1,
        "app_permissions": str(ALLOWED),
        "locale": locale,
        "guild_locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(GUILD_ID)},
        "context": 0,
        "attachment_size_limit": 10485760,
    }


def command(name: str, /, **options: str) -> Payload:
    """The data of a slash command as somebody sends it."""
    given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    return {"name": name, "type": 1, "options": given}


def subcommand(name: str, sub: str, /, **options: str | int) -> Payload:
    """The data of a slash command of a group as somebody sends it."""
    given = [
        {"name": key, "type": 4 if isinstance(value, int) else 3, "value": value} for key, value in options.items()
    ]
    return {"name": name, "type": 1, "options": [{"name": sub, "type": 1, "options": given}]}


def message_menu(name: str, target: Payload) -> Payload:
    """The data of a message menu entry that somebody chose on `target`."""
    return {"name": name, "type": 3, "target_id": target["id"], "resolved": {"messages": {target["id"]: target}}}
