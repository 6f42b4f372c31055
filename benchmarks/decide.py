"""How long a decision takes: a 2 KiB paste at 1,000 and 10,000 entries, ordinary chat at the gate, and naive matching.

Run: python benchmarks/decide.py [--entries 1000 10000] [--rounds 400]
The entries beyond the shipped ones are synthetic, with the words and lengths of the shipped ones.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable

from rapidfuzz import fuzz, process

from bot.knowledge.folders import shipped
from bot.knowledge.load import Knowledge, load
from bot.knowledge.models import Entry, KnowledgeFile
from bot.memory import settle
from bot.paste.models import Paste
from bot.service import Explainer

PASTE_BYTES = 2048
PASSES = 5
CHAT = (
    "anyone up for lunch at twelve? the new ramen place opened",
    "lol that meme is gold",
    "I pushed the branch, please have a look when you find the time",
    "下午三点开会，别忘了带上周的数据",
    "does the Friday demo still happen or is it moved?",
    "the token ring network was a thing once, my dad signed for the cables",
    "gg wp",
    "thanks, that fixed it!",
    "can somebody review my pull request, it only touches the readme",
    "周末去爬山吗，天气不错",
)
NOISE = (
    '  File "/srv/app/handlers/order.py", line {n}, in handle\n    result = self.client.call(request_{n})',
    "2026-03-11 08:{m:02}:{m:02},{n} INFO [worker-{m}] processed batch {n} in {m} ms",
    "    at Object.<anonymous> (/usr/src/app/node_modules/express/lib/router/layer.js:{n}:{m})",
    "DEBUG retrying request {n} to https://api.internal.example/v2/items/{n}?page={m}",
)


def grown(base: Knowledge, size: int, rng: random.Random) -> Knowledge:
    """Return knowledge of `size` entries: of the shipped ones as many, or more with words drawn from their messages."""
    files = []
    room = size
    for file in base.files:
        kept = file.entries[:room]
        room -= len(kept)
        if kept:
            files.append(KnowledgeFile.model_construct(provider=file.provider, entries=kept))
    have = sum(len(file.entries) for file in files)
    words = [word for _, entry in base.entries() for message in entry.messages for word in message.split()]
    template = files[0]
    number = 0
    while have < size:
        count = min(25, size - have)
        entries = tuple(synthetic(template.entries[0], words, rng, number + at) for at in range(count))
        provider = template.provider.model_copy(
            update={
                "id": f"made-{number}",
                "aliases": (f"Maker{number}",),
                "hosts": (f"api{number}.example",),
                "shapes": (),
                "libraries": (),
                "standard": False,
            }
        )
        files.append(KnowledgeFile.model_construct(provider=provider, entries=entries))
        have += count
        number += count
    return Knowledge(tuple(files))


def synthetic(entry: Entry, words: list[str], rng: random.Random, number: int) -> Entry:
    message = " ".join(rng.choices(words, k=rng.randint(5, 14)))
    return entry.model_copy(update={"id": f"made-{number}", "messages": (message,), "codes": (f"MADE_{number}",)})


def pastes(base: Knowledge, rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Return (entry id, paste) pairs of PASTE_BYTES: an entry's example in the middle of log noise."""
    examples = [(f"{p.id}/{e.id}", example) for p, e in base.entries() for example in e.examples]
    made = []
    for name, example in rng.choices(examples, k=count):
        before: list[str] = []
        size = len(example.encode())
        while size < PASTE_BYTES:
            line = rng.choice(NOISE).format(n=rng.randint(10, 9999), m=rng.randint(10, 59))
            size += len(line) + 1
            before.append(line)
        cut = rng.randint(0, len(before))
        text = "\n".join([*before[:cut], example, *before[cut:]])
        made.append((name, text.encode()[: max(PASTE_BYTES, len(example.encode()))].decode(errors="ignore")))
    return made


def timed(work: Callable[[str], object], texts: list[str], passes: int = 1) -> list[float]:
    """Return milliseconds for each text: the fastest of so many passes over all of them.

    One pass is what a person waits on this machine now; more tell the program's time from the machine's other work.
    """
    for text in texts[:20]:
        work(text)
    fastest = [float("inf")] * len(texts)
    for _ in range(passes):
        for number, text in enumerate(texts):
            start = time.perf_counter()
            work(text)
            fastest[number] = min(fastest[number], (time.perf_counter() - start) * 1000)
    return fastest


def row(name: str, times: list[float], more: str = "") -> None:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:44} median {statistics.median(ordered):8.3f} ms   p99 {p99:8.3f} ms   {more}")


def naive(base: Knowledge) -> Callable[[str], str]:
    owners = [f"{p.id}/{e.id}" for p, e in base.entries() for _ in e.messages]
    messages = [message for _, e in base.entries() for message in e.messages]

    def best(text: str) -> str:
        found = process.extractOne(text, messages, scorer=fuzz.WRatio)
        return owners[found[2]] if found else ""

    return best


def asked(explainer: Explainer) -> Callable[[str], object]:
    return lambda text: explainer.judge(Paste(text), "lookup")


def overheard(explainer: Explainer) -> Callable[[str], object]:
    return lambda text: explainer.judge(Paste(text), "listen")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=400)
    args = parser.parse_args()
    base = load(shipped())
    for size in args.entries:
        rng = random.Random(20260311)
        knowledge = grown(base, size, rng)
        cases = pastes(Knowledge(knowledge.files[: len(base.files)]), rng, args.rounds)
        start = time.perf_counter()
        explainer = Explainer(knowledge)
        explainer.index()
        built = time.perf_counter() - start
        explainer.rehearse()  # as the bot does once it is ready
        settle()
        entries = sum(1 for _ in knowledge.entries())
        texts = [text for _, text in cases]
        times, best_times = timed(asked(explainer), texts), timed(asked(explainer), texts, PASSES)
        hits = 0
        for name, text in cases:
            best = explainer.judge(Paste(text), "lookup").verdict.best
            hits += best is not None and best.entry_id == name
        row(f"2 KiB paste, {entries} entries", times, f"right {hits / len(cases):.1%}   index built in {built:.2f} s")
        row(f"  fastest of {PASSES} passes", best_times)
        if size == min(args.entries):
            guess = naive(knowledge)
            few = cases[: max(40, args.rounds // 10)]
            slow = timed(guess, [text for _, text in few])
            right = sum(guess(text) == name for name, text in few)
            row(f"naive extractOne, {entries} entries", slow, f"right {right / len(few):.1%}")
            chat = timed(overheard(explainer), list(CHAT) * 100)
            row("ordinary chat waved through", chat)


if __name__ == "__main__":
    main()
