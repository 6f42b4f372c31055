"""What secrets stand by is found in a text by one look exactly where looking for each word would find it."""

from __future__ import annotations

import random

import pytest

from bot.paste.redact.headers import SCHEMES
from bot.paste.redact.hints import Words, hints_in
from bot.paste.redact.names import RARE
from bot.paste.redact.near import TOPICS
from bot.paste.redact.sessions import HINTS
from bot.paste.redact.shapes import NEEDLES
from bot.paste.redact.tongues import TELLING
from bot.paste.redact.urls import HOSTS

ALL = tuple(dict.fromkeys((*SCHEMES, *RARE, *TOPICS, *HINTS, *NEEDLES, *TELLING, *HOSTS)))


@pytest.mark.parametrize("hint", ALL)
def test_each_hint_is_found_wherever_it_stands(hint: str) -> None:
    assert hint in hints_in(hint)
    assert hint in hints_in(f"line 7: x{hint}y\n" + "the result of request 12 was refused")


@pytest.mark.parametrize("seed", range(20))
def test_one_look_finds_what_looking_for_each_word_finds(seed: int) -> None:
    rng = random.Random(seed)
    # Pieces of hints run into each other, so that one starts within another and many almost stand there.
    pieces = [hint[rng.randrange(len(hint)) :] for hint in rng.choices(ALL, k=60)] + rng.choices(ALL, k=20)
    rng.shuffle(pieces)
    text = "".join(pieces)
    assert hints_in(text) == {hint for hint in ALL if hint in text}


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        pytest.param(("token", "kenya"), "tokenya", {"token", "kenya"}, id="one within another's end"),
        pytest.param(("pass", "passcode", "code"), "passcode", {"pass", "passcode", "code"}, id="one in another"),
        pytest.param(("passcode",), "pass code", set(), id="not in one piece"),
        pytest.param(("k", "]:", "\t"), "a[k]:", {"k", "]:"}, id="short words"),
        pytest.param(("aaaa",), "aaa", set(), id="one letter too few"),
        pytest.param((), "anything", set(), id="no words"),
        pytest.param(("token",), "", set(), id="no text"),
    ],
)
def test_words(words: tuple[str, ...], text: str, found: set[str]) -> None:
    assert Words(words).within(text) == found
