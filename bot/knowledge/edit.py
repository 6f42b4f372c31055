"""Edits of a knowledge file's text that leave every other byte of it as it was: comments, order, quotes, line widths.

The files were written by many hands and folded at many widths, so that no emitter gives them back unchanged. So only
what is new is emitted (by ruamel.yaml, in the style of the shipped files) and put between the lines that are there.
Each edit is read back and compared: one that would say anything else than what was asked for is refused.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString

from bot.knowledge.load import compose
from bot.knowledge.models import Entry, Provider

WIDTH: Final = 120  # columns at which new text is folded
LONGEST_WORD: Final = 60  # characters of a word in a text that is written without quotes
# In this order an entry's fields stand in the shipped files.
ORDER: Final = (
    "id title status codes messages needs_provider only_asked causes prevention snippet examples not confusable "
    "sources verified formerly origin"
).split()
_SCHEMA_LINE = "# yaml-language-server: $schema={schema}\n"

Data = dict[str, Any]


class EditError(ValueError):
    """A text that cannot be edited without changing more of it than asked; one sentence says why."""


def new_file(provider: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], *, schema: str) -> str:
    """Return the text of a knowledge file. `schema` is the address of the schema as seen from the file."""
    head = _lines({"provider": dict(provider)}, 0)
    text = _SCHEMA_LINE.format(schema=schema) + "\n".join([*head, "entries:"]) + "\n"
    for number, entry in enumerate(entries):
        text += "\n" * (number > 0) + "\n".join(_item(ordered(entry), 2)) + "\n"
    _compare(text, {"provider": _as_read(dict(provider)), "entries": [_as_read(ordered(entry)) for entry in entries]})
    return text


def add_entry(text: str, entry: Mapping[str, Any]) -> str:
    """Return the file with an entry behind its last one.

    `entry` holds plain values (text, numbers, true and false, dates, lists, mappings); its fields are put into ORDER.
    Raises EditError where the file holds no list of entries or cannot be edited cleanly.
    """
    wanted = _data(text)
    given = ordered(entry)
    entries = _child(compose(text), "entries")
    if not isinstance(entries, yaml.SequenceNode) or not entries.value:
        raise EditError("the file has no list of entries")
    wanted["entries"].append(_as_read(given))
    edited = _add_items(text, entries, [given], blank=True)
    _compare(edited, wanted)
    return edited


def add_to_entry(text: str, entry_id: str, more: Mapping[str, Sequence[Any]]) -> str:
    """Return the file with values added at the end of lists of one entry: `{"messages": [...], "examples": [...]}`.

    A list that the entry has not yet is made, at its place in ORDER. What a list holds already is not added again.
    Raises EditError where there is no such entry or the file cannot be edited cleanly.
    """
    wanted = _data(text)
    edited = text
    number = _number(wanted, entry_id)
    for field, values in more.items():
        there = wanted["entries"][number].get(field, [])
        fresh: list[Any] = []
        for value in values:
            if _as_read(value) not in there:
                fresh.append(value)
                there = [*there, _as_read(value)]
        if fresh:
            entry = _child(compose(edited), "entries").value[number]
            edited = _add_to_list(edited, entry, field, fresh)
            wanted["entries"][number][field] = there
    _compare(edited, wanted)
    return edited


def plain(model: Entry | Provider) -> Data:
    """Return what a model says as plain values for these functions, without what it says by default."""
    return model.model_dump(by_alias=True, exclude_defaults=True)


def ordered(entry: Mapping[str, Any]) -> Data:
    """Return an entry's fields in the order of the shipped files, those unknown to it last."""
    known = [field for field in ORDER if field in entry]
    return {field: entry[field] for field in (*known, *(field for field in entry if field not in ORDER))}


# ---- where it goes ----------------------------------------------------------------------------------------------


def _add_to_list(text: str, entry: yaml.MappingNode, field: str, values: list[Any]) -> str:
    present = {key.value: (key, value) for key, value in entry.value}
    if field in present:
        node = present[field][1]
        if not isinstance(node, yaml.SequenceNode):
            raise EditError(f"{field} is no list")
        return _add_items(text, node, values)
    before = [name for name in present if name in ORDER and ORDER.index(name) < ORDER.index(field)]
    last = max(before, key=lambda name: present[name][1].end_mark.index) if before else next(iter(present))
    node = present[last][1]
    if entry.flow_style:
        return _spliced(text, _leaf(node).end_mark.index, f", {field}: [{_flow(values)}]")
    column = entry.start_mark.column
    return _insert(text, node, column, _indented(_lines({field: values}, column), column))


def _add_items(text: str, node: yaml.SequenceNode, values: list[Any], *, blank: bool = False) -> str:
    if node.flow_style:
        if not node.value:
            return _spliced(text, node.start_mark.index + 1, _flow(values))
        return _spliced(text, node.value[-1].end_mark.index, f", {_flow(values)}")
    column = node.start_mark.column
    lines: list[str] = []
    for value in values:
        lines += [*([""] if blank else []), *_item(value, column)]
    return _insert(text, node, column, lines)


def _insert(text: str, node: yaml.Node, column: int, lines: list[str]) -> str:
    """Return the text with lines behind all of a block node, and behind the comments that are indented into it."""
    newline = "\r\n" if "\r\n" in text else "\n"
    said = len(text[: _leaf(node).end_mark.index].rstrip())
    at = text.find("\n", said) + 1 or len(text)
    deeper = re.compile(rf"(?:[ \t]*\r?\n)*[ ]{{{column + 1},}}#[^\n]*(?:\n|\Z)")
    while comment := deeper.match(text, at):
        at = comment.end()
    before = text[:at] if text[:at].endswith("\n") else text[:at] + newline
    return before + "".join(f"{line}{newline}" for line in lines) + text[at:]


def _leaf(node: yaml.Node) -> yaml.Node:
    """Return the last node inside: the end of a block collection is only known by where the next one begins."""
    while not getattr(node, "flow_style", True) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    return node


def _spliced(text: str, at: int, more: str) -> str:
    return text[:at] + more + text[at:]


# ---- reading and comparing --------------------------------------------------------------------------------------


def _child(node: yaml.Node | None, name: str) -> yaml.Node | Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == name), None)
    return None


def _data(text: str) -> Data:
    if "\0" in text or text.startswith("\ufeff"):
        raise EditError("the file begins with a byte order mark or holds a zero byte: save it as plain UTF-8")
    try:
        found = yaml.load(text, yaml.CBaseLoader)  # noqa: S506 (it makes strings, lists and mappings only)
    except yaml.YAMLError as error:
        raise EditError(f"the file is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}") from None
    if not isinstance(found, dict) or not isinstance(found.get("entries"), list):
        raise EditError("the file has no list of entries")
    return found


def _number(data: Data, entry_id: str) -> int:
    for number, entry in enumerate(data["entries"]):
        if isinstance(entry, dict) and entry.get("id") == entry_id:
            return number
    raise EditError(f"the file has no entry {entry_id}")


def _compare(text: str, wanted: Data) -> None:
    if _data(text) != wanted:
        raise EditError("the edit cannot be made without changing more of the file: edit it by hand")


def _as_read(value: Any) -> Any:
    """Return a value as YAML read without types gives it back: all scalars are text."""
    if isinstance(value, Mapping):
        return {str(key): _as_read(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_read(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


# ---- writing what is new ----------------------------------------------------------------------------------------


def _item(value: Any, column: int) -> list[str]:
    """Return the lines of one item of a block list whose dashes stand in `column`."""
    if isinstance(value, Mapping):
        lines = _lines(value, column + 2)
        return [f"{' ' * column}- {lines[0]}", *_indented(lines[1:], column + 2)]
    return _indented(_lines([value], column, offset=0), column)


def _indented(lines: Sequence[str], column: int) -> list[str]:
    return [f"{' ' * column}{line}" if line else line for line in lines]


def _lines(value: Any, column: int, *, offset: int = 2) -> list[str]:
    writer = YAML()
    writer.indent(mapping=2, sequence=2 + offset, offset=offset)
    writer.width = max(40, WIDTH - column)
    return _dumped(writer, value)


def _flow(values: Sequence[Any]) -> str:
    """Return values as the inside of a list in brackets, on one line."""
    writer = YAML()
    writer.default_flow_style = True
    writer.width = 1 << 30
    return " ".join(_dumped(writer, list(values), flow=True)).strip()[1:-1]


def _dumped(writer: YAML, value: Any, *, flow: bool = False) -> list[str]:
    out = io.StringIO()
    writer.allow_unicode = True
    writer.dump(_styled(value, flow=flow), out)
    # A folded plain text keeps a blank at the end of each line; nothing that is written here ends with one of its own.
    return [line.rstrip(" ") for line in out.getvalue().removesuffix("\n").split("\n")]


def _styled(value: Any, *, flow: bool) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _styled(inner, flow=flow) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_styled(inner, flow=flow) for inner in value]
    return _quoted(value, flow=flow) if isinstance(value, str) else value


def _quoted(text: str, *, flow: bool) -> str:
    """Return a text marked with the quotes it reads best in; where nothing is marked, the writer chooses."""
    lines = text.split("\n")
    if len(lines) > 1:
        literal = not flow and not any(line.endswith(" ") for line in lines)
        quoted: str = LiteralScalarString(text) if literal else DoubleQuotedScalarString(text)
        return quoted
    # A plain text whose words are longer than a line, as in Chinese, would begin below its name.
    long = max(map(len, text.split(" "))) > LONGEST_WORD
    plain: str = SingleQuotedScalarString(text) if flow or long else text
    return plain
