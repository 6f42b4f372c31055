"""Folding decisions over the knowledge: a server's before those of all before the files, and undone ones without a trace."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curate.fold import Base, Folded, fold
from bot.curate.live import overlaid
from bot.curate.local import content_hash
from bot.knowledge.load import Knowledge, parse
from bot.paste.fingerprint import fingerprint
from bot.service import group_name
from bot.store.decisions import Decision
from bot.store.scopes import SHARED, of_guild

HERE = "0a1b2c3d"
GUILD, OTHER = of_guild(1), of_guild(2)
FILE = """\
provider:
  id: acme
  name: {en: Acme, zh: Acme}
  docs: https://docs.acme.example/auth
entries:
  - id: key-revoked
    title: {en: The key was revoked, zh: 密钥已被吊销}
    messages: ["The key {key} has been revoked"]
    causes: [{cause: {en: Somebody revoked it., zh: 有人吊销了它。}, fix: {en: [Make a new key.], zh: [新建密钥。]}}]
    examples: [The key 4711 has been revoked]
    sources: [https://docs.acme.example/errors]
    verified: 2026-11-21
    formerly: [acme/old-name]
"""
SHIPPED = """\
  - id: badge-unknown
    title: {en: The badge is unknown, zh: 徽章未登记}
    messages: ["badge {id} is unknown"]
    causes: [{cause: {en: It is not registered., zh: 没有登记。}, fix: {en: [Register it.], zh: [登记它。]}}]
    examples: [badge 4711 is unknown]
    sources: [https://docs.acme.example/errors]
    verified: 2026-11-21
"""


def base(text: str = FILE) -> Base:
    return Base.of(Knowledge(parse([(Path("acme.yaml"), text)])), HERE)


HASH = content_hash(next(base().knowledge.entries())[1])


def row(number: int, kind: str, scope: str = SHARED, name: str | None = None, **fields: Any) -> Decision:
    """A row of the log; what is no column of it is its content."""
    columns = {key: fields.pop(key) for key in ("entry", "base_hash", "undoes", "part") if key in fields}
    content = dict(fields)
    if kind in ("add_message", "add_cause"):
        content["entry"] = columns["entry"]
        columns.setdefault("base_hash", HASH if columns["entry"] == "acme/key-revoked" else None)
    if kind == "add_entry":
        columns["entry"] = f"{content['provider']}/{content['id']}"
    moment = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    row = {"base_hash": None, "entry": None, "undoes": None, **columns}
    return Decision(id=number, scope=scope, kind=kind, name=name, content=content, person="x", at=moment, **row)  # type: ignore[arg-type]


def badge(number: int, scope: str = SHARED, lang: str = "en", **fields: Any) -> Decision:
    words = {"en": ("The badge is unknown", "It is not registered."), "zh": ("徽章未登记", "没有登记。")}
    return row(
        number,
        "add_entry",
        scope,
        **{
            "provider": "acme",
            "id": "badge-unknown",
            "title": {lang: words[lang][0]},
            "cause": {lang: words[lang][1]},
            "steps": {lang: ["Register it." if lang == "en" else "登记它。"]},
            "message": "badge {id} is unknown",
            **fields,
        },
    )


def undo(number: int, undoes: int, scope: str = SHARED) -> Decision:
    return row(number, "undo", scope, undoes=undoes)


def entries(folded: Folded) -> dict[str, Any]:
    return {f"{provider.id}/{entry.id}": entry for provider, entry in folded.added}


def test_no_decisions_change_nothing() -> None:
    assert fold(base(), [], GUILD).added == ()


def test_an_entry_of_a_server_is_that_servers_alone() -> None:
    log = [badge(1, GUILD)]
    assert list(entries(fold(base(), log, GUILD))) == ["acme/badge-unknown"]
    assert fold(base(), log, OTHER).added == ()
    assert fold(base(), log, SHARED).added == ()


def test_an_entry_for_all_is_everybodys() -> None:
    log = [badge(1)]
    for scope in (SHARED, GUILD, OTHER):
        assert list(entries(fold(base(), log, scope))) == ["acme/badge-unknown"]


def test_a_servers_own_entry_goes_before_that_of_all() -> None:
    log = [badge(1, GUILD, title={"en": "Ours"}), badge(2, title={"en": "Theirs"})]
    assert entries(fold(base(), log, GUILD))["acme/badge-unknown"].title == {"en": "Ours"}
    assert entries(fold(base(), log, OTHER))["acme/badge-unknown"].title == {"en": "Theirs"}


def test_of_two_entries_with_the_same_words_a_server_has_its_own() -> None:
    log = [
        badge(1, GUILD),
        badge(2, id="badge-new", message="Badge {number} is unknown!"),
        badge(3, id="x", message="no"),
    ]
    assert list(entries(fold(base(), log, GUILD))) == ["acme/badge-unknown", "acme/x"]
    assert list(entries(fold(base(), log, OTHER))) == ["acme/badge-new", "acme/x"]


def test_the_other_language_comes_later() -> None:
    entry = entries(fold(base(), [badge(1), badge(2, lang="zh")], SHARED))["acme/badge-unknown"]
    assert entry.title == {"en": "The badge is unknown", "zh": "徽章未登记"}
    assert [cause.cause for cause in entry.causes] == [{"en": "It is not registered.", "zh": "没有登记。"}]
    assert entry.messages == ("badge {id} is unknown",)


def test_a_new_provider_comes_with_its_entry() -> None:
    [(provider, _)] = fold(base(), [badge(1, provider="gate", provider_name="The Gate")], SHARED).added
    assert (provider.id, provider.name, provider.docs) == ("gate", {"en": "The Gate", "zh": "The Gate"}, None)


def test_an_amended_entry_takes_the_place_of_the_files() -> None:
    log = [row(1, "add_message", entry="acme/key-revoked", message="key {key} is no more")]
    folded = fold(base(), log, SHARED)
    assert folded.hidden == {"acme/key-revoked"}
    assert entries(folded)["acme/key-revoked"].messages == ("The key {key} has been revoked", "key {key} is no more")
    [(_, entry)] = overlaid(base().knowledge, folded).entries()
    assert entry.messages[-1] == "key {key} is no more"


def test_a_server_and_all_may_both_add_to_an_entry() -> None:
    log = [
        row(1, "add_message", GUILD, entry="acme/key-revoked", message="ours {key}"),
        row(2, "add_cause", entry="acme/key-revoked", cause={"en": "Another."}, steps={"en": ["Do it."]}),
    ]
    entry = entries(fold(base(), log, GUILD))["acme/key-revoked"]
    assert entry.messages[-1] == "ours {key}"
    assert [cause.cause["en"] for cause in entry.causes] == ["Somebody revoked it.", "Another."]
    assert entries(fold(base(), log, OTHER))["acme/key-revoked"].messages == ("The key {key} has been revoked",)


def test_another_cause_gets_its_other_language() -> None:
    english = row(1, "add_cause", entry="acme/key-revoked", cause={"en": "Old."}, steps={"en": ["Do it."]})
    chinese = row(2, "add_cause", entry="acme/key-revoked", cause={"zh": "旧了。"}, steps={"zh": ["做。"]}, completes=1)
    entry = entries(fold(base(), [english, chinese], SHARED))["acme/key-revoked"]
    assert entry.causes[1].cause == {"en": "Old.", "zh": "旧了。"}
    assert [look.why for look in fold(base(), [chinese], SHARED).looks] == ["gone"]


@pytest.mark.parametrize(
    ("decision", "text", "why"),
    [
        pytest.param(
            row(1, "add_message", entry="acme/key-revoked", message="x {key}"),
            FILE.replace("Somebody revoked it.", "An admin revoked it."),
            "changed",
            id="other words",
        ),
        pytest.param(
            row(1, "add_message", entry="acme/key-revoked", message="x {key}"),
            FILE.replace("has been revoked", "was revoked"),
            "changed",
            id="other wire parts",
        ),
        pytest.param(
            row(1, "add_message", entry="acme/key-revoked", message="x {key}"),
            FILE.replace("id: key-revoked", "id: key-gone"),
            "gone",
            id="no such entry any more",
        ),
        pytest.param(badge(1), FILE + SHIPPED, "taken", id="another entry has the id"),
        pytest.param(row(1, "add_message", entry="acme/key-revoked", message="x {Key"), FILE, "bad", id="unreadable"),
        pytest.param(row(1, "add_message", entry="acme/nothing", message="x {key}"), FILE, "gone", id="of no entry"),
    ],
)
def test_what_the_knowledge_has_overtaken_is_looked_at_anew(decision: Decision, text: str, why: str) -> None:
    folded = fold(base(text), [decision], SHARED)
    assert [(look.decision.id, look.why) for look in folded.looks] == [(1, why)]
    assert folded.added == ()


def test_other_examples_are_no_change() -> None:
    text = FILE.replace("examples: [The key 4711", "examples: [The key 0815").replace("2026-11-21", "2026-12-24")
    log = [row(1, "add_message", entry="acme/key-revoked", message="x {key}")]
    assert fold(base(text), log, SHARED).looks == ()


def test_an_entry_is_found_by_the_name_it_had() -> None:
    log = [row(1, "add_message", entry="acme/old-name", base_hash=HASH, message="x {key}")]
    assert list(entries(fold(base(), log, SHARED))) == ["acme/key-revoked"]


def test_what_ships_retires() -> None:
    shipped = FILE + SHIPPED + f"    origin: {HERE}-1\n"
    folded = fold(base(shipped), [badge(1), badge(2, lang="zh")], SHARED)
    assert (folded.added, folded.retired, folded.looks) == ((), {1, 2}, ())
    # Decision 1 of another installation is another one.
    elsewhere = shipped.replace(HERE, "ffffffff")
    assert [look.why for look in fold(base(elsewhere), [badge(1)], SHARED).looks] == ["taken"]


def test_what_was_added_to_an_entry_of_ours_stays_until_it_ships_too() -> None:
    log = [badge(1), row(2, "add_message", entry="acme/badge-unknown", message="no badge {id}")]
    shipped = FILE + SHIPPED + f"    origin: {HERE}-1\n"
    folded = fold(base(shipped), log, SHARED)
    assert folded.retired == {1}
    assert entries(folded)["acme/badge-unknown"].messages == ("badge {id} is unknown", "no badge {id}")
    both = shipped.replace('["badge {id} is unknown"]', '["badge {id} is unknown", "no badge {id}"]')
    assert fold(base(both), log, SHARED).retired == {1, 2}


def test_what_a_server_decided_retires_with_its_copy_for_all() -> None:
    log = [badge(1, GUILD), badge(2, promoted_from=1)]
    shipped = FILE + SHIPPED + f"    origin: {HERE}-2\n"
    assert fold(base(shipped), log, GUILD).retired == {1, 2}


def test_another_servers_entry_of_the_same_id_does_not_retire_with_it() -> None:
    log = [badge(1, GUILD), badge(2, promoted_from=1), badge(3, OTHER, title={"en": "Theirs"})]
    shipped = FILE + SHIPPED + f"    origin: {HERE}-2\n"
    assert [look.why for look in fold(base(shipped), log, OTHER).looks] == ["taken"]


def test_an_amendment_ships_when_the_file_says_it() -> None:
    log = [row(1, "add_message", entry="acme/key-revoked", message="key {key} is no more")]
    text = FILE.replace('revoked"]', 'revoked", "key {key} is no more"]')
    folded = fold(base(text), log, SHARED)
    assert (folded.added, folded.retired, folded.looks) == ((), {1}, ())


NO_ERROR = "HTTP 401 from the coffee machine"
GROUP = group_name(1, "0" * 32)


@pytest.mark.parametrize(
    ("log", "harmless"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param(
            [row(1, "not_an_error", GUILD, GROUP)], {GUILD: True, OTHER: False, SHARED: False}, id="a server's"
        ),
        pytest.param([row(1, "not_an_error", SHARED, GROUP)], {GUILD: True, SHARED: True}, id="everybody's"),
        pytest.param(
            [row(1, "not_an_error", SHARED, GROUP), row(2, "dismiss", GUILD, GROUP)],
            {GUILD: False, OTHER: True},
            id="a server goes before all",
        ),
        pytest.param([row(1, "not_an_error", SHARED, GROUP), undo(2, 1)], {GUILD: False, SHARED: False}, id="undone"),
        pytest.param(
            [row(1, "not_an_error", GUILD, "g1-target"), row(2, "merge", GUILD, GROUP, into="g1-target")],
            {GUILD: True, OTHER: False},
            id="merged into one that is none",
        ),
        pytest.param(
            [row(1, "not_an_error", GUILD, GROUP), row(2, "merge", GUILD, GROUP, into="g1-target")],
            {GUILD: False},
            id="merged into one that is one",
        ),
        pytest.param(
            [row(1, "merge", GUILD, GROUP, into="g1-b"), row(2, "merge", GUILD, "g1-b", into=GROUP)],
            {GUILD: False},
            id="merged in a ring",
        ),
    ],
)
def test_what_is_no_error(log: list[Decision], harmless: dict[str, bool]) -> None:
    for scope, expected in harmless.items():
        assert fold(base(), log, scope).is_no_error(GROUP, "HTTP 401") is expected


def test_of_a_group_that_was_split_only_the_part() -> None:
    part = f"{GROUP}-1"
    log = [
        row(1, "split", GUILD, GROUP, needle="Coffee machine", part=part),
        row(2, "not_an_error", GUILD, part, needle="coffee machine"),
    ]
    folded = fold(base(), log, GUILD)
    assert folded.is_no_error(GROUP, "HTTP 401 from the COFFEE MACHINE")
    assert not folded.is_no_error(GROUP, "HTTP 401 from the door")
    whole = fold(base(), [log[0], row(2, "not_an_error", GUILD, GROUP)], GUILD)
    assert not whole.is_no_error(GROUP, "HTTP 401 from the coffee machine")
    assert whole.is_no_error(GROUP, "HTTP 401 from the door")


def test_a_group_is_known_again_when_fingerprints_change() -> None:
    mark = fingerprint([NO_ERROR])
    log = [row(1, "not_an_error", SHARED, "g0-0123456789ab", template=mark.template)]
    assert fold(base(), log, SHARED).is_no_error(group_name(mark.version, mark.digest), NO_ERROR)


# Any log: decisions of three kinds on a few entries and groups, in three scopes.
SCOPES = st.sampled_from([SHARED, GUILD, OTHER])
KINDS = st.sampled_from(["entry", "entry-zh", "message", "message-local", "cause", "no-error", "dismiss", "merge"])


def made(number: int, kind: str, scope: str, which: int) -> Decision:
    if kind.startswith("entry"):
        lang = "zh" if kind == "entry-zh" else "en"
        return badge(number, scope, lang, id=f"badge-{which}", message=f"badge {{id}} is unknown to gate {which}")
    if kind == "message":
        return row(number, "add_message", scope, entry="acme/key-revoked", message=f"key {{key}} of gate {which}")
    if kind == "message-local":
        return row(number, "add_message", scope, entry=f"acme/badge-{which}", message=f"no badge {number}")
    if kind == "cause":
        fields = {"cause": {"en": f"Cause {which}."}, "steps": {"en": ["Do it."]}}
        return row(number, "add_cause", scope, entry="acme/key-revoked", **fields)
    group = f"g1-{which:012}"
    if kind == "merge":
        return row(number, "merge", scope, group, into=f"g1-{(which + 1) % 3:012}")
    return row(number, {"no-error": "not_an_error", "dismiss": "dismiss"}[kind], scope, group)


STEPS = st.lists(st.tuples(KINDS, SCOPES, st.integers(0, 2), st.booleans()), max_size=14)
BASE = base()


@settings(max_examples=150, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_undone_decisions_leave_no_trace(steps: list[tuple[str, str, int, bool]], random: Any) -> None:
    kept: list[Decision] = []
    log: list[Decision] = []
    pending: list[tuple[int, str]] = []
    number = 0
    for kind, scope, which, undone in steps:
        number += 10
        decision = made(number, kind, scope, which)
        log.append(decision)
        if undone:
            pending.append((number, scope))
        else:
            kept.append(decision)
        while pending and random.random() < 0.5:  # sooner or later, in any order
            number += 10
            log.append(undo(number, *pending.pop(random.randrange(len(pending)))))
    for undoes, scope in pending:
        number += 10
        log.append(undo(number, undoes, scope))
    shuffled = random.sample(log, len(log))
    for scope in (SHARED, GUILD, OTHER):
        folded = fold(BASE, log, scope)
        assert folded == fold(BASE, kept, scope)
        assert folded == fold(BASE, shuffled, scope)


@settings(max_examples=100, deadline=None)
@given(STEPS, KINDS, SCOPES, st.integers(0, 2))
def test_an_undo_restores_what_was(steps: list[tuple[str, str, int, bool]], kind: str, scope: str, which: int) -> None:
    log = [made(number, *step[:3]) for number, step in enumerate(steps, start=1)]
    last = len(log) + 1
    changed = [*log, made(last, kind, scope, which), undo(last + 1, last, scope)]
    for seen_by in (SHARED, GUILD, OTHER):
        assert fold(BASE, changed, seen_by) == fold(BASE, log, seen_by)


def test_an_undo_of_another_scope_undoes_nothing() -> None:
    log = [badge(1, GUILD), undo(2, 1, OTHER)]
    assert fold(base(), log, GUILD).added != ()
