"""The façade all adapters call: a paste in, a verdict and an answer out, and what had no answer kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

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
from bot.site.paths import entry_path
from bot.store.models import Fingerprint, Place, Reason, Sighting

if TYPE_CHECKING:
    from bot.store.store import Store  # SQLAlchemy takes long to import, and many commands keep nothing

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


class Decided(Protocol):
    """What maintainers have decided, as bot.curate.live.Live has it: for one server, or outside servers (None)."""

    def index(self, guild: int | None) -> Index:
        """Return what its pastes are matched against."""

    def knowledge(self, guild: int | None) -> Knowledge:
        """Return what it is answered with."""

    def has_not_errors(self, guild: int | None) -> bool:
        """Tell whether any pastes were said to be no authentication errors."""

    def is_no_error(self, guild: int | None, group: str, lines: Sequence[str]) -> bool:
        """Tell whether pastes of this group, with these lines, are none."""


class Explainer:
    """Explains pastes by one knowledge base; with a store it keeps what it could not answer.

    With `live` a server is answered with what its maintainers, and those of the shared base, have decided since.
    `site` is the address of the published site, without a slash at its end: answers name their entry's page there.
    """

    def __init__(
        self, knowledge: Knowledge, store: Store | None = None, live: Decided | None = None, *, site: str | None = None
    ) -> None:
        self.knowledge = knowledge
        self.store = store
        self.live = live
        self.site = site
        self._indexing = threading.Lock()

    @cached_property
    def _plain(self) -> Index:
        """The index of the knowledge alone, built when it is first asked for."""
        with self._indexing:
            return self.__dict__.get("_plain") or index_of(self.knowledge)

    def index(self, guild: int | None = None) -> Index:
        """Return what a server's pastes are matched against. The first call builds it; `prepare` does so beforehand."""
        return self._plain if self.live is None else self.live.index(guild)

    async def prepare(self) -> None:
        """Build the index in a thread, while the event loop waits for the network."""
        await asyncio.to_thread(self.index)

    def rehearse(self) -> None:
        """Judge a paste of each provider: what is made at first use, such as patterns, nobody then waits for."""
        for file in self.knowledge.files:
            self.judge(Paste(file.entries[0].examples[0]), "lookup")

    def knowledge_of(self, guild: int | None) -> Knowledge:
        """Return what a server is answered with: the knowledge, and what was decided since."""
        return self.knowledge if self.live is None else self.live.knowledge(guild)

    def judge(self, paste: Paste, mode: Mode, guild: int | None = None) -> Explained:
        """Return what to say to a paste; keeps nothing. Bounded for any input."""
        if mode == "listen" and not worth_reading(paste.text):
            return Explained(_SILENT, None, None)
        reading = read_paste(paste.text)
        verdict = decide(reading, self.index(guild), hint=paste.provider, mode=mode)
        if mode == "listen" and verdict.decision != "silent" and self._is_no_error(reading, mode, guild):
            verdict = _SILENT
        answer = compose(verdict, reading, paste.lang)
        if answer is not None and verdict.decision == "answer" and verdict.best is not None:
            answer = self.with_page(answer, verdict.best.entry_id)
        return Explained(verdict, answer, reading)

    def with_page(self, answer: Answer, entry_id: str) -> Answer:
        """Return an entry's answer with its page on the site, where there is a site and the entry is on it."""
        if not self.site or entry_id not in self._published:
            return answer
        return replace(answer, page=f"{self.site}/{entry_path(entry_id, answer.lang)}")

    @cached_property
    def _published(self) -> frozenset[str]:
        """The entries of the knowledge as it ships: what maintainers have added since is not on the site."""
        return frozenset(f"{provider.id}/{entry.id}" for provider, entry in self.knowledge.entries())

    def _is_no_error(self, reading: Reading, mode: Mode, guild: int | None) -> bool:
        if self.live is None or not self.live.has_not_errors(guild):
            return False
        lines = kept_lines(reading, mode)
        mark = fingerprint(lines)
        return self.live.is_no_error(guild, group_name(mark.version, mark.digest), lines)

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
        explained = await self._judged(paste, mode, place.guild)
        reading = explained.reading
        if not keep or self.store is None or explained.verdict.decision != "unmatched" or reading is None:
            return explained
        if not _holds_an_error(reading, paste):
            return explained  # somebody said hello: there is no error to learn from
        if self._is_no_error(reading, mode, place.guild):
            return explained  # a maintainer has seen it and said so
        sighting = _sighting(explained, reading, mode, place, seen_at or dt.datetime.now(dt.UTC))
        group = await self.store.record(sighting)
        return Explained(explained.verdict, explained.answer, explained.reading, group)

    async def sighting_of(
        self, paste: Paste, *, reason: Reason, entry: str | None, place: Place, seen_at: dt.datetime, mode: Mode
    ) -> Sighting | None:
        """Return what is to be kept of a paste whose answer was not the right one, or unsure; None where nothing is.

        It falls into the group in which it would be without an answer. `entry` is what was shown, or chosen.
        """
        explained = await self._judged(paste, mode, place.guild)
        reading = explained.reading
        if reading is None or not _holds_an_error(reading, paste) or self._is_no_error(reading, mode, place.guild):
            return None
        sighting = _sighting(explained, reading, mode, place, seen_at)
        provider = entry.partition("/")[0] if entry and reason == "chose" else None
        return replace(sighting, reason=reason, entry=entry, provider=provider) if any(sighting.lines) else None

    async def _judged(self, paste: Paste, mode: Mode, guild: int | None) -> Explained:
        if len(paste.text) > LONG:
            return await asyncio.to_thread(self.judge, paste, mode, guild)
        return self.judge(paste, mode, guild)


def read_paste(text: str) -> Reading:
    """Return the reading of a raw text: redacted first, and again once escapes are resolved."""
    return read(redact(text), scrub=lambda decoded: redact(decoded).text)


def group_name(version: int, digest: str) -> str:
    """Return the name of the group that a fingerprint falls into, as the store gives it."""
    return f"g{version}-{digest[:12]}"


def kept_lines(reading: Reading, mode: Mode) -> tuple[str, ...]:
    """Return the lines of a paste that are kept, without credentials and personal data."""
    # Who asked wants all of it kept where no error line was made out; of what was overheard only error lines are kept.
    heard = reading.error_lines or (tuple(reading.decoded.splitlines()[:KEPT_LINES]) if mode == "lookup" else ())
    return tuple(mask_personal(redact(line).text) for line in heard)


def _holds_an_error(reading: Reading, paste: Paste) -> bool:
    return any(reading.of(kind) for kind in ERROR_FACTS) or worth_reading(paste.text)


def _sighting(explained: Explained, reading: Reading, mode: Mode, place: Place, seen_at: dt.datetime) -> Sighting:
    lines = kept_lines(reading, mode)
    mark = fingerprint(lines)
    return Sighting(
        fingerprint=Fingerprint(fingerprint=mark.digest, version=mark.version, template=mark.template),
        lines=lines,
        language=reading.lang,
        candidates=tuple((c.entry_id, c.confidence) for c in explained.verdict.candidates),
        mode=mode,
        seen_at=seen_at,
        place=place,
        provider=explained.verdict.about,
    )
