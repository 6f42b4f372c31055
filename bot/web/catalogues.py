"""What a scope's entries are called, made once as long as nothing changes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.curate.live import Live
from bot.knowledge.load import Knowledge
from bot.knowledge.search import Catalogue
from bot.store.scopes import Scope

MOST_KEPT = 50  # scopes


class Catalogues:
    """The catalogues of scopes, each of the knowledge that is live there."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._kept: dict[Scope, tuple[Knowledge, Catalogue]] = {}

    def of(self, scope: Scope) -> Catalogue:
        """Return what finds a scope's entries and providers."""
        knowledge = self._live.view(scope).knowledge
        kept = self._kept.get(scope)
        if kept is None or kept[0] is not knowledge:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            kept = self._kept[scope] = knowledge, Catalogue(knowledge)
        return kept[1]

    def titles(self, scope: Scope) -> Mapping[str, Mapping[str, str]]:
        """Return the titles of a scope's entries by language, by provider/entry."""
        knowledge = self._live.view(scope).knowledge
        return {f"{provider.id}/{entry.id}": entry.title for provider, entry in knowledge.entries()}
