"""Models of a knowledge file: Provider, Entry, Cause. One YAML file a provider."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.knowledge.message import parse_message

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGES = ("en", "zh")  # every text has both
HAN = re.compile(r"[\u4e00-\u9fff]")

Given = TypeVar("Given")

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=ID, max_length=60)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=120)]
HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(/\S*)?$", max_length=300)]
Origin = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9]{1,18}$")]
Status = Annotated[int, Field(ge=100, le=599)]


def in_language(texts: Mapping[str, Given], lang: str) -> Given:
    """Return the text in `lang`, else the English one; what a maintainer has written in one language only, in that."""
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()))


def _both_names(words: dict[str, str]) -> dict[str, str]:
    missing = [tag for tag in LANGUAGES if tag not in words]
    if missing:
        raise ValueError(f"the text has no {' and no '.join(missing)}")
    return words


def _both_languages(words: dict[str, str]) -> dict[str, str]:
    if not HAN.search(_both_names(words)["zh"]):
        raise ValueError("the zh text has no Chinese in it")
    return words


def _both_lists(steps: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    missing = [tag for tag in LANGUAGES if not steps.get(tag)]
    if missing:
        raise ValueError(f"the steps have no {' and no '.join(missing)}")
    if not any(HAN.search(step) for step in steps["zh"]):
        raise ValueError("the zh steps have no Chinese in them")
    return steps


def _a_template(message: str) -> str:
    parse_message(message)
    return message


Message = Annotated[Words, AfterValidator(_a_template)]
Name = Annotated[dict[str, Words], AfterValidator(_both_names)]  # many names are the same in both
Text = Annotated[dict[str, Words], AfterValidator(_both_languages)]  # BCP 47 tag to words
Steps = Annotated[dict[str, tuple[Words, ...]], AfterValidator(_both_lists)]


def _never_null(schema: dict[str, Any]) -> None:
    """What may be missing in memory may not in a file."""
    schema.update(schema.pop("anyOf")[0])


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Provider(_Model):
    """Whose errors a file explains, and by what a paste gives its provider away."""

    id: Id
    name: Name
    standard: bool = Field(
        False, description="A standard (OAuth 2.0, JWT …): the fallback where no provider's own entry fits."
    )
    aliases: tuple[Words, ...] = Field(
        (), description="Names people use for it in a sentence, any language. A mention counts a little."
    )
    hosts: tuple[Words, ...] = Field(
        (), description="Host names, `*.example.com` for all below. A host in the paste counts much."
    )
    shapes: tuple[Words, ...] = Field(
        (),
        description="Literal strings that only this provider's errors, headers or clients print, such as "
        "`new_api_error` or `x-amzn-requestid`. One in the paste counts much.",
    )
    libraries: tuple[Words, ...] = Field(
        (), description="Packages and commands that speak to this provider only: boto3, openai, msal."
    )
    # A file has to give it; only a provider of a maintainer's decision may be without.
    docs: HttpsUrl | None = Field(json_schema_extra=_never_null)
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] | None = Field(
        None, description="For the embed's edge."
    )


class Cause(_Model):
    """One reason for the error, how to tell that it is this one, and what to do."""

    cause: Text
    tell: Text | None = Field(None, description="What shows that it is this cause; required from the second cause on.")
    fix: Steps


class Snippet(_Model):
    lang: Words
    code: Words


class Entry(_Model):
    """One thing to understand and one thing to do. `codes` and `messages` are what separates it from its neighbours."""

    id: Id
    title: Text
    status: tuple[Status, ...] = ()
    codes: tuple[Words, ...] = Field(
        (), description="Machine codes and types as on the wire: invalid_grant, AADSTS50011, 40001."
    )
    messages: tuple[Message, ...] = Field(
        (), description="Wire messages; {name} stands for anything; {{ and }} for braces."
    )
    needs_provider: bool = Field(
        False,
        description="Any other server could print the same: answered as this provider's only where the paste "
        "shows or names the provider.",
    )
    only_asked: bool = Field(
        False,
        description="Answered when somebody asks, never in an overheard channel: limits, sockets, missing databases.",
    )
    causes: tuple[Cause, ...] = Field(min_length=1, description="The likeliest first.")
    prevention: Text | None = None
    snippet: Snippet | None = None
    examples: tuple[Words, ...] = Field(
        min_length=1, description="Pastes that must come back as this entry; the lint checks it."
    )
    not_: tuple[Words, ...] = Field((), alias="not", description="Harmless look-alikes that must not be answered.")
    confusable: tuple[EntryId, ...] = ()
    sources: tuple[HttpsUrl, ...] = Field(min_length=1)
    verified: dt.date
    formerly: tuple[EntryId, ...] = ()
    origin: Origin | None = Field(
        None,
        description="The decision this entry came from: the installation's eight hex digits and the decision's number.",
    )

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Entry:
        if not self.codes and not self.messages:
            raise ValueError("an entry needs codes or messages")
        for number, cause in enumerate(self.causes[1:], start=2):
            if cause.tell is None:
                raise ValueError(f"cause {number} has no tell: say what shows that it is this one")
        return self


class KnowledgeFile(_Model):
    """One file of knowledge/: a provider and its entries."""

    schema_: int = Field(1, alias="schema", ge=1, le=1, description="The version of this format.")
    provider: Provider
    entries: tuple[Entry, ...] = Field(min_length=1)
