"""Putting the site into a folder, and taking out what an earlier one left there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.site.pages import SiteError

LIST = ".authbot-site"  # names every file of the site, so that pages of entries that are gone can be removed


def write(folder: Path, pages: Iterable[tuple[str, str]]) -> int:
    """Write the pages below `folder` and return how many there are.

    The folder must be new, empty or hold an earlier site; of that one what is no longer written is removed. Raises
    SiteError where it is something else or can't be written.
    """
    try:
        earlier = _earlier(folder)
        written: list[str] = []
        for path, text in pages:
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
        (folder / LIST).write_text("".join(f"{path}\n" for path in sorted(written)), encoding="utf-8", newline="\n")
        for path in set(earlier) - set(written):
            _remove(folder, path)
    except OSError as error:
        raise SiteError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None
    return len(written)


def _earlier(folder: Path) -> list[str]:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return []
    if not (folder / LIST).is_file():
        raise SiteError(f"{folder}: is neither empty nor a site that authbot wrote; name another folder")
    return (folder / LIST).read_text(encoding="utf-8").splitlines()


def _remove(folder: Path, path: str) -> None:
    place = folder / path
    if not place.resolve().is_relative_to(folder.resolve()):  # a list that somebody changed
        return
    place.unlink(missing_ok=True)
    for parent in place.parents:
        if parent == folder or any(parent.iterdir()):
            break
        parent.rmdir()
