"""Hosts: the servers a text names, in URLs, headers, connection strings and on their own."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from itertools import islice

from bot.paste.models import Fact

_MOST = 40
_URL = re.compile(r"://(?:[^\s\"'<>`/?#@]{1,200}@)?([^\s\"'<>`\\^{}|/?#()\[\]，。、；）（]{1,250})")
_GIT = re.compile(r"(?:git|ssh|org-\d{1,12})@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})[:/ ]")
_SERVER_WORDS = ("server at", "host name", "to host", "resolve host", "remote host")
_SERVER = re.compile(
    r"(?:server at|host name|to host|resolve host|remote host)[: ]{1,2}[\"']?([A-Za-z0-9][\w-]{0,62}(?:\.["
    r"\w-]{1,63}){1,6})"
)
_SSH = re.compile(r"@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5}): Permission denied")
_BARE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}+)(?:\.[a-z0-9-]{1,63}+){1,6}+")
_DOMAINS = frozenset(
    "com cn net org io dev ai cloud app co me eu de jp us uk ru fr kr tw hk top xyz so sh gg tv info "
    "local internal example".split()
)
_ENDING = re.compile(rf"\.(?:{'|'.join(sorted(_DOMAINS))})(?![a-z0-9-])")
_HOST_CHARACTERS = string.ascii_lowercase + string.digits + ".-"
_LONGEST_HOST = 400
_BEFORE = frozenset("@.:/$%-_\\=")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){0,10}[a-z0-9_-]{1,63}\Z")
_NOT_HOSTS = frozenset("asp.net socket.io engine.io draw.io system.io ado.net vb.net ml.net".split())


def hosts(text: str) -> Iterator[Fact]:
    """Yield the host names of a decoded text, in lower case, without ports and credentials."""
    return islice(_all(text), _MOST)


def _all(text: str) -> Iterator[Fact]:
    if "://" in text:
        known: dict[str, Fact | None] = {}  # logs name one server many times
        for authority in _URL.findall(text):
            if authority not in known:
                host = host_of(authority)
                known[authority] = Fact("host", host, "url") if host else None
            if fact := known[authority]:
                yield fact
    if ("host" in text or "server at" in text) and any(words in text for words in _SERVER_WORDS):
        yield from (Fact("host", match[1].lower(), "server") for match in _SERVER.finditer(text))
    if "@" in text:
        yield from (Fact("host", match[1].lower(), "git") for match in _GIT.finditer(text))
        yield from (Fact("host", match[1].lower(), "server") for match in _SSH.finditer(text))
    done = 0
    for ending in _ENDING.finditer(text):  # few dots end a host: its beginning is looked for from there
        if ending.start() < done:
            continue
        first = max(done, ending.start() - _LONGEST_HOST)
        start = first + len(text[first : ending.start()].rstrip(_HOST_CHARACTERS))
        if start and text[start - 1] in _BEFORE:
            done = ending.end()  # a URL's, as most are
        elif bare := _BARE.match(text, start):
            done = bare.end()
            if bare[0].rpartition(".")[2] in _DOMAINS and _stands_alone(text, bare):
                yield Fact("host", bare[0], "")


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if match.start() and (before in _BEFORE or (before.isascii() and before.isalnum())):
        return False
    if after in ("(", "_", "@") or (after.isascii() and after.isalnum()):
        return False
    if after == "." and text[match.end() + 1 : match.end() + 2].isalnum():
        return False  # the package of a class
    return match[0] not in _NOT_HOSTS


def host_of(authority: str) -> str | None:
    """Return the host of a URL's authority (RFC 3986 section 3.2), or None where it is no name."""
    if authority.endswith(".."):
        return None  # cut off by who printed it
    host = authority.rpartition("@")[2].partition(":")[0].rstrip(".,;").lower()
    if host == "localhost" or (host and "." in host and _NAME.match(host)):
        return host
    return None
