"""Knowledge files: what is refused, where the fault is said to be, and what loads."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.knowledge import lint
from bot.knowledge.folders import shipped
from bot.knowledge.load import KnowledgeError, load, parse
from bot.knowledge.schema import schema_text

GOOD = """\
provider:
  id: acme
  name: {en: Acme API, zh: Acme API}
  docs: https://docs.acme.example/auth
entries:
  - id: key-revoked
    title: {en: The key was revoked, zh: 密钥已被吊销}
    codes: [key_revoked, 40001]
    messages: ["The key {key} has been revoked"]
    causes:
      - cause: {en: Somebody revoked it., zh: 有人吊销了它。}
        fix: {en: [Make a new key.], zh: [新建密钥。]}
    examples: ['{"error": "key_revoked"}']
    sources: [https://docs.acme.example/errors]
    verified: 2026-11-21
"""


def write(folder: Path, text: str, name: str = "acme.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_loads_and_its_numbers_are_codes(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    [(provider, entry)] = load(tmp_path, cache=False).entries()
    assert provider.id == "acme"
    assert entry.codes == ("key_revoked", "40001")


def test_an_empty_folder_is_empty_knowledge(tmp_path: Path) -> None:
    assert list(load(tmp_path, cache=False).entries()) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("zh: 密钥已被吊销", "fr: x", "acme.yaml:7: entries.0.title: the text has no zh", id="no Chinese"),
        pytest.param("zh: 密钥已被吊销", "zh: revoked", "acme.yaml:7: entries.0.title: the zh", id="zh is not Chinese"),
        pytest.param(
            "    sources: [https://docs.acme.example/errors]\n", "", "entries.0.sources: Field", id="no sources"
        ),
        pytest.param(
            "https://docs.acme.example/errors", "http://x", "acme.yaml:14: entries.0.sources.0", id="not https"
        ),
        pytest.param(
            "    codes:", "    colour: red\n    codes:", "acme.yaml:8: entries.0.colour: Extra", id="unknown key"
        ),
        pytest.param("    codes:", "    id: two\n    codes:", "acme.yaml:8: the key 'id' stands twice", id="key twice"),
        pytest.param("id: acme", "id: other", "acme.yaml:2: provider.id: is 'other'", id="id is not the file's name"),
        pytest.param("{key} has", "{key has", "acme.yaml:9: entries.0.messages.0: the brace", id="stray brace"),
        pytest.param("entries:", "entries: [", "acme.yaml:", id="not YAML"),
        pytest.param("id: key-revoked", "id: Key Revoked", "acme.yaml:6: entries.0.id", id="not an id"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path, cache=False)
    assert fault in caught.value.faults[0]


def test_an_id_is_never_used_twice(tmp_path: Path) -> None:
    body = GOOD[GOOD.index("  - id: key-revoked") :]
    write(tmp_path, GOOD + body)
    with pytest.raises(KnowledgeError, match=r"acme\.yaml:16: .*acme/key-revoked is taken"):
        load(tmp_path, cache=False)


def test_a_second_cause_has_to_tell_itself_apart(tmp_path: Path) -> None:
    cause = "      - cause: {en: Another., zh: 另一个。}\n        fix: {en: [Do.], zh: [做。]}\n"
    write(tmp_path, GOOD.replace("    examples:", cause + "    examples:"))
    with pytest.raises(KnowledgeError, match="cause 2 has no tell"):
        load(tmp_path, cache=False)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(
            "The key {key} has been revoked", "{a} {b} is", "messages.0: says almost nothing", id="only placeholders"
        ),
        pytest.param(
            "    examples", "    confusable: [acme/no]\n    examples", "there is no entry acme/no", id="unknown"
        ),
        pytest.param("Somebody revoked it.", "x" * 400, "causes.0.cause.en: is 400 characters", id="too long a cause"),
    ],
)
def test_lint_finds(tmp_path: Path, old: str, new: str, fault: str) -> None:
    sources = [(tmp_path / "acme.yaml", GOOD.replace(old, new))]
    [found] = lint.faults(sources, parse(sources))
    assert fault in found


def test_lint_finds_entries_that_nothing_separates(tmp_path: Path) -> None:
    body = GOOD[GOOD.index("  - id: key-revoked") :].replace("key-revoked", "key-gone")
    sources = [(tmp_path / "acme.yaml", GOOD + body)]
    [found] = lint.faults(sources, parse(sources))
    assert "nothing separates it from acme/key-revoked" in found


def test_the_cache_gives_the_same_knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "knowledge"
    folder.mkdir()
    write(folder, GOOD)
    first = load(folder)
    assert list((tmp_path / "cache" / "authbot").glob("knowledge-*.json"))
    assert load(folder) == first
    write(folder, GOOD.replace("Acme API", "Acme two"))
    assert load(folder).providers()[0].name["en"] == "Acme two"


def test_a_broken_cache_is_only_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write(tmp_path, GOOD)
    first = load(tmp_path)
    [kept] = (tmp_path / "cache" / "authbot").glob("knowledge-*.json")
    kept.write_text("[{", encoding="utf-8")
    assert load(tmp_path) == first


def test_the_schema_in_docs_is_the_models_own() -> None:
    path = Path(__file__).parents[1] / "docs" / "knowledge.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(), "run: authbot kb schema > docs/knowledge.schema.json"


def test_every_shipped_file_fits_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    for path in sorted(shipped().glob("*.yaml")):
        data = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        assert [error.message for error in validator.iter_errors(data)] == [], path.name
