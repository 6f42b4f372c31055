"""Text to HTML: templates, code spans, messages with placeholders, names of sources. Everything else is escaped."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.knowledge.message import parse_message

_SPAN = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*")
_CODE = Markup("<code>{}</code>")
_SHORT = Markup('<code class="short">{}</code>')  # stays on one line: `--debug` is not parted after its hyphen
_STRONG = Markup("<strong>{}</strong>")
_BLANK = Markup("<var>{}</var>")
SHORT = 30  # characters of code that fit on a line of a phone
LONGEST_TAIL = 60  # characters of an address shown behind its host


def environment(package: str) -> Environment:
    """Return what makes pages of a package's templates: every value escaped, a name that is not there an error."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def inline(text: str) -> Markup:
    """Return a sentence as HTML, with `code` and **strong** spans."""
    parts: list[Markup] = []
    at = 0
    for span in _SPAN.finditer(text):
        parts.append(escape(text[at : span.start()]))
        code = _SHORT if len(span[1] or "") <= SHORT else _CODE
        parts.append(code.format(span[1]) if span[1] else _STRONG.format(span[2]))
        at = span.end()
    return Markup("").join([*parts, escape(text[at:])])


def plain(text: str) -> str:
    """Return a sentence without its span marks, for titles and descriptions."""
    return _SPAN.sub(lambda span: span[1] or span[2], text)


def wire(message: str) -> Markup:
    """Return a message template as HTML, each placeholder as a <var>."""
    pieces = parse_message(message)
    return Markup("").join(_BLANK.format(piece.text) if piece.placeholder else escape(piece.text) for piece in pieces)


def spelled(message: str) -> str:
    """Return a message template as text: {name} where something varies, single braces of the wire."""
    return "".join(f"{{{piece.text}}}" if piece.placeholder else piece.text for piece in parse_message(message))


def source(url: str) -> tuple[str, str]:
    """Return the host of an address and what follows it, shortened, for showing."""
    parts = urlsplit(url)
    tail = unquote(parts.path.rstrip("/")) + (f"#{parts.fragment}" if parts.fragment else "")
    if len(tail) > LONGEST_TAIL:
        tail = "/…" + tail[-LONGEST_TAIL:]
    return (parts.hostname or "").removeprefix("www."), tail
