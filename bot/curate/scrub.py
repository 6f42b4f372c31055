"""What a maintainer wrote, without credentials: a decision is kept for ever and shown to many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.curate.models import Content
from bot.knowledge.message import parse_message
from bot.paste.personal import mask_personal
from bot.paste.redact import redact


def scrubbed(content: Content) -> Content:
    """Return a decision's content with marks where credentials stood; in messages e-mail and IP addresses go too."""
    given = {name: getattr(content, name) for name in type(content).model_fields}
    changes: dict[str, Any] = {}
    for name in ("title", "cause", "tell"):
        if name in given:
            changes[name] = _texts(given[name])
    if "steps" in given:
        changes["steps"] = {tag: tuple(map(_text, steps)) for tag, steps in given["steps"].items()}
    if given.get("message"):
        changes["message"] = _message(given["message"])
    if given.get("codes"):
        changes["codes"] = tuple(map(_text, given["codes"]))
    if given.get("provider_name"):
        changes["provider_name"] = _text(given["provider_name"])
    if given.get("needle"):
        changes["needle"] = mask_personal(_text(given["needle"]))
    return content.model_copy(update=changes)


def _text(text: str) -> str:
    return redact(text).text


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {tag: _text(text) for tag, text in texts.items()}


def _message(message: str) -> str:
    # Piece by piece: `token: {value}` holds no credential.
    written = []
    for piece in parse_message(message):
        if piece.placeholder:
            written.append(f"{{{piece.text}}}")
        else:
            written.append(mask_personal(_text(piece.text)).replace("{", "{{").replace("}", "}}"))
    return "".join(written)
