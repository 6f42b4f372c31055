"""Asking a maintainer in the terminal: one key, one line, yes or no; from a pipe each is a line of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Final, Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import DynamicCompleter, WordCompleter
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.shortcuts import CompleteStyle

NOTHING: Final = "-"  # typed in place of what is to be left empty
MOST_LINE: Final = 4_000  # characters


class Cancelled(Exception):
    """The question was left without an answer (Ctrl-C): back to where it was asked."""


class Asking(Protocol):
    """Where answers come from. Every method raises EOFError at the end of the input."""

    async def key(self, keys: str) -> str:
        """Return one of `keys` as it is pressed."""

    async def line(self, label: str, default: str = "", words: Sequence[str] = ()) -> str:
        """Return one line; `default` is filled in, Tab completes `words`. Raises Cancelled where it is left."""


class AtTerminal:
    """A person at a terminal: a key counts at once, a line can be edited."""

    def __init__(self) -> None:
        self._words: Sequence[str] = ()
        self._session: PromptSession[str] = PromptSession(
            completer=DynamicCompleter(lambda: WordCompleter(list(self._words), ignore_case=True, WORD=True)),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            reserve_space_for_menu=0,
        )

    async def key(self, keys: str) -> str:
        bindings = KeyBindings()

        def pressed(event: KeyPressEvent) -> None:
            event.app.exit(result=event.data)

        for each in keys:
            bindings.add(each)(pressed)
        session: PromptSession[str] = PromptSession(key_bindings=bindings, reserve_space_for_menu=0)
        try:
            with patch_stdout():
                typed = await session.prompt_async("review> ")
        except KeyboardInterrupt:
            raise EOFError from None
        return typed.strip()[:1]

    async def line(self, label: str, default: str = "", words: Sequence[str] = ()) -> str:
        self._words = words
        try:
            with patch_stdout():
                typed: str = await self._session.prompt_async(f"{label}: ", default=default)
        except KeyboardInterrupt:
            raise Cancelled from None
        return typed[:MOST_LINE].strip()


class FromPipe:
    """Lines of standard input: the first character of one is a key; an empty one takes what is filled in."""

    async def key(self, keys: str) -> str:
        return (await self._read()).strip()[:1]

    async def line(self, label: str, default: str = "", words: Sequence[str] = ()) -> str:
        return (await self._read()).strip() or default

    async def _read(self) -> str:
        line: str = await asyncio.to_thread(sys.stdin.readline, MOST_LINE)
        if not line:
            raise EOFError
        return line


async def sure(asking: Asking, question: str) -> bool:
    """Return whether a person says yes."""
    return (await asking.line(f"{question} [y/N]")).casefold() in ("y", "yes")


async def text(asking: Asking, label: str, default: str = "") -> str:
    """Return one line, "" where it is to be left empty."""
    typed = await asking.line(f"{label} ({NOTHING} for none)", default)
    return "" if typed == NOTHING else typed


async def items(asking: Asking, label: str, default: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what stands in one line between commas."""
    typed = await text(asking, f"{label}, with commas", ", ".join(default))
    return tuple(filter(None, (item.strip() for item in typed.replace("，", ",").split(","))))


async def lines(asking: Asking, label: str, default: Sequence[str] = (), most: int = 8) -> tuple[str, ...]:
    """Return several lines, asked for one by one until one is left empty."""
    typed: list[str] = []
    while len(typed) < most:
        number = len(typed)
        line = await asking.line(
            f"{label} {number + 1} ({NOTHING} ends)", default[number] if number < len(default) else ""
        )
        if line in ("", NOTHING):
            break
        typed.append(line)
    return tuple(typed)
