"""The site in a real browser, opened from the disk as a visitor would: searching, keys, languages, nothing broken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.site.pages import pages
from bot.site.write import write
from tests.browser.chromium import Page, chromium
from tests.test_knowledge import GOOD

# Needs Chromium, which scripts/test-all asks for. One browser for all: it takes seconds to start.
pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

FOUND = "[...document.querySelectorAll('#results a')].map(a => a.innerText)"
OPENED = "!document.querySelector('#results').hidden"
CHOSEN = "document.querySelector('#results a[aria-selected=true]')"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write the site of all knowledge; yield its address."""
    out = tmp_path_factory.mktemp("site")
    write(out, pages(load(shipped())))
    return out.as_uri()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Page]:
    async with chromium() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def page(tab: Page) -> AsyncIterator[Page]:
    """A tab of a desktop's size; whatever the page complains of fails the test."""
    await tab.size(1280, 900)
    yield tab
    troubles, tab.troubles = tab.troubles, []
    assert troubles == []


async def ask(page: Page, question: str) -> list[str]:
    """Press / and type; return the results as they read, best first."""
    await page.press("/")
    await page.until("document.activeElement.id === 'q'")
    await page.type(question)
    await page.until(f"{OPENED} && document.querySelector('#q').value.length > 0")
    found: list[str] = await page.evaluate(FOUND)
    return found


@pytest.mark.parametrize(
    ("lang", "question", "path"),
    [
        pytest.param("en", "AADSTS50011", "/en/entra-id/", id="a code"),
        pytest.param("zh", "aadsts50011", "/zh/entra-id/", id="a code in lower case, in Chinese"),
        pytest.param("zh", "无效的令牌", "/zh/new-api/", id="a Chinese message"),
        pytest.param("en", "无效的令", "/en/new-api/", id="half a Chinese message, in English"),
        pytest.param("en", "invalid_grant", "/en/oauth2/", id="a code of all: the standard first"),
        pytest.param("en", "password authentication failed for us", "/en/postgres/", id="half a sentence"),
        pytest.param(
            "en", 'FATAL: password authentication failed for user "alice"', "/en/postgres/", id="a pasted line"
        ),
        pytest.param("zh", "重定向 URI 与应用注册不", "/zh/entra-id/", id="half a Chinese title"),
    ],
)
async def test_enter_opens_what_was_searched(site: str, page: Page, lang: str, question: str, path: str) -> None:
    await page.open(f"{site}/{lang}/index.html")
    assert await ask(page, question)
    await page.press("Enter")
    assert path in await page.until("document.querySelector('article h1') && location.pathname")


async def test_arrows_choose_escape_closes_and_what_nobody_knows_is_said(site: str, page: Page) -> None:
    await page.open(f"{site}/en/index.html")
    assert len(await ask(page, "invalid_grant")) > 3
    first = await page.evaluate(f"{CHOSEN}.id")
    await page.press("ArrowDown")
    assert await page.evaluate(f"{CHOSEN}.id") == "result-1"
    assert await page.evaluate("document.querySelector('#q').getAttribute('aria-activedescendant')") == "result-1"
    await page.press("ArrowUp")
    assert await page.evaluate(f"{CHOSEN}.id") == first == "result-0"
    await page.press("Escape")
    assert await page.evaluate(OPENED) is False
    await page.press("Escape")
    await page.type("zzzqqq xyzzy")
    await page.until(OPENED)
    assert "Nothing fits" in await page.evaluate("document.querySelector('#results').innerText")


async def test_the_other_language_is_the_same_entry(site: str, page: Page) -> None:
    await page.open(f"{site}/en/eleme/index.html")
    await page.evaluate("document.querySelector('.entries a').click()")
    entry = await page.until("document.querySelector('body.entry') && location.pathname")
    await page.evaluate("document.querySelector('.language').click()")
    assert await page.until("document.documentElement.lang === 'zh-Hans' && location.pathname") == entry.replace(
        "/en/", "/zh/"
    )


async def test_an_answers_link_shows_its_cause(site: str, page: Page) -> None:
    several = next(f"{p.id}/{e.id}" for p, e in load(shipped()).entries() if len(e.causes) > 2 and len(e.messages) > 3)
    await page.size(900, 500)
    await page.open(f"{site}/en/{several}.html#cause-3")
    top = await page.until("scrollY > 0 && document.querySelector('#cause-3').getBoundingClientRect().top")
    assert 0 < top < 400


async def test_the_search_is_on_every_page_and_leads_within_the_site(site: str, page: Page) -> None:
    await page.open(f"{site}/zh/aws/index.html")
    await ask(page, "AADSTS50011")
    await page.press("Enter")
    await page.until("location.pathname.includes('/zh/entra-id/') && !!document.querySelector('article h1')")


async def test_the_root_goes_to_the_visitors_language(site: str, page: Page) -> None:
    await page.open(f"{site}/index.html")
    await page.until("location.pathname.endsWith('/en/index.html')")


async def test_a_phone_scrolls_down_only(site: str, page: Page) -> None:
    await page.size(360, 740)
    for path in ("en/index.html", "zh/entra-id/index.html", "en/eleme/index.html"):
        await page.open(f"{site}/{path}")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_markup_in_a_title_stays_text(tmp_path: Path, page: Page) -> None:
    hostile = "<script>window.taken = 1</script><img src=x onerror='window.taken = 1'>"
    tree = yaml.safe_load(GOOD)
    tree["entries"][0] |= {
        "title": {"en": hostile, "zh": f"密 {hostile}"},
        "verified": "2026-11-21",
        "codes": [hostile],
    }
    tree["entries"][0]["messages"] = [f"Zorp {{key}} {hostile}"]
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "acme.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    write(tmp_path / "out", pages(load(folder, cache=False)))
    await page.open(f"{(tmp_path / 'out').as_uri()}/en/index.html")
    [shown] = await ask(page, "zorp")
    assert hostile in shown
    await page.press("Enter")
    assert await page.until("document.querySelector('h1')?.innerText") == hostile
    assert await page.evaluate("window.taken") is None


async def test_a_snippet_is_copied_as_it_stands(site: str, page: Page) -> None:
    provider, entry = next((p, e) for p, e in load(shipped()).entries() if e.snippet)
    assert entry.snippet is not None
    await page.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    await page.open(f"{site}/en/{provider.id}/{entry.id}.html")
    await page.evaluate("document.querySelector('.copy').click()")
    assert await page.until("document.querySelector('.copy').innerText === 'Copied'")
    assert await page.evaluate("navigator.clipboard.readText()") == entry.snippet.code.rstrip()


async def test_small_print_can_be_read_in_the_light_and_in_the_dark(site: str, page: Page) -> None:
    """WCAG 2.2, 1.4.3: text has a contrast of 4.5 at least."""
    contrast = """(() => {
      const light = (name) => {
        const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        const parts = [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16) / 255)
          .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
      };
      const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return ['ink paper', 'ink wash', 'ink mark', 'soft paper', 'soft wash', 'link paper', 'link wash']
        .map((pair) => ratio(...pair.split(' ').map((name) => light(`--${name}`))));
    })()"""
    for dark in (False, True):
        await page.size(1000, 800, dark=dark)
        await page.open(f"{site}/en/index.html")
        assert min(await page.evaluate(contrast)) >= 4.5
