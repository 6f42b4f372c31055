"""The decoded text, and the error's own lines: what of an overheard paste is kept, without the chatter round it."""

from __future__ import annotations

import pytest

from bot.paste.blocks.challenge import Challenge, challenges
from bot.paste.blocks.lines import log_line
from tests.reading import reading


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        pytest.param("> a\n>> b\n> > c", "a\nb\nc", id="quote prefixes"),
        pytest.param("```py\nx = 1\n```", "x = 1", id="fence"),
        pytest.param("```{} ```", "{} ", id="fence in a line"),
        pytest.param("│ a │\n│ b │", "a\nb", id="table borders"),
        pytest.param("a || b", "a || b", id="operators stay"),
        pytest.param("\uff21\uff22\uff1a\uff08x\uff09", "AB:(x)", id="full width"),
        pytest.param("\u201ca\u201d \u2018b\u2019", "\"a\" 'b'", id="curly quotes"),
        pytest.param('{\\"a\\":1}', '{"a":1}', id="escaped quotes"),
        pytest.param('\\\\\\"a\\\\\\"\\\\nb', '"a"\nb', id="escaped twice"),
        pytest.param("\\u4ee4\\u724c", "令牌", id="unicode escapes"),
        pytest.param("\\ud83d\\ude00", "😀", id="surrogate pair"),
        pytest.param("\\xe4\\xbb\\xa4", "令", id="bytes of UTF-8"),
        pytest.param("in C:\\new\\table\\x.py", "in C:\\new\\table\\x.py", id="a path is no escape"),
        pytest.param("&lt;a&gt; &amp;quot;x", '<a> "x', id="entities"),
        pytest.param("?a=1&para=2&copy=3", "?a=1&para=2&copy=3", id="a query has no entities"),
        pytest.param("x?error_description=The+end%21", "x?error_description=The end!", id="percent in a query"),
        pytest.param("100%25 of a+b", "100%25 of a+b", id="percent elsewhere stays"),
        pytest.param("https://x.example/?q=a%2520b", "https://x.example/?q=a b", id="percent twice"),
    ],
)
def test_decoded(text: str, decoded: str) -> None:
    assert reading(text).decoded == decoded


def test_a_text_cut_at_one_column_is_put_together() -> None:
    text = "The requested redirect_uri does not match the one that the application registered before"
    assert reading("\n".join(text[start : start + 20] for start in range(0, len(text), 20))).decoded == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("dist/index.html     0.46 kB\ndist/assets/ind.js  1.31 kB\nbuilt in 1.88 seconds  ok", id="table"),
        pytest.param("FATAL: no such role\nFATAL: no such role\nFATAL: no such role", id="the same line thrice"),
    ],
)
def test_lines_of_one_length_are_not_always_one(text: str) -> None:
    assert reading(text).decoded == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            "hey, I am stuck\nfatal: Authentication failed for x\nany idea?",
            ("fatal: Authentication failed for x",),
            id="chatter round it",
        ),
        pytest.param(
            'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nopenai.AuthenticationError: no key',
            ("Traceback (most recent call last):", "openai.AuthenticationError: no key"),
            id="frames go",
        ),
        pytest.param(
            "java.lang.Exception: failed\n\tat a.b.C.d(C.java:1)\n\t... 5 more\nCaused by: x.YException: denied",
            ("java.lang.Exception: failed", "Caused by: x.YException: denied"),
            id="causes stay",
        ),
        pytest.param(
            'I get {"error":"invalid_grant"} when I log in, how do I fix it?',
            ('{"error":"invalid_grant"}',),
            id="body in a question",
        ),
        pytest.param(
            '我登录时报错 {"code":10003,"msg":"签名错误"} 怎么解决',
            ('{"code":10003,"msg":"签名错误"}',),
            id="body in a Chinese question",
        ),
        pytest.param(
            "Collecting x\nDownloading y 45% |####\nERROR: 401 Unauthorized",
            ("ERROR: 401 Unauthorized",),
            id="progress goes",
        ),
        pytest.param(
            "HTTP/1.1 401 Unauthorized\nDate: x\nContent-Type: y\nWWW-Authenticate: Bearer",
            ("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Bearer"),
            id="headers that tell nothing go",
        ),
        pytest.param(
            'since yesterday I get "Signature validation failed" from it',
            ("Signature validation failed",),
            id="quoted in a sentence",
        ),
        pytest.param(
            "nothing here\nlooks like one", ("nothing here", "looks like one"), id="no error at all: everything"
        ),
        pytest.param(
            "2024-05-01 10:00:00 INFO all good\n2024-05-01 10:00:01 ERROR token refused",
            ("2024-05-01 10:00:01 ERROR token refused",),
            id="log levels",
        ),
    ],
)
def test_error_lines(text: str, lines: tuple[str, ...]) -> None:
    assert reading(text).error_lines == lines


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Basic", [Challenge("Basic")], id="scheme alone"),
        pytest.param('Basic realm="a, b"', [Challenge("Basic", (("realm", "a, b"),))], id="comma in a quoted string"),
        pytest.param(
            'Digest realm="a", qop=auth, Basic',
            [Challenge("Digest", (("realm", "a"), ("qop", "auth"))), Challenge("Basic")],
            id="two",
        ),
        pytest.param("Negotiate abc==, NTLM", [Challenge("Negotiate", (), "abc=="), Challenge("NTLM")], id="token68"),
        pytest.param(
            r'Bearer error_description="say \"no\""',
            [Challenge("Bearer", (("error_description", 'say "no"'),))],
            id="escaped quotes",
        ),
        pytest.param('Bearer REALM = "x"', [Challenge("Bearer", (("realm", "x"),))], id="blanks round the equals sign"),
        pytest.param('Bearer realm="cut o', [Challenge("Bearer", (("realm", "cut o"),))], id="cut off"),
        pytest.param("", [], id="empty"),
        pytest.param("=x", [], id="no scheme"),
    ],
)
def test_challenges(value: str, expected: list[Challenge]) -> None:
    assert challenges(value) == expected


@pytest.mark.parametrize(
    ("line", "level", "message"),
    [
        ("2026-03-11 08:55:55,731 INFO [worker-3] token refreshed", "info", "token refreshed"),
        ("2026-03-11 08:55:55.731 WARN token is about to expire", "warning", "token is about to expire"),
        ("2026-03-11 08:55:55 ERR token refused", "error", "token refused"),
        ("2026-03-11 08:55:55 UTC ERROR token refused", "error", "token refused"),
        (
            "2026-03-11 08:55:55 CEST [4711] FATAL: password authentication failed",
            "error",
            "password authentication failed",
        ),
    ],
    ids=["INFO", "WARN", "ERR", "UTC", "CEST"],
)
def test_a_level_behind_the_time_is_no_time_zone(line: str, level: str, message: str) -> None:
    found = log_line(line)
    assert found is not None
    assert found.level == level
    assert found.message.endswith(message)
