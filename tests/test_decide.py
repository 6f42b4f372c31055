"""What is answered, what is only suggested, and what is left alone."""

from __future__ import annotations

import pytest

from bot.knowledge.folders import shipped
from bot.knowledge.load import load
from bot.match.models import Mode, Verdict
from bot.paste.models import Paste
from bot.service import Explainer


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return Explainer(load(shipped()))


def verdict_of(explainer: Explainer, text: str, provider: str | None = None, mode: Mode = "lookup") -> Verdict:
    return explainer.judge(Paste(text, provider), mode).verdict


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        pytest.param("AADSTS50011", "entra-id/redirect-uri-mismatch", id="a bare code"),
        pytest.param("aadsts50011: the reply address ...", "entra-id/redirect-uri-mismatch", id="in other case"),
        pytest.param('{"error":"invalid_grant"}', "oauth2/invalid-grant", id="a bare standard code"),
        pytest.param("HTTP/1.1 401 Unauthorized", "http/unauthorized", id="a bare 401 is the checklist's"),
        pytest.param(
            "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-abc***xyz. "
            "You can find your API key at https://platform.openai.com/account/api-keys.', 'code': 'invalid_api_key'}}",
            "openai/invalid-api-key",
            id="python-openai's repr",
        ),
        pytest.param("jwt.exceptions.ExpiredSignatureError: Signature has expired", "jwt/token-expired", id="PyJWT"),
        pytest.param("JsonWebTokenError: jwt malformed", "jwt/token-malformed", id="jsonwebtoken"),
        pytest.param(
            "fatal: unable to access: The requested URL returned error: 403\nremote: Permission to acme/shop.git denied to "
            "octo-dev.\nhttps://github.com/acme/shop.git/",
            "github/permission-denied-to-user",
            id="git over HTTPS",
        ),
    ],
)
def test_answered(explainer: Explainer, text: str, entry: str) -> None:
    verdict = verdict_of(explainer, text)
    assert verdict.best is not None
    assert (verdict.decision, verdict.best.entry_id) == ("answer", entry)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("hello there", id="a greeting"),
        pytest.param("TypeError: Cannot read properties of undefined (reading 'map')", id="another error"),
        pytest.param("ECONNREFUSED 127.0.0.1:5432", id="no authentication in it"),
    ],
)
def test_unmatched_when_asked(explainer: Explainer, text: str) -> None:
    assert verdict_of(explainer, text).decision == "unmatched"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("finally fixed that 401, thanks!", id="about an error that is gone"),
        pytest.param("the invalid_grant saga of last week was a clock problem, lol", id="a code in a story"),
        pytest.param("Unauthorized client", id="words any server could print"),
        pytest.param("The requested scope is required", id="a bare message of one provider"),
        pytest.param("test_login_returns_401 PASSED", id="a passing test"),
        pytest.param("does anybody use jwt with fastapi?", id="a question about a design"),
    ],
)
def test_silent_when_overheard(explainer: Explainer, text: str) -> None:
    assert verdict_of(explainer, text, mode="listen").decision == "silent"


def test_one_providers_paste_is_not_answered_with_anothers_entry(explainer: Explainer) -> None:
    text = 'POST https://api.acme-payments.example/token\n{"error":"invalid_client","error_description":"Invalid client_id"}'
    best = verdict_of(explainer, text).best
    assert best is not None
    assert best.provider.standard


def test_the_hint_decides_between_providers_with_the_same_words(explainer: Explainer) -> None:
    for provider in ("pinterest", "tapkey"):
        best = verdict_of(explainer, "401 Unauthorized", provider).best
        assert best is not None
        assert best.provider.id == provider


def test_a_hint_does_not_outweigh_what_the_paste_shows(explainer: Explainer) -> None:
    best = verdict_of(explainer, "AADSTS50011: The redirect URI does not match", "pinterest").best
    assert best is not None
    assert best.provider.id == "entra-id"


def test_an_unknown_error_of_authentication_is_noticed_when_overheard(explainer: Explainer) -> None:
    text = "zorp.errors.FrobError: 401 Unauthorized: frobnication ticket was refused by the zorp gate"
    assert verdict_of(explainer, text, mode="listen").decision == "unmatched"


def test_placeholders_are_read_out_of_the_message(explainer: Explainer) -> None:
    text = (
        "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:iam::123456789012:user/ann is "
        "not authorized to perform: s3:GetObject on resource: arn:aws:s3:::acme/x because no identity-based policy allows "
        "the s3:GetObject action"
    )
    explained = explainer.judge(Paste(text, lang="en"), "lookup")
    assert explained.answer is not None
    assert "`s3:GetObject`" in explained.answer.text


def test_what_was_pasted_carries_no_markdown_out(explainer: Explainer) -> None:
    text = "Error 400: redirect_uri_mismatch accounts.google.com redirect_uri=https://x.example/`[click](https://evil.example)@everyone"
    explained = explainer.judge(Paste(text, lang="en"), "lookup")
    assert explained.answer is not None
    outside = "".join(explained.answer.text.split("`")[0::2])
    assert "evil.example" not in outside
    assert "@everyone" not in outside


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\x00", "\ud800", "{" * 5000, "a" * 200_000, '"' * 20_000, "授权" * 5000]
)
def test_no_text_breaks_it(explainer: Explainer, text: str) -> None:
    assert verdict_of(explainer, text).decision in ("unmatched", "suggest")


@pytest.mark.parametrize(
    ("text", "provider", "about"),
    [
        pytest.param("openai error: the glorp of tier 3 is not quenched (401)", None, "openai", id="a name"),
        pytest.param("POST https://api.stripe.com/v1/x 401: glorp unquenched", None, "stripe", id="a host"),
        pytest.param("401: glorp unquenched", "auth0", "auth0", id="a hint"),
        pytest.param("401: glorp unquenched", None, None, id="nothing"),
        pytest.param('{"error":"invalid_grant"}', None, None, id="a standard is no provider"),
    ],
)
def test_what_a_paste_is_about_is_known_where_nothing_explains_it(
    explainer: Explainer, text: str, provider: str | None, about: str | None
) -> None:
    assert verdict_of(explainer, text, provider).about == about
