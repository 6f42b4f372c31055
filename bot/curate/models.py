"""The words of curating: what a decision says (one model a kind), Draft, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.curate.plain import one_line, plain
from bot.knowledge.lint import LONGEST_CAUSE, LONGEST_STEP, LONGEST_TELL, LONGEST_TITLE, MOST_STEPS
from bot.knowledge.message import parse_message
from bot.knowledge.models import HAN, LANGUAGES, EntryId, HttpsUrl, Id, Status
from bot.store.scopes import Scope
from bot.words import say

MOST_SOURCES: Final = 5
MOST_CODES: Final = 8
LONGEST_MESSAGE: Final = 400
LONGEST_NEEDLE: Final = 200


def _language(tag: str) -> str:
    if tag not in LANGUAGES:
        raise ValueError(f"texts are in {' or '.join(LANGUAGES)}")
    return tag


def _template(message: str) -> str:
    parse_message(message)
    return message


Lang = Annotated[str, AfterValidator(_language)]
Title = Annotated[str, BeforeValidator(plain), StringConstraints(min_length=1, max_length=LONGEST_TITLE)]
Sentence = Annotated[str, BeforeValidator(plain), StringConstraints(min_length=1, max_length=LONGEST_CAUSE)]
Tell = Annotated[str, BeforeValidator(plain), StringConstraints(min_length=1, max_length=LONGEST_TELL)]
Step = Annotated[str, BeforeValidator(plain), StringConstraints(min_length=1, max_length=LONGEST_STEP)]
StepList = Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]
Code = Annotated[str, BeforeValidator(one_line), StringConstraints(min_length=1, max_length=80)]
Template = Annotated[
    str,
    BeforeValidator(one_line),
    StringConstraints(min_length=1, max_length=LONGEST_MESSAGE),
    AfterValidator(_template),
]
Codes = Annotated[tuple[Code, ...], Field(max_length=MOST_CODES)]
Sources = Annotated[tuple[HttpsUrl, ...], Field(max_length=MOST_SOURCES)]
Number = Annotated[int, Field(ge=1)]


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Promotable(_Content):
    promoted_from: Number | None = Field(default=None, description="The decision of a guild's that this is a copy of.")
    offered: bool = Field(
        default=False, description="The guild's maintainer lets the owner of the shared base have it."
    )


class AddEntry(_Promotable):
    """A new entry, in one language or both; of an entry that the same scope has added: its other language."""

    kind: Literal["add_entry"] = "add_entry"
    provider: Id
    provider_name: Annotated[str, BeforeValidator(plain), StringConstraints(min_length=1, max_length=60)] | None = None
    id: Id | None = Field(default=None, description="The entry's own name; the desk finds one where there is none.")
    title: dict[Lang, Title] = Field(min_length=1)
    cause: dict[Lang, Sentence] = Field(min_length=1)
    steps: dict[Lang, StepList] = Field(min_length=1)
    message: Template | None = None
    codes: Codes = ()
    status: Annotated[tuple[Status, ...], Field(max_length=5)] = ()
    needs_provider: bool = False
    sources: Sources = ()

    @model_validator(mode="after")
    def _whole(self) -> AddEntry:
        if not self.message and not self.codes:
            raise ValueError("an entry needs a message or a code")
        _same_languages(self.title, self.cause, self.steps)
        _is_chinese(self.cause, self.steps)
        return self


class AddMessage(_Promotable):
    """One more wire message, or code, by which an entry is known."""

    kind: Literal["add_message"] = "add_message"
    entry: EntryId
    message: Template | None = None
    codes: Codes = ()

    @model_validator(mode="after")
    def _adds_something(self) -> AddMessage:
        if not self.message and not self.codes:
            raise ValueError("there is neither a message nor a code to add")
        return self


class AddCause(_Promotable):
    """One more cause of an entry, and where the entry did not catch the paste its message too.

    `completes` is the decision whose cause this gives the other language of.
    """

    kind: Literal["add_cause"] = "add_cause"
    entry: EntryId
    cause: dict[Lang, Sentence] = Field(min_length=1)
    tell: dict[Lang, Tell] = Field(default_factory=dict)
    steps: dict[Lang, StepList] = Field(min_length=1)
    message: Template | None = None
    codes: Codes = ()
    sources: Sources = ()
    completes: Number | None = None

    @model_validator(mode="after")
    def _whole(self) -> AddCause:
        _same_languages(self.cause, self.steps)
        if self.tell.keys() - self.cause.keys():
            raise ValueError("what tells the cause apart is in a language that the cause is not in")
        _is_chinese(self.cause, self.steps)
        return self


class NotAnError(_Content):
    """Pastes like this are no authentication errors: silent when overheard, and not kept."""

    kind: Literal["not_an_error"] = "not_an_error"
    template: Annotated[str, StringConstraints(max_length=8_000)] = Field(
        default="", description="The case's, by which it is known again when fingerprints change."
    )
    needle: str | None = Field(default=None, description="Of a part that was split off: what its lines hold.")


class Dismiss(_Content):
    """Not worth an answer."""

    kind: Literal["dismiss"] = "dismiss"


class Merge(_Content):
    """The case is the same problem as another one."""

    kind: Literal["merge"] = "merge"
    into: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Split(_Content):
    """The sightings whose lines hold `needle` are a problem of their own."""

    kind: Literal["split"] = "split"
    needle: Annotated[str, BeforeValidator(one_line), StringConstraints(min_length=2, max_length=LONGEST_NEEDLE)]


Content = AddEntry | AddMessage | AddCause | NotAnError | Dismiss | Merge | Split
Teaching = AddEntry | AddMessage | AddCause  # what changes answers
_CONTENT: Final[TypeAdapter[Content]] = TypeAdapter(Annotated[Content, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision before it is made: of which scope, on which case (None: on none), and what it says."""

    scope: Scope
    case: str | None
    content: Content


class Refused(Exception):
    """A decision can't be made as it is. `kind` and `values` are for adapters; `sentence(lang)` says it."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(say(f"curate.refused.{kind}", "en", **values))
        self.kind = kind
        self.values = values

    def sentence(self, lang: str) -> str:
        """Return why, and what to do, in the language of `lang`."""
        return say(f"curate.refused.{self.kind}", lang, **self.values)


class NotFound(Refused):
    """There is no such case, decision or entry in the caller's scope. Another scope's is not there either."""

    def __init__(self, what: str) -> None:
        super().__init__("not_found", what=what)


def content_of(values: Mapping[str, object]) -> Content:
    """Return the content of these values, as a form or a row of the log has them.

    Raises Refused with the first field that is wrong and why.
    """
    try:
        return _CONTENT.validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:]) or "content"
        raise Refused("field", field=field, reason=_reason(first)) from error


def _reason(fault: ErrorDetails) -> str:
    limits = fault.get("ctx", {})
    if fault["type"] == "too_long":
        return f"{limits['actual_length']} are too many; at most {limits['max_length']}"
    if fault["type"] == "string_too_long":
        return f"{len(str(fault['input']))} characters are too many; at most {limits['max_length']}"
    if fault["type"] == "string_pattern_mismatch":
        return "is not written as it has to be: https://… for a source, provider/entry for an entry"
    return fault["msg"].removeprefix("Value error, ")


def as_row(content: Content) -> dict[str, Any]:
    """Return a content as the log keeps it, beside its kind: JSON values, without what is at its default."""
    return content.model_dump(mode="json", exclude_defaults=True)


def _same_languages(first: Mapping[str, object], *others: Mapping[str, object]) -> None:
    if any(other.keys() != first.keys() for other in others):
        raise ValueError("title, cause and steps have to be in the same languages")


def _is_chinese(cause: Mapping[str, str], steps: Mapping[str, tuple[str, ...]]) -> None:
    if "zh" in cause and not HAN.search(cause["zh"] + "".join(steps["zh"])):
        raise ValueError("the Chinese text has no Chinese in it")
