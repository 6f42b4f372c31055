"""A new provider's file: the skeleton that a person fills in, and what it still lacks.

Every field that an entry must have stands there empty. Empty fields are refused on loading, so that a skeleton is never
taken for knowledge; the lint says of each what belongs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bot.knowledge.load import compose
from bot.knowledge.models import ID

SKELETON = """\
# yaml-language-server: $schema={schema}
# Fill in every empty field, then run: {lint}
# Until then the lint names what is missing, and nothing loads this file. docs/knowledge.md explains all fields.
provider:
  id: {provider}
  # The provider as it calls itself, in English and in Chinese (often the same).
  name:
    en:
    zh:
  # What gives it away in a paste. Take off the # where there is something to name.
  # aliases: [Acme, Acme Cloud]          # names that people use for it in a sentence, any language
  # hosts: [api.acme.example, "*.acme.example"]
  # shapes: [acme_error, x-acme-request] # literal strings that only its errors, headers or clients print
  # libraries: [acme-python]             # packages and commands that speak to it only
  # The vendor's page about authentication or errors.
  docs:
entries:
  # One entry is one thing to understand and one thing to do. Write the next one below it in the same form.
  # Lower case, digits and hyphens; it is part of addresses and is never used again for something else.
  - id:
    # What went wrong, in a few words.
    title:
      en:
      zh:
    # HTTP statuses it comes with; leave the list out where there is none.
    # status: [401]
    # Codes and messages exactly as on the wire; at least one of the two. In messages {{name}} stands for anything.
    codes:
      -
    messages:
      -
    # Take off the # where any other server could print the very same.
    # needs_provider: true
    # True where it is no authentication error, but asked for beside them: then it is not answered unasked.
    # only_asked: true
    # The likeliest cause first. From the second on, `tell: {{en: …, zh: …}}` says what shows that it is this one.
    causes:
      - cause:
          en:
          zh:
        # Steps that name the real place: which page of which console, which command, which parameter.
        fix:
          en:
            -
          zh:
            -
    # Pastes as people see them (JSON body, SDK's exception, log line), without live secrets. Each must come back as
    # this entry.
    examples:
      -
    # Pages that you opened and that say so.
    sources:
      -
    # The day on which you opened them: YYYY-MM-DD.
    verified:
"""

# What belongs into an empty field, by the end of its path. The first that fits counts.
_HINTS = (
    (r"provider\.name\.en", "write the provider's name in English"),
    (r"provider\.name\.zh", "write the provider's name in Chinese (it may be the English one)"),
    (r"provider\.docs", "give the https address of the vendor's page about authentication or errors"),
    (r"\.id", "give the entry an id of lower-case words and hyphens, such as key-revoked"),
    (r"title\.en", "say in a few English words what went wrong"),
    (r"title\.zh", "say in a few Chinese words what went wrong"),
    (r"codes\.\d+", "write the machine's code as on the wire, or take `codes` out where there is none"),
    (r"messages\.\d+", "write the message as on the wire, or take `messages` out where there is none"),
    (r"cause\.en", "say in English why it happens"),
    (r"cause\.zh", "say in Chinese why it happens"),
    (r"tell\.\w+", "say what shows that it is this cause"),
    (r"fix\.en\.\d+", "write a step to take, in English"),
    (r"fix\.zh\.\d+", "write a step to take, in Chinese"),
    (r"examples\.\d+", "paste the error as people see it"),
    (r"sources\.\d+", "give the https address of a page that you opened and that says so"),
    (r"verified", "write the day on which you opened the sources, such as 2026-11-21"),
)
_WITHOUT_ITEMS = "should have at least 1 item"  # said of a list whose only item is empty
_ANYTHING = "fill it in or take it out"


class NewProviderError(ValueError):
    """The file cannot be made; says why and what to do."""


def skeleton(provider: str, *, schema: str, lint: str) -> str:
    """Return the text of a new provider's file.

    `schema` is the address of the JSON Schema for editors, relative to the file; `lint` the command that checks it.
    Raises NewProviderError for an id that no provider can have.
    """
    if not re.fullmatch(ID, provider) or len(provider) > 60:
        raise NewProviderError(
            f"{provider!r} is no provider id: use lower-case letters, digits and single hyphens, such as acme-cloud"
        )
    return SKELETON.format(provider=provider, schema=schema, lint=lint)


def explain_gaps(sources: Sequence[tuple[Path, str]], faults: Sequence[str]) -> list[str]:
    """Return the faults of loading, with each that is an empty field said as what belongs there.

    `faults` are `file:line: field: reason`. A file that has both empty fields and other faults gets both.
    """
    gaps: dict[str, str] = {}
    for path, text in sources:
        if any(fault.startswith(f"{path}:") for fault in faults):
            gaps |= {f"{path}:{line}: {field}": hint for line, field, hint in _gaps(text)}
    said: list[str] = []
    for fault in faults:
        place = ": ".join(fault.split(": ", 2)[:2])
        if place in gaps:
            said.append(f"{place}: is empty; {gaps[place]}")
        elif not (_WITHOUT_ITEMS in fault and any(_within(gap, place) for gap in gaps)):
            said.append(fault)
    # Loading stops at some faults before it sees others.
    there = set(said)
    return said + [line for place, hint in gaps.items() if (line := f"{place}: is empty; {hint}") not in there]


def _within(gap: str, place: str) -> bool:
    """Tell whether an empty field stands inside the field that another fault names, in the same file."""
    inner, outer = gap.rpartition(": "), place.rpartition(": ")
    return inner[2].startswith(f"{outer[2]}.") and inner[0].rpartition(":")[0] == outer[0].rpartition(":")[0]


def _gaps(text: str) -> Iterator[tuple[int, str, str]]:
    try:
        root = compose(text)
    except yaml.YAMLError:
        return
    for line, field in _empty(root, ()):
        yield line, field, next((hint for end, hint in _HINTS if re.search(f"{end}$", field)), _ANYTHING)


def _empty(node: yaml.Node | None, where: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(value, yaml.ScalarNode) and not value.value.strip():
                # The value of an empty field begins where the next one stands: the name's line is the one meant.
                yield name.start_mark.line + 1, ".".join((*where, name.value))
            else:
                yield from _empty(value, (*where, name.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            if isinstance(value, yaml.ScalarNode) and not value.value.strip():
                yield value.start_mark.line + 1, ".".join((*where, str(number)))
            else:
                yield from _empty(value, (*where, str(number)))
