"""Reading what a message shows: its texts, buttons and selects, whichever way they are nested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Payload = dict[str, Any]

BUTTON, STRING_SELECT, TEXT_INPUT, ROLE_SELECT, CHANNEL_SELECT, TEXT = 2, 3, 4, 6, 8, 10
V2 = 1 << 15


def walked(components: list[Payload]) -> Iterator[Payload]:
    """Yield every component, from the outside in, in the order they are read."""
    for each in components:
        yield each
        yield from walked(each.get("components") or [])
        yield from walked([each[key] for key in ("accessory", "component") if key in each])


def texts(components: list[Payload]) -> list[str]:
    return [each["content"] for each in walked(components) if each["type"] == TEXT]


def buttons(components: list[Payload]) -> dict[str, str]:
    """Return label and id of every button."""
    return {each["label"]: each["custom_id"] for each in walked(components) if each["type"] == BUTTON}


def selects(components: list[Payload]) -> dict[str, Payload]:
    """Return the selects by the verb in their id."""
    found = [each for each in walked(components) if each["type"] in (STRING_SELECT, ROLE_SELECT, CHANNEL_SELECT)]
    return {each["custom_id"].split(":")[1]: each for each in found}


def faults(body: Payload) -> list[str]:
    """Return which of Discord's limits on components a message breaks, and which of v2's rules."""
    components = body.get("components") or []
    every = list(walked(components))
    found = []
    if body.get("flags", 0) & V2:
        if body.get("content") or body.get("embeds"):
            found.append("a v2 message with content or embeds")
        if sum(len(text) for text in texts(components)) > 4000:
            found.append("more than 4000 characters of text")
        if len("".join(texts(components)).encode()) > 10_000:
            found.append("more than 10000 bytes of text")
    elif any(each["type"] >= 9 and each["type"] != 18 for each in every):
        found.append("v2 components without the flag")
    if len(every) > 40:
        found.append(f"{len(every)} components")
    ids = [each["custom_id"] for each in every if "custom_id" in each]
    found += [f"id {each!r} stands twice" for each in ids if ids.count(each) > 1]
    found += [f"id of {len(each)} characters" for each in ids if not 1 <= len(each) <= 100]
    for each in every:
        if each["type"] == 1 and len(each["components"]) > 5:
            found.append("more than 5 in a row")
        values = [option["value"] for option in each.get("options") or []]
        if len(values) > 25 or len(values) != len(set(values)) or (each["type"] == STRING_SELECT and not values):
            found.append(f"a select's values: {values}")
    return found
