"""What Discord shows of an answer: all of it where it fits, whole steps where it doesn't, never beyond the limits."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answer.models import LONGEST_ANSWER, Answer, Option, ShownCause
from bot.discord.keys import Key, key, read_key
from bot.discord.parts import cut, fence, source_links
from bot.discord.render import Under, answer_shown, suggestion_shown, unmatched_shown, whole_shown
from bot.discord.shown import Press, Shown, in_rows
from tests.discord_server import components

LONG = "word " * 80  # 400 characters
UNDER = Under(answer=123, entry="acme/key-revoked", others=True, leak=True)


def steps(count: int, words: str = "Do it.") -> tuple[str, ...]:
    return tuple(f"{words} ({number})" for number in range(count))


def answer(**parts: object) -> Answer:
    given: dict[str, object] = {
        "lang": "en",
        "title": "The key was revoked",
        "text": "plain",
        "provider": "Acme",
        "causes": (ShownCause("Its owner revoked it.", "", ("Make a new key.", "Use it.")),),
        "sources": ("https://docs.acme.example/keys",),
        "colour": "#3366cc",
        **parts,
    }
    return Answer(**given)  # type: ignore[arg-type]


def laid_out(shown: Shown) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = shown.sending()["view"].to_components()
    assert components.faults({"components": made, "flags": components.V2}) == []
    return made


def read(shown: Shown) -> str:
    return "\n".join(components.texts(laid_out(shown)))


async def test_an_answer_has_provider_title_cause_steps_and_sources() -> None:
    given = answer(snippet=("sh", "export KEY=…"), noticed=("the scheme is missing",), notes=("Cut.",))
    shown = answer_shown(given, UNDER)

    lines = read(shown).splitlines()
    order = [
        "-# Acme",
        "### The key was revoked",
        "- the scheme is missing",
        "Its owner revoked it.",
        "1. Make a new key.",
        "2. Use it.",
        "```sh",
        "export KEY=…",
        "```",
        "-# Cut.",
    ]
    assert [line for line in lines if line in order] == order
    assert "[docs.acme.example](https://docs.acme.example/keys)" in lines[-1]
    assert laid_out(shown)[0]["accent_color"] == 0x3366CC


async def test_several_causes_are_numbered_and_told_apart() -> None:
    causes = (ShownCause("One.", "", ("Do a.",)), ShownCause("Two.", "The log says b.", ("Do b.",)))

    text = read(answer_shown(answer(causes=causes), UNDER))

    assert text.index("One.") < text.index("Do a.") < text.index("Two.") < text.index("The log says b.")
    assert text.index("The log says b.") < text.index("Do b.")


async def test_a_suggestion_lists_its_readings_with_what_tells_them_apart_and_a_button_beside_each() -> None:
    options = (Option("a/b", "Acme", "First title", "it would show `A`"), Option("c/d", "Coyote", "Second title", ""))
    given = answer(title="It may be one of these", provider="", causes=(), options=options, sources=())

    shown = suggestion_shown(given, Under(answer=5))

    text = read(shown)
    assert text.index("First title") < text.index("it would show `A`") < text.index("Second title")
    buttons = components.buttons(laid_out(shown))
    assert buttons["It is 1"] == "ab:pick1:5:a/b"
    assert buttons["It is 2"] == "ab:pick2:5:c/d"


async def test_chinese_answers_have_chinese_words() -> None:
    text = read(answer_shown(answer(lang="zh"), UNDER))

    assert "Fix" not in text
    assert "解决办法" in text


LIMITS = [
    pytest.param({"causes": (ShownCause(LONG, "", steps(30, LONG)),)}, id="many long steps"),
    pytest.param({"causes": tuple(ShownCause(LONG, LONG, steps(9, LONG)) for _ in range(3))}, id="three causes"),
    pytest.param({"causes": tuple(ShownCause(LONG, LONG, steps(9, LONG)) for _ in range(9))}, id="nine causes"),
    pytest.param({"causes": (ShownCause("字" * 5000, "", ("步骤",)),), "lang": "zh"}, id="a cause beyond all limits"),
    pytest.param({"causes": (ShownCause("字" * 90, "", ("步骤" * 60,) * 40),)}, id="many Chinese steps"),
    pytest.param({"causes": (ShownCause("👩‍👩‍👧" * 3000, "", ("x",)),)}, id="characters of many bytes"),
    pytest.param({"title": "t" * 400, "provider": "p" * 400}, id="long names"),
    pytest.param({"snippet": ("python", "x = 1\n" * 900)}, id="a long snippet"),
    pytest.param({"prevention": LONG * 9, "noticed": steps(50, LONG), "notes": steps(9, LONG)}, id="long notes"),
    pytest.param({"sources": tuple(f"https://acme.example/{'p' * 270}{n}" for n in range(9))}, id="long sources"),
]


@pytest.mark.parametrize("parts", LIMITS)
async def test_whatever_comes_it_is_within_the_limits(parts: dict[str, object]) -> None:
    given = answer(text="w " * 750, **parts)
    for shown in (answer_shown(given, UNDER), whole_shown(given)):
        alarmed = Shown(shown.text, shown.blocks, shown.colour, "⚠️ " + "凭据" * 200, shown.rows)
        laid_out(alarmed)
        plain = alarmed.sending(v2=False)
        assert len(plain["content"]) <= 2000
        if "view" in plain:
            assert components.faults({"components": plain["view"].to_components()}) == []


@pytest.mark.parametrize("parts", LIMITS)
async def test_at_first_sight_it_is_short(parts: dict[str, object]) -> None:
    seen = read(answer_shown(answer(**parts), UNDER)).split("](", maxsplit=1)[0]

    assert len(seen) <= LONGEST_ANSWER + 20


async def test_a_long_suggestion_is_within_the_limits() -> None:
    options = tuple(Option(f"a/{n}" + "b" * 110, LONG, LONG, LONG) for n in range(3))
    given = answer(causes=(), provider="", options=options, sources=(), notes=(LONG,))

    laid_out(suggestion_shown(given, UNDER))


async def test_what_is_too_long_goes_by_whole_parts_the_least_needed_first() -> None:
    causes = (
        ShownCause("First.", "", ("Step of the first.",)),
        ShownCause("Second.", "", ("Step of the second.",)),
        ShownCause("Third.", "", tuple(f"{LONG} third {number}" for number in range(4))),
    )

    text = read(answer_shown(answer(causes=causes, prevention=LONG), UNDER))

    assert "Step of the second." in text
    assert "third 3" not in text
    assert "…" not in text


async def test_more_has_what_the_first_sight_left_out() -> None:
    causes = tuple(ShownCause(f"Cause {n}.", "", steps(3, f"{LONG[:120]} of {n}")) for n in range(5))
    given = answer(causes=causes, prevention="Rotate keys.", sources=tuple(f"https://{n}.example/" for n in range(5)))

    first, more = read(answer_shown(given, UNDER)), read(whole_shown(given))

    assert "of 4 (2)" not in first
    for n in range(5):
        assert f"of {n} (2)" in more
        assert f"https://{n}.example/" in more
    assert "Rotate keys." in more


async def test_steps_are_never_cut_in_the_middle() -> None:
    text = read(answer_shown(answer(causes=(ShownCause("Why.", "", steps(30, LONG)),)), UNDER))

    shown = [line for line in text.splitlines() if line[:1].isdigit()]
    assert 1 <= len(shown) < 30
    assert all(line.endswith(")") for line in shown)


async def test_without_a_row_in_the_store_there_are_no_buttons() -> None:
    assert components.buttons(laid_out(answer_shown(answer(), Under()))) == {}


@pytest.mark.parametrize(
    ("under", "labels"),
    [
        pytest.param(Under(answer=1), ["Solved it", "Didn't help", "More", "中文", "Remove"], id="in a channel"),
        pytest.param(Under(answer=1, private=True), ["Solved it", "Didn't help", "More", "中文"], id="in private"),
        pytest.param(
            UNDER,
            ["Solved it", "Didn't help", "More", "Other matches", "中文", "Remove", "Remove the message"],
            id="with other matches and a credential",
        ),
    ],
)
async def test_the_buttons_are_those_that_make_sense(under: Under, labels: list[str]) -> None:
    assert list(components.buttons(laid_out(answer_shown(answer(), under)))) == labels


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        pytest.param((("status", "401"),), "`WWW-Authenticate`", id="a status"),
        pytest.param((("grant", "refresh_token"), ("status", "400")), "The refresh token belongs", id="a grant first"),
        pytest.param((("status", "418"),), None, id="a status without a list"),
        pytest.param((), None, id="nothing known"),
    ],
)
async def test_an_unmatched_error_gets_what_its_facts_alone_allow(
    facts: tuple[tuple[str, str], ...], said: str | None
) -> None:
    shown = unmatched_shown(facts, "en", Under(answer=1, group="g1-abc"))

    assert "I do not know this error yet" in read(shown)
    assert "`g1-abc`" in shown.plain
    if said is None:
        assert "1. " not in read(shown)
    else:
        assert said in read(shown)
        assert said in shown.plain
        assert "rfc-editor.org" in shown.plain


async def test_an_alert_stands_above_everything_in_red() -> None:
    shown = answer_shown(answer(), UNDER)
    alarmed = Shown(shown.text, shown.blocks, shown.colour, "A key was seen.", shown.rows)

    alert, box, *_ = laid_out(alarmed)
    assert components.texts([alert]) == ["A key was seen."]
    assert alert["accent_color"] != box["accent_color"]
    assert alarmed.plain.startswith("A key was seen.")


def test_a_fence_in_a_snippet_does_not_end_it() -> None:
    assert fence("md", "```\nx\n```").count("```") == 2


@pytest.mark.parametrize(
    ("given", "made", "back"),
    [
        (("more", 12, "acme/x"), "ab:more:12:acme/x", Key("more", 12, "acme/x")),
        (("more", 12, ""), "ab:more:12", Key("more", 12)),
        (("more", None, "a/b"), "ab:more:0:a/b", Key("more", 0, "a/b")),
        (("more", 12, "a/" + "b" * 110), "ab:more:12", Key("more", 12)),
    ],
)
def test_ids_say_what_was_pressed_and_fit(given: tuple[str, int | None, str], made: str, back: Key) -> None:
    assert key(*given) == made
    assert read_key(made) == back


@pytest.mark.parametrize("custom_id", ["", "ab", "ab:more", "ab:more:", "ab:more:x", "other:more:1", "ab:MORE:1"])
def test_other_ids_are_none_of_ours(custom_id: str) -> None:
    assert read_key(custom_id) is None


def test_buttons_stand_in_rows_of_five_at_most() -> None:
    assert [len(row) for row in in_rows([Press(str(n), str(n)) for n in range(7)]) if isinstance(row, tuple)] == [4, 3]
    assert in_rows([]) == ()


@pytest.mark.parametrize(
    ("urls", "links"),
    [
        pytest.param((), "", id="none"),
        pytest.param(("https://a.example/x",), "[a.example](https://a.example/x)", id="one"),
        pytest.param(
            ("https://a.example/x", "https://a.example/y", "https://b.example/"),
            "[a.example](https://a.example/x) · [a.example (2)](https://a.example/y) · [b.example](https://b.example/)",
            id="the same host twice",
        ),
        pytest.param(("https://a.example/x_(y)",), "[a.example](https://a.example/x_%28y%29)", id="brackets"),
        pytest.param(("https://a.example/x",) * 3, "[a.example](https://a.example/x)", id="the same page thrice"),
    ],
)
def test_sources_are_links_named_by_their_host(urls: tuple[str, ...], links: str) -> None:
    assert source_links(urls) == links


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("short", 10, "short"),
        ("one two three", 10, "one two…"),
        ("abcdefghijkl", 10, "abcdefghi…"),
        ("一二三四五六七八九十甲乙", 10, "一二三四五六七八九…"),
    ],
)
def test_text_is_cut_at_a_word(text: str, room: int, shown: str) -> None:
    assert cut(text, room) == shown
