"""The errors everything began with: every one answered rightly, in both languages, however it reaches the channel."""

from __future__ import annotations

import json
import random
import re

import pytest

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.paste.models import Paste
from bot.service import Explained, Explainer
from tests.mangle import MANGLES

# error, error_description, the entry that explains the pair
ELEME = (
    ("access_denied", "Production resources can only be has access to online application", "app-not-online"),
    ("access_denied", "The requested refresh token is expired.", "refresh-token-expired"),
    ("access_denied", "Please use the specified sandbox account for testing", "sandbox-account-only"),
    ("access_denied", "Authorization is cancelled", "authorization-cancelled"),
    ("invalid_request", "Unauthorized refresh token.", "refresh-token-missing-or-expired"),
    (
        "invalid_request",
        "The requested redirect_uri does not match the background callback url.",
        "redirect-uri-mismatch",
    ),
    ("invalid_request", "The requested response_type is required", "response-type-required"),
    ("invalid_request", "The requested client_id is required", "client-id-required"),
    ("invalid_request", "The requested redirect_uri is required", "redirect-uri-required"),
    ("invalid_request", "The requested scope is required", "scope-required"),
    ("invalid_scope", "The requested scope is invalid, value must be set to 'all'", "scope-must-be-all"),
    ("invalid_request", "The requested state is required", "state-required"),
    ("invalid_client", "Invalid client_id", "client-id-invalid"),
    ("invalid_request", "Invalid Authorization header", "authorization-header-invalid"),
    ("invalid_request", "Invalid Basic", "basic-invalid"),
    ("invalid_request", "The basic syntax errors", "basic-syntax"),
    ("invalid_request", "The http requested body is required", "body-required"),
    ("invalid_request", "The requested merchant has not yet been ordered service", "service-not-ordered"),
    ("invalid_request", "The requested refresh_token is required", "refresh-token-required"),
    ("invalid_request", 'The http requested header "Authorization" is required', "authorization-header-required"),
    ("invalid_request", "The requested grant_type is required", "grant-type-required"),
    ("invalid_request", "The requested code is required", "code-required"),
    ("server_error", "Unknown system error", "server-error"),
    ("temporarily_unavailable", "Exceed frequency limits", "refresh-too-often"),
    ("unsupported_response_type", "The requested response_type must be set to 'code'", "response-type-must-be-code"),
    ("unsupported_grant_type", "Unsupported grant_type", "grant-type-unsupported"),
    (
        "unsupported_grant_type",
        "The requested grant_type does not match the client authorization type",
        "grant-type-not-for-app-type",
    ),
    ("unauthorized_client", "Unauthorized client", "client-authentication-failed"),
    ("unauthorized_client", "Unauthorized code", "code-already-used"),
    ("unauthorized_client", "Unauthorized refresh_token", "refresh-token-invalid"),
    ("Unauthorized client", "无效的refreshtoken", "refresh-token-not-found"),
    ("Unauthorized client", "redis distributed lock error,create person token error", "refresh-lock-error"),
    ("Unauthorized client", "当前店铺已失效,不允许刷新token", "shop-invalid"),
)
PECULIAR = {"app-not-online", "redirect-uri-mismatch", "scope-must-be-all", "service-not-ordered", "refresh-lock-error"}


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return Explainer(load(shipped()))


def body(error: str, description: str) -> str:
    return json.dumps({"error": error, "error_description": description}, ensure_ascii=False)


def log_line(error: str, description: str) -> str:
    return (
        "2026-06-01 10:22:31.114 ERROR [exec-3] shop.OAuthClient - POST /token answered 400: "
        f"error={error}, error_description={description}"
    )


def bare(error: str, description: str) -> str:
    return description


SHAPES = {"body": body, "log-line": log_line, "bare": bare}


def answered(explained: Explained) -> str | None:
    verdict = explained.verdict
    return verdict.best.entry_id if verdict.decision == "answer" and verdict.best else None


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("error", "description", "entry"), ELEME, ids=[row[2] for row in ELEME])
def test_each_row_has_its_own_answer(
    explainer: Explainer, error: str, description: str, entry: str, shape: str, lang: str
) -> None:
    explained = explainer.judge(Paste(SHAPES[shape](error, description), "eleme", lang), "lookup")
    assert answered(explained) == f"eleme/{entry}"
    assert explained.answer is not None
    assert len(explained.answer.text) <= 1500
    han = len(re.findall(r"[\u4e00-\u9fff]", explained.answer.text))
    assert (han > 20) if lang == "zh" else (han < len(explained.answer.text) / 20)


@pytest.mark.parametrize(("error", "description", "entry"), ELEME, ids=[row[2] for row in ELEME])
def test_a_bare_message_is_nobody_elses_unless_nobody_else_could_print_it(
    explainer: Explainer, error: str, description: str, entry: str
) -> None:
    verdict = explainer.judge(Paste(description), "lookup").verdict
    assert verdict.best is not None
    if verdict.decision == "answer":
        assert verdict.best.provider.standard or verdict.best.entry_id == f"eleme/{entry}"
    else:
        assert f"eleme/{entry}" in [candidate.entry_id for candidate in verdict.candidates]
    if entry in PECULIAR:
        assert answered(explainer.judge(Paste(description), "lookup")) == f"eleme/{entry}"


def test_one_message_with_two_causes_says_both(explainer: Explainer) -> None:
    paste = Paste(body("invalid_request", "The requested redirect_uri is required"), "eleme", "en")
    explained = explainer.judge(paste, "lookup")
    assert explained.answer is not None
    assert len(explained.answer.causes) == 2
    assert all(cause.tell for cause in explained.answer.causes[1:])
    assert all(cause.cause in explained.answer.text for cause in explained.answer.causes)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        pytest.param(
            "AuthenticationError: Error code: 401 - {'error': {'code': '', 'message': '无效的令牌 (request id: "
            "20260101000000000000000a1B2c3D4)', 'type': 'new_api_error'}}",
            "new-api/invalid-token",
            id="new-api as python-openai prints it",
        ),
        pytest.param(
            '{"error":{"code":"","message":"无效的令牌 (request id: 2026010100)","type":"new_api_error"}}',
            "new-api/invalid-token",
            id="new-api as JSON",
        ),
        pytest.param(
            "2026-01-01 08:00:00 relay 401 new_api_error: 无效的令牌 (request id: 2026",
            "new-api/invalid-token",
            id="new-api in a log, cut off",
        ),
        pytest.param(
            "our app that uses the Pinterest API gets 401 Unauthorized on every call since today",
            "pinterest/unauthorized",
            id="Pinterest 401 in a sentence",
        ),
        pytest.param(
            'GET https://api.pinterest.com/v5/pins\nHTTP/1.1 401\n{"code":2,"message":"Authentication failed."}',
            "pinterest/unauthorized",
            id="Pinterest 401 on the wire",
        ),
        pytest.param(
            "Pinterest API Explorer: Something went wrong, are your fields correct?",
            "pinterest/explorer-something-went-wrong",
            id="Pinterest API Explorer",
        ),
        pytest.param(
            'requests.get("https://my.tapkey.com/api/v1/Owners", headers={"Authorization": f"access_token {token}"})\n'
            "<Response [401]>",
            "tapkey/bearer-prefix-missing",
            id="Tapkey without Bearer",
        ),
        pytest.param("TapkeyAPI401错误怎么解决", "tapkey/unauthorized", id="Tapkey 401 as a question"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_other_documents(explainer: Explainer, text: str, entry: str, lang: str) -> None:
    assert answered(explainer.judge(Paste(text, lang=lang), "lookup")) == entry


def test_the_answer_uses_the_header_that_was_sent(explainer: Explainer) -> None:
    text = 'headers={"Authorization": f"access_token {token}"}  # my.tapkey.com answers 401 Unauthorized'
    explained = explainer.judge(Paste(text, "tapkey", "en"), "lookup")
    assert explained.answer is not None
    assert "your header says `Authorization: access_token …`; it has to be `Authorization: Bearer …`" in (
        explained.answer.text
    )


@pytest.mark.parametrize("mangle", MANGLES)
def test_mangled_rows_are_still_told_apart(explainer: Explainer, mangle: str) -> None:
    right = wrong = total = 0
    for error, description, entry in ELEME:
        for shape, write in SHAPES.items():
            rng = random.Random(f"{mangle} {shape} {entry}")
            text = MANGLES[mangle](write(error, description), rng)
            verdict = explainer.judge(Paste(text, "eleme"), "lookup").verdict
            total += 1
            if verdict.decision == "answer" and verdict.best:
                right += verdict.best.entry_id == f"eleme/{entry}"
                wrong += verdict.best.entry_id != f"eleme/{entry}"
    assert right / total >= 0.95
    assert wrong / total <= 0.02
