"""How long a reply takes on Discord: from a message's event to the request with its answer, at a steady rate.

Run: python benchmarks/on_discord.py [--seconds 30] [--rate 100] [--errors 0.1]
The bot runs as a process of its own, held to one core where the system can, with the shipped knowledge and a new
database; the server it talks to is the tests' own. It also prints the time from start to READY, that to the first
answer (asked for at READY), and the memory at the end. Ends with status 1 only where a paste was not answered.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.service import Explainer
from tests.discord_server import DiscordServer, schema
from tests.discord_server.load import Talk
from tests.discord_server.payloads import GENERAL, THREAD, VOICE, new_id, user

P50, P99 = 0.010, 0.050  # seconds
FIRST = 'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer error="invalid_token"'
SETTLE = 3.0  # seconds before it counts: imports, the first reading of settings


async def measured(rate: float, seconds: float, errors: float) -> list[float]:
    """Return the seconds each answer took."""
    talk = Talk(Explainer(load(shipped())), known=errors, unknown=0.0)
    schema.faults = lambda *_: []  # the server is not what is measured
    people = [user(new_id(), f"person {number}") for number in range(2_000)]
    asked: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordServer() as server:
            start = time.monotonic()
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=folder, env=environment(server, folder), preexec_fn=on_one_core
            )
            try:
                await asyncio.wait_for(server.ready(), 60)
                print(f"from start to READY: {time.monotonic() - start:.2f} s")
                first = await server.say(GENERAL, FIRST, author=people[0])
                await server.reply_to(first)
                print(f"from start to the first answer: {time.monotonic() - start:.2f} s")
                await asyncio.sleep(SETTLE)
                begin = time.monotonic()
                for number in range(int(rate * (seconds + SETTLE))):
                    await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
                    said = talk.next()
                    where = (GENERAL, THREAD, VOICE)[number % 3]
                    moment = time.monotonic()
                    made = await server.say(where, said.text, author=people[number % len(people)])
                    if said.kind == "known" and moment - begin > SETTLE:
                        asked[made["id"]] = moment
                await asyncio.sleep(2)
                print(f"resident memory: {resident(bot.pid)} MB")
            finally:
                bot.terminate()
                await bot.wait()
            answered = {str(sent.body["message_reference"]["message_id"]): sent.at for sent in server.sent}
    if missing := asked.keys() - answered.keys():
        print(f"{len(missing)} of {len(asked)} were not answered")
        sys.exit(1)
    return [answered[number] - moment for number, moment in asked.items()]


def resident(process: int) -> str:
    """Return the megabytes a process has in memory, "?" where the system doesn't tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return "?"
    return str(int(status.partition("VmRSS:")[2].split()[0]) // 1024)


def environment(server: DiscordServer, folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": server.token,
        "DISCORD_API_URL": server.host,
        "AUTHBOT_DATABASE_URL": str(Path(folder) / "bot.sqlite3"),
        "AUTHBOT_PER_PERSON": "10000",
        "AUTHBOT_PER_CHANNEL": "10000",
        "AUTHBOT_PER_GUILD": "100000",
        "AUTHBOT_LOG_LEVEL": "warning",
    }


def on_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--errors", type=float, default=0.1)
    given = parser.parse_args()
    took = sorted(asyncio.run(measured(given.rate, given.seconds, given.errors)))
    p50, p99 = statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.99))]
    print(
        f"message in → reply sent at {given.rate:.0f} messages/s, {given.errors:.0%} errors: "
        f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, most {took[-1] * 1000:.1f} ms ({len(took)} answers)"
    )
    if p50 >= P50 or p99 >= P99:
        print(f"missed: the aim is below {P50 * 1000:.0f} ms and {P99 * 1000:.0f} ms")


if __name__ == "__main__":
    main()
