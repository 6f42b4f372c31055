"""What a maintainer sees of a case: sample, variants, how often, what came near and why it was not that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from bot.curate.failing import Failing
from bot.curate.fold import Look
from bot.curate.nearest import Near, Reason
from bot.curate.opened import Opened
from bot.discord.parts import cut, fence
from bot.discord.review_desk import review_key
from bot.discord.shown import Block, Press, Row, Shown, Style
from bot.knowledge.models import in_language
from bot.store.models import Case
from bot.store.scopes import Scope
from bot.words import language, say

COLOUR: Final = "#5865f2"
MOST_SAMPLE: Final = 700  # characters; all of a case stays below Discord's 4,000, and 10,000 bytes in Chinese
MOST_VARIANT: Final = 160
MOST_VARIANTS: Final = 2
MOST_TEMPLATE: Final = 350
MOST_NEAR: Final = 4
MOST_LOOKS: Final = 2
MOST_FAILING: Final = 3
_BARS: Final = "▁▂▃▄▅▆▇█"
_REASONS: Final = ("unmatched", "not_helped", "chose")


def case_shown(opened: Opened, lang: str, *, above: Sequence[Block] = (), note: str = "") -> Shown:
    """Return a case with its buttons. Above it stand the sentence `note` and what else needs a look (`warnings`)."""
    case = opened.case
    blocks = [*([Block(f"**{note}**")] if note else []), *above]
    blocks.append(Block(f"### {say('review.case.title', lang, name=case.name)}\n{facts(opened, lang)}"))
    blocks.append(Block(_headed("sample", fence("", cut("\n".join(opened.sample), MOST_SAMPLE)), lang), rule=True))
    if opened.variants:
        shown = "".join(fence("", cut("\n".join(each), MOST_VARIANT)) for each in opened.variants[:MOST_VARIANTS])
        blocks.append(Block(_headed("variants", shown, lang)))
    if opened.proposal.message:
        blocks.append(Block(_headed("template", fence("", cut(opened.proposal.message, MOST_TEMPLATE)), lang)))
    near = "\n".join(near_line(number, each, lang) for number, each in enumerate(opened.nearest[:MOST_NEAR], start=1))
    blocks.append(Block(_headed("nearest" if near else "nothing_near", near, lang), rule=True))
    if not above:
        blocks += warnings(case.scope, (), opened.looks, lang)
    text = "\n".join(block.text for block in blocks)
    return Shown(text, tuple(blocks), COLOUR, rows=_buttons(opened, lang))


def warnings(scope: Scope, failing: Sequence[Failing], looks: Sequence[Look], lang: str) -> list[Block]:
    """Return the entries that go wrong, and the decisions that are not in force until somebody has looked at them."""
    blocks = [Block(failing_line(failing, lang))] if failing else []
    for look in looks[:MOST_LOOKS]:
        back = Press(say("review.button.take_back", lang), review_key("undo", scope, look.decision.id))
        blocks.append(Block("⚠️ " + look_line(look, lang), back))
    return blocks


def facts(opened: Opened, lang: str) -> str:
    """Return how often a case was seen, by how many, when, and what was decided on it."""
    case = opened.case
    lines = [
        say("review.case.seen", lang, people=case.people, sightings=case.sightings, trend=trend(opened.trend)),
        say("review.case.when", lang, first=moment(case.first_seen), last=moment(case.last_seen)),
        say(
            "review.case.from",
            lang,
            provider=case.provider or say("review.case.unknown", lang),
            languages=", ".join(case.languages[:5]),
        ),
    ]
    said = [say(f"review.case.{kind}", lang, count=case.reasons[kind]) for kind in _REASONS if case.reasons.get(kind)]
    if said:
        lines.append(" · ".join(said))
    if opened.members:
        lines.append(say("review.case.members", lang, names=", ".join(f"`{each}`" for each in opened.members[:5])))
    if case.status != "open" or case.entry:
        entry = f"`{case.entry}`" if case.entry else ""
        lines.append("**" + say(f"review.status.{case.status}", lang) + f"** {entry}")
    return "\n".join(f"-# {line}" for line in lines)


def trend(seen: Sequence[int]) -> str:
    """Return sightings a day as a line of bars."""
    most = max(seen, default=0) or 1
    return "".join(_BARS[0 if not count else max(1, count * (len(_BARS) - 1) // most)] for count in seen)


def near_line(number: int, near: Near, lang: str) -> str:
    """Return an entry that came near: its name, how near, and why it was not that."""
    tag = language(lang)
    title = cut(in_language(near.title, tag), 60)
    why = "; ".join(reason(each, lang) for each in near.reasons[:3])
    return f"{number}. **{title}** (`{cut(near.entry, 80)}`) {near.confidence:.0%}\n-# {cut(why, 160)}"


def reason(each: Reason, lang: str) -> str:
    """Return one thing that speaks for or against an entry, in words."""
    return say(f"curate.why.{each.kind}", lang, **each.values)


def look_line(look: Look, lang: str) -> str:
    """Return a decision that waits for a new look, and why it is not applied."""
    made = look.decision
    about = f" (`{made.name}`)" if made.name else ""
    return say(f"review.look.{look.why}", lang, number=made.id, entry=f"`{made.entry or '-'}`") + about


def failing_line(failing: Sequence[Failing], lang: str) -> str:
    """Return the entries whose answers help too seldom."""
    some = [
        say("review.failing.entry", lang, entry=f"`{cut(each.entry, 80)}`", bad=each.not_helped, all=each.raters)
        for each in failing[:MOST_FAILING]
    ]
    return "⚠️ " + say("review.failing.intro", lang, entries=", ".join(some))


def case_line(case: Case) -> str:
    """Return what a case is called where there is room for one line: its template."""
    return " ".join(case.template.split()) or case.name


def next_press(scope: Scope, after: str, lang: str) -> Press:
    """Return the button that shows the case after one; the first where `after` is ""."""
    return Press(say("review.button.next", lang), review_key("next", scope, after))


def _headed(what: str, text: str, lang: str) -> str:
    return f"**{say(f'review.case.{what}', lang)}**\n{text}".rstrip("\n")


def moment(at: dt.datetime) -> str:
    """Return a moment as Discord shows it: as time that has passed, in the person's own words."""
    return f"<t:{int(at.timestamp())}:R>"


def _buttons(opened: Opened, lang: str) -> tuple[Row, ...]:
    case = opened.case

    def press(what: str, style: Style = "plain") -> Press:
        words = say(f"review.button.{what}", lang)
        return Press(words, review_key(what, case.scope, case.name, case.revision), style)

    if case.status == "merged":
        rows: tuple[Row, ...] = ()
        beside: tuple[Press, ...] = ()
    else:
        rows = ((press("answer", "main"), press("same"), press("cause"), press("noerror"), press("dismiss")),)
        beside = (press("merge"), press("split"))
    back: tuple[Press, ...] = ()
    if opened.decision is not None:
        words = say("review.button.undo", lang, number=opened.decision.id)
        back = (Press(words, review_key("undo", case.scope, opened.decision.id)),)
    return (*rows, (*beside, *back, next_press(case.scope, case.name, lang)))
