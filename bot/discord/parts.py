"""Text by parts: what is dropped first where there is too much, where a text may be cut, links and fences. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MOST_SOURCES: Final = 3
MUST: Final = 0  # the `drop` of what stays, whatever comes
# Discord counts 4,000 characters over all texts of a message, but refuses long ones by their UTF-8 bytes before that:
# a Chinese character is three. 2.5 bytes for each character of room stays below 10,000 bytes at 4,000.
_BYTES_A_CHARACTER: Final = 2.5


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer that stands or goes as a whole. The highest `drop` goes first."""

    text: str
    drop: int


def fitted(parts: Iterable[Part], room: int) -> str:
    """Return the parts joined by line ends, at most `room` characters; the most droppable go first, later ones before.

    Where even those that must stay are too long, the text is cut at a word.
    """
    kept = list(parts)
    while size(_joined(kept)) > room:
        worst = max(part.drop for part in kept)
        if worst == MUST:
            break
        last = max(place for place, part in enumerate(kept) if part.drop == worst)
        del kept[last]
    return cut(_joined(kept).strip(), room)


def size(text: str) -> int:
    """Return how much room a text takes: its characters, or more where its bytes would reach Discord's limit first."""
    heavy = int(len(text.encode("utf-8", "replace")) / _BYTES_A_CHARACTER)
    return max(len(text), heavy) if len(text) > 1600 else len(text)


def cut(text: str, room: int) -> str:
    """Return `text` in at most `room` (see `size`), ended at a word and marked with … where it is cut."""
    if size(text) <= room:
        return text
    head = text[: room - 1]
    while size(head) > room - 1:
        head = head[: int(len(head) * 0.9)]
    space = head.rfind(" ")
    # Chinese has no spaces: cut at the character rather than lose half of the text.
    head = (head[:space] if space > len(head) // 2 else head).rstrip()
    # A fence that is cut open would swallow what follows.
    return head + ("\n```…" if head.count("```") % 2 else "…")


def fence(language: str, code: str) -> str:
    """Return code as a block in its language. A fence inside the code would end it early, so its marks are parted."""
    inert = code.rstrip().replace("```", "`\u200b``")
    return f"```{language}\n{inert}\n```"


def source_links(sources: Iterable[str], most: int = MOST_SOURCES) -> str:
    """Return the sources as links named by their host, `most` at most. They are the knowledge base's own URLs."""
    links: list[str] = []
    hosts: list[str] = []
    for url in list(dict.fromkeys(sources))[:most]:
        host = urlsplit(url).hostname or url
        hosts.append(host)
        label = host if hosts.count(host) == 1 else f"{host} ({hosts.count(host)})"
        # A bracket in the URL would end the link.
        links.append(f"[{label}]({url.replace('(', '%28').replace(')', '%29')})")
    return " · ".join(links)


def _joined(parts: Iterable[Part]) -> str:
    return "\n".join(part.text for part in parts)
