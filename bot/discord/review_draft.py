"""Drafts: what a maintainer has typed into a form of /review, and the decision it makes.

A draft waits nowhere but in the private message that shows it: each field stands there in a text of its own, and is
read back from there, by the text's id, when a button below is pressed. So it outlives a restart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.curate.models import Content, NotFound, Refused, as_row, content_of
from bot.curate.plain import one_line, plain
from bot.curate.scrub import scrubbed
from bot.discord.parts import fence
from bot.discord.review_desk import number_like
from bot.discord.shown import Block
from bot.knowledge.lint import LONGEST_CAUSE, LONGEST_TELL, LONGEST_TITLE
from bot.knowledge.models import LANGUAGES
from bot.knowledge.search import Catalogue
from bot.paste.language import detect
from bot.paste.redact import redact
from bot.store.decisions import Decision
from bot.words import language, say

# The forms, with their fields in order; five are as many as Discord allows.
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "answer": ("provider", "wire", "title", "cause", "steps"),
    "same": ("entry", "wire"),
    "cause": ("entry", "wire", "cause", "tell", "steps"),
    "title": ("title", "cause", "steps"),  # an added entry in its other language
    "tell": ("cause", "tell", "steps"),  # the same of an added cause
}
# Characters of a field. All of a draft, in Chinese too, fits into one message below Discord's 10,000 bytes.
MOST: Final = {
    "provider": 60,
    "entry": 120,
    "wire": 500,
    "title": LONGEST_TITLE,
    "cause": LONGEST_CAUSE,
    "tell": LONGEST_TELL,
    "steps": 1400,
}
_FIRST_ID: Final = 101
_IDS: Final = {field: number for number, field in enumerate(MOST, start=_FIRST_ID)}
NOTHING: Final = "-"  # in place of a message, where there is none
_NUMBERING: Final = re.compile(r"\s{0,9}(?:\d{1,2}[.)、．]\s{0,9}|[-*•]\s{1,9})")
_CODES: Final = frozenset(("code", "codes", "错误码", "错误代码"))
_STATUS: Final = frozenset(("status", "状态", "状态码"))
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a form. `case` and `revision` are those it is about; `first` the decision it completes, or 0."""

    form: str
    fields: Mapping[str, str]
    case: str = ""
    revision: int = 0
    first: int = 0

    @property
    def state(self) -> tuple[str, str, int, int]:
        """What a button's id has to say of it."""
        return self.form, self.case, self.revision, self.first

    def at(self, revision: int) -> Written:
        return replace(self, revision=revision)


@dataclass(frozen=True, slots=True)
class Wire:
    """How an error is known on the wire, as one field of a form has it (`wire_of`)."""

    message: str = ""
    codes: tuple[str, ...] = ()
    status: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The field's text."""
        lines = [self.message or NOTHING]
        if self.codes:
            lines.append(f"codes: {', '.join(self.codes)}")
        if self.status:
            lines.append(f"status: {', '.join(map(str, self.status))}")
        return "\n".join([*lines, *self.sources])


def wire_of(text: str) -> Wire:
    """Return what the lines of the field say.

    The first is the message ("-": there is none). Of the others `codes: A, B` are codes, `status: 401` is the status,
    what begins with https:// is a source; any other goes on with the message.
    """
    message, codes, status, sources = [], [], [], []
    for number, line in enumerate(filter(None, map(one_line, text.splitlines()))):
        head, colon, rest = line.replace("：", ":", 1).partition(":")
        named = head.strip().casefold() if number and colon else ""
        items = [item.strip() for item in rest.replace("，", ",").split(",") if item.strip()]
        if named in _CODES:
            codes += items
        elif named in _STATUS and all(item.isascii() and item.isdigit() for item in items):
            status += [int(item[:4]) for item in items]
        elif number and line.lower().startswith("https://"):
            sources.append(line)
        elif number or line != NOTHING:
            message.append(line)
    return Wire(" ".join(message), tuple(codes), tuple(status), tuple(sources))


def steps_of(text: str) -> list[str]:
    """Return the steps, one a line, without the numbers somebody put before them."""
    return [step for line in text.splitlines() if (step := _NUMBERING.sub("", line, count=1).strip())]


def safe(form: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed as it may be shown and read back: without mentions, masked links and credentials."""
    made = {}
    for field in FORMS[form]:
        lines = fields.get(field, "")[: MOST[field]].splitlines()
        if field == "wire":  # stands in a block of code
            made[field] = "\n".join(map(_wire_line, filter(None, map(one_line, lines))))
        else:
            made[field] = "\n".join(redact(line).text for line in map(plain, lines) if line)
    return made


def _wire_line(line: str) -> str:
    """Return a line without credentials; in a template `token: {value}` holds none."""
    try:
        made = scrubbed(content_of({"kind": "add_message", "entry": "any/entry", "message": line}))
    except Refused:
        return redact(line).text
    return getattr(made, "message", None) or line


def blocks(written: Written, lang: str) -> list[Block]:
    """Return the texts in which a draft is shown, and kept."""
    made = []
    for field in FORMS[written.form]:
        text = written.fields.get(field, "")
        shown = fence("", text) if field == "wire" and text else text
        made.append(Block(f"-# {say(f'review.field.{field}', lang)}\n{shown}", id=_IDS[field]))
    return made


def read_back(state: Sequence[str], texts: Mapping[int, str]) -> Written | None:
    """Return the draft that `blocks` has shown, `state` being what its buttons say; None where it isn't there."""
    form, case, revision, first = state
    if form not in FORMS or not (number_like(revision) and number_like(first)):
        return None
    fields = {}
    for field in FORMS[form]:
        if _IDS[field] not in texts:
            return None
        text = texts[_IDS[field]].partition("\n")[2]
        if field == "wire":
            text = text.removeprefix("```\n").removesuffix("\n```").replace("\u200b", "")
        fields[field] = text
    return Written(form, fields, case, int(revision), int(first))


def content(written: Written, catalogue: Catalogue, first: Decision | None) -> Content:
    """Return the decision that a draft makes. Raises Refused with the first field that is wrong and why.

    `first` is the decision that it completes: `title` and `tell` are about one.
    """
    fields, steps = written.fields, steps_of(written.fields.get("steps", ""))
    wire = wire_of(fields.get("wire", ""))
    known: dict[str, object] = {"message": wire.message or None, "codes": wire.codes}
    if written.form == "same":
        return content_of({"kind": "add_message", "entry": _entry(fields["entry"], catalogue), **known})
    lang = _language(fields["cause"], steps) if first is None else _other_language(first)
    said = {"cause": {lang: one_line(fields["cause"])}, "steps": {lang: tuple(steps)}}
    tell = {lang: fields["tell"]} if fields.get("tell", "").strip() else {}
    if first is not None:
        return _completed(written.form, first, {**said, "tell": tell}, {lang: fields.get("title", "")})
    if written.form == "cause":
        entry = _entry(fields["entry"], catalogue)
        return content_of({"kind": "add_cause", "entry": entry, "tell": tell, "sources": wire.sources, **said, **known})
    about: dict[str, object] = {"title": {lang: fields["title"]}, "status": wire.status, "sources": wire.sources}
    return content_of({"kind": "add_entry", **_provider(fields["provider"], catalogue), **about, **said, **known})


def filled_from(first: Decision) -> Written:
    """Return the form for the other language of a decision, filled in with its words."""
    row, form = first.content, "title" if first.kind == "add_entry" else "tell"
    one = next(iter(row["cause"]))
    fields = {
        "title": row.get("title", {}).get(one, ""),
        "cause": row["cause"][one],
        "tell": row.get("tell", {}).get(one, ""),
        "steps": "\n".join(row["steps"][one]),
    }
    return Written(form, {field: fields[field] for field in FORMS[form]}, first=first.id)


def offered(made: Content) -> Content:
    """Return a decision of a server's with the offer that everybody may have it."""
    return content_of({"kind": made.kind, **as_row(made), "offered": True})


def _other_language(first: Decision) -> str:
    said = first.content.get("cause", {})
    return next((tag for tag in LANGUAGES if tag not in said), LANGUAGES[0])


def _completed(form: str, first: Decision, said: dict[str, object], title: dict[str, str]) -> Content:
    row = first.content
    if form == "tell":
        return content_of({"kind": "add_cause", "entry": first.entry, "completes": first.id, **said})
    provider, _, name = str(first.entry).partition("/")
    known = {"message": row.get("message"), "codes": row.get("codes", ())}
    del said["tell"]
    return content_of({"kind": "add_entry", "provider": provider, "id": name, "title": title, **said, **known})


def _entry(typed: str, catalogue: Catalogue) -> str:
    found = catalogue.entry(typed)
    if found is None:
        raise NotFound(typed[:80] or NOTHING)
    return f"{found[0].id}/{found[1].id}"


def _provider(typed: str, catalogue: Catalogue) -> dict[str, str]:
    """Return the provider somebody named: a known one by any of its names, else a new one with an id made of it."""
    known = catalogue.provider(typed) if typed.strip() else None
    if known is not None:
        return {"provider": known.id}
    made = _NO_SLUG.sub("-", typed.casefold()).strip("-")[:40].strip("-")
    if not made:
        raise Refused("provider")
    return {"provider": made, "provider_name": typed}


def _language(cause: str, steps: list[str]) -> str:
    return language(detect("\n".join([cause, *steps])))
