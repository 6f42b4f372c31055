"""The desk's pages guarded: no form, host or method but their own is taken, and every answer says what may run."""

from __future__ import annotations

import pytest

from bot.curate.desk import Desk
from tests.curating import BADGE, GUILD, Pastes, corpus, desk, explainer, index, knowledge, live, paste
from tests.desk_pages import QUEUE, Browser, Served, store, web

__all__ = ["corpus", "desk", "explainer", "index", "knowledge", "live", "paste", "store", "web"]  # fixtures


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
