"""Scopes: whose queue it is, and whose decision."""

from __future__ import annotations

from typing import Final

Scope = str  # "shared", or "guild:<id>"

SHARED: Final[Scope] = "shared"
_GUILD: Final = "guild:"


def of_guild(guild: int | None) -> Scope:
    """Return the scope of a guild; the shared one for None."""
    return SHARED if guild is None else f"{_GUILD}{guild}"


def guild_of(scope: Scope) -> int | None:
    """Return the guild whose scope this is, None for the shared one. Raises ValueError for what is no scope."""
    if scope == SHARED:
        return None
    kind, number = scope[: len(_GUILD)], scope[len(_GUILD) :]
    if kind != _GUILD or not (number.isascii() and number.isdigit()):
        raise ValueError(f"{scope!r} is no scope; write {SHARED!r} or 'guild:<id>'")
    return int(number)
