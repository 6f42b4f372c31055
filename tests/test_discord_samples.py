"""The labelled pastes beside the checkout, through a real connection: the same verdicts as the core's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.discord.cooldowns import Limits
from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.paste.models import Paste
from bot.service import Explainer
from bot.store.store import Store
from tests.discord_server import DiscordServer
from tests.discord_server.harness import bot_on
from tests.discord_server.payloads import BOT_ID, GENERAL, Payload, new_id, user

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
LONGEST_MESSAGE = 2000  # characters; Discord's limit
KNOWN = '{"error":"invalid_grant","error_description":"AADSTS50011: The redirect URI does not match"}'
AT_WILL = Limits(person=10_000, channel=10_000, guild=100_000)


def somebody() -> Payload:
    """Another person each time: the same error of the same one is not answered twice."""
    return user(new_id(), "somebody")


@pytest.mark.slow
async def test_the_samples_get_the_same_verdicts_through_discord(tmp_path: Path) -> None:
    cases = [json.loads(line) for path in sorted(SAMPLES.glob("*.jsonl")) for line in path.read_text().splitlines()]
    assert cases, f"{SAMPLES} is not there; put the shared folder beside the checkout"
    texts = [case["text"] for case in cases if len(case["text"]) <= LONGEST_MESSAGE - 30]
    store = await Store.open(str(tmp_path / "store.sqlite3"))
    explainer = Explainer(load(shipped()), store)
    try:
        async with DiscordServer() as server, bot_on(server, explainer, AT_WILL):
            expected = {}
            for text in texts:
                message = await server.say(GENERAL, text, author=somebody())
                judged = explainer.judge(Paste(text), "listen")
                if judged.verdict.decision == "answer":
                    expected[str(message["id"])] = judged
                    reply = await server.reply_to(message)
                    assert judged.answer is not None
                    assert judged.answer.title in reply.text
            last = await server.say(GENERAL, KNOWN)
            await server.reply_to(last)
            answered = {str(sent.body["message_reference"]["message_id"]) for sent in server.sent}
            assert answered == {*expected, str(last["id"])}
            for text in texts:
                asked = await server.say(GENERAL, f"<@{BOT_ID}> {text}", author=somebody())
                judged = explainer.judge(Paste(text), "lookup")
                reply = await server.reply_to(asked)
                if judged.answer is not None:
                    assert judged.answer.title in reply.text, text
    finally:
        await store.close()
