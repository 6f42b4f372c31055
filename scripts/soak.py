"""The bot as a process under load and faults: no paste may be lost or answered twice, and its memory has to stay flat.

Run: scripts/soak [--seconds 600] [--rate 20]. Ends with status 1 and says why where a promise is broken.
Faults come in turn every few seconds: the connection drops, the session is lost, Discord limits the rate, fails, is
slow, or takes a message without acknowledging it, the database is locked, the bot is killed or stopped and started
anew. Restarts come in the first half only, so that the memory of one process can be followed in the second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.service import Explainer
from tests.discord_server import DiscordServer, schema
from tests.discord_server.channels import Fault
from tests.discord_server.load import Kind, Talk
from tests.discord_server.payloads import BARE, DIRECT, GENERAL, THREAD, VOICE, new_id, user

CHANNELS = (GENERAL, THREAD, VOICE, BARE, DIRECT)
EACH_FAULT = 5.0  # seconds from one to the next
LONGEST_START = 120.0
LONGEST_WAIT = 180.0  # seconds at the end for what is owed
MOST_GROWTH = 1.15  # of the memory, from the third quarter to the end
PATIENT = {"message": "You are being rate limited.", "retry_after": 0.3, "global": False}


class Soak:
    """One run: the server, the bot's process, what was said and what has to come of it."""

    def __init__(self, seconds: float, rate: float, folder: Path) -> None:
        self.seconds, self.rate, self.folder = seconds, rate, folder
        self.server = DiscordServer()
        self.said: dict[str, Kind] = {}
        self.private: set[str] = set()  # of which nothing is kept
        self.faults: Counter[str] = Counter()
        self.memory: list[tuple[float, int]] = []  # moment and MiB of the process that runs
        self._random = random.Random(7)  # noqa: S311 (no secret)
        self._bot: asyncio.subprocess.Process | None = None
        self._begin = 0.0

    async def run(self) -> None:
        schema.faults = lambda *_: []
        talk = Talk(Explainer(load(shipped())), known=0.15, unknown=0.05)
        people = [user(new_id(), f"person {number}") for number in range(500)]
        async with self.server, self._process():
            for channel in CHANNELS:  # a channel nobody has read is not read back
                await self.server.say(channel, "good morning")
            await self._cursors_are_stored()
            self._begin = time.monotonic()
            breaking, watching = asyncio.create_task(self._break_things()), asyncio.create_task(self._watch())
            for number in range(int(self.seconds * self.rate)):
                await asyncio.sleep(max(0.0, self._begin + number / self.rate - time.monotonic()))
                if breaking.done():
                    breaking.result()
                said = talk.next()
                made = await self.server.say(
                    CHANNELS[number % len(CHANNELS)], said.text, author=people[self._random.randrange(len(people))]
                )
                self.said[made["id"]] = said.kind
                if "guild_id" not in made:
                    self.private.add(made["id"])
            breaking.cancel()
            self._heal()
            await self._wait_for_what_is_owed()
            watching.cancel()
            await asyncio.gather(breaking, watching, return_exceptions=True)

    def verdict(self) -> list[str]:
        """Return which promises were broken."""
        replies = Counter(self._replies())
        known = {number for number, kind in self.said.items() if kind == "known"}
        broken = []
        if lost := self._owed():
            broken.append(f"{len(lost)} pastes were lost: {sorted(lost)[:5]}")
        if twice := [number for number, count in replies.items() if count > 1]:
            broken.append(f"{len(twice)} pastes were answered twice: {twice[:5]}")
        if missing := self._not_in_the_queue():
            broken.append(f"{len(missing)} unknown errors are not in the queue: {missing[:5]}")
        if others := replies.keys() - known:
            broken.append(f"{len(others)} replies to what was no known error: {sorted(others)[:5]}")
        early, late = self._memory_of_the_last_process()
        if early and late > early * MOST_GROWTH:
            broken.append(f"the memory grew from {early:.0f} to {late:.0f} MiB")
        return broken

    def report(self) -> str:
        kinds = Counter(self.said.values())
        early, late = self._memory_of_the_last_process()
        return (
            f"{len(self.said)} messages: {kinds['chat']} of chat, {kinds['known']} known errors, "
            f"{kinds['unknown']} unknown; {len(self.server.sent)} replies, "
            f"{self.server.channels.doubled} retries that Discord dropped by their nonce; "
            f"faults: {', '.join(f'{name} {count}' for name, count in sorted(self.faults.items()))}; "
            f"sessions {len(self.server.gateway.sessions)}, resumed {self.server.gateway.resumed}; "
            f"memory {early:.0f} → {late:.0f} MiB"
        )

    # The bot's process.

    @contextlib.asynccontextmanager
    async def _process(self) -> AsyncIterator[None]:
        await self._start()
        try:
            yield
        finally:
            await self._stop(signal.SIGTERM)

    async def _start(self) -> None:
        sessions = len(self.server.gateway.sessions)
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self.server.token,
            "DISCORD_API_URL": self.server.host,
            "AUTHBOT_DATABASE_URL": str(self.folder / "bot.sqlite3"),
            "AUTHBOT_PER_PERSON": "10000",
            "AUTHBOT_PER_CHANNEL": "10000",
            "AUTHBOT_PER_GUILD": "100000",
            "AUTHBOT_LOG_FORMAT": "json",
        }
        log = (self.folder / "log").open("ab")
        self._bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=self.folder, env=environment, stdout=log, stderr=log
        )
        log.close()
        await _until(lambda: len(self.server.gateway.sessions) > sessions, LONGEST_START)

    async def _stop(self, how: signal.Signals) -> None:
        if self._bot is not None and self._bot.returncode is None:
            self._bot.send_signal(how)
            await self._bot.wait()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            with contextlib.suppress(OSError, ValueError, IndexError):
                status = Path(f"/proc/{self._bot.pid if self._bot else 0}/status").read_text()  # noqa: ASYNC240 (the kernel answers at once)
                kilobytes = int(status.split("VmRSS:")[1].split()[0])
                self.memory.append((time.monotonic() - self._begin, kilobytes // 1024))

    def _memory_of_the_last_process(self) -> tuple[float, float]:
        third = [size for at, size in self.memory if 0.6 * self.seconds < at < 0.75 * self.seconds]
        last = [size for at, size in self.memory if 0.85 * self.seconds < at]
        return (statistics.median(third), statistics.median(last)) if third and last else (0.0, 0.0)

    # Faults.

    async def _break_things(self) -> None:
        always = [self._drop, self._forget, self._limit, self._fail, self._lose_receipts, self._slow, self._lock]
        restarts = [self._kill, self._restart]
        while True:
            left = [*always, *(restarts * 2 if self._elapsed() < 0.5 else [])]
            self._random.shuffle(left)
            for fault in left:
                if fault in restarts and self._elapsed() >= 0.5:
                    continue
                await asyncio.sleep(EACH_FAULT)
                self.faults[fault.__name__.strip("_")] += 1
                await fault()
                self._heal()

    def _elapsed(self) -> float:
        return (time.monotonic() - self._begin) / self.seconds

    def _heal(self) -> None:
        channels = self.server.channels
        channels.fault = channels.after_taking = lambda *_: None
        channels.slow = 0.0

    async def _drop(self) -> None:
        await self.server.gateway.drop()

    async def _forget(self) -> None:
        await self.server.gateway.forget()

    async def _limit(self) -> None:
        self.server.channels.fault = self._sometimes(0.5, 429, PATIENT)
        await asyncio.sleep(2)

    async def _fail(self) -> None:
        self.server.channels.fault = self._sometimes(0.5, self._random.choice((500, 502, 503)), {"message": "x"})
        await asyncio.sleep(2)

    async def _lose_receipts(self) -> None:
        self.server.channels.after_taking = self._sometimes(0.5, 502, {"message": "x"})
        await asyncio.sleep(2)

    async def _slow(self) -> None:
        self.server.channels.slow = 0.5
        await asyncio.sleep(2)

    async def _lock(self) -> None:
        other = sqlite3.connect(self.folder / "bot.sqlite3", isolation_level=None, timeout=1)
        with contextlib.closing(other), contextlib.suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(2)
            other.execute("COMMIT")

    async def _kill(self) -> None:
        await self._stop(signal.SIGKILL)
        await self._start()

    async def _restart(self) -> None:
        await self._stop(signal.SIGTERM)
        await self._start()

    def _sometimes(self, share: float, status: int, body: dict[str, object]) -> Fault:
        return lambda *_: (status, body) if self._random.random() < share else None

    # What came of it.

    def _replies(self) -> list[str]:
        return [str((sent.body.get("message_reference") or {}).get("message_id")) for sent in self.server.sent]

    def _owed(self) -> set[str]:
        known = {number for number, kind in self.said.items() if kind == "known"}
        unknown = {number for number, kind in self.said.items() if kind == "unknown"}
        reacted = {str(number) for number, _ in self.server.channels.reactions}
        return (known - set(self._replies())) | (unknown - reacted)

    def _not_in_the_queue(self) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.folder / "bot.sqlite3")) as db:
            kept = {str(number) for (number,) in db.execute("SELECT message_id FROM sightings")}
        unknown = {number for number, kind in self.said.items() if kind == "unknown"}
        return sorted((unknown - self.private) ^ kept)

    async def _cursors_are_stored(self) -> None:
        await _until(lambda: self._rows("cursors") >= len(CHANNELS), 30)

    async def _wait_for_what_is_owed(self) -> None:
        with contextlib.suppress(TimeoutError):
            await _until(lambda: not self._owed(), LONGEST_WAIT)
        await asyncio.sleep(3)  # for a second reply, if there is one to come

    def _rows(self, table: str) -> int:
        with contextlib.closing(sqlite3.connect(self.folder / "bot.sqlite3")) as db:
            try:
                return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own tables)
            except sqlite3.OperationalError:
                return 0


async def _until(holds: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--rate", type=float, default=20.0, help="messages a second")
    parser.add_argument("--keep", type=Path, help="folder for the bot's log and database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        soak = Soak(given.seconds, given.rate, given.keep or Path(made))
        asyncio.run(soak.run())
        print(soak.report())
        if broken := soak.verdict():
            print(*broken, sep="\n")
            sys.exit(1)


if __name__ == "__main__":
    main()
