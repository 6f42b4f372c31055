"""How often the bot speaks: answers a minute to a person, in a channel, in a server. In memory, and bounded."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

WINDOW: Final = 60.0  # seconds
MOST_KEYS: Final = 20_000

Kind = Literal["person", "channel", "guild"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Answers a minute."""

    person: int = 5
    channel: int = 20
    guild: int = 600


class Cooldowns:
    """Counts answers in sliding windows of a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: dict[tuple[Kind, int, int], deque[float]] = {}
        self._told: dict[tuple[int, int], float] = {}

    def refuse(self, guild: int | None, channel: int, person: int, limits: Limits) -> Kind | None:
        """Take a turn, or return the limit that is used up. A person's turns in different servers don't add up."""
        now = self._clock()
        keys: list[tuple[tuple[Kind, int, int], int]] = [
            (("person", guild or 0, person), limits.person),
            (("channel", guild or 0, channel), limits.channel),
        ]
        if guild is not None:
            keys.append((("guild", guild, guild), limits.guild))
        for key, most in keys:
            if len(self._lately(key, now)) >= most:
                return key[0]
        for key, _ in keys:
            self._turns.setdefault(key, deque()).append(now)
        self._tidy(now)
        return None

    def tell(self, channel: int, person: int) -> bool:
        """Return whether a refusal is to be shown to this person here: once a minute."""
        now = self._clock()
        if now - self._told.get((channel, person), -WINDOW) < WINDOW:
            return False
        if len(self._told) >= MOST_KEYS:
            self._told.clear()
        self._told[channel, person] = now
        return True

    def _lately(self, key: tuple[Kind, int, int], now: float) -> deque[float]:
        turns = self._turns.get(key, deque())
        while turns and now - turns[0] >= WINDOW:
            turns.popleft()
        return turns

    def _tidy(self, now: float) -> None:
        if len(self._turns) > MOST_KEYS:
            self._turns = {key: turns for key, turns in self._turns.items() if now - turns[-1] < WINDOW}
