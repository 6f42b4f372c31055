"""A case and the decision on it: the form, what it would do, and the decision itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from bot.curate.check import Effects
from bot.curate.desk import Desk
from bot.curate.models import Content, Draft, NotFound, Refused
from bot.curate.opened import Opened
from bot.curate.scrub import scrubbed
from bot.store.decisions import Decision, Overtaken
from bot.store.models import Case
from bot.store.scopes import SHARED
from bot.web.catalogues import Catalogues
from bot.web.forms import FORMS, Incomplete, Missing, content, filled, missing_language, typed
from bot.web.pages import address, did, page, who
from bot.web.visit import Problem, Reviewing
from bot.web.words import words

MOST_TYPED: Final = 200
MOST_OTHERS: Final = 50  # cases that are offered to merge into


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: which, its fields, and the case's revision as the person saw it."""

    form: str
    fields: Mapping[str, str]
    revision: int


class Deciding:
    """Shows cases and makes decisions on them."""

    def __init__(self, desk: Desk, catalogues: Catalogues) -> None:
        self._desk = desk
        self._catalogues = catalogues

    async def case(self, asked: Reviewing, name: str) -> Response:
        """A case, with the form that was chosen."""
        given = asked.visit.request.query_params
        opened = await self._desk.open(asked.place.scope, name)
        missing = self._missing(asked, opened.decision)
        form = given.get("do", "")
        if form not in _usable(opened.case, missing):
            form = next(iter(_usable(opened.case, missing)), "")
        fields = filled(form, opened, given.get("entry", "")[:MOST_TYPED]) if form else {}
        if form == "words" and missing is not None:
            fields["first"] = str(missing.number)
        return await self._shown(asked, opened, form, fields, missing=missing)

    async def sent(self, asked: Reviewing, name: str, given: Mapping[str, str]) -> Response:
        """Take a form: show what it does, the form again, or make the decision."""
        opened = await self._desk.open(asked.place.scope, name)
        form, revision = given.get("form", ""), given.get("revision", "")
        if form not in FORMS or not (revision.isascii() and revision.isdigit() and len(revision) < 10):
            raise Problem("wrong_not_found", 404)
        sent = Filled(form, typed(form, given), int(revision))
        step = given.get("step", "preview")
        if step == "edit":
            return await self._shown(asked, opened, form, sent.fields, revision=sent.revision)
        try:
            if opened.case.revision != sent.revision:
                raise Overtaken(name, opened.decision)
            made = await self._content(asked, sent)
            draft = Draft(asked.place.scope, None if form == "words" else name, made)
            if step == "confirm":
                return await self._decided(asked, draft, sent)
            effects = await self._desk.preview(draft)
            if effects.refusal is not None:
                raise effects.refusal
        except Incomplete as error:
            problem = _incomplete(str(error), asked)
            return await self._shown(asked, opened, form, sent.fields, problem=problem, status=422)
        except Refused as error:
            problem = error.sentence(asked.visit.lang)
            return await self._shown(asked, opened, form, sent.fields, problem=problem, status=422)
        except Overtaken as error:
            # As it stands now: what was decided may have come between.
            opened = await self._desk.open(asked.place.scope, name)
            note = self._meanwhile(asked, error.other)
            return await self._shown(asked, opened, form, sent.fields, problem=note, status=409)
        return self._preview(asked, opened, sent, made, effects)

    async def _decided(self, asked: Reviewing, draft: Draft, sent: Filled) -> Response:
        revision = sent.revision if draft.case is not None else None
        decision = await self._desk.decide(draft, asked.session.person, revision)
        return RedirectResponse(address(asked.place, done=decision.id), 303)

    async def _content(self, asked: Reviewing, sent: Filled) -> Content:
        scope = asked.place.scope
        first = None
        if sent.form == "words":
            number = sent.fields["first"]
            known = {str(each.id): each for each in self._desk.live.decisions(scope) if each.scope == scope}
            first = known.get(number)
            if first is None:
                raise NotFound(number[:20])
        return content(sent.form, sent.fields, self._catalogues.of(scope), first)

    def _preview(self, asked: Reviewing, opened: Opened, sent: Filled, made: Content, effects: Effects) -> Response:
        titles = self._catalogues.titles(asked.place.scope)
        kept = scrubbed(made)
        return page(
            "preview.html",
            asked.visit,
            case=opened.case,
            form=sent.form,
            fields=sent.fields,
            revision=sent.revision,
            kept=kept,
            about=titles.get(getattr(kept, "entry", "")),
            effects=effects,
            others=[name for name in effects.answers if name != opened.case.name],
            teaches=sent.form in ("answer", "same", "cause", "words"),
        )

    async def _shown(
        self,
        asked: Reviewing,
        opened: Opened,
        form: str,
        fields: Mapping[str, str],
        *,
        missing: Missing | None = None,
        revision: int | None = None,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        """Show a case; `revision` is the one that was seen, where it is not shown anew."""
        missing = missing or self._missing(asked, opened.decision)
        case, scope = opened.case, asked.place.scope
        others: list[Case] = []
        if form == "merge":
            others = await self._desk.queue(scope, provider=case.provider, limit=MOST_OTHERS)
        usable = list(_usable(case, missing))
        if form and form not in usable:  # what was written is kept, whatever has become of the case
            usable.append(form)
        values: dict[str, Any] = {
            "opened": opened,
            "case": case,
            "form": form,
            "fields": fields,
            "revision": case.revision if revision is None else revision,
            "usable": usable,
            "missing": missing,
            "sampled": opened.sample != tuple(case.template.splitlines()),
            "others": [other for other in others if other.name != case.name],
            "problem": problem,
            "may_offer": scope != SHARED,
            "providers": self._catalogues.of(scope).providers("", most=1_000) if form == "answer" else [],
            "by": self._who(asked, opened.decision) if opened.decision else "",
        }
        return page("case.html", asked.visit, status, **values)

    def _missing(self, asked: Reviewing, decision: Decision | None) -> Missing | None:
        return missing_language(decision, self._desk.live.decisions(asked.place.scope))

    def _who(self, asked: Reviewing, decision: Decision) -> str:
        return who(self._desk.by, decision, asked.session, asked.visit.lang)

    def _meanwhile(self, asked: Reviewing, other: Decision | None) -> str:
        t = words(asked.visit.lang)
        if other is None:
            return t["overtaken"]
        return t["overtaken_by"].format(who=self._who(asked, other), what=did(other, asked.visit.lang))


def _usable(case: Case, missing: Missing | None) -> tuple[str, ...]:
    """Return the forms that make sense for a case, the first the likeliest."""
    if case.status == "merged":
        return ()
    forms = tuple(form for form in FORMS if form != "words")
    return ("words", *forms) if missing is not None else forms


def _incomplete(field: str, asked: Reviewing) -> str:
    t = words(asked.visit.lang)
    name, _, lang = field.partition("_")
    label = t[f"field_{name}"] + (f" ({t[f'lang_{lang}']})" if lang else "")
    return t["incomplete"].format(field=label)
