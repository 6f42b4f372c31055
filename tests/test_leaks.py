"""Credentials in a paste: which count as live, and what is said of them."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import yaml

from bot.answer.checklist import _LISTS, checklist, telling_facts
from bot.answer.revoke import Leak, _vendors, leaks, warning
from bot.paste.models import Trait
from bot.paste.redact.vendors import INNER_SHAPES, SHAPES
from bot.service import read_paste

GITHUB = "ghp_" + "a1B2c3D4e5" * 4
STRIPE = "sk_live_" + "a1B2c3D4e5" * 3
VENDORS = {shape.vendor for shape in SHAPES} | {vendor for _, vendor, *_ in INNER_SHAPES}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param(f"Authorization: Bearer {GITHUB}", ["github-token"], id="a vendor's token"),
        pytest.param(f"{GITHUB} and {GITHUB}", ["github-token"], id="the same kind twice"),
        pytest.param(f"key={STRIPE} then token={GITHUB}", ["stripe-key", "github-token"], id="two vendors"),
        pytest.param("postgres://app:hunter2hunter2@db.internal/x", ["password"], id="a password in a URL"),
        pytest.param("Authorization: Bearer YOUR_API_KEY", [], id="a stand-in"),
        pytest.param("401 Unauthorized", [], id="nothing"),
        pytest.param("$2b$12$" + "a1B2c3D4e5F6g7H8i9J0k" * 2 + "abcdefghijk", [], id="a password's hash"),
    ],
)
def test_what_looks_live_is_told_by_its_kind(text: str, kinds: list[str]) -> None:
    assert [leak.kind for leak in leaks(read_paste(text).traits)] == kinds


@pytest.mark.parametrize(
    ("expiry", "live"),
    [
        pytest.param("1516239022", False, id="expired"),
        pytest.param("1999999999", True, id="not yet"),
        pytest.param("soon", True, id="no time"),
        pytest.param(None, True, id="without one"),
        pytest.param("9" * 40, True, id="beyond all time"),
    ],
)
def test_a_jwt_that_has_expired_is_no_live_one(expiry: str | None, live: bool) -> None:
    claims = (("alg", "RS256"), *((("exp", expiry),) if expiry else ()))

    assert bool(leaks([Trait("jwt", None, 200, claims=claims)], now=1_750_000_000.0)) is live


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_warning_names_the_kind_and_where_to_revoke_it_but_not_the_value(lang: str) -> None:
    said = warning(leaks(read_paste(f"remote: bad token {GITHUB}").traits), lang)

    assert "GitHub" in said
    assert "https://github.com/settings/tokens" in said
    assert GITHUB not in said
    assert GITHUB[4:12] not in said


def test_what_has_no_vendor_is_revoked_where_it_was_made() -> None:
    said = warning((Leak("client-secret"),), "en")

    assert "client secret" in said
    assert "where it was made" in said


def test_nothing_seen_nothing_said() -> None:
    assert warning((), "en") == ""


def test_a_warning_stays_short_whatever_was_seen() -> None:
    traits = [Trait(shape.kind, shape.vendor, 40) for shape in SHAPES]

    for lang in ("en", "zh"):
        assert len(warning(leaks(traits), lang)) <= 450


@pytest.mark.parametrize("vendor", sorted(_vendors()))
def test_each_vendor_has_both_languages_a_page_and_a_source(vendor: str) -> None:
    kept = _vendors()[vendor]

    assert vendor in VENDORS | {"dashscope", "deepseek"}
    assert set(kept) == {"name", "page", "how", "source"}
    for words in (kept["name"], kept["how"]):
        assert set(words) == {"en", "zh"}
    assert re.search(r"[\u4e00-\u9fff]|`", kept["how"]["zh"])
    for url in (kept["page"], kept["source"]):
        assert re.fullmatch(r"https://[a-z0-9.-]+/\S*", url)


@pytest.mark.parametrize("fact", sorted(_LISTS))
def test_each_checklist_stands_in_both_languages(fact: tuple[str, str]) -> None:
    for lang in ("en", "zh"):
        found = checklist([fact], lang)
        assert found is not None
        assert 3 <= len(found.steps) <= 5
        assert found.source.startswith("https://www.rfc-editor.org/rfc/")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param("HTTP/1.1 403 Forbidden", (("status", "403"),), id="a status"),
        pytest.param(
            "grant_type=refresh_token&client_id=abc\nHTTP/1.1 400 Bad Request",
            (("grant", "refresh_token"), ("status", "400")),
            id="a grant",
        ),
        pytest.param("HTTP 418", (), id="a status that tells nothing"),
        pytest.param("hello", (), id="nothing"),
    ],
)
def test_only_facts_that_have_a_checklist_are_kept(text: str, facts: tuple[tuple[str, str], ...]) -> None:
    assert telling_facts(read_paste(text)) == facts


def test_the_file_has_each_vendor_once() -> None:
    text = files("bot.words").joinpath("revoke.yaml").read_text(encoding="utf-8")
    named = [line[:-1] for line in text.splitlines() if re.fullmatch(r"[a-z0-9-]+:", line)]
    assert sorted(named) == sorted(yaml.safe_load(text))
