"""Who may see which queue of the desk's pages: what Discord says of a person, asked anew, and nothing on trust."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.store.store import Store
from bot.web import rights
from tests.curating import ANN, BADGE, ONE, OWNER, TWO, Pastes, corpus, desk, explainer, index, knowledge, live, paste
from tests.desk_pages import QUEUE, Served, store, web
from tests.discord_server.oauth import MANAGE_SERVER, Account

__all__ = ["corpus", "desk", "explainer", "index", "knowledge", "live", "paste", "store", "web"]  # fixtures

ROLE, OTHER_ROLE = 70, 71


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
