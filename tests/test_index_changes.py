"""An index with changes: entries added, amended and hidden answer at once, and the index they were made from stays."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.knowledge.models import Entry, Provider
from bot.match.decide import decide
from bot.match.index import Index
from bot.match.models import Verdict
from bot.service import read_paste

BOTH = {"en": "A text", "zh": "一段文字"}


@pytest.fixture(scope="module")
def base() -> Index:
    return Index(load(shipped()))


def entry(name: str, *messages: str, codes: tuple[str, ...] = (), status: tuple[int, ...] = ()) -> Entry:
    return Entry.model_validate(
        {
            "id": name,
            "title": BOTH,
            "codes": codes,
            "messages": messages,
            "status": status,
            "causes": [{"cause": BOTH, "fix": {"en": ["Do it"], "zh": ["这样做"]}}],
            "examples": messages or codes,
            "sources": ["https://docs.acme.example/errors"],
            "verified": dt.date(2026, 1, 2),
        }
    )


ACME = Provider.model_validate(
    {
        "id": "acme-vault",
        "name": {"en": "Acme Vault", "zh": "Acme Vault"},
        "aliases": ["acme vault"],
        "hosts": ["*.acme.example"],
        "docs": "https://docs.acme.example/errors",
    }
)
GRUE = entry(
    "grue", "The lantern of pilgrim {name} went out before the seal was shown", codes=("GRUE_LOOSE",), status=(401,)
)
SEEN = "2026-01-02 10:11:12 ERROR The lantern of pilgrim ada-7 went out before the seal was shown"


def said(text: str, index: Index) -> Verdict:
    return decide(read_paste(text), index)


def best(text: str, index: Index) -> str | None:
    verdict = said(text, index)
    return verdict.best.entry_id if verdict.decision == "answer" and verdict.best else None


@pytest.mark.parametrize(
    "paste",
    [
        SEEN,
        '{"error": "GRUE_LOOSE", "message": "no light"}',
        "HTTP/1.1 401 Unauthorized\nHost: api.acme.example\n\nGRUE_LOOSE",
        "the lanterm of pilgrim bob went out before the seal was shwn",
    ],
    ids=["sentence", "code", "host", "mistyped"],
)
def test_an_added_entry_of_a_new_provider_answers(base: Index, paste: str) -> None:
    assert best(paste, base.with_changes([(ACME, GRUE)])) == "acme-vault/grue"
    assert best(paste, base) != "acme-vault/grue"


def test_the_index_it_was_made_from_knows_nothing_of_it(base: Index) -> None:
    before = said(SEEN, base)
    base.with_changes([(ACME, GRUE)])
    assert said(SEEN, base) == before
    assert "acme-vault" not in base.providers
    assert "grue_loose" not in base.codes


def test_changes_upon_changes_all_hold(base: Index) -> None:
    once = base.with_changes([(ACME, GRUE)])
    other = entry("rope", "The rope bridge of {place} was cut by its own warden yesterday")
    twice = once.with_changes([(ACME, other)])
    assert best(SEEN, twice) == "acme-vault/grue"
    assert best("The rope bridge of Khazad was cut by its own warden yesterday", twice) == "acme-vault/rope"
    assert best("The rope bridge of Khazad was cut by its own warden yesterday", once) is None


def test_a_hidden_entry_answers_no_more(base: Index) -> None:
    paste = (
        base.providers["openai"],
        "Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-proj-x. You can find your API key at https://platform.openai.com/account/api-keys.', 'code': 'invalid_api_key'}}",
    )
    name = best(paste[1], base)
    assert name is not None
    found = said(paste[1], base.with_changes([], {name}))
    assert all(candidate.entry_id != name for candidate in found.candidates)


def test_an_amended_entry_keeps_its_old_words_and_has_the_new_ones(base: Index) -> None:
    old = next(
        indexed
        for indexed in base.entries
        if indexed.provider.id == "github" and indexed.entry.messages and not indexed.entry.needs_provider
    )
    amended = old.entry.model_copy(update={"messages": (*old.entry.messages, GRUE.messages[0])})
    index = base.with_changes([(old.provider, amended)], {old.name})
    assert best(SEEN, index) == old.name
    for example in old.entry.examples:
        assert best(example, index) == old.name
    assert index.sizes == base.sizes


def test_what_is_not_touched_answers_as_before(base: Index) -> None:
    index = base.with_changes([(ACME, GRUE)], {"acme-vault/none"})
    for indexed in base.entries[::97]:
        example = indexed.entry.examples[0]
        assert said(example, index) == said(example, base)


def test_the_first_entry_of_a_status_is_followed_by_the_next(base: Index) -> None:
    (provider, status), number = next(
        (place, number)
        for place, number in base.of_status.items()
        if sum(place[0] == i.provider.id and place[1] in i.entry.status for i in base.entries) > 1
    )
    index = base.with_changes([], {base.entries[number].name})
    heir = index.entries[index.of_status[provider, status]]
    assert heir.provider.id == provider
    assert status in heir.entry.status
    assert heir.number != number
