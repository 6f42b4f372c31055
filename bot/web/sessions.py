"""Sessions and sign-ins under way. Both are in memory only: who restarts the pages signs everybody out."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final

LASTS: Final = 8 * 3600.0  # seconds of a session
SIGN_IN_LASTS: Final = 600.0  # seconds between leaving for Discord and coming back
MOST_SESSIONS: Final = 1_000
MOST_SIGN_INS: Final = 10_000

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A queue somebody may review: its scope, how addresses name it, and the guild's name ("": the shared base)."""

    scope: str
    key: str
    name: str


@dataclass(slots=True)
class Session:
    """Somebody who has signed in. Their Discord token is kept for looking up their roles, nowhere but here."""

    person: int
    name: str
    token: str = field(repr=False)
    until: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    places: tuple[Admitted, ...] = ()
    looked_up: float | None = None  # when the places were
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def sent(self, csrf: str) -> bool:
        """Tell whether a form is one of this session's."""
        return compare_digest(csrf.encode(), self.csrf.encode())


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in under way: what the browser has to bring back, and the page it wanted."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    to: str
    until: float

    @property
    def challenge(self) -> str:
        """RFC 7636, 4.2: S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Sessions:
    """The sessions, each under the hash of its id: what is here opens none."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, Session] = {}
        self._sign_ins: dict[str, SignIn] = {}

    @property
    def now(self) -> float:
        """The seconds of the clock by which sessions end."""
        return self._clock()

    def begin(self, to: str) -> tuple[str, SignIn]:
        """Return a sign-in, and the key that its browser keeps in a cookie."""
        key = secrets.token_urlsafe(32)
        made = SignIn(secrets.token_urlsafe(32), secrets.token_urlsafe(48), to, self.now + SIGN_IN_LASTS)
        _make_room(self._sign_ins, MOST_SIGN_INS)
        self._sign_ins[_hashed(key)] = made
        return key, made

    def come_back(self, key: str, state: str) -> SignIn | None:
        """Return the sign-in of a browser that comes back from Discord; a second time there is none."""
        found = self._sign_ins.pop(_hashed(key), None)
        if found is None or found.until < self.now or not compare_digest(found.state.encode(), state.encode()):
            return None
        return found

    def start(self, person: int, name: str, token: str) -> str:
        """Start a session; return its id, which is kept by the browser alone."""
        self._drop_ended()
        _make_room(self._kept, MOST_SESSIONS)
        number = secrets.token_urlsafe(32)
        self._kept[_hashed(number)] = Session(person, name, token, self.now + LASTS)
        return number

    def of(self, number: str) -> Session | None:
        """Return the session of an id, None where there is none or it is over."""
        found = self._kept.get(_hashed(number))
        if found is not None and found.until <= self.now:
            self.end(number)
            return None
        return found

    def end(self, number: str) -> Session | None:
        """End a session; return it."""
        return self._kept.pop(_hashed(number), None)

    def _drop_ended(self) -> None:
        self._kept = {key: each for key, each in self._kept.items() if each.until > self.now}
        self._sign_ins = {key: each for key, each in self._sign_ins.items() if each.until > self.now}


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _make_room(kept: dict[str, Any], most: int) -> None:
    while len(kept) >= most:
        kept.pop(next(iter(kept)))
