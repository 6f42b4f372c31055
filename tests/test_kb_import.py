"""`authbot kb import`: others' files come in whole or not at all, and nowhere but into the knowledge folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.curate.imports import LARGEST, plan
from bot.knowledge.load import KnowledgeError, load
from bot.knowledge.write import write_files
from tests.test_cli import authbot, lines
from tests.test_kb_tools import GOOD, provider

SECOND = """
  # Seen in May.
  - id: key-locked
    title: {en: The key is locked, zh: 密钥已被锁定}
    status: [403]
    codes: [acme_locked]
    causes:
      - cause: {en: Too many wrong tries., zh: 错误次数过多。}
        fix: {en: ["Wait an hour: it opens again."], zh: [等待一小时后自动解锁。]}
    examples: ['{"error": "acme_locked"}']
    sources: [https://docs.acme.example/locks]
    verified: 2026-11-21
"""
OTHER = provider("zeta", {"acme_revoked": "zone_locked", "40001": "50002", "The key {key} has": "Zone {zone} has not"})
MORE = provider(
    "zeta",
    {"acme_revoked": "zone_gone", "key-revoked": "zone-gone", "40001": "7", "The key {key} has been": "Zone {z} is"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The knowledge: one good file."""
    place = tmp_path / "knowledge"
    place.mkdir()
    (place / "acme.yaml").write_text("# Ours.\n" + GOOD + "# The end.\n", encoding="utf-8")
    return place


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of others'."""

    def write(text: str | bytes, name: str = "theirs.yaml") -> Path:
        path = tmp_path / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---- what comes in ----------------------------------------------------------------------------------------------


def test_a_provider_that_is_not_there_becomes_a_file_named_by_its_id(folder: Path, given: Callable[..., Path]) -> None:
    path = given("# Theirs.\n" + OTHER, "download (1).yml")
    done = authbot("kb", "import", str(path), "--knowledge", str(folder), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == f"new\tzeta/key-revoked\t{path}:7\n"
    assert (folder / "zeta.yaml").read_text(encoding="utf-8") == "# Theirs.\n" + OTHER
    assert sorted(contents(folder)) == ["acme.yaml", "zeta.yaml"]
    assert authbot("kb", "lint", "--knowledge", str(folder), cwd=folder).returncode == 0


def test_an_entry_that_is_not_there_is_appended_and_nothing_else_changes(
    folder: Path, given: Callable[..., Path]
) -> None:
    before = (folder / "acme.yaml").read_text(encoding="utf-8")
    done = authbot("kb", "import", str(given(GOOD + SECOND)), "--knowledge", str(folder), "--json", cwd=folder)
    assert [(row["status"], row["name"]) for row in lines(done.stdout)] == [
        ("same", "acme/key-revoked"),
        ("new", "acme/key-locked"),
    ]
    after = (folder / "acme.yaml").read_text(encoding="utf-8")
    head, end = before.removesuffix("# The end.\n"), "# The end.\n"
    assert after.startswith(head)
    assert after.endswith(end)
    assert "- 'Wait an hour: it opens again.'" in after
    [file] = load(folder, cache=False).files
    assert [entry.id for entry in file.entries] == ["key-revoked", "key-locked"]


def test_importing_twice_is_importing_once(folder: Path, given: Callable[..., Path]) -> None:
    path = given(GOOD + SECOND)
    write_files(folder, plan([path], folder).texts)
    once = contents(folder)
    again = plan([path], folder)
    assert {row.status for row in again.compared} == {"same"}
    assert again.texts == {}
    assert contents(folder) == once


def test_a_folder_of_files_comes_in_as_a_whole(folder: Path, given: Callable[..., Path]) -> None:
    given(GOOD + SECOND, "one.yaml")
    given(OTHER, "two.yml")
    given("no knowledge", "README.md")
    found = plan([folder.parent / "given"], folder)
    assert sorted(found.texts) == ["acme.yaml", "zeta.yaml"]


def test_two_files_of_one_new_provider_make_one(folder: Path, given: Callable[..., Path]) -> None:
    found = plan([given(OTHER, "a.yaml"), given(MORE, "b.yaml")], folder)
    assert list(found.texts) == ["zeta.yaml"]
    write_files(folder, found.texts)
    assert [entry.id for _, entry in load(folder, cache=False).entries()] == ["key-revoked", "key-revoked", "zone-gone"]


def test_a_provider_described_otherwise_is_told_and_stays_as_it_is(folder: Path, given: Callable[..., Path]) -> None:
    text = GOOD.replace("  docs:", "  aliases: [Ac]\n  docs:") + SECOND
    found = plan([given(text)], folder)
    assert (found.compared[0].status, found.compared[0].name) == ("differs", "acme")
    assert "aliases" in found.compared[0].says
    assert "aliases" not in found.texts["acme.yaml"]


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path, given: Callable[..., Path]) -> None:
    done = authbot("kb", "import", str(given(OTHER)), "--knowledge", "new/knowledge", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "knowledge" / "zeta.yaml").read_text(encoding="utf-8") == OTHER


def test_check_says_what_would_be_done_and_does_nothing(folder: Path, given: Callable[..., Path]) -> None:
    before = contents(folder)
    done = authbot("kb", "import", str(given(OTHER)), "--check", "--knowledge", str(folder), cwd=folder)
    assert done.returncode == 0
    assert "new\tzeta/key-revoked" in done.stdout
    assert contents(folder) == before


def test_line_ends_of_the_folder_stay_as_they_are(folder: Path, given: Callable[..., Path]) -> None:
    windows = GOOD.replace("\n", "\r\n").encode()
    (folder / "acme.yaml").write_bytes(windows)
    write_files(folder, plan([given((GOOD + SECOND).replace("\n", "\r\n"))], folder).texts)
    after = (folder / "acme.yaml").read_bytes()
    assert after.startswith(windows)
    assert after.count(b"\n") == after.count(b"\r\n")


# ---- what does not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("The key was revoked", "Gone", "is there with other words: title", id="another title"),
        pytest.param("codes: [acme_revoked, 40001]", "codes: [acme_revoked]", "codes", id="other codes"),
        pytest.param("id: key-revoked", "id: new\n    formerly: [acme/key-revoked]", "never reused", id="a former id"),
    ],
)
def test_an_entry_that_is_there_is_never_overwritten(
    folder: Path, given: Callable[..., Path], old: str, new: str, says: str
) -> None:
    assert old in GOOD
    before = contents(folder)
    files = [str(given(GOOD.replace(old, new))), str(given(OTHER, "zeta.yaml"))]
    done = authbot("kb", "import", *files, "--knowledge", str(folder), "--json", cwd=folder)
    assert done.returncode == 1
    [conflict] = [row for row in lines(done.stdout) if row["status"] == "conflict"]
    assert says in str(conflict["says"])
    assert "nothing was taken in" in done.stderr
    assert contents(folder) == before  # the file without a conflict did not come in either


def test_an_id_that_another_entry_had_formerly_is_taken(folder: Path, given: Callable[..., Path]) -> None:
    (folder / "acme.yaml").write_text(GOOD + "    formerly: [acme/key-locked]\n", encoding="utf-8")
    [_, conflict] = plan([given(GOOD + SECOND)], folder).compared
    assert (conflict.status, conflict.name) == ("conflict", "acme/key-locked")


def test_two_given_files_that_say_different_things_of_one_entry_conflict(
    folder: Path, given: Callable[..., Path]
) -> None:
    found = plan([given(OTHER, "a.yaml"), given(OTHER.replace("was revoked", "is gone"), "b.yaml")], folder)
    assert [row.status for row in found.compared] == ["new", "conflict"]
    assert found.texts == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(GOOD.replace("id: acme", "id: ../evil", 1), ":2: provider.id: ", id="an id that is a way out"),
        pytest.param(GOOD.replace("id: acme", "id: /etc/cron", 1), ":2: provider.id: ", id="an absolute path"),
        pytest.param(GOOD.replace("id: acme", 'id: "a\\0b"', 1), ":2: ", id="a zero byte"),
        pytest.param(GOOD.replace("id: acme", "id: acme\\..", 1), ":2: provider.id: ", id="a backslash"),
        pytest.param(GOOD.replace("id: key-revoked", "id: ../x", 1), ":6: entries.0.id: ", id="an entry's way out"),
        pytest.param(GOOD.replace("zh: 密钥已被吊销", "fr: x"), ":7: entries.0.title: the text has no zh", id="schema"),
        pytest.param(GOOD.replace("sources:", "colour: red\n    sources:"), ": entries.0.colour: ", id="unknown field"),
        pytest.param(GOOD.replace("was revoked", "x" * 91), ":7: entries.0.title.en: is ", id="lint: too long"),
        pytest.param(GOOD + "    confusable: [acme/nobody]\n", ": there is no entry acme/nobody", id="lint: reference"),
        pytest.param(
            GOOD.replace('{"error": "acme_revoked"}', "good morning"),
            ":13: entries.0.examples.0: comes back",
            id="example",
        ),
        pytest.param("entries: [", ":", id="no YAML"),
        pytest.param("- a\n- b\n", ":1: ", id="a list"),
        pytest.param("", ":1: ", id="nothing"),
        pytest.param(b"\xff\xfe\x00", ":1: the file is not UTF-8", id="no UTF-8"),
        pytest.param("a: &x [1]\nb: *x\n", ":1: anchors and aliases", id="an alias"),
        pytest.param("&x a: 1\n", ":1: anchors and aliases", id="an anchor on a key"),
        pytest.param("? [a, b]\n: c\n", ":1: a key has to be a word", id="a list as key"),
        pytest.param("--- a\n--- b\n", ":", id="two documents"),
        pytest.param("[" * 5000, ":1: ", id="depth"),
        pytest.param("a: " + "[" * 500 + "]" * 500, ":1: lists within lists", id="closed depth"),
    ],
)
def test_what_is_at_fault_is_said_with_its_line_and_nothing_is_written(
    tmp_path: Path, given: Callable[..., Path], text: str | bytes, fault: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    path = given(text)
    with pytest.raises(KnowledgeError) as caught:
        plan([path, given(OTHER, "good.yaml")], empty)
    assert caught.value.faults[0].startswith(f"{path}:")
    assert fault in caught.value.faults[0]
    assert contents(empty) == {}


def test_the_command_prints_faults_a_line_each_and_ends_with_one(folder: Path, given: Callable[..., Path]) -> None:
    before = contents(folder)
    path = given(OTHER.replace("was revoked", "x" * 91).replace('{"error": "zone_locked"}', "good morning"))
    done = authbot("kb", "import", str(path), "--knowledge", str(folder), cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}:7: entries.0.title.en: ")
    assert "Traceback" not in done.stderr
    assert contents(folder) == before


def test_a_laughing_bomb_is_refused_before_it_grows(folder: Path, given: Callable[..., Path]) -> None:
    bomb = 'a0: &a0 ["lol"]\n' + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    with pytest.raises(KnowledgeError, match="anchors and aliases"):
        plan([given(bomb)], folder)


def test_a_file_that_is_too_large_is_refused_by_its_size(folder: Path, given: Callable[..., Path]) -> None:
    with pytest.raises(KnowledgeError, match="larger than"):
        plan([given(OTHER + "#" * LARGEST)], folder)
    assert plan([given(OTHER + "#" * (LARGEST - len(OTHER.encode()) - 1) + "\n")], folder).texts


def test_a_file_of_too_many_values_is_refused_by_their_number(folder: Path, given: Callable[..., Path]) -> None:
    with pytest.raises(KnowledgeError, match="more than 100,000 values"):
        plan([given("entries: [" + "1," * 1_000_000 + "1]\n")], folder)


def test_an_example_of_the_folder_that_would_come_back_otherwise_is_named(
    folder: Path, given: Callable[..., Path]
) -> None:
    greedy = SECOND.replace("acme_locked", "acme_revoked").replace("Too many", "Far too many")
    with pytest.raises(KnowledgeError) as caught:
        plan([given(GOOD + greedy)], folder)
    assert any(fault.startswith(f"{folder / 'acme.yaml'}:") for fault in caught.value.faults)


def test_an_entry_that_would_answer_a_harmless_message_is_refused(folder: Path, given: Callable[..., Path]) -> None:
    (folder / "harmless").mkdir()
    row = '{"id": "talk-1", "text": "error: acme_locked is on the menu at the pub", "lang": "en", "kind": "talk"}\n'
    (folder / "harmless" / "talk.jsonl").write_text(row, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="the message talk-1 is harmless"):
        plan([given(GOOD + SECOND)], folder)
    assert plan([given(OTHER)], folder).texts


def test_links_are_not_written_through(folder: Path, given: Callable[..., Path], tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(OTHER, encoding="utf-8")
    (folder / "zeta.yaml").symlink_to(outside)
    found = plan([given(MORE)], folder)
    with pytest.raises(KnowledgeError, match="symbolic link"):
        write_files(folder, found.texts)
    assert outside.read_text(encoding="utf-8") == OTHER


def test_a_link_among_given_files_is_refused(folder: Path, given: Callable[..., Path]) -> None:
    given(OTHER, "real.yaml")
    (folder.parent / "given" / "link.yaml").symlink_to("/etc/hostname")
    with pytest.raises(KnowledgeError, match="symbolic link"):
        plan([folder.parent / "given"], folder)


@pytest.mark.parametrize(
    "name",
    ["../evil.yaml", "/evil/evil.yaml", "a/../b.yaml", "A.yaml", "a.sh", "a b.yaml", ".yaml", "a/b/c.yaml", "x.yaml\n"],
)
def test_a_name_that_leads_elsewhere_is_never_written(folder: Path, name: str) -> None:
    before = contents(folder.parent)
    with pytest.raises(KnowledgeError, match="no name of a knowledge file"):
        write_files(folder, {"good.yaml": "x", name: "x"})
    assert contents(folder.parent) == before


# ---- all or nothing ---------------------------------------------------------------------------------------------


def test_where_one_file_cannot_be_put_in_its_place_none_is(folder: Path) -> None:
    before = contents(folder)
    (folder / "zeta.yaml").mkdir()  # a folder cannot be replaced by a file
    with pytest.raises(KnowledgeError, match="nothing was changed"):
        write_files(folder, {"acme.yaml": "changed", "beta.yaml": "new", "zeta.yaml": "new"})
    assert contents(folder) == before


def test_a_folder_that_takes_no_files_is_one_sentence(folder: Path) -> None:
    (folder / "harmless").write_text("a file where a folder should be", encoding="utf-8")
    before = contents(folder)
    with pytest.raises(KnowledgeError, match="cannot be written"):
        write_files(folder, {"acme.yaml": "changed", "harmless/learned.jsonl": "{}"})
    assert contents(folder) == before


@pytest.mark.skipif(os.name == "nt", reason="there are no permission bits")
def test_permissions_of_a_file_are_kept(folder: Path) -> None:
    (folder / "acme.yaml").chmod(0o640)
    write_files(folder, {"acme.yaml": "changed"})
    assert (folder / "acme.yaml").stat().st_mode & 0o777 == 0o640


def test_a_file_or_folder_that_is_not_there_is_one_sentence(folder: Path) -> None:
    done = authbot("kb", "import", "nothing.yaml", "--knowledge", str(folder), cwd=folder)
    assert done.returncode == 1
    assert done.stdout == "nothing.yaml: there is no such file or folder\n"
