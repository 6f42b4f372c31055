"""/lookup, which finds any entry as one types, and /provider, which shows what is known of one."""

from __future__ import annotations

from typing import Any, Final

from discord import app_commands

from bot.answer.compose import entry_answer
from bot.discord.desk import Desk
from bot.discord.keys import key
from bot.discord.names import name
from bot.discord.parts import MUST, Part, cut, fitted, source_links
from bot.discord.render import MOST_NAME, Under, answer_shown, only
from bot.discord.shown import MOST_OPTION, Block, Option, Pick, Shown
from bot.discord.whisper import Interaction, language_of, thinking, whisper
from bot.knowledge.models import Entry, Provider, in_language
from bot.knowledge.search import entry_key
from bot.words import language, say

MOST_LISTED: Final = 25  # entries in /provider's select, as many as one holds


def lookup_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return /lookup."""

    @app_commands.command(name=name("lookup"), description=name("lookup.description"))
    @app_commands.rename(entry=name("entry"))
    @app_commands.describe(entry=name("entry.description"))
    async def lookup(interaction: Interaction, entry: app_commands.Range[str, 1, MOST_OPTION]) -> None:
        await thinking(interaction)
        lang = language_of(interaction) or "en"
        found = desk.catalogue(interaction.guild_id).entry(entry)
        if found is None:
            await whisper(interaction, only(say("lookup.none", lang)))
            return
        under = Under(answer=0, entry=f"{found[0].id}/{found[1].id}", private=True)
        answer = desk.explainer.with_page(entry_answer(*found, lang), under.entry)
        await whisper(interaction, answer_shown(answer, under))

    @lookup.autocomplete("entry")
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return entry_choices(desk, interaction, current)

    return lookup


def provider_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Return /provider."""

    @app_commands.command(name=name("about-provider"), description=name("about-provider.description"))
    @app_commands.rename(provider=name("name"))
    @app_commands.describe(provider=name("name.description"))
    async def about(interaction: Interaction, provider: app_commands.Range[str, 1, MOST_OPTION]) -> None:
        await thinking(interaction)
        lang = language_of(interaction) or "en"
        catalogue = desk.catalogue(interaction.guild_id)
        found = catalogue.provider(provider) or next(iter(catalogue.providers(provider, most=1)), None)
        if found is None:
            await whisper(interaction, only(say("discord.unknown_provider", lang)))
            return
        known = desk.explainer.knowledge_of(interaction.guild_id)
        entries = [entry for owner, entry in known.entries() if owner.id == found.id]
        await whisper(interaction, provider_shown(found, entries, lang))

    @about.autocomplete("provider")
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return provider_choices(desk, interaction, current)

    return about


def entry_choices(desk: Desk, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Return up to 25 entries for what was typed, in the person's language."""
    lang = language(language_of(interaction))
    return [
        app_commands.Choice(name=_line(provider, entry, typed, lang), value=entry_key(provider, entry))
        for provider, entry in desk.catalogue(interaction.guild_id).entries(typed)
    ]


def provider_choices(desk: Desk, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Return up to 25 providers for what was typed, named in the person's language."""
    lang = language(language_of(interaction))
    return [
        app_commands.Choice(name=cut(in_language(provider.name, lang), MOST_OPTION), value=provider.id)
        for provider in desk.catalogue(interaction.guild_id).providers(typed)
    ]


def provider_shown(provider: Provider, entries: list[Entry], lang: str) -> Shown:
    """Return what is known of a provider: its names, its documentation, and its entries to choose from."""
    tag = language(lang)
    title = cut(in_language(provider.name, tag), MOST_NAME)
    facts = [
        Part(say("provider.count", lang, count=len(entries)), MUST),
        *([Part(say("provider.aliases", lang, names=", ".join(provider.aliases)), 3)] if provider.aliases else []),
        *([Part(say("provider.hosts", lang, hosts=_code(provider.hosts)), 2)] if provider.hosts else []),
        *([Part(say("provider.libraries", lang, names=_code(provider.libraries)), 4)] if provider.libraries else []),
    ]
    body = fitted(facts, 1200)
    plain = f"**{title}**\n{body}" + (f"\n<{provider.docs}>" if provider.docs else "")
    options = tuple(
        Option(in_language(entry.title, tag), entry_key(provider, entry), ", ".join(entry.codes[:4]))
        for entry in entries[:MOST_LISTED]
    )
    links = source_links([provider.docs]) if provider.docs else ""
    docs = [Block("-# " + say("answer.sources", lang, sources=links))] if links else []
    return Shown(
        plain,
        (Block(f"### {title}"), Block(body), *docs),
        provider.colour,
        rows=(Pick(key("other", None), say("provider.hint", lang), options),),
    )


def _line(provider: Provider, entry: Entry, typed: str, lang: str) -> str:
    """Return an entry in one line: the code that was typed, or its first, then title and provider."""
    title = in_language(entry.title, lang)
    wanted = typed.casefold().strip()
    codes = [code for code in entry.codes if wanted and wanted in code.casefold()] or list(entry.codes)
    code = f"{codes[0]} · " if codes and len(codes[0]) <= 40 else ""
    return cut(f"{code}{title} · {in_language(provider.name, lang)}", MOST_OPTION)


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in names[:12])
