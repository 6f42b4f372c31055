"""Redaction as a whole: traits, marks, limits, and that nothing planted anywhere survives."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paste.redact import redact
from bot.paste.redact.marks import KINDS, mark

GITHUB = "ghp_" + "a1B2" * 9
KEY = "9fKq2" + "LmZ7" + "xWv4TbR8"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(header: dict[str, object], claims: dict[str, object]) -> str:
    return ".".join((b64(json.dumps(header).encode()), b64(json.dumps(claims).encode()), b64(b"no signature at all")))


def test_a_trait_says_kind_vendor_and_length_but_not_the_value() -> None:
    [trait] = redact(f"push with {GITHUB} fails").traits

    assert (trait.kind, trait.vendor, trait.length) == ("github-token", "github", 40)
    assert GITHUB not in repr(trait)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        pytest.param(f"Authorization: Bearer {KEY}", "Bearer", id="bearer"),
        pytest.param(f"authorization: bearer {KEY}", "bearer", id="as sent"),
        pytest.param(f"Authorization: access_token {KEY}", "access_token", id="odd word"),
        pytest.param(f"Authorization: Token {KEY}", "Token", id="token"),
        pytest.param(f"Authorization: Bearer Bearer {KEY}", "Bearer Bearer", id="twice"),
        pytest.param(f"Authorization: {KEY}", "", id="none"),
        pytest.param(f"Authorization: Bearer {GITHUB}", "Bearer", id="before a token of known shape"),
        pytest.param(f'{{"Authorization": "apikey {KEY}"}}', "apikey", id="in json"),
        pytest.param(f"curl -H 'Authorization: Token {KEY}'", "Token", id="in curl"),
        pytest.param(f"token={KEY}", None, id="no header at all"),
    ],
)
def test_a_trait_says_what_scheme_stood_before_it(text: str, scheme: str | None) -> None:
    assert [trait.scheme for trait in redact(text).traits] == [scheme]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param(f'{{"api_key": "{KEY}"}}', (), id="none"),
        pytest.param(f'{{"api_key": "{KEY} "}}', ("space",), id="space at the end"),
        pytest.param(f'{{"api_key": " {KEY}"}}', ("space",), id="space at the start"),
        pytest.param(f'{{"api_key": "{KEY}\n"}}', ("newline",), id="newline at the end"),
        pytest.param(f"api_key = '\"{KEY}\"'", ("quote",), id="quote left on"),
        pytest.param(f'Authorization: Bearer "{KEY}"', ("quote",), id="quotes in a header"),
        pytest.param(f"api_key={KEY[:6]}\u200b{KEY[6:]}", ("invisible",), id="zero-width space"),
        pytest.param(f"api_key=\ufeff{KEY}", ("invisible",), id="byte order mark before it"),
        pytest.param(f"api_key={KEY.replace('K', chr(0xFF2B))}", ("non-ascii",), id="a full-width letter"),
        pytest.param(f"gh{GITHUB[2:20]}\n{GITHUB[20:]}", ("newline",), id="broken over lines"),
    ],
)
def test_a_trait_says_what_is_wrong_with_the_characters(text: str, faults: tuple[str, ...]) -> None:
    assert [trait.faults for trait in redact(text).traits] == [faults]


@pytest.mark.parametrize(
    ("credentials", "decodes", "colon"),
    [
        pytest.param(base64.b64encode(b"bob:hunter2hunter2").decode(), True, True, id="as it should be"),
        pytest.param(base64.b64encode(b"bobhunter2hunter2").decode(), True, False, id="no colon"),
        pytest.param("bob:hunter2hunter2", False, False, id="not encoded"),
        pytest.param(base64.b64encode(bytes(range(200, 224))).decode(), False, False, id="base64 of no text"),
    ],
)
def test_a_trait_of_basic_credentials_says_how_they_were_built(credentials: str, decodes: bool, colon: bool) -> None:
    redaction = redact(f"Authorization: Basic {credentials}")

    assert redaction.text == "Authorization: Basic [basic-credentials]"
    assert (redaction.traits[0].basic_decodes, redaction.traits[0].basic_has_colon) == (decodes, colon)


def test_a_trait_of_a_jwt_has_its_claims_but_no_subject() -> None:
    claims = {
        "iss": "https://iss.example",
        "aud": ["a", "b"],
        "exp": 1700000000,
        "nbf": 1,
        "iat": 2,
        "scope": "read write",
    }
    token = jwt(
        {"alg": "RS256", "kid": "k1", "typ": "JWT"}, claims | {"sub": "bob", "email": "bob@example.com", "name": "Bob"}
    )

    [trait] = redact(f"Authorization: Bearer {token}").traits

    assert (trait.kind, trait.scheme) == ("jwt", "Bearer")
    assert dict(trait.claims) == {
        "alg": "RS256",
        "kid": "k1",
        "iss": "https://iss.example",
        "aud": "a b",
        "exp": "1700000000",
        "nbf": "1",
        "iat": "2",
        "scp": "read write",
    }


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("eyJhbGciOiJub25lIn0." + b64(b"no json here"), id="no json"),
        pytest.param("eyJhbGciOiJub25lIn0." + b64(b'{"a":' * 500), id="too deep"),
        pytest.param("eyJhbGciOiJub25lIn0." + b64(b'["a"]'), id="no object"),
        pytest.param("eyJhbGciOiJub25lIn0.!!!!!!!!", id="no base64"),
        pytest.param(jwt({"alg": {"x": 1}, "kid": True}, {"exp": "soon", "aud": [1, 2]}), id="odd types"),
    ],
)
def test_a_broken_jwt_breaks_nothing(token: str) -> None:
    assert "eyJ" not in redact(f"Bearer {token} failed").text.replace("eyJhbGciOiJub25lIn0.!!", "")


def test_every_kind_is_known_as_a_mark() -> None:
    text = " and ".join(f"password={mark(kind)}" for kind in sorted(KINDS))

    redaction = redact(text)

    assert redaction.text == text
    assert redaction.traits == ()


def test_only_known_marks_are_marks() -> None:
    assert redact("password=[hunter2x").text == "password=[password]"
    with pytest.raises(KeyError):
        mark("unheard-of")


def test_beyond_the_limit_is_cut_at_a_word_and_counted() -> None:
    redaction = redact("word " * 100 + GITHUB, limit=510)

    assert redaction.text == "word " * 100
    assert redaction.cut == len(GITHUB)


def test_a_long_paste_with_more_fields_than_time_allows_is_cut_and_counted() -> None:
    paste = "a line of a log, and then token: no, " * 60_000

    redaction = redact(paste, limit=len(paste))

    assert len(redaction.text) + redaction.cut == len(paste)
    assert redaction.cut > 0


def test_a_cut_leaves_no_half_of_a_key_behind() -> None:
    text = "x" * 50 + "\n-----BEGIN PRIVATE " + "KEY-----\n" + ("q7F3Zx9Q" * 8 + "\n") * 30

    redaction = redact(text, limit=1000)

    assert "q7F3" not in redaction.text


SURROUNDINGS = st.text(
    st.one_of(st.characters(), st.sampled_from(" \n\"'`=:&?;,.{}[]()<>\\/@%#$-_|\u200b密码")), max_size=40
)
FIELDS = st.sampled_from(
    [
        "password=",
        "token: ",
        '"secret":"',
        "Bearer ",
        "Cookie: a=",
        "://u:",
        "-----BEGIN ",
        "[password]",
        "key = '",
        "eyJ",
    ]
)
PASTES = st.lists(st.one_of(SURROUNDINGS, FIELDS), max_size=6).map("".join)


@given(PASTES)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text).text

    assert redact(once).text == once
    assert redact(once).traits == ()


QUIET = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from(" \n\"'`=:&?;,.{}[]()<>\\/@%#$-_|\u200b密码")
    ),
    max_size=40,
)


@given(
    QUIET,
    QUIET,
    st.sampled_from(
        [GITHUB, "xoxb-" + "123456789012-" * 2 + "AbC1dEf2GhI3", "AKIA" + "Z7Q4" * 4, "glpat-" + "x9Y_z8W-" * 3]
    ),
)
def test_a_planted_token_survives_in_no_surroundings(before: str, after: str, token: str) -> None:
    # Where a letter touches it, it is part of another word: that is a token of no known shape.
    edge = " " if before[-1:].isalnum() else ""

    text = redact(f"{before}{edge}{token} {after}").text

    assert token[6:] not in text


@given(
    PASTES,
    PASTES,
    st.sampled_from(
        ['{"client_secret": "%s"}', "password=%s", "X-Api-Key: %s", "https://u:%s@h.example/", "--token %s"]
    ),
)
def test_a_planted_field_survives_in_no_surroundings(before: str, after: str, field: str) -> None:
    text = redact(f"{before}\n{field % KEY}\n{after}").text

    assert KEY not in text


UNITS = [
    "a",
    '"',
    "'",
    "{",
    "[",
    " ",
    ".",
    "1",
    "-",
    "\n",
    "a\n",
    "\\",
    "eyJ",
    "eyJa.",
    "-----BEGIN ",
    "-----BEGIN PRIVATE " + "KEY-----",
    "key=",
]
UNITS += [
    "password=",
    'password="',
    "token: ",
    "密码",
    "://",
    "://a:b@",
    "@",
    "Bearer ",
    "Cookie: a=b;",
    "a=b;",
    "<password>",
    '\\"',
    "%3D",
    "sk-",
    "ghp_",
]
UNITS += [
    "SG.",
    "AKIA",
    "&quot;",
    "eyJ.eyJ",
    "secret is ",
    "0123456789abcdef",
    "curl -u ",
    "machine x login ",
    "> a\n",
    "\u200ba",
    "\uff41",
    "\u3231",
]


@pytest.mark.parametrize("unit", UNITS)
def test_any_length_is_fine(unit: str) -> None:
    text = unit * (100_000 // len(unit))

    assert redact(redact(text).text).traits == ()
