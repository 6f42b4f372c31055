"""What every request and answer goes through: the Host, where a form came from, headers, and how much is read."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.config import Place

MOST_BODY: Final = 64 * 1024  # bytes of a form
MOST_FIELDS: Final = 60
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Other sites are told nothing. "no-referrer" would also take the Origin from our own forms, which is checked.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class TooMuch(Exception):
    """A form is longer than any of ours can be."""


class Guard:
    """Refuses what is not for this address or not from it, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, place: Place) -> None:
        self._app = app
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
                if self._place.secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        # A page of somebody else's, under a name that leads to this machine, has its own name in Host.
        if [each.lower() for each in headers.getlist("host")] not in [[host] for host in self._place.hosts]:
            return PlainTextResponse(f"These pages are at {self._place.origin}, not here.\n", 400)
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("That method is not for these pages.\n", 405, {"Allow": "GET, HEAD, POST"})
        if method == "POST" and headers.getlist("origin") != [self._place.origin]:
            return PlainTextResponse("That form did not come from these pages.\n", 403)
        return None


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, of each the first. Raises TooMuch."""
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > MOST_BODY:
            raise TooMuch
    try:
        fields = parse_qs(read.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        raise TooMuch from None
    return {name: values[0].replace("\r\n", "\n") for name, values in fields.items()}
