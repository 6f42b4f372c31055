"""What tests of `authbot kb export` share: decisions, a folder of knowledge to export them to, and what comes of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.curate.export import Commit, Exported, commits
from bot.curate.fold import Base, fold
from bot.curate.local import content_hash
from bot.knowledge.load import load
from bot.knowledge.write import write_files
from bot.store.decisions import Decision
from bot.store.scopes import SHARED
from tests.test_kb_tools import GOOD, filler

AT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
HERE = "3fa2c101"  # the installation
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


def read(path: Path) -> str:
    return path.read_bytes().decode()


def only_inserted(before: str, after: str) -> bool:
    """Tell whether every line of the one stands in the other, in the same order."""
    rest = iter(after.splitlines(keepends=True))
    return all(line in rest for line in before.splitlines(keepends=True))


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
    (place / "filler.yaml").write_text(filler(), encoding="utf-8")
    (place / "acme.yaml").write_text("# Ours.\n" + GOOD + "# The end.\n", encoding="utf-8")
    return place


@pytest.fixture
def talk(folder: Path) -> Path:
    """The folder with one harmless message, whose words are common."""
    (folder / "harmless").mkdir()
    row = {"id": "talk-1", "text": "our pub opens at noon: no unauthorized dancing", "lang": "en", "kind": "talk"}
    (folder / "harmless" / "talk.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


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
