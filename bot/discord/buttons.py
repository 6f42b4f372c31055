"""What happens when a button under an answer is pressed. Works from its id and the store alone, months later too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import discord
import structlog

from bot import metrics
from bot.answer.compose import whole_entry
from bot.discord.complaints import Complaints
from bot.discord.desk import Desk
from bot.discord.forms import note_form, typed
from bot.discord.keys import Key, read_key
from bot.discord.redraw import redrawn, translated
from bot.discord.render import LEAST_OTHER, only, others_shown, whole_shown
from bot.discord.shown import Shown, is_v2
from bot.discord.whisper import Interaction, data_of, guarded, language_of, thinking, whisper
from bot.paste.personal import mask_personal
from bot.paste.redact import redact
from bot.store.answers import KeptAnswer
from bot.words import say

Handler = Callable[[Interaction, Key], Awaitable[None]]
_PRESSES: Final = (discord.InteractionType.component, discord.InteractionType.modal_submit)

log = structlog.get_logger(__name__)


class Buttons:
    """Takes presses, choices and filled-in forms to their handlers, by the verb in their id."""

    def __init__(self, *handlers: Mapping[str, Handler]) -> None:
        self._handlers = {verb: handler for each in handlers for verb, handler in each.items()}

    async def pressed(self, interaction: Interaction) -> None:
        """Handle an interaction if it is a press of ours; raises nothing."""
        if interaction.type not in _PRESSES:
            return
        pressed = read_key(str(data_of(interaction).get("custom_id", "")))
        if pressed is None:
            log.info("press.unknown", interaction=interaction.id)
            return
        handler = self._handlers.get(pressed.verb, _no_longer)
        metrics.pressed(pressed.verb if pressed.verb in self._handlers else "unknown")
        await guarded(interaction, handler(interaction, pressed))


async def _no_longer(interaction: Interaction, _pressed: Key) -> None:
    """Answer the press of a button that another version made."""
    await thinking(interaction)
    await whisper(interaction, only(say("gone.answer", language_of(interaction) or "en")))


class UnderAnswers:
    """The buttons under answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._complaints = Complaints(desk)

    def handlers(self) -> dict[str, Handler]:
        return {
            "solved": self._solved,
            "unhelped": self._unhelped,
            "note": self._note,
            "more": self._more,
            "others": self._others,
            "other": self._other,
            "none": self._none,
            "zh": self._language,
            "en": self._language,
            **{f"pick{number}": self._picked for number in (1, 2, 3)},
            "remove": self._remove,
        }

    async def _solved(self, interaction: Interaction, pressed: Key) -> None:
        await thinking(interaction)
        await self._rate(interaction, pressed, "solved")
        await whisper(interaction, only(say("feedback.solved", await self._lang(interaction, pressed))))
        await self._complaints.taken_back(interaction, pressed)

    async def _unhelped(self, interaction: Interaction, pressed: Key) -> None:
        # The form is the acknowledgement: nothing may come before it.
        await interaction.response.send_modal(note_form(pressed, language_of(interaction) or "en"))

    async def _note(self, interaction: Interaction, pressed: Key) -> None:
        await thinking(interaction)
        note = mask_personal(redact(typed(interaction, "note")).text).strip()
        await self._rate(interaction, pressed, "not_helped", note=note or None)
        await whisper(interaction, only(say("feedback.unhelped", await self._lang(interaction, pressed))))
        await self._complaints.not_helped(interaction, pressed, note)

    async def _more(self, interaction: Interaction, pressed: Key) -> None:
        await thinking(interaction)
        kept = await self._desk.kept(pressed.answer)
        lang = language_of(interaction) or (kept.lang if kept else "en")
        found = self._desk.entry(pressed.rest or (kept.shown or "" if kept else ""), interaction.guild_id)
        if found is None:
            await whisper(interaction, only(say("gone.entry", lang)))
            return
        answer = self._desk.explainer.with_page(whole_entry(*found, lang), f"{found[0].id}/{found[1].id}")
        await whisper(interaction, whole_shown(answer))

    async def _others(self, interaction: Interaction, pressed: Key) -> None:
        await thinking(interaction)
        kept = await self._desk.kept(pressed.answer)
        lang = language_of(interaction) or (kept.lang if kept else "en")
        ids = [entry for entry, likely in kept.candidates[1:] if likely >= LEAST_OTHER] if kept else []
        found = self._desk.entries(ids, interaction.guild_id)
        if not found:
            await whisper(interaction, only(say("others.none" if kept else "gone.answer", lang)))
            return
        await whisper(interaction, others_shown(found, pressed.answer, lang))

    async def _other(self, interaction: Interaction, pressed: Key) -> None:
        await thinking(interaction)
        chosen = str(next(iter(data_of(interaction).get("values") or [""])))
        await self._give(interaction, pressed, chosen)

    async def _picked(self, interaction: Interaction, pressed: Key) -> None:
        """Give the answer of a reading: in the suggestion's place to who asked, else in private."""
        kept = await self._desk.kept(pressed.answer)
        number = int(pressed.verb[-1]) - 1
        entry = pressed.rest or (kept.candidates[number][0] if kept and number < len(kept.candidates) else "")
        if kept is None or not self._theirs(interaction, kept):
            await thinking(interaction)
            await self._give(interaction, pressed, entry)
            return
        await interaction.response.defer()
        found = self._desk.entry(entry, interaction.guild_id)
        if found is None:
            await whisper(interaction, only(say("gone.entry", kept.lang)))
            return
        await self._rate(interaction, pressed, "chose", entry=entry)
        if self._desk.store is not None:
            await self._desk.store.answers.change(kept.id, shown=entry, lang=kept.lang)
        await self._edit(interaction, redrawn(self._desk, kept, entry, kept.lang, interaction, private=kept.private))
        await self._complaints.chose(interaction, pressed, entry)

    async def _give(self, interaction: Interaction, pressed: Key, entry: str) -> None:
        kept = await self._desk.kept(pressed.answer)
        lang = language_of(interaction) or (kept.lang if kept else "en")
        if self._desk.entry(entry, interaction.guild_id) is None:
            await whisper(interaction, only(say("gone.entry", lang)))
            return
        await self._rate(interaction, pressed, "chose", entry=entry)
        await whisper(interaction, redrawn(self._desk, kept, entry, lang, interaction, private=True))
        await self._complaints.chose(interaction, pressed, entry)

    async def _none(self, interaction: Interaction, pressed: Key) -> None:
        await thinking(interaction)
        await self._rate(interaction, pressed, "not_helped")
        await whisper(interaction, only(say("feedback.none", await self._lang(interaction, pressed))))
        await self._complaints.not_helped(interaction, pressed)

    async def _language(self, interaction: Interaction, pressed: Key) -> None:
        """Show the answer in the other language: the message itself to who asked, a private one to others."""
        kept, lang = await self._desk.kept(pressed.answer), pressed.verb
        entry = pressed.rest or (kept.shown or "" if kept else "")
        own = _is_private(interaction) or (kept is not None and self._theirs(interaction, kept))
        if kept is None and self._desk.entry(entry, interaction.guild_id) is None:
            await thinking(interaction)
            await whisper(interaction, only(say("gone.answer", lang)))
        elif own:
            await interaction.response.defer()
            private = _is_private(interaction)
            if kept is not None and self._desk.store is not None and not private:
                await self._desk.store.answers.change(kept.id, shown=kept.shown or entry or None, lang=lang)
            if kept is None or private:
                reply = redrawn(self._desk, kept, entry, lang, interaction, private=private)
            else:
                reply = await translated(self._desk, kept, entry, lang, interaction)
            await self._edit(interaction, reply)
        else:
            await thinking(interaction)
            await whisper(interaction, redrawn(self._desk, kept, entry, lang, interaction, private=True))

    async def _remove(self, interaction: Interaction, pressed: Key) -> None:
        kept = await self._desk.kept(pressed.answer)
        moderates = interaction.guild_id is not None and interaction.permissions.manage_messages
        if not (moderates or (kept is not None and self._theirs(interaction, kept))):
            await thinking(interaction)
            await whisper(interaction, only(say("gone.remove", await self._lang(interaction, pressed))))
            return
        await interaction.response.defer()
        await interaction.delete_original_response()
        if self._desk.store is not None:
            await self._desk.store.answers.removed(pressed.answer)

    async def _rate(self, interaction: Interaction, pressed: Key, kind: Any, **more: Any) -> None:
        if self._desk.store is None or not pressed.answer:
            return
        entry = more.pop("entry", None) or pressed.rest or None
        at = dt.datetime.now(dt.UTC)
        known = await self._desk.store.answers.rate(pressed.answer, interaction.user.id, kind, at, entry=entry, **more)
        log.info("feedback", answer=pressed.answer, kind=kind, entry=entry, kept=known)

    async def _lang(self, interaction: Interaction, pressed: Key) -> str:
        """Return the language of the person's Discord, or else of the answer."""
        lang = language_of(interaction)
        if lang:
            return lang
        kept = await self._desk.kept(pressed.answer)
        return kept.lang if kept else "en"

    def _theirs(self, interaction: Interaction, kept: KeptAnswer) -> bool:
        return self._desk.store is not None and self._desk.store.answers.is_asker(kept, interaction.user.id)

    async def _edit(self, interaction: Interaction, reply: Shown) -> None:
        message = interaction.message
        await interaction.edit_original_response(**reply.editing(v2=message is not None and is_v2(message)))


def _is_private(interaction: Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral
