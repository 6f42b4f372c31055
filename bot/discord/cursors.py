"""How far each channel was read: kept in memory, stored now and then, so that a restart knows where to read on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.store.handled import Handled

REMEMBERED: Final = dt.timedelta(days=1)  # a channel without a message for so long is not read back
Cursors = Mapping[int, tuple[int | None, int]]  # channel → (guild, message)


@dataclass(slots=True)
class _Channel:
    guild: int | None
    last: int
    at_work: set[int] = field(default_factory=set)

    @property
    def done(self) -> int:
        """The last message up to which all are attended to."""
        return min(self.at_work) - 1 if self.at_work else self.last


class Reading:
    """The channels that were read in this run."""

    def __init__(self) -> None:
        self._channels: dict[int, _Channel] = {}
        self._stored: dict[int, int] = {}

    def begins(self, channel: int, guild: int | None, message: int) -> None:
        """A message is taken in."""
        known = self._channels.get(channel)
        if known is None:
            known = self._channels[channel] = _Channel(guild, message)
        known.last = max(known.last, message)
        known.at_work.add(message)

    def ends(self, channel: int, message: int) -> None:
        """A message is attended to: what was to be stored of it is."""
        self._channels[channel].at_work.discard(message)

    def now(self) -> Cursors:
        """Return how far each channel is read."""
        return {number: (channel.guild, channel.done) for number, channel in self._channels.items()}

    async def keep(self, store: Handled) -> None:
        """Store what has changed since the last time, in one transaction."""
        changed = {number: place for number, place in self.now().items() if self._stored.get(number) != place[1]}
        await store.keep_cursors(changed, dt.datetime.now(dt.UTC))
        self._stored.update({number: place[1] for number, place in changed.items()})
        # A channel that is quiet needs no place in memory: what it was read to is stored.
        for number in [n for n, channel in self._channels.items() if n not in changed and not channel.at_work]:
            del self._channels[number], self._stored[number]
