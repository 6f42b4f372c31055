"""What an answer looks like: cause first, numbered steps, at most three causes and 1,500 characters, nothing of theirs carried out."""

from __future__ import annotations

import pytest

from bot.answer.compose import answer
from bot.answer.quote import LONGEST_QUOTE, Quote
from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.match.models import Candidate
from bot.paste.models import Reading

KNOWLEDGE = load(shipped())
NOTHING = Reading("", "")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_entry_fits_at_first_sight(lang: str) -> None:
    for provider, entry in KNOWLEDGE.entries():
        shown = answer(Candidate(provider, entry, 90.0, 0.9), NOTHING, lang)
        assert len(shown.text) <= 1500, entry.id
        assert len(shown.causes) <= 3
        assert shown.causes[0].cause in shown.text
        assert all(step in shown.text for step in shown.causes[0].fix), entry.id
        assert shown.text.index(shown.causes[0].cause) < shown.text.index(shown.causes[0].fix[0])
        assert shown.sources[0] in shown.text, entry.id


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        pytest.param("https://a.example/cb", "`https://a.example/cb`", id="as it is"),
        pytest.param("a`b` @everyone", "`ab @everyone`", id="no backtick ends the quote"),
        pytest.param("a\nb\tc", "`a b c`", id="one line"),
        pytest.param("a\u202eb\u200bc\x07", "`abc`", id="nothing invisible"),
        pytest.param("", "`?`", id="never empty"),
    ],
)
def test_what_was_pasted_is_quoted(pasted: str, shown: str) -> None:
    assert str(Quote(pasted)) == shown


def test_a_quote_is_short() -> None:
    assert len(str(Quote("x" * 5000))) == LONGEST_QUOTE + 2
