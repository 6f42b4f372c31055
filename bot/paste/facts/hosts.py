"""Hosts: the servers a text names, in URLs, headers, connection strings and on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.models import Fact

_MOST = 40
_URL = re.compile(r"(?<![A-Za-z0-9+.-])(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]{1,20}:(?:[a-z0-9]{2,20}:)?//([^\s\"'<>`\\^{}|/?#()\[\]，。、；）（]{1,250})")
_GIT = re.compile(r"(?<![\w.@-])(?:git|ssh|org-\d{1,12})@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})[:/ ]")
_SERVER = re.compile(
    r"(?:connection to server at|could not connect to server at|host name|connect to host|resolve host|Host|remote host)[: ]{1,2}[\"']?([A-Za-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,6})",
)
_SSH = re.compile(r"^(?:\w{1,32}@)([\w-]{1,63}(?:\.[\w-]{1,63}){1,5}): Permission denied", re.MULTILINE)
_BARE = re.compile(
    r"(?<![\w@.:/$%-])((?:[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\.){1,5}(?:com|cn|net|org|io|dev|ai|cloud|app|co|me|eu|de|jp|us|uk|ru|fr|kr|tw|hk|top|xyz|so|sh|gg|tv|info|local|internal))(?![\w-]|\.\w|\()"
)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){0,10}[a-z0-9_-]{1,63}\Z")
_NOT_HOSTS = frozenset("asp.net socket.io engine.io next.js node.js vue.js draw.io".split())


def hosts(text: str) -> Iterator[Fact]:
    """Yield the host names of a decoded text, in lower case, without ports and credentials."""
    found = 0
    for pattern, key in ((_URL, "url"), (_SERVER, "server"), (_GIT, "git"), (_SSH, "server"), (_BARE, "")):
        for match in pattern.finditer(text):
            host = host_of(match[1])
            if host and (key or not _ADDRESS.match(host)) and host not in _NOT_HOSTS:
                yield Fact("host", host, key)
                found += 1
                if found >= _MOST:
                    return


def host_of(authority: str) -> str | None:
    """Return the host of a URL's authority (RFC 3986 section 3.2), or None where it is no name."""
    host = authority.rpartition("@")[2].partition(":")[0].rstrip(".,;").lower()
    return host if host and _NAME.match(host) and "." in host.strip("[]") or host == "localhost" else None
