"""The way in to the desk's pages and out again, asked over a real socket: nobody gets in who may not."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.curate.desk import Desk
from bot.web import sessions
from tests.curating import corpus, desk, index, knowledge, live
from tests.desk_pages import QUEUE, Served, served, store, web

__all__ = ["corpus", "desk", "index", "knowledge", "live", "store", "web"]  # fixtures

HTTPS = "https://review.example"


def asked_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def test_who_is_not_signed_in_sees_the_way_in_and_comes_back_to_the_page(web: Served) -> None:
    browser = web.browser()
    got = await browser.get(f"{QUEUE}/history")
    assert got.status == 401
    assert f"/sign-in?to={QUEUE}/history" in got.text
    got = await browser.get(f"/sign-in?to={QUEUE}/history")
    assert got.status == 200
    assert "What was decided" in got.text


async def test_the_code_flow_has_pkce_and_a_state_of_its_own_each_time(web: Served) -> None:
    browser = web.browser()
    seen = [asked_of((await browser.ask("GET", "/sign-in")).headers["Location"]) for _ in range(2)]
    for asked in seen:
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert set(asked["scope"].split()) == {"identify", "guilds", "guilds.members.read"}
        assert asked["redirect_uri"] == f"{web.place.origin}/signed-in"
    assert seen[0]["state"] != seen[1]["state"]
    assert seen[0]["code_challenge"] != seen[1]["code_challenge"]


async def test_a_state_is_of_one_browser(web: Served) -> None:
    """Somebody else's code, brought to a victim's browser, signs nobody in (RFC 6819 4.4.1.8)."""
    attacker, victim = web.browser(), web.browser()
    back = await attacker.over_there((await attacker.ask("GET", "/sign-in")).headers["Location"])
    path = back.removeprefix(web.place.origin)
    for browser in (victim, web.browser()):
        got = await browser.ask("GET", path)
        assert got.status == 400
        assert not any("session" in name for name in browser.cookies)
    await victim.ask("GET", "/sign-in")  # has a sign-in of its own under way
    assert (await victim.ask("GET", path)).status == 400


async def test_a_state_is_for_one_use(web: Served) -> None:
    browser = web.browser()
    back = await browser.over_there((await browser.ask("GET", "/sign-in")).headers["Location"])
    kept = dict(browser.cookies)
    path = back.removeprefix(web.place.origin)
    assert (await browser.ask("GET", path)).status == 303
    browser.cookies = kept
    assert (await browser.ask("GET", path)).status == 400


async def test_a_sign_in_lapses_after_ten_minutes(web: Served) -> None:
    browser = web.browser()
    back = await browser.over_there((await browser.ask("GET", "/sign-in")).headers["Location"])
    web.clock.now += sessions.SIGN_IN_LASTS + 1
    got = await browser.ask("GET", back.removeprefix(web.place.origin))
    assert got.status == 400
    assert "10 minutes" in got.text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"state": "of-nobody"}, 400, id="another state"),
        pytest.param({"state": ""}, 400, id="no state"),
        pytest.param({"state": "状态"}, 400, id="no ASCII"),
        pytest.param({"code": "made-up"}, 403, id="a code that Discord never gave"),
    ],
)
async def test_what_was_tampered_with_signs_nobody_in(web: Served, change: dict[str, str], status: int) -> None:
    browser = web.browser()
    back = await browser.over_there((await browser.ask("GET", "/sign-in")).headers["Location"])
    query = asked_of(back) | change
    got = await browser.ask("GET", "/signed-in?" + "&".join(f"{name}={value}" for name, value in query.items()))
    assert got.status == status
    assert not any("session" in name for name in browser.cookies)


async def test_who_refuses_over_at_discord_is_told_so(web: Served) -> None:
    web.discord.denies = True
    got = await web.browser().get("/sign-in")
    assert got.status == 403
    assert "did not sign you in" in got.text


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:a=b",
        "/\t/evil.example",
    ],
)
@pytest.mark.parametrize("way", ["/sign-in", "/language/zh"])
async def test_nobody_is_led_elsewhere(web: Served, way: str, to: str) -> None:
    browser = web.browser()
    got = await browser.ask("GET", f"{way}?to={to}")
    location = got.headers["Location"]
    if way == "/sign-in":
        got = await browser.ask("GET", (await browser.over_there(location)).removeprefix(web.place.origin))
        location = got.headers["Location"]
    assert location == "/"


async def test_the_session_cookie(desk: Desk) -> None:
    async with served(desk, url=HTTPS) as web:
        browser = web.browser()
        leaving = await browser.ask("GET", "/sign-in")
        back = await browser.over_there(leaving.headers["Location"])
        assert back.startswith(f"{HTTPS}/signed-in?")
        got = await browser.ask("GET", back.removeprefix(HTTPS))
        for cookie in (leaving.set_cookies[0], got.set_cookies[0]):
            parts = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert cookie.startswith("__Host-authbot-")
            assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
            assert not any(part.startswith("domain") for part in parts)
        assert "max-age=28800" in got.set_cookies[0].lower()
        number = browser.cookies["__Host-authbot-session"]
        assert len(number) >= 43  # 256 bits
        assert "max-age=31536000" in got.headers["Strict-Transport-Security"]


async def test_on_http_there_is_no_secure_cookie_and_it_works_all_the_same(web: Served) -> None:
    browser = await web.signed_in()
    assert set(browser.cookies) == {"authbot-session"}


async def test_the_id_is_new_with_each_sign_in_and_only_its_hash_is_kept(web: Served) -> None:
    """A planted id (session fixation) is never taken over."""
    browser = web.browser()
    browser.cookies["authbot-session"] = "planted"
    await browser.get("/sign-in")
    first = browser.cookies["authbot-session"]
    assert first != "planted"
    await browser.get("/sign-in")
    second = browser.cookies["authbot-session"]
    assert second != first
    browser.cookies["authbot-session"] = first
    assert (await browser.get(QUEUE)).status == 401
    kept = sessions.Sessions()
    number = kept.start(1, "Ann", "bearer-of-ann")
    assert kept.of(number) is not None
    assert number not in repr(vars(kept))
    assert "bearer-of-ann" not in repr(kept.of(number))


async def test_a_session_ends_after_eight_hours(web: Served) -> None:
    browser = await web.signed_in()
    web.clock.now += sessions.LASTS - 1
    assert (await browser.get(QUEUE)).status == 200
    web.clock.now += 2
    assert (await browser.get(QUEUE)).status == 401


async def test_signing_out_is_a_form_and_ends_it_on_both_sides(web: Served) -> None:
    browser = await web.signed_in()
    page = await browser.get(QUEUE)
    number = browser.cookies["authbot-session"]
    assert (await browser.ask("GET", "/sign-out")).status == 405
    assert (await browser.post("/sign-out", {"csrf": "guessed"})).status == 403
    assert (await browser.get(QUEUE)).status == 200
    await browser.post("/sign-out", page.form("/sign-out"))
    assert "authbot-session" not in browser.cookies
    assert len(web.discord.revoked) == 1
    browser.cookies["authbot-session"] = number
    assert (await browser.get(QUEUE)).status == 401
