"""What is shown: Answer, in one language, inside the medium's limits."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_ANSWER = 1500  # characters at first sight


@dataclass(frozen=True, slots=True)
class ShownCause:
    """One cause as shown: what it is, what tells it apart (may be empty) and the steps."""

    cause: str
    tell: str
    fix: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a suggestion: an entry and what would tell it apart."""

    entry_id: str
    provider: str
    title: str
    tell: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or a suggestion in one language. Safe to send: what came from the paste is quoted as inline code.

    `text` is Discord-flavoured markdown of at most LONGEST_ANSWER characters and holds all that is shown at first
    sight; the other fields hold the same by parts, for media that lay it out themselves.
    """

    lang: str
    title: str
    text: str
    provider: str = ""  # the provider's name in this language; empty for a suggestion
    noticed: tuple[str, ...] = ()  # what the paste itself shows
    causes: tuple[ShownCause, ...] = ()  # at most three
    snippet: tuple[str, str] | None = None  # language, code
    sources: tuple[str, ...] = ()
    prevention: str = ""
    options: tuple[Option, ...] = ()  # of a suggestion, at most three
    colour: str | None = None
    notes: tuple[str, ...] = ()  # e.g. that the paste was cut, or that a secret was seen
    page: str | None = None  # address of the entry's page on the published site; stands in no other field

    @property
    def cause(self) -> str:
        return self.causes[0].cause if self.causes else ""

    @property
    def fix(self) -> tuple[str, ...]:
        return self.causes[0].fix if self.causes else ()
