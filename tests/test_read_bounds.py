"""Reading never raises, and no text is too much for it; what it decodes holds no secret that its scrubber knows."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.paste.models import Redaction
from bot.paste.read import read
from tests.mangle import MANGLES
from tests.reading import reading

MEBIBYTE = 1 << 20
PIECES = st.sampled_from(
    [
        *(
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            '"',
            "'",
            "`",
            ":",
            "=",
            "=>",
            ",",
            "\\",
            '\\"',
            "\\n",
            "\\u4ee4",
            "\\ud800",
            "\\x",
            "&quot;",
            "&#",
            "%41",
            "%",
        ),
        *(
            "error",
            "code",
            "message",
            "status",
            "401",
            " 401 ",
            "Error: ",
            "Exception",
            "http://",
            "?error=",
            "#",
            "&",
            "\n",
            "> ",
            "```",
            "│",
            "| ",
        ),
        *(
            "Authorization: ",
            "WWW-Authenticate: Bearer ",
            'realm="',
            "map[",
            "<Error>",
            "<!",
            "</",
            "at ",
            "Caused by: ",
            "ERROR ",
            "SQLSTATE[",
            "错误",
            "，",
        ),
        *(
            "2024-05-01 10:00:00 ",
            "rpc error: code = ",
            "_",
            "A",
            "ORA-",
            "$ git push",
            "import ",
            "user '",
            "'@'",
            "--->",
            "…",
            "\ufdfa",
            "\u0301",
            "\u200b",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_no_text_raises(text: str) -> None:
    found = read(Redaction(text), scrub=lambda decoded: decoded)
    assert found.text == text
    assert all(fact.value or fact.kind == "scheme" for fact in found.facts)
    assert len(found.error_lines) <= 40
    assert sum(map(len, found.error_lines)) <= 4000


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=30,
    )
)
def test_whatever_stands_beside_it_a_code_in_json_is_read(beside: object) -> None:
    body = {"beside": beside, "error": "invalid_grant", "error_description": "The code was redeemed already."}
    assert "invalid_grant" in reading(json.dumps(body)).values("code")


@pytest.mark.parametrize("cut", range(12, 80, 3))
def test_json_cut_off_anywhere_keeps_what_was_whole(cut: int) -> None:
    body = '{"code":"bad_key","inner":{"message":"Not one of ours","list":[{"a":"b"},"c"]},"status":401}'
    assert ("bad_key" in reading(body[:cut]).values("code")) == (cut > 16)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            '{"a":',
            "{",
            "[",
            '"',
            "'",
            "\\",
            "\\n",
            '{\\"a\\":',
            "&amp;",
            "?a=%41",
            "key=",
            "a.",
            "a_",
            "Error: ",
            "<a>",
            "> ",
            "|",
            "错误",
            "401 ",
        ),
        *(
            "Authorization: ",
            'Bearer error="x", ',
            "{'a': ",
            "at a.b.c(d:1)\n",
            "map[a:",
            "```\n",
            "::Error",
            "e\u0301\u0316",
            "\ufdfa",
            "ERROR 401 denied\n",
        ),
    ],
    ids=ascii,
)
def test_a_mebibyte_of_one_thing_is_read_in_part(unit: str) -> None:
    found = reading(unit * (MEBIBYTE // len(unit)))
    assert len(found.decoded) < 500_000  # of a long text only what stands round its errors is decoded
    assert len(found.facts) <= 200


def test_an_error_far_down_a_long_log_is_found() -> None:
    noise = "2024-05-01 10:00:00 INFO fetched the next page of results\n" * 8000
    found = reading(
        noise + 'openai.AuthenticationError: Error code: 401 - {"error":{"code":"invalid_api_key"}}\n' + noise
    )
    assert "invalid_api_key" in found.values("code")
    assert "401" in found.values("status")
    assert any("invalid_api_key" in line for line in found.error_lines)


def test_what_decoding_brings_to_light_is_scrubbed() -> None:
    hidden = "hunter2" * 3
    text = f"https://a.example/cb?error=access_denied&note=my%20%68{hidden[1:]}&error_description=It%20was%20{hidden}"
    found = read(
        Redaction(text.replace(hidden, hidden.replace("h", "%68"))),
        scrub=lambda decoded: decoded.replace(hidden, "[password]"),
    )
    assert hidden not in found.decoded
    assert not any(hidden in fact.value for fact in found.facts)
    assert not any(hidden in block.text for block in found.blocks)
    assert not any(hidden in line for line in found.error_lines)
    assert "access_denied" in found.values("code")


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in MANGLES
        if name not in ("mistyped", "shouted", "lowered", "zero_width", "wrapped", "quoted_and_wrapped", "coloured")
    ],
)
def test_mangled_bodies_keep_their_code(name: str) -> None:
    body = '{"error": "unauthorized_client", "error_description": "The merchant has not ordered the service yet."}'
    for seed in range(5):
        assert "unauthorized_client" in reading(MANGLES[name](body, random.Random(seed))).values("code")


@pytest.mark.parametrize("width", range(18, 60, 3))
def test_a_hard_wrapped_body_keeps_its_code(width: int) -> None:
    body = (
        '{"error": "unauthorized_client", "error_description": "The merchant has not ordered the service yet, so no."}'
    )
    wrapped = "\n".join(f"> {body[start : start + width]}" for start in range(0, len(body), width))
    assert "unauthorized_client" in reading(wrapped).values("code")
