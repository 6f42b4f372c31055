"""What a decision would do before it is made: to the examples of every entry, to harmless messages, to the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.curate.corpus import Behaves, Corpus, Kind, Touch
from bot.curate.fold import Folded
from bot.curate.models import AddCause, AddEntry, AddMessage, Content, NotAnError, Refused
from bot.curate.template import FOUND, LEAST_TELLING, escaped, telling
from bot.knowledge.message import parse_message
from bot.match.decide import decide
from bot.match.index import Index
from bot.match.models import Mode, Verdict
from bot.paste.fingerprint import fingerprint
from bot.service import group_name, kept_lines, read_paste

MOST_TOUCHED: Final = 400  # pastes a decision may be about; of more it says too little
MOST_LINES: Final = 5  # of a group's template that pastes are looked for by
FILLED: Final = "4711"  # stands for a placeholder where a message is tried as a paste
SILENT: Final = "silent"


@dataclass(frozen=True, slots=True)
class Break:
    """A paste that would not behave any more: whose it is, and what it was and becomes (an entry, or a decision)."""

    what: Kind
    name: str  # provider/entry; of a harmless message its id
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What a decision does. It may be made where nothing breaks and nothing of others is matched."""

    answers: tuple[str, ...] = ()  # cases of the queue that are answered now, by name
    own: bool | None = None  # whether the case it is about is; None where it answers nothing
    breaks: tuple[Break, ...] = ()
    matched: tuple[Break, ...] = ()  # of a guild's template: pastes of the shared base that hold it
    touched: int = 0  # pastes that were tried

    @property
    def refusal(self) -> Refused | None:
        """Why the decision can't be made, None where it can."""
        if self.breaks:
            first = self.breaks[0]
            kind = "silenced" if first.what == "example" and first.becomes == SILENT else first.what
            return Refused(f"breaks_{kind}", name=first.name, becomes=first.becomes, count=len(self.breaks))
        if self.matched:
            return Refused(f"matches_{self.matched[0].what}", name=self.matched[0].name)
        return None


@dataclass(frozen=True, slots=True)
class Queued:
    """A case of the queue as it is tried: the texts of its samples, or its template where there is none."""

    name: str
    texts: tuple[str, ...]


def touch_of(content: Content) -> Touch:
    """Return the wire parts that a decision adds."""
    if not isinstance(content, AddEntry | AddMessage | AddCause):
        return Touch((), ())
    return Touch((content.message,) if content.message else (), content.codes)


def refuse_general(content: Content) -> None:
    """Raise Refused for a template that says hardly anything, beside which no code does."""
    for message in touch_of(content).messages:
        if telling(message) < LEAST_TELLING and not touch_of(content).codes:
            raise Refused("general", least=LEAST_TELLING)


class Checker:
    """Tries decisions on the pastes that have to behave. Its work on one decision is bounded (MOST_TOUCHED)."""

    def __init__(self, corpus: Corpus) -> None:
        """`corpus` are the examples of the base and the harmless messages."""
        self._corpus = corpus

    def taught(
        self, content: Content, own: str, before: Index, after: Index, folded: Folded, *, guild: bool
    ) -> Effects:
        """Return what entries that decisions have added, or amended, break and match; nothing on the queue.

        `own` is the entry the decision is about, `folded` what is in force without it. `guild` tells that it is a
        guild's, whose template may not match what is shared. Raises Refused where it is about too much.
        """
        refuse_general(content)
        touch = touch_of(content)
        local = Corpus(_local_pastes(folded))
        numbers = {corpus: corpus.touched(touch, after.information) for corpus in (self._corpus, local)}
        tried = sum(map(len, numbers.values()))
        if tried > MOST_TOUCHED:
            raise Refused("touches", count=tried)
        if guild and (matched := self._matched(touch, numbers[self._corpus], own, after)):
            return Effects(matched=tuple(matched), touched=tried)
        broken = (_broken(corpus, number, before, after) for corpus in numbers for number in numbers[corpus])
        return Effects(breaks=tuple(filter(None, broken)), touched=tried)

    def _matched(self, touch: Touch, numbers: Iterable[int], own: str, after: Index) -> list[Break]:
        """Return the shared pastes that hold a message, those of the entry itself left out."""
        found = []
        for number in numbers:
            paste = self._corpus.pastes[number]
            qualities = [self._corpus.quality(number, message, after.information) for message in touch.messages]
            if paste.owner != own and max(qualities, default=0.0) >= FOUND:
                found.append(Break(paste.kind, paste.owner, *_as_it_is(paste)))
        return found

    def silenced(self, content: NotAnError, group: str, index: Index) -> Effects:
        """Return the examples that would be silent when overheard, if pastes of a group are no errors."""
        lines = [line for line in content.template.splitlines() if line.strip()]
        touch = Touch(tuple(filter(None, map(escaped, lines[:MOST_LINES]))), ())
        numbers = self._corpus.touched(touch, index.information)[: 2 * MOST_TOUCHED]
        broken = []
        for number in numbers:
            paste = self._corpus.pastes[number]
            if paste.kind != "example" or not _in_group(self._corpus, number, group, content):
                continue
            was = decide(self._corpus.reading(number), index, mode="listen")
            if was.decision == "answer":
                broken.append(Break("example", paste.owner, told(was), SILENT))
        return Effects(breaks=tuple(broken), touched=len(numbers))

    def answered(self, queued: Iterable[Queued], entry: str, after: Index) -> list[str]:
        """Return the cases of which every sample is answered with `entry` now."""
        return [case.name for case in queued if case.texts and all(_is(text, entry, after) for text in case.texts)]


def may_hold(touch: Touch, cases: Sequence[Queued], index: Index) -> list[Queued]:
    """Return the cases that wire parts may be about."""
    corpus = Corpus(Behaves("example", case.name, "\n".join(case.texts)) for case in cases)
    return [cases[number] for number in corpus.touched(touch, index.information)]


def told(verdict: Verdict) -> str:
    """Return what a verdict comes to: the entry of an answer, or else the decision."""
    return verdict.best.entry_id if verdict.decision == "answer" and verdict.best else verdict.decision


def as_paste(message: str) -> str:
    """Return a message template as a server might have printed it."""
    return "".join(FILLED if piece.placeholder else piece.text for piece in parse_message(message))


def _local_pastes(folded: Folded) -> Iterable[Behaves]:
    """Yield the messages of entries of decisions as pastes: no samples are kept with decisions."""
    for provider, entry in folded.added:
        name = f"{provider.id}/{entry.id}"
        yield from (Behaves("example", name, as_paste(message)) for message in entry.messages)


def _broken(corpus: Corpus, number: int, before: Index, after: Index) -> Break | None:
    """Return how a paste misbehaves that behaved before."""
    paste = corpus.pastes[number]
    reading = corpus.reading(number)
    mode: Mode = "lookup" if paste.kind == "example" else "listen"
    becomes = decide(reading, after, mode=mode)
    if _behaves(paste, becomes) or not _behaves(paste, decide(reading, before, mode=mode)):
        return None
    return Break(paste.kind, paste.owner, _as_it_is(paste)[0], told(becomes))


def _behaves(paste: Behaves, verdict: Verdict) -> bool:
    if paste.kind == "example":
        return told(verdict) == paste.owner
    return verdict.decision != "answer"


def _as_it_is(paste: Behaves) -> tuple[str, str]:
    found = paste.owner if paste.kind == "example" else SILENT
    return found, found


def _in_group(corpus: Corpus, number: int, group: str, content: NotAnError) -> bool:
    lines = kept_lines(corpus.reading(number), "listen")
    mark = fingerprint(lines)
    if group_name(mark.version, mark.digest) != group:
        return False
    return not content.needle or content.needle.casefold() in "\n".join(lines).casefold()


def _is(text: str, entry: str, index: Index) -> bool:
    return told(decide(read_paste(text), index)) == entry
