"""Which room may import which: the arrows of docs/architecture.md."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
CORE = {"bot.paste", "bot.knowledge", "bot.match", "bot.answer", "bot.words"}
ALLOWED = {
    "paste": {"bot.paste"},
    "knowledge": {"bot.knowledge", "bot.kept", "bot.memory", "bot.mendable"},
    "words": {"bot.words"},
    "store": {"bot.store", "bot.mendable"},
    "site": {"bot.site", "bot.knowledge"},
    "match": {"bot.match", "bot.paste.models", "bot.knowledge"},
    "answer": {"bot.answer", "bot.paste.models", "bot.knowledge", "bot.match.models", "bot.words"},
    "curate": {
        *("bot.curate", "bot.store", "bot.service", "bot.index_kept", "bot.examples", "bot.examples_kept"),
        *(CORE - {"bot.answer"}),
    },
    "discord": {
        "bot.discord",
        "bot.mendable",
        "bot.memory",
        "bot.console",
        "bot.curate",
        "bot.service",
        "bot.store",
        "bot",
        *CORE,
    },
    "web": {
        "bot.web",
        "bot.mendable",
        "bot.curate",
        "bot.store",
        "bot.site.markup",
        *(CORE - {"bot.match", "bot.answer", "bot.paste"}),
    },
    "console": {"bot.console", "bot.curate", "bot.service", "bot.store", "bot.evaluate", *CORE},
}
FOREIGN = {
    "paste": {"discord", "sqlalchemy", "aiosqlite", "asyncio", "aiohttp", "socket", "time", "random", "os"},
    "knowledge": {"discord", "sqlalchemy", "aiosqlite", "asyncio", "aiohttp", "socket", "time", "random", "jinja2"},
    "site": {"discord", "sqlalchemy", "aiosqlite", "asyncio", "aiohttp", "socket", "time", "random", "os"},
    "match": {"discord", "sqlalchemy", "aiosqlite", "asyncio", "aiohttp", "socket", "time", "random", "os"},
    "answer": {"discord", "sqlalchemy", "aiosqlite", "asyncio", "aiohttp", "socket", "time", "random", "os"},
    "curate": {
        "discord",
        "sqlalchemy",
        "aiosqlite",
        "asyncpg",
        "aiohttp",
        "starlette",
        "socket",
        "time",
        "random",
        "os",
    },
}


def imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names


def within(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_a_room_imports_only_what_it_may(room: str) -> None:
    files = list((BOT / room).rglob("*.py"))
    assert files
    for path in files:
        for name in imports(path):
            if name.partition(".")[0] == "bot":
                assert within(name, ALLOWED[room] - {"bot"}) or name in ALLOWED[room], f"{path.name} imports {name}"
            assert not within(name, FOREIGN.get(room, set())), f"{path.name} imports {name}"


def test_files_stay_within_400_lines() -> None:
    long = [path.name for path in BOT.rglob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert long == []
