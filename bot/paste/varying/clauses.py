"""Clauses: the fields of objects and elements, and the sentences round them, whatever their order and layout."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIELD = re.compile(r"(?:(?<=[{,\[])|(?<=, )|(?<={ ))(?=[\"'][\w@.$ -]{1,60}[\"'] ?(?::|=>))")
_TAG = re.compile(r"<(/?)(?:[\w.-]{1,60}:)?([A-Za-z][\w.-]{0,60})((?: [^<>]{0,600})?)(/?)>")
_INLINE = re.compile(r"</?(?:a|b|strong|i|em|u|q|code|tt|span)(?: [^<>]{0,600})?>")  # what HTML stresses is quoted
_HEAD = re.compile(r"<[?!][^<>]{0,600}>")  # <?xml …?>, <!DOCTYPE …>, <!-- … -->
_EDGES = " ,;{}"


def clauses(line: str) -> Iterator[str]:
    """Yield a line (single spaces) cut before each key of an object and round each element of XML.

    An element with text reads as a field does, `"Code": AccessDenied`, since vendors answer in both.
    """
    for part in _of_markup(_INLINE.sub("`", line)) if "<" in line else (line,):
        at = 0
        for cut in _FIELD.finditer(part):
            if clause := part[at : cut.start()].strip(_EDGES):
                yield clause
            at = cut.start()
        if at == 0:
            yield part
        elif clause := part[at:].strip(_EDGES):
            yield clause


def _of_markup(line: str) -> Iterator[str]:
    if not ("</" in line or "<![CDATA[" in line or "/>" in line or (line.startswith("<") and line.endswith(">"))):
        yield line
        return
    text = _HEAD.sub(" ", line.replace("<![CDATA[", "").replace("]]>", ""))
    at, key = 0, ""
    for tag in _TAG.finditer(text):
        if told := text[at : tag.start()].strip():
            yield f'"{key}": {told}' if key else told
        closing, name, attributes, _ = tag.groups()
        key = "" if closing else name
        if attributes.strip(" /"):
            yield attributes.strip(" /")
        at = tag.end()
    if told := text[at:].strip():
        yield told
