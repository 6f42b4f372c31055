"""What `authbot review` prints: the queue as a table, a case, a draft with what it does, the history."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.console.review_drafts import summary
from bot.curate.check import Effects
from bot.curate.failing import Failing
from bot.curate.fold import Look
from bot.curate.models import Content
from bot.curate.opened import Opened
from bot.curate.promote import Offer
from bot.knowledge.models import in_language
from bot.knowledge.stale import Stale
from bot.store.decisions import Decision
from bot.store.models import Case
from bot.words import say

KEYS: Final[Mapping[str, str]] = {
    "n": "next case",
    "p": "previous case",
    "l": "list the queue",
    "a": "answer it: a new entry",
    "s": "same as a known entry: one more of its messages",
    "c": "another cause of a known entry",
    "x": "not an authentication error",
    "d": "dismiss it",
    "m": "merge it into another case",
    "t": "take a part of it off, as a case of its own",
    "/": "search",
    "f": "filter by provider, language, status",
    "h": "history of decisions",
    "u": "undo a decision",
    "e": "entries that go wrong, decisions to look at again",
    "o": "what servers offer to everybody",
    "?": "this help",
    "q": "quit",
}
MOST_SAMPLE: Final = 30  # lines
MOST_VARIANTS: Final = 3
MOST_STALE: Final = 10
_BARS: Final = "▁▂▃▄▅▆▇█"
_REASONS: Final = ("unmatched", "not_helped", "chose")
_PROVIDER: Final = 16  # characters


def printable(text: str) -> str:
    """Return a text without what would steer the terminal."""
    return "".join(each if each in "\n\t" or unicodedata.category(each)[0] != "C" else "\ufffd" for each in text)


def queue_shown(console: Console, cases: Sequence[Case], here: int, filters: Mapping[str, str | None]) -> None:
    """Print the queue, those that would help most people first; `here` is the case that is open."""
    held = ", ".join(f"{name}: {value}" for name, value in filters.items() if value)
    if held:
        console.print(Text(printable(held), style="dim"))
    if not cases:
        console.print(say("review.search.none" if held else "review.empty", "en"))
        return
    table = Table("", "case", "people", "seen", "last (UTC)", "provider", "error", box=None, expand=True)
    for number, case in enumerate(cases):
        table.add_row(
            ">" if number == here else "",
            case.name,
            str(case.people),
            str(case.sightings),
            moment(case.last_seen),
            Text((case.provider or "?")[:_PROVIDER]),
            Text(_line(case.template), no_wrap=True, overflow="ellipsis"),
            style="bold" if number == here else "",
        )
    console.print(table)


def case_shown(console: Console, opened: Opened) -> None:
    """Print a case with all that is needed to decide on it."""
    case = opened.case
    console.print(Rule(Text(case.name, style="bold"), align="left"))
    console.print(Text("\n".join(_facts(opened)), style="dim"))
    _block(console, say("review.case.sample", "en"), "\n".join(opened.sample[:MOST_SAMPLE]))
    for variant in opened.variants[:MOST_VARIANTS]:
        _block(console, say("review.case.variants", "en"), "\n".join(variant[:5]))
    if opened.proposal.message:
        _block(console, say("review.case.template", "en"), opened.proposal.message)
    console.print(
        Text(say("review.case.nearest" if opened.nearest else "review.case.nothing_near", "en"), style="bold")
    )
    for number, near in enumerate(opened.nearest, start=1):
        console.print(Text(f"{number}. {in_language(near.title, 'en')} ({near.entry}) {near.confidence:.0%}"))
        why = "; ".join(say(f"curate.why.{each.kind}", "en", **each.values) for each in near.reasons)
        console.print(Text(f"   {printable(why)}", style="dim"))
    looks_shown(console, opened.looks)


def looks_shown(console: Console, looks: Sequence[Look]) -> None:
    """Print the decisions that are not in force until somebody has looked at them."""
    for look in looks:
        made = look.decision
        line = say(f"review.look.{look.why}", "en", number=made.id, entry=made.entry or "-")
        console.print(Text(printable(line), style="yellow"))


def failing_shown(console: Console, failing: Sequence[Failing], looks: Sequence[Look], stale: Sequence[Stale]) -> None:
    """Print what goes wrong, or may: entries that do not help, decisions without their base, entries long unread."""
    for each in failing:
        before = f", {each.before:.0%} the month before" if each.before is not None else ""
        line = say("review.failing.entry", "en", entry=each.entry, bad=each.not_helped, all=each.raters)
        console.print(Text(f"{line}{before}", style="red"))
    if not failing:
        console.print("No entry's «Didn't help» share is high, or rises.")
    looks_shown(console, looks)
    for old in stale[:MOST_STALE]:
        console.print(Text(f"{old.provider}/{old.entry}: verified {old.verified}", style="dim"))
    if len(stale) > MOST_STALE:
        console.print(Text(f"… {len(stale) - MOST_STALE} more: `authbot kb stale`", style="dim"))


def draft_shown(console: Console, content: Content, effects: Effects | None, problem: str, case: str) -> None:
    """Print a draft as it will be kept, and what it does, or why it can't be made."""
    table = Table(box=None, show_header=False)
    for name, value in summary(content):
        table.add_row(Text(name, style="dim"), Text(printable(value)))
    console.print(Panel(table, title=content.kind.replace("_", " "), title_align="left"))
    if problem:
        console.print(Text(printable(problem), style="red"))
    elif effects is not None:
        for line in effect_lines(effects, case):
            console.print(Text(f"- {line}"))


def effect_lines(effects: Effects, case: str) -> list[str]:
    """Return what a decision does: to the queue, and that nothing else changes."""
    found = []
    others = [name for name in effects.answers if name != case]
    if effects.own is not None:
        found.append(say("review.effects.own" if effects.own else "review.effects.not_own", "en", name=case))
    found.append(say("review.effects.others" if others else "review.effects.no_others", "en", names=", ".join(others)))
    found.append(say("review.effects.sound", "en", count=effects.touched))
    return found


def problem_shown(console: Console, sentence: str) -> None:
    """Print why something can't be done."""
    console.print(Text(printable(sentence), style="red"))


def did(decision: Decision) -> str:
    """Return what a decision does, in some words."""
    words = say(
        f"review.did.{decision.kind}",
        "en",
        entry=decision.entry or "-",
        into=decision.content.get("into", "-"),
        part=decision.part or "-",
        number=decision.undoes or 0,
    )
    return printable(words)


def decided_shown(console: Console, decision: Decision) -> None:
    """Print what was just decided."""
    console.print(Text(did(decision), style="green"))
    console.print(say("review.done.live" if decision.entry else "review.done.kept", "en", number=decision.id))
    if decision.also:
        console.print(Text(say("review.done.also", "en", names=", ".join(decision.also))))


def history_shown(console: Console, rows: Sequence[Decision], who: Callable[[Decision], str]) -> None:
    """Print the latest decisions: what, on which case, by whom and when."""
    if not rows:
        console.print(say("review.history.none", "en"))
    for row in rows:
        about = f" · {row.name}" if row.name else ""
        undone = " · " + say("review.history.undone", "en", number=row.undone_by) if row.undone_by else ""
        console.print(Text(f"#{row.id} {did(row)}{about} · {who(row)} · {moment(row.at)}{undone}"))


def offers_shown(console: Console, offers: Sequence[Offer]) -> None:
    """Print what servers' maintainers have decided and everybody may have."""
    if not offers:
        console.print(say("review.offers.none", "en"))
    for offer in offers:
        console.print(Text(f"#{offer.decision.id} {did(offer.decision)}"))


def help_shown(console: Console) -> None:
    """Print the keys."""
    for key, words in KEYS.items():
        console.print(Text(f"  {key}  {words}"))


def moment(at: dt.datetime) -> str:
    """Return a moment in UTC, to the minute."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")


def _facts(opened: Opened) -> list[str]:
    case = opened.case
    most = max(opened.trend, default=0) or 1
    bars = "".join(_BARS[max(1, count * 7 // most) if count else 0] for count in opened.trend)
    found = [
        f"people {case.people} · seen {case.sightings} · {bars} (14 days)",
        f"first {moment(case.first_seen)} · last {moment(case.last_seen)} (UTC)",
        f"provider {case.provider or '?'} · asked in {', '.join(case.languages[:5])}",
    ]
    said = [say(f"review.case.{kind}", "en", count=case.reasons[kind]) for kind in _REASONS if case.reasons.get(kind)]
    found += [" · ".join(said)] if said else []
    if opened.members:
        found.append(say("review.case.members", "en", names=", ".join(opened.members[:5])))
    if case.status != "open" or case.entry:
        found.append(f"{say(f'review.status.{case.status}', 'en')} {case.entry or ''}".strip())
    return [printable(line) for line in found]


def _block(console: Console, title: str, text: str) -> None:
    console.print(Panel(Text(printable(text)), title=title, title_align="left", border_style="dim"))


def _line(template: str) -> str:
    return printable(" ".join(template.split()))
