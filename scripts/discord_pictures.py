"""Draws docs/discord/*.png: messages of every kind as Discord shows them, from real pastes and the real knowledge."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from discord_look import drawn, markdown, page, said

from bot.answer.compose import whole_entry
from bot.answer.revoke import leaks
from bot.curate.check import Effects
from bot.curate.failing import Failing
from bot.curate.opened import opened
from bot.discord.panel import Target, panel
from bot.discord.render import shown, whole_shown
from bot.discord.review_case import case_shown, warnings
from bot.discord.review_draft import Written
from bot.discord.review_shown import draft_shown
from bot.discord.shown import Shown
from bot.discord.slash_lookup import provider_shown
from bot.index_kept import index_of
from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.paste.models import Paste
from bot.service import Explained, Explainer
from bot.store.guilds import ChannelSettings, GuildSettings
from bot.store.models import Case, KeptSighting

FOLDER = Path(__file__).parents[1] / "docs" / "discord"
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"

PASTES = {
    "one-cause": (
        "ClientError: An error occurred (AccessDeniedException) when calling the CreateFunction operation: "
        "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: iam:PassRole on resource: "
        "arn:aws:iam::123456789012:role/orders because no identity-based policy allows the iam:PassRole action",
        "en",
    ),
    "two-causes": (
        "Error 400: redirect_uri_mismatch\n"
        "Request details: redirect_uri=http://localhost:3000/auth/callback accounts.google.com",
        "en",
    ),
    "three-causes": (
        "HTTP/1.1 401 Unauthorized\nx-pinterest-rid: 1337919202421304\n\n"
        '{"code":2,"message":"Authentication failed.","status":"failure"}',
        "en",
    ),
    "suggestion": ('{"errcode":40029,"errmsg":"invalid code"}', "en"),
    "unmatched": ('HTTP 401 {"code":"zz_unheard_of","detail":"credential 7731 rejected by zone"}', "en"),
    "secret": (
        f"$ git push https://x:{SECRET}@github.com/acme/app\nremote: Invalid username or token. Password "
        "authentication is not supported for Git operations.\n"
        "fatal: Authentication failed for 'https://github.com/acme/app/'",
        "en",
    ),
    "chinese": (
        '{"errcode":40029,"errmsg":"invalid code, rid: 65f2a1b3-0c5f2d1e-7a8b9c0d"}\n'
        "https://api.weixin.qq.com/sns/oauth2/access_token",
        "zh",
    ),
}


async def main() -> None:
    """Draw them all, or those that are named."""
    knowledge = load(shipped())
    explainer = Explainer(knowledge)
    FOLDER.mkdir(exist_ok=True)
    wanted = set(sys.argv[1:])
    pages: dict[str, str] = {}
    for name, (text, lang) in PASTES.items():
        explained = explainer.judge(Paste(text, lang=lang), "lookup")
        if explained.verdict.decision == "unmatched":
            explained = Explained(explained.verdict, explained.answer, explained.reading, "g1-0a1b2c3d4e5f")
        seen = bool(explained.reading and leaks(explained.reading.traits))
        reply = shown(explained, lang, answer_id=1, removable=seen)
        pages[name] = _asked(explained.reading.text if seen and explained.reading else text) + _answered(reply)
    found = knowledge.resolve("pinterest/unauthorized") or next(iter(knowledge.entries()))
    pages["more"] = _answered(whole_shown(whole_entry(*found, "en")), quiet="Only you can see this · Dismiss message")
    provider = next(each for each in knowledge.providers() if each.id == "pinterest")
    entries = [entry for owner, entry in knowledge.entries() if owner.id == provider.id]
    pages["provider"] = _answered(provider_shown(provider, entries, "en"), quiet="Only you can see this")
    settings = GuildSettings(
        mode="listen", per_person=3, roles=(1,), channels={2: ChannelSettings("mention", "pinterest")}
    )
    target = Target(1, 1, ((1, "server"), (2, "channel")))
    for lang, name in (("en", "settings"), ("zh", "settings-zh")):
        shown_panel = panel(target, settings, (), knowledge.providers(), lang)
        pages[name] = _answered(shown_panel, quiet="Only you can see this")
    for lang, name in (("en", "review"), ("zh", "review-zh")):
        pages[name] = _answered(_case(explainer, lang), quiet="Only you can see this · Dismiss message")
    pages["review-draft"] = _answered(_draft("en"), quiet="Only you can see this · Dismiss message")
    pages["plain"] = _plain(
        shown(explainer.judge(Paste(*PASTES["two-causes"][:1], lang="en"), "lookup"), "en", answer_id=1)
    )
    for name, body in pages.items():
        if not wanted or name in wanted:
            _shoot(name, page(body))


def _case(explainer: Explainer, lang: str) -> Shown:
    """A case of the queue as a maintainer opens it."""
    paste = 'HTTP 401 {"code":"ZONE_MISMATCH","detail":"credential of zone us-1 refused by zone eu-3"}'
    now = dt.datetime.now(dt.UTC)
    lines = (paste, paste.replace("eu-3", "ap-2"))
    seen = [KeptSighting((each,), "en", (), "lookup", now) for each in lines]
    case = Case(
        scope="guild:1",
        name="g2-0a1b2c3d4e5f",
        group="g2-0a1b2c3d4e5f",
        template=paste,
        provider=None,
        languages=("en", "zh"),
        status="open",
        entry=None,
        people=14,
        sightings=31,
        first_seen=now - dt.timedelta(days=9),
        last_seen=now,
        weight=0.0,
        revision=0,
        merged_into=None,
        split_of=None,
        needle=None,
        reasons={"unmatched": 29, "not_helped": 2},
        decided_at=None,
        decided_by=None,
    )
    trend = (0, 0, 0, 0, 0, 1, 0, 2, 1, 4, 3, 6, 8, 6)
    index = index_of(explainer.knowledge)
    failing = [Failing("pinterest/unauthorized", 9, 6, 6 / 9, 0.35, None)]
    above = warnings(case.scope, failing, (), lang)
    return case_shown(opened(case, seen, trend, (), index, None, ()), lang, above=above)


def _draft(lang: str) -> Shown:
    """An answer before it is confirmed."""
    fields = {
        "provider": "Frob Cloud",
        "wire": "credential of zone {zone} refused by zone {zone}\ncodes: ZONE_MISMATCH\nhttps://docs.frob.example/zones",
        "title": "The token is of another zone",
        "cause": "Frob Cloud's tokens hold in the zone only that issued them.",
        "steps": "Call the token endpoint of the zone that you call\nKeep one token for each zone",
    }
    written = Written("answer", fields, "g2-0a1b2c3d4e5f")
    effects = Effects(("g2-0a1b2c3d4e5f", "g2-77aa01bc23de"), own=True, touched=37)
    return draft_shown(written, "guild:1", lang, effects=effects, may_offer=True)


def _asked(text: str) -> str:
    return said("ana", "#3ba55d", f"<pre>{html.escape(text)}</pre>")


def _answered(reply: Shown, quiet: str = "") -> str:
    components = reply.sending()["view"].to_components()
    return said("authbot", "#5865f2", "".join(map(drawn, components)), app=True, quiet=quiet)


def _plain(reply: Shown) -> str:
    given = reply.sending(v2=False)
    rows = "".join(map(drawn, given["view"].to_components()))
    return _asked(PASTES["two-causes"][0]) + said("authbot", "#5865f2", markdown(given["content"]) + rows, app=True)


def _shoot(name: str, text: str) -> None:
    """Draw a page, as high as it is: its height is asked for first."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("discord-pictures: there is no Chromium; install one (apt install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", FOLDER / f"{name}.png"
        tell = "<script>document.title = document.documentElement.getBoundingClientRect().height</script>"
        source.write_text(text + tell, encoding="utf-8")
        always = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        always.append(f"--user-data-dir={folder}/profile")
        dumped = _run([*always, "--window-size=760,100", "--dump-dom", source.as_uri()])
        height = math.ceil(float(dumped.split("<title>")[1].split("<")[0]))
        _run([*always, f"--window-size=760,{height}", f"--screenshot={target}", source.as_uri()])
    print(target)


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=120, text=True).stdout


if __name__ == "__main__":
    asyncio.run(main())
