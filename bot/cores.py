"""Doing one thing to many items on all cores."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_IT = 150  # items from which a second process pays for its start

_work: Callable[[Any], Any] | None = None


def over_cores(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return `work` of every item, in order. Results have to be picklable; `work` and what it holds need not be.

    Processes are forked, so that they share what `work` holds (an index takes a second to build), and only where that
    is safe: on Linux, from a process with one thread. Elsewhere, and for few items, everything is done here.
    """
    global _work  # noqa: PLW0603 (a forked process finds it there; a closure cannot be sent)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if cores < 2 or len(items) < WORTH_IT or threading.active_count() > 1:
        return [work(item) for item in items]
    _work = work
    try:
        with multiprocessing.get_context("fork").Pool(cores) as pool:
            return pool.map(_call, items, chunksize=max(1, len(items) // (cores * 16)))
    finally:
        _work = None


def _call(item: Any) -> Any:
    assert _work is not None  # noqa: S101 (set before the fork)
    return _work(item)
