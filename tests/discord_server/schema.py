"""Checks requests against Discord's own OpenAPI description, where that lies beside the repository."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DESCRIPTION = Path(__file__).parents[3] / "shared" / "discord" / "openapi.json"
_URN = "urn:discord"


def available() -> bool:
    return DESCRIPTION.exists()


def faults(method: str, route: str, body: Any) -> list[str]:
    """Return what is wrong with the JSON body of a request; nothing where there is no description to go by.

    `route` is the path template, as the description has it.
    """
    if not available():
        return []
    validator = _validator(method.lower(), route)
    if validator is None:
        return [f"{method} {route}: no such operation"]
    return [
        f"{method} {route}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in validator.iter_errors(_as_described(body))
    ]


@cache
def _description() -> Any:
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))


@cache
def _validator(method: str, route: str) -> Any:
    operation = _description()["paths"].get(route, {}).get(method)
    if operation is None:
        return None
    pointer = route.replace("~", "~0").replace("/", "~1")
    reference = f"{_URN}#/paths/{pointer}/{method}/requestBody/content/application~1json/schema"
    registry: Any = Registry().with_resource(_URN, DRAFT202012.create_resource(_description()))
    return Draft202012Validator({"$ref": reference}, registry=registry)


def _as_described(body: Any) -> Any:
    # Discord takes a snowflake as a number too, and discord.py sends some so; the description knows the string only.
    if isinstance(body, dict):
        return {
            key: str(value) if _is_snowflake(key, value, body) else _as_described(value)
            for key, value in body.items()
            if key not in ("users", "roles")
        } | {
            key: [str(each) for each in value] if isinstance(value, list) else value
            for key, value in body.items()
            if key in ("users", "roles")
        }
    return [_as_described(item) for item in body] if isinstance(body, list) else body


def _is_snowflake(key: str, value: object, body: dict[str, Any]) -> bool:
    # The id of a component is a number by which it is told from the others of its message.
    return (
        bool(re.search(r"(^|_)id$", key))
        and isinstance(value, int)
        and not (key == "id" and isinstance(body.get("type"), int))
    )
