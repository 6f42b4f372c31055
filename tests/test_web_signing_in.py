"""The way in to the desk's pages and out again, asked over a real socket: nobody gets in who may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.curate.desk import Desk
from bot.store.store import Store
from bot.web import rights, sessions
from tests.curating import (
    ANN,
    BADGE,
    GUILD,
    ONE,
    OWNER,
    TWO,
    Pastes,
    corpus,
    desk,
    explainer,
    index,
    knowledge,
    live,
    paste,
)
from tests.desk_pages import Browser, Served, served, store
from tests.discord_server.oauth import MANAGE_SERVER, Account

__all__ = ["corpus", "desk", "explainer", "index", "knowledge", "live", "paste", "store"]  # fixtures

ROLE, OTHER_ROLE = 70, 71
QUEUE = f"/q/{ONE}"
HTTPS = "https://review.example"


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[Served]:
    async with served(desk, owners=frozenset({OWNER})) as found:
        found.discord.person = Account(ANN, "Ann", {ONE: ("Builders", MANAGE_SERVER, ())})
        yield found


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


@pytest.mark.parametrize(
    ("permissions", "roles", "review_roles", "may"),
    [
        pytest.param(MANAGE_SERVER, (), (), True, id="Manage Server"),
        pytest.param(1 << 3, (), (), True, id="Administrator"),
        pytest.param(0, (), (), False, id="a member"),
        pytest.param(1 << 4 | 1 << 13, (OTHER_ROLE,), (), False, id="other permissions, a role, none set"),
        pytest.param(0, (ROLE,), (ROLE,), True, id="a review role"),
        pytest.param(0, (OTHER_ROLE,), (ROLE,), False, id="another role"),
        pytest.param(MANAGE_SERVER, (), (ROLE,), True, id="Manage Server beside a role"),
    ],
)
async def test_who_reviews_a_server(
    web: Served, store: Store, permissions: int, roles: tuple[int, ...], review_roles: tuple[int, ...], may: bool
) -> None:
    await store.guilds.change(ONE, review_roles=review_roles)
    web.discord.person = Account(ANN, "Ann", {ONE: ("Builders", permissions, roles)})
    browser = await web.signed_in()
    for path in ("", "/history", "/entries", "/charts"):
        assert (await browser.get(QUEUE + path)).status == (200 if may else 404)
    assert (await browser.get("/q/shared")).status == 404


async def test_a_server_the_bot_is_not_in_has_no_queue(web: Served, store: Store) -> None:
    unknown = 3_003
    web.discord.person = Account(
        ANN, "Ann", {ONE: ("Builders", MANAGE_SERVER, ()), unknown: ("Else", MANAGE_SERVER, ())}
    )
    await store.guilds.left(ONE, dt.datetime.now(dt.UTC))
    browser = await web.signed_in()
    assert (await browser.get(QUEUE)).status == 404
    assert (await browser.get(f"/q/{unknown}")).status == 404


async def test_a_lost_role_ends_it_within_five_minutes(web: Served, store: Store) -> None:
    await store.guilds.change(ONE, review_roles=(ROLE,))
    web.discord.person = Account(ANN, "Ann", {ONE: ("Builders", 0, (ROLE,))})
    browser = await web.signed_in()
    asked = len(web.discord.asked)
    web.discord.person.guilds[ONE] = ("Builders", 0, ())
    assert (await browser.get(QUEUE)).status == 200
    assert len(web.discord.asked) == asked  # not with every page
    web.clock.now += rights.KNOWN
    assert (await browser.get(QUEUE)).status == 404


async def test_a_token_that_discord_takes_no_more_ends_the_session(web: Served) -> None:
    browser = await web.signed_in()
    web.discord.tokens.clear()
    web.clock.now += rights.KNOWN
    assert (await browser.get(QUEUE)).status == 401


async def test_while_discord_is_away_nobody_is_let_in_on_trust(web: Served) -> None:
    browser = await web.signed_in()
    web.discord.away = True
    web.clock.now += rights.KNOWN
    got = await browser.get(QUEUE)
    assert got.status == 503
    assert "Try again" in got.text
    web.discord.away = False
    assert (await browser.get(QUEUE)).status == 200


@pytest.mark.parametrize(
    ("number", "may"),
    [
        pytest.param(OWNER, True, id="named by the operator"),
        pytest.param(500, True, id="the application's owner"),
        pytest.param(ANN, False, id="a maintainer of a server"),
    ],
)
async def test_who_reviews_the_shared_base(web: Served, number: int, may: bool) -> None:
    web.discord.owner = 500
    web.discord.person = Account(number, "Somebody", {ONE: ("Builders", MANAGE_SERVER, ())})
    browser = await web.signed_in()
    for path in ("", "/history", "/offers"):
        assert (await browser.get(f"/q/shared{path}")).status == (200 if may else 404)


async def test_the_queue_of_another_server_is_not_there(web: Served, paste: Pastes) -> None:
    theirs = await paste.case(BADGE.format(3, 4), TWO)
    browser = await web.signed_in()
    for path in (f"/q/{TWO}", f"/q/{TWO}/case/{theirs}", f"{QUEUE}/case/{theirs}", "/q/999", "/q/guild:1001", "/q/x"):
        got = await browser.get(path)
        assert got.status == 404, path
        assert "badge" not in got.text


async def opened(browser: Browser, name: str) -> dict[str, str]:
    return (await browser.get(f"{QUEUE}/case/{name}?do=dismiss")).form("/case/")


async def test_forms_of_nobody_and_of_others_decide_nothing(web: Served, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    path = f"{QUEUE}/case/{name}"
    browser = await web.signed_in()
    form = await opened(browser, name) | {"step": "confirm"}
    other = await web.signed_in()
    theirs = (await opened(other, name))["csrf"]
    assert theirs != form["csrf"]
    for csrf in ("", "guessed", "猜", theirs, form["csrf"][:-1]):
        assert (await browser.post(path, form | {"csrf": csrf})).status == 403
    without = {key: value for key, value in form.items() if key != "csrf"}
    assert (await browser.post(path, without)).status == 403
    assert (await web.browser().post(path, form)).status == 401
    for origin in ("", "null", "https://evil.example", web.place.origin + ".evil.example", "http://127.0.0.1"):
        assert (await browser.post(path, form, origin)).status == 403
    assert await desk.history(GUILD) == []
    assert (await browser.post(path, form)).status == 200
    assert len(await desk.history(GUILD)) == 1


async def test_an_undo_needs_the_form_too(web: Served, desk: Desk, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    browser = await web.signed_in()
    await browser.post(f"{QUEUE}/case/{name}", await opened(browser, name) | {"step": "confirm"})
    assert (await browser.ask("GET", f"{QUEUE}/undo?decision=1")).status == 405
    assert (await browser.post(f"{QUEUE}/undo", {"decision": "1", "csrf": "guessed"})).status == 403
    assert [each.kind for each in await desk.history(GUILD)] == ["dismiss"]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "", "127.0.0.1:{port}.evil.example"]
)
async def test_another_host_is_refused(web: Served, host: str) -> None:
    """DNS rebinding: a name of somebody else's that leads to this machine."""
    browser = await web.signed_in()
    got = await browser.ask("GET", QUEUE, {"Host": host.format(port=web.place.port)})
    assert got.status == 400
    assert "Builders" not in got.text


async def test_every_answer_has_the_security_headers(web: Served) -> None:
    browser = await web.signed_in()
    for path, headers in ((QUEUE, {}), ("/nothing", {}), ("/static/review.css", {}), (QUEUE, {"Host": "evil.example"})):
        got = await browser.ask("GET", path, headers)
        policy = {part.strip() for part in got.headers["Content-Security-Policy"].split(";")}
        assert policy >= {
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        }
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Referrer-Policy"] == "same-origin"
        assert "server" not in {name.lower() for name in got.headers}
        if not path.startswith("/static"):
            assert got.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(web: Served, method: str) -> None:
    browser = await web.signed_in()
    assert (await browser.ask(method, QUEUE)).status == 405


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"csrf=" + b"a" * 70_000, id="long"),
        pytest.param(b"&".join(b"f%d=1" % number for number in range(5_000)), id="many fields"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
async def test_a_form_that_is_none_of_ours_is_refused(web: Served, body: bytes) -> None:
    browser = await web.signed_in()
    headers = {"Origin": web.place.origin, "Content-Type": "application/x-www-form-urlencoded"}
    got = await browser.ask("POST", f"{QUEUE}/undo", headers, data=body)
    assert got.status == 413


async def test_there_is_no_script_and_no_style_in_a_page(web: Served, paste: Pastes) -> None:
    name = await paste.case(BADGE.format(3, 4))
    browser = await web.signed_in()
    for path in ("", f"/case/{name}", "/history", "/entries", "/charts"):
        text = (await browser.get(QUEUE + path)).text
        assert "<script" not in text
        assert " style=" not in text
        assert "<style" not in text
