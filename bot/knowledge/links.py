"""The addresses that knowledge cites: where each stands, and what is wrong with its form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from bot.knowledge.load import compose, line_of
from bot.knowledge.models import KnowledgeFile

# Documentation that has moved for good; the old host only redirects.
MOVED = {
    "docs.microsoft.com": "learn.microsoft.com",
    "help.github.com": "docs.github.com",
    "developer.github.com": "docs.github.com",
    "www.github.com": "github.com",
    "tools.ietf.org": "www.rfc-editor.org or datatracker.ietf.org",
    "dev.twitter.com": "docs.x.com",
    "developer.twitter.com": "docs.x.com",
    "docs.gitlab.io": "docs.gitlab.com",
    "docs.docker.io": "docs.docker.com",
}
# Hosts that serve packages, not explanations; in parts, so that nothing here looks like an address to fetch from.
_REGISTRIES = {
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("registry", "yarnpkg", "com"),
        ("proxy", "golang", "org"),
    )
}
_RESERVED = (".example", ".test", ".invalid", ".localhost", ".local")  # RFC 2606, RFC 6761, RFC 6762
_TRACKING = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|wt\.mc_id|ocid|spm|share_token|from_wecom", re.IGNORECASE
)
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_CLOSING = {")": "(", "]": "[", "}": "{"}


class Link(NamedTuple):
    """One address and where it stands: `place` is `file:line: field`, `owner` the provider or provider/entry."""

    place: str
    owner: str
    url: str


def links(sources: Sequence[tuple[Path, str]], files: Sequence[KnowledgeFile]) -> Iterator[Link]:
    """Yield every docs and sources address, in the order of files and lines."""
    for (path, text), file in zip(sources, files, strict=True):
        root = compose(text)
        provider = file.provider
        if provider.docs:
            yield Link(f"{path}:{line_of(root, ('provider', 'docs'))}: provider.docs", provider.id, provider.docs)
        for number, entry in enumerate(file.entries):
            for which, url in enumerate(entry.sources):
                line = line_of(root, ("entries", number, "sources", which))
                place = f"{path}:{line}: entries.{number}.sources.{which}"
                yield Link(place, f"{provider.id}/{entry.id}", url)


def faults(found: Iterable[Link]) -> list[str]:
    """Return one `file:line: field: reason` for each address whose form is wrong or that its entry cites twice."""
    said: list[str] = []
    cited: set[tuple[str, str]] = set()
    for link in found:
        said += [f"{link.place}: {link.url} {reason}" for reason in form_faults(link.url)]
        if (link.owner, same(link.url)) in cited:
            said.append(f"{link.place}: {link.url} is cited twice by this entry")
        cited.add((link.owner, same(link.url)))
    return said


def form_faults(url: str) -> Iterator[str]:
    """Yield what is wrong with the form of an address, each as the end of a sentence."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https":
        yield "does not begin with https://"
    if not _HOST.fullmatch(host) or host.endswith(_RESERVED):
        yield "names no host on the internet"
    elif host in _REGISTRIES:
        yield "is a package registry, where nothing is explained; cite the project's own page"
    elif host in MOVED:
        yield f"has moved for good: cite {MOVED[host]}"
    tracking = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if _TRACKING.fullmatch(name)]
    if tracking:
        yield f"tells where the visitor came from: take out {', '.join(tracking)}"
    if url.endswith("?") or "?" in parts.query:
        yield "has a question mark with nothing behind it, or two"
    yield from _cut(url, parts)


def same(url: str) -> str:
    """Return an address as compared: without a slash at its end, host in lower case, no www."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}#{parts.fragment}"


def _cut(url: str, parts: SplitResult) -> Iterator[str]:
    fragment = parts.fragment
    if url.endswith("#"):
        yield "has a # with nothing behind it"
    elif "#" in fragment or fragment.startswith(":~:") or fragment.endswith((".", ",", ";", ":", '"', "'", "`")):
        yield f"has a fragment that looks broken: #{fragment}"
    elif url[-1] in ".,;:'\"`<>|\\…" or (url[-1] in _CLOSING and _CLOSING[url[-1]] not in url):
        yield f"ends with {url[-1]}, which is probably the sentence's"
    if "…" in url or "..." in url:
        yield "is shortened: give it whole"
    if not url.isascii():
        yield "has characters that an address has to encode (%E4…): copy it from the address bar"
