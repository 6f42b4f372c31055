"""What `authbot kb export` holds back: what is not ready, what is refused, and all that is somebody's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.curate.export import Exported
from bot.curate.public import public, words_in
from bot.knowledge.harmless import messages
from bot.knowledge.load import KnowledgeError, load
from tests.exporting import BOTH, CAUSE, MESSAGE, decision, exported, folder, on, read, talk, written

__all__ = ["folder", "talk"]  # fixtures


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
