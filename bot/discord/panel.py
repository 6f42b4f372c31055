"""What /settings shows: how the bot speaks in a server or one of its channels, with selects that change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.discord.keys import key
from bot.discord.parts import MUST, Part, fitted
from bot.discord.shown import MOST_OPTIONS, Block, Option, Pick, PickChannel, PickRole, Press, Row, Shown
from bot.knowledge.models import Provider
from bot.store.guilds import MODES, ChannelSettings, GuildSettings, Hindrance
from bot.store.privacy import KEEP
from bot.words import language, say

UNSET = "-"  # a select's value for «nothing set»
_A_PAGE = MOST_OPTIONS - 2  # providers at once: two lines are for «nobody's» and «more»
_NOTE, _DETAIL = 5, 9
USUAL_DAYS = KEEP["sightings"].days
KEEP_DAYS = (7, 30, 90, 180, 365)  # for which a server may keep its samples


@dataclass(frozen=True, slots=True)
class Target:
    """What the panel is for: the server, or one of its channels or categories. `choices` can be changed to."""

    id: int
    guild: int
    choices: tuple[tuple[int, str], ...]  # id and one of server, channel, category

    @property
    def whole(self) -> bool:
        return self.id == self.guild


def panel(
    target: Target,
    settings: GuildSettings,
    hindrances: Sequence[Hindrance],
    providers: Sequence[Provider],
    lang: str,
    *,
    page: int = 0,
    note: str = "",
) -> Shown:
    """Return the panel for a server or a channel, private to who may change it."""
    here = settings.channels.get(target.id, ChannelSettings())
    now: GuildSettings | ChannelSettings = settings if target.whole else here
    names = {provider.id: provider.name.get(language(lang), provider.name["en"]) for provider in providers}
    title = say("settings.title", lang)
    if not target.whole:
        title = say("settings.title_channel", lang, channel=f"<#{target.id}>")
    lines = [*([Part(f"**{note}**", MUST)] if note else []), *_lines(target, settings, now, hindrances, names, lang)]
    body = fitted(lines, 1800)
    rows: list[Row] = [_scope(target, lang), _modes(target, now.mode, lang)]
    rows += [_providers(target, now.provider, names, lang, page), _langs(target, now.lang, lang)]
    if target.whole:
        rows.append(PickRole(key("set-roles", target.id), say("settings.roles", lang), settings.roles))
        rows.append(_switches(target, settings, lang))
    return Shown(f"**{title}**\n{body}", (Block(f"### {title}"), Block(body)), "#5865f2", rows=tuple(rows))


def _lines(
    target: Target,
    settings: GuildSettings,
    now: GuildSettings | ChannelSettings,
    hindrances: Sequence[Hindrance],
    names: dict[str, str],
    lang: str,
) -> list[Part]:
    mode = say(f"settings.mode_{now.mode}", lang) if now.mode else _unset(target, "mode", lang)
    spoken = say(f"settings.lang_{now.lang}", lang) if now.lang in ("en", "zh") else _unset(target, "lang", lang)
    provider = names.get(now.provider, now.provider) if now.provider else _unset(target, "provider", lang)
    lines = [
        Part("- " + say("settings.line_mode", lang, mode=mode), MUST),
        Part("- " + say("settings.line_provider", lang, provider=provider), MUST),
        Part("- " + say("settings.line_lang", lang, spoken=spoken), MUST),
    ]
    if target.whole:
        lines += [Part("- " + line, MUST) for line in _server_lines(settings, lang)]
        if settings.channels:
            others = " ".join(f"<#{channel}>" for channel in list(settings.channels)[:20])
            lines.append(Part("- " + say("settings.line_channels", lang, channels=others), _DETAIL))
    if hindrances:
        where = ", ".join(f"<#{each.channel}> ({each.permission.replace('_', ' ')})" for each in hindrances[:8])
        lines.append(Part("\n⚠️ " + say("settings.line_hindered", lang, where=where), _NOTE))
    return lines


def _server_lines(settings: GuildSettings, lang: str) -> list[str]:
    def state(on: bool) -> str:
        return say("settings.state_on" if on else "settings.state_off", lang)

    def number(of: int | None) -> str:
        return str(of) if of is not None else say("settings.usual", lang)

    return [
        say(
            "settings.line_limits",
            lang,
            person=number(settings.per_person),
            channel=number(settings.per_channel),
            guild=number(settings.per_guild),
        ),
        say("settings.line_reactions", lang, state=state(settings.reactions)),
        say("settings.line_removal", lang, state=state(settings.remove_secrets)),
        say("settings.line_roles", lang, roles="".join(f", <@&{role}>" for role in settings.roles)),
    ]


def _unset(target: Target, what: str, lang: str) -> str:
    return say(f"settings.{what}_unset" if target.whole else "settings.as_server", lang)


def _scope(target: Target, lang: str) -> Pick:
    options = tuple(
        Option(say(f"settings.scope_{kind}", lang), str(number), chosen=number == target.id)
        for number, kind in target.choices
    )
    return Pick(key("set-scope", target.id), say("settings.scope", lang), options)


def _modes(target: Target, now: str | None, lang: str) -> Pick:
    options = [Option(_unset(target, "mode", lang), UNSET, chosen=now is None)]
    options += [Option(say(f"settings.mode_{mode}", lang), mode, chosen=mode == now) for mode in MODES]
    return Pick(key("set-mode", target.id), say("settings.mode", lang), _named(options, "settings.mode", lang))


def _langs(target: Target, now: str | None, lang: str) -> Pick:
    options = [Option(_unset(target, "lang", lang), UNSET, chosen=now is None)]
    options += [Option(say(f"settings.lang_{tag}", lang), tag, chosen=tag == now) for tag in ("en", "zh")]
    return Pick(key("set-lang", target.id), say("settings.lang", lang), _named(options, "settings.lang", lang))


def _providers(target: Target, now: str | None, names: dict[str, str], lang: str, page: int) -> Pick:
    """Return the select of providers, a page at a time: Discord's holds 25 lines."""
    known = sorted(names.items(), key=lambda pair: pair[1].casefold())
    pages = [known[start : start + _A_PAGE] for start in range(0, len(known), _A_PAGE)] or [[]]
    page %= len(pages)
    options = [Option(_unset(target, "provider", lang), UNSET, chosen=now is None)]
    options += [Option(words, identifier, chosen=identifier == now) for identifier, words in pages[page]]
    if len(pages) > 1:
        options.append(Option(say("settings.provider_more", lang), f"page:{(page + 1) % len(pages)}"))
    return Pick(
        key("set-provider", target.id), say("settings.provider", lang), _named(options, "settings.provider", lang)
    )


def _named(options: list[Option], heading: str, lang: str) -> tuple[Option, ...]:
    """Return the options with the select's subject under the chosen one: a chosen select shows no placeholder."""
    about = say(heading, lang)
    return tuple(Option(each.label, each.value, about if each.chosen else "", each.chosen) for each in options)


def _switches(target: Target, settings: GuildSettings, lang: str) -> tuple[Press, ...]:
    def switch(what: str, verb: str, on: bool) -> Press:
        words = say(f"settings.{what}_on" if on else f"settings.{what}_off", lang)
        return Press(words, key(verb, target.id), "good" if on else "plain")

    return (
        switch("reactions", "set-reactions", settings.reactions),
        switch("removal", "set-removal", settings.remove_secrets),
        Press(say("settings.limits", lang), key("set-limits", target.id)),
        Press(say("settings.review", lang), key("set-review", target.id)),
    )


def review_panel(guild: int, settings: GuildSettings, lang: str) -> Shown:
    """Return the panel for who reviews what had no answer in a server, private to who may change it."""
    title = say("settings.review_title", lang)
    state = say("settings.state_on" if settings.shares else "settings.state_off", lang)
    digest = f"<#{settings.digest_channel}>" if settings.digest_channel else say("settings.digest_nowhere", lang)
    lines = [
        say("settings.line_reviewers", lang, roles="".join(f", <@&{role}>" for role in settings.review_roles)),
        say("settings.line_digest", lang, channel=digest),
        say("settings.line_keep", lang, days=settings.keep_days or USUAL_DAYS),
        say("settings.line_shares", lang, state=state),
        say("settings.about_shares", lang),
    ]
    body = "\n".join(f"- {line}" for line in lines)
    shares = say("settings.shares_on" if settings.shares else "settings.shares_off", lang)
    rows: tuple[Row, ...] = (
        PickRole(key("set-reviewers", guild), say("settings.reviewers", lang), settings.review_roles),
        PickChannel(key("set-digest", guild), say("settings.digest", lang), settings.digest_channel),
        Pick(key("set-keep", guild), say("settings.keep", lang), _days(settings.keep_days or USUAL_DAYS, lang)),
        (
            Press(shares, key("set-shares", guild), "good" if settings.shares else "plain"),
            Press(say("settings.back", lang), key("set-back", guild)),
        ),
    )
    return Shown(f"**{title}**\n{body}", (Block(f"### {title}"), Block(body)), "#5865f2", rows=rows)


def _days(now: int, lang: str) -> tuple[Option, ...]:
    return tuple(
        Option(say("settings.keep_days", lang, days=days), str(days), chosen=days == now) for days in KEEP_DAYS
    )
