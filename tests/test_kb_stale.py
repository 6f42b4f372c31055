"""`authbot kb stale`: which entries have to be looked at again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.knowledge.load import parse
from bot.knowledge.stale import stale
from tests.test_cli import authbot, lines
from tests.test_knowledge import GOOD

TODAY = dt.date(2026, 11, 21)


def entry(name: str, verified: str, sources: str = "[https://docs.acme.example/errors]") -> str:
    """Return one more entry of the good file."""
    text = GOOD[GOOD.index("  - id: key-revoked") :]
    for old, new in (
        ("key-revoked", name),
        ("key_revoked", f"{name}_code"),
        ("The key {key} has been revoked", f"{name} {{x}} was here"),
        ("40001", f"9{len(name)}"),
        ("2026-11-21", verified),
        ("[https://docs.acme.example/errors]", sources),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


OLD = entry("older", "2024-01-01", "[https://a.example/x, https://www.b.example/y, https://a.example/z]")
FILE = GOOD + entry("old", "2025-11-21") + OLD + entry("young", "2025-11-22")


@pytest.mark.parametrize(
    ("days", "names"),
    [
        pytest.param(365, ["older", "old"], id="a year, to the day"),
        pytest.param(366, ["older"], id="a day more"),
        pytest.param(364, ["older", "old", "young"], id="a day less"),
        pytest.param(0, ["older", "old", "young", "key-revoked"], id="today's, too"),
        pytest.param(2000, [], id="none that old"),
    ],
)
def test_entries_verified_so_long_ago_are_listed_the_oldest_first(days: int, names: list[str]) -> None:
    files = parse([(Path("acme.yaml"), FILE)])
    assert [row.entry for row in stale(files, today=TODAY, days=days)] == names


def test_the_hosts_of_the_sources_are_named_once_each() -> None:
    [first, *_] = stale(parse([(Path("acme.yaml"), FILE)]), today=TODAY)
    assert (first.provider, first.entry, first.verified) == ("acme", "older", dt.date(2024, 1, 1))
    assert first.hosts == ("a.example", "b.example")


def test_entries_of_one_day_are_in_the_order_of_their_names() -> None:
    text = GOOD + entry("b", "2024-01-01") + entry("a", "2024-01-01")
    zeta = text.replace("acme", "zeta").replace("key_revoked", "other")
    files = parse([(Path("zeta.yaml"), zeta), (Path("acme.yaml"), text)])
    found = [f"{row.provider}/{row.entry}" for row in stale(files, today=TODAY)]
    assert found == ["acme/a", "acme/b", "zeta/a", "zeta/b"]


def test_the_command_prints_a_line_each_for_people_and_for_programs(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(FILE, encoding="utf-8")
    said = authbot("kb", "stale", "--knowledge", ".", "--days", "500", cwd=tmp_path)
    assert said.returncode == 0
    assert said.stdout == "2024-01-01\tacme/older\ta.example b.example\n"
    [row] = lines(authbot("kb", "stale", "--knowledge", ".", "--days", "500", "--json", cwd=tmp_path).stdout)
    assert row == {
        "provider": "acme",
        "entry": "older",
        "verified": "2024-01-01",
        "hosts": ["a.example", "b.example"],
    }


def test_days_that_are_no_number_of_days_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(FILE, encoding="utf-8")
    said = authbot("kb", "stale", "--knowledge", ".", "--days", "-1", cwd=tmp_path)
    assert said.returncode == 2
    assert "Traceback" not in said.stderr
