"""A case as a maintainer sees it: a sample, its variants, what came near, and a decision filled in as far as may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.curate.fold import Look
from bot.curate.nearest import Near, nearest
from bot.curate.template import shared_template
from bot.match.index import Index
from bot.paste.models import Reading
from bot.service import read_paste
from bot.store.decisions import Decision
from bot.store.models import Case, KeptSighting

MOST_VARIANTS: Final = 5
MOST_CODES: Final = 3
MOST_READ: Final = 5  # samples that have to agree on a code
LONGEST_CODE: Final = 60


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a form is filled in with."""

    message: str  # a template, "" where the samples share too little
    codes: tuple[str, ...]
    status: tuple[int, ...]
    provider: str | None  # an id


@dataclass(frozen=True, slots=True)
class Opened:
    """One case. `sample` are the lines of the newest sighting; of a case without samples those of its template."""

    case: Case
    sample: tuple[str, ...]
    language: str  # of the sample
    variants: tuple[tuple[str, ...], ...]  # other lines under which it was seen, the newest first
    trend: tuple[int, ...]  # sightings a day, the oldest first
    members: tuple[str, ...]  # cases merged into it
    nearest: tuple[Near, ...]
    proposal: Proposal
    decision: Decision | None  # in force on it
    looks: tuple[Look, ...]  # decisions on it, or on its entry, that wait for a new look


def opened(
    case: Case,
    samples: Sequence[KeptSighting],
    trend: Sequence[int],
    members: Sequence[str],
    index: Index,
    decision: Decision | None,
    looks: Sequence[Look],
) -> Opened:
    """Return a case as it is shown. Reads and decides: some milliseconds."""
    lines = list(dict.fromkeys(sample.lines for sample in samples))
    shown = lines[0] if lines else tuple(case.template.splitlines())
    readings = [read_paste("\n".join(each)) for each in lines[:MOST_READ]] or [read_paste("\n".join(shown))]
    near = tuple(nearest(readings[0], index))
    about = {case.entry} if case.entry else set()
    return Opened(
        case=case,
        sample=shown,
        language=samples[0].language if samples else readings[0].lang,
        variants=tuple(lines[1 : MOST_VARIANTS + 1]),
        trend=tuple(trend),
        members=tuple(members),
        nearest=near,
        proposal=_proposal(case, lines, readings, near),
        decision=decision,
        looks=tuple(look for look in looks if look.decision.name == case.name or look.decision.entry in about),
    )


def _proposal(
    case: Case, lines: Sequence[Sequence[str]], readings: Sequence[Reading], near: Sequence[Near]
) -> Proposal:
    codes = [code for code in readings[0].values("code") if len(code) <= LONGEST_CODE and not _status(code)]
    shared = [code for code in codes if all(code in reading.values("code") for reading in readings)]
    statuses = [value for value in readings[0].values("status") if _status(value)]
    agreed = [int(value) for value in statuses if all(value in reading.values("status") for reading in readings)]
    first = near[0].entry.partition("/")[0] if near and near[0].confidence > 0.5 else None
    return Proposal(
        message=shared_template(lines, case.template),
        codes=tuple(shared[:MOST_CODES]),
        status=tuple(agreed[:2]),
        provider=case.provider or first,
    )


def _status(code: str) -> bool:
    return len(code) == 3 and code.isdigit() and 100 <= int(code) <= 599
