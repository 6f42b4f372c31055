"""Tokens that show by their own shape which vendor made them: the search, in one pass over a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import cache

from bot.paste.redact.marks import HOLE
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_opaque
from bot.paste.redact.vendors import INNER_SHAPES, SHAPES, Shape

_SURE_KINDS = frozenset({"password-hash", "private-key"})
_AFTER_ANYTHING = frozenset({"sk-", "sk_", "SK"})
_BEFORE_UUIDS = frozenset({"sdk-", "api-", "mob-", "rel-", "ms-"})
_MOST_REFUSED = 5_000  # in one text: someone who makes that many look-alikes gets them all marked
_MIXED = 30  # characters from which letters alone are random behind a prefix
_SURE = 4  # characters from which a prefix that ends in punctuation is taken even inside a word
_FILLER = re.compile(r"(.)\1{7,}|[xX]{5,}|(?i:your|example|placeholder|insert|token_?here|key_?here|replace)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def trie(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of the words: tried letter by letter, not word by word."""
    heads: dict[str, list[str]] = {}
    ends = False
    for word in words:
        if word:
            heads.setdefault(word[0], []).append(word[1:])
        else:
            ends = True
    if not heads:
        return ""
    branches = [re.escape(head) + trie(tails) for head, tails in sorted(heads.items())]
    pattern = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return pattern + ("?" if ends else "")


_PREFIX = re.compile(trie({prefix for shape in SHAPES for prefix in shape.prefixes}))
_BODIES: dict[str, list[Shape]] = {}
for _shape in SHAPES:
    for _prefix in _shape.prefixes:
        _BODIES.setdefault(_prefix, []).append(_shape)
# The trie gives the longest prefix; where its bodies do not fit, a shorter one may: sk-, not sk-proj-.
_SHORTER = {
    prefix: [prefix[:length] for length in range(len(prefix), 0, -1) if prefix[:length] in _BODIES]
    for prefix in _BODIES
}
# No prefix is looked for in a word shorter than 16 characters; most words of a text are. Nor is one in a path of short
# names: of a token with slashes in it one stretch is longer.
# The separator before a word is part of the pattern: that spares a try at each letter of it.
_SEPARATORS = r"\t\n \"'<>(){}\[\],;`\\"
_NAME = rf"[^{_SEPARATORS}$/:.]{{0,15}}+"
_LONG = re.compile(
    rf"[{_SEPARATORS}](?=[^{_SEPARATORS}]{{16}})"
    rf"(?!(?=[^{_SEPARATORS}/]*/)(?:{_NAME}[/:.])*+{_NAME}(?![^{_SEPARATORS}]))"
    rf"([^{_SEPARATORS}]+)"
)
_RUNS = re.compile(r"[a-z]+|[A-Z]+")
_DIGIT = re.compile(r"\d")
_Inner = tuple[str, str | None, str, str]
# A needle that is in every text is looked for in the long words alone.
_COMMON = frozenset(".:-|_")
_INNER_COMMON = [shape for shape in INNER_SHAPES if shape[2] in _COMMON]
_LEAST_INNER = 37  # characters of the shortest of them
_INNER_RUN = re.compile(r"[\w-]{23}", re.ASCII)  # in each of them is a run as long as that
_INNER_RARE = [(shape[2].lower(), shape) for shape in INNER_SHAPES if shape[2] not in _COMMON]
NEEDLES = tuple(hint for hint, _ in _INNER_RARE)
# Escapes and percent-codes that end one thing and start another: \n \t = & space newline quotes : ?
_DIVIDER = re.compile(r"\\(?:[nrt]|u00[0-9a-fA-F]{2}|x[0-9a-fA-F]{2})|%(?:25)?(?:3[dDaAfF]|2[0267cC]|0[aAdD])")


@cache
def _compiled(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Return a shape's pattern: there are hundreds, and most are never needed."""
    return re.compile(pattern, flags)


def find_tokens(text: str, hints: Set[str]) -> list[Span]:
    """Return the vendors' tokens in `text`; `hints` has those of NEEDLES that are in it, in lower case.

    Linear: each long word is passed over twice, each body is bounded.
    """
    # Bodies are matched in the text itself, what stands before a token in the plain one.
    plain = _DIVIDER.sub(lambda match: " " * len(match[0]), text) if "\\" in text or "%" in text else text
    found: list[Span] = []
    refused = 0
    for word in _LONG.finditer(" " + text):
        start, end = word.start(), word.end() - 1
        if _may_be_random(word[1]):
            refused = _prefixed(text, plain, start, end, found, refused)
        if end - start >= _LEAST_INNER and _INNER_RUN.search(plain, start, end):
            for shape in _INNER_COMMON:
                if plain.find(shape[2], start, end) != -1:
                    _inner(plain, shape, start, end, found)
    for hint, shape in _INNER_RARE:
        if hint in hints and shape[2] in text:
            _inner(plain, shape, 0, len(plain), found)
    return found


def _may_be_random(word: str) -> bool:
    """Tell whether a token may be in a word: it has digits, or its letters change case as often as no name's do."""
    return _DIGIT.search(word) is not None or len(_RUNS.findall(word)) * 6 >= len(word)


def _inner(plain: str, shape: _Inner, start: int, end: int, found: list[Span]) -> None:
    kind, vendor, _, pattern = shape
    for match in _compiled(pattern, re.ASCII).finditer(plain, start, end):
        if kind in _SURE_KINDS or _is_real(match[0], match[0]):
            found.append(Span(*match.span(), kind, Rank.SHAPE, vendor))


def _prefixed(text: str, plain: str, at: int, end: int, found: list[Span], refused: int) -> int:
    """Add the tokens with a known prefix in one word; return how many that only look alike there were so far."""
    while prefix := _PREFIX.search(text, at, end):
        start = prefix.start()
        at = start + 1
        for shorter in _SHORTER[prefix[0]]:
            if not _starts_word(plain, start, shorter):
                continue
            for shape in _BODIES[shorter]:
                match = _compiled(shape.body).match(text, start + len(shorter))
                if match is None:
                    continue
                real = shape.kind in _SURE_KINDS or _is_real(match[0], text[start : match.end()], shorter)
                if real or refused > _MOST_REFUSED:
                    found.append(Span(start, match.end(), shape.kind, Rank.SHAPE, shape.vendor))
                    at = match.end()
                    break
                refused += 1
            if at > start + 1:
                break
    return refused


def _starts_word(text: str, start: int, prefix: str) -> bool:
    """Tell whether a token may start here: short prefixes start words, and the shortest no parts of words either."""
    if start == 0 or (len(prefix) >= _SURE and not prefix[-1].isalnum()):
        return True
    before = text[start - 1]
    if before.isascii() and before.isalnum():
        return False
    return len(prefix) > 3 or before not in "-_./+" or prefix in _AFTER_ANYTHING


def _is_real(body: str, token: str, prefix: str = "") -> bool:
    """Tell whether a body is random rather than words, filler or a UUID behind a short prefix."""
    if HOLE in token or _FILLER.search(body):
        return False
    if len(prefix) <= 4 and _UUID.match(body) and prefix not in _BEFORE_UUIDS:
        return False
    if len(prefix) >= _SURE:
        # The prefix says enough: the body only must not be words.
        return len(set(body)) >= 4 and (any(char.isdigit() for char in body) or is_opaque(body)) and not _words(body)
    # Hugging Face's have no digits: behind a separator, as long and as mixed as that, they are no name either.
    return is_opaque(body) and (any(char.isdigit() for char in body) or (prefix[-1:] == "_" and len(body) >= _MIXED))


def _words(body: str) -> bool:
    parts = re.split(r"[-_.]", body)
    return len(parts) > 2 and all(
        re.fullmatch(r"[a-z]*|[A-Z]*|\d{1,4}|[a-z]+\d{1,2}", part) and len(part) < 14 for part in parts
    )
