"""Shown: what a message looks like, free of Discord's objects until it is sent; every limit is held here.

With components v2 it is a container with texts, and buttons below it; where that may not be, plain text and the same
buttons. The objects that are sent are stopped views: discord.py then keeps none of them in memory, and a press comes
to `bot/discord/buttons.py` by its id alone, after a restart and months later too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import discord
from discord import ui

from bot.discord.parts import cut

# Discord, "Component Reference": texts 4,000 together, 40 components; label 80, option 100, custom_id 100, 5 in a row.
MOST_TEXT: Final = 4000
MOST_PLAIN: Final = 2000
MOST_LABEL: Final = 80
MOST_OPTION: Final = 100
MOST_OPTIONS: Final = 25
IN_A_ROW: Final = 5
MOST_ROLES: Final = 5
ALERT: Final = "#d83c3e"

Style = Literal["plain", "good", "main", "bad"]
_STYLES: Final = {
    "plain": discord.ButtonStyle.secondary,
    "good": discord.ButtonStyle.success,
    "main": discord.ButtonStyle.primary,
    "bad": discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what it says and the id that comes back when it is pressed."""

    label: str
    id: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a select."""

    label: str
    value: str
    about: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """A select over our own options."""

    id: str
    hint: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class PickRole:
    """A select over the server's roles, MOST_ROLES at most; `chosen` are those that count now."""

    id: str
    hint: str
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PickChannel:
    """A select over the server's channels that messages can be sent to; `chosen` is the one that counts now."""

    id: str
    hint: str
    chosen: int | None = None


Row = tuple[Press, ...] | Pick | PickRole | PickChannel


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the message's text; `press` stands beside it (in plain text below it all); `rule`: a line above.

    By `id` the text can be found again when something on the message is pressed (`texts_by_id`).
    """

    text: str
    press: Press | None = None
    rule: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What to send. `text` says all in plain text; `blocks` the same laid out; `alert` stands above both, in red."""

    text: str
    blocks: tuple[Block, ...] = ()
    colour: str | None = None
    alert: str = ""
    rows: tuple[Row, ...] = ()

    def sending(self, *, v2: bool = True) -> dict[str, Any]:
        """Return the keyword arguments of send, reply or followup.send; `v2` is whether components v2 may be used.

        Needs a running event loop.
        """
        if v2 and self.blocks:
            return {"view": self._layout()}
        rows = self._plain_rows()
        return {"content": self.plain} | ({"view": _view(rows)} if rows else {})

    def editing(self, *, v2: bool) -> dict[str, Any]:
        """Return the keyword arguments of a message's edit; `v2` is whether it is one already: that can't be undone."""
        if v2:
            return {"view": self._layout()}
        rows = self._plain_rows()
        return {"content": self.plain, "embeds": [], "view": _view(rows) if rows else None}

    @property
    def plain(self) -> str:
        """All of it in plain text, within MOST_PLAIN."""
        return cut(f"{self.alert}\n\n{self.text}" if self.alert else self.text, MOST_PLAIN)

    def _layout(self) -> ui.LayoutView:
        view = ui.LayoutView(timeout=None)
        left = MOST_TEXT
        if self.alert:
            alert = cut(self.alert, left)
            left -= len(alert)
            view.add_item(ui.Container(ui.TextDisplay(alert), accent_colour=discord.Colour.from_str(ALERT)))
        box: ui.Container[Any] = ui.Container(
            accent_colour=discord.Colour.from_str(self.colour) if self.colour else None
        )
        for block in self.blocks or (Block(self.text),):
            text = cut(block.text, left)
            if not text or left < 2:
                break
            left -= len(text)
            if block.rule:
                box.add_item(ui.Separator())
            if block.press:
                box.add_item(ui.Section(text, accessory=_button(block.press)))
            else:
                box.add_item(ui.TextDisplay(text, id=block.id))
        view.add_item(box)
        for row in self.rows:
            view.add_item(ui.ActionRow(*_items(row)))
        view.stop()
        return view

    def _plain_rows(self) -> tuple[Row, ...]:
        beside = tuple(block.press for block in self.blocks if block.press)
        return (beside[:IN_A_ROW], *self.rows) if beside else self.rows


def in_rows(presses: Sequence[Press], first: int = 4) -> tuple[Row, ...]:
    """Return buttons in rows of at most five; where it takes two, `first` stand in the first one."""
    if len(presses) <= IN_A_ROW:
        return (tuple(presses),) if presses else ()
    return tuple(presses[:first]), tuple(presses[first : first + IN_A_ROW])


def is_v2(message: discord.Message) -> bool:
    """Return whether a message is one of components v2, and so can be edited only as one."""
    return message.flags.components_v2


def texts_by_id(message: discord.Message) -> dict[int, str]:
    """Return the texts of a message of ours by the ids of their blocks, as Discord keeps them."""
    boxes = [each for each in message.components if isinstance(each, discord.Container)]
    texts = [each for box in boxes for each in box.children if isinstance(each, discord.TextDisplay)]
    return {text.id: text.content for text in texts if text.id is not None}


def _view(rows: Iterable[Row]) -> ui.View:
    view = ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in _items(row):
            item.row = number
            view.add_item(item)
    view.stop()
    return view


def _items(row: Row) -> list[ui.Item[Any]]:
    if isinstance(row, Pick):
        options = [
            discord.SelectOption(
                label=cut(option.label, MOST_OPTION),
                value=option.value,
                description=cut(option.about, MOST_OPTION) or None,
                default=option.chosen,
            )
            for option in row.options[:MOST_OPTIONS]
        ]
        return [ui.Select(custom_id=row.id, placeholder=cut(row.hint, MOST_OPTION), options=options)]
    if isinstance(row, PickRole):
        kind = discord.SelectDefaultValueType.role
        return [
            ui.RoleSelect(
                custom_id=row.id,
                placeholder=cut(row.hint, MOST_OPTION),
                min_values=0,
                max_values=MOST_ROLES,
                default_values=[discord.SelectDefaultValue(id=role, type=kind) for role in row.chosen[:MOST_ROLES]],
            )
        ]
    if isinstance(row, PickChannel):
        default = discord.SelectDefaultValue(id=row.chosen or 0, type=discord.SelectDefaultValueType.channel)
        return [
            ui.ChannelSelect(
                custom_id=row.id,
                placeholder=cut(row.hint, MOST_OPTION),
                channel_types=[discord.ChannelType.text, discord.ChannelType.news],
                min_values=0,
                default_values=[default] if row.chosen else [],
            )
        ]
    return [_button(press) for press in row]


def _button(press: Press) -> ui.Button[Any]:
    return ui.Button(label=cut(press.label, MOST_LABEL), custom_id=press.id, style=_STYLES[press.style])
