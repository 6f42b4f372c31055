"""`authbot review`: the shared queue, and deciding on it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.knowledge.load import load, shipped
from bot.settings import load_settings

review = typer.Typer(help="Decide on what had no answer, in this terminal.")
DatabaseOption = Annotated[str | None, typer.Option("--database", help="Store to use: a file or a database URL.")]
KnowledgeOption = Annotated[Path | None, typer.Option("--knowledge", help="Folder used in place of the shipped one.")]


@review.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the queue, one JSON object a line.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Cases at most, with --json.")] = 20,
    database: DatabaseOption = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """Show the shared queue and decide on it with keys; ? lists them."""
    if context.invoked_subcommand is not None:
        return
    from rich.console import Console

    from bot.console.review import print_queue
    from bot.console.review import review as sit
    from bot.store.store import Store

    async def work() -> None:
        settings = load_settings()
        store = await Store.open(database or settings.authbot_database_url)
        try:
            if as_json:
                await print_queue(Console(soft_wrap=True), store, limit)
            else:
                await sit(load(knowledge or settings.authbot_knowledge or shipped()), store)
        finally:
            await store.close()

    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
