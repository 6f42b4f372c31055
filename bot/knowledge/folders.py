"""Where the knowledge files are that come with the program."""

from __future__ import annotations

from pathlib import Path

PACKAGED = Path(__file__).parent / "base"  # in the wheel
IN_REPOSITORY = Path(__file__).parents[2] / "knowledge"  # in a checkout


def shipped() -> Path:
    """Return the folder of the knowledge that comes with the program."""
    return IN_REPOSITORY if (IN_REPOSITORY.parent / "pyproject.toml").is_file() else PACKAGED
