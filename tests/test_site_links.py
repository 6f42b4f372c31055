"""Answers link to their entry's page where the knowledge is published as a site (AUTHBOT_SITE_URL)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.curate.desk import Desk as Curating
from bot.curate.live import Live
from bot.curate.models import Draft, content_of
from bot.paste.models import Paste
from bot.service import Explainer
from bot.settings import SettingsError, load_settings
from bot.site.pages import pages
from bot.store.models import Place
from bot.store.scopes import SHARED
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import EITHER, KNOWLEDGE, REVOKED, UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import press
from tests.discord_server.payloads import BOT_ID, GENERAL, command, interaction

SITE = "https://errors.example/auth"
PAGE = f"{SITE}/en/acme/key-revoked.html"


@pytest.fixture
async def explainer(tmp_path: Path) -> AsyncIterator[Explainer]:
    async with explaining(tmp_path) as (plain, store):
        yield Explainer(plain.knowledge, store, Live(plain.knowledge, store), site=SITE)


def page_of(explainer: Explainer, text: str, lang: str | None = None) -> str | None:
    answer = explainer.judge(Paste(text, lang=lang), "lookup").answer
    return answer.page if answer else None


@pytest.mark.parametrize(
    ("text", "lang", "page"),
    [
        pytest.param(REVOKED, "en", PAGE, id="an answer"),
        pytest.param(REVOKED, "zh", f"{SITE}/zh/acme/key-revoked.html", id="in its own language"),
        pytest.param(EITHER, "en", None, id="a suggestion is of no single entry"),
        pytest.param(UNKNOWN, "en", None, id="no answer"),
    ],
)
def test_an_answer_has_its_entrys_page(explainer: Explainer, text: str, lang: str, page: str | None) -> None:
    assert page_of(explainer, text, lang) == page


def test_the_page_is_one_that_the_site_has(explainer: Explainer) -> None:
    paths = {path for path, _ in pages(explainer.knowledge)}

    assert PAGE.removeprefix(f"{SITE}/") in paths


async def test_what_maintainers_have_added_is_not_published(explainer: Explainer) -> None:
    store, live = explainer.store, explainer.live
    assert isinstance(store, Store) and isinstance(live, Live)
    kept = await explainer.explain(Paste(UNKNOWN), place=Place(None, None, None, None))
    added = {
        "kind": "add_entry",
        "provider": "acme",
        "title": {"en": "The frobnicator refuses the token"},
        "cause": {"en": "Another zone."},
        "steps": {"en": ["Make a token there."]},
        "codes": ["zz_unheard_of"],
    }
    await Curating(store, live).decide(Draft(SHARED, kept.group, content_of(added)), 1, None)

    answer = explainer.judge(Paste(UNKNOWN), "lookup").answer

    assert answer is not None and answer.title == "The frobnicator refuses the token"
    assert answer.page is None


async def test_on_discord_the_page_stands_beside_the_sources(explainer: Explainer) -> None:
    async with DiscordServer() as server, bot_on(server, explainer):
        answer = await server.reply_to(await server.say(GENERAL, f"<@{BOT_ID}> {REVOKED}"))
        assert f"(https://docs.acme.example/keys) · [All about this error]({PAGE})" in answer.text

        zh = await server.interact(press(answer, answer.buttons["中文"]))
        assert f"[关于此错误的全部内容]({SITE}/zh/acme/key-revoked.html)" in zh.text
        assert PAGE in (await server.interact(press(answer, answer.buttons["More"]))).text
        looked_up = await server.interact(interaction(2, command("lookup", entry="acme/key-revoked")))
        assert PAGE in looked_up.text


def ask(folder: Path, site: str | None, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "knowledge").mkdir(exist_ok=True)
    (folder / "knowledge" / "acme.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "AUTHBOT_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--knowledge", str(folder / "knowledge"), *more],
        input=json.dumps({"id": 1, "text": REVOKED}) if "--jsonl" in more else REVOKED,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=kept | ({"AUTHBOT_SITE_URL": site} if site else {}),
        check=False,
    )


def test_json_lines_have_it_only_where_there_is_a_site(tmp_path: Path) -> None:
    assert json.loads(ask(tmp_path, f"{SITE}/", "--jsonl").stdout)["answer"]["page"] == PAGE
    assert "page" not in json.loads(ask(tmp_path, None, "--jsonl").stdout)["answer"]


def test_the_terminal_has_it_as_a_line(tmp_path: Path) -> None:
    assert f"All about this error: <{PAGE}>" in ask(tmp_path, SITE).stdout.splitlines()
    assert "All about this error" not in ask(tmp_path, None).stdout


@pytest.mark.parametrize(
    "address",
    [
        "http://errors.example",
        "errors.example",
        "https://errors.example/?a=b",
        "https://errors.example/a)b",
        "https://",
    ],
)
def test_an_address_that_is_none_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHBOT_SITE_URL", address)

    with pytest.raises(SettingsError, match="AUTHBOT_SITE_URL: has to be an https:// address"):
        load_settings()
