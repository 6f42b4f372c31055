"""The words of the pages, and which language somebody reads."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from bot.knowledge.models import LANGUAGES
from bot.words import language

HTML_LANG: Final = {"en": "en", "zh": "zh-Hans"}
MOST_TAGS: Final = 20  # of an Accept-Language header


@cache
def words(lang: str) -> dict[str, str]:
    """Return all words in a language, by their keys."""
    both = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text(encoding="utf-8"))
    return {key: said[lang] for key, said in both.items()}


def chosen(cookie: str | None, accepted: str) -> str:
    """Return the language of a page: the one that was switched to, or else the first accepted one that we write."""
    if cookie in LANGUAGES:
        return cookie
    found: list[tuple[float, str]] = []
    for each in accepted.split(",")[:MOST_TAGS]:
        tag, _, weight = each.strip().partition(";")
        if tag.partition("-")[0].lower() in LANGUAGES and _weight(weight) > 0:
            found.append((-_weight(weight), language(tag)))
    return min(found, key=lambda pair: pair[0], default=(0.0, LANGUAGES[0]))[1]


def _weight(text: str) -> float:
    """Return the q of RFC 9110 12.4.2, 1 where there is none."""
    try:
        return float(text.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
