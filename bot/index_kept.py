"""The index of a knowledge base, with what takes longest to build kept from one start to the next."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.kept import keep, kept
from bot.knowledge.load import Knowledge
from bot.match.index import Index, Survey, survey_of
from bot.memory import uncollected

_SURVEY = TypeAdapter(Survey)
_FILES_KEPT = 4
_ROOT = Path(__file__).parent
_CODE = ("knowledge/message.py", *(f"match/{name}.py" for name in ("fold", "index", "postings", "template")))


def index_of(knowledge: Knowledge) -> Index:
    """Return the index of `knowledge`. Where that was loaded from files the slow part is kept for the next time."""
    if knowledge.key is None:
        return Index(knowledge)
    name = f"index-{hashlib.sha256(f'{knowledge.key} {_code()}'.encode()).hexdigest()[:32]}.json"
    data = kept(name)
    try:
        survey = _SURVEY.validate_json(data) if data is not None else None
    except ValidationError:
        survey = None
    if survey is None:
        survey = survey_of(knowledge)
        keep(name, _SURVEY.dump_json(survey), most=_FILES_KEPT)
    with uncollected():
        return Index(knowledge, survey)


@cache
def _code() -> str:
    """Return a hash of the code that builds an index: another one builds another index."""
    return hashlib.sha256(b"\0".join((_ROOT / name).read_bytes() for name in _CODE)).hexdigest()
