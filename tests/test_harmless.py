"""What a channel overhears: errors that are not of authentication, talk about authentication, and chat leave it silent.

The rows stand in knowledge/harmless: `answered` holds pastes that must not be silent,
`complaints` what people say of an error without what the machine printed (answered when asked, never wrongly overheard);
all others must be silent.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.knowledge.folders import shipped
from bot.knowledge.harmless import Message, harmless, messages
from bot.knowledge.load import load
from bot.match.models import Verdict
from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.store import Store

UNMATCHED = 0.01  # the share of harmless messages that may be taken for an error nobody has explained yet

MESSAGES = harmless()
ANSWERED = messages("answered")
COMPLAINTS = messages("complaints")


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return Explainer(load(shipped()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "authbot.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(str(path))
    yield opened
    await opened.close()


def overheard(explainer: Explainer, row: Message) -> Verdict:
    return explainer.judge(Paste(row.text), "listen").verdict


def told(verdict: Verdict) -> str:
    best = verdict.best
    return f"{verdict.decision} {best.entry_id} {best.confidence:.2f}" if best else verdict.decision


def kept(path: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(path) as db:
        return [*db.execute("SELECT lines FROM sightings"), *db.execute("SELECT template FROM groups")]


def test_the_rows_are_many_and_differ() -> None:
    everything = [*MESSAGES, *ANSWERED, *COMPLAINTS]
    assert len({row.id for row in everything}) == len({row.text for row in everything}) == len(everything)
    assert len(MESSAGES) >= 300
    assert len(ANSWERED) >= 60
    assert sum(count >= 5 for count in Counter(row.lang for row in MESSAGES).values()) >= 8  # languages


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row.id)
def test_a_harmless_message_is_not_answered(explainer: Explainer, row: Message) -> None:
    verdict = overheard(explainer, row)
    assert verdict.decision != "answer", f"{told(verdict)}: {row.text}"


def test_hardly_any_harmless_message_is_taken_for_an_unknown_error(explainer: Explainer) -> None:
    taken = {row.id: row.text for row in MESSAGES if overheard(explainer, row).decision == "unmatched"}
    assert len(taken) <= UNMATCHED * len(MESSAGES), json.dumps(taken, indent=1, ensure_ascii=False)


def test_no_harmless_message_gets_a_suggestion(explainer: Explainer) -> None:
    assert [row.id for row in MESSAGES if overheard(explainer, row).decision == "suggest"] == []


@pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row.id)
def test_an_overheard_error_is_answered(explainer: Explainer, row: Message) -> None:
    verdict = overheard(explainer, row)
    assert verdict.decision == "answer", f"{told(verdict)}: {row.text}"
    assert verdict.best is not None
    expected = row.answered_by
    assert {verdict.best.entry_id, verdict.best.provider.id} & set(expected), told(verdict)


@pytest.mark.parametrize("row", COMPLAINTS, ids=lambda row: row.id)
def test_a_complaint_is_answered_when_asked_and_never_wrongly_when_overheard(
    explainer: Explainer, row: Message
) -> None:
    asked = explainer.judge(Paste(row.text), "lookup").verdict
    expected = row.answered_by
    found = {name for candidate in asked.candidates for name in (candidate.entry_id, candidate.provider.id)}
    assert asked.decision in ("answer", "suggest")
    assert found & set(expected), told(asked)
    heard = overheard(explainer, row)
    assert heard.decision != "answer" or (heard.best and {heard.best.entry_id, heard.best.provider.id} & set(expected))


async def test_of_a_silent_message_nothing_is_kept(explainer: Explainer, store: Store, path: Path) -> None:
    listening = Explainer(explainer.knowledge, store)
    for row in MESSAGES:
        explained = await listening.explain(Paste(row.text), mode="listen")
        if explained.verdict.decision == "silent":
            assert (explained.answer, explained.group) == (None, None), row.id
            assert kept(path) == [], row.id
        else:
            _start_over(path)


def _start_over(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM groups")


async def test_of_an_error_nobody_explained_yet_the_error_is_kept_and_the_chatter_is_not(
    explainer: Explainer, store: Store, path: Path
) -> None:
    error = '{"status":401,"error":"Unauthorized","message":"badge reader 7 does not know this passport"}'
    text = f"hey all, our own gate says this since lunch, Petra is out today\n{error}\nsee you at the barbecue"
    explained = await Explainer(explainer.knowledge, store).explain(Paste(text), mode="listen")
    assert (explained.verdict.decision, explained.answer) == ("unmatched", None)
    lines, _ = kept(path)
    assert lines == (error,)
    assert not [row for row in kept(path) if "Petra" in row[0] or "barbecue" in row[0]]
