"""The desk: from a queued paste to an answer that is live, checked against all that has to stay as it is."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.curate.desk import Desk
from bot.curate.models import (
    AddCause,
    AddEntry,
    AddMessage,
    Content,
    Dismiss,
    Draft,
    Merge,
    NotAnError,
    NotFound,
    Refused,
    Split,
)
from bot.paste.fingerprint import fingerprint
from bot.paste.models import Paste
from bot.service import Explainer, kept_lines, read_paste
from bot.store.decisions import Overtaken
from bot.store.models import Fingerprint, Place, Sighting
from bot.store.scopes import SHARED
from bot.words import say
from tests.curating import (
    ANN,
    BADGE,
    BEN,
    GUILD,
    NEW,
    ONE,
    OTHER,
    OWNER,
    TWO,
    Pastes,
    answered,
    corpus,
    desk,
    explainer,
    index,
    knowledge,
    live,
    paste,
    store,
)

__all__ = ["corpus", "desk", "explainer", "index", "knowledge", "live", "paste", "store"]  # fixtures


async def test_what_was_unknown_is_answered_once_it_is_decided(desk: Desk, paste: Pastes) -> None:
    await paste(BADGE.format(5, 6))
    name = await paste.case(BADGE.format(3, 4))
    seen = await desk.open(GUILD, name)
    assert seen.sample == (BADGE.format(3, 4),)
    assert seen.variants == ((BADGE.format(5, 6),),)
    assert seen.trend[-1] == 2
    assert "is not entered in the register of" in seen.proposal.message
    draft = Draft(GUILD, name, NEW.model_copy(update={"message": seen.proposal.message}))
    effects = await desk.preview(draft)
    assert (effects.answers, effects.own, effects.refusal) == ((name,), True, None)
    decision = await desk.decide(draft, ANN, seen.case.revision)
    assert decision.entry == "gatekeeper/the-badge-is-not-registered"
    explained = await paste(BADGE.format(8, 9))
    assert answered(explained) == decision.entry
    assert explained.answer is not None
    assert explained.answer.cause == "The gate's register does not have the badge."
    assert answered(await paste(BADGE.format(8, 9), TWO)) is None
    assert answered(await paste(BADGE.format(8, 9), None)) is None
    after = await desk.store.queue.get(GUILD, name)
    assert after is not None
    assert (after.status, after.entry) == ("answered", decision.entry)


async def test_who_reads_chinese_is_shown_the_english_text_until_there_is_one(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    first = await desk.decide(Draft(GUILD, name, NEW), ANN, None)
    text = "报错：" + BADGE.format(1, 2)
    english = await paste(text)
    assert english.answer is not None
    assert english.answer.title == "The badge is not registered"
    chinese = AddEntry(
        provider="gatekeeper",
        id=str(first.entry).partition("/")[2],
        title={"zh": "徽章未登记"},
        cause={"zh": "门禁名册里没有这个徽章。"},
        steps={"zh": ("登记徽章。",)},
        message=NEW.message,
    )
    second = await desk.decide(Draft(GUILD, None, chinese), ANN, None)
    assert second.entry == first.entry
    both = await paste(text)
    assert both.answer is not None
    assert both.answer.title == "徽章未登记"


async def test_everybody_profits_from_a_decision_for_all(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4), None)
    await desk.decide(Draft(SHARED, name, NEW), OWNER, None)
    for guild in (ONE, TWO, None):
        assert answered(await paste(BADGE.format(1, 2), guild)) == "gatekeeper/the-badge-is-not-registered"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(NEW.model_copy(update={"message": "{x} error {y}"}), "general", id="placeholders only"),
        pytest.param(NEW.model_copy(update={"message": "error"}), "general", id="one word"),
        pytest.param(NEW.model_copy(update={"message": "令牌错"}), "general", id="three Chinese characters"),
        pytest.param(
            NEW.model_copy(update={"message": "The access token expired"}), "matches_example", id="a shared example"
        ),
        pytest.param(
            NEW.model_copy(update={"message": "fixed the 401, thanks! it was a stale env var"}),
            "matches_harmless",
            id="a harmless message",
        ),
        pytest.param(
            NEW.model_copy(update={"message": None, "codes": ("unauthorized", "401", "invalid_grant")}),
            "touches",
            id="codes of many",
        ),
        pytest.param(
            AddMessage(entry="github/nothing-like-this", message="badge {n} is not entered in any register"),
            "not_found",
            id="an entry there is not",
        ),
        pytest.param(
            AddMessage(entry="slack/invalid-auth", message="The access token expired"),
            "matches_example",
            id="a message of others",
        ),
    ],
)
async def test_what_a_server_may_not_teach(desk: Desk, paste: Pastes, content: Content, kind: str) -> None:
    name = await paste.case(BADGE.format(3, 4))
    with pytest.raises(Refused) as refused:
        await desk.decide(Draft(GUILD, name, content), ANN, None)
    assert refused.value.kind == kind
    assert refused.value.sentence("zh") != refused.value.sentence("en") != ""
    assert await desk.history(GUILD) == []


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        pytest.param("badge {n} is not entered in the register", None, id="of nobody"),
        pytest.param("password authentication failed for user {name}", "breaks_example", id="another entry's"),
        pytest.param("fixed the 401, thanks! it was a stale env var", "breaks_harmless", id="what people say"),
    ],
)
async def test_what_may_not_be_taught_to_all(desk: Desk, message: str, kind: str | None) -> None:
    draft = Draft(SHARED, None, NEW.model_copy(update={"message": message}))
    refusal = (await desk.preview(draft)).refusal
    assert (refusal.kind if refusal else None) == kind


async def test_two_maintainers_do_not_overwrite_each_other(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    seen = await desk.open(GUILD, name)
    await desk.decide(Draft(GUILD, name, NEW), ANN, seen.case.revision)
    with pytest.raises(Overtaken):
        await desk.decide(Draft(GUILD, name, NEW), BEN, seen.case.revision)
    with pytest.raises(Overtaken) as overtaken:
        await desk.decide(Draft(GUILD, name, Dismiss()), BEN, seen.case.revision)
    assert overtaken.value.other is not None
    assert overtaken.value.other.kind == "add_entry"
    assert desk.by(overtaken.value.other, BEN) == desk.store.decisions.who(ANN)[:6]
    assert desk.by(overtaken.value.other, ANN) is None


async def test_two_at_the_same_moment_do_not_either(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    revision = (await desk.open(GUILD, name)).case.revision
    both = (
        desk.decide(Draft(GUILD, name, NEW), ANN, revision),
        desk.decide(Draft(GUILD, name, Dismiss()), BEN, revision),
    )
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Decision", "Overtaken"]
    assert len(await desk.history(GUILD)) == 1


async def test_an_undo_takes_back_what_was_taught(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    decision = await desk.decide(Draft(GUILD, name, NEW), ANN, None)
    with pytest.raises(Refused, match="nothing of yours"):
        await desk.undo(GUILD, BEN)
    await desk.undo(GUILD, ANN)
    assert answered(await paste(BADGE.format(8, 9))) is None
    case = await desk.store.queue.get(GUILD, name)
    assert case is not None
    assert case.status == "open"
    with pytest.raises(Refused, match="undone already"):
        await desk.undo(GUILD, ANN, decision.id)
    assert [row.kind for row in await desk.history(GUILD)] == ["undo", "add_entry"]


async def test_a_case_or_decision_of_another_server_is_not_there(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    decision = await desk.decide(Draft(GUILD, name, NEW), ANN, None)
    for scope in (OTHER, SHARED):
        with pytest.raises(NotFound):
            await desk.open(scope, name)
        with pytest.raises(NotFound):
            await desk.decide(Draft(scope, name, Dismiss()), BEN, None)
        with pytest.raises(NotFound):
            await desk.undo(scope, BEN, decision.id)
        with pytest.raises(NotFound):
            await desk.decide(
                Draft(scope, None, AddMessage(entry=str(decision.entry), message="no badge at all {n}")), BEN, None
            )
        assert await desk.history(scope) == []
        assert await desk.queue(scope) == []
    mine = await paste.case("gatekeeper: auth error: the lantern of pilgrim 7 went out", TWO)
    with pytest.raises(NotFound):
        await desk.decide(Draft(OTHER, mine, Merge(into=name)), BEN, None)


async def test_what_is_no_error_is_silent_and_not_kept(desk: Desk, paste: Pastes) -> None:
    text = '{"status":401,"error":"Unauthorized","message":"badge reader 7 does not know this passport"}'
    heard = await paste(text, mode="listen")
    assert heard.verdict.decision == "unmatched"
    assert heard.group is not None
    await desk.decide(Draft(GUILD, heard.group, NotAnError()), ANN, None)
    again = await paste(text.replace("7", "8"), mode="listen")
    assert (again.verdict.decision, again.group) == ("silent", None)
    asked = await paste(text.replace("7", "9"))
    assert asked.group is None
    case = await desk.store.queue.get(GUILD, heard.group)
    assert case is not None
    assert (case.status, case.sightings) == ("not_an_error", 1)
    assert (await paste(text, TWO, mode="listen")).verdict.decision == "unmatched"
    await desk.undo(GUILD, ANN)
    assert (await paste(text, mode="listen")).group == heard.group


async def test_an_example_of_the_knowledge_is_an_error(desk: Desk, explainer: Explainer) -> None:
    _, entry = desk.live.base.entries["postgres/password-authentication-failed"]
    example = next(each for each in entry.examples if answered(explainer.judge(Paste(each), "listen")))
    lines = kept_lines(read_paste(example), "listen")
    mark = fingerprint(lines)
    kept = Fingerprint(mark.digest, mark.version, mark.template)
    # Somebody said that the answer did not help: it is in the queue though it is known.
    place, now = Place(ONE, 7, 4242, 4242), dt.datetime.now(dt.UTC)
    group = await desk.store.record(Sighting(kept, lines, "en", (), "listen", now, place, reason="not_helped"))
    with pytest.raises(Refused) as refused:
        await desk.decide(Draft(GUILD, group, NotAnError()), ANN, None)
    assert refused.value.kind == "breaks_silenced"


async def test_a_message_and_a_cause_are_added_to_a_known_entry(desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    content = AddMessage(entry="slack/invalid-auth", message=NEW.message)
    decision = await desk.decide(Draft(GUILD, name, content), ANN, None)
    assert decision.base_hash is not None
    assert answered(await paste(BADGE.format(8, 9))) == "slack/invalid-auth"
    with pytest.raises(Refused, match="has that already"):
        entry = desk.live.base.entries["slack/invalid-auth"][1]
        await desk.decide(Draft(GUILD, name, AddMessage(entry="slack/invalid-auth", codes=entry.codes[:1])), ANN, None)
    cause = AddCause(
        entry="slack/invalid-auth",
        cause={"en": "The gate is closed."},
        tell={"en": "It is night."},
        steps={"en": ("Wait.",)},
    )
    await desk.decide(Draft(GUILD, None, cause), ANN, None)
    known = desk.live.knowledge(ONE).resolve("slack/invalid-auth")
    assert known is not None
    assert known[1].causes[-1].cause == {"en": "The gate is closed."}
    plain = desk.live.knowledge(TWO).resolve("slack/invalid-auth")
    assert plain is not None
    assert len(plain[1].causes) == len(known[1].causes) - 1


async def test_merging_and_splitting(desk: Desk, paste: Pastes) -> None:
    one = await paste.case(BADGE.format(3, 4))
    two = await paste.case("gatekeeper: auth error: this lantern of a pilgrim went out")
    await desk.decide(Draft(GUILD, two, Merge(into=one)), ANN, None)
    seen = await desk.open(GUILD, one)
    assert seen.members == (two,)
    assert len({seen.sample, *seen.variants}) == 2
    await paste(BADGE.format(5, 6))
    with pytest.raises(Refused, match="every sighting"):
        await desk.decide(Draft(GUILD, one, Split(needle="badge")), ANN, None)
    split = await desk.decide(Draft(GUILD, one, Split(needle="Gate 4")), ANN, None)
    assert split.part is not None
    part = await desk.open(GUILD, split.part)
    assert part.sample == (BADGE.format(3, 4),)


async def test_one_entry_may_answer_further_cases(desk: Desk, paste: Pastes) -> None:
    one = await paste.case(BADGE.format(3, 4))
    two = await paste.case(
        "gatekeeper v2 login refused, badge 3 is not entered in the register of gate 4 (see the porter)"
    )
    assert one != two
    draft = Draft(GUILD, one, NEW)
    assert set((await desk.preview(draft)).answers) == {one, two}
    await desk.decide(draft, ANN, None)
    case = await desk.store.queue.get(GUILD, two)
    assert case is not None
    assert case.status == "answered"
    await desk.undo(GUILD, ANN)
    case = await desk.store.queue.get(GUILD, two)
    assert case is not None
    assert case.status == "open"


async def test_what_came_near_and_why_it_was_not_it(desk: Desk, paste: Pastes) -> None:
    name = await paste.case("gatekeeper error: errcode 41001, the lantern went out")
    near = {each.entry: each for each in (await desk.open(GUILD, name)).nearest}
    wechat = near["wechat/access-token-missing"]
    assert wechat.confidence < 0.1
    assert [reason.kind for reason in wechat.reasons] == ["code", "no_message", "no_provider"]
    assert wechat.reasons[0].values == {"codes": "41001"}
    for lang in ("en", "zh"):
        assert all(say(f"curate.why.{reason.kind}", lang, **reason.values) for reason in wechat.reasons)
