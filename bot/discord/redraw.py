"""Drawing an answer again without its paste: in the other language, or as the reading that was chosen."""

from __future__ import annotations

from dataclasses import replace

from bot.answer.compose import entry_answer, readings
from bot.answer.revoke import Leak, warning
from bot.discord.desk import Desk
from bot.discord.render import LEAST_OTHER, Under, answer_shown, only, shown, suggestion_shown, unmatched_shown
from bot.discord.shown import Shown
from bot.discord.whisper import Interaction
from bot.store.answers import KeptAnswer
from bot.words import say


async def translated(desk: Desk, kept: KeptAnswer, entry: str, lang: str, interaction: Interaction) -> Shown:
    """Return a public answer in `lang`: with what the paste itself shows while that stands, else as `redrawn`."""
    plain = redrawn(desk, kept, entry, lang, interaction, private=False)
    explained = await desk.judged_again(kept, lang) if kept.decision == "answer" else None
    best = explained.verdict.best if explained is not None else None
    if explained is None or explained.answer is None or best is None or best.entry_id != entry:
        return plain
    return replace(shown(explained, lang, answer_id=kept.id), rows=plain.rows, alert=plain.alert)


def redrawn(
    desk: Desk, kept: KeptAnswer | None, entry: str, lang: str, interaction: Interaction, *, private: bool
) -> Shown:
    """Return `entry`'s answer, or without one the suggestion or unmatched answer that `kept` is, in `lang`.

    What the paste itself shows is not kept, and so not shown again.
    """
    rest = [other for other, likely in kept.candidates if other != entry and likely >= LEAST_OTHER] if kept else []
    secrets = kept.secrets if kept else ()
    under = Under(
        answer=kept.id if kept else None,
        entry=entry,
        private=private,
        others=bool(rest) and kept is not None and kept.decision == "answer",
        leak=bool(secrets) and not private and interaction.app_permissions.manage_messages,
        group=kept.group if kept else None,
    )
    found = desk.entry(entry, interaction.guild_id)
    if found is not None:
        answer = desk.explainer.with_page(entry_answer(*found, lang), f"{found[0].id}/{found[1].id}")
        made = answer_shown(answer, under)
    elif kept is not None and kept.decision == "suggest":
        options = desk.entries([option for option, _ in kept.candidates[:3]], interaction.guild_id)
        made = suggestion_shown(readings(options, lang), under) if options else only(say("gone.entry", lang))
    elif kept is not None and kept.decision == "unmatched":
        made = unmatched_shown(kept.facts, lang, under)
    else:
        return only(say("gone.entry", lang))
    return replace(made, alert=warning(tuple(Leak(kind, vendor) for kind, vendor in secrets), lang))
