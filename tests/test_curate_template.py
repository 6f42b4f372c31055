"""The template that like pastes share: what varies is a placeholder, what says the error stays."""

from __future__ import annotations

import pytest

from bot.curate.template import matches, shared_template, telling

BADGE = '{{"error":"invalid_badge","error_description":"badge {0} is unknown to gate {1}"}}'


@pytest.mark.parametrize(
    ("samples", "template"),
    [
        pytest.param(
            [
                ["[2026-11-20 10:00:01] ERROR auth: Token 8f3a91cc for user 'bob' expired at 2026-11-20T10:00:00Z"],
                ["[2026-11-21 11:00:09] ERROR auth: Token 9b1c44ad for user 'eve' expired at 2026-11-21T11:00:00Z"],
            ],
            "auth: Token {id} for user {name} expired at {time}",
            id="a log line loses its prefix",
        ),
        pytest.param(
            [[BADGE.format("4711", "berlin-3")], [BADGE.format("12", "paris-1")]],
            "badge {n} is unknown to gate {n}",
            id="a body gives its sentence",
        ),
        pytest.param(
            [[BADGE.format("4711", "berlin-3")]],
            "badge {n} is unknown to gate {n}",
            id="of one sample what varies by its kind varies",
        ),
        pytest.param(
            [
                ["Login failed for acme\\bob from 10.0.0.1: account locked"],
                ["Login failed for corp\\eve from 10.0.0.9: account disabled"],
            ],
            "Login failed for {value} from {host}: account {value}",
            id="a word that differs",
        ),
        pytest.param(
            [
                ["HTTP/1.1 401 Unauthorized", "x-request-id: 1234", "Passport is not in the register of gate 7"],
                ["HTTP/1.1 401 Unauthorized", "x-request-id: 9999", "Passport is not in the register of gate 9"],
            ],
            "Passport is not in the register of gate {n}",
            id="the sentence and not the status line",
        ),
        pytest.param(
            [["token 720 belongs to zone eu-6 and has 3 owners"], ["token 11 belongs to zone us-2 and has 5 owners"]],
            "token {n} belongs to zone {n} and has {n} owners",
            id="words behind a number stay whole",
        ),
        pytest.param(
            [["acme.AuthError: The key {key} was {revoked}"]],
            "acme.AuthError: The key {{key}} was {{revoked}}",
            id="braces of the paste stay braces",
        ),
        pytest.param([["error"], ["error"]], "", id="too little"),
        pytest.param([["error 1"], ["warning 2"]], "", id="nothing in common"),
        pytest.param([], "", id="no samples"),
    ],
)
def test_what_samples_share(samples: list[list[str]], template: str) -> None:
    assert shared_template(samples) == template


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param([["签名校验失败，appid wx12ab34 未授权"], ["签名校验失败，appid wx99ff00 未授权"]], id="Chinese"),
        pytest.param(
            [[BADGE.format(number, "x-1"), "at gate (gate.py:12)"] for number in range(100, 140)], id="many samples"
        ),
        pytest.param(
            [
                ["psql: error: FATAL: role 'ada' is not on the list of gate 4"],
                ["FATAL: role 'bob' is not on the list of gate 5"],
            ],
            id="with and without a prefix",
        ),
    ],
)
def test_the_template_is_found_in_every_sample(samples: list[list[str]]) -> None:
    template = shared_template(samples)
    assert telling(template) >= 12
    assert all(matches(template, "\n".join(sample)) for sample in samples)


def test_without_samples_the_group_has_a_template() -> None:
    assert shared_template([], "HTTP 401\nbadge {id} is not known to gate {n}") == "badge {id} is not known to gate {n}"


@pytest.mark.parametrize("text", ["a badge", "badge 3 is known to gate 4", "gate {n} is unknown"])
def test_a_template_is_not_found_in_other_text(text: str) -> None:
    assert not matches("badge {n} is unknown to gate {n}", text)


def test_hostile_samples_take_no_time() -> None:
    samples = [["{" * 5000 + "a1 " * 3000] * 60, ["}" * 5000 + "b2 " * 3000] * 60]
    assert len(shared_template(samples)) <= 400
