"""The queue at a size: sightings recorded a second in batches, and how long a maintainer waits for the next case.

Run: python benchmarks/at_size.py [--sightings 1000000] [--groups 100000] [--guilds 20] [--measured 20000]
The database, a new one in a temporary folder unless --database names one, is filled in batches of 500; the last
--measured sightings are timed, on the full size. Says where a promise is missed on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.curate.desk import Desk
from bot.curate.live import Live
from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.store.models import Fingerprint, Place, Sighting
from bot.store.scopes import of_guild
from bot.store.store import Store

BATCH = 500
RATE, OPENS = 2_000.0, 0.050  # sightings a second; seconds
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SHARES = (1, 2, 3)  # guilds that share with the owner of the shared base
WORDS = (
    "token invalid expired grant client secret unauthorized request denied signature mismatch scope missing realm "
    "issuer audience header 令牌 无效 过期 权限 不足"
).split()


def sighting(number: int, groups: int, guilds: int, rng: random.Random) -> Sighting:
    """Return one sighting; few groups are seen often and many once, as in life."""
    group = int(rng.random() ** 2 * groups)
    words = random.Random(group)
    line = f"{' '.join(words.choice(WORDS) for _ in range(12))} problem{group}"
    mark = Fingerprint(hashlib.sha256(str(group).encode()).hexdigest()[:32], 2, f"{line} {{id}}")
    place = Place(rng.randrange(guilds) + 1, 22, 90_000_000 + number, rng.randrange(50_000))
    candidates = (("okta/invalid-client", 0.41), ("jwt/token-expired", 0.2))
    lines = (f"{line} id={number}", "HTTP/1.1 401 Unauthorized")
    seen_at = BEGIN + dt.timedelta(seconds=10 * number)
    return Sighting(mark, lines, "zh" if group % 3 == 0 else "en", candidates, "listen", seen_at, place)


async def filled(store: Store, made: list[Sighting]) -> float:
    """Record sightings in batches; return the seconds it took."""
    begun = time.perf_counter()
    for at in range(0, len(made), BATCH):
        await store.record_many(made[at : at + BATCH])
    return time.perf_counter() - begun


async def seconds(work: Callable[[], Awaitable[object]], times: int = 15) -> list[float]:
    """Return how long each run of `work` took, in order."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        taken.append(time.perf_counter() - begun)
    return taken


async def run(args: argparse.Namespace, database: str) -> list[str]:
    rng = random.Random(1)
    store = await Store.open(database)
    for guild in SHARES:
        await store.guilds.change(guild, shares=True)
    done = 0
    while done < args.sightings - args.measured:
        count = min(10_000, args.sightings - args.measured - done)
        await filled(store, [sighting(done + n, args.groups, args.guilds, rng) for n in range(count)])
        done += count
    last = [sighting(done + n, args.groups, args.guilds, rng) for n in range(args.measured)]
    rate = len(last) / await filled(store, last)
    desk = Desk(store, await Live.opened(load(shipped()), store))
    scope = of_guild(1)

    async def review() -> None:
        [case, *_] = await desk.queue(scope, limit=2)
        await desk.open(scope, case.name)

    cold, *warm = await seconds(review)
    slowest, opens = max(warm), statistics.median(warm)
    found = statistics.median(await seconds(lambda: desk.queue(scope, search="signature problem7")))
    print(f"{args.sightings:,} sightings of {args.groups:,} problems")
    print(f"recorded in batches of {BATCH}: {rate:,.0f} a second")
    print(f"/review opens in {opens * 1000:.1f} ms (slowest {slowest * 1000:.1f}, the very first {cold * 1000:.1f})")
    print(f"a search takes {found * 1000:.1f} ms")
    await store.close()
    faults = [f"recording: {rate:,.0f}/s, wanted {RATE:,.0f}"] if rate < RATE else []
    return faults + ([f"/review: {opens * 1000:.1f} ms, wanted {OPENS * 1000:.0f}"] if opens > OPENS else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sightings", type=int, default=1_000_000)
    parser.add_argument("--groups", type=int, default=100_000)
    parser.add_argument("--guilds", type=int, default=20)
    parser.add_argument("--measured", type=int, default=20_000)
    parser.add_argument("--database")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        missed = asyncio.run(run(args, args.database or str(Path(folder) / "queue.sqlite3")))
    for miss in missed:
        print(f"missed: {miss}")


if __name__ == "__main__":
    main()
