"""The desk's pages in a real browser: from signing in to a decision and back, without a line of JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.curate.desk import Desk
from bot.curate.live import Live
from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.service import Explainer
from bot.store.store import Store
from tests.browser.chromium import Page, chromium
from tests.curating import ANN, BADGE, ONE, Pastes, answered
from tests.desk_pages import Served, served
from tests.discord_server.oauth import MANAGE_SERVER, Account

# Needs Chromium, which scripts/test-all asks for. One browser for all: it takes seconds to start.
pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

HEADING = "document.querySelector('h1')?.innerText"
CONTRAST = """(() => {
  const light = (name) => {
    const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const parts = [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16) / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  return ['ink paper', 'ink wash', 'soft paper', 'soft wash', 'link paper', 'link wash', 'on-link link', 'good paper',
    'bad paper', 'paper ink'].map((pair) => ratio(...pair.split(' ').map((name) => light(`--${name}`))));
})()"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Page]:
    async with chromium() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def page(tab: Page) -> AsyncIterator[Page]:
    """A tab of a desktop's size, signed in nowhere; whatever the page complains of fails the test."""
    await tab.size(1280, 900)
    await tab.call("Network.clearBrowserCookies")
    yield tab
    troubles, tab.troubles = tab.troubles, []
    assert troubles == []


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = await Store.open(str(tmp_path / "authbot.sqlite3"))
    await store.guilds.joined(ONE)
    yield Desk(store, await Live.opened(load(shipped()), store))
    await store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def web(desk: Desk) -> AsyncIterator[Served]:
    async with served(desk) as found:
        found.discord.person = Account(ANN, "Ann", {ONE: ("Builders", MANAGE_SERVER, ())})
        yield found


@pytest.fixture
def paste(desk: Desk) -> Pastes:
    return Pastes(Explainer(desk.live.base.knowledge, desk.store, desk.live))


async def click(page: Page, what: str) -> None:
    """Click an element, and wait for the page that it leads to."""
    await page.evaluate("window.before = true")
    await page.evaluate(f"document.querySelector({what!r}).click()")
    await page.until("!window.before && document.readyState === 'complete'")


async def write(page: Page, field: str, text: str) -> None:
    await page.evaluate(f"document.querySelector('[name={field}]').focus()")
    await page.evaluate(f"document.querySelector('[name={field}]').select()")
    await page.type(text)


async def test_from_signing_in_to_a_decision_and_back(web: Served, page: Page, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    await paste(BADGE.format(5, 6))
    await page.open(web.place.origin)
    await click(page, "a.main")
    assert await page.evaluate("location.pathname") == f"/q/{ONE}"
    await click(page, ".cases a")
    assert BADGE.format(5, 6) in await page.evaluate("document.querySelector('.sample').innerText")
    await write(page, "provider", "Gatekeeper")
    await write(page, "title_en", "The badge is not registered")
    await write(page, "cause_en", "The gate does not know <b>the badge</b>.")
    await write(page, "steps_en", "1. Enter the badge in the register.")
    await click(page, ".decide .main")
    shown = await page.evaluate("document.querySelector('main').innerText")
    assert "It answers this case." in shown
    assert "The gate does not know <b>the badge</b>." in shown
    assert answered(await paste(BADGE.format(7, 8))) is None
    await click(page, "[value=confirm]")
    assert "Decision #1 is made" in await page.evaluate("document.querySelector('.done').innerText")
    assert answered(await paste(BADGE.format(7, 8))) == "gatekeeper/the-badge-is-not-registered"
    await page.open(f"{web.place.origin}/q/{ONE}/history")
    rows = await page.evaluate("[...document.querySelectorAll('.history li')].map(row => row.innerText)")
    assert len(rows) == 1
    assert name in rows[0]
    assert "you" in rows[0]
    await click(page, ".history button")
    rows = await page.evaluate("[...document.querySelectorAll('.history li')].map(row => row.innerText)")
    assert len(rows) == 2
    assert "taken back by #2" in rows[1]
    assert answered(await paste(BADGE.format(7, 8))) is None
    await click(page, ".out button")
    assert await page.evaluate(HEADING) == "authbot review"
    await page.open(f"{web.place.origin}/language/zh?to=/")
    assert "登录" in await page.evaluate("document.querySelector('main').innerText")


async def test_what_was_pasted_stays_text(web: Served, page: Page, paste: Pastes) -> None:
    hostile = "<script>window.taken = 1</script><img src=x onerror='window.taken = 1'></pre>"
    name = await paste.case(f"gatekeeper: auth error: badge not entered {hostile}")
    await page.open(f"{web.place.origin}/sign-in?to=/q/{ONE}/case/{name}")
    assert hostile in await page.evaluate("document.querySelector('.sample').innerText")
    assert await page.evaluate("window.taken === undefined && document.images.length === 0")


async def test_it_is_readable_in_the_light_in_the_dark_and_on_a_phone(web: Served, page: Page, paste: Pastes) -> None:
    """WCAG 2.2, 1.4.3: text has a contrast of 4.5 at least."""
    name = await paste.case(BADGE.format(3, 4))
    await page.open(f"{web.place.origin}/sign-in")
    for dark in (False, True):
        await page.size(1000, 800, dark=dark)
        await page.open(f"{web.place.origin}/q/{ONE}")
        assert min(await page.evaluate(CONTRAST)) >= 4.5
    await page.size(360, 740)
    for path in ("", f"/case/{name}", f"/case/{name}?do=cause", "/history", "/entries", "/charts"):
        await page.open(f"{web.place.origin}/q/{ONE}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
