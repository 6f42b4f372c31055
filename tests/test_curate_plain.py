"""What maintainers write: limits, and text that pings nobody and hides no address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curate.models import AddEntry, Refused, as_row, content_of
from bot.curate.plain import plain
from bot.curate.scrub import scrubbed

ENTRY: dict[str, object] = {
    "kind": "add_entry",
    "provider": "acme",
    "title": {"en": "The badge is unknown"},
    "cause": {"en": "The gate has not heard of the badge yet."},
    "steps": {"en": ["Register the badge."]},
    "message": "badge {id} is unknown",
}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("ask @everyone", "ask everyone", id="everyone"),
        pytest.param("ask @@hereeveryone and @here", "ask hereeveryone and here", id="one mention in another"),
        pytest.param("ask <@123456789>, <@!1>, <@&22>", "ask , ,", id="people and roles"),
        pytest.param("<@<@1>2>", "", id="a mention that is left when one is out"),
        pytest.param("see <#99>", "see", id="channel"),
        pytest.param("run </review:123>", "run /review", id="command"),
        pytest.param("<:ok:123> good", ":ok: good", id="emoji"),
        pytest.param("[our docs](https://evil.example/x)", "our docs (https://evil.example/x)", id="masked link"),
        pytest.param("[docs](<https://evil.example>)", "docs (https://evil.example)", id="masked link in brackets"),
        pytest.param(
            '[docs](https://evil.example "title")', "docs (https://evil.example)", id="masked link with title"
        ),
        pytest.param("[[a]](https://evil.example)", "[[a]] (https://evil.example)", id="brackets in brackets"),
        pytest.param("two\nlines\tand\u200b\u202emore", "two lines andmore", id="controls"),
        pytest.param("Send scope=`openid` (and `email`).", "Send scope=`openid` (and `email`).", id="plain stays"),
        pytest.param("mail bob@example.org, not [x] (y)", "mail bob@example.org, not [x] (y)", id="no link stays"),
        pytest.param("令牌已过期，请重新授权。", "令牌已过期，请重新授权。", id="Chinese stays"),
    ],
)
def test_text_pings_nobody_and_hides_no_address(written: str, shown: str) -> None:
    assert plain(written) == shown


@given(st.text("<@!&#123>evryonh[]()/: \nab", max_size=60))
def test_whatever_is_written(text: str) -> None:
    shown = plain(text)
    assert "@everyone" not in shown
    assert "@here" not in shown
    assert "](" not in shown
    assert "\n" not in shown
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"title": {"en": "x" * 121}}, "title", id="long title"),
        pytest.param({"cause": {"en": "x" * 601}}, "cause", id="long cause"),
        pytest.param({"steps": {"en": ["x" * 301]}}, "steps", id="long step"),
        pytest.param({"steps": {"en": ["x"] * 9}}, "steps", id="nine steps"),
        pytest.param({"steps": {"en": []}}, "steps", id="no step"),
        pytest.param({"sources": ["https://a.example"] * 6}, "sources", id="six sources"),
        pytest.param({"sources": ["http://a.example"]}, "sources", id="source is not https"),
        pytest.param({"sources": ["javascript:alert(1)"]}, "sources", id="source is no address"),
        pytest.param({"title": {"en": "T", "fr": "T"}}, "title", id="another language"),
        pytest.param({"title": {"en": "T", "zh": "标题"}}, "languages", id="a title without its cause"),
        pytest.param({"message": "badge {Id}"}, "message", id="no placeholder"),
        pytest.param({"message": None}, "message or a code", id="neither message nor code"),
        pytest.param({"provider": "../acme"}, "provider", id="a path for an id"),
        pytest.param({"provider": "Acme"}, "provider", id="a name for an id"),
        pytest.param({"more": 1}, "more", id="a field that there is not"),
        pytest.param({"title": {"en": "<@1>"}}, "title", id="nothing left of the title"),
    ],
)
def test_what_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused, match=field):
        content_of({**ENTRY, **changes})


def test_the_chinese_text_is_chinese() -> None:
    english = {"title": {"zh": "T"}, "cause": {"zh": "c"}, "steps": {"zh": ["s"]}}
    with pytest.raises(Refused, match="no Chinese"):
        content_of({**ENTRY, **english})
    chinese = {"title": {"zh": "T"}, "cause": {"zh": "徽章未登记"}, "steps": {"zh": ["s"]}}
    assert isinstance(content_of({**ENTRY, **chinese}), AddEntry)


def test_a_row_reads_as_what_was_written() -> None:
    content = content_of({**ENTRY, "codes": ["E1"], "sources": ["https://docs.acme.example/x"]})
    assert content_of({"kind": content.kind, **as_row(content)}) == content


def test_credentials_are_kept_out_of_the_log() -> None:
    token = "ghp_" + "a1B2" * 9
    content = content_of(
        {
            **ENTRY,
            "cause": {"en": f"The token {token} is old."},
            "message": f"badge {{id}} of bob@corp-mail.com from 8.8.8.8 with {token} {{{{x}}}}",
        }
    )
    written = str(as_row(scrubbed(content)))
    assert token not in written
    assert "bob@" not in written
    assert "8.8.8.8" not in written
    assert "badge {id} of [email] from [ip]" in written
    assert "{{x}}" in written


def test_an_ordinary_template_stays_as_it_is() -> None:
    message = "Invalid access token: {value}, user {name} of {host} has no password=..."
    content = content_of({**ENTRY, "message": message})
    assert as_row(scrubbed(content)) == as_row(content)
