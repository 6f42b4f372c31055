"""`authbot kb export`: decisions become commits of knowledge files, from a paste all the way to the YAML."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.curate.corpus import Corpus
from bot.curate.desk import Desk
from bot.curate.export import Exported, export, folders
from bot.curate.live import Live
from bot.curate.models import AddEntry, Content, Draft, content_of
from bot.knowledge.harmless import messages
from bot.knowledge.load import load
from bot.knowledge.write import write_files
from bot.paste.models import Paste
from bot.service import NOWHERE, Explained, Explainer
from bot.store.decisions import Decision
from bot.store.models import Place
from bot.store.scopes import SHARED
from bot.store.store import Store
from tests.exporting import (
    AT,
    BOTH,
    CAUSE,
    HERE,
    MESSAGE,
    TEMPLATE,
    decision,
    exported,
    folder,
    in_force_still,
    on,
    only_inserted,
    read,
    talk,
    written,
)
from tests.test_cli import authbot, lines
from tests.test_kb_tools import GOOD

__all__ = ["folder", "talk"]  # fixtures

# ---- decisions --------------------------------------------------------------------------------------------------


def test_a_new_entry_is_appended_to_its_providers_file_and_retires(folder: Path) -> None:
    log = decision(7, "add_entry", BOTH)
    assert in_force_still(folder, log) == {7}
    commit = written(folder, log)
    assert (commit.entry, commit.origin, commit.decisions) == ("acme/key-locked", f"{HERE}-7", (7,))
    assert commit.message == "acme: key-locked: The key is locked"
    assert read(folder / "acme.yaml").startswith("# Ours.\n" + GOOD + "\n  - id: key-locked\n")
    assert read(folder / "acme.yaml").endswith("# The end.\n")
    entry = load(folder).files[0].entries[1]
    assert entry.origin == f"{HERE}-7"
    assert entry.messages == (BOTH["message"],)
    assert entry.examples == (TEMPLATE,)
    assert entry.verified == AT.date()
    assert in_force_still(folder, log) == set()
    assert exported(folder, log) == Exported((), (), {})


def test_a_new_provider_gets_a_file_of_its_own(folder: Path) -> None:
    log = decision(8, "add_entry", {**BOTH, "provider": "zeta-cloud", "provider_name": "Zeta: Cloud"})
    commit = written(folder, log)
    assert list(commit.files) == ["zeta-cloud.yaml"]
    found = load(folder).resolve("zeta-cloud/key-locked")
    assert found
    assert found[0].name == {"en": "Zeta: Cloud", "zh": "Zeta: Cloud"}
    assert found[0].docs == BOTH["sources"][0]
    assert in_force_still(folder, log) == set()


def test_two_entries_of_a_new_provider_come_one_after_the_other(folder: Path) -> None:
    other = {**BOTH, "provider": "zeta", "id": "gate-shut", "message": "The gate {name} is shut for maintenance now"}
    log = [decision(1, "add_entry", {**BOTH, "provider": "zeta"}), decision(2, "add_entry", other)]
    found = exported(folder, *log, template="")
    first, second = found.commits
    assert second.files["zeta.yaml"].startswith(first.files["zeta.yaml"])
    assert found.texts == second.files
    assert exported(folder, *log, template="", one=2).commits[0].entry == "zeta/gate-shut"


def test_both_languages_and_what_came_later_are_one_commit(folder: Path) -> None:
    def part(lang: str) -> dict[str, object]:
        return {key: {lang: value[lang]} if isinstance(value, dict) else value for key, value in BOTH.items()}

    log = [
        decision(1, "add_entry", part("en")),
        decision(2, "add_entry", part("zh")),
        decision(3, "add_message", {"entry": "acme/key-locked", "message": "Locked for good: {key} may never return"}),
        decision(4, "add_cause", {**CAUSE, "entry": "acme/key-locked"}),
    ]
    commit = written(folder, *log)
    assert commit.decisions == (1, 2, 3, 4)
    entry = load(folder).files[0].entries[1]
    assert len(entry.messages) == len(entry.causes) == 2
    assert in_force_still(folder, *log) == set()


def test_a_message_joins_its_entry_with_the_queues_template_as_example(folder: Path) -> None:
    log = decision(3, "add_message", MESSAGE, base_hash=on(folder))
    commit = written(folder, log, template="Your key was withdrawn by its owner {name}")
    assert commit.message == "acme: one more message of key-revoked"
    [entry] = load(folder).files[0].entries
    assert entry.messages[-1] == MESSAGE["message"]
    assert entry.examples[-1] == "Your key was withdrawn by its owner {name}"
    assert only_inserted(
        GOOD.replace('revoked"]', f"revoked\", '{MESSAGE['message']}']").replace(
            "revoked\"}']", "revoked\"}', 'Your key was withdrawn by its owner {name}']"
        ),
        read(folder / "acme.yaml"),
    )
    assert in_force_still(folder, log) == set()


def test_a_cause_joins_with_what_tells_it_apart(folder: Path) -> None:
    log = decision(3, "add_cause", {**CAUSE, "sources": ["https://docs.acme.example/p"]}, base_hash=on(folder))
    commit = written(folder, log)
    assert commit.message == "acme: another cause of key-revoked"
    [entry] = load(folder).files[0].entries
    assert entry.causes[1].tell == CAUSE["tell"]
    assert entry.sources[-1] == "https://docs.acme.example/p"
    assert len(entry.examples) == 1  # nothing new is recognized
    assert in_force_still(folder, log) == set()


def test_a_causes_other_language_goes_with_it(folder: Path) -> None:
    parts = [
        {key: {lang: value[lang]} if isinstance(value, dict) else value for key, value in CAUSE.items()}
        for lang in ("en", "zh")
    ]
    log = [
        decision(1, "add_cause", parts[0], base_hash=on(folder)),
        decision(2, "add_cause", {**parts[1], "completes": 1}, base_hash=on(folder)),
    ]
    assert written(folder, *log).decisions == (1, 2)
    assert load(folder).files[0].entries[0].causes[1].fix == {
        "en": ("Restore the project.",),
        "zh": ("恢复该项目。",),
    }


def test_two_decisions_on_one_entry_are_two_commits_on_top_of_each_other(folder: Path) -> None:
    log = [
        decision(1, "add_message", MESSAGE, base_hash=on(folder)),
        decision(2, "add_cause", CAUSE, base_hash=on(folder)),
    ]
    found = exported(folder, *log, template="")
    assert [commit.decisions for commit in found.commits] == [(1,), (2,)]
    write_files(folder, found.texts)
    assert in_force_still(folder, *log) == set()


def test_a_message_that_is_no_error_joins_the_harmless_ones(talk: Path) -> None:
    log = decision(5, "not_an_error", {}, name="g1-aaaaaaaaaaaa")
    text = "unauthorized dancing at our pub {time}"
    commit = written(talk, log, template=text)
    assert list(commit.files) == ["harmless/learned.jsonl"]
    [row] = messages("learned", talk)
    assert (row.id, row.text, row.lang) == (f"learned-{HERE}-5", text, "en")
    assert exported(talk, log, template=text) == Exported((), (), {})
    more = written(talk, log, decision(6, "not_an_error", {}, name="g1-bbbbbbbbbbbb"), template=text)
    assert len(next(iter(more.files.values())).splitlines()) == 2


def test_each_commit_has_a_folder_in_the_order_to_take_them_over(folder: Path, tmp_path: Path) -> None:
    found = exported(
        folder, decision(1, "add_entry", BOTH), decision(2, "add_message", MESSAGE, base_hash=on(folder)), template=""
    )
    assert [place.name for place in folders(found, tmp_path).values()] == [f"001-{HERE}-1", f"002-{HERE}-2"]


def test_an_entry_that_needs_its_provider_gets_an_example_that_names_it(folder: Path) -> None:
    text = read(folder / "acme.yaml")
    (folder / "acme.yaml").write_text(text.replace("  docs:", "  aliases: [Acme Cloud]\n  docs:"), encoding="utf-8")
    says = "Nobody may enter the frobnicated chamber today"
    written(folder, decision(3, "add_entry", {**BOTH, "message": says, "needs_provider": True}), template=says)
    assert load(folder).files[0].entries[1].examples == (f"Acme Cloud: {says}",)


# ---- the whole way ----------------------------------------------------------------------------------------------

PASTE = "gatekeeper: auth error: badge {} is not entered in the register of gate {}"
BADGE = AddEntry(
    provider="gatekeeper",
    provider_name="Gatekeeper",
    title={"en": "The badge is not registered", "zh": "徽章未登记"},
    cause={"en": "The gate's register does not have the badge.", "zh": "门禁登记册里没有该徽章。"},
    steps={"en": ("Enter the badge in the register.",), "zh": ("在登记册中登记该徽章。",)},
    message="badge {n} is not entered in the register of gate {n}",
    sources=("https://docs.gatekeeper.example/badges",),
)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


async def decided(store: Store, folder: Path, content: Content, text: str, place: Place = NOWHERE) -> Decision:
    """Paste a text outside all servers, or somewhere, and decide on it for all."""
    knowledge = load(folder)
    live = Live(knowledge, store)
    await live.refresh()
    explained = await Explainer(knowledge, store, live).explain(Paste(text), place=place)
    assert explained.group
    desk = Desk(store, live, corpus=Corpus.of(knowledge, ()))
    case = (await desk.open(SHARED, explained.group)).case
    return await desk.decide(Draft(SHARED, explained.group, content), 99, case.revision)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def answer_of(store: Store, folder: Path, text: str) -> tuple[Explained, Live]:
    """Start anew with the folder as it is now, and ask."""
    live = Live(load(folder), store)
    await live.refresh()
    return await Explainer(live.base.knowledge, store, live).explain(Paste(text)), live


async def test_from_a_paste_to_a_decision_to_the_yaml_that_takes_its_place(store: Store, folder: Path) -> None:
    decision = await decided(store, folder, BADGE, PASTE.format("B-77", 12))
    explained, live = await answer_of(store, folder, PASTE.format("C-9", 4))
    assert explained.verdict.best is not None
    assert [entry.id for _, entry in live.view(SHARED).folded.added] == ["the-badge-is-not-registered"]

    found = await export(store, folder, schema="s.json")
    [commit] = found.commits
    assert (commit.decisions, found.held) == ((decision.id,), ())
    write_files(folder, commit.files)
    assert "B-77" not in read(folder / "gatekeeper.yaml")

    explained, live = await answer_of(store, folder, PASTE.format("C-9", 4))
    assert live.view(SHARED).folded.added == ()  # retired: the answer is the shipped entry's
    assert live.view(SHARED).folded.retired == {decision.id}
    assert explained.verdict.decision == "answer"
    assert explained.verdict.best is not None
    assert explained.verdict.best.entry.origin == commit.origin
    assert (await export(store, folder, schema="s.json")) == Exported((), (), {})


async def test_a_message_and_a_cause_of_a_shipped_entry_go_the_same_way(store: Store, folder: Path) -> None:
    first = await decided(
        store, folder, content_of({"kind": "add_message", **MESSAGE}), "401: Your key was withdrawn by its owner Bob"
    )
    second = await decided(
        store,
        folder,
        content_of({"kind": "add_cause", **CAUSE, "message": "The project of your key lies in ruins"}),
        "403: The project of your key lies in ruins",
    )
    found = await export(store, folder, schema="s.json")
    assert found.held == ()
    assert [commit.decisions for commit in found.commits] == [(first.id,), (second.id,)]
    write_files(folder, found.texts)
    explained, live = await answer_of(store, folder, "403: The project of your key lies in ruins")
    assert (live.view(SHARED).folded.added, live.view(SHARED).folded.looks) == ((), ())
    assert live.view(SHARED).folded.retired == {first.id, second.id}
    assert explained.verdict.best is not None
    assert explained.verdict.best.entry_id == "acme/key-revoked"


async def test_what_a_guild_pasted_never_leaves_it(store: Store, folder: Path) -> None:
    await store.guilds.change(42, shares=True)
    place = Place(42, 7, 1, 1)
    await decided(store, folder, BADGE, PASTE.format("max.mustermann", "GATE-OF-THE-GUILD"), place)
    [commit] = (await export(store, folder, schema="s.json")).commits
    assert "mustermann" not in str(commit.files)
    assert "GATE-OF-THE-GUILD" not in str(commit.files)


async def test_the_command_writes_the_files_and_says_what_they_are(
    store: Store, database_url: str, folder: Path
) -> None:
    decision = await decided(store, folder, BADGE, PASTE.format("B-77", 12))
    less = BADGE.model_copy(update={"id": "moat", "sources": (), "message": "The moat around {x} is too deep to cross"})
    await decided(store, folder, less, "error 401: The moat around Camelot is too deep to cross")
    options = ("--database", database_url, "--knowledge", str(folder))
    before = contents(folder)

    apart = await asyncio.to_thread(authbot, "kb", "export", *options, "--out", "sets", "--json", cwd=folder.parent)
    assert apart.returncode == 0, apart.stderr
    ready, held = lines(apart.stdout)
    assert ready["decisions"] == [decision.id]
    assert ready["message"] == "gatekeeper: the-badge-is-not-registered: The badge is not registered"
    [path] = ready["files"]  # type: ignore[misc]
    assert (folder.parent / path).is_file()
    assert (held["entry"], held["missing"], held["faults"]) == ("gatekeeper/moat", ["no source"], [])
    assert contents(folder) == before

    done = await asyncio.to_thread(authbot, "kb", "export", *options, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    assert f"{folder / 'gatekeeper.yaml'}\n" in done.stdout
    assert "gatekeeper/moat not ready: no source\n" in done.stdout
    lint = await asyncio.to_thread(authbot, "kb", "lint", "--knowledge", str(folder), cwd=folder.parent)
    assert lint.returncode == 0, lint.stdout

    again = await asyncio.to_thread(authbot, "kb", "export", *options, "--one", str(decision.id), cwd=folder.parent)
    assert again.returncode == 2
    assert (
        again.stderr
        == f"authbot: decision {decision.id}: is not in force for all, or stands in the knowledge already\n"
    )
    full = await asyncio.to_thread(authbot, "kb", "export", *options, "--out", "sets", cwd=folder.parent)
    assert full.returncode == 2
    assert "is not empty" in full.stderr
