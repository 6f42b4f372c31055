"""Deciding on a case on Discord: forms, what a decision would do, and confirming it. Nobody overwrites anybody."""

from __future__ import annotations

from collections.abc import Mapping

from bot.curate.models import Content, Draft, Refused, content_of
from bot.curate.opened import Opened
from bot.curate.scrub import scrubbed
from bot.discord.buttons import Handler
from bot.discord.forms import typed
from bot.discord.keys import Key
from bot.discord.review import Browsing, who
from bot.discord.review_case import case_shown
from bot.discord.review_desk import Asked, Gone, Reviewing, number_like, parts_of
from bot.discord.review_draft import (
    FORMS,
    Wire,
    Written,
    content,
    filled_from,
    offered,
    read_back,
    safe,
)
from bot.discord.review_forms import draft_form, fields_of, name_form, needle_form
from bot.discord.review_shown import (
    decided_shown,
    did,
    draft_shown,
    entries_shown,
    merge_shown,
    no_error_shown,
)
from bot.discord.shown import MOST_OPTIONS, texts_by_id
from bot.discord.whisper import data_of
from bot.knowledge.models import Entry, Provider, in_language
from bot.store.decisions import Decision, Overtaken
from bot.store.scopes import guild_of
from bot.words import language, say


class Deciding:
    """The buttons under a case, and the forms and previews behind them."""

    def __init__(self, reviewing: Reviewing, browsing: Browsing) -> None:
        self._reviewing = reviewing
        self._curating = reviewing.curating
        self._browsing = browsing

    def handlers(self) -> dict[str, Handler]:
        pressed = self._reviewing.pressed
        return {
            "rv-answer": pressed(self._answer, form=True),
            "rv-same": pressed(lambda asked, key: self._choose(asked, key, "same")),
            "rv-same-to": pressed(self._same_to),
            "rv-same-by": pressed(lambda asked, key: self._by_id(asked, key, "same"), form=True),
            "rv-cause": pressed(lambda asked, key: self._choose(asked, key, "cause")),
            "rv-cause-to": pressed(lambda asked, key: self._by_id(asked, key, "cause"), form=True),
            "rv-cause-by": pressed(lambda asked, key: self._by_id(asked, key, "cause"), form=True),
            "rv-draft": pressed(self._typed),
            "rv-edit": pressed(self._edit, form=True),
            "rv-confirm": pressed(self._confirm),
            "rv-offer": pressed(lambda asked, key: self._confirm(asked, key, offer=True)),
            "rv-cancel": pressed(self._cancel),
            "rv-words": pressed(self._words, form=True),
            "rv-noerror": pressed(self._no_error),
            "rv-silence": pressed(self._silence),
            "rv-dismiss": pressed(self._dismiss),
            "rv-merge": pressed(self._merge),
            "rv-name": pressed(self._name, form=True),
            "rv-into": pressed(self._into),
            "rv-split": pressed(self._split, form=True),
            "rv-needle": pressed(self._needle),
        }

    # Drafts: answer, same as, another cause.

    async def _answer(self, asked: Asked, pressed: Key) -> None:
        opened = await self._opened(asked, pressed)
        if opened is not None:
            found = opened.proposal
            wire = Wire(found.message, found.codes, found.status).text
            written = _about("answer", opened, {"provider": found.provider or "", "wire": wire})
            await self._ask(asked, written)

    async def _choose(self, asked: Asked, pressed: Key, form: str) -> None:
        opened = await self._opened(asked, pressed)
        if opened is not None:
            await asked.show(entries_shown(opened.case, form, self._near(asked, opened), asked.lang))

    def _near(self, asked: Asked, opened: Opened) -> list[tuple[Provider, Entry]]:
        """Return the entries that came near, then others of the provider."""
        desk = self._reviewing.desk
        near = desk.entries([each.entry for each in opened.nearest], asked.guild)
        if len(near) < MOST_OPTIONS and opened.proposal.provider:
            every = desk.explainer.knowledge_of(asked.guild).entries()
            near += [each for each in every if each[0].id == opened.proposal.provider and each not in near]
        return near[:MOST_OPTIONS]

    async def _same_to(self, asked: Asked, pressed: Key) -> None:
        """Show what it does that the case is one more message of the chosen entry."""
        opened = await self._opened(asked, pressed)
        if opened is not None:
            await self._preview(asked, _about("same", opened, _known(opened, _chosen(asked))))

    async def _by_id(self, asked: Asked, pressed: Key, form: str) -> None:
        """Ask for what is to be added to an entry: the chosen one, or one that is to be named."""
        opened = await self._opened(asked, pressed)
        if opened is not None:
            await self._ask(asked, _about(form, opened, _known(opened, _chosen(asked))))

    async def _typed(self, asked: Asked, pressed: Key) -> None:
        """Show what was filled in, and what it does."""
        form, case, revision, first = parts_of(pressed, 4)
        if form not in FORMS or not (number_like(revision) and number_like(first)):
            raise Gone("review.gone")
        fields = safe(form, fields_of(asked.interaction, form))
        await self._preview(asked, Written(form, fields, case, int(revision), int(first)))

    async def _edit(self, asked: Asked, pressed: Key) -> None:
        await self._ask(asked, self._read(asked, pressed))

    async def _confirm(self, asked: Asked, pressed: Key, *, offer: bool = False) -> None:
        """Make the decision of a draft; the draft stays where that can't be done."""
        written = self._read(asked, pressed)
        try:
            made = await self._made(asked, written)
            draft = Draft(asked.scope, written.case or None, offered(made) if offer else made)
            decision = await self._curating.decide(draft, asked.person, written.revision if written.case else None)
        except Overtaken as error:
            opened = await self._curating.open(asked.scope, written.case)
            note = self._meanwhile(asked, error.other)
            await self._preview(asked, written.at(opened.case.revision), note=note)
            await asked.add(case_shown(opened, asked.lang))
        except Refused:
            await self._preview(asked, written)  # says why
        else:
            await self._decided(asked, decision)

    async def _cancel(self, asked: Asked, pressed: Key) -> None:
        _form, case, _revision, _first = parts_of(pressed, 4)
        await (self._browsing.open(asked, case) if case else self._browsing.next(asked))

    async def _words(self, asked: Asked, pressed: Key) -> None:
        """Ask for the other language of a decision."""
        first = await self._reviewing.decision(asked.scope, pressed.rest)
        if not self._reviewing.missing_language(first):
            raise Gone("review.both_languages")
        await self._ask(asked, filled_from(first))

    async def _ask(self, asked: Asked, written: Written) -> None:
        title = say(f"review.draft.{written.form}", asked.lang)
        await asked.interaction.response.send_modal(draft_form(written, asked.scope, asked.lang, title))

    async def _preview(self, asked: Asked, written: Written, *, note: str = "") -> None:
        """Show a draft with what it does, or with why it can't be made: nothing that was typed is lost."""
        made, effects, problem = None, None, ""
        try:
            made = await self._made(asked, written)
            effects = await self._curating.preview(Draft(asked.scope, written.case or None, made))
            problem = effects.refusal.sentence(asked.lang) if effects.refusal else ""
        except Refused as error:
            problem = error.sentence(asked.lang)
        found = self._reviewing.desk.entry(getattr(made, "entry", ""), asked.guild)
        about = f"`{found[0].id}/{found[1].id}` {in_language(found[1].title, language(asked.lang))}" if found else ""
        guild = guild_of(asked.scope)
        shares = guild is None or (await self._curating.store.guilds.get(guild)).shares
        shown = draft_shown(
            written,
            asked.scope,
            asked.lang,
            made=made,
            effects=effects,
            problem=problem,
            about=about,
            note=note,
            may_offer=not shares,
        )
        await asked.show(shown)

    async def _made(self, asked: Asked, written: Written) -> Content:
        first = await self._reviewing.decision(asked.scope, str(written.first)) if written.first else None
        return scrubbed(content(written, self._reviewing.desk.catalogue(asked.guild), first))

    def _read(self, asked: Asked, pressed: Key) -> Written:
        """Return the draft of the message that was pressed on."""
        parts = parts_of(pressed, 4)
        message = asked.interaction.message
        written = read_back(parts, texts_by_id(message)) if message is not None else None
        if written is None:
            raise Gone("review.draft_gone")
        return written

    # What needs no words, or few.

    async def _no_error(self, asked: Asked, pressed: Key) -> None:
        """Show what it does that pastes like these are no errors."""
        opened = await self._opened(asked, pressed)
        if opened is not None:
            effects = await self._curating.preview(
                Draft(asked.scope, opened.case.name, content_of({"kind": "not_an_error"}))
            )
            if effects.refusal is not None:
                raise effects.refusal
            await asked.show(no_error_shown(opened.case, effects, asked.lang))

    async def _silence(self, asked: Asked, pressed: Key) -> None:
        await self._decide(asked, pressed, {"kind": "not_an_error"})

    async def _dismiss(self, asked: Asked, pressed: Key) -> None:
        await self._decide(asked, pressed, {"kind": "dismiss"})

    async def _merge(self, asked: Asked, pressed: Key) -> None:
        opened = await self._opened(asked, pressed)
        if opened is None:
            return
        case = opened.case
        near = await self._curating.queue(asked.scope, status=None, provider=case.provider) if case.provider else []
        rest = await self._curating.queue(asked.scope, limit=MOST_OPTIONS)
        every = {each.name: each for each in (*near, *rest) if each.name != case.name and each.status != "merged"}
        await asked.show(merge_shown(case, list(every.values()), asked.lang))

    async def _name(self, asked: Asked, pressed: Key) -> None:
        opened = await self._opened(asked, pressed)
        if opened is not None:
            form = name_form(asked.scope, opened.case.name, opened.case.revision, asked.lang)
            await asked.interaction.response.send_modal(form)

    async def _into(self, asked: Asked, pressed: Key) -> None:
        into = _chosen(asked) or typed(asked.interaction, "into").strip()
        await self._decide(asked, pressed, {"kind": "merge", "into": into})

    async def _split(self, asked: Asked, pressed: Key) -> None:
        opened = await self._opened(asked, pressed)
        if opened is not None:
            form = needle_form(asked.scope, opened.case.name, opened.case.revision, asked.lang)
            await asked.interaction.response.send_modal(form)

    async def _needle(self, asked: Asked, pressed: Key) -> None:
        needle = typed(asked.interaction, "needle").strip()
        await self._decide(asked, pressed, {"kind": "split", "needle": needle})

    async def _decide(self, asked: Asked, pressed: Key, made: Mapping[str, object]) -> None:
        """Make a decision on the case that was pressed under, as it stood then."""
        name, revision = parts_of(pressed, 2)
        if not number_like(revision):
            raise Gone("review.gone")
        try:
            decision = await self._curating.decide(
                Draft(asked.scope, name, content_of(made)), asked.person, int(revision)
            )
        except Overtaken as error:
            await self._browsing.open(asked, name, note=self._meanwhile(asked, error.other))
        else:
            await self._decided(asked, decision)

    async def _decided(self, asked: Asked, decision: Decision) -> None:
        self._reviewing.decided()
        await asked.show(decided_shown(decision, self._reviewing.missing_language(decision), asked.lang))

    async def _opened(self, asked: Asked, pressed: Key) -> Opened | None:
        """Return the case that was pressed under; where somebody has decided on it since, show that and return None."""
        name, revision = parts_of(pressed, 2)
        opened = await self._curating.open(asked.scope, name)
        if str(opened.case.revision) == revision:
            return opened
        await self._browsing.open(asked, name, note=self._meanwhile(asked, opened.decision))
        return None

    def _meanwhile(self, asked: Asked, other: Decision | None) -> str:
        """Return who was first, and what they decided."""
        if other is None:
            return say("review.overtaken", asked.lang)
        return say(
            "review.overtaken_by", asked.lang, who=who(self._reviewing, asked, other), what=did(other, asked.lang)
        )


def _about(form: str, opened: Opened, fields: dict[str, str]) -> Written:
    return Written(form, fields, opened.case.name, opened.case.revision)


def _known(opened: Opened, entry: str) -> dict[str, str]:
    """Return the fields that are filled in of what is added to an entry: the message, or else the codes."""
    found = opened.proposal
    return {"entry": entry, "wire": Wire(found.message, () if found.message else found.codes).text}


def _chosen(asked: Asked) -> str:
    """Return what was chosen in a select, "" where it was no select."""
    return str(next(iter(data_of(asked.interaction).get("values") or [""])))
