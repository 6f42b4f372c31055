"""Finding entries by what somebody types."""

from __future__ import annotations

import pytest

from bot.knowledge.folders import shipped
from bot.knowledge.load import Knowledge, load
from bot.knowledge.models import KnowledgeFile
from bot.knowledge.search import Catalogue, entry_key


def entry(identifier: str, title: str, chinese: str, codes: list[str]) -> dict[str, object]:
    return {
        "id": identifier,
        "title": {"en": title, "zh": chinese},
        "codes": codes,
        "causes": [{"cause": {"en": "c", "zh": "因"}, "fix": {"en": ["f"], "zh": ["修"]}}],
        "examples": ["x"],
        "sources": ["https://p.example/x"],
        "verified": "2025-01-01",
        "formerly": [f"p/old-{identifier}"],
    }


def file(provider: str, names: tuple[str, str], *entries: dict[str, object], **more: object) -> KnowledgeFile:
    head = {"id": provider, "name": {"en": names[0], "zh": names[1]}, "docs": "https://p.example/", **more}
    return KnowledgeFile.model_validate({"provider": head, "entries": entries})


CATALOGUE = Catalogue(
    Knowledge(
        (
            file(
                "eleme",
                ("Ele.me", "饿了么"),
                entry("signature", "The signature differs", "签名不一致", ["SIGN_ERROR"]),
                entry("token", "The token has expired", "令牌过期", ["40001", "invalid_token"]),
                aliases=["elm"],
            ),
            file(
                "wechat",
                ("WeChat", "微信"),
                entry("credential", "The credential is invalid (40001)", "凭据无效", ["40001"]),
                entry("sign", "Sign of the payment differs", "支付签名不对", ["SIGNERROR"]),
                entry("long-" + "x" * 50, "Long one", "很长", ["40001000"]),
            ),
        )
    )
)


def found(typed: str) -> list[str]:
    return [f"{provider.id}/{each.id}" for provider, each in CATALOGUE.entries(typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("40001", "eleme/token", id="an exact code before its beginning"),
        pytest.param("sign_", "eleme/signature", id="the beginning of a code"),
        pytest.param("SIGN of", "wechat/sign", id="the beginning of a title, any case"),
        pytest.param("微信 签名", "wechat/sign", id="provider and word in Chinese"),
        pytest.param("ｅｌｍ token", "eleme/token", id="full width letters"),
        pytest.param("wechat 40001", "wechat/credential", id="provider and code"),
        pytest.param("expired eleme", "eleme/token", id="words in any order"),
    ],
)
def test_the_likeliest_meant_comes_first(typed: str, first: str) -> None:
    assert found(typed)[0] == first


@pytest.mark.parametrize("typed", ["nothing like it", "40001 paypal", "x" * 5000, "\0", "%_*"])
def test_what_nothing_holds_finds_nothing(typed: str) -> None:
    assert found(typed) == []


def test_before_anything_is_typed_there_is_one_of_each_provider() -> None:
    assert found("") == found("   ") == ["eleme/signature", "wechat/credential"]


@pytest.mark.parametrize("typed", ["eleme", "饿了么", "Ele.me", "ELM", " elm "])
def test_a_provider_is_known_by_any_of_its_names(typed: str) -> None:
    provider = CATALOGUE.provider(typed)
    assert provider is not None and provider.id == "eleme"
    assert CATALOGUE.provider(typed.strip()[:2]) is None


@pytest.mark.parametrize("typed", ["wechat/sign", "p/old-sign", "SIGNERROR", "sign of the payment differs"])
def test_an_entry_is_had_by_its_id_an_old_id_or_what_finds_it(typed: str) -> None:
    got = CATALOGUE.entry(typed)
    assert got is not None and got[1].id == "sign"


def test_every_shipped_entry_is_found_by_its_key_and_within_its_first_25_by_its_title() -> None:
    knowledge = load(shipped())
    catalogue = Catalogue(knowledge)
    keys = [entry_key(provider, each) for provider, each in knowledge.entries()]
    assert len(set(keys)) == len(keys)
    missing = []
    for provider, each in knowledge.entries():
        assert catalogue.entry(entry_key(provider, each)) == (provider, each)
        if (provider, each) not in catalogue.entries(f"{provider.id} {each.title['en'][:60]}"):
            missing.append(f"{provider.id}/{each.id}")
    assert missing == []
