"""The façade all adapters call: a paste in, a verdict and an answer out, and what had no answer kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from dataclasses import dataclass
from functools import cached_property

from bot.answer.compose import compose
from bot.answer.models import Answer
from bot.index_kept import index_of
from bot.knowledge.load import Knowledge
from bot.match.decide import decide
from bot.match.index import Index
from bot.match.models import Mode, Verdict
from bot.paste.fingerprint import fingerprint
from bot.paste.gate import worth_reading
from bot.paste.models import FactKind, Paste, Reading
from bot.paste.personal import mask_personal
from bot.paste.read import read
from bot.paste.redact import redact
from bot.store.store import Fingerprint, Place, Sighting, Store

LONG = 16_384  # characters from which reading goes to a thread, so that the event loop stays free
KEPT_LINES = 20
ERROR_FACTS: tuple[FactKind, ...] = ("status", "code", "message", "exception")
NOWHERE = Place(guild=None, channel=None, message=None, person=None)
_SILENT = Verdict("silent", 0.0)


@dataclass(frozen=True, slots=True)
class Explained:
    """All an adapter needs to speak. `group` is the stable name under which an unmatched paste was kept."""

    verdict: Verdict
    answer: Answer | None
    reading: Reading | None  # None where the gate waved the paste through
    group: str | None = None


class Explainer:
    """Explains pastes by one knowledge base; with a store it keeps what it could not answer."""

    def __init__(self, knowledge: Knowledge, store: Store | None = None) -> None:
        self.knowledge = knowledge
        self.store = store
        self._indexing = threading.Lock()

    @cached_property
    def index(self) -> Index:
        """The index of the knowledge; built when it is first asked for. `prepare` does that beforehand."""
        with self._indexing:
            return self.__dict__.get("index") or index_of(self.knowledge)

    async def prepare(self) -> None:
        """Build the index in a thread, while the event loop waits for the network."""
        await asyncio.to_thread(getattr, self, "index")

    def judge(self, paste: Paste, mode: Mode) -> Explained:
        """Return what to say to a paste; keeps nothing. Pure, and bounded for any input."""
        if mode == "listen" and not worth_reading(paste.text):
            return Explained(_SILENT, None, None)
        reading = read_paste(paste.text)
        verdict = decide(reading, self.index, hint=paste.provider, mode=mode)
        return Explained(verdict, compose(verdict, reading, paste.lang), reading)

    async def explain(
        self,
        paste: Paste,
        *,
        mode: Mode = "lookup",
        place: Place = NOWHERE,
        seen_at: dt.datetime | None = None,
        keep: bool = True,
    ) -> Explained:
        """Judge a paste and keep it where it had no answer: the row is committed when this returns.

        `seen_at` is aware, UTC; default now. With `keep` False nothing is kept of it: it is nobody's to review.
        Raises StoreError or StoreBusy where it could not be kept.
        """
        if len(paste.text) > LONG:
            explained = await asyncio.to_thread(self.judge, paste, mode)
        else:
            explained = self.judge(paste, mode)
        reading = explained.reading
        if not keep or self.store is None or explained.verdict.decision != "unmatched" or reading is None:
            return explained
        if not any(reading.of(kind) for kind in ERROR_FACTS) and not worth_reading(paste.text):
            return explained  # somebody said hello: there is no error to learn from
        sighting = _sighting(explained, reading, mode, place, seen_at or dt.datetime.now(dt.UTC))
        group = await self.store.record(sighting)
        return Explained(explained.verdict, explained.answer, explained.reading, group)


def read_paste(text: str) -> Reading:
    """Return the reading of a raw text: redacted first, and again once escapes are resolved."""
    return read(redact(text), scrub=lambda decoded: redact(decoded).text)


def _sighting(explained: Explained, reading: Reading, mode: Mode, place: Place, seen_at: dt.datetime) -> Sighting:
    # Who asked wants all of it kept where no error line was made out; of what was overheard only error lines are kept.
    heard = reading.error_lines or (tuple(reading.decoded.splitlines()[:KEPT_LINES]) if mode == "lookup" else ())
    lines = tuple(mask_personal(redact(line).text) for line in heard)
    mark = fingerprint(lines)
    return Sighting(
        fingerprint=Fingerprint(fingerprint=mark.digest, version=mark.version, template=mark.template),
        lines=lines,
        language=reading.lang,
        candidates=tuple((c.entry_id, c.confidence) for c in explained.verdict.candidates),
        mode=mode,
        seen_at=seen_at,
        place=place,
    )
