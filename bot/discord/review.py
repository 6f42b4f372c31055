"""Going through the queue on Discord: the next case, one by its name, a search, the history, taking back, promoting."""

from __future__ import annotations

from typing import Final

from bot.curate.models import Refused
from bot.curate.promote import Promotions
from bot.discord.buttons import Handler
from bot.discord.keys import Key
from bot.discord.review_case import case_shown, next_press, warnings
from bot.discord.review_desk import Asked, Gone, NotAdmitted, Reviewing, number_like, parts_of
from bot.discord.review_shown import (
    A_PAGE,
    decided_shown,
    entry_shown,
    found_shown,
    history_shown,
    offer_shown,
    offers_shown,
)
from bot.discord.shown import MOST_OPTIONS, Block, Shown
from bot.discord.whisper import data_of
from bot.store.decisions import Decision
from bot.store.scopes import SHARED
from bot.words import say

MOST_TYPED: Final = 200  # characters of a search that count


class Browsing:
    """Everything of /review that is not about making a decision on the case that is shown."""

    def __init__(self, reviewing: Reviewing) -> None:
        self._reviewing = reviewing
        self._curating = reviewing.curating
        self._promotions = Promotions(reviewing.curating)

    def handlers(self) -> dict[str, Handler]:
        pressed = self._reviewing.pressed
        return {
            "rv-next": pressed(self._next),
            "rv-open": pressed(self._open),
            "rv-pick": pressed(self._picked),
            "rv-undo": pressed(self._undo),
            "rv-older": pressed(self._older),
            "rv-offers": pressed(lambda asked, _: self.offers(asked)),
            "rv-offered": pressed(self._offered),
            "rv-promote": pressed(self._promote),
        }

    async def next(self, asked: Asked, after: str = "") -> None:
        """Show the case that would help most people, or the one after a case."""
        found = await self._curating.queue(asked.scope, limit=1, after=after or None)
        above = [] if after else await self._warnings(asked)
        if found:
            opened = await self._curating.open(asked.scope, found[0].name)
            await asked.show(case_shown(opened, asked.lang, above=above))
            return
        words = say("review.last" if after else "review.empty", asked.lang)
        again = (next_press(asked.scope, "", asked.lang),) if after else ()
        blocks = (*above, Block(words))
        await asked.show(Shown("\n".join(each.text for each in blocks), blocks, rows=(again,) if again else ()))

    async def _warnings(self, asked: Asked) -> list[Block]:
        """Return what needs a look besides the queue: it stands above its first case."""
        failing = await self._curating.failing(asked.scope)
        return warnings(asked.scope, failing, self._curating.looks(asked.scope), asked.lang)

    async def open(self, asked: Asked, name: str, *, note: str = "") -> None:
        """Show a case."""
        opened = await self._curating.open(asked.scope, name)
        await asked.show(case_shown(opened, asked.lang, note=note))

    async def about(self, asked: Asked, name: str, typed: str) -> None:
        """Show what can be done with an entry that was named for a case."""
        opened = await self._curating.open(asked.scope, name)
        found = self._reviewing.desk.catalogue(asked.guild).entry(typed)
        if found is None:
            raise Gone("lookup.none")
        await asked.show(entry_shown(opened.case, found, asked.lang))

    async def search(
        self, asked: Asked, text: str | None, provider: str | None, language: str | None, status: str | None
    ) -> None:
        """Show the cases that hold some words, of a provider, in a language, of a status (open ones by default)."""
        known = self._reviewing.desk.catalogue(asked.guild).provider(provider) if provider else None
        found = await self._curating.queue(
            asked.scope,
            status=None if status == "any" else status or "open",
            provider=known.id if known else provider,
            language=language,
            search=(text or "")[:MOST_TYPED] or None,
            limit=MOST_OPTIONS,
        )
        await asked.show(found_shown(found, asked.scope, asked.lang))

    async def history(self, asked: Asked, before: int | None = None) -> None:
        """Show what was decided, the newest first."""
        rows = await self._curating.history(asked.scope, A_PAGE, before)
        await asked.show(history_shown(rows, asked.scope, lambda row: who(self._reviewing, asked, row), asked.lang))

    async def undo(self, asked: Asked, number: int | None = None) -> None:
        """Take back a decision, by default the person's latest one."""
        decision = await self._curating.undo(asked.scope, asked.person, number)
        self._reviewing.decided()
        await asked.show(decided_shown(decision, "", asked.lang))

    async def offers(self, asked: Asked) -> None:
        """Show what servers' maintainers have decided and everybody may have."""
        self._for_all(asked)
        await asked.show(offers_shown(await self._promotions.offers(A_PAGE), asked.lang))

    async def _next(self, asked: Asked, pressed: Key) -> None:
        await self.next(asked, pressed.rest)

    async def _open(self, asked: Asked, pressed: Key) -> None:
        await self.open(asked, pressed.rest)

    async def _picked(self, asked: Asked, _pressed: Key) -> None:
        await self.open(asked, str(next(iter(data_of(asked.interaction).get("values") or [""]))))

    async def _undo(self, asked: Asked, pressed: Key) -> None:
        found = await self._reviewing.decision(asked.scope, pressed.rest)
        await self.undo(asked, found.id)

    async def _older(self, asked: Asked, pressed: Key) -> None:
        [number] = parts_of(pressed, 1)
        if not number_like(number):
            raise Gone("review.gone")
        await self.history(asked, int(number))

    async def _offered(self, asked: Asked, pressed: Key) -> None:
        """Show a server's decision and what it would do for all."""
        self._for_all(asked)
        offers = await self._promotions.offers(MOST_OPTIONS)
        offer = next((each for each in offers if str(each.decision.id) == pressed.rest), None)
        if offer is None:
            raise Gone("review.offers.gone")
        try:
            effects = await self._promotions.preview(offer.decision.id)
        except Refused as error:
            problem = error.sentence(asked.lang)
            await asked.show(offer_shown(offer.decision, offer.content, None, problem, asked.lang))
            return
        problem = effects.refusal.sentence(asked.lang) if effects.refusal else ""
        await asked.show(offer_shown(offer.decision, offer.content, effects, problem, asked.lang))

    async def _promote(self, asked: Asked, pressed: Key) -> None:
        self._for_all(asked)
        if not number_like(pressed.rest):
            raise Gone("review.gone")
        decision = await self._promotions.promote(int(pressed.rest), asked.person)
        self._reviewing.decided()
        await asked.show(decided_shown(decision, "", asked.lang))

    @staticmethod
    def _for_all(asked: Asked) -> None:
        if asked.scope != SHARED:
            raise NotAdmitted("review.not_owner")


def who(reviewing: Reviewing, asked: Asked, decision: Decision) -> str:
    """Return who made a decision, as its reader is told: you, or six digits that stand for somebody."""
    by = reviewing.curating.by(decision, asked.person)
    if by is None:
        return say("review.you", asked.lang)
    return say("review.maintainer", asked.lang, number=by) if by else say("review.forgotten", asked.lang)
