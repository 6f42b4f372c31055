"""An entry that a maintainer has written in one language so far: everybody is shown that one."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.answer.compose import entry_answer, whole_entry
from bot.curate.local import new_entry, new_provider, with_cause
from bot.curate.models import AddCause, AddEntry
from bot.discord.slash_lookup import provider_shown
from bot.knowledge.models import Entry, Provider, in_language

WORDS = {
    "en": ("The badge is unknown", "It is not registered.", ("Register it.", "Try again.")),
    "zh": ("徽章未登记", "没有登记。", ("登记它。",)),
}


def made(lang: str, *sources: str) -> tuple[Provider, Entry]:
    title, cause, steps = WORDS[lang]
    content = AddEntry(
        provider="gatekeeper",
        title={lang: title},
        cause={lang: cause},
        steps={lang: steps},
        codes=("E_BADGE",),
        sources=sources,
    )
    return new_provider(content), new_entry(content, "badge-unknown", dt.date(2026, 11, 21))


@pytest.mark.parametrize("written", ["en", "zh"])
@pytest.mark.parametrize("read", ["en", "zh", "zh-TW", "fr"])
def test_what_is_written_is_shown(written: str, read: str) -> None:
    provider, entry = made(written)
    title, cause, steps = WORDS[written]
    for shown in (entry_answer(provider, entry, read), whole_entry(provider, entry, read)):
        assert (shown.title, shown.cause, shown.fix) == (title, cause, steps)
        assert shown.sources == ()
        assert all(words in shown.text for words in (title, cause, *steps))


def test_a_second_cause_in_another_language_stands_beside_the_first() -> None:
    provider, entry = made("zh")
    both = with_cause(
        entry, AddCause(entry="gatekeeper/badge-unknown", cause={"en": "Too old."}, steps={"en": ("Wait.",)})
    )
    shown = entry_answer(provider, both, "zh")
    assert [cause.cause for cause in shown.causes] == ["没有登记。", "Too old."]
    assert [cause.tell for cause in shown.causes] == ["", ""]


@pytest.mark.parametrize(
    ("sources", "docs"), [((), None), (("https://docs.gate.example/x",), "https://docs.gate.example/x")]
)
def test_a_provider_has_the_documentation_that_its_first_entry_cites(
    sources: tuple[str, ...], docs: str | None
) -> None:
    provider, entry = made("zh", *sources)
    assert provider.docs == docs
    text = provider_shown(provider, [entry], "en").text
    assert ("https://docs.gate.example/x" in text) is (docs is not None)
    assert "None" not in text


@pytest.mark.parametrize(
    ("texts", "lang", "shown"),
    [
        ({"en": "a", "zh": "b"}, "zh", "b"),
        ({"en": "a", "zh": "b"}, "fr", "a"),
        ({"zh": "b"}, "en", "b"),
        ({"en": "a"}, "zh", "a"),
    ],
)
def test_the_nearest_language_is_taken(texts: dict[str, str], lang: str, shown: str) -> None:
    assert in_language(texts, lang) == shown
