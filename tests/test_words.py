"""The bot's own words: the same keys and the same blanks in both languages."""

from __future__ import annotations

import string

import pytest

from bot import words
from bot.words import language, say

ENGLISH, CHINESE = (words._words(lang) for lang in ("en", "zh"))


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert ENGLISH.keys() == CHINESE.keys()


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_both_have_the_same_blanks(key: str) -> None:
    assert blanks(ENGLISH[key]) == blanks(CHINESE[key])


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("zh-TW", "zh"), ("zh_CN", "zh"), ("en-GB", "en"), ("fr", "en"), (None, "en"), ("", "en")],
)
def test_what_we_do_not_write_is_english(tag: str | None, expected: str) -> None:
    assert language(tag) == expected


def test_values_are_filled_in() -> None:
    assert say("answer.cause", "en", cause="x") == "Cause: x"
    assert say("answer.cause", "zh", cause="x") == "原因：x"
