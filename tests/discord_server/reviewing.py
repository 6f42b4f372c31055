"""What tests of /review do: paste, open, press, fill in; as a maintainer of the guild if nothing else is said."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.models import Case, Place
from bot.store.scopes import of_guild
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import UNKNOWN, bot_on, explaining
from tests.discord_server.interactions import MANAGE_GUILD, by, directly, form, press
from tests.discord_server.payloads import (
    ALLOWED,
    BOT_ID,
    GENERAL,
    GUILD_ID,
    OTHER_PERSON,
    PERSON,
    Payload,
    command,
    interaction,
    new_id,
    subcommand,
)
from tests.discord_server.server import Sent

MANAGES = ALLOWED | MANAGE_GUILD
OTHER_GUILD = GUILD_ID + 7
HERE, THERE = of_guild(GUILD_ID), of_guild(OTHER_GUILD)
EPHEMERAL = 1 << 6
WIRE = "Authentication failed: the frobnicator turned the token down\ncodes: zz_unheard_of"
ANSWER = {
    "provider": "Frob Cloud",
    "wire": f"{WIRE}\nhttps://docs.frob.example/tokens",
    "title": "The frobnicator refuses the token",
    "cause": "The token is of another zone.",
    "steps": "1. Make a token in the right zone\n2. Restart the client",
}
CHINESE = {"title": "令牌被拒绝", "cause": "令牌属于另一个区域。", "steps": "在正确的区域新建令牌\n重启客户端"}
ANOTHER = 'HTTP 403 {"code":"zz_other","message":"Permission denied: the flux capacitor is locked by its owner"}'


@dataclass
class Maintaining:
    """A guild with its bot, its store, and who maintains it."""

    discord: DiscordServer
    store: Store
    explainer: Explainer

    async def pasted(self, text: str = UNKNOWN, who: Payload = PERSON) -> Sent:
        """What the bot replies to a paste in the guild."""
        return await self.discord.reply_to(await self.discord.say(GENERAL, f"<@{BOT_ID}> {text}", author=who))

    async def seen(self, text: str = UNKNOWN, guild: int | None = GUILD_ID, person: int = 1) -> str:
        """Keep a paste of some guild, without Discord; return its case's name."""
        place = Place(guild, GENERAL, new_id(), person)
        explained = await self.explainer.explain(Paste(text), place=place, seen_at=dt.datetime.now(dt.UTC))
        assert explained.group is not None
        return explained.group

    async def review(
        self,
        sub: str,
        /,
        *,
        who: Payload = PERSON,
        permissions: int = MANAGES,
        roles: tuple[int, ...] = (),
        locale: str = "en-US",
        direct: bool = False,
        **options: str | int,
    ) -> Sent:
        """What /review answers."""
        made = interaction(2, subcommand("review", sub, **options), locale=locale)
        made = directly(made, who) if direct else by(made, who, permissions=permissions, roles=roles)
        return await self.discord.interact(made)

    async def looked_up(self, typed: str, name: str = "lookup") -> Sent:
        """What /lookup (or /provider) shows."""
        option = "entry" if name == "lookup" else "name"
        return await self.discord.interact(by(interaction(2, command(name, **{option: typed})), OTHER_PERSON))

    async def press(
        self,
        under: Sent,
        button: str,
        *,
        who: Payload = PERSON,
        permissions: int = MANAGES,
        roles: tuple[int, ...] = (),
        values: list[str] | None = None,
        locale: str = "en-US",
        direct: bool = False,
    ) -> Sent:
        """What comes of a button by its label (or by its id), or of a select by its verb."""
        number = under.selects[button]["custom_id"] if values is not None else under.buttons.get(button, button)
        made = press(under, number, values=values, locale=locale)
        made = directly(made, who) if direct else by(made, who, permissions=permissions, roles=roles)
        return await self.discord.interact(made)

    async def fill(self, opened: Sent, under: Sent, typed: Mapping[str, str], locale: str = "en-US") -> Sent:
        """What comes of a form that a button under a message has opened; what isn't typed stays as it was filled in."""
        assert opened.body["type"] == 9, opened.body
        made = form(opened.body["data"]["custom_id"], locale, under, **{**filled(opened), **typed})
        return await self.discord.interact(by(made, PERSON, permissions=MANAGES))

    async def answered(self, case: Sent, typed: Mapping[str, str] | None = None) -> Sent:
        """The draft of an answer to the case that is shown."""
        return await self.fill(await self.press(case, "Answer"), case, typed or ANSWER)

    async def case(self, scope: str = HERE) -> Case:
        """The only case of a scope."""
        [found] = await self.store.queue.top(scope, status=None)
        return found


def filled(opened: Sent) -> dict[str, str]:
    """What a form has in its fields."""
    fields = [label["component"] for label in opened.body["data"]["components"]]
    return {field["custom_id"]: field.get("value", "") for field in fields}


@contextlib.asynccontextmanager
async def maintaining(folder: Path) -> AsyncIterator[Maintaining]:
    """The bot, running, with all that its maintainers need."""
    async with explaining(folder) as (explainer, store), DiscordServer() as server, bot_on(server, explainer):
        yield Maintaining(server, store, explainer)


async def kinds(scene: Maintaining) -> list[str]:
    """The log, the newest first."""
    return [row.kind for row in await scene.store.decisions.history(HERE)]
