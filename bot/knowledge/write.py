"""Reading files of a knowledge folder to the byte, and writing them: all or none, and never anywhere else."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.knowledge.folders import PACKAGED
from bot.knowledge.load import KnowledgeError

# `acme.yaml`, `harmless/learned.jsonl`: a name is made of ids and can lead nowhere else.
_NAME: Final = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)?[a-z0-9]+(?:-[a-z0-9]+)*\.(?:yaml|jsonl)")


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each text to its name in `folder`, which is made where it is missing; line ends stay as given.

    All are first written beside their places and then moved there; where one cannot be, those moved are put back. A
    program that is killed between two moves leaves whole files only, and the same call again completes them. Raises
    KnowledgeError with one sentence for a name that is no name of a knowledge file, a symbolic link in its place, an
    installed program's folder, and what the disk refuses.
    """
    if folder.resolve() == PACKAGED:
        raise KnowledgeError(
            [f"{folder}: belongs to the installed program and is not to be edited; name a folder with --knowledge"]
        )
    places = {_place(folder, name): text.encode() for name, text in texts.items()}
    beside: dict[Path, Path] = {}
    try:
        for place, content in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            beside[place] = place.with_name(f".{place.name}.{secrets.token_hex(4)}.new")
            _write(beside[place], content, like=place)
        _move(beside)
    except OSError as error:
        raise KnowledgeError(
            [f"{error.filename or folder}: cannot be written: {error.strerror}; nothing was changed"]
        ) from None
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)


def text_of(path: Path) -> str:
    """Return the text of a file with its line ends as they are. Raises KnowledgeError where it cannot be read."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise KnowledgeError([f"{path}:1: the file is not UTF-8 (byte {error.start}); save it as UTF-8"]) from None
    except OSError as error:
        raise KnowledgeError([f"{path}:1: the file cannot be read: {error.strerror}"]) from None


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    if not _NAME.fullmatch(name):
        raise KnowledgeError([f"{name!r} is no name of a knowledge file"])
    for path in (place, place.parent):
        if path != folder and path.is_symlink():
            raise KnowledgeError(
                [f"{path}: is a symbolic link, which is not written through; put the file itself there"]
            )
    return place


def _write(path: Path, content: bytes, *, like: Path) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if like.is_file():
        shutil.copymode(like, path)


def _move(beside: Mapping[Path, Path]) -> None:
    before = {place: place.read_bytes() if place.is_file() else None for place in beside}
    moved: list[Path] = []
    try:
        for place, path in beside.items():
            path.replace(place)
            moved.append(place)
    except OSError:
        for place in moved:
            earlier = before[place]
            with contextlib.suppress(OSError):
                if earlier is None:
                    place.unlink()
                else:
                    place.write_bytes(earlier)
        raise
