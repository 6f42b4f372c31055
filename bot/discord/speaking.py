"""Speaking: whether there is a reason to be quiet, and otherwise one reply, its row, and what it brings with it."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections import OrderedDict
from dataclasses import replace
from typing import Final

import discord
import structlog

from bot import metrics
from bot.discord.attention import Repliers, place_of
from bot.discord.cooldowns import Cooldowns
from bot.discord.delivery import DISCORD_FAILS, Delivery, patiently
from bot.discord.desk import new_answer
from bot.discord.hearing import Heard
from bot.discord.render import only, shown
from bot.discord.shown import Shown
from bot.service import Explained
from bot.store.answers import KeptAnswer, NewAnswer
from bot.store.store import Place, Store
from bot.words import say

QUIET: Final = "\N{RIGHT-POINTING MAGNIFYING GLASS}"  # surely an error: a click shows the readings
SLOW: Final = "\N{HOURGLASS WITH FLOWING SAND}"  # beyond a limit
LATELY: Final = dt.timedelta(minutes=10)  # within which the same error of the same person points to its answer

log = structlog.get_logger(__name__)


class Speaker:
    """Says what was explained, or a quiet reaction in its place, or nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._refused: list[tuple[Place, dt.datetime]] = []
        self._spared: set[int] = set()
        # Who was answered with what in the last minutes, so that the store is asked only where there is something.
        self._lately: OrderedDict[tuple[str, str], dt.datetime] = OrderedDict()
        self.cooldowns = Cooldowns()
        self.repliers = Repliers()
        self.delivery = Delivery(store)

    async def recall(self) -> None:
        """Read what was answered before a restart."""
        for person, entry, at in await self._store.answers.given_since(dt.datetime.now(dt.UTC) - LATELY):
            self._remember(person, entry, at)

    async def speak(self, heard: Heard, explained: Explained, paste: discord.Message) -> None:
        """Reply with what was explained of `paste`, unless there is a reason to be quiet."""
        if await self.quiet(heard):
            return
        lang = _language(heard, explained)
        now = dt.datetime.now(dt.UTC)
        row = new_answer(heard.message.id, explained, lang, place_of(heard.message), now)
        row = replace(row, paste=paste.id, provider=heard.rule.provider)
        again = await self._same_lately(heard, row)
        if again is not None:
            link = f"https://discord.com/channels/{again.guild or '@me'}/{again.channel}/{again.reply}"
            await self.say(heard, "speaking.again", lang=lang, link=link)
            return
        made = _shown(heard, explained, lang, heard.message.id)
        if await self.delivery.reply(heard.message, made, heard.may, row, claimed=heard.claimed):
            metrics.answered(time.monotonic() - heard.since)
            self._remember(self._store.answers.person(heard.message.author.id), row.shown, row.sent_at)
            await self._remove_secret(heard, row, paste)

    async def say(self, heard: Heard, key: str, *, lang: str | None = None, **values: object) -> None:
        """Reply with one sentence of the bot's own."""
        words = only(say(key, lang or heard.lang, **values))
        await self.delivery.reply(heard.message, words, heard.may, claimed=heard.claimed)

    async def offer(self, heard: Heard) -> None:
        """Put one quiet reaction on what is surely an error, but not surely which."""
        if not heard.rule.reactions or not heard.may.react or await self.quiet(heard, silently=True):
            return
        place, now = place_of(heard.message), dt.datetime.now(dt.UTC)
        if await self._store.handled.state(heard.message.id) is None:
            # First the reaction, which can't double, then the row: what fails in between is done again as a whole.
            await _react(heard.message, QUIET)
            await patiently(lambda: self._store.handled.offer(place, now))

    async def update(self, heard: Heard, answered: int, explained: Explained) -> None:
        """Put `explained` in the place of the answer with the id `answered`, where it says something else."""
        kept = await self._store.answers.get(answered)
        if kept is None or kept.reply is None:
            return
        lang = explained.answer.lang if explained.answer else kept.lang
        place = Place(kept.guild, kept.channel, kept.message, None)
        new = replace(new_answer(kept.id, explained, lang, place, kept.sent_at), provider=kept.provider)
        if _said(new) == _said(kept):
            return
        await self.delivery.change(heard.message.channel, kept, _shown(heard, explained, lang, kept.id), new)

    async def quiet(self, heard: Heard, *, asked: bool = False, silently: bool = False) -> bool:
        """Return whether the bot is to say nothing: it can't, somebody else has replied, or a limit is used up.

        Otherwise a turn is taken. Who `asked` is not left to somebody else's reply. Beyond a limit there is one
        reaction, except `silently`. What was claimed has had its turn.
        """
        message = heard.message
        if not heard.may.send:
            await self.delivery.hindered(heard.message)
            return True
        if heard.claimed or heard.counted:
            return False
        if not asked and self.repliers.helped(message):
            log.info("message.left_to_people", message=message.id)
            return True
        kind = self.cooldowns.refuse(heard.guild, message.channel.id, message.author.id, heard.rule.limits)
        if kind is None:
            return False
        metrics.refused(kind)
        log.info("message.refused", message=message.id, limit=kind)
        self._refused.append((place_of(message), dt.datetime.now(dt.UTC)))
        if not silently and heard.may.react and self.cooldowns.tell(message.channel.id, message.author.id):
            with contextlib.suppress(*DISCORD_FAILS):
                await _react(message, SLOW)
        return True

    async def keep_refusals(self) -> None:
        """Store which messages were refused, so that they are not answered after a restart."""
        refused, self._refused = self._refused, []
        await self._store.handled.refused(refused)

    def spare(self, message: int) -> None:
        """Keep the answer to a message that the bot itself is about to delete."""
        self._spared.add(message)

    def spared(self, message: int) -> bool:
        """Return whether a deleted message's answer is to stay, and forget that."""
        kept = message in self._spared
        self._spared.discard(message)
        return kept

    def _remember(self, person: str, entry: str | None, at: dt.datetime) -> None:
        if entry is not None:
            self._lately[person, entry] = at
            self._lately.move_to_end((person, entry))
        while self._lately and next(iter(self._lately.values())) < at - LATELY:
            self._lately.popitem(last=False)

    async def _same_lately(self, heard: Heard, row: NewAnswer) -> KeptAnswer | None:
        message, since = heard.message, row.sent_at - LATELY
        if row.secrets:
            return None  # the warning is not to be missed
        if row.shown is None or (self._store.answers.person(message.author.id), row.shown) not in self._lately:
            return None
        found = await self._store.answers.same_lately(
            message.author.id, row.shown, heard.guild, message.channel.id, since
        )
        return found if found is not None and found.id != message.id else None

    async def _remove_secret(self, heard: Heard, row: NewAnswer, paste: discord.Message) -> None:
        """Delete a pasted message with a live-looking credential, where the server agreed and the bot may."""
        if not row.secrets or not heard.rule.remove_secrets or not heard.may.manage:
            return
        self.spare(paste.id)
        try:
            await paste.delete()
            log.info("secret.removed", message=paste.id)
        except (discord.NotFound, discord.Forbidden) as error:
            self.spared(paste.id)
            log.warning("secret.not_removed", message=paste.id, code=error.code)


async def _react(message: discord.Message, sign: str) -> None:
    try:
        await message.add_reaction(sign)
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("reaction.refused", message=message.id, code=error.code)


def _said(answer: NewAnswer | KeptAnswer) -> tuple[object, ...]:
    """Return what a reader would see change."""
    entries = tuple(entry for entry, _ in answer.candidates)
    shown = entries[:1] if answer.decision == "answer" else entries[:3]
    return answer.decision, shown, answer.secrets, answer.lang


def _shown(heard: Heard, explained: Explained, lang: str, number: int) -> Shown:
    unkept = heard.guild is None and explained.verdict.decision == "unmatched" and explained.group is None
    removable = heard.may.manage and not heard.rule.remove_secrets
    return shown(explained, lang, answer_id=number, removable=removable, consent=unkept)


def _language(heard: Heard, explained: Explained) -> str:
    if explained.answer is not None:
        return explained.answer.lang
    return explained.reading.lang if explained.reading else heard.lang
