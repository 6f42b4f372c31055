"""The gate waves ordinary chat through and lets (nearly) every known error in."""

from __future__ import annotations

import pytest

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.paste.gate import worth_reading


@pytest.mark.parametrize(
    "text",
    ["", "u up?", "👍", "lunch at twelve?", "下午三点开会", "gg wp", "that meme is gold", "x" * 200],
)
def test_chat_is_waved_through(text: str) -> None:
    assert not worth_reading(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{\u200b"error\u200b": "inva\u200blid_grant"}', id="zero-width characters"),
        pytest.param("ＥＲＲＯＲ：ｉｎｖａｌｉｄ＿ｇｒａｎｔ", id="full-width letters"),
        pytest.param("word " * 400, id="too long for chat"),
    ],
)
def test_what_may_be_an_error_is_read(text: str) -> None:
    assert worth_reading(text)


def test_the_examples_of_the_knowledge_pass() -> None:
    examples = [example for _, entry in load(shipped()).entries() for example in entry.examples]
    waved = [example for example in examples if not worth_reading(example)]
    assert len(waved) <= 0.04 * len(examples), waved[:20]
