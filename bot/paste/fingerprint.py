"""The fingerprint of an error: what is left of its lines once all that varies between two occurrences is out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.paste.varying import PLACEHOLDER, without_varying
from bot.paste.varying.clauses import clauses
from bot.paste.varying.prefixes import is_frame, without_prefix
from bot.paste.varying.values import is_varying_key

# A change to this file or to bot/paste/varying that moves digests raises it, so that existing groups stay what they
# are.
VERSION: Final = 2
LONGEST: Final = 4_000  # characters looked at
# Words in the digest, and of one line; by words, since ids of other lengths would move a limit by characters, such as
# the one to which a long line is cut before it comes here.
MOST_WORDS: Final = 250
MOST_OF_LINE: Final = 100


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`digest` is equal for like errors (32 hex digits); `template` is their text, what varies written as {name}."""

    version: int
    digest: str
    template: str


def fingerprint(lines: Sequence[str]) -> Fingerprint:
    """Return the fingerprint of an error's lines, already redacted.

    Times, ids, hosts of the asker's own, addresses, paths, names of people and things, quoted values and plain numbers
    are out; HTTP statuses, error codes and vendors' domains stay, since they tell problems apart. What is left counts
    as the set of its words: case, white space, punctuation, the order and layout of an object's fields, log prefixes,
    stack frames and repetition don't. At most 4,000 characters are looked at.
    """
    templates: dict[str, None] = {}
    counted: dict[str, None] = {}
    spare: dict[str, None] = {}  # what only labels something that varies: it counts where there is nothing else
    own = _own_lines(lines)
    for line in own:
        parts = [without_varying(clause) for clause in clauses(line)]
        shown = ", ".join(part for part in parts if part)
        if not shown or shown in templates:
            continue
        templates[shown] = None
        room = MOST_OF_LINE
        for part in parts:
            words = _words(part)[:room]
            room -= len(words)
            (spare if _LABELLED.fullmatch(part) else counted).update(dict.fromkeys(words))
    # Where all of it varies, all of it counts: what has nothing in common must not be one group.
    told = sorted(list(counted or spare)[:MOST_WORDS]) or [line.casefold() for line in own]
    digest = hashlib.sha256(" ".join(told).encode("utf-8", "replace")).hexdigest()[:32]
    return Fingerprint(VERSION, digest, "\n".join(templates))


def _own_lines(lines: Iterable[str]) -> list[str]:
    """Return the lines without prefixes of logs; without stack frames too, unless there is nothing else."""
    plain: list[str] = []
    room = LONGEST
    for part in lines:
        for line in unicodedata.normalize("NFKC", part[:room])[:LONGEST].splitlines():
            text = " ".join(line.split())
            if text:
                plain.append(text)
        room -= len(part)
        if room <= 0:
            break
    return [without_prefix(line) for line in plain if not is_frame(line)] or plain


# A field of which only the label is left says nothing of the error: `Timestamp: {time}`, `"url": "{url}"`.
_LABELLED = re.compile(
    rf"[\"']?(?!(?i:[\w -]{{0,60}}(?:err|fail|invalid|denied|refused|unknown|unauth|forbidden|missing|reject|expired)))"
    rf"[A-Za-z][\w.-]{{0,60}}(?: [A-Za-z][\w-]{{0,30}}){{0,2}}[\"']?(?: ?(?:=>|[:=]) ?| )[\"'(\[]?"
    rf"{PLACEHOLDER}(?:[^\w{{]|{PLACEHOLDER})*"
)
_KEYED = re.compile(r"(?a)([A-Za-z][\w.-]{0,60})[\"']? ?(?:=>|[:=]) ?(?=[\"'\[(]?(\{(?:secret)?)?)")
# Labels of ids in a sentence, with what they stand before.
_ID_LABEL = re.compile(
    r"(?i)(?<!\w)(?:(?:x-)?(?:request|correlation|trace|tracking|transaction|session|log|event|error|ray|troubleshoot|client"
    r"|message|activity)[ _-]?ids?|timestamp|请求编号|请求id|流水号)(?!\w)"
)
_WORD = re.compile(rf"{PLACEHOLDER}|(\w+)")
# Said by every error, in one layout and not in the other: they tell nothing apart.
_NOISE = frozenset("error errors err message msg description error_description error_message detail details".split())


def _words(template: str) -> list[str]:
    """Return the words that count: folded, without what varies and its labels."""

    def without_key(found: re.Match[str]) -> str:
        return " " if found[2] == "{secret" or (found[2] and is_varying_key(found[1])) else found[0]

    text = _ID_LABEL.sub(" ", _KEYED.sub(without_key, template))
    words = (found[1].casefold() for found in _WORD.finditer(text) if found[1])
    return [word for word in words if word not in _NOISE]
