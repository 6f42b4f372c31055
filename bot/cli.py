"""The `authbot` command: run, doctor, ask, unmatched, kb."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import __version__
from bot.cli_db import db
from bot.cli_kb import kb
from bot.cli_review import review
from bot.knowledge.folders import shipped
from bot.memory import uncollected
from bot.mendable import MendableError
from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from bot.knowledge.load import Knowledge
    from bot.service import Explainer

app = typer.Typer(
    name="authbot",
    help="Answers pasted authentication errors with their cause and fix. Without a command: on Discord where "
    "DISCORD_TOKEN is set, else in this terminal.",
    pretty_exceptions_enable=False,
    add_completion=False,
)
unmatched = typer.Typer(help="What had no answer yet.", no_args_is_help=True)
app.add_typer(unmatched, name="unmatched")
app.add_typer(kb, name="kb")
app.add_typer(db, name="db")
app.add_typer(review, name="review")


class Modes(StrEnum):
    LOOKUP = "lookup"
    LISTEN = "listen"


class Langs(StrEnum):
    AUTO = "auto"
    EN = "en"
    ZH = "zh"


DatabaseOption = Annotated[str | None, typer.Option("--database", help="Store to use: a file or a database URL.")]
KnowledgeOption = Annotated[Path | None, typer.Option("--knowledge", help="Folder used in place of the shipped one.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def main() -> None:
    """Run the command line; every error a person can cause ends in one line and exit status 2."""
    try:
        app()
    except MendableError as error:
        print(f"authbot: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        settings = load_settings()
        if settings.discord_token:
            _wait(_on_discord(settings))
        elif sys.stdin.isatty():
            _wait(_in_terminal(settings))
        else:
            _wait(_from_pipe(settings))


@app.command()
def run() -> None:
    """Run the bot on Discord. The token is read from DISCORD_TOKEN."""
    settings = load_settings()
    if not settings.discord_token:
        raise SettingsError(
            "environment: DISCORD_TOKEN: is not set; put the bot's token there, or run `authbot` alone for the terminal"
        )
    _wait(_on_discord(settings))


@app.command()
def doctor() -> None:
    """Look at token, intents, permissions, database and knowledge, and print the links that invite the bot."""
    from rich.console import Console

    from bot.doctor import examine

    async def work() -> bool:
        console, sound = Console(soft_wrap=True, highlight=False), True
        async for finding in examine(load_settings()):
            mark, style = {"ok": ("ok   ", "green"), "note": ("note ", "yellow"), "wrong": ("WRONG", "red")}[
                finding.state
            ]
            console.print(f"[{style}]{mark}[/] [bold]{finding.what}[/]: ", end="")
            console.print(finding.says, markup=False)
            sound = sound and finding.state != "wrong"
        return sound

    if not asyncio.run(work()):
        raise typer.Exit(1)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The error; standard input where it is left out.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"id","text"} lines, write one line for each.')] = False,
    mode: Annotated[Modes, typer.Option(help="lookup: somebody asked. listen: a channel is overheard.")] = Modes.LOOKUP,
    lang: Annotated[Langs, typer.Option(help="Language of the answer.")] = Langs.AUTO,
    provider: Annotated[str | None, typer.Option(help="The provider's id, where it is known.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show facts, candidates and the parts of each score.")
    ] = False,
    remember: Annotated[bool, typer.Option("--remember", help="Keep what has no answer, as a channel would.")] = False,
    database: DatabaseOption = None,
    knowledge: KnowledgeOption = None,
) -> None:
    """Explain an error."""
    settings = load_settings()
    base = _knowledge(settings, knowledge)
    store_url = (database or settings.authbot_database_url) if remember else None
    if jsonl:
        _wait(_ask_jsonl(base, store_url, mode, lang))
    else:
        asked = None if lang is Langs.AUTO else lang.value
        _wait(_ask_once(base, store_url, text, mode, asked, provider, explain))


@unmatched.command("list")
def unmatched_list(
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Groups at most.")] = 20,
    database: DatabaseOption = None,
) -> None:
    """List the groups of like pastes, those that would help most people first."""
    from rich.console import Console

    from bot.console.unmatched import print_list
    from bot.store.store import Store

    async def work() -> None:
        store = await Store.open(database or load_settings().authbot_database_url)
        try:
            print_list(Console(), await store.unmatched(limit=limit), as_json=as_json)
        finally:
            await store.close()

    _wait(work())


@unmatched.command("show")
def unmatched_show(
    group: Annotated[str, typer.Argument(help="The group's name, as `list` prints it.")],
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show one group with its latest sightings."""
    from rich.console import Console

    from bot.console.unmatched import print_group
    from bot.store.store import Store

    async def work() -> None:
        store = await Store.open(database or load_settings().authbot_database_url)
        try:
            found = await store.group(group)
        finally:
            await store.close()
        if found is None:
            raise MendableError(f"there is no group {group!r}; `authbot unmatched list` prints their names")
        print_group(Console(), found, as_json=as_json)

    _wait(work())


@asynccontextmanager
async def _explaining(base: Knowledge, database: str | None) -> AsyncIterator[Explainer]:
    """Give an explainer; with a database it keeps what it can't answer, and knows what is decided meanwhile."""
    from bot.service import Explainer

    site = load_settings().authbot_site_url
    if database is None:
        yield Explainer(base, site=site)
        return
    from bot.curate.live import Live
    from bot.store.store import Store

    store = await Store.open(database)
    try:
        live = await Live.opened(base, store)
        following = asyncio.create_task(live.follow())
        try:
            yield Explainer(base, store, live, site=site)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    finally:
        await store.close()


async def _ask_jsonl(base: Knowledge, database: str | None, mode: Modes, lang: Langs) -> None:
    from bot.console.jsonl import answer_lines

    async with _explaining(base, database) as explainer:
        remember = database is not None
        lines = answer_lines(sys.stdin.buffer, explainer, mode=mode.value, lang=lang.value, remember=remember)
        async for line in lines:
            sys.stdout.buffer.write(line.encode() + b"\n")
            sys.stdout.buffer.flush()


async def _ask_once(
    base: Knowledge,
    database: str | None,
    text: str | None,
    mode: Modes,
    lang: str | None,
    provider: str | None,
    why: bool,
) -> None:
    from rich.console import Console

    from bot.console.terminal import read_standard_input, show
    from bot.paste.models import Paste

    if provider and provider not in {known.id for known in base.providers()}:
        raise SettingsError(f"--provider: there is no provider {provider!r}; `authbot kb list` prints their ids")
    async with _explaining(base, database) as explainer:
        paste = Paste(text if text is not None else read_standard_input(), provider, lang)
        explained = await explainer.explain(paste, mode=mode.value)
    if mode is Modes.LISTEN and explained.verdict.decision != "answer":
        print(explained.verdict.decision)
        return
    show(Console(soft_wrap=True), explained, lang, why=why)


async def _in_terminal(settings: Settings) -> None:
    from bot.console.terminal import converse

    async with _explaining(_knowledge(settings, None), settings.authbot_database_url) as explainer:
        await converse(explainer, provider=None, lang=None)


async def _from_pipe(settings: Settings) -> None:
    from rich.console import Console

    from bot.console.terminal import read_standard_input, show
    from bot.paste.models import Paste

    async with _explaining(_knowledge(settings, None), settings.authbot_database_url) as explainer:
        explained = await explainer.explain(Paste(read_standard_input()))
    show(Console(soft_wrap=True), explained, None)


async def _on_discord(settings: Settings) -> None:
    from bot.discord.client import run_bot
    from bot.discord.cooldowns import Limits
    from bot.logs import configure

    configure(settings.authbot_log_level, settings.authbot_log_format)
    assert settings.discord_token is not None  # noqa: S101 (both callers looked)
    limits = Limits(settings.authbot_per_person, settings.authbot_per_channel, settings.authbot_per_guild)
    async with AsyncExitStack() as at_the_end:
        # Connecting is mostly waiting for the network: knowledge and store are opened meanwhile.
        opened = asyncio.create_task(_opened(settings, at_the_end))
        try:
            await run_bot(
                settings.discord_token.get_secret_value(),
                opened,
                api_url=settings.discord_api_url,
                limits=limits,
                owners=frozenset(settings.authbot_owners),
            )
        finally:
            opened.cancel()
            await asyncio.gather(opened, return_exceptions=True)


async def _opened(settings: Settings, at_the_end: AsyncExitStack) -> Explainer:
    """Open all that an answer needs, in a thread what can be; serve the figures."""

    def load_all() -> Knowledge:
        import bot.curate.live
        import bot.service  # noqa: F401 (it takes long the first time, and does not below)

        return _knowledge(settings, None)

    with uncollected():
        base = await asyncio.to_thread(load_all)
    from bot.curate.live import Live
    from bot.service import Explainer
    from bot.store.store import Store

    store = await Store.open(settings.authbot_database_url)
    at_the_end.push_async_callback(store.close)
    live = await Live.opened(base, store)
    explainer = Explainer(base, store, live, site=settings.authbot_site_url)
    if settings.authbot_http:
        from bot.health import serving

        await at_the_end.enter_async_context(serving(settings.authbot_http, explainer, store))
    await explainer.prepare()
    return explainer


def _knowledge(settings: Settings, folder: Path | None) -> Knowledge:
    from bot.knowledge.load import load

    return load(folder or settings.authbot_knowledge or shipped())


def _wait(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
