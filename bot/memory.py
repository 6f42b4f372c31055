"""What start-up does about memory: no collecting while objects are made that all stay, and giving back what is free."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h
_ARENAS: Final = 2


@contextmanager
def uncollected() -> Iterator[None]:
    """Make many objects that all stay, without the collector looking through them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def settle() -> None:
    """Take all there is for what stays, so that no later collection walks over it, and give free memory back."""
    gc.collect()
    gc.freeze()
    _glibc("malloc_trim", 0)


def share_arenas() -> None:
    """Have all threads take memory from few places: by itself glibc gives each one its own, and keeps what is free."""
    _glibc("mallopt", _ARENA_MAX, _ARENAS)


def _glibc(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such calls
            getattr(ctypes.CDLL(None), name)(*numbers)
