"""The forms of /review: a decision's fields, the case to merge into, and the words by which a part is split off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import discord
from discord import ui

from bot.discord.forms import MOST_TITLE, typed
from bot.discord.parts import cut
from bot.discord.review_desk import review_key
from bot.discord.review_draft import FORMS, MOST, Written
from bot.discord.whisper import Interaction
from bot.store.scopes import Scope
from bot.words import say

MOST_NAME: Final = 80
MOST_NEEDLE: Final = 200
_MOST_HINT: Final = 100  # Discord: a label's description
_LONG: Final = frozenset(("wire", "cause", "tell", "steps"))
_OPTIONAL: Final = frozenset(("wire", "tell"))


def draft_form(written: Written, scope: Scope, lang: str, title: str) -> ui.Modal:
    """Return the form of a draft, filled in with what it has."""
    form = ui.Modal(title=cut(title, MOST_TITLE), custom_id=review_key("draft", scope, *written.state))
    for field in FORMS[written.form]:
        optional = field in _OPTIONAL and (field, written.form) != ("wire", "answer")
        _add(form, field, written.fields.get(field, ""), MOST[field], lang, long=field in _LONG, optional=optional)
    form.stop()
    return form


def name_form(scope: Scope, case: str, revision: int, lang: str) -> ui.Modal:
    """Return the form that asks for the case that one is to be merged into."""
    form = ui.Modal(
        title=cut(say("review.merge.title", lang), MOST_TITLE), custom_id=review_key("into", scope, case, revision)
    )
    _add(form, "into", "", MOST_NAME, lang)
    form.stop()
    return form


def needle_form(scope: Scope, case: str, revision: int, lang: str) -> ui.Modal:
    """Return the form that asks for the words of a part that is split off."""
    form = ui.Modal(
        title=cut(say("review.split.title", lang), MOST_TITLE), custom_id=review_key("needle", scope, case, revision)
    )
    _add(form, "needle", "", MOST_NEEDLE, lang)
    form.stop()
    return form


def fields_of(interaction: Interaction, form: str) -> Mapping[str, str]:
    """Return what was typed into the form of a draft."""
    return {field: typed(interaction, field) for field in FORMS[form]}


def _add(
    form: ui.Modal, field: str, default: str, most: int, lang: str, *, long: bool = False, optional: bool = False
) -> None:
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=field,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        max_length=most,
        required=not optional,
        default=default[:most] or None,
    )
    words, hint = say(f"review.field.{field}", lang), say(f"review.hint.{field}", lang)
    form.add_item(ui.Label(text=cut(words, MOST_TITLE), description=cut(hint, _MOST_HINT), component=box))
