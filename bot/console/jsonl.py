"""The machine interface: one JSON object a line in, one out, in order, flushed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from bot.answer.models import Answer
from bot.match.models import Mode
from bot.paste.models import Paste
from bot.service import Explained, Explainer


class BadLine(ValueError):
    """A line that is not a request; its text says what it lacks."""


async def answer_lines(
    lines: Iterable[bytes], explainer: Explainer, *, mode: Mode, lang: str, remember: bool
) -> AsyncIterator[str]:
    """Yield one line of JSON for each request in `lines`; a bad one gives `{"id": null, "error": …}`.

    `lang` is auto, en or zh; a line's own "lang" goes before it. With `remember` the line also has "group".
    """
    for line in lines:
        if not line.strip():
            continue
        try:
            name, paste = _request(line, lang)
        except BadLine as error:
            yield json.dumps({"id": None, "error": str(error)}, ensure_ascii=False)
            continue
        explained = await explainer.explain(paste, mode=mode)
        result = as_json(name, explained)
        if remember:
            result["group"] = explained.group
        yield json.dumps(result, ensure_ascii=False)


def _request(line: bytes, lang: str) -> tuple[Any, Paste]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine('not a JSON object in UTF-8; write {"id": …, "text": …}') from None
    if not isinstance(data, dict):
        raise BadLine('not an object; write {"id": …, "text": …}')
    text = data.get("text")
    if not isinstance(text, str):
        raise BadLine(f'"text" is missing or no string (id {data.get("id")!r})')
    provider, own = data.get("provider"), data.get("lang")
    if not isinstance(provider, str | None) or not isinstance(own, str | None):
        raise BadLine(f'"provider" and "lang" have to be strings (id {data.get("id")!r})')
    asked = own or (None if lang == "auto" else lang)
    return data.get("id"), Paste(text, provider, None if asked == "auto" else asked)


def _answer(answer: Answer) -> dict[str, Any]:
    found = {"title": answer.title, "cause": answer.cause, "fix": list(answer.fix), "text": answer.text}
    return found | ({"page": answer.page} if answer.page else {})


def as_json(name: Any, explained: Explained) -> dict[str, Any]:
    """Return the line for one paste, as the design describes it."""
    verdict, answer, reading = explained.verdict, explained.answer, explained.reading
    best = verdict.best if verdict.decision in ("answer", "suggest") else None
    others = verdict.candidates[1:] if best else verdict.candidates
    heard = reading if reading is not None and verdict.decision != "silent" else None
    return {
        "id": name,
        "decision": verdict.decision,
        "provider": best.provider.id if best else None,
        "entry": best.entry_id if best else None,
        "confidence": round(verdict.confidence, 3),
        "lang": answer.lang if answer else (reading.lang if reading else None),
        "answer": _answer(answer) if answer else None,
        "alternatives": [{"entry": other.entry_id, "confidence": other.confidence} for other in others],
        "redacted": heard.text if heard else None,
        "secrets": [trait.kind for trait in heard.traits] if heard else [],
        "facts": {
            "status": next((int(value) for value in heard.values("status") if value.isdigit()), None),
            "codes": list(heard.values("code")),
            "host": next(iter(heard.values("host")), None),
        }
        if heard
        else {},
        "diagnosis": list(answer.noticed) if answer else [],
    }
