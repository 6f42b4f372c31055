"""Registering the commands with Discord: once, and again only where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import Route

from bot.discord.names import Translations

log = structlog.get_logger(__name__)


async def register(tree: app_commands.CommandTree[Any], client: discord.Client) -> None:
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
