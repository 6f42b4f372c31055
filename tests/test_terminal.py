"""The terminal channel on a real terminal: a paste of many lines is one paste, its answer is read below it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

PASTE = '{"error": "redirect_uri_mismatch",\n "details": "redirect_uri=http://localhost:3000/cb"}\naccounts.google.com'
QUIET = 1.0  # seconds without output after which the program waits for us


def read_until(terminal: int, wanted: str, seconds: float) -> str:
    """Return what was printed until `wanted` stands in it; control sequences taken out."""
    shown = ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], QUIET)
        if ready:
            try:
                chunk = os.read(terminal, 65_536)
            except OSError:  # Linux says so when the other side has closed
                break
            if not chunk:
                break
            if b"\x1b[6n" in chunk:  # it asks where the cursor is, as it would a real terminal
                os.write(terminal, b"\x1b[1;1R")
            shown += chunk.decode(errors="replace")
        if wanted in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown):
            break
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)


def test_a_pasted_error_is_answered_and_ctrl_d_ends(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "AUTHBOT_"))}
    ours, theirs = pty.openpty()
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "TERM": "xterm", "COLUMNS": "100", "LINES": "60"},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        assert "error>" in read_until(ours, "error>", 30)
        os.write(ours, b"\x1b[200~" + PASTE.encode() + b"\x1b[201~\r")
        answer = read_until(ours, "Read at", 30)
        assert "redirect URI" in answer
        assert "http://localhost:3000/cb" in answer
        if "error>" not in answer.rpartition("Read at")[2]:
            read_until(ours, "error>", 30)
        os.write(ours, b"\x04")
        assert bot.wait(30) == 0
    finally:
        bot.kill()
        bot.wait()
        os.close(ours)
    assert (tmp_path / "authbot.sqlite3").is_file()
