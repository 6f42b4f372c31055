"""What the search of the site looks through, as one script file: pages opened from a disk may not fetch data."""

from __future__ import annotations

import json

from bot.knowledge.load import Knowledge
from bot.site.markup import plain, spelled

# U+2028 and U+2029 end a line in scripts of older browsers.
_SCRIPT_SAFE = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "<": "\\u003c"})


def search_script(knowledge: Knowledge) -> str:
    """Return the script that sets `authbotKnowledge`.

    `providers` are [id, English name, Chinese name, 1 for a standard]; `entries` are [provider's number, id, English
    title, Chinese title, codes, messages], the last two as lines.
    """
    numbers = {provider.id: number for number, provider in enumerate(knowledge.providers())}
    table = {
        "providers": [[p.id, p.name["en"], p.name["zh"], int(p.standard)] for p in knowledge.providers()],
        "entries": [
            [
                numbers[provider.id],
                entry.id,
                plain(entry.title["en"]),
                plain(entry.title["zh"]),
                "\n".join(entry.codes),
                "\n".join(map(spelled, entry.messages)),
            ]
            for provider, entry in knowledge.entries()
        ],
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")).translate(_SCRIPT_SAFE)
    return f"window.authbotKnowledge={text};\n"
