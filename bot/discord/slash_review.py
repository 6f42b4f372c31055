"""/review: the maintainers' commands, each checked anew; all they say is private."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from discord import app_commands

from bot.curate.models import Refused
from bot.discord.buttons import Handler
from bot.discord.names import name
from bot.discord.parts import cut
from bot.discord.review import Browsing
from bot.discord.review_case import case_line
from bot.discord.review_deciding import Deciding
from bot.discord.review_desk import Asked, NotAdmitted, Reviewing, chosen_scope
from bot.discord.shown import MOST_OPTION, MOST_OPTIONS
from bot.discord.slash_lookup import entry_choices, provider_choices
from bot.discord.whisper import Interaction, thinking
from bot.store.scopes import SHARED

_STATUSES: Final = ("open", "answered", "dismissed", "not_an_error", "merged", "any")
_SCOPES: Final = ("server", SHARED)
MOST_NUMBER: Final = 2**53 - 1  # Discord: an option's whole number

Choices = list[app_commands.Choice[str]]


class Review:
    """The group of commands, and the handlers of all its buttons."""

    def __init__(self, reviewing: Reviewing) -> None:
        self._reviewing = reviewing
        self._browsing = Browsing(reviewing)
        self._deciding = Deciding(reviewing, self._browsing)

    def handlers(self) -> dict[str, Handler]:
        return self._browsing.handlers() | self._deciding.handlers()

    def command(self) -> app_commands.Group:
        group = app_commands.Group(
            name=name("review"),
            description=name("review.description"),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        for each in (self._next(), self._case(), self._search(), self._history(), self._undo(), self._offers()):
            group.add_command(each)
        return group

    async def _do(self, interaction: Interaction, scope: str | None, work: Callable[[Asked], Awaitable[None]]) -> None:
        await thinking(interaction)
        await self._reviewing.safely(interaction, chosen_scope(interaction, scope), work)

    def _next(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("review-next"), description=name("review-next.description"))
        @_with_scope
        async def next_(interaction: Interaction, scope: str | None = None) -> None:
            await self._do(interaction, scope, self._browsing.next)

        return next_

    def _case(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("review-case"), description=name("review-case.description"))
        @app_commands.rename(case=name("case-name"), entry=name("entry"))
        @app_commands.describe(case=name("case-name.description"), entry=name("entry.description"))
        @_with_scope
        async def case_(
            interaction: Interaction,
            case: app_commands.Range[str, 1, 80],
            entry: app_commands.Range[str, 1, MOST_OPTION] | None = None,
            scope: str | None = None,
        ) -> None:
            async def work(asked: Asked) -> None:
                if entry is None:
                    await self._browsing.open(asked, case.strip())
                else:
                    await self._browsing.about(asked, case.strip(), entry)

            await self._do(interaction, scope, work)

        @case_.autocomplete("case")
        async def complete(interaction: Interaction, current: str) -> Choices:
            return await self._cases(interaction, current)

        @case_.autocomplete("entry")
        async def complete_entry(interaction: Interaction, current: str) -> Choices:
            return entry_choices(self._reviewing.desk, interaction, current)

        return case_

    def _search(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("review-search"), description=name("review-search.description"))
        @app_commands.rename(
            text=name("text"), provider=name("provider"), language=name("case-language"), status=name("status")
        )
        @app_commands.describe(
            text=name("text.description"),
            provider=name("case-provider.description"),
            language=name("case-language.description"),
            status=name("status.description"),
        )
        @app_commands.choices(
            language=[app_commands.Choice(name=words, value=tag) for words, tag in (("English", "en"), ("中文", "zh"))],
            status=[app_commands.Choice(name=name(f"status.{each}"), value=each) for each in _STATUSES],
        )
        @_with_scope
        async def search(
            interaction: Interaction,
            text: app_commands.Range[str, 1, 200] | None = None,
            provider: app_commands.Range[str, 1, MOST_OPTION] | None = None,
            language: str | None = None,
            status: str | None = None,
            scope: str | None = None,
        ) -> None:
            await self._do(
                interaction, scope, lambda asked: self._browsing.search(asked, text, provider, language, status)
            )

        @search.autocomplete("provider")
        async def complete(interaction: Interaction, current: str) -> Choices:
            return provider_choices(self._reviewing.desk, interaction, current)

        return search

    def _history(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("review-history"), description=name("review-history.description"))
        @_with_scope
        async def history(interaction: Interaction, scope: str | None = None) -> None:
            await self._do(interaction, scope, self._browsing.history)

        return history

    def _undo(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("review-undo"), description=name("review-undo.description"))
        @app_commands.rename(decision=name("decision"))
        @app_commands.describe(decision=name("decision.description"))
        @_with_scope
        async def undo(
            interaction: Interaction,
            decision: app_commands.Range[int, 1, MOST_NUMBER] | None = None,
            scope: str | None = None,
        ) -> None:
            await self._do(interaction, scope, lambda asked: self._browsing.undo(asked, decision))

        return undo

    def _offers(self) -> app_commands.Command[Any, ..., None]:
        @app_commands.command(name=name("review-promote"), description=name("review-promote.description"))
        async def promote(interaction: Interaction) -> None:
            await self._do(interaction, SHARED, self._browsing.offers)

        return promote

    async def _cases(self, interaction: Interaction, typed: str) -> Choices:
        """Return the cases of the person's queue that hold what was typed; none for who may not see them."""
        wanted = getattr(interaction.namespace, "scope", None)
        try:
            asked = await self._reviewing.admitted(interaction, chosen_scope(interaction, wanted))
            found = await self._reviewing.curating.queue(asked.scope, search=typed or None, limit=MOST_OPTIONS)
        except (NotAdmitted, Refused):
            return []
        return [
            app_commands.Choice(name=cut(f"{each.name} · {case_line(each)}", MOST_OPTION), value=each.name)
            for each in found
        ]


def _with_scope(function: Any) -> Any:
    """Give a command the option that says whose queue is meant: the server's, or the shared one."""
    choices = [app_commands.Choice(name=name(f"scope.{each}"), value=each) for each in _SCOPES]
    named = app_commands.rename(scope=name("scope"))(function)
    return app_commands.choices(scope=choices)(app_commands.describe(scope=name("scope.description"))(named))
