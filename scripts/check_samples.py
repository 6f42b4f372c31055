"""Grades the answers to the labelled pastes in ../shared/samples against what the project promises of them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared"
KNOWN = {path.stem for path in (Path(__file__).parents[1] / "knowledge").glob("*.yaml")}


def score(files: list[Path], mode: str) -> dict[str, float]:
    """Return the last line of the grader's report."""
    command = [sys.executable, str(SHARED / "score.py"), *map(str, files), "--mode", mode]
    command += ["--command", f"{sys.executable} -m bot ask --jsonl", "--wrong", "30"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    print(done.stdout)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    samples = sorted((SHARED / "samples").glob("*.jsonl"))
    cases = [json.loads(line) for path in samples for line in path.read_text(encoding="utf-8").splitlines() if line]
    written = [case for case in cases if case["providers"] and case["providers"][0] in KNOWN]
    with tempfile.TemporaryDirectory() as folder:
        of_written = Path(folder) / "written.jsonl"
        of_written.write_text("".join(json.dumps(case) + "\n" for case in written), encoding="utf-8")
        answered = score([of_written], "lookup")
    score(samples, "lookup")
    overheard = score([path for path in samples if path.stem == "negatives"], "listen")
    faults = []
    if answered.get("right", 0) != answered["cases"]:
        faults.append(
            f"{answered['cases'] - answered.get('right', 0):.0f} samples of providers that are written are not right"
        )
    if overheard["false_replies"] or overheard["harmless_logged"]:
        faults.append("harmless samples were answered or logged")
    for fault in faults:
        print(f"check-samples: {fault}", file=sys.stderr)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
