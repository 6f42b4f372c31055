"""The forms (modals) people fill in, and reading what they typed. Stopped like all views: a restart loses none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.discord.keys import Key, key
from bot.discord.parts import cut
from bot.discord.whisper import Interaction, data_of
from bot.words import say

MOST_TITLE: Final = 45  # Discord: a modal's title, and a label
MOST_TYPED: Final = 4000
MOST_NOTE: Final = 1000


def note_form(pressed: Key, lang: str) -> ui.Modal:
    """Return the form that asks what happened when an answer didn't help."""
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id="note", style=discord.TextStyle.paragraph, max_length=MOST_NOTE, required=False
    )
    return _form(
        key("note", pressed.answer, pressed.rest),
        say("feedback.modal", lang),
        say("feedback.note", lang),
        say("feedback.hint", lang),
        box,
    )


def paste_form(options: str, lang: str) -> ui.Modal:
    """Return the form for a paste of many lines; `options` comes back in its key's rest."""
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id="paste", style=discord.TextStyle.paragraph, max_length=MOST_TYPED, min_length=1
    )
    return _form(
        key("paste", None, options), say("form.title", lang), say("form.paste", lang), say("form.hint", lang), box
    )


def limits_form(target: int, now: Mapping[str, int | None], lang: str) -> ui.Modal:
    """Return the form for the answers a minute; `now` has the numbers of person, channel and guild as they are."""
    form = ui.Modal(title=cut(say("settings.limits_title", lang), MOST_TITLE), custom_id=key("set-numbers", target))
    for name, number in now.items():
        box: ui.TextInput[Any] = ui.TextInput(
            custom_id=name, max_length=5, required=False, default=str(number) if number is not None else None
        )
        form.add_item(ui.Label(text=cut(say(f"settings.limits_{name}", lang), MOST_TITLE), component=box))
    form.stop()
    return form


def typed(interaction: Interaction, name: str) -> str:
    """Return what was typed into the field `name` of a form; "" where it was left empty."""
    fields = _fields(data_of(interaction).get("components") or [])
    return next((str(field.get("value") or "") for field in fields if field.get("custom_id") == name), "")


def _form(custom_id: str, title: str, label: str, hint: str, box: ui.TextInput[Any]) -> ui.Modal:
    form = ui.Modal(title=cut(title, MOST_TITLE), custom_id=custom_id)
    form.add_item(ui.Label(text=cut(label, MOST_TITLE), description=cut(hint, 100), component=box))
    form.stop()
    return form


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of a form, in labels or in rows."""
    for component in components:
        if "component" in component:
            yield component["component"]
        elif "components" in component:
            yield from _fields(component["components"])
        else:
            yield component
