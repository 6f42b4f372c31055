"""The weekly digest: what a server's week was, for the channel it has chosen. Its own numbers alone, and no pings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import discord
import structlog

from bot.curate.desk import Desk as Curating
from bot.curate.failing import Failing
from bot.discord.delivery import DISCORD_FAILS
from bot.discord.names import answer_language
from bot.discord.parts import cut
from bot.discord.review_case import case_line, failing_line
from bot.discord.review_desk import review_key
from bot.discord.shown import Block, Press, Shown
from bot.discord.trouble import trouble
from bot.knowledge.models import in_language
from bot.store.decisions import Decision
from bot.store.figures import Day
from bot.store.models import Case
from bot.store.scopes import Scope, of_guild
from bot.words import language, say

WEEK: Final = dt.timedelta(days=7)
AT: Final = dt.timedelta(hours=9)  # of Monday, UTC
MOST_CASES: Final = 5
MOST_ADDED: Final = 5
MOST_LOOKED_THROUGH: Final = 200  # decisions of a server in a week
MOST_LINE: Final = 160
COLOUR: Final = "#5865f2"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Week:
    """What a digest says of the seven days before `monday`."""

    scope: Scope
    monday: dt.date
    days: Sequence[Day]  # of this week and of the one before
    waiting: Sequence[Case]
    added: Sequence[Decision]
    failing: Sequence[Failing]

    @property
    def first(self) -> dt.date:
        return self.monday - WEEK

    @property
    def now(self) -> tuple[int, int]:
        """How many errors were answered in the week, and how many there were."""
        return _counted(self.days, self.first, self.monday)

    @property
    def before(self) -> tuple[int, int]:
        """The same of the week before."""
        return _counted(self.days, self.first - WEEK, self.first)

    @property
    def quiet(self) -> bool:
        """Whether nothing happened in the week."""
        seen = any(case.last_seen >= _start(self.first) for case in self.waiting)
        return not (self.now[1] or self.added or seen)


def utc_now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


class Digests:
    """Sends each server's digest once a week: Mondays at 09:00 UTC, or as soon after as the bot is there."""

    def __init__(self, client: discord.Client, curating: Curating, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._client = client
        self._curating = curating
        self._store = curating.store
        self._now = now

    async def send_due(self) -> None:
        """Send the digests that are due of the servers this process is in; of many processes one sends each."""
        due = due_at(self._now())
        for number, channel in await self._store.guilds.digests_due(due):
            guild = self._client.get_guild(number)
            at = self._now()
            if guild is None or not await self._store.guilds.claim_digest(number, at, due):
                continue
            try:
                await self._send(guild, channel, due.date())
            except DISCORD_FAILS as error:
                await self._store.guilds.give_back_digest(number, at)  # the next minute will do
                log.warning("digest.failed", guild=number, **trouble(error))
            except discord.HTTPException as error:
                log.warning("digest.refused", guild=number, channel=channel, status=error.status, code=error.code)
                if error.status == 403:
                    await self._store.guilds.hindered(number, channel, "send_messages", at)

    async def _send(self, guild: discord.Guild, channel: int, monday: dt.date) -> None:
        week = await self._week(of_guild(guild.id), monday)
        if week.quiet:
            return
        settings = await self._store.guilds.get(guild.id)
        made = digest_shown(week, settings.lang or answer_language(guild.preferred_locale) or "en")
        where = self._client.get_partial_messageable(channel, guild_id=guild.id)
        nonce = f"d{guild.id}"  # Discord drops a second one within minutes
        try:
            await where.send(**made.sending(), nonce=nonce)
        except discord.HTTPException as error:
            if error.status not in (400, 403):
                raise
            await where.send(**made.sending(v2=False), nonce=nonce)
        log.info("digest.sent", guild=guild.id)

    async def _week(self, scope: Scope, monday: dt.date) -> Week:
        first = _start(monday - WEEK)
        figures = await self._store.queue.figures(scope, first - WEEK)
        waiting = await self._curating.queue(scope, limit=MOST_CASES)
        rows = await self._curating.history(scope, MOST_LOOKED_THROUGH)
        added = [row for row in rows if row.kind == "add_entry" and row.undone_by is None and row.at >= first]
        # The other language of an entry is a decision of its own.
        entries = list({row.entry: row for row in added}.values())
        return Week(scope, monday, figures.days, waiting, entries, await self._curating.failing(scope))


def due_at(now: dt.datetime) -> dt.datetime:
    """Return the last Monday 09:00 UTC that has come."""
    monday = _start(now.astimezone(dt.UTC).date() - dt.timedelta(days=now.astimezone(dt.UTC).weekday())) + AT
    return monday if monday <= now else monday - WEEK


def digest_shown(week: Week, lang: str) -> Shown:
    """Return a week's digest. Each case has the button that opens it, for those who may review."""
    span = say("digest.title", lang, first=_day(week.first), last=_day(week.monday - dt.timedelta(days=1)))
    blocks = [Block(f"### {span}\n{_share(week, lang)}")]
    if week.waiting:
        blocks.append(Block(f"**{say('digest.waiting', lang)}**", rule=True))
    for number, case in enumerate(week.waiting, start=1):
        words = say("digest.case", lang, people=case.people, sightings=case.sightings)
        line = cut(case_line(case), MOST_LINE).replace("`", "'")
        press = Press(f"{say('review.button.open', lang)} {number}", review_key("open", week.scope, case.name))
        blocks.append(Block(f"{number}. `{line}`\n-# {words}", press))
    if week.added:
        lines = [f"- {_title(row, lang)} (`{row.entry}`)" for row in week.added[:MOST_ADDED]]
        if len(week.added) > MOST_ADDED:
            lines.append(f"- +{len(week.added) - MOST_ADDED}")
        blocks.append(Block("\n".join([f"**{say('digest.added', lang)}**", *lines]), rule=True))
    if week.failing:
        blocks.append(Block(failing_line(week.failing, lang), rule=True))
    blocks.append(Block("-# " + say("digest.hint", lang)))
    return Shown("\n".join(block.text for block in blocks), tuple(blocks), COLOUR)


def _share(week: Week, lang: str) -> str:
    answered, all_ = week.now
    if not all_:
        return say("digest.nobody_asked", lang)
    line = say("digest.answered", lang, share=f"{answered / all_:.0%}", count=all_)
    earlier, of_all = week.before
    return f"{line} {say('digest.before', lang, share=f'{earlier / of_all:.0%}', count=of_all)}" if of_all else line


def _title(row: Decision, lang: str) -> str:
    titles = row.content.get("title") or {}
    return cut(in_language(titles, language(lang)), MOST_LINE) if titles else str(row.entry)


def _counted(days: Sequence[Day], first: dt.date, end: dt.date) -> tuple[int, int]:
    those = [day for day in days if first <= day.day < end]
    return sum(day.answered for day in those), sum(day.answered + day.suggested + day.unmatched for day in those)


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _day(day: dt.date) -> str:
    return day.isoformat()
