"""All pages of the site: knowledge in, texts by path out. Same knowledge, same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import Environment

from bot.knowledge.load import Knowledge
from bot.knowledge.models import LANGUAGES, Entry, KnowledgeFile, Provider
from bot.knowledge.stats import GROUPS, OTHER, group_of
from bot.site.markup import environment, inline, plain, source, wire
from bot.site.paths import HOME, entry_path, home_path, in_language, provider_path, root_of
from bot.site.search import search_script

ASSETS = ("site.css", "site.js")
HTML_LANG = {"en": "en", "zh": "zh-Hans"}
SHOWN_CODE = 80  # characters of what tells a confusable entry apart


class SiteError(ValueError):
    """The site cannot be made from this knowledge or put there; says what to do."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A link to another entry. `shows` is a code or message that would be there and not here, "" for none."""

    path: str
    provider: str
    title: str
    shows: str = ""


def pages(knowledge: Knowledge, base_url: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path below the site's root, text) for every file of the site.

    `base_url`, without a slash at its end, is where it will be published: with it pages name their canonical address
    and there is a sitemap. Raises SiteError for an entry whose page would stand in the provider's place.
    """
    for provider, entry in knowledge.entries():
        if entry.id == HOME:
            raise SiteError(f"{provider.id}/{entry.id}: an entry with a page of its own can't be called {HOME}")
    jinja = _environment()
    written: list[str] = []
    for lang in LANGUAGES:
        for path, template, values in _pages_of(knowledge, lang):
            written.append(path)
            values |= {"path": path, "root": root_of(path), "lang": lang, "base_url": base_url}
            values |= {"html_lang": HTML_LANG[lang], "t": _words(lang)}
            values["others"] = [tag for tag in LANGUAGES if tag != lang]
            yield path, jinja.get_template(template).render(values)
        yield from _moved(knowledge, lang, jinja, base_url)
    languages = [(lang, home_path(lang)) for lang in LANGUAGES]
    yield "index.html", jinja.get_template("root.html").render(languages=languages, html_lang=HTML_LANG)
    yield "assets/knowledge.js", search_script(knowledge)
    for name in ASSETS:
        yield f"assets/{name}", files(__package__).joinpath("assets", name).read_text(encoding="utf-8")
    if base_url:
        yield "sitemap.xml", jinja.get_template("sitemap.xml").render(base_url=base_url, paths=written)


def _pages_of(knowledge: Knowledge, lang: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, template and values of each page in one language."""
    groups = [
        (group, [file for file in knowledge.files if group_of(file.provider.id) == group]) for group in (*GROUPS, OTHER)
    ]
    total = sum(len(file.entries) for file in knowledge.files)
    yield (
        home_path(lang),
        "home.html",
        {"groups": [(name, found) for name, found in groups if found], "entries": total, "files": knowledge.files},
    )
    by_id = {f"{provider.id}/{entry.id}": (provider, entry) for provider, entry in knowledge.entries()}
    near = _confusable(knowledge)
    for file in knowledge.files:
        yield provider_path(file.provider.id, lang), "provider.html", {"file": file, "provider": file.provider}
        for number, entry in enumerate(file.entries):
            name = f"{file.provider.id}/{entry.id}"
            values: dict[str, Any] = {"provider": file.provider, "entry": entry}
            values["confusable"] = [_neighbour(*by_id[other], entry, lang) for other in near[name]]
            values["previous"] = _beside(file, number - 1, lang)
            values["next"] = _beside(file, number + 1, lang)
            yield entry_path(name, lang), "entry.html", values


def _confusable(knowledge: Knowledge) -> dict[str, list[str]]:
    """Return the entries that each is confusable with, in whichever of the two files it is declared."""
    near: dict[str, list[str]] = {f"{provider.id}/{entry.id}": [] for provider, entry in knowledge.entries()}
    declared = [(f"{p.id}/{entry.id}", other) for p, entry in knowledge.entries() for other in entry.confusable]
    for here, there in (*declared, *((there, here) for here, there in declared)):
        if here in near and there in near and there not in near[here]:
            near[here].append(there)
    return near


def _neighbour(provider: Provider, entry: Entry, here: Entry, lang: str) -> Neighbour:
    own = [code for code in entry.codes if code not in here.codes]
    own += [message for message in entry.messages if message not in here.messages]
    shows = own[0] if own else ""
    if len(shows) > SHOWN_CODE:
        shows = shows[: SHOWN_CODE - 1] + "…"
    return Neighbour(entry_path(f"{provider.id}/{entry.id}", lang), provider.name[lang], entry.title[lang], shows)


def _beside(file: KnowledgeFile, number: int, lang: str) -> Neighbour | None:
    if not 0 <= number < len(file.entries):
        return None
    entry = file.entries[number]
    name = f"{file.provider.id}/{entry.id}"
    return Neighbour(entry_path(name, lang), file.provider.name[lang], entry.title[lang])


def _moved(knowledge: Knowledge, lang: str, jinja: Environment, base_url: str) -> Iterator[tuple[str, str]]:
    """Yield a page for each id that an entry had formerly; it leads on to the entry's own."""
    for provider, entry in knowledge.entries():
        for old in entry.formerly:
            path = entry_path(old, lang)
            target = entry_path(f"{provider.id}/{entry.id}", lang)
            yield (
                path,
                jinja.get_template("moved.html").render(
                    root=root_of(path), target=target, title=entry.title[lang], lang=lang, html_lang=HTML_LANG,
                    t=_words(lang), base_url=base_url,
                ),
            )  # fmt: skip


@cache
def _words(lang: str) -> dict[str, str]:
    both = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text(encoding="utf-8"))
    return {key: words[lang] for key, words in both.items()}


def _environment() -> Environment:
    jinja = environment(__package__)
    jinja.filters |= {"inline": inline, "plain": plain, "wire": wire, "source": source}
    jinja.globals |= {"entry_path": entry_path, "provider_path": provider_path, "home_path": home_path}
    jinja.globals["in_language"] = in_language
    return jinja
