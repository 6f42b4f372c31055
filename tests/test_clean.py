"""Cleaning: what no screen shows is taken out, what a person sees stays as pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paste.clean import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nb\rc\n", "a\nb\nc\n", id="line ends"),
        pytest.param("a\u2028b\u0085c", "a\nb\nc", id="unicode line ends"),
        pytest.param("\x1b[31;1mred\x1b[0m", "red", id="colours"),
        pytest.param("\x1b[38;2;255;0;0mred\x1b[39m", "red", id="true colour"),
        pytest.param("\x1b[2K\x1b[1Gx", "x", id="cursor"),
        pytest.param("\x1b]0;title\x07x", "x", id="window title"),
        pytest.param("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param("\x9b31mred\x9b0m", "red", id="one-byte CSI"),
        pytest.param("\x1b(Bx\x1b=", "x", id="character sets"),
        pytest.param("a\x00b\x07c\x08d\x7f", "abcd", id="controls"),
        pytest.param("a\u200bb\u200cc\u2060d\ufeff", "abcd", id="zero width"),
        pytest.param("a\u202eb\u2066c\u2069", "abc", id="bidi"),
        pytest.param("pass\u00adword", "password", id="soft hyphen"),
        pytest.param("\ufeff{}", "{}", id="byte order mark"),
        pytest.param("a\U000e0041b", "ab", id="tags"),
        pytest.param("a\ud800b", "ab", id="lone surrogate"),
        pytest.param("\x1b[31", "[31", id="cut off escape"),
        pytest.param("\x1b]0;never closed", "]0;never closed", id="unclosed title"),
    ],
)
def test_is_taken_out(text: str, expected: str) -> None:
    assert clean(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("plain text\twith a tab\nand lines\n", id="ascii"),
        pytest.param("密码：错误，“请”重试！（401）", id="full-width punctuation"),
        pytest.param("“smart” ‘quotes’ – and — dashes…", id="typography"),
        pytest.param("naïve café Straße", id="accents"),
        pytest.param("nbsp\u00a0and\u3000wide space", id="spaces"),
        pytest.param("🔑 emoji 😀", id="emoji"),
        pytest.param("Ｔｏｋｅｎ ｅｒｒｏｒ", id="full-width letters"),
        pytest.param("[31m is no escape", id="brackets"),
        pytest.param("", id="nothing"),
    ],
)
def test_stays_as_pasted(text: str) -> None:
    assert clean(text).text == text
    assert clean(text).removed == ()


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        pytest.param("ab\u200bcd", (2,), id="inside"),
        pytest.param("\ufeffabc\u200b\u200c", (0, 3), id="at both ends, two as one"),
        pytest.param("a\r\nb\x1b[0mc", (), id="line ends and colours do not count"),
        pytest.param("\x1b[1ma\u200b\x1b[0mb", (1,), id="offsets are those of the cleaned text"),
    ],
)
def test_says_where_something_invisible_stood(text: str, removed: tuple[int, ...]) -> None:
    assert clean(text).removed == removed


@given(st.text(st.one_of(st.characters(), st.sampled_from("\x1b[]0m;\x07\\\r\n\u200b\x9b")), max_size=80))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text).text

    assert clean(once).text == once
    assert clean(once).removed == ()


@pytest.mark.parametrize("unit", ["\x1b", "\x1b[", "\x1b]", "\x1b[0m", "\u200b", "a\u200b", "\r", "\x1bP", "\x9d"])
def test_any_length_is_fine(unit: str) -> None:
    assert "\x1b" not in clean(unit * (300_000 // len(unit))).text
