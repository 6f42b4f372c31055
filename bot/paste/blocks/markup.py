"""Markup: the elements and attributes of HTML and XML, read with html.parser, which expands no entities."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_LONGEST = 65_536
_MOST_ELEMENTS = 500
_TAG = re.compile(r"<(?:!doctype|\?xml|/?[A-Za-z][\w:.-]{0,40})(?:[\s/>]|\Z)", re.IGNORECASE)
_LEAVES_OUT = frozenset(("script", "style", "svg", "head"))
_VOID = frozenset("br hr img meta link input".split())


@dataclass(slots=True)
class Markup:
    """What stands in a stretch of markup: (element's name, its text) in order, and the attributes of all elements."""

    elements: list[tuple[str, str]] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)  # element, name, value


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.rpartition(":")[2]
        for key, value in attrs[:20]:
            if value and len(self.found.attributes) < _MOST_ELEMENTS:
                self.found.attributes.append((name, key, value))
        if name not in _VOID and len(self._open) < 100:
            self._open.append((name, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if not any(name == opened for opened, _ in self._open):
            return
        while self._open:
            opened, parts = self._open.pop()
            self._keep(opened, "".join(parts))
            if opened == name:
                return

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][1].append(data)

    def close(self) -> None:
        super().close()
        while self._open:  # cut off
            opened, parts = self._open.pop()
            self._keep(opened, "".join(parts))

    def _keep(self, name: str, text: str) -> None:
        if name not in _LEAVES_OUT and text.strip() and len(self.found.elements) < _MOST_ELEMENTS:
            self.found.elements.append((name, " ".join(text.split())[:2000]))


def markup(text: str) -> Markup | None:
    """Return what stands in the markup of a text, or None where it has none. Never raises; closes what is cut off."""
    first = _TAG.search(text)
    if first is None or ("</" not in text and "/>" not in text):
        return None
    reader = _Reader()
    try:
        reader.feed(text[first.start() : first.start() + _LONGEST])
        reader.close()
    except (AssertionError, ValueError):  # html.parser on malformed declarations and character references
        pass
    return reader.found
