"""The tools that keep the knowledge good: kb new, lint's memory, stats, confusables, links."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import web

from bot import confusables
from bot.cores import WORTH_IT, over_cores
from bot.examples import faults as example_faults
from bot.examples_kept import tried
from bot.knowledge.folders import PACKAGED, shipped
from bot.knowledge.links import faults, form_faults, links
from bot.knowledge.load import Knowledge, KnowledgeError, load, parse
from bot.knowledge.new import skeleton
from bot.knowledge.stats import GROUPS, coverage, into_readme, missing, table
from bot.reach import NoNetworkError, reach
from tests.test_cli import authbot
from tests.test_knowledge import GOOD as ANYBODYS

# A code of its own: words that every service uses count less.
GOOD = ANYBODYS.replace("key_revoked", "acme_revoked")
ENTRY = GOOD[GOOD.index("  - id: key-revoked") :]
README = Path(__file__).parents[1] / "README.md"


OTHER = {"acme_revoked": "zone_locked", "40001": "50002", "The key {key} has been revoked": "Zone {zone} is locked now"}
FILLERS = [
    first + last
    for first in ("brim", "tolk", "vask", "juno", "pelt", "dorf")
    for last in ("gate", "mill", "wick", "sand")
]


def filler() -> str:
    """Return a file of many entries, beside which a code or a message is rare."""
    entries = [
        ENTRY.replace("key-revoked", word)
        .replace("acme_revoked, 40001", f"{word}_fault")
        .replace("acme_revoked", f"{word}_fault")
        .replace("The key {key} has been revoked", f"Nobody {word[::-1]} at the {word} of {{name}}")
        for word in FILLERS
    ]
    return (GOOD.removesuffix(ENTRY) + "".join(entries)).replace("acme", "filler").replace("Acme", "Filler")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of knowledge with one good file."""
    place = tmp_path / "knowledge"
    place.mkdir()
    (place / "acme.yaml").write_text(GOOD, encoding="utf-8")
    return place


@pytest.fixture
def many(folder: Path) -> Path:
    """The same with two files more: `zeta`, and many entries beside which a code or a message is rare."""
    (folder / "zeta.yaml").write_text(provider("zeta", OTHER), encoding="utf-8")
    (folder / "filler.yaml").write_text(filler(), encoding="utf-8")
    return folder


def edit(folder: Path, old: str, new: str, name: str = "acme") -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def provider(name: str, changes: Mapping[str, str]) -> str:
    """Return the good file with words replaced, as another provider's."""
    text = GOOD
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text.replace("acme", name).replace("Acme", name.title())


# ---- kb new -----------------------------------------------------------------------------------------------------


def test_a_new_provider_is_a_skeleton_that_neither_loads_nor_passes_until_it_is_filled_in(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    options = ("--knowledge", str(folder))
    made = authbot("kb", "new", "acme-cloud", *options, cwd=tmp_path)
    path = folder / "acme-cloud.yaml"
    assert made.returncode == 0
    assert f"authbot kb lint {path}" in made.stdout
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")

    with pytest.raises(KnowledgeError, match=r"acme-cloud\.yaml:\d+: "):
        load(folder, cache=False)
    checked = authbot("kb", "lint", *options, cwd=tmp_path)
    assert checked.returncode == 1
    said = checked.stdout.splitlines()
    assert all(": is empty; " in line for line in said)
    assert f"{path}:20: entries.0.id: is empty; give the entry an id" in checked.stdout
    assert {line.split(": ")[1] for line in said} >= {"provider.docs", "entries.0.title.zh", "entries.0.verified"}

    filled = path.read_text(encoding="utf-8")
    for empty, value in (
        ("    en:\n    zh:\n  # What gives", "    en: Acme Cloud\n    zh: Acme 云\n  # What gives"),
        ("  docs:", "  docs: https://docs.acme.example/auth"),
        ("  - id:\n", "  - id: key-revoked\n"),
        ("      en:\n      zh:\n    # HTTP", "      en: The key was revoked\n      zh: 密钥已被吊销\n    # HTTP"),
        ("    codes:\n      -\n", "    codes:\n      - acme_revoked\n"),
        ("    messages:\n      -\n", "    messages:\n      - The key {key} has been revoked\n"),
        (
            "          en:\n          zh:\n        # Steps",
            "          en: Somebody did it.\n          zh: 有人吊销了它。\n        # Steps",
        ),
        ("          en:\n            -\n", "          en:\n            - Make a new one.\n"),
        ("          zh:\n            -\n", "          zh:\n            - 新建一个。\n"),
        ("    examples:\n      -\n", "    examples:\n      - acme_revoked\n"),
        ("    sources:\n      -\n", "    sources:\n      - https://docs.acme.example/errors\n"),
        ("    verified:\n", "    verified: 2026-11-21\n"),
    ):
        assert empty in filled
        filled = filled.replace(empty, value, 1)
    path.write_text(filled, encoding="utf-8")
    assert authbot("kb", "lint", *options, cwd=tmp_path).returncode == 0


def test_each_field_that_is_filled_in_is_one_thing_less_to_mend(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(skeleton("acme", schema="s.json", lint="lint"), encoding="utf-8")
    before = authbot("kb", "lint", "--knowledge", str(tmp_path), cwd=tmp_path).stdout.splitlines()
    edit(tmp_path, "    verified:\n", "    verified: 2026-11-21\n")
    after = authbot("kb", "lint", "--knowledge", str(tmp_path), cwd=tmp_path).stdout.splitlines()
    assert [line for line in before if line not in after] == [before[-1]]
    assert "verified" in before[-1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("Acme",), "'Acme' is no provider id", id="capital"),
        pytest.param(("../acme",), "'../acme' is no provider id", id="a way out of the folder"),
        pytest.param(("a" * 61,), "is no provider id", id="too long"),
        pytest.param(("acme",), "acme.yaml: is there already", id="is there"),
        pytest.param(("other", "--knowledge", str(PACKAGED)), "not to be edited", id="installed program"),
    ],
)
def test_what_can_not_be_made_is_said_in_one_line(folder: Path, args: tuple[str, ...], said: str) -> None:
    where = () if "--knowledge" in args else ("--knowledge", str(folder))
    done = authbot("kb", "new", *args, *where, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert [path.name for path in folder.iterdir()] == ["acme.yaml"]


# ---- kb lint: what is tried anew --------------------------------------------------------------------------------


def lint(folder: Path) -> tuple[int, list[str]]:
    """Return how many examples were tried, and the faults, with the memory of earlier calls."""
    paths = sorted(folder.glob("*.yaml"))
    sources = [(path, path.read_text(encoding="utf-8")) for path in paths]
    models = parse(sources)
    results, number = tried(folder, models)
    return number, [fault.removeprefix(f"{folder}/") for fault in example_faults(sources, models, results)]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "authbot"


@pytest.mark.parametrize(
    ("name", "old", "new", "anew", "broken"),
    [
        pytest.param("acme", "Make a new key", "Create a new key", 0, 0, id="prose only"),
        pytest.param("acme", "2026-11-21", "2026-11-20", 0, 0, id="a date"),
        pytest.param("zeta", """['{"error": "zone_locked"}']""", "['error: zone_locked']", 1, 0, id="an example"),
        pytest.param("zeta", "Zone {zone} is locked now", "Zone {zone} is closed", 1, 0, id="a message of one entry"),
        pytest.param("zeta", "[zone_locked, 50002]", "[zone_locked, acme_revoked]", 2, 1, id="another's code"),
        pytest.param("acme", "[acme_revoked, 40001]", "[40001]", 1, 1, id="a code taken away"),
    ],
)
def test_what_a_change_can_touch_is_tried_again_and_its_faults_are_found(
    many: Path, name: str, old: str, new: str, anew: int, broken: int
) -> None:
    assert lint(many) == (len(FILLERS) + 2, [])
    assert lint(many) == (0, [])
    edit(many, old, new, name)
    number, found = lint(many)
    assert (number, len(found)) == (anew, broken)
    assert lint(many)[1] == found  # a fault is not forgotten


def test_an_entry_that_takes_anothers_message_is_found_in_the_others_file(many: Path) -> None:
    edit(many, """['{"error": "acme_revoked"}']""", "['The key ac-17 has been revoked']")
    assert lint(many)[1] == []
    edit(many, "Zone {zone} is locked now", "The key {id} has been revoked", "zeta")
    number, found = lint(many)
    assert number == 2
    assert any(fault.startswith("acme.yaml:13: entries.0.examples.0: ") for fault in found)


@pytest.mark.parametrize(
    "change", [pytest.param("hosts: [acme.example]", id="a sign"), pytest.param("standard: true", id="a standard")]
)
def test_everything_is_tried_again_where_a_provider_is_known_by_other_signs(many: Path, change: str) -> None:
    lint(many)
    edit(many, "  id: acme\n", f"  id: acme\n  {change}\n")
    assert lint(many)[0] == len(FILLERS) + 2


def test_a_broken_memory_only_costs_time(many: Path, own_cache: Path) -> None:
    assert lint(many) == (len(FILLERS) + 2, [])
    [kept] = own_cache.glob("lint-*.json")
    kept.write_text('{"code": 1', encoding="utf-8")
    assert lint(many) == (len(FILLERS) + 2, [])


def test_without_the_cache_everything_is_tried_and_nothing_kept(many: Path, own_cache: Path) -> None:
    count = len(FILLERS) + 2
    for _ in range(2):
        done = authbot(
            "kb", "lint", "--no-cache", "--knowledge", str(many), cwd=many, XDG_CACHE_HOME=str(own_cache.parent)
        )
        assert f"of {count} examples {count} were tried anew" in done.stdout
    assert not own_cache.exists()


def test_work_over_cores_is_the_same_work_in_the_same_order() -> None:
    factor = 3
    items = list(range(WORTH_IT + 7))
    assert over_cores(lambda item: item * factor, items) == [item * factor for item in items]
    assert over_cores(lambda item: item * factor, items[:3]) == [0, 3, 6]


# ---- kb stats ---------------------------------------------------------------------------------------------------


def test_the_table_counts_what_is_there_and_alike_fixes_once() -> None:
    again = ENTRY.replace("key-revoked", "key-gone")
    files = parse([(Path("acme.yaml"), GOOD + again), (Path("jwt.yaml"), provider("jwt", {"new key": "other key"}))])
    rows = {row.group: row for row in coverage(files)}
    assert (rows["other"].entries, rows["other"].fixes, rows["other"].sources) == (2, 1, 1)
    assert (rows["standards"].written, rows["standards"].wanted) == (1, 5)
    assert (rows["all"].entries, rows["all"].fixes, rows["all"].codes) == (3, 2, 6)
    assert "| standards | 1 of 5 | 1 | 1 |" in table(coverage(files))
    assert "jwt" not in missing(files)
    assert "oauth2" in missing(files)


def test_no_provider_stands_in_two_groups() -> None:
    every = [name for ids in GROUPS.values() for name in ids]
    assert len(every) == len(set(every))


def test_the_readme_has_the_table_as_the_command_prints_it() -> None:
    text = README.read_text(encoding="utf-8")
    current = into_readme(text, table(coverage(load(shipped()).files)))
    assert text == current, "the README's table is stale; run: .venv/bin/python -m bot kb stats --readme"


# ---- kb confusables ---------------------------------------------------------------------------------------------


def test_pairs_that_are_near_are_told_and_why(tmp_path: Path) -> None:
    entry = (
        ENTRY.replace("key-revoked", "keys-revoked").replace("acme_revoked", "acme_all_gone").replace("40001", "77001")
    )
    entry = entry.replace("The key {key} has been revoked", "The keys {keys} have been revoked")
    files = [(tmp_path / "acme.yaml", GOOD + entry), (tmp_path / "zeta.yaml", provider("zeta", OTHER))]
    [pair] = confusables.pairs(Knowledge(parse(files)))
    assert (pair.one, pair.other, pair.declared) == ("acme/key-revoked", "acme/keys-revoked", False)
    assert pair.alike >= confusables.ALIKE
    assert pair.danger > 0.5
    assert "alike: The key" in pair.because


def test_messages_that_differ_in_a_number_are_not_alike(tmp_path: Path) -> None:
    entry = ENTRY.replace("key-revoked", "error-two").replace("acme_revoked", "zz_b")
    one = GOOD.replace("The key {key} has been revoked", "Acme zone failure, data 525")
    two = entry.replace("The key {key} has been revoked", "Acme zone failure, data 530").replace("40001", "80002")
    knowledge = Knowledge(parse([(tmp_path / "acme.yaml", one + two)]))
    assert [pair for pair in confusables.pairs(knowledge) if pair.alike] == []


def test_declared_pairs_are_marked_and_left_out_on_request(folder: Path) -> None:
    entry = ENTRY.replace("id: key-revoked", "id: key-gone")
    path = folder / "acme.yaml"
    path.write_text(
        GOOD + entry.replace("    examples", "    confusable: [acme/key-revoked]\n    examples"), encoding="utf-8"
    )
    done = authbot("kb", "confusables", "--knowledge", str(folder), cwd=folder)
    assert done.stdout.startswith("1.00\tacme/key-gone\tacme/key-revoked\tdeclared\t")
    left = authbot("kb", "confusables", "--undeclared", "--knowledge", str(folder), cwd=folder)
    assert (left.returncode, left.stdout) == (0, "")


# ---- kb links ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("https://docs.acme.com/auth#errors", None, id="a page and its part"),
        pytest.param("https://docs.acme.com/a_(b)", None, id="brackets that close"),
        pytest.param("https://help.acme.com/view?id=42&language=en", None, id="a query that says which page"),
        pytest.param("https://docs.acme.com/%E7%99%BB%E5%BD%95", None, id="encoded Chinese"),
        pytest.param("http://docs.acme.com/", "https://", id="not https"),
        pytest.param("https://localhost/x", "no host", id="a host without a dot"),
        pytest.param("https://docs.acme.example/x", "no host", id="a reserved name"),
        pytest.param("https://" + "pypi" + ".org/project/x", "package registry", id="a registry"),
        pytest.param("https://docs.microsoft.com/x", "cite learn.microsoft.com", id="a host that moved"),
        pytest.param("https://a.com/x?utm_source=y&b=1", "take out utm_source", id="tracking"),
        pytest.param("https://a.com/x?", "question mark", id="an empty query"),
        pytest.param("https://a.com/x#", "# with nothing", id="an empty fragment"),
        pytest.param("https://a.com/x#:~:text=login", "looks broken", id="a highlighted text"),
        pytest.param("https://a.com/x#part.", "looks broken", id="the sentence's full stop in the fragment"),
        pytest.param("https://a.com/x).", "ends with .", id="the sentence's full stop"),
        pytest.param("https://a.com/x)", "ends with )", id="a bracket that nothing opens"),
        pytest.param("https://a.com/long…path", "shortened", id="shortened"),
        pytest.param("https://a.com/登录", "encode", id="raw Chinese"),
    ],
)
def test_the_form_of_an_address(url: str, reason: str | None) -> None:
    found = list(form_faults(url))
    assert bool(found) == (reason is not None)
    assert reason is None or reason in found[0]


def test_a_bad_address_and_one_cited_twice_are_named_with_their_lines(tmp_path: Path) -> None:
    text = GOOD.replace("docs.acme.example", "docs.acme.com")
    text = text.replace(
        "[https://docs.acme.com/errors]",
        '\n    - https://docs.acme.com/errors\n    - "https://www.docs.acme.com/errors/"\n    - https://help.github.com/x',
    )
    sources = [(tmp_path / "acme.yaml", text)]
    said = [line.removeprefix(f"{tmp_path}/") for line in faults(links(sources, parse(sources)))]
    assert said == [
        "acme.yaml:16: entries.0.sources.1: https://www.docs.acme.com/errors/ is cited twice by this entry",
        "acme.yaml:17: entries.0.sources.2: https://help.github.com/x has moved for good: cite docs.github.com",
    ]


@pytest.fixture
async def pages() -> AsyncIterator[str]:
    """A server of pages that are there, gone, moved, shy of HEAD, and private; yields its address."""

    async def there(_: web.Request) -> web.Response:
        return web.Response(text="here")

    async def only_get(request: web.Request) -> web.Response:
        return web.Response(text="here") if request.method == "GET" else web.Response(status=404)

    async def private(_: web.Request) -> web.Response:
        return web.Response(status=403)

    async def moved(_: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently("/there")

    async def elsewhere_today(_: web.Request) -> web.Response:
        raise web.HTTPFound("/there")

    app = web.Application()
    for path, handler in {
        "/there": there, "/only-get": only_get, "/private": private, "/moved": moved, "/today": elsewhere_today,
    }.items():  # fmt: skip
        app.router.add_route("*", path, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    await runner.cleanup()


async def test_what_became_of_each_page_is_told(pages: str) -> None:
    nobody = "http://127.0.0.1:9/x"  # the discard port: nothing listens
    reached = await reach(
        [f"{pages}/{name}" for name in ("there", "only-get", "private", "moved", "today", "no")] + [nobody]
    )
    assert {url.rpartition("/")[2]: result.found for url, result in reached.items()} == {
        "there": "there",
        "only-get": "there",
        "private": "unknown",
        "moved": "moved",
        "today": "there",
        "no": "gone",
        "x": "unreachable",
    }
    assert reached[f"{pages}/moved"].detail == f"{pages}/there"


async def test_without_a_network_nothing_is_said_to_be_gone() -> None:
    with pytest.raises(NoNetworkError):
        await reach(["http://127.0.0.1:9/x", "http://127.0.0.1:9/y"])
