"""`authbot review`: the shared queue and its decisions in a terminal, with keys, and from a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import pty
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from bot.knowledge.load import load
from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.models import Case, NewDecision, Place
from bot.store.scopes import SHARED
from bot.store.store import Store
from tests.discord_server.harness import KNOWLEDGE, SKEW, UNKNOWN
from tests.test_terminal import read_until

Found = TypeVar("Found")

OTHER = 'HTTP 403 {"code":"zz_other","message":"Permission denied: the flux capacitor is locked by its owner"}'
ANSWER = [
    "frob cloud",
    "",  # the message as the samples share it
    "",  # the codes
    "",  # the status
    "The frobnicator refuses the token",
    "The token is of another zone.",
    "Make a token in the right zone",
    "Restart the client",
    "",  # no more steps
    "https://docs.frob.example/tokens",
]


@dataclass
class Keeper:
    """Who keeps the machine, with a store of their own."""

    folder: Path

    def command(self, *more: str) -> list[str]:
        store = str(self.folder / "store.sqlite3")
        return [sys.executable, "-m", "bot", "review", "--database", store, *more]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "AUTHBOT_"))}
        return {**kept, "TERM": "xterm", "COLUMNS": "120", "LINES": "60", "NO_COLOR": "1"}

    def types(self, *lines: str) -> str:
        """What is printed when these lines come from a pipe."""
        ran = subprocess.run(
            self.command("--knowledge", str(self.folder / "knowledge")),
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=self.environment,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return " ".join(ran.stdout.split())

    def store(self, work: Callable[[Store], Awaitable[Found]]) -> Found:
        async def done() -> Found:
            store = await Store.open(str(self.folder / "store.sqlite3"))
            try:
                return await work(store)
            finally:
                await store.close()

        return asyncio.run(done())

    def sees(self, *texts: str, guild: int | None = None) -> None:
        """Have pastes kept that nobody could answer."""

        async def work(store: Store) -> None:
            explainer = Explainer(load(self.folder / "knowledge", cache=False), store)
            for number, text in enumerate(texts, start=1):
                place = Place(guild, None, None, number)
                await explainer.explain(Paste(text), place=place, seen_at=dt.datetime.now(dt.UTC))

        self.store(work)

    def cases(self, status: str | None = "open") -> list[Case]:
        return self.store(lambda store: store.queue.top(SHARED, status=status))


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "acme.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    yield Keeper(tmp_path)


@contextlib.contextmanager
def sitting(keeper: Keeper) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The program on a terminal of its own, waiting for a key: our end of it."""
    ours, theirs = pty.openpty()
    command = keeper.command("--knowledge", str(keeper.folder / "knowledge"))
    program = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=keeper.environment, start_new_session=True
    )
    os.close(theirs)
    try:
        assert "the frobnicator turned the token down" in read_until(ours, "review>", 60)
        yield ours, program
    finally:
        program.kill()
        program.wait()
        os.close(ours)


def asked(terminal: int, typed: bytes, label: str) -> None:
    """Type, and wait for the next question."""
    os.write(terminal, typed)
    assert label in read_until(terminal, label, 30)


def test_at_a_terminal_one_key_is_enough_and_what_is_filled_in_can_be_taken_as_it_is(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)
    labels = ["Message", "Codes", "status", "Title", "Cause", "Step 1", "Step 2", "Step 3", "Sources", "[y/N]"]
    with sitting(keeper) as (terminal, program):
        asked(terminal, b"a", "Provider")
        for line, label in zip(ANSWER, labels, strict=True):
            asked(terminal, line.encode() + b"\r", label)
        os.write(terminal, b"y\r")
        assert "Decision #1 is live" in read_until(terminal, "In Chinese now", 30)
        asked(terminal, b"n\r", "review>")
        os.write(terminal, b"q")
        assert program.wait(30) == 0
    [case] = keeper.cases("answered")
    assert case.entry == "frob-cloud/the-frobnicator-refuses-the-token"


def test_tab_completes_an_entry_and_ctrl_c_goes_back_without_a_decision(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)
    with sitting(keeper) as (terminal, program):
        asked(terminal, b"s", "Entry")
        asked(terminal, b"acme/key\t\r", "Message")
        asked(terminal, b"\x03", "Left as it was.")
        read_until(terminal, "review>", 30)
        asked(terminal, b"s", "Entry")
        asked(terminal, b"acme/key\t\r", "Message")
        asked(terminal, b"\r", "Codes")
        asked(terminal, b"\r", "[y/N]")
        asked(terminal, b"y\r", "Decision #1 is live")
        read_until(terminal, "review>", 30)
        os.write(terminal, b"\x04")
        assert program.wait(30) == 0
    [case] = keeper.cases("answered")
    assert case.entry == "acme/key-revoked"


def test_an_answer_shows_what_it_does_and_is_made_only_once_confirmed(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)

    left = keeper.types("a", *ANSWER, "n", "q")
    assert "No known example and no harmless message changes its verdict" in left
    assert [case.status for case in keeper.cases(None)] == ["open"]

    made = keeper.types("a", *ANSWER, "y", "y", "令牌被拒绝", "令牌属于另一个区域。", "新建令牌", "", "y", "q")
    assert "Decision #1 is live" in made and "Decision #2 is live" in made
    assert [case.status for case in keeper.cases(None)] == ["answered"]


def test_what_would_break_something_is_refused_and_what_was_typed_is_kept(keeper: Keeper) -> None:
    keeper.sees(SKEW.replace("ACME_CLOCK_SKEW", "zz_new").replace("request time", "frob time"))
    wide = [*ANSWER]
    wide[1], wide[2] = "{x} the {y}", "-"

    refused = keeper.types("a", *wide, "a", "", "", *([""] * 6), "", "", "q")

    assert refused.count("says too little") == 2
    assert refused.count("The frobnicator refuses the token") >= 2
    assert [case.status for case in keeper.cases(None)] == ["open"]


def test_the_same_as_a_known_entry_by_its_id(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)

    keeper.types("s", "acme/key-revoked", "", "", "y", "q")

    [case] = keeper.cases("answered")
    assert case.entry == "acme/key-revoked"


def test_another_cause_of_a_known_entry(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)
    cause = ["acme/key-revoked", "", "", "Its frobnicator is off.", "Switch it on", "", "It says so.", "-"]

    keeper.types("c", *cause, "y", "n", "q")

    [decision] = keeper.store(lambda store: store.decisions.history(SHARED))
    assert (decision.kind, decision.entry) == ("add_cause", "acme/key-revoked")
    assert decision.content["tell"] == {"en": "It says so."}


def test_an_entry_that_is_not_there_is_said_in_one_sentence(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)

    assert "There is no no-such-entry here." in keeper.types("s", "no-such-entry", "", "", "q")


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        pytest.param(["x", "y"], "not_an_error", id="no auth error"),
        pytest.param(["x", "n"], "open", id="no auth error, not confirmed"),
        pytest.param(["d"], "dismissed", id="dismissed"),
        pytest.param(["d", "u", ""], "open", id="dismissed and taken back"),
        pytest.param(["d", "u", "#1"], "open", id="taken back by its number"),
        pytest.param(["d", "u", "77"], "dismissed", id="a number that is not there"),
        pytest.param(["k", "j"], "open", id="no keys of ours"),
    ],
)
def test_keys_that_need_no_words(keeper: Keeper, keys: list[str], status: str) -> None:
    keeper.sees(UNKNOWN)

    keeper.types(*keys, "q")

    assert [case.status for case in keeper.cases(None)] == [status]


def test_merging_and_taking_it_back(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN, OTHER)
    first, second = keeper.cases()

    keeper.types("m", second.name, "q")
    assert {case.name: case.status for case in keeper.cases(None)} == {first.name: "merged", second.name: "open"}

    keeper.types("u", "", "q")
    assert [case.status for case in keeper.cases(None)] == ["open", "open"]


def test_taking_a_part_off(keeper: Keeper) -> None:
    keeper.sees(*(UNKNOWN.replace("the token", f"token number {number}") for number in (77, 99)))
    [whole] = keeper.cases()

    assert "split off" in keeper.types("t", "number 99", "q")

    [part] = [case for case in keeper.cases() if case.split_of]
    assert (part.split_of, part.needle, part.sightings) == (whole.name, "number 99", 1)


def test_going_through_the_queue_searching_and_filtering(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN, OTHER)
    first, second = keeper.cases()

    walked = keeper.types("n", "n", "p", "p", "q")
    assert walked.index(f"{first.name} ─") < walked.index(f"{second.name} ─") < walked.rindex(f"{first.name} ─")
    assert "That was the last one." in walked
    assert "This is the first one." in walked

    found = keeper.types("/", "capacitor", "q").partition("lists the keys")[2]
    assert "the flux capacitor" in found and "frobnicator" not in found
    assert "There is no status done" in keeper.types("f", "-", "-", "done", "q")
    assert "Nothing like that" in keeper.types("f", "-", "zh", "open", "q")


def test_somebody_elses_decision_is_not_overwritten(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN)
    [case] = keeper.cases()
    sitting = subprocess.Popen(
        keeper.command("--knowledge", str(keeper.folder / "knowledge")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=keeper.environment,
    )
    assert sitting.stdin is not None and sitting.stdout is not None
    for line in sitting.stdout:
        if "lists the keys" in line:
            break
    dismissed = NewDecision(SHARED, "dismiss", dt.datetime.now(dt.UTC), case.name)
    keeper.store(lambda store: store.decisions.add(dismissed, person=7, revision=0))

    printed, _ = sitting.communicate("x\ny\nq\n", timeout=60)

    assert "decided: dismissed" in " ".join(printed.split())
    assert [each.status for each in keeper.cases(None)] == ["dismissed"]


def test_history_says_you_and_nobodys_name(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN, OTHER)
    first, _ = keeper.cases()
    dismissed = NewDecision(SHARED, "dismiss", dt.datetime.now(dt.UTC), first.name)
    keeper.store(lambda store: store.decisions.add(dismissed, person=7, revision=None))

    history = keeper.types("d", "h", "q")

    assert f"#1 dismissed · {first.name} · maintainer " in history
    assert "#2 dismissed" in history and "· you ·" in history


def test_a_server_that_does_not_share_is_not_seen(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN, guild=5)

    assert "Nothing waits" in keeper.types("q")


def test_the_queue_as_json_lines(keeper: Keeper) -> None:
    keeper.sees(UNKNOWN, OTHER)

    ran = subprocess.run(
        keeper.command("--json", "--limit", "1"), capture_output=True, text=True, env=keeper.environment, check=True
    )

    [row] = [json.loads(line) for line in ran.stdout.splitlines()]
    [first, _] = keeper.cases()
    assert (row["name"], row["people"], row["reasons"]) == (first.name, 1, {"unmatched": 1})
