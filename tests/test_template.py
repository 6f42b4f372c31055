"""A message template is found however it was wrapped, cut or mistyped, and not in words that are only alike."""

from __future__ import annotations

import pytest

from bot.match.fold import offsets, squeeze
from bot.match.template import Hit, captures, compile_template, exactness, find, near_by_grams, within_one_field


def look(message: str, text: str) -> Hit | None:
    squeezed = squeeze(text)
    return find(compile_template(message), squeezed, lambda segment: float(len(segment)), near_by_grams(squeezed))


@pytest.mark.parametrize(
    ("message", "text"),
    [
        pytest.param("Invalid API key", "error: Invalid API key provided", id="as it is"),
        pytest.param("Invalid API key", "INVALID_API_KEY", id="other separators and case"),
        pytest.param("The client {id} is not known", "The client 7f-a is not known", id="placeholder"),
        pytest.param("The client {id} is not known", "the cli\nent 'x y' is no\nt known", id="wrapped in mid-word"),
        pytest.param("Token has been expired or revoked", "Tokn has been expried or revoked", id="mistyped"),
        pytest.param("该令牌额度已用尽", "[sk-x] 该令牌额度 已用尽!", id="Chinese"),
        pytest.param("Too long a sentence to be whole here", "Too long a sentence to be wh", id="cut off at the end"),
    ],
)
def test_found(message: str, text: str) -> None:
    hit = look(message, text)
    assert hit is not None
    assert hit.quality >= 0.75


@pytest.mark.parametrize(
    ("message", "text"),
    [
        pytest.param("Token has been expired or revoked", "the parking permit was revoked", id="one word of it"),
        pytest.param("Unauthorized client", "Unauthorized code", id="a neighbour"),
        pytest.param("The client {id} is not known", "the weather is not known", id="only the end of it"),
        pytest.param("无效的令牌", "令牌环网络的历史", id="Chinese word in common"),
        pytest.param("Invalid API key", "", id="nothing"),
    ],
)
def test_not_found(message: str, text: str) -> None:
    hit = look(message, text)
    assert hit is None or hit.quality < 0.75


def test_what_a_placeholder_stood_for_is_known() -> None:
    text = "User: arn:aws:iam::1:user/ann is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k"
    message = "User: {user} is not authorized to perform: {action} on resource: {resource}"
    hit = look(message, text)
    assert hit is not None
    assert captures(compile_template(message), hit, text, offsets(text)) == (
        ("user", "arn:aws:iam::1:user/ann"),
        ("action", "s3:GetObject"),
        ("resource", "arn:aws:s3:::b/k"),
    )


def test_spelling_decides_between_neighbours() -> None:
    text = "error: Unauthorized refresh_token"
    nearer, farther = (
        exactness(compile_template(message), hit, text, offsets(text))
        for message in ("Unauthorized refresh_token", "Unauthorized refresh token.")
        if (hit := look(message, text))
    )
    assert nearer > farther


def test_braces_of_the_wire_are_written_twice() -> None:
    assert look('bad {{"code": {code}}} body', 'bad {"code": 7} body') is not None


@pytest.mark.parametrize(
    ("message", "text", "within"),
    [
        ("field: client_id, code: invalid", '{field: "client_id", code: "invalid"}', True),
        ("invalid client error", '{"error":"invalid_client","error_description":""}', False),
        ("Invalid token", '"Invalid","token":1', False),
    ],
)
def test_a_sentence_does_not_reach_over_two_fields_but_a_template_of_fields_does(
    message: str, text: str, within: bool
) -> None:
    hit = look(message, text)
    assert hit is not None
    assert within_one_field(compile_template(message), hit, text, offsets(text)) is within
