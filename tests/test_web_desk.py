"""The desk's pages at work: what a maintainer sees, decides and takes back, asked over a real socket."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
import yaml
from sqlalchemy import insert

from bot.curate.desk import Desk
from bot.curate.models import Dismiss, Draft
from bot.store.scopes import SHARED
from bot.store.store import Store
from bot.store.tables import answers, feedback
from bot.web import browsing
from bot.web.words import chosen, words
from tests.curating import (
    ANN,
    BADGE,
    BEN,
    GUILD,
    NEW,
    ONE,
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
)
from tests.desk_pages import Browser, Got, Served, served, store
from tests.discord_server.oauth import MANAGE_SERVER, Account

__all__ = ["corpus", "desk", "explainer", "index", "knowledge", "live", "paste", "store"]  # fixtures

QUEUE = f"/q/{ONE}"
ANSWER = {
    "provider": "Gatekeeper",
    "title_en": "The badge is not registered",
    "cause_en": "The gate's register does not have the badge.",
    "steps_en": "1. Enter the badge in the register.\n2. Try again.",
    "title_zh": "徽章未登记",
    "cause_zh": "门禁名册里没有这个徽章。",
    "steps_zh": "登记徽章。",
    "sources": "https://docs.gatekeeper.example/badges",
}
ENGLISH = {name: "" if name.endswith("_zh") else value for name, value in ANSWER.items()}


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[Served]:
    async with served(desk, owners=frozenset({OWNER})) as found:
        yield found


@pytest.fixture
async def ann(web: Served) -> Browser:
    web.discord.person = Account(ANN, "Ann", {ONE: ("Builders", MANAGE_SERVER, ())})
    return await web.signed_in()


@pytest.fixture
async def owner(web: Served, ann: Browser) -> Browser:
    web.discord.person = Account(OWNER, "Olga", {ONE: ("Builders", MANAGE_SERVER, ())})
    return await web.signed_in()


async def previewed(browser: Browser, name: str, do: str, fields: dict[str, str], queue: str = QUEUE) -> Got:
    """What comes of filling in a form of a case."""
    form = (await browser.get(f"{queue}/case/{name}?do={do}")).form("/case/")
    return await browser.post(f"{queue}/case/{name}", form | fields | {"step": "preview"})


async def confirmed(browser: Browser, name: str, preview: Got, queue: str = QUEUE) -> Got:
    assert preview.status == 200, preview.text
    return await browser.post(f"{queue}/case/{name}", preview.form("/case/") | {"step": "confirm"})


async def test_a_case_shows_all_there_is_to_decide_on(ann: Browser, paste: Pastes) -> None:
    name = await paste.case("gatekeeper error: errcode 41001, the lantern went out")
    await paste("gatekeeper error: errcode 41001, the lantern went out again")
    text = unescape((await ann.get(f"{QUEUE}/case/{name}")).text)
    assert "the lantern went out" in text
    assert "1 person" in text
    assert "wechat/access-token-missing" in text
    assert "its code 41001 is there" in text
    assert '<svg class="trend"' in text


async def test_an_answer_in_both_languages_is_previewed_then_live(ann: Browser, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    other = await paste.case(
        "gatekeeper v2 login refused, badge 3 is not entered in the register of gate 4 (see the porter)"
    )
    preview = await previewed(ann, name, "answer", ANSWER | {"message": NEW.message or ""})
    shown = unescape(preview.text)
    assert "It answers this case." in shown
    assert f"/case/{other}" in shown
    assert 'href="https://docs.gatekeeper.example/badges" rel="noopener noreferrer"' in shown
    assert ">docs.gatekeeper.example</a>" in shown
    assert await desk.history(GUILD) == []
    done = await confirmed(ann, name, preview)
    assert "Decision #1 is made" in done.text
    explained = await paste("报错：" + BADGE.format(8, 9))
    assert answered(explained) == "gatekeeper/the-badge-is-not-registered"
    assert explained.answer is not None
    assert explained.answer.title == "徽章未登记"
    assert answered(await paste(BADGE.format(8, 9), TWO)) is None


async def test_the_other_language_can_follow(ann: Browser, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    await confirmed(ann, name, await previewed(ann, name, "answer", ENGLISH))
    case = await ann.get(f"{QUEUE}/case/{name}")
    assert "Add it in Chinese" in case.text
    chinese = {key: value for key, value in ANSWER.items() if key.endswith("_zh")}
    await confirmed(ann, name, await previewed(ann, name, "words", chinese))
    explained = await paste("报错：" + BADGE.format(8, 9))
    assert explained.answer is not None
    assert explained.answer.title == "徽章未登记"
    assert "Add it in" not in (await ann.get(f"{QUEUE}/case/{name}")).text


async def test_same_as_and_another_cause(ann: Browser, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    preview = await previewed(ann, name, "same", {"entry": "slack/invalid-auth", "message": NEW.message or ""})
    assert "slack/invalid-auth" in preview.text
    await confirmed(ann, name, preview)
    assert answered(await paste(BADGE.format(8, 9))) == "slack/invalid-auth"
    other = await paste.case("gatekeeper: auth error: the lantern of pilgrim 7 went out")
    cause = {"entry": "slack/invalid-auth", "cause_en": "It is night.", "tell_en": "It is dark.", "steps_en": "Wait."}
    await confirmed(ann, other, await previewed(ann, other, "cause", cause))
    known = desk.live.knowledge(ONE).resolve("slack/invalid-auth")
    assert known is not None
    assert known[1].causes[-1].cause == {"en": "It is night."}


async def test_dismissing_merging_splitting_and_no_error(ann: Browser, desk: Desk, paste: Pastes) -> None:
    one = await paste.case(BADGE.format(3, 4))
    await paste(BADGE.format(5, 6))
    two = await paste.case("gatekeeper: auth error: this lantern of a pilgrim went out")
    three = await paste.case("frobnicator login refused: token of zone 7 in zone 9")
    await confirmed(ann, two, await previewed(ann, two, "merge", {"into": one}))
    assert f"/case/{one}" in (await ann.get(f"{QUEUE}/case/{two}")).text
    await confirmed(ann, one, await previewed(ann, one, "split", {"needle": "gate 4"}))
    await confirmed(ann, one, await previewed(ann, one, "dismiss", {}))
    await confirmed(ann, three, await previewed(ann, three, "noerror", {}))
    assert [row.kind for row in await desk.history(GUILD)] == ["not_an_error", "dismiss", "split", "merge"]
    history = (await ann.get(f"{QUEUE}/history")).text
    for word in ("merged into", "split off", "dismissed", "not an auth error"):
        assert word in history


@pytest.mark.parametrize(
    ("form", "fields", "sentence"),
    [
        pytest.param("answer", {**ENGLISH, "provider": ""}, "Fill in: Provider.", id="no provider"),
        pytest.param("answer", {**ENGLISH, "steps_en": " "}, "Fill in: Steps", id="no steps"),
        pytest.param(
            "answer", {**ENGLISH, "message": "", "codes": ""}, "Fill in: Message.", id="nothing to know it by"
        ),
        pytest.param("answer", {**ENGLISH, "message": "error"}, "says too little", id="one word"),
        pytest.param("answer", {**ENGLISH, "message": "The access token expired"}, "example of", id="others' words"),
        pytest.param("answer", {**ENGLISH, "sources": "http://plain.example/"}, "sources", id="no https"),
        pytest.param("answer", {**ENGLISH, "sources": "javascript:alert(1)"}, "sources", id="no address"),
        pytest.param("answer", {**ENGLISH, "status": "4o1"}, "status", id="no status"),
        pytest.param(
            "answer", {**ENGLISH, "cause_zh": "not Chinese", "title_zh": "x", "steps_zh": "y"}, "Chinese", id="zh"
        ),
        pytest.param("same", {"entry": "no such entry anywhere zzqq"}, "There is no", id="no such entry"),
        pytest.param("merge", {"into": "g2-000000000000"}, "There is no", id="no such case"),
        pytest.param("split", {"needle": ""}, "Fill in: Words", id="no words"),
    ],
)
async def test_what_is_refused_is_said_and_what_was_typed_stays(
    ann: Browser, desk: Desk, paste: Pastes, form: str, fields: dict[str, str], sentence: str
) -> None:
    name = await paste.case(BADGE.format(3, 4))
    got = await previewed(ann, name, form, fields)
    assert got.status == 422
    assert sentence in unescape(got.text)
    kept = got.form("/case/")
    assert {key: kept[key] for key in fields} == fields
    assert await desk.history(GUILD) == []


async def test_who_comes_second_is_told_and_keeps_what_was_typed(ann: Browser, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    preview = await previewed(ann, name, "answer", ENGLISH)
    await desk.decide(Draft(GUILD, name, Dismiss()), BEN, None)
    got = await ann.post(f"{QUEUE}/case/{name}", preview.form("/case/") | {"step": "confirm"})
    assert got.status == 409
    who = desk.store.decisions.who(BEN)[:6]
    assert f"maintainer {who} decided: dismissed" in got.text
    kept = got.form("/case/")
    assert kept["title_en"] == ENGLISH["title_en"]
    assert [row.kind for row in await desk.history(GUILD)] == ["dismiss"]
    # Having seen it, they may decide all the same.
    again = await ann.post(f"{QUEUE}/case/{name}", kept | {"step": "preview"})
    await confirmed(ann, name, again)
    assert [row.kind for row in await desk.history(GUILD)] == ["add_entry", "dismiss"]


async def test_going_back_to_the_form_forgets_nothing_and_hides_no_one_elses_decision(
    ann: Browser, desk: Desk, paste: Pastes
) -> None:
    name = await paste.case(BADGE.format(3, 4))
    odd = {"cause_en": '\nA line.\n\n<b>&amp; "another"</b>', "steps_en": "1. One\n2. Two"}
    preview = await previewed(ann, name, "answer", ENGLISH | odd)
    await desk.decide(Draft(GUILD, name, Dismiss()), BEN, None)
    back = await ann.post(f"{QUEUE}/case/{name}", preview.form("/case/") | {"step": "edit"})
    kept = back.form("/case/")
    assert kept["cause_en"] == odd["cause_en"]
    got = await ann.post(f"{QUEUE}/case/{name}", kept | {"step": "preview"})
    assert got.status == 409


async def test_the_history_says_who_and_takes_back(ann: Browser, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    await desk.decide(Draft(GUILD, name, Dismiss()), BEN, None)
    page = await ann.get(f"{QUEUE}/history")
    assert f"maintainer {desk.store.decisions.who(BEN)[:6]}" in page.text
    done = await ann.post(f"{QUEUE}/undo", page.form("/undo"))
    assert "took back #1" in done.text
    assert "you" in done.text
    again = await ann.post(f"{QUEUE}/undo", page.form("/undo"))
    assert again.status == 422
    assert "undone already" in again.text
    case = await desk.store.queue.get(GUILD, name)
    assert case is not None
    assert case.status == "open"


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 40, "１"])
async def test_a_decision_that_is_none_is_not_found(ann: Browser, number: str) -> None:
    csrf = (await ann.get(f"{QUEUE}/history")).form("/sign-out")["csrf"]
    assert (await ann.post(f"{QUEUE}/undo", {"csrf": csrf, "decision": number})).status == 404


async def test_another_servers_case_and_decision_cannot_be_touched(ann: Browser, desk: Desk, paste: Pastes) -> None:
    mine, theirs = await paste.case(BADGE.format(3, 4)), await paste.case("gatekeeper: auth error: lantern out", TWO)
    made = await desk.decide(Draft(f"guild:{TWO}", theirs, Dismiss()), BEN, None)
    form = (await ann.get(f"{QUEUE}/case/{mine}?do=dismiss")).form("/case/") | {"step": "confirm"}
    for path in (f"{QUEUE}/case/{theirs}", f"/q/{TWO}/case/{theirs}", f"/q/{SHARED}/case/{mine}"):
        assert (await ann.post(path, form)).status == 404
    csrf = form["csrf"]
    assert (await ann.post(f"{QUEUE}/undo", {"csrf": csrf, "decision": str(made.id)})).status == 404
    assert "Decision #" not in (await ann.get(f"{QUEUE}?done={made.id}")).text
    got = await ann.post(f"{QUEUE}/case/{mine}", form | {"form": "merge", "into": theirs})
    assert got.status == 422
    assert await desk.history(GUILD) == []
    assert len(await desk.history(f"guild:{TWO}")) == 1


async def test_the_queue_is_filtered_and_paged(ann: Browser, paste: Pastes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "A_PAGE", 2)
    badge = await paste.case(BADGE.format(3, 4))
    lantern = await paste.case("gatekeeper: auth error: the lantern of a pilgrim went out")
    chinese = await paste.case("登录失败：工号不在门禁系统的白名单里，认证被拒绝")

    async def found(query: str) -> set[str]:
        text = (await ann.get(f"{QUEUE}?{query}")).text
        return {name for name in (badge, lantern, chinese) if f"/case/{name}" in text}

    assert await found("q=lantern") == {lantern}
    assert await found("q=白名单") == {chinese}
    assert await found("language=zh") == {chinese}
    assert await found("status=answered") == set()
    assert await found("provider=nobody-at-all") == set()
    assert len(await found("q=%22%27%29+OR+1")) == 0
    first = (await ann.get(QUEUE)).text
    follow = unescape(first.partition('rel="next" href="')[2].partition('"')[0])
    rest = (await ann.get(follow)).text
    pages = [{name for name in (badge, lantern, chinese) if f"/case/{name}" in text} for text in (first, rest)]
    assert [len(each) for each in pages] == [2, 1]
    assert pages[0] | pages[1] == {badge, lantern, chinese}


async def test_charts_and_entries_have_their_numbers_in_tables(ann: Browser, desk: Desk, paste: Pastes) -> None:
    now, empty = dt.datetime.now(dt.UTC), {"candidates": [], "language": "en", "secrets": [], "facts": [], "private": 0}
    kinds = ("answer", "answer", "answer", "suggest")
    rows = [{"id": n, "guild_id": ONE, "decision": kind, "sent_at": now, **empty} for n, kind in enumerate(kinds, 1)]
    said = [
        {"id": n, "answer_id": 1, "person": f"p{n}", "kind": "not_helped", "entry": "slack/invalid-auth", "at": now}
        for n in range(1, 7)
    ]
    async with desk.store.database.write() as db:
        await db.execute(insert(answers), rows)
        await db.execute(insert(feedback), said)
    name = await paste.case(BADGE.format(3, 4))
    await desk.decide(Draft(GUILD, name, NEW), ANN, None)
    waiting = await paste.case("gatekeeper: auth error: the lantern of a pilgrim went out")
    for days in (30, 90):
        text = unescape((await ann.get(f"{QUEUE}/charts?days={days}")).text)
        assert '<td class="figure">75%</td>' in text
        assert '<svg class="chart"' in text
        assert f"/case/{waiting}" in text
        assert "slack/invalid-auth" in text
        assert "0.0 h" in text
    entries = unescape((await ann.get(f"{QUEUE}/entries")).text)
    assert "6 of 6 (100%)" in entries


async def test_the_owner_takes_over_what_a_server_offers(owner: Browser, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    assert "No server has offered" in (await owner.get("/q/shared/offers")).text
    offered = await desk.decide(Draft(GUILD, name, NEW.model_copy(update={"offered": True})), ANN, None)
    page = await owner.get("/q/shared/offers")
    assert "The badge is not registered" in page.text
    offer = await owner.get(f"/q/shared/offers/{offered.id}")
    assert "No known example" in offer.text
    assert BADGE.format(3, 4) not in offer.text
    await owner.post(f"/q/shared/offers/{offered.id}", offer.form("/offers/"))
    assert answered(await paste(BADGE.format(8, 9), TWO)) == "gatekeeper/the-badge-is-not-registered"
    assert (await owner.get(f"{QUEUE}/offers")).status == 404


async def test_in_the_shared_queue_a_servers_lines_are_not_seen(owner: Browser, store: Store, paste: Pastes) -> None:
    await store.guilds.change(ONE, shares=True)
    name = await paste.case(BADGE.format(4242, 77))
    text = (await owner.get(f"/q/shared/case/{name}")).text
    assert "is not entered in the register" in text
    assert BADGE.format(4242, 77) not in text
    assert "lines of a server are seen in that server only" in text


async def test_who_has_several_queues_chooses(owner: Browser) -> None:
    text = (await owner.get("/")).text
    assert 'href="/q/shared"' in text
    assert f'href="{QUEUE}"' in text


async def test_credentials_that_a_maintainer_writes_are_not_kept(ann: Browser, desk: Desk, paste: Pastes) -> None:
    secret = "ghp_" + "a1B2" * 9
    name = await paste.case(BADGE.format(3, 4))
    preview = await previewed(ann, name, "answer", ENGLISH | {"cause_en": f"The token {secret} is of another gate."})
    assert secret not in preview.text.partition("<form method")[0].partition("<dl")[2]
    await confirmed(ann, name, preview)
    assert secret not in str((await desk.history(GUILD))[0].content)


@pytest.mark.parametrize(
    ("cookie", "accepted", "lang"),
    [
        (None, "", "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "de,en;q=0.5,zh;q=0.9", "zh"),
        (None, "en;q=0.1, zh-TW;q=0", "en"),
        (None, "fr", "en"),
        (None, "zh;q=x,,;", "en"),
        ("en", "zh", "en"),
        ("xx", "zh", "zh"),
    ],
)
def test_the_language_of_a_page(cookie: str | None, accepted: str, lang: str) -> None:
    assert chosen(cookie, accepted) == lang


async def test_chinese_pages_are_chinese(ann: Browser, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    await ann.get("/language/zh?to=/")
    for path in ("", f"/case/{name}", "/history", "/entries", "/charts"):
        text = (await ann.get(QUEUE + path)).text
        assert '<html lang="zh-Hans">' in text
        assert "退出登录" in text
        assert "Sign out" not in text


def test_every_word_is_there_in_both_languages() -> None:
    both = yaml.safe_load(Path(browsing.__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    assert all(set(said) == {"en", "zh"} and all(said.values()) for said in both.values())
    assert words("en").keys() == words("zh").keys()
