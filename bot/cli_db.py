"""`authbot db`: backup, check."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import load_settings

db = typer.Typer(help="The database: copying it, and whether it is sound.", no_args_is_help=True)
DatabaseOption = Annotated[str | None, typer.Option("--database", help="Store to use: a file or a database URL.")]


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy is to stand.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Copy the whole database into one file. The bot may run meanwhile."""
    from bot.store.backup import back_up

    asyncio.run(back_up(database or load_settings().authbot_database_url, file, force=force))
    print(f"{file} holds all of the database ({file.stat().st_size / 2**20:.1f} MiB)")


@db.command()
def check(database: DatabaseOption = None) -> None:
    """Look whether the database is sound and its numbers agree; one line a fault, and status 1 where there is one."""
    from bot.store.check import faults

    found = asyncio.run(faults(database or load_settings().authbot_database_url))
    for fault in found:
        print(fault)
    if found:
        raise typer.Exit(1)
    print("the database is sound")
