"""What varies between two occurrences of one error: times, ids, hosts, paths, names, quoted values, plain numbers."""

from __future__ import annotations

import re
from typing import Final

from bot.paste.varying.numbers import without_numbers
from bot.paste.varying.places import without_places
from bot.paste.varying.sentences import without_labelled, without_names
from bot.paste.varying.times import without_durations, without_times
from bot.paste.varying.values import without_quoted, without_values

PLACEHOLDER: Final = r"\{(?:id|time|host|email|path|url|value|name|n|secret)\}"

_PERSONAL = re.compile(r"\[(?:ip|email)\]")

_MARK = re.compile(
    r"\[(?:[a-z][a-z0-9]*(?:-[a-z0-9]+){1,6}|token|jwt|password|cookie|secret|key|signature|passphrase)\]"
)
_HIDDEN = re.compile(r"[\w-]{0,40}\*{3,40}[\w*-]{0,80}")  # what its printer masked: sk_live_****a1b2
_UUID = re.compile(r"(?i)(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])")
# A name that is joined to something that varies varies with it: web-{n}, sk-{id}, {id}.git
_JOINED = re.compile(
    r"(?a)(?<![\w./-])(?:[A-Za-z0-9]{1,64}[-_./]){0,20}(\{[a-z]{1,6}\})(?:[-_./][A-Za-z0-9]{1,64}|[-_./]?\{[a-z]{1,6}\}){0,20}"
)
_PLURAL = re.compile(r"(\{n\} (?!(?:does|this|always|status)\b)[A-Za-z]{3,20}?)(?<!s)s\b")  # "1 attempt", "5 attempts"


def without_varying(line: str, *, names: bool = True) -> str:
    """Return a line (redacted, NFKC, single spaces) with all that varies written as {id}, {time}, {host}, {n} …

    What stays are the words, HTTP statuses and error codes: AADSTS50011, ORA-01017, 28P01, `"errcode": 40001`.
    Without `names` so do words that only look like names by where they stand, and all words as they are written.
    """
    line = _PERSONAL.sub(lambda found: "{host}" if found[0] == "[ip]" else "{email}", line)
    line = _MARK.sub("{secret}", line)
    line = _HIDDEN.sub("{secret}", line)
    line = _UUID.sub("{id}", line)
    line = without_times(line)
    line = without_places(line)
    line = without_labelled(without_values(line))
    line = without_quoted(line)
    if names:
        line = without_names(line)
    line = without_durations(line)
    line = without_numbers(line)
    line = _JOINED.sub(r"\1", line)
    return (_PLURAL.sub(r"\1", line) if names else line).strip()
