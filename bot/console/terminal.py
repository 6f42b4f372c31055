"""The terminal channel: paste an error, read its cause and fix."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from bot.paste.models import Paste
from bot.service import Explained, Explainer
from bot.words import language, say

_ITEM = re.compile(r"(?:\d+\.|-) ")
MOST_INPUT = 4 << 20  # bytes read from a pipe; the redactor cuts at 1 MiB of text and says so


def spoken(explained: Explained, lang: str | None) -> str:
    """Return what is said to a person who asked, as markdown."""
    if explained.answer is not None:
        answer = explained.answer
        return f"{answer.text}\n{say('answer.page', answer.lang)}: <{answer.page}>" if answer.page else answer.text
    tag = language(lang or (explained.reading.lang if explained.reading else None))
    if explained.group:
        return say("unmatched.kept", tag, group=explained.group)
    return say("unmatched.plain", tag)


def show(console: Console, explained: Explained, lang: str | None, *, why: bool = False) -> None:
    """Print an answer: laid out on a terminal, as plain markdown into a pipe."""
    text = spoken(explained, lang)
    if console.is_terminal:
        console.print(Markdown(spaced(text)))
    else:
        console.out(text, highlight=False)
    if why:
        for line in explained.verdict.why():
            console.print(Text(line, style="dim"), soft_wrap=True)


def spaced(text: str) -> str:
    """Return a chat's markdown, where a line is a line, as a document's, where a blank line parts paragraphs."""
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        listed = bool(_ITEM.match(line)) and bool(lines) and bool(_ITEM.match(lines[-1]))
        if lines and not fenced and not listed:
            lines.append("")
        lines.append(line)
        if line.startswith("```"):
            fenced = not fenced
    return "\n".join(lines)


async def converse(explainer: Explainer, *, provider: str | None, lang: str | None) -> None:
    """Answer pastes until end of input. A pasted text of many lines is one paste; Enter sends it."""
    console = Console()
    console.print(say("terminal.welcome", lang or "en", entries=sum(1 for _ in explainer.knowledge.entries())))
    session: PromptSession[str] = PromptSession(say("terminal.prompt", lang or "en"), reserve_space_for_menu=0)
    while True:
        try:
            with patch_stdout():
                text = await session.prompt_async()
        except (EOFError, KeyboardInterrupt):
            return
        if text.strip() in {"exit", "quit"}:
            return
        if text.strip():
            show(console, await explainer.explain(Paste(text, provider, lang)), lang)


def read_standard_input(read: Callable[[int], bytes] | None = None) -> str:
    """Return all of standard input as text; bytes that are no UTF-8 become replacement characters."""
    read = read or sys.stdin.buffer.read
    return read(MOST_INPUT).decode("utf-8", errors="replace")
