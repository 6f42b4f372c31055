"""What /review shows besides a case: a draft with what it does, what was decided, choices, lists and the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bot.curate.check import Effects
from bot.curate.models import Content, Teaching
from bot.curate.promote import Offer
from bot.discord.parts import cut, source_links
from bot.discord.review_case import COLOUR, case_line, moment, next_press
from bot.discord.review_desk import review_key
from bot.discord.review_draft import Written, blocks
from bot.discord.shown import MOST_OPTION, MOST_OPTIONS, Block, Option, Pick, Press, Row, Shown
from bot.knowledge.models import Entry, Provider, in_language
from bot.knowledge.search import entry_key
from bot.store.decisions import Decision
from bot.store.models import Case
from bot.store.scopes import SHARED, Scope
from bot.words import language, say

MOST_NAMED: Final = 6  # cases by name
A_PAGE: Final = 8  # rows of the history, each with a button
MOST_SENTENCE: Final = 400

Who = Callable[[Decision], str]


def draft_shown(
    written: Written,
    scope: Scope,
    lang: str,
    *,
    made: Content | None = None,
    effects: Effects | None = None,
    problem: str = "",
    about: str = "",
    note: str = "",
    may_offer: bool = False,
) -> Shown:
    """Return a draft: its fields, what it does, and what can be done with it.

    With a `problem` (why it can't be made) there is nothing to confirm. `about` is the entry's title; `note` stands
    above; `may_offer` is whether it can be offered to the shared base with it.
    """
    shown = [Block(f"### {say(f'review.draft.{written.form}', lang)}" + (f"\n{cut(about, 150)}" if about else ""))]
    if note:
        shown.append(Block(f"**{cut(note, MOST_SENTENCE)}**"))
    if problem:
        shown.append(Block("⛔ " + cut(problem, MOST_SENTENCE)))
    shown += blocks(written, lang)
    if made is not None and (links := source_links(getattr(made, "sources", ()))):
        shown.append(Block("-# " + say("answer.sources", lang, sources=links)))
    if effects is not None and not problem:
        shown.append(Block(effects_text(effects, written.case, lang), rule=True))

    def press(verb: str) -> Press:
        words = say(f"review.button.{verb}", lang)
        return Press(words, review_key(verb, scope, *written.state), "good" if verb == "confirm" else "plain")

    presses = [] if problem else [press("confirm"), *([press("offer")] if may_offer else [])]
    row: Row = (*presses, press("edit"), press("cancel"))
    return Shown("\n".join(block.text for block in shown), tuple(shown), COLOUR, rows=(row,))


def effects_text(effects: Effects, case: str, lang: str) -> str:
    """Return what a decision does: to the queue, and that nothing else changes."""
    lines = []
    others = [name for name in effects.answers if name != case]
    if case and effects.own is not None:
        lines.append(say("review.effects.own" if effects.own else "review.effects.not_own", lang, name=f"`{case}`"))
    lines.append(say("review.effects.others" if others else "review.effects.no_others", lang, names=named(others)))
    lines.append(say("review.effects.sound", lang, count=effects.touched))
    return "\n".join(f"- {line}" for line in lines)


def named(names: Sequence[str]) -> str:
    """Return some cases by their names."""
    more = f" +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
    return ", ".join(f"`{name}`" for name in names[:MOST_NAMED]) + more


def no_error_shown(case: Case, effects: Effects, lang: str) -> Shown:
    """Return what it does that a case is no authentication error, to be confirmed."""
    title = say("review.noerror.title", lang, name=case.name)
    body = f"{say('review.noerror.does', lang)}\n- {say('review.effects.sound', lang, count=effects.touched)}"
    sure = Press(
        say("review.button.confirm", lang), review_key("silence", case.scope, case.name, case.revision), "good"
    )
    back = Press(say("review.button.cancel", lang), review_key("open", case.scope, case.name))
    return Shown(f"**{title}**\n{body}", (Block(f"### {title}"), Block(body)), COLOUR, rows=((sure, back),))


def decided_shown(decision: Decision, missing: str, lang: str) -> Shown:
    """Return what was just decided, with the way back; `missing` is the language it has yet to be said in, or ""."""
    title = f"### ✅ {did(decision, lang)}"
    lines = [say("review.done.live" if decision.entry else "review.done.kept", lang, number=decision.id)]
    if decision.also:
        lines.append(say("review.done.also", lang, names=named(decision.also)))
    presses = []
    if missing:
        lines.append(say(f"review.done.other_{missing}", lang))
        words = say(f"review.button.other_{missing}", lang)
        presses.append(Press(words, review_key("words", decision.scope, decision.id), "main"))
        presses.append(Press(say("review.button.later", lang), review_key("next", decision.scope, "")))
    else:
        presses.append(next_press(decision.scope, decision.name or "", lang))
    if decision.kind != "undo":
        words = say("review.button.undo", lang, number=decision.id)
        presses.insert(len(presses) - 1, Press(words, review_key("undo", decision.scope, decision.id)))
    elif decision.name:
        words = say("review.button.open", lang)
        presses.insert(0, Press(words, review_key("open", decision.scope, decision.name)))
    body = "\n".join(lines)
    return Shown(f"{title}\n{body}", (Block(title), Block(body)), COLOUR, rows=(tuple(presses),))


def did(decision: Decision, lang: str) -> str:
    """Return what a decision does, in some words."""
    return say(
        f"review.did.{decision.kind}",
        lang,
        entry=f"`{decision.entry or '-'}`",
        into=f"`{decision.content.get('into', '-')}`",
        part=f"`{decision.part or '-'}`",
        number=decision.undoes or 0,
    )


def history_shown(rows: Sequence[Decision], scope: Scope, who: Who, lang: str) -> Shown:
    """Return the latest decisions: what, on which case, by whom and when; each with the button that takes it back."""
    title = say("review.history.title", lang)
    shown = [Block(f"### {title}")]
    for row in rows:
        about = f" · `{row.name}`" if row.name else ""
        text = f"**#{row.id}** {did(row, lang)}{about}\n-# {who(row)} · {moment(row.at)}"
        if row.undone_by is not None:
            text += " · " + say("review.history.undone", lang, number=row.undone_by)
        undoable = row.undone_by is None and row.kind != "undo"
        words = say("review.button.undo", lang, number=row.id)
        shown.append(Block(text, Press(words, review_key("undo", scope, row.id)) if undoable else None))
    if not rows:
        shown.append(Block(say("review.history.none", lang)))
    older = (
        Press(say("review.button.older", lang), review_key("older", scope, rows[-1].id))
        if len(rows) == A_PAGE
        else None
    )
    text = "\n".join(block.text for block in shown)
    return Shown(text, tuple(shown), COLOUR, rows=((older,),) if older else ())


def found_shown(cases: Sequence[Case], scope: Scope, lang: str) -> Shown:
    """Return the cases that a search found, to choose from."""
    if not cases:
        return Shown(say("review.search.none", lang))
    title = say("review.search.title" if len(cases) < MOST_OPTIONS else "review.search.many", lang, count=len(cases))
    pick = Pick(review_key("pick", scope), say("review.search.hint", lang), _options(cases, lang))
    return Shown(f"**{title}**", (Block(f"### {title}"),), COLOUR, rows=(pick,))


def merge_shown(case: Case, others: Sequence[Case], lang: str) -> Shown:
    """Return the cases that one can be merged into."""
    title = say("review.merge.intro", lang, name=f"`{case.name}`")
    by_name = Press(say("review.button.by_name", lang), review_key("name", case.scope, case.name, case.revision))
    back = Press(say("review.button.cancel", lang), review_key("open", case.scope, case.name))
    rows: list[Row] = [(by_name, back)]
    if others:
        verb = review_key("into", case.scope, case.name, case.revision)
        rows.insert(0, Pick(verb, say("review.search.hint", lang), _options(others, lang)))
    return Shown(title, (Block(title),), COLOUR, rows=tuple(rows))


def entries_shown(case: Case, form: str, entries: Iterable[tuple[Provider, Entry]], lang: str) -> Shown:
    """Return the entries that a case can be added to: as a message (`same`) or as a cause."""
    tag = language(lang)
    title = say(f"review.choose.{form}", lang)
    options = {
        entry_key(provider, entry): Option(
            cut(in_language(entry.title, tag), MOST_OPTION), entry_key(provider, entry), entry_key(provider, entry)
        )
        for provider, entry in entries
    }
    state = (case.name, case.revision)
    other = Press(say("review.button.by_id", lang), review_key(f"{form}-by", case.scope, *state))
    back = Press(say("review.button.cancel", lang), review_key("open", case.scope, case.name))
    rows: list[Row] = [(other, back)]
    if options:
        pick = Pick(
            review_key(f"{form}-to", case.scope, *state),
            say("others.hint", lang),
            tuple(options.values())[:MOST_OPTIONS],
        )
        rows.insert(0, pick)
    return Shown(title, (Block(title),), COLOUR, rows=tuple(rows))


def entry_shown(case: Case, found: tuple[Provider, Entry], lang: str) -> Shown:
    """Return what can be done with an entry that was named for a case."""
    name = entry_key(*found)
    title = f"**{cut(in_language(found[1].title, language(lang)), 150)}** (`{name}`)"
    rows: list[Row] = []
    for form in ("same", "cause"):
        words = say(f"review.choose.{form}", lang)
        rows.append(Pick(review_key(f"{form}-to", case.scope, case.name, case.revision), words, (Option(words, name),)))
    rows.append((Press(say("review.button.cancel", lang), review_key("open", case.scope, case.name)),))
    return Shown(title, (Block(title),), COLOUR, rows=tuple(rows))


def offers_shown(offers: Sequence[Offer], lang: str) -> Shown:
    """Return the decisions of servers that may be taken over into the shared base."""
    title = say("review.offers.title" if offers else "review.offers.none", lang)
    shown = [Block(f"### {title}")]
    for offer in offers[:A_PAGE]:
        text = f"{did(offer.decision, lang)}\n-# {cut(teaching_line(offer.content, lang), 250)}"
        words = say("review.button.look", lang)
        shown.append(Block(text, Press(words, review_key("offered", SHARED, offer.decision.id))))
    return Shown("\n".join(block.text for block in shown), tuple(shown), COLOUR)


def offer_shown(decision: Decision, made: Teaching, effects: Effects | None, problem: str, lang: str) -> Shown:
    """Return a server's decision as it would be for all, to be confirmed."""
    shown = [Block(f"### {did(decision, lang)}"), *(Block(text) for text in _teaching(made, lang))]
    presses = []
    if effects is None or problem:
        shown.append(Block("⛔ " + cut(problem, MOST_SENTENCE)))
    else:
        shown.append(Block(effects_text(effects, "", lang), rule=True))
        words = say("review.button.promote", lang)
        presses.append(Press(words, review_key("promote", SHARED, decision.id), "good"))
    presses.append(Press(say("review.button.cancel", lang), review_key("offers", SHARED)))
    return Shown("\n".join(block.text for block in shown), tuple(shown), COLOUR, rows=(tuple(presses),))


def teaching_line(made: Teaching, lang: str) -> str:
    """Return what a decision teaches in one line: its title or cause, or its message."""
    texts = getattr(made, "title", None) or getattr(made, "cause", None)
    return in_language(texts, language(lang)) if texts else f"`{made.message or ', '.join(made.codes)}`"


def _teaching(made: Teaching, lang: str) -> list[str]:
    texts = []
    if made.message or made.codes:
        known = " · ".join([*([made.message] if made.message else []), *made.codes])
        texts.append(f"-# {say('review.field.wire', lang)}\n`{cut(known.replace('`', ' '), 450)}`")
    for field in ("title", "cause", "tell", "steps"):
        for tag, said in sorted((getattr(made, field, None) or {}).items()):
            words = said if isinstance(said, str) else "\n".join(f"{n}. {step}" for n, step in enumerate(said, 1))
            texts.append(f"-# {say(f'review.field.{field}', lang)} ({tag})\n{cut(words, 500)}")
    links = source_links(getattr(made, "sources", ()))
    return [*texts, *(["-# " + say("answer.sources", lang, sources=links)] if links else [])]


def _options(cases: Sequence[Case], lang: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            cut(case_line(case), MOST_OPTION),
            case.name,
            cut(
                say(
                    "review.search.about",
                    lang,
                    people=case.people,
                    sightings=case.sightings,
                    status=say(f"review.status.{case.status}", lang),
                ),
                MOST_OPTION,
            ),
        )
        for case in cases[:MOST_OPTIONS]
    )
