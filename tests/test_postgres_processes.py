"""Ten processes on one PostgreSQL under load. How soon they see each other's decisions is scripts/soak-store's to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_ten_processes_lose_nothing_and_count_right() -> None:
    command = [sys.executable, "scripts/soak_store.py", "--seconds", "8", "--longest", "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 processes" in done.stdout
