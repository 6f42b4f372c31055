"""`authbot kb export`: decisions become commits of knowledge files, in which nothing else changes by a byte."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import yaml

from bot.curate.corpus import Corpus
from bot.curate.desk import Desk
from bot.curate.export import Commit, Exported, commits, export, folders
from bot.curate.fold import Base, fold
from bot.curate.live import Live
from bot.curate.local import content_hash
from bot.curate.models import AddEntry, Content, Draft, content_of
from bot.curate.public import public, words_in
from bot.knowledge.edit import EditError, add_entry, add_to_entry, new_file
from bot.knowledge.folders import shipped
from bot.knowledge.harmless import messages
from bot.knowledge.load import KnowledgeError, load
from bot.knowledge.write import write_files
from bot.paste.models import Paste
from bot.service import NOWHERE, Explained, Explainer
from bot.store.decisions import Decision
from bot.store.models import Place
from bot.store.scopes import SHARED
from bot.store.store import Store
from tests.test_cli import authbot, lines
from tests.test_kb_tools import ENTRY as GOOD_ENTRY
from tests.test_kb_tools import FILLERS, GOOD

FILES = sorted(shipped().glob("*.yaml"))
AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
HERE = "3fa2c101"  # the installation

ENTRY = {
    "id": "brand-new",
    "title": {"en": "A thing: broken", "zh": "一个东西坏了"},
    "status": [401],
    "codes": ["40001", "no", "x: y", "- dash"],
    "messages": ["The {key} # has", "{{\"a\": 'b'}}", "trailing:"],
    "needs_provider": True,
    "causes": [
        {
            "cause": {"en": "Because " * 40 + "so.", "zh": "因为" * 100},
            "fix": {"en": ["Do it: now."], "zh": ["现在做。"]},
        }
    ],
    "examples": ["one\n  two: {x}\nthree", 'x "y"\tz', "line  \nwith blanks"],
    "sources": ["https://docs.acme.example/a#b"],
    "verified": dt.date(2026, 11, 20),
    "origin": f"{HERE}-7",
}
MORE = {
    "codes": ["E-1: x"],
    "messages": ["brand new {x}: thing", "# a second"],
    "causes": [
        {"cause": {"en": "x", "zh": "中"}, "tell": {"en": "t: y", "zh": "中"}, "fix": {"en": ["y"], "zh": ["中"]}}
    ],
    "examples": ["a\nb", "c: d"],
}


def read(path: Path) -> str:
    return path.read_bytes().decode()


def only_inserted(before: str, after: str) -> bool:
    """Tell whether every line of the one stands in the other, in the same order."""
    rest = iter(after.splitlines(keepends=True))
    return all(line in rest for line in before.splitlines(keepends=True))


# ---- edits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_edit_of_a_shipped_file_changes_no_byte_that_was_there(path: Path) -> None:
    text = read(path)
    ids = re.findall(r"^  - id: (\S+)$", text, re.MULTILINE)
    assert add_to_entry(text, ids[0], {"messages": [], "examples": []}) == text
    assert add_entry(text, ENTRY).startswith(text)
    for name in {ids[0], ids[-1]}:
        edited = add_to_entry(text, name, MORE)
        flow = edited.count("\n") == text.count("\n")
        assert flow or len(edited) > len(text)
        lists = [line for line in text.splitlines() if "[" in line]
        assert only_inserted(text, edited) or lists  # a list in brackets is edited within its line


BASE = """\
# A file with everything that may stand in one.
provider: {id: acme, name: {en: A, zh: A}, docs: https://docs.acme.example/}   # ours
entries:
- id: one   # the dash stands at the edge
  title: {en: "One", zh: '一'}
  codes: [a-1, 'b-2', ]  # in brackets
  causes:

    - cause: {en: x, zh: 中}
      fix:
        en:
        - >-
          folded
          text
        zh: [中]
      # of the cause
  # of the entry
  examples:
    - |
      literal

      text

  sources: [https://a.example/]
  verified: 2026-01-01
# between

- {id: two, title: {en: Two, zh: 二}, messages: [], causes: [{cause: {en: x, zh: 中}, fix: {en: [x], zh: [中]}}], examples: [a], sources: [https://a.example/], verified: 2026-01-01}
# the end
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("end", ["", "\n"], ids=["no line feed at the end", "line feed at the end"])
@pytest.mark.parametrize("entry", ["one", "two"])
@pytest.mark.parametrize("field", sorted(MORE))
def test_an_edit_goes_where_it_belongs_whatever_the_style(newline: str, end: str, entry: str, field: str) -> None:
    text = (BASE.removesuffix("\n") + end).replace("\n", newline)
    edited = add_to_entry(text, entry, {field: MORE[field]})
    before, after = (yaml.safe_load(each) for each in (text, edited))
    [number] = [at for at, each in enumerate(before["entries"]) if each["id"] == entry]
    before["entries"][number][field] = before["entries"][number].get(field, []) + MORE[field]
    assert after == before
    assert edited.count("\n") == edited.count(newline)
    assert [line for line in text.splitlines() if "#" in line and "in brackets" not in line] == [
        line for line in edited.splitlines() if "#" in line and "in brackets" not in line and "# a second" not in line
    ]


def test_a_new_entry_stands_behind_the_last_one_and_its_comments() -> None:
    text = GOOD + "    # seen by hand\n# the end\n"
    edited = add_entry(text, {**ENTRY, "examples": ["x"]})
    assert edited.startswith(
        GOOD + "    # seen by hand\n\n  - id: brand-new\n    title:\n      en: 'A thing: broken'\n"
    )
    assert edited.endswith(f"    origin: {HERE}-7\n# the end\n")


def test_new_text_is_written_as_the_shipped_files_are() -> None:
    new = add_entry(GOOD, ENTRY).removeprefix(GOOD)
    assert "    codes:\n      - '40001'\n" in new
    assert "    examples:\n      - |-\n        one\n          two: {x}\n        three\n" in new
    assert "          en: Because Because" in new
    assert "          zh: '因为因为" in new
    assert not [line for line in new.splitlines() if line != line.rstrip()]
    assert max(len(line) for line in new.splitlines() if "因" not in line) <= 128


def test_what_an_entry_has_already_is_not_added_again() -> None:
    text = read(shipped() / "oauth2.yaml")
    first = yaml.safe_load(text)["entries"][0]
    assert (
        add_to_entry(text, first["id"], {"messages": first.get("messages", []), "examples": first["examples"]}) == text
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("a: [", "not YAML", id="no YAML"),
        pytest.param("a: 1\n", "no list of entries", id="no entries"),
        pytest.param("entries: []\n", "no list of entries", id="empty list"),
        pytest.param("\ufeff" + GOOD, "byte order mark", id="BOM"),
        pytest.param(GOOD + "...\n---\nentries: [x]\n", "not YAML", id="two documents"),
    ],
)
def test_what_cannot_be_edited_is_refused(text: str, says: str) -> None:
    with pytest.raises(EditError, match=says):
        add_entry(text, ENTRY)


def test_an_entry_that_is_not_there_cannot_be_added_to() -> None:
    with pytest.raises(EditError, match="no entry nobody"):
        add_to_entry(GOOD, "nobody", {"messages": ["x"]})


def test_a_new_file_says_what_it_was_given() -> None:
    text = new_file({"id": "zeta", "name": {"en": "Z", "zh": "Z"}}, [ENTRY], schema="../s.json")
    assert text.startswith("# yaml-language-server: $schema=../s.json\nprovider:\n  id: zeta\n")
    assert yaml.safe_load(text)["entries"][0]["examples"] == ENTRY["examples"]


# ---- decisions --------------------------------------------------------------------------------------------------

BOTH = {
    "provider": "acme",
    "id": "key-locked",
    "title": {"en": "The key is locked", "zh": "密钥已被锁定"},
    "cause": {"en": "Too many wrong tries.", "zh": "错误次数过多。"},
    "steps": {"en": ["Wait an hour: it opens again."], "zh": ["等待一小时后自动解锁。"]},
    "message": "Key {key} was locked after {n} wrong attempts",
    "sources": ["https://docs.acme.example/locks"],
}
CAUSE = {
    "entry": "acme/key-revoked",
    "cause": {"en": "The project was deleted.", "zh": "项目已被删除。"},
    "tell": {"en": "The page of the project is gone.", "zh": "项目页面打不开。"},
    "steps": {"en": ["Restore the project."], "zh": ["恢复该项目。"]},
}
MESSAGE = {"entry": "acme/key-revoked", "message": "Your key was withdrawn by its owner {owner}"}
TEMPLATE = "acme: Key {id} was locked after {n} wrong attempts"


def decision(number: int, kind: str, content: Mapping[str, object], **more: object) -> Decision:
    entry = content.get("entry") or (f"{content['provider']}/{content['id']}" if "id" in content else None)
    values: dict[str, object] = {
        "scope": SHARED,
        "name": f"g1-{number:012x}",
        "entry": entry,
        "base_hash": None,
        "person": "ab" * 16,
        "at": AT,
        "undoes": None,
    }
    return Decision(id=number, kind=kind, content=dict(content), **{**values, **more})  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of knowledge: `acme`, and many entries beside which a message is rare."""
    place = tmp_path / "knowledge"
    place.mkdir()
    fillers = [
        GOOD_ENTRY.replace("key-revoked", word)
        .replace("acme_revoked, 40001", f"{word}_fault")
        .replace("acme_revoked", f"{word}_fault")
        .replace("The key {key} has been revoked", f"Nobody {word[::-1]} at the {word} of {{name}}")
        for word in FILLERS
    ]
    head = GOOD.removesuffix(GOOD_ENTRY)
    text = (head + "".join(fillers)).replace("acme", "filler").replace("Acme", "Filler")
    (place / "filler.yaml").write_text(text, encoding="utf-8")
    (place / "acme.yaml").write_text("# Ours.\n" + GOOD + "# The end.\n", encoding="utf-8")
    return place


def on(folder: Path, name: str = "acme/key-revoked") -> str:
    """Return the hash of an entry of the folder, as a decision on it keeps it."""
    found = load(folder).resolve(name)
    assert found
    return content_hash(found[1])


def exported(folder: Path, *log: Decision, template: str = TEMPLATE, one: int | None = None) -> Exported:
    names = {row.name: template for row in log if row.name}
    return commits(folder, log, names, installation=HERE, schema="s.json", one=one)


def written(folder: Path, *log: Decision, template: str = TEMPLATE) -> Commit:
    """Export what makes one commit, write it, and return it."""
    found = exported(folder, *log, template=template)
    assert found.held == ()
    [commit] = found.commits
    write_files(folder, commit.files)
    return commit


def in_force_still(folder: Path, *log: Decision) -> set[int]:
    """Return which decisions the folder's knowledge does not hold."""
    folded = fold(Base.of(load(folder), HERE), log, SHARED)
    assert folded.looks == ()
    return {row.id for row in log} - folded.retired


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


@pytest.fixture
def talk(folder: Path) -> Path:
    """The folder with one harmless message, whose words are common."""
    (folder / "harmless").mkdir()
    row = {"id": "talk-1", "text": "our pub opens at noon: no unauthorized dancing", "lang": "en", "kind": "talk"}
    (folder / "harmless" / "talk.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


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


# ---- what is held back ------------------------------------------------------------------------------------------


def less(field: str, lang: str = "") -> dict[str, object]:
    """Return the entry without a field, or without a language in all of its texts."""
    return {
        key: {tag: words for tag, words in value.items() if tag != lang} if isinstance(value, dict) else value
        for key, value in BOTH.items()
        if key != field
    }


@pytest.mark.parametrize(
    ("kind", "content", "lacks"),
    [
        pytest.param("add_entry", less("", "zh"), ["no Chinese title, cause and steps"], id="English only"),
        pytest.param("add_entry", less("", "en"), ["no English title, cause and steps"], id="Chinese only"),
        pytest.param("add_entry", less("sources"), ["no source"], id="no source"),
        pytest.param("add_entry", less("sources", "zh"), ["no Chinese title, cause and steps", "no source"], id="both"),
        pytest.param(
            "add_entry",
            {**BOTH, "message": "Key of max.mustermann@acme-mail.com is locked"},
            ["a message may hold a secret or something of a person (Key of [email] is locked)"],
            id="a person",
        ),
        pytest.param(
            "add_cause",
            {key: value for key, value in CAUSE.items() if key != "tell"},
            ["no English words on how to tell it", "no Chinese words on how to tell it"],
            id="no tell",
        ),
        pytest.param(
            "not_an_error",
            {"needle": "x"},
            ["it is about a part of a group, which no message stands for"],
            id="a part",
        ),
    ],
)
def test_what_is_not_ready_is_listed_with_what_it_lacks(
    folder: Path, kind: str, content: dict[str, object], lacks: list[str]
) -> None:
    row = decision(3, kind, content, base_hash=on(folder) if kind == "add_cause" else None)
    found = exported(folder, row, decision(9, "add_entry", {**BOTH, "id": "ready"}))
    [held] = found.held
    assert (held.decisions, list(held.missing), held.faults) == ((3,), lacks, ())
    assert [commit.decisions for commit in found.commits] == [(9,)]  # one that is not ready holds up no other


@pytest.mark.parametrize(
    ("pasted", "left"),
    [
        pytest.param("dancing at our pub: Erika Mustermann", "dancing at our pub: {name}", id="a name"),
        pytest.param("our pub opens for e.mustermann@acme-mail.com.", "our pub opens for {name}.", id="an address"),
        pytest.param("our pub opens for {id} and QQ 8812345", "our pub opens for {id} and {name}", id="a number"),
        pytest.param("unauthorized dancing, user=emuster, pub", "unauthorized dancing, user={name}, pub", id="a user"),
        pytest.param("Erika Mustermann tanzt", "", id="nothing common"),
        pytest.param("张伟的密钥已被吊销了吗", "", id="Chinese that is not known"),
    ],
)
def test_of_what_was_pasted_only_common_words_are_left(pasted: str, left: str) -> None:
    known = words_in(["unauthorized dancing at our pub opens for user and", "密钥已被吊销"])
    assert public(pasted, known) == left


def test_of_a_person_nothing_is_left_in_a_harmless_message(talk: Path) -> None:
    commit = written(talk, decision(3, "not_an_error", {}), template="no dancing at our pub, max.mustermann (Berlin)")
    assert messages("learned", talk)[0].text == "no dancing at our pub, {name} ({name})"
    assert "ustermann" not in str(commit.files)
    found = exported(talk, decision(4, "not_an_error", {}), template="max.mustermann, Berlin")
    assert found.held[0].missing == ("of what was pasted too little is left that is nobody's own",)


def test_a_secret_in_a_template_is_in_no_example(folder: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    commit = written(folder, decision(3, "add_entry", BOTH), template=f"Key {token} was locked after 3 wrong attempts")
    assert token not in next(iter(commit.files.values()))
    assert load(folder).files[0].entries[1].examples == ("Key {name} was locked after 3 wrong attempts",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            {"message": "The key {key} has been revoked"}, "entries.1.examples.0: ", id="what another entry is known by"
        ),
        pytest.param({"message": "{a}: no"}, "says almost nothing beside its placeholders", id="too general"),
    ],
)
def test_what_the_lint_refuses_is_refused_with_its_line(folder: Path, content: dict[str, object], says: str) -> None:
    before = read(folder / "acme.yaml")
    found = exported(folder, decision(3, "add_entry", {**BOTH, **content}), template="")
    assert found.commits == ()
    [held] = found.held
    assert any(fault.startswith(f"{folder / 'acme.yaml'}:") and says in fault for fault in held.faults), held.faults
    assert read(folder / "acme.yaml") == before


def test_an_entry_that_would_answer_a_harmless_message_is_refused(folder: Path) -> None:
    (folder / "harmless").mkdir()
    row = {"id": "talk-1", "text": "error: acme_locked is on the menu", "lang": "en", "kind": "talk"}
    (folder / "harmless" / "talk.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    found = exported(folder, decision(3, "add_entry", {**BOTH, "codes": ["acme_locked"]}))
    assert "the message talk-1 is harmless, but would be answered" in found.held[0].faults[0]


def test_a_harmless_message_that_the_knowledge_answers_is_refused(folder: Path) -> None:
    found = exported(folder, decision(3, "not_an_error", {}), template="error: acme_revoked")
    assert "would be answered as acme/key-revoked" in found.held[0].faults[0]


def test_a_decision_on_an_entry_that_has_changed_since_is_held_for_a_new_look(folder: Path) -> None:
    found = exported(folder, decision(3, "add_message", MESSAGE, base_hash="0" * 16))
    assert found.held[0].missing == ("the entry has changed since: it has to be looked at anew",)


def test_what_is_undone_or_a_guilds_is_not_exported(folder: Path) -> None:
    undone = [decision(1, "add_entry", BOTH), decision(2, "undo", {}, undoes=1)]
    guilds = decision(3, "add_entry", {**BOTH, "id": "theirs"}, scope="guild:42")
    dismissed = decision(4, "dismiss", {})
    assert exported(folder, *undone, guilds, dismissed) == Exported((), (), {})


def test_one_that_is_not_there_to_export_is_one_sentence(folder: Path) -> None:
    with pytest.raises(KnowledgeError, match="decision 99: is not in force"):
        exported(folder, decision(1, "add_entry", BOTH), one=99)


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
