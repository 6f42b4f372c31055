"""Files kept from one run to the next in the user's cache folder: what takes long to work out again."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def kept(name: str) -> bytes | None:
    """Return what was kept under a file's name; None where there is nothing, or it cannot be read."""
    folder = cache_folder()
    try:
        return (folder / name).read_bytes() if folder else None
    except OSError:
        return None


def keep(name: str, data: bytes, *, most: int) -> None:
    """Keep `data` under a name such as `index-0a1b.json`; of the files whose names begin alike the `most` newest stay.

    Where the folder cannot be written nothing is kept: that only costs time.
    """
    folder = cache_folder()
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Written beside its place and moved there, so that no reader ever sees half of it.
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(data)
        Path(file.name).replace(folder / name)
        kind, _, _ = name.partition("-")
        by_age = sorted(folder.glob(f"{kind}-*.json"), key=lambda path: path.stat().st_mtime)
        for old in by_age[:-most]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def cache_folder() -> Path | None:
    """Return the folder for such files, None where the user has no home (a container's bare user)."""
    configured = os.environ.get("XDG_CACHE_HOME") or (
        os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
    )
    try:
        return (Path(configured) if configured else Path.home() / ".cache") / "authbot"
    except RuntimeError:
        return None
