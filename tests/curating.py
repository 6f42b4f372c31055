"""What tests of the desk share: a real store, the shipped knowledge, and people of two servers who paste errors."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.curate.corpus import Corpus
from bot.curate.desk import Desk
from bot.curate.live import Live
from bot.curate.models import (
    AddEntry,
)
from bot.index_kept import index_of
from bot.knowledge.folders import shipped
from bot.knowledge.harmless import harmless
from bot.knowledge.load import Knowledge, load
from bot.match.index import Index
from bot.paste.models import Paste
from bot.service import Explained, Explainer
from bot.store.models import Place
from bot.store.scopes import of_guild
from bot.store.store import Store

ANN, BEN, OWNER = 11, 12, 99
ONE, TWO = 1001, 1002
GUILD, OTHER = of_guild(ONE), of_guild(TWO)
BADGE = "gatekeeper: auth error: badge {} is not entered in the register of gate {}"
NEW = AddEntry(
    provider="gatekeeper",
    provider_name="Gatekeeper",
    title={"en": "The badge is not registered"},
    cause={"en": "The gate's register does not have the badge."},
    steps={"en": ("Enter the badge in the register.", "Try again.")},
    message="badge {n} is not entered in the register of gate {n}",
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(shipped())


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> Index:
    return index_of(knowledge)


@pytest.fixture(scope="module")
def corpus(knowledge: Knowledge) -> Corpus:
    return Corpus.of(knowledge, harmless())


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def live(knowledge: Knowledge, store: Store, index: Index) -> Live:
    return Live(knowledge, store, index)


@pytest.fixture
def desk(store: Store, live: Live, corpus: Corpus) -> Desk:
    return Desk(store, live, corpus=corpus)


@pytest.fixture
def explainer(knowledge: Knowledge, store: Store, live: Live) -> Explainer:
    return Explainer(knowledge, store, live)


class Pastes:
    """Pastes errors in servers, each from another person."""

    def __init__(self, explainer: Explainer) -> None:
        self._explainer = explainer
        self._number = 5_000

    async def __call__(self, text: str, guild: int | None = ONE, *, mode: str = "lookup") -> Explained:
        self._number += 1
        place = Place(guild, 7 if guild else None, self._number, self._number)
        return await self._explainer.explain(Paste(text), mode=mode, place=place)  # type: ignore[arg-type]

    async def case(self, text: str, guild: int | None = ONE) -> str:
        explained = await self(text, guild)
        assert explained.group is not None
        return explained.group


@pytest.fixture
def paste(explainer: Explainer) -> Pastes:
    return Pastes(explainer)


def answered(explained: Explained) -> str | None:
    best = explained.verdict.best
    return best.entry_id if explained.verdict.decision == "answer" and best else None
