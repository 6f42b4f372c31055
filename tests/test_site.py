"""The published pages: which there are, what stands on them, and that nothing of the knowledge becomes markup."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from bot.knowledge.folders import shipped
from bot.knowledge.load import Knowledge, load, parse
from bot.site import pages as site_pages
from bot.site.markup import inline, source, wire
from bot.site.pages import pages
from bot.site.paths import entry_path
from bot.site.write import write
from tests.test_cli import authbot
from tests.test_knowledge import GOOD

HOSTILE = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(1)>&amp;"
ENTRY = GOOD[GOOD.index("  - id: key-revoked") :]


def knowledge(*texts: str) -> Knowledge:
    return Knowledge(parse([(Path(f"{yaml.safe_load(text)['provider']['id']}.yaml"), text) for text in texts]))


def site(*texts: str, base_url: str = "") -> dict[str, str]:
    return dict(pages(knowledge(*texts), base_url))


@pytest.fixture(scope="module")
def everything() -> dict[str, str]:
    return dict(pages(load(shipped())))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        for name, value in attrs:
            if name in ("href", "src") and value is not None:
                self.links.append(value)
            if name == "id" and value:
                self.ids.add(value)


def read(text: str) -> _Links:
    parser = _Links()
    parser.feed(text)
    return parser


def local_links(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield (path below the root, fragment) of each link of a page that stays on the site."""
    for link in read(text).links:
        parts = urlsplit(link)
        if not parts.scheme:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path)) if parts.path else path
            yield target, parts.fragment


def test_every_entry_and_provider_has_a_page_in_both_languages(everything: dict[str, str]) -> None:
    for provider, entry in load(shipped()).entries():
        for lang in ("en", "zh"):
            assert entry_path(f"{provider.id}/{entry.id}", lang) in everything
            assert f"{lang}/{provider.id}/index.html" in everything
    assert {"index.html", "en/index.html", "zh/index.html"} <= everything.keys()


def test_every_link_leads_somewhere(everything: dict[str, str]) -> None:
    ids = {path: read(text).ids for path, text in everything.items() if path.endswith(".html")}
    broken = [
        (path, target, fragment)
        for path, text in everything.items()
        if path.endswith(".html")
        for target, fragment in local_links(path, text)
        if target not in everything or (fragment and fragment not in ids[target])
    ]
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(everything: dict[str, str]) -> None:
    for path, text in everything.items():
        if path.endswith(".html"):
            assert re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//', text) == [], path
    assert "@import" not in everything["assets/site.css"]
    assert "url(" not in everything["assets/site.css"]
    assert not re.search(r"fetch\(|XMLHttpRequest|https?://", everything["assets/site.js"])


def test_the_search_data_is_compact(everything: dict[str, str]) -> None:
    assert len(everything["assets/knowledge.js"].encode()) < 2_000_000


def test_the_same_knowledge_gives_the_same_bytes(everything: dict[str, str]) -> None:
    assert dict(pages(load(shipped()))) == everything


def test_the_address_that_answers_link_to_has_the_cause_before_the_steps() -> None:
    made = site(GOOD)
    page = made["en/acme/key-revoked.html"].partition("<body")[2]
    assert page.index("Somebody revoked it.") < page.index("Make a new key.") < page.index("The key <var>key</var> has")
    assert "有人吊销了它。" in made["zh/acme/key-revoked.html"]
    assert '<html lang="zh-Hans">' in made["zh/acme/key-revoked.html"]
    assert 'href="../../zh/acme/key-revoked.html"' in page


def test_several_causes_are_numbered_and_told_apart() -> None:
    second = "      - cause: {en: It has expired., zh: 它已过期。}\n        tell: {en: It is old., zh: 它很旧。}\n        fix: {en: [Renew it.], zh: [续期。]}\n"
    page = site(GOOD.replace("    examples:", second + "    examples:"))["en/acme/key-revoked.html"].partition("<main")[
        2
    ]
    assert page.index('id="cause-1"') < page.index("Somebody revoked it.") < page.index('id="cause-2"')
    assert page.index("It has expired.") < page.index("It is old.") < page.index("Renew it.")


def test_sources_are_shown_by_their_host_and_get_no_hold_of_the_page() -> None:
    page = site(GOOD)["en/acme/key-revoked.html"]
    assert (
        '<a href="https://docs.acme.example/errors" rel="noopener noreferrer">docs.acme.example<span>/errors</span></a>'
        in page
    )


def test_confusable_entries_link_to_each_other_with_what_tells_them_apart() -> None:
    other = ENTRY.replace("key-revoked", "key-expired").replace("[key_revoked, 40001]", "[key_expired]")
    text = GOOD + other.replace("    examples", "    confusable: [acme/key-revoked]\n    examples")
    made = site(text)
    here, there = made["en/acme/key-revoked.html"], made["en/acme/key-expired.html"]
    assert 'href="../../en/acme/key-expired.html">The key was revoked</a>' in here[here.index('id="confusable"') :]
    assert "There it says <code>key_expired</code>" in here
    assert "There it says <code>key_revoked</code>" in there


def test_neighbours_are_linked_in_the_order_of_the_file() -> None:
    text = GOOD + ENTRY.replace("key-revoked", "second") + ENTRY.replace("key-revoked", "third")
    page = site(text)["en/acme/second.html"]
    assert 'rel="prev" href="../../en/acme/key-revoked.html"' in page
    assert 'rel="next" href="../../en/acme/third.html"' in page


def test_an_old_id_leads_on_to_the_entry() -> None:
    made = site(GOOD.replace("    examples", "    formerly: [acme/old-name, gone/key]\n    examples"))
    assert (
        '<meta http-equiv="refresh" content="0; url=../../en/acme/key-revoked.html">' in made["en/acme/old-name.html"]
    )
    assert '<a href="../../zh/acme/key-revoked.html">' in made["zh/gone/key.html"]


def test_nothing_of_the_knowledge_becomes_markup() -> None:
    tree = yaml.safe_load(GOOD)
    tree["provider"]["name"] = {"en": f"Acme {HOSTILE}", "zh": f"Acme {HOSTILE}"}
    entry = tree["entries"][0]
    entry |= {"verified": "2026-11-21", "codes": [HOSTILE], "messages": [f"The key {{key}} {HOSTILE}"]}
    entry |= {
        "title": {"en": f"`{HOSTILE}`", "zh": f"密钥 {HOSTILE}"},
        "prevention": {"en": HOSTILE, "zh": f"密 {HOSTILE}"},
    }
    entry |= {
        "snippet": {"lang": HOSTILE, "code": HOSTILE},
        "sources": [f"https://docs.acme.example/?{HOSTILE.replace(' ', '')}"],
    }
    cause = entry["causes"][0]
    cause |= {"cause": {"en": HOSTILE, "zh": f"密 {HOSTILE}"}, "fix": {"en": [HOSTILE], "zh": [f"密 {HOSTILE}"]}}
    harmless, hostile = site(GOOD), site(yaml.safe_dump(tree, allow_unicode=True))
    for path in ("en/index.html", "en/acme/index.html", "en/acme/key-revoked.html", "zh/acme/key-revoked.html"):
        tags = read(hostile[path]).tags
        assert tags.count("script") == read(harmless[path]).tags.count("script")
        assert "img" not in tags
        assert "onerror" not in read(hostile[path]).attributes
    data = hostile["assets/knowledge.js"]
    assert "</script" not in data
    table = json.loads(data.removeprefix("window.authbotKnowledge=").rstrip(";\n"))
    assert table["entries"][0][4] == HOSTILE


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("run `a <b>` now", 'run <code class="short">a &lt;b&gt;</code> now', id="code"),
        pytest.param("`" + "x" * 40 + "`", f"<code>{'x' * 40}</code>", id="long code may break"),
        pytest.param("under **Connect**", "under <strong>Connect</strong>", id="strong"),
        pytest.param("a ` alone & 2 ** 3", "a ` alone &amp; 2 ** 3", id="marks that are none"),
        pytest.param("<script>", "&lt;script&gt;", id="escaped"),
    ],
)
def test_sentences_as_html(text: str, html: str) -> None:
    assert inline(text) == html


def test_messages_show_what_varies_and_the_braces_of_the_wire() -> None:
    assert wire('{{"key": "{name}"}} <x>') == "{&#34;key&#34;: &#34;<var>name</var>&#34;} &lt;x&gt;"


def test_a_source_is_named_by_host_and_a_short_way() -> None:
    assert source("https://www.acme.example/") == ("acme.example", "")
    host, way = source("https://acme.example/" + "a" * 90 + "#part")
    assert host == "acme.example"
    assert way.startswith("/…")
    assert way.endswith("#part")


def test_both_languages_have_the_same_words() -> None:
    english, chinese = site_pages._words("en"), site_pages._words("zh")
    assert english.keys() == chinese.keys()
    for key, words in english.items():
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", chinese[key])), key


def test_with_an_address_pages_name_their_canonical_one_and_there_is_a_sitemap() -> None:
    made = site(GOOD, base_url="https://errors.acme.example/kb")
    assert (
        '<link rel="canonical" href="https://errors.acme.example/kb/en/acme/key-revoked.html">'
        in made["en/acme/key-revoked.html"]
    )
    assert "<loc>https://errors.acme.example/kb/zh/acme/key-revoked.html</loc>" in made["sitemap.xml"]
    assert "canonical" not in site(GOOD)["en/acme/key-revoked.html"]


def test_writing_again_takes_out_what_is_gone_and_nothing_else(tmp_path: Path) -> None:
    def there() -> dict[Path, bytes]:
        return {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    zeta = GOOD.replace("acme", "zeta")
    write(tmp_path, pages(knowledge(GOOD, zeta)))
    first = there()
    (tmp_path / "CNAME").write_text("errors.acme.example", encoding="utf-8")
    write(tmp_path, pages(knowledge(GOOD)))
    assert not (tmp_path / "en" / "zeta").exists()
    write(tmp_path, pages(knowledge(GOOD, zeta)))
    assert there() == first | {Path("CNAME"): b"errors.acme.example"}


def test_the_command_writes_the_site(tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "acme.yaml").write_text(GOOD, encoding="utf-8")
    done = authbot("kb", "site", "out", "--knowledge", "knowledge", cwd=tmp_path)
    assert done.returncode == 0
    assert "open out/index.html" in done.stdout
    assert (tmp_path / "out" / "en" / "acme" / "key-revoked.html").is_file()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("full",), "full: is neither empty nor a site that authbot wrote", id="somebody's folder"),
        pytest.param(("/proc/nowhere/site",), "cannot be written", id="not writable"),
        pytest.param(("new", "--base-url", "acme.example"), "--base-url: 'acme.example' is no address", id="address"),
    ],
)
def test_a_mistake_gives_one_line(tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear", encoding="utf-8")
    done = authbot("kb", "site", *args, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
