"""What may be touched by a decision: the quick look over all pastes leaves none out that would change its verdict."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.curate.check import Break, Checker, as_paste, told, touch_of
from bot.curate.corpus import Corpus, Touch
from bot.curate.fold import Base, Folded, fold
from bot.curate.models import AddEntry, as_row
from bot.index_kept import index_of
from bot.knowledge.folders import shipped
from bot.knowledge.harmless import harmless, messages
from bot.knowledge.load import Knowledge, KnowledgeError, load
from bot.match.decide import decide
from bot.match.index import Index
from bot.match.models import Mode
from bot.store.decisions import Decision
from bot.store.scopes import SHARED

PROVIDERS = ("postgres", "oauth2", "slack", "wechat", "aws")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(shipped())


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> Index:
    return index_of(knowledge)


@pytest.fixture(scope="module")
def corpus(knowledge: Knowledge) -> Corpus:
    files = tuple(file for file in knowledge.files if file.provider.id in PROVIDERS)
    return Corpus.of(Knowledge(files), harmless()[:200])


def entry(message: str | None, *codes: str, provider: str = "acme") -> AddEntry:
    words = {"en": "x"}
    return AddEntry(
        provider=provider, id="x", title=words, cause=words, steps={"en": ("x",)}, message=message, codes=codes
    )


def with_entry(knowledge: Knowledge, index: Index, content: AddEntry) -> Index:
    name = f"{content.provider}/{content.id}"
    row = Decision(1, SHARED, "add_entry", None, name, None, as_row(content), None, dt.datetime.now(dt.UTC), None)
    folded = fold(Base.of(knowledge, "0" * 8), [row], SHARED)
    return index.with_changes(folded.added, folded.hidden)


@pytest.mark.parametrize(
    "content",
    [
        entry("password authentication failed for user {name}"),
        entry("令牌已过期，请重新登录"),
        entry(None, "invalid_auth", provider="slack"),
        entry("The security token included in the request is expired", provider="oauth2"),
        entry("client authentication failed", "invalid_client"),
    ],
    ids=lambda content: f"{content.message} {content.codes}",
)
def test_no_paste_that_changes_is_left_out(
    knowledge: Knowledge, index: Index, corpus: Corpus, content: AddEntry
) -> None:
    after = with_entry(knowledge, index, content)
    touched = set(corpus.touched(touch_of(content), after.information))
    for number, paste in enumerate(corpus.pastes):
        if number not in touched:
            mode: Mode = "lookup" if paste.kind == "example" else "listen"
            reading = corpus.reading(number)
            assert told(decide(reading, after, mode=mode)) == told(decide(reading, index, mode=mode)), paste.text


def test_what_breaks_is_named_with_what_it_becomes(knowledge: Knowledge, index: Index, corpus: Corpus) -> None:
    content = entry("password authentication failed for user {name}")
    after = with_entry(knowledge, index, content)
    effects = Checker(corpus).taught(content, "acme/x", index, after, Folded(), guild=False)
    own = "postgres/password-authentication-failed"
    assert Break("example", own, own, "suggest") in effects.breaks
    assert effects.refusal is not None
    assert own in str(effects.refusal)


def test_an_entry_of_decisions_is_kept_as_the_examples_are(knowledge: Knowledge, index: Index, corpus: Corpus) -> None:
    first = entry("the lantern of pilgrim {n} went out at the gate")
    before = with_entry(knowledge, index, first)
    folded = Folded(added=((before.providers["acme"], before.entries[-1].entry),))
    other = entry("the lantern of pilgrim {n} went out at the gate", provider="gatekeeper")
    row = Decision(
        2, SHARED, "add_entry", None, "gatekeeper/x", None, as_row(other), None, dt.datetime.now(dt.UTC), None
    )
    added = fold(Base.of(knowledge, "0" * 8), [row], SHARED).added
    after = index.with_changes([*folded.added, *added], ())
    effects = Checker(corpus).taught(other, "gatekeeper/x", before, after, folded, guild=False)
    assert [found.name for found in effects.breaks] == ["acme/x"]


@pytest.mark.parametrize(
    ("touch", "text", "there"),
    [
        pytest.param(Touch((), ("401",)), "HTTP 401 from acme", True, id="a short code as a word"),
        pytest.param(Touch((), ("401",)), "order 14012 from acme", False, id="a short code in a number"),
        pytest.param(Touch((), ("invalid_grant",)), "invalidGrant: Bad Request", True, id="a code spelt otherwise"),
        pytest.param(Touch(("token {id} expired",), ()), "TOKEN 4711 EXPIRED", True, id="a message in capitals"),
        pytest.param(Touch(("token {id} expired",), ()), "the session is over", False, id="other words"),
        pytest.param(Touch(("令牌已过期",), ()), "错误：令牌 已过期。", True, id="Chinese"),
        pytest.param(
            Touch(("令牌已过期",), ()), '{"msg": "\\u4ee4\\u724c\\u5df2\\u8fc7\\u671f"}', True, id="escaped Chinese"
        ),
        pytest.param(Touch(("token has expired",), ()), "?error=token%20has%20expired", True, id="percent-encoded"),
        pytest.param(Touch(("no",), ()), "no", True, id="shorter than a gram"),
    ],
)
def test_what_is_touched(touch: Touch, text: str, there: bool) -> None:
    pastes = Corpus.of(Knowledge(()), [type(harmless()[0])("m-1", text, "en", "chat")])
    assert pastes.touched(touch, lambda part: float(len(part))) == ([0] if there else [])


def test_a_message_as_a_paste_has_something_for_each_placeholder() -> None:
    assert as_paste("key {id} of {{x}} has {n}") == "key 4711 of {x} has 4711"


def test_harmless_messages_are_those_without_an_answer() -> None:
    ids = {message.id for message in harmless()}
    assert len(ids) >= 1_000
    assert not ids & {message.id for message in messages("answered")}


@pytest.mark.parametrize(
    "line",
    ["no json", "[]", '{"id": "a"}', '{"id": 1, "text": "x", "lang": "en", "kind": "x"}'],
)
def test_a_bad_line_of_harmless_messages_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "harmless").mkdir()
    good = '{"id": "a", "text": "x", "lang": "en", "kind": "x"}'
    (tmp_path / "harmless" / "more.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"more\.jsonl:2: "):
        harmless(tmp_path)
    assert harmless(tmp_path / "elsewhere") == ()
