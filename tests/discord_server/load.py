"""What a busy server says: chat, errors that are known, and errors that nobody knows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from bot.paste.models import Paste
from bot.service import Explainer

Kind = Literal["chat", "known", "unknown"]
CHAT = (
    "anyone up for lunch at twelve? the new ramen place opened",
    "I pushed the branch, please have a look when you find the time",
    "下午三点开会，别忘了带上周的数据",
    "does the Friday demo still happen or is it moved?",
    "thanks, that fixed it!",
    "can somebody review my pull request, it only touches the readme",
    "周末去爬山吗，天气不错",
    "the deploy took 401 seconds today, a new record",
)


@dataclass(frozen=True)
class Said:
    """One message and what is to come of it: nothing, an answer, or a place in the queue."""

    kind: Kind
    text: str


class Talk:
    """Makes messages without end, the same for the same seed."""

    def __init__(self, explainer: Explainer, *, known: float, unknown: float, seed: int = 1, most: int = 300) -> None:
        """`known` and `unknown` are the shares of errors; the known ones are the knowledge's own examples."""
        self._random = random.Random(seed)
        self._known, self._unknown = known, unknown
        self._number = 0
        examples = [example for _, entry in explainer.knowledge.entries() for example in entry.examples]
        self._random.shuffle(examples)
        self._errors = []
        for example in examples:
            if len(example) < 1_500 and explainer.judge(Paste(example), "listen").verdict.decision == "answer":
                self._errors.append(example)
            if len(self._errors) == most:
                break

    def next(self) -> Said:
        self._number += 1
        drawn = self._random.random()
        if drawn < self._known:
            return Said("known", self._random.choice(self._errors))
        if drawn < self._known + self._unknown:
            body = (
                f'{{"code":"zz_unheard_{self._number}","message":"Authentication failed: frobnicator {self._number}"}}'
            )
            return Said("unknown", f"HTTP 401 {body}")
        return Said("chat", f"{self._random.choice(CHAT)} {self._number}")
