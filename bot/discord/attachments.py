"""Reading the text files that hang on a message, from Discord's own hosts, within limits."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

import aiohttp
import discord
import structlog
import yarl

DISCORD_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
SUFFIXES: Final = frozenset({".txt", ".log", ".json"})
MOST_FILES: Final = 3
MOST_BYTES: Final = 256 * 1024  # of one file
MOST_BYTES_TOGETHER: Final = 512 * 1024
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
_CHUNK: Final = 16 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

log = structlog.get_logger(__name__)


class Attachments:
    """Fetches attachments. Holds one HTTP session of its own, without cookies and without the bot's token."""

    def __init__(self, other_host: str | None = None) -> None:
        """`other_host` is the host of another Discord-compatible server, allowed besides Discord's own (http too)."""
        self._other_host = other_host
        # Not decompressed: a small compressed body could otherwise unfold far beyond the cap inside one chunk.
        self._session = aiohttp.ClientSession(
            timeout=_TIMEOUT, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        await self._session.close()

    async def texts(self, attachments: Sequence[discord.Attachment]) -> list[str]:
        """Return the text of the first MOST_FILES text files, in order, cut at the limits.

        A file that can't be had, isn't text or isn't on an allowed host is left out; nothing is raised for it.
        """
        readable = [file for file in attachments if is_text(file.filename, file.content_type)][:MOST_FILES]
        bodies = await asyncio.gather(*(self._read(file) for file in readable))
        left = MOST_BYTES_TOGETHER
        texts = []
        for body in bodies:
            text = decoded(body[:left])
            left -= len(body[:left])
            if text.strip():
                texts.append(text)
        return texts

    async def _read(self, file: discord.Attachment) -> bytes:
        try:
            url = yarl.URL(file.url)
            if not self._allowed(url):
                log.warning("attachment.host_refused", attachment=file.id)
                return b""
            return await self._stream(url, file.id)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("attachment.failed", attachment=file.id, error=type(error).__name__)
            return b""

    def _allowed(self, url: yarl.URL) -> bool:
        if url.scheme == "https" and url.host in DISCORD_HOSTS:
            return True
        return self._other_host is not None and url.scheme in ("http", "https") and url.host == self._other_host

    async def _stream(self, url: yarl.URL, attachment: int) -> bytes:
        async with self._session.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as response:
            encoding = response.headers.get("Content-Encoding", "identity").lower()
            if response.status != 200 or encoding != "identity":
                log.warning("attachment.failed", attachment=attachment, status=response.status, encoding=encoding)
                return b""
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) >= MOST_BYTES:
                    break  # leaving the context closes the connection: the rest is never read
            return bytes(body[:MOST_BYTES])


def is_text(filename: str, content_type: str | None) -> bool:
    """Return whether a file is one to read: named .txt, .log or .json, and not declared as something else than text."""
    if PurePath(filename).suffix.lower() not in SUFFIXES:
        return False
    kind = (content_type or "text/plain").split(";", maxsplit=1)[0].strip().lower()
    return kind.startswith("text/") or kind in ("application/json", "application/octet-stream")


def decoded(body: bytes) -> str:
    """Return the text of a file: UTF-16 where its byte order mark says so, else UTF-8; "" where it is binary.

    What can't be decoded becomes U+FFFD; a file with NUL characters is no text.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(encoding, errors="replace")
            break
    else:
        text = body.decode("utf-8", errors="replace")
    return "" if "\0" in text else text
