"""What happens to an error between the machine that printed it and the channel it is pasted into."""

from __future__ import annotations

import html
import json
import random
import textwrap
from collections.abc import Callable

Mangle = Callable[[str, random.Random], str]

CHATTER = {
    "en": ("hey all, I keep getting this since this morning:", "any idea what I am doing wrong?"),
    "zh": ("大家好，今天早上开始一直报这个错：", "有人知道怎么解决吗？"),
    "es": ("hola, desde ayer me sale este error:", "¿alguien sabe qué pasa?"),
    "de": ("moin, seit gestern bekomme ich das hier:", "hat jemand eine Idee?"),
    "fr": ("salut, depuis hier j'ai cette erreur :", "quelqu'un a une idée ?"),
    "ja": ("今朝からこのエラーが出ます：", "わかる方いますか？"),
    "ru": ("привет, со вчерашнего дня вижу такое:", "кто-нибудь знает, что делать?"),
}


def as_is(text: str, rng: random.Random) -> str:
    return text


def quoted(text: str, rng: random.Random) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def fenced(text: str, rng: random.Random) -> str:
    return f"```\n{text}\n```"


def wrapped(text: str, rng: random.Random) -> str:
    width = rng.randint(18, 60)
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def wrapped_at_words(text: str, rng: random.Random) -> str:
    return textwrap.fill(text, rng.randint(24, 60), break_long_words=False, break_on_hyphens=False)


def quoted_and_wrapped(text: str, rng: random.Random) -> str:
    return quoted(wrapped(text, rng), rng)


def escaped(text: str, rng: random.Random) -> str:
    return json.dumps(
        {"level": "error", "attempt": rng.randint(1, 9), "response": text}, ensure_ascii=rng.random() < 0.5
    )


def twice_escaped(text: str, rng: random.Random) -> str:
    return json.dumps({"event": json.dumps({"body": text})})


def entities(text: str, rng: random.Random) -> str:
    return f"<pre>{html.escape(text, quote=True)}</pre>"


def mistyped(text: str, rng: random.Random) -> str:
    """One letter in about twenty-five is dropped, doubled or swapped with its neighbour; never a digit."""
    chars = list(text)
    spots = [
        at for at in range(1, len(chars) - 1) if chars[at].isascii() and chars[at].isalpha() and chars[at + 1].isalpha()
    ]
    for at in rng.sample(spots, min(len(spots), max(1, len(text) // 25))) if spots else []:
        kind = rng.randrange(3)
        if kind == 0:
            chars[at] = ""
        elif kind == 1:
            chars[at] *= 2
        elif chars[at + 1]:
            chars[at], chars[at + 1] = chars[at + 1], chars[at]
    return "".join(chars)


def shouted(text: str, rng: random.Random) -> str:
    return text.upper()


def lowered(text: str, rng: random.Random) -> str:
    return text.lower()


def zero_width(text: str, rng: random.Random) -> str:
    return "".join(char + (rng.choice("\u200b\u200c\u200d\ufeff\u2060") if rng.random() < 0.1 else "") for char in text)


def full_width(text: str, rng: random.Random) -> str:
    return text.translate({ord(char): ord(char) + 0xFEE0 for char in ",:;!?()"})


def smart_quotes(text: str, rng: random.Random) -> str:
    return text.replace('"', "\u201d").replace("'", "\u2019")


def logged(text: str, rng: random.Random) -> str:
    second = rng.randint(10, 59)
    return rng.choice(
        (
            f"2026-03-{rng.randint(10, 28)} 09:41:{second},118 ERROR [worker-{rng.randint(1, 9)}] client.auth - call failed: {text}",
            f"[Tue Mar 10 09:41:{second} 2026] [error] upstream said: {text}",
            f"Mar 10 09:41:{second} box app[{rng.randint(100, 9999)}]: E {text}",
        )
    )


def coloured(text: str, rng: random.Random) -> str:
    return f"\x1b[31mERROR\x1b[0m \x1b[1m{text}\x1b[0m"


def chatted(lang: str) -> Mangle:
    before, after = CHATTER[lang]

    def mangle(text: str, rng: random.Random) -> str:
        return f"{before}\n{text}\n{after}" if rng.random() < 0.7 else f"{before} {text} {after}"

    return mangle


MANGLES: dict[str, Mangle] = {
    mangle.__name__: mangle
    for mangle in (
        *(as_is, quoted, fenced, wrapped, wrapped_at_words, quoted_and_wrapped, escaped, twice_escaped, entities),
        *(mistyped, shouted, lowered, zero_width, full_width, smart_quotes, logged, coloured),
    )
} | {f"chatter-{lang}": chatted(lang) for lang in CHATTER}
