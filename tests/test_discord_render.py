"""What Discord shows of an answer: all of it where it fits, whole steps where it doesn't, never beyond the limits."""

from __future__ import annotations

import pytest

from bot.answer.models import LONGEST_ANSWER, Answer, Option, ShownCause
from bot.discord.render import answer_embed, cut, source_links

LONG = "word " * 80  # 400 characters


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


def test_an_answer_has_provider_title_cause_steps_and_sources() -> None:
    embed = answer_embed(answer(snippet=("sh", "export KEY=…"), noticed=("the scheme is missing",), notes=("Cut.",)))

    assert embed.author.name == "Acme"
    assert embed.title == "The key was revoked"
    assert embed.colour is not None
    assert embed.colour.value == 0x3366CC
    assert embed.url is None
    lines = (embed.description or "").splitlines()
    order = [
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


def test_several_causes_are_numbered_and_told_apart() -> None:
    causes = (ShownCause("One.", "", ("Do a.",)), ShownCause("Two.", "The log says b.", ("Do b.",)))

    text = answer_embed(answer(causes=causes)).description or ""

    assert text.index("One.") < text.index("Do a.") < text.index("Two.") < text.index("The log says b.")
    assert text.index("The log says b.") < text.index("Do b.")


def test_a_suggestion_lists_its_readings_and_what_tells_them_apart() -> None:
    options = (Option("a/b", "Acme", "First title", "it would show `A`"), Option("c/d", "Coyote", "Second title", ""))

    embed = answer_embed(answer(title="It may be one of these", provider="", causes=(), options=options, sources=()))

    text = embed.description or ""
    assert text.index("First title") < text.index("it would show `A`") < text.index("Second title")
    assert embed.author.name is None


def test_chinese_answers_have_chinese_words() -> None:
    text = answer_embed(answer(lang="zh")).description or ""

    assert "Fix" not in text
    assert "解决办法" in text


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"causes": (ShownCause(LONG, "", steps(30, LONG)),)}, id="many long steps"),
        pytest.param({"causes": tuple(ShownCause(LONG, LONG, steps(9, LONG)) for _ in range(3))}, id="three causes"),
        pytest.param({"causes": (ShownCause("字" * 5000, "", ("步骤",)),)}, id="a cause beyond all limits"),
        pytest.param({"title": "t" * 400, "provider": "p" * 400}, id="long names"),
        pytest.param({"snippet": ("python", "x = 1\n" * 900)}, id="a long snippet"),
        pytest.param({"prevention": LONG * 9, "noticed": steps(50, LONG), "notes": steps(9, LONG)}, id="long notes"),
        pytest.param(
            {"causes": (), "provider": "", "options": tuple(Option("a/b", LONG, LONG, LONG) for _ in range(3))},
            id="a long suggestion",
        ),
        pytest.param({"sources": tuple(f"https://acme.example/{'p' * 270}{n}" for n in range(9))}, id="long sources"),
    ],
)
def test_whatever_comes_it_is_within_the_limits(parts: dict[str, object]) -> None:
    embed = answer_embed(answer(**parts))

    assert len(embed.title or "") <= 256
    assert len(embed.author.name or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed) <= 6000
    seen = (embed.description or "").split("](", maxsplit=1)[0]
    assert len(embed.title or "") + len(embed.author.name or "") + len(seen) <= LONGEST_ANSWER


def test_what_is_too_long_goes_by_whole_parts_the_least_needed_first() -> None:
    causes = (
        ShownCause("First.", "", ("Step of the first.",)),
        ShownCause("Second.", "", ("Step of the second.",)),
        ShownCause("Third.", "", tuple(f"{LONG} third {number}" for number in range(4))),
    )

    text = answer_embed(answer(causes=causes, prevention=LONG)).description or ""

    assert "Step of the second." in text
    assert "third 3" not in text
    assert "…" not in text


def test_steps_are_never_cut_in_the_middle() -> None:
    text = answer_embed(answer(causes=(ShownCause("Why.", "", steps(30, LONG)),))).description or ""

    shown = [line for line in text.splitlines() if line[:1].isdigit()]
    assert 1 <= len(shown) < 30
    assert all(line.endswith(")") for line in shown)


def test_a_fence_in_a_snippet_does_not_end_it() -> None:
    text = answer_embed(answer(snippet=("md", "```\nx\n```"))).description or ""

    assert text.count("```") == 2


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
