"""`authbot review`: the shared queue, and deciding on it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.knowledge.folders import shipped
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
    from bot.knowledge.load import load
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


@review.command()
def serve(database: DatabaseOption = None, knowledge: KnowledgeOption = None) -> None:
    """Show the queues on a web page, signed in through Discord. AUTHBOT_WEB_ADDRESS says where: 127.0.0.1:8765."""
    from bot.curate.desk import Desk
    from bot.curate.live import Live
    from bot.knowledge.load import load
    from bot.logs import configure
    from bot.store.store import Store
    from bot.web.serve import Setup
    from bot.web.serve import serve as serve_pages

    async def work() -> None:
        settings = load_settings()
        configure(settings.authbot_log_level, settings.authbot_log_format)
        setup = Setup(
            address=settings.authbot_web_address,
            url=settings.authbot_web_url,
            client_id=settings.discord_client_id,
            client_secret=settings.discord_client_secret,
            api_url=settings.discord_api_url,
            bot_token=settings.discord_token,
            owners=settings.authbot_owners,
        )
        setup.check()
        base = load(knowledge or settings.authbot_knowledge or shipped())
        store = await Store.open(database or settings.authbot_database_url)
        try:
            desk = Desk(store, await Live.opened(base, store))
            await serve_pages(desk, setup, lambda place: print(f"the queues are at {place.origin}", flush=True))
        finally:
            await store.close()

    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
