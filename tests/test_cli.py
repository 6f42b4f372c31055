"""The command line as a person and as a program use it: real processes, real files, one clear line for each mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_knowledge import GOOD

UNKNOWN = "zorp.errors.FrobError: 401 Unauthorized: frobnication ticket 8841 was refused by the zorp gate"


def authbot(*args: str, cwd: Path, given: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, with only these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "AUTHBOT_"))}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=cwd,
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        env={**kept, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(args, done.returncode, done.stdout.decode(), done.stderr.decode())


def lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_ask_answers_from_any_folder(tmp_path: Path) -> None:
    done = authbot("ask", "AADSTS50011", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0
    assert "redirect URI" in done.stdout
    assert list(tmp_path.iterdir()) == []  # asking leaves nothing behind


def test_ask_reads_standard_input_of_many_lines(tmp_path: Path) -> None:
    done = authbot("ask", "--lang", "zh", cwd=tmp_path, given='{"error":\n "redirect_uri_mismatch"}\nGoogle OAuth')
    assert "redirect" in done.stdout
    assert "原因" in done.stdout


def test_explain_shows_the_parts_of_each_score(tmp_path: Path) -> None:
    done = authbot("ask", "--explain", "AADSTS50011: x", cwd=tmp_path)
    assert "fact code" in done.stdout
    assert "candidate entra-id/" in done.stdout
    assert "points" in done.stdout


def test_a_pipe_without_a_command_is_answered_and_that_is_all(tmp_path: Path) -> None:
    done = authbot(cwd=tmp_path, given="invalid_grant: AADSTS70008")
    assert done.returncode == 0
    assert "**" in done.stdout


def test_jsonl_answers_each_line_in_order_and_outlives_bad_ones(tmp_path: Path) -> None:
    given = "\n".join(
        (
            '{"id": "a", "text": "AADSTS50011"}',
            "not json",
            '{"id": "b"}',
            '{"id": 3, "text": "AADSTS50011", "lang": "zh", "provider": "entra-id"}',
            "[1]",
            '{"id": "c", "text": "lunch?"}',
        )
    )
    done = authbot("ask", "--jsonl", "--lang", "en", cwd=tmp_path, given=given)
    assert done.returncode == 0
    found = lines(done.stdout)
    assert [line["id"] for line in found] == ["a", None, None, 3, None, "c"]
    assert [line.get("decision") for line in found] == ["answer", None, None, "answer", None, "unmatched"]
    assert [line.get("lang") for line in found][0::3] == ["en", "zh"]
    assert all(line["error"] for line in found if line["id"] is None)


def test_jsonl_says_what_was_read_and_repeats_no_secret(tmp_path: Path) -> None:
    secret = "sk-" + "proj-" + "a1B2c3D4e5F6" * 4
    text = f"Error code: 401 - {{'error': {{'message': 'Incorrect API key provided: {secret}.', 'code': 'invalid_api_key'}}}}"
    done = authbot("ask", "--jsonl", cwd=tmp_path, given=json.dumps({"id": 1, "text": text}))
    [line] = lines(done.stdout)
    assert secret not in done.stdout
    assert line["secrets"] == ["openai-key"]
    assert line["facts"] == {"status": 401, "codes": ["invalid_api_key"], "host": None}
    assert line["entry"] == "openai/invalid-api-key"


def test_listening_keeps_nothing_of_harmless_talk(tmp_path: Path) -> None:
    given = '{"id": 1, "text": "finally fixed that 401, thanks!"}'
    done = authbot("ask", "--jsonl", "--mode", "listen", "--remember", cwd=tmp_path, given=given)
    [line] = lines(done.stdout)
    assert (line["decision"], line["answer"], line["redacted"], line["group"]) == ("silent", None, None, None)


def test_what_has_no_answer_is_kept_and_shown(tmp_path: Path) -> None:
    knowledge = tmp_path / "empty"
    knowledge.mkdir()
    database = str(tmp_path / "kept" / "store.sqlite3")
    given = "\n".join(json.dumps({"id": at, "text": UNKNOWN.replace("8841", str(at))}) for at in (1001, 2002))
    options = ("--remember", "--database", database, "--knowledge", str(knowledge))
    done = authbot("ask", "--jsonl", *options, cwd=tmp_path, given=given)
    groups = {line["group"] for line in lines(done.stdout)}
    assert len(groups) == 1
    [name] = groups
    listed = authbot("unmatched", "list", "--json", "--database", database, cwd=tmp_path)
    [group] = lines(listed.stdout)
    assert (group["name"], group["sightings"]) == (name, 2)
    shown = authbot("unmatched", "show", str(name), "--database", database, cwd=tmp_path)
    assert "frobnication" in shown.stdout


@pytest.mark.parametrize(
    ("args", "environment", "said"),
    [
        pytest.param(("run",), {}, "DISCORD_TOKEN: is not set", id="no token"),
        pytest.param(
            ("ask", "x"), {"AUTHBOT_LOG_LEVEL": "loud"}, "environment: AUTHBOT_LOG_LEVEL: has to be", id="level"
        ),
        pytest.param(
            ("run",), {"DISCORD_TOKEN": "x", "DISCORD_API_URL": "ftp:x"}, "DISCORD_API_URL: has", id="address"
        ),
        pytest.param(("ask", "x", "--knowledge", "nowhere"), {}, "nowhere: there is no such folder", id="no folder"),
        pytest.param(("ask", "x", "--provider", "nobody"), {}, "there is no provider 'nobody'", id="unknown provider"),
        pytest.param(("unmatched", "show", "g0"), {}, "there is no group 'g0'", id="unknown group"),
        pytest.param(
            ("unmatched", "list", "--database", "/proc/x/y.sqlite3"), {}, "/proc/x", id="no place for a store"
        ),
    ],
)
def test_a_mistake_gives_one_line_and_status_2(
    tmp_path: Path, args: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    done = authbot(*args, cwd=tmp_path, **environment)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_broken_setting_in_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# settings\nAUTHBOT_LOG_FORMAT=yaml\n", encoding="utf-8")
    done = authbot("ask", "x", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("authbot: .env:2: AUTHBOT_LOG_FORMAT: ")


def test_a_faulty_knowledge_file_is_named_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "acme.yaml").write_text(GOOD.replace("verified: 2026-11-21", "verified: soon"), encoding="utf-8")
    done = authbot("ask", "x", "--knowledge", str(folder), cwd=tmp_path)
    assert done.returncode == 2
    assert "acme.yaml:15: entries.0.verified: " in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_lint_passes_on_what_is_shipped_and_fails_with_lines_on_what_is_not_in_order(tmp_path: Path) -> None:
    assert authbot("kb", "lint", cwd=tmp_path).returncode == 0
    folder = tmp_path / "knowledge"
    folder.mkdir()
    wrong = GOOD.replace("""['{"error": "key_revoked"}']""", "['hello there']")
    (folder / "acme.yaml").write_text(wrong, encoding="utf-8")
    done = authbot("kb", "lint", "--knowledge", str(folder), cwd=tmp_path)
    assert done.returncode == 1
    assert "acme.yaml:13: entries.0.examples.0: comes back as nothing, not as acme/key-revoked" in done.stdout


def test_eval_prints_accuracy_and_calibration(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    rows = (
        {"id": "a", "text": "AADSTS50011", "providers": ["entra-id"], "must": ["redirect"]},
        {"id": "b", "text": "hello", "providers": []},
    )
    cases.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = authbot("kb", "eval", str(cases), cwd=tmp_path)
    assert "right 100.0%" in done.stdout
    assert "expected calibration error" in done.stdout
    assert "false replies 0" in done.stdout
    cases.write_text("{}", encoding="utf-8")
    broken = authbot("kb", "eval", str(cases), cwd=tmp_path)
    assert broken.returncode == 2
    assert f"{cases}:1: " in broken.stderr
