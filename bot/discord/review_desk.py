"""The maintainers' side of the bot: who may review what, and how each press of theirs is taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import discord
import structlog

from bot.curate.desk import Desk as Curating
from bot.curate.fold import in_force
from bot.curate.models import NotFound, Refused
from bot.discord.buttons import Handler
from bot.discord.desk import Desk
from bot.discord.keys import Key, key
from bot.discord.render import only
from bot.discord.shown import Shown, is_v2
from bot.discord.whisper import Interaction, language_of, thinking, whisper
from bot.knowledge.models import LANGUAGES
from bot.store.decisions import Decision
from bot.store.scopes import SHARED, Scope, guild_of, of_guild
from bot.words import say

OWNERS_KNOWN: Final = 600.0  # seconds for which the application's owners are not asked for again

log = structlog.get_logger(__name__)


class NotAdmitted(Exception):
    """Somebody may not review that; the text is a key of bot/words that says why."""


class Gone(Exception):
    """What was pressed holds no more what it needs; the text is a key of bot/words that says what to do."""


def review_key(verb: str, scope: Scope, *rest: object) -> str:
    """Return the id of a button of /review: whose queue it is about stands where others have their answer."""
    return key(f"rv-{verb}", guild_of(scope), ":".join(map(str, rest)))


class Owners:
    """The owners of the shared base: those of the application, its team included, and those whom the operator names."""

    def __init__(self, client: discord.Client, named: frozenset[int] = frozenset()) -> None:
        """`named` are accounts besides the application's own (AUTHBOT_OWNERS)."""
        self._client = client
        self._named = named
        self._found: frozenset[int] = frozenset()
        self._until = 0.0
        self._turn = asyncio.Lock()

    async def include(self, person: int) -> bool:
        """Return whether a person is one. Where Discord can't be asked the ones last known are."""
        if person in self._named:
            return True
        async with self._turn:
            if time.monotonic() >= self._until:
                try:
                    self._found = _owners(await self._client.application_info())
                    self._until = time.monotonic() + OWNERS_KNOWN
                except discord.HTTPException as error:
                    log.warning("owners.not_read", status=error.status, code=error.code)
        return person in self._found


def _owners(info: discord.AppInfo) -> frozenset[int]:
    if info.team is None:
        return frozenset({info.owner.id})
    accepted = discord.TeamMembershipState.accepted
    members = [each.id for each in info.team.members if each.membership_state is accepted]
    return frozenset({*members, *([info.team.owner_id] if info.team.owner_id else [])})


@dataclass(frozen=True, slots=True)
class Asked:
    """A command or a press of somebody who may review `scope`."""

    interaction: Interaction
    scope: Scope
    lang: str

    @property
    def person(self) -> int:
        return self.interaction.user.id

    @property
    def guild(self) -> int | None:
        return guild_of(self.scope)

    async def show(self, reply: Shown) -> None:
        """Show it in the place of what was pressed, where only the person sees that; else as a new private message."""
        interaction, message = self.interaction, self.interaction.message
        if not interaction.response.is_done():
            await thinking(interaction)
        if message is not None and message.flags.ephemeral and is_v2(message):
            await interaction.edit_original_response(**reply.editing(v2=True))
        else:
            await self.add(reply)

    async def add(self, reply: Shown) -> None:
        """Show it as a new private message."""
        await speak(self.interaction, reply)


async def speak(interaction: Interaction, reply: Shown) -> None:
    """Tell the person in private, acknowledging first where nobody has."""
    if not interaction.response.is_done():
        await thinking(interaction)
    await whisper(interaction, reply)


Work = Callable[[Asked, Key], Awaitable[None]]


class Reviewing:
    """What all of /review shares: the desk of bot/curate, the rights, and one sentence for what can't be."""

    def __init__(self, desk: Desk, curating: Curating, owners: Owners, decided: Callable[[], None]) -> None:
        """`decided` is called after each decision: who waits for an answer is told."""
        self.desk = desk
        self.curating = curating
        self.decided = decided
        self._owners = owners

    async def admitted(self, interaction: Interaction, scope: Scope) -> Asked:
        """Return what somebody asks for in a scope. Raises NotAdmitted where they may not, or not from there.

        Asked anew each time: a message may stand open after a role was taken away, and ids of buttons can be forged.
        """
        guild = guild_of(scope)
        if guild is None:
            if not await self._owners.include(interaction.user.id):
                raise NotAdmitted("review.not_owner")
        elif interaction.guild_id != guild or interaction.client.get_guild(guild) is None:
            raise NotAdmitted("review.elsewhere")
        elif not await self._maintains(interaction, guild):
            raise NotAdmitted("review.not_yours")
        return Asked(interaction, scope, language_of(interaction) or "en")

    async def _maintains(self, interaction: Interaction, guild: int) -> bool:
        if interaction.permissions.manage_guild:
            return True
        settings = await self.curating.store.guilds.get(guild)
        user = interaction.user
        return isinstance(user, discord.Member) and any(map(user.get_role, settings.review_roles))

    def pressed(self, work: Work, *, form: bool = False) -> Handler:
        """Return the handler of a button: acknowledges, checks the person, and says in one sentence what can't be.

        `form` is whether the work answers with a form, before which there can be no acknowledgement.
        """

        async def handler(interaction: Interaction, pressed: Key) -> None:
            if not form:
                await interaction.response.defer()
            await self.safely(interaction, of_guild(pressed.answer or None), lambda asked: work(asked, pressed))

        return handler

    async def safely(self, interaction: Interaction, scope: Scope, work: Callable[[Asked], Awaitable[None]]) -> None:
        """Do what somebody asks for in a scope, if they may."""
        lang = language_of(interaction) or "en"
        try:
            await work(await self.admitted(interaction, scope))
        except (NotAdmitted, Gone) as error:
            await speak(interaction, only(say(str(error), lang)))
        except Refused as error:
            await speak(interaction, only(error.sentence(lang)))

    def missing_language(self, decision: Decision) -> str:
        """Return the language in which what a decision adds is not there yet, "" where there is none."""
        said = decision.content.get("cause")
        if not said or decision.undone_by is not None or decision.content.get("completes"):
            return ""
        tags = set(said)
        for row in in_force(self.curating.live.decisions(decision.scope)):
            same = row.kind == decision.kind and row.entry == decision.entry and row.scope == decision.scope
            if same and (row.kind == "add_entry" or row.content.get("completes") == decision.id):
                tags |= set(row.content.get("cause", ()))
        return next((tag for tag in LANGUAGES if tag not in tags), "")

    async def decision(self, scope: Scope, number: str) -> Decision:
        """Return a decision of a scope by what a button says. Raises NotFound for what isn't the scope's."""
        found = await self.curating.store.decisions.get(int(number)) if number_like(number) else None
        if found is None or found.scope != scope:
            raise NotFound(f"#{number[:20]}")
        return found


def parts_of(pressed: Key, count: int) -> list[str]:
    """Return the parts of a button's rest. Raises Gone where there are not so many: it is another version's."""
    parts = pressed.rest.split(":")
    if len(parts) != count:
        raise Gone("review.gone")
    return parts


def number_like(text: str) -> bool:
    """Return whether a text is a number that a row can have."""
    return text.isascii() and text.isdigit() and len(text) < 18


def chosen_scope(interaction: Interaction, wanted: str | None) -> Scope:
    """Return whose queue a command is about: the server's it is used in, or the shared one."""
    return SHARED if wanted == SHARED or interaction.guild_id is None else of_guild(interaction.guild_id)
