"""What is logged of a failure: its kind and its place in the code, never its words, which may quote a paste."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import discord
import structlog

log = structlog.get_logger(__name__)

# These loggers of discord.py print whole events, request bodies and the token at DEBUG, and tracebacks at ERROR.
_LIBRARY: Final = (
    "discord",
    "discord.client",
    "discord.gateway",
    "discord.http",
    "discord.state",
    "discord.webhook.async_",
    "discord.app_commands.tree",
)


def trouble(error: BaseException) -> dict[str, str]:
    """Return the fields to log for an error: `error`, its type, and `where`, the file and line it was raised in."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return {"error": type(error).__name__, "where": where}


def forgiving(event: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return `parse` so that an event it can't read is logged and left out, whatever it raises."""

    def parse_or_leave(data: Any) -> Any:
        try:
            return parse(data)
        except Exception as error:
            log.error("event.unreadable", event_name=event, **trouble(error))
            return None

    return parse_or_leave


class _Brief(logging.Filter):
    """Cuts a record's traceback down to the error's type."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            record.msg = f"{record.getMessage()} ({record.exc_info[0].__name__})"
            record.args = None
            record.exc_info = None
        return True


def quiet_library() -> None:
    """Keep discord.py's loggers at INFO or above and without tracebacks, whatever level the operator asked for."""
    # This bot doesn't talk in voice channels: no warnings that it couldn't.
    discord.VoiceClient.warn_nacl = False
    discord.VoiceClient.warn_dave = False
    for name in _LIBRARY:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logger.level))
        if not any(isinstance(known, _Brief) for known in logger.filters):
            logger.addFilter(_Brief())
