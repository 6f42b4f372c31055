"""The JSON Schema of a knowledge file, by which editors complete and check the YAML."""

from __future__ import annotations

import json

from bot.knowledge.models import KnowledgeFile


def schema_text() -> str:
    """Return the schema as indented JSON with a closing newline, as it stands in docs/knowledge.schema.json."""
    schema = KnowledgeFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "authbot knowledge file"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
