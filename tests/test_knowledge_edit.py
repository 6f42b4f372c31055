"""Edits of knowledge files: what is added goes where it belongs, and nothing else changes by a byte."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from bot.knowledge.edit import EditError, add_entry, add_to_entry, new_file
from bot.knowledge.folders import shipped
from tests.exporting import HERE, only_inserted, read
from tests.test_kb_tools import GOOD

FILES = sorted(shipped().glob("*.yaml"))
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
