"""Pastes that go on: what the 2,000 character limit cut into consecutive messages is read as one. In memory only."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import discord

NEARLY_FULL: Final = 1800  # characters from which a message may have been cut off
WITHIN: Final = dt.timedelta(seconds=10)
MOST_PARTS: Final = 12
MOST_KEPT: Final = 500  # authors


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive parts of one author's paste, up to now. `answered` is the message whose reply answers them."""

    texts: tuple[str, ...]
    first: discord.Message
    at: dt.datetime  # of the last part
    answered: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


class Continued:
    """Remembers the last message of each author for WITHIN, where it was long enough to be cut off."""

    def __init__(self) -> None:
        self._runs: OrderedDict[tuple[int, int], Run] = OrderedDict()

    def before(self, message: discord.Message) -> Run | None:
        """Return the parts that `message` goes on, if it goes on any. They are forgotten: `note` it afterwards."""
        run = self._runs.pop((message.channel.id, message.author.id), None)
        if run is None or not dt.timedelta(0) <= message.created_at - run.at <= WITHIN or len(run.texts) >= MOST_PARTS:
            return None
        return run

    def note(self, message: discord.Message, text: str, run: Run | None, answered: int | None) -> None:
        """Remember a message with its text as the next part of `run`, where another one may follow."""
        self._forget_old(message.created_at)
        if len(message.content) < NEARLY_FULL:
            return
        texts = (*run.texts, text) if run else (text,)
        first = run.first if run else message
        self._runs[message.channel.id, message.author.id] = Run(texts, first, message.created_at, answered)

    def _forget_old(self, now: dt.datetime) -> None:
        while self._runs:
            key, run = next(iter(self._runs.items()))
            if now - run.at <= WITHIN and len(self._runs) < MOST_KEPT:
                return
            del self._runs[key]
