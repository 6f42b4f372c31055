"""The bot's own words, by language: `say("answer.sources", "zh")`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FALLBACK = "en"


def language(tag: str | None) -> str:
    """Return the language of ours for a BCP 47 tag: zh-TW → zh; what we do not write → en."""
    primary = (tag or FALLBACK).replace("_", "-").partition("-")[0].lower()
    return primary if primary in ("en", "zh") else FALLBACK


def say(key: str, lang: str, **values: object) -> str:
    """Return the words for a dotted `key` in the language of `lang`, with `{name}` filled in from `values`.

    Raises KeyError for a key that no file has.
    """
    return _words(language(lang))[key].format(**values)


@cache
def _words(lang: str) -> dict[str, str]:
    text = files(__package__).joinpath(f"{lang}.yaml").read_text(encoding="utf-8")
    tree = yaml.load(text, yaml.CSafeLoader)  # ten times as fast as safe_load
    return dict(_flat(tree, ""))


def _flat(tree: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        found += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", str(value))]
    return found
