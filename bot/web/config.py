"""Where the pages listen and under which address a browser has them."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.mendable import MendableError

USUAL_ADDRESS: Final = "127.0.0.1:8765"
_PORTS: Final = {"http": 80, "https": 443}
_MOST_WAITING: Final = 128  # connections that nobody has taken yet


class WebError(MendableError):
    """The pages can't be served as it is set; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages are. `origin` is their public address: scheme and host, and the port where it isn't the usual."""

    host: str
    port: int
    origin: str

    @property
    def secure(self) -> bool:
        """Whether browsers come through TLS."""
        return self.origin.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """What the Host header may say."""
        scheme, _, name = self.origin.partition("://")
        usual = f":{_PORTS[scheme]}"
        return frozenset({name} if _port_of(name) else {name, name + usual})


def _port_of(name: str) -> str:
    return name.rpartition("]")[2].partition(":")[2]


def listen(address: str, url: str | None) -> tuple[Place, socket.socket]:
    """Return where the pages are, and the socket that listens there already.

    `address` is host:port (port 0: a free one), `url` the public address (None: the same, on this machine only).
    Raises WebError where others could listen in: any address but this machine's own needs an https `url`.
    """
    host, port = _parsed(address)
    origin = _origin(url) if url else None
    if not _is_own(host) and not (origin or "").startswith("https://"):
        raise WebError(
            f"AUTHBOT_WEB_ADDRESS: {address}: is reached from other machines; set AUTHBOT_WEB_URL to the https address "
            f"under which your TLS proxy has these pages, or listen at {USUAL_ADDRESS}"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_MOST_WAITING)
    except OSError as error:
        listener.close()
        raise WebError(
            f"AUTHBOT_WEB_ADDRESS: {address}: can't be listened at ({error.strerror}); name another"
        ) from None
    port = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    return Place(host, port, origin or f"http://{shown}" + ("" if port == _PORTS["http"] else f":{port}")), listener


def _parsed(address: str) -> tuple[str, int]:
    host, _, port = address.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit() and int(port) <= 65_535):
        raise WebError(f"AUTHBOT_WEB_ADDRESS: {address}: write it as host:port, such as {USUAL_ADDRESS}")
    return host, int(port)


def _origin(url: str) -> str:
    """Return scheme and host of the public address as a browser writes them."""
    wrong = WebError(
        f"AUTHBOT_WEB_URL: {url}: write the address without a path, such as https://review.example.org "
        "(http only for this machine: http://127.0.0.1:8765)"
    )
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise wrong from None
    name = (parts.hostname or "").encode("idna").decode() if parts.hostname and ":" not in parts.hostname else None
    name = name or (f"[{parts.hostname}]" if parts.hostname else "")
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in _PORTS or not name or more or (parts.scheme == "http" and not _is_own(parts.hostname or "")):
        raise wrong
    return f"{parts.scheme}://{name}" + (f":{port}" if port and port != _PORTS[parts.scheme] else "")


def _is_own(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
