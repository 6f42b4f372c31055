"""Statuses, codes, hosts, parameters and libraries in running text: those that are there, and look-alikes that are not."""

from __future__ import annotations

import pytest

from bot.paste.models import Fact, FactKind, Redaction, Trait
from bot.paste.read import read
from tests.reading import missing, reading


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("HTTP/1.1 401", "401", id="status line"),
        pytest.param("status: 401", "401", id="status:"),
        pytest.param("Error code: 401 - nothing", "401", id="error code"),
        pytest.param("401 Unauthorized", "401", id="reason phrase"),
        pytest.param("401 Client Error", "401", id="client error"),
        pytest.param("Request failed with status code 401", "401", id="axios"),
        pytest.param("Invalid OAuth token (401)", "401", id="in brackets"),
        pytest.param("HTTP 403", "403", id="HTTP 403"),
        pytest.param("httpStatusCode=403", "403", id="httpStatusCode"),
        pytest.param("Received http code 407 from proxy after CONNECT", "407", id="proxy"),
        pytest.param("Error 400: redirect_uri_mismatch", "400", id="Google"),
        pytest.param("<Response [401]>", "401", id="requests' repr"),
        pytest.param("it returned 403 when I call it", "403", id="returned"),
        pytest.param("I keep getting a 401", "401", id="getting a"),
        pytest.param("[GIN] 2026/03/18 - 06:15:27 | 401 | 1.15ms | GET /v1", "401", id="a column"),
        pytest.param('10.0.0.1 - - [03/Nov/2024:06:09:29 +0000] "GET / HTTP/1.1" 401 559', "401", id="access log"),
        pytest.param("接口一直报401", "401", id="glued to Chinese"),
        pytest.param("状态码：403", "403", id="Chinese key"),
        pytest.param("返回了403错误", "403", id="Chinese before and behind"),
        pytest.param("401", "401", id="nothing else"),
    ],
)
def test_a_status_is_read(text: str, status: str) -> None:
    assert reading(text).values("status") == (status,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("listening on localhost:401", id="port"),
        pytest.param("connected to port 403", id="port in words"),
        pytest.param("server.js:401:12", id="line of a file"),
        pytest.param('File "a.py", line 401, in f', id="line"),
        pytest.param("took 401ms", id="duration"),
        pytest.param("it took 403 ms", id="duration with a blank"),
        pytest.param("GET /static/401.html 200 3ms", id="file name"),
        pytest.param("401k matching", id="pension"),
        pytest.param("finally fixed that 401, thanks!", id="talk of one"),
        pytest.param("403 items left", id="count"),
        pytest.param("copied 404 files", id="files"),
        pytest.param("version 4.0.3.401", id="version"),
        pytest.param("PR #401 is merged", id="number of a pull request"),
        pytest.param("in room 401 at 4", id="room"),
        pytest.param("if (res.status === 401) {", id="comparison"),
        pytest.param("6401 403x a401", id="part of something"),
        pytest.param("exited with code 137", id="exit code"),
        pytest.param("the year 2401", id="year"),
    ],
)
def test_a_number_is_no_status(text: str) -> None:
    assert reading(text).values("status") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("AADSTS50011", "AADSTS50011", id="bare"),
        pytest.param("see (AADSTS50011).", "AADSTS50011", id="in brackets"),
        pytest.param("code: 60020, message: no", "60020", id="code"),
        pytest.param("errcode=40001", "40001", id="errcode="),
        pytest.param("Error code: 60020", "60020", id="error code"),
        pytest.param("[code: 10001]", "10001", id="in square brackets"),
        pytest.param("(code: 42001)", "42001", id="in round brackets"),
        pytest.param("错误码：10003", "10003", id="Chinese key"),
        pytest.param("报21322问题", "21322", id="glued Chinese"),
        pytest.param("error: 'invalid_client'", "invalid_client", id="quoted"),
        pytest.param("(invalid_grant) Bad Request", "invalid_grant", id="bracket first"),
        pytest.param("?error=invalid_request&x=1", "invalid_request", id="query"),
        pytest.param("Code: AuthorizationFailed", "AuthorizationFailed", id="CamelCase"),
        pytest.param("- SignatureDoesNotMatch: It differs.", "SignatureDoesNotMatch", id="bullet"),
        pytest.param("Error:InvalidAccessKeyId.NotFound It is", "InvalidAccessKeyId.NotFound", id="dotted"),
        pytest.param("Login was refused - ACCESS_REFUSED", "ACCESS_REFUSED", id="constant"),
        pytest.param("failed with 0x80070005", "0x80070005", id="HRESULT"),
        pytest.param("用web方式登录报 redirect_uri_mismatch", "redirect_uri_mismatch", id="a known kind in a sentence"),
        pytest.param("它返回 errcode 40243", "40243", id="errcode and a blank"),
        pytest.param("返回 errorCode -41003", "-41003", id="negative behind a blank"),
        pytest.param("48001:api unauthorized", "48001", id="first in the line"),
        pytest.param("MSIS9622: client", "MSIS9622", id="AD FS"),
        pytest.param("ret=-1401 msg", "-1401", id="negative"),
    ],
)
def test_a_code_is_read(text: str, code: str) -> None:
    assert code in reading(text).values("code")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("hi all, did anybody see the error_handler module?", id="somebody's name"),
        pytest.param("set ANTHROPIC_API_KEY and DB_PASSWORD first", id="environment"),
        pytest.param("export ERROR_LOG=/var/log/x", id="export"),
        pytest.param("const code = 40001;", id="constant in code"),
        pytest.param("is_invalid = check(user_denied)", id="variables"),
        pytest.param("reason: the weather", id="prose reason"),
        pytest.param("type: bug", id="issue template"),
        pytest.param("error: something went wrong", id="sentence behind error"),
        pytest.param("the code is 4 lines long", id="code that is code"),
        pytest.param("error 2024 was a bad year", id="year"),
        pytest.param("12:30:4500: tick", id="time"),
        pytest.param("we sold 48001: a record", id="count in a sentence"),
        pytest.param("zip code 90210 is fine, code 2024 too", id="other codes"),
        pytest.param("XAADSTS500110000000", id="part of a longer word"),
        pytest.param('{"code":0,"msg":"ok"}', id="success"),
        pytest.param('{"status":"ok","type":"list"}', id="no error at all"),
        pytest.param('{"name":"react","type":"module","description":"x y"}', id="package.json"),
        pytest.param("except openai.AuthenticationError as e:", id="except clause"),
        pytest.param("def f(error_code: int) -> None:", id="signature"),
        pytest.param("git commit -m 'fix: login'", id="commit message"),
        pytest.param("TypeError: Cannot read properties of undefined (reading 'map')", id="another error"),
        pytest.param("make: *** [all] Error 2", id="make"),
        pytest.param("Process finished with exit code 1", id="exit code"),
    ],
)
def test_a_word_is_no_code(text: str) -> None:
    assert reading(text).values("code") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("from api.example.com: no", {"host": ["api.example.com"]}, id="bare host"),
        pytest.param("Host: api.example.com:8443", {"host": ["api.example.com"]}, id="Host header"),
        pytest.param('Login failed for user "bob"', {"param": ["bob"]}, id="user in quotes"),
        pytest.param(
            "redirect_uri=http://localhost:3000/cb", {"param": ["http://localhost:3000/cb"]}, id="redirect_uri"
        ),
        pytest.param("invalid ip 203.0.113.9, not in whitelist", {"param": ["203.0.113.9"]}, id="address"),
        pytest.param(
            "User: arn:aws:iam::1:user/b is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::k",
            {"param": ["arn:aws:iam::1:user/b", "s3:GetObject", "arn:aws:s3:::k"]},
            id="IAM",
        ),
        pytest.param("Missing scopes: read:user, repo:status", {"scope": ["read:user", "repo:status"]}, id="scopes"),
        pytest.param("grant_type=client_credentials", {"grant": ["client_credentials"]}, id="grant"),
        pytest.param("(Request ID: Root=1-6614-77)", {"request-id": ["Root=1-6614-77"]}, id="request id"),
        pytest.param("$ git push origin main", {"library": ["git"]}, id="prompt"),
        pytest.param("kubectl get pods", {"library": ["kubectl"]}, id="command"),
        pytest.param("import boto3", {"library": ["boto3"]}, id="import"),
        pytest.param("const x = require('@octokit/rest')", {"library": ["@octokit/rest"]}, id="require"),
        pytest.param("google.auth.exceptions.RefreshError: no", {"library": ["google-auth"]}, id="qualified name"),
    ],
)
def test_what_a_sentence_names(text: str, expected: dict[FactKind, list[str]]) -> None:
    assert missing(text, expected) == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("u up?", id="tiny"),
        pytest.param("what's the difference between a list and a tuple?", id="question"),
        pytest.param("session expired... my gym session that is", id="words of the trade"),
        pytest.param("fun fact: the first computer bug was an actual moth", id="colon"),
        pytest.param("PSA: the module on phishing takes 20 min", id="time"),
        pytest.param("请问这个项目的文档在哪里看？", id="Chinese"),
        pytest.param("Authorization: who decides that here?", id="word before a colon"),
        pytest.param("which OAuth library do you like? authlib or something lighter", id="library talk"),
        pytest.param("👍", id="emoji"),
        pytest.param("I was told: user hello, role model, scope creep", id="words that are parameters elsewhere"),
        pytest.param("java.net and asp.net are old", id="names with dots"),
    ],
)
def test_chat_gives_no_facts_that_match(text: str) -> None:
    kinds = {fact.kind for fact in reading(text).facts}
    assert not kinds & {"code", "status", "message", "exception", "scheme", "challenge", "param", "scope"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Authorization: token was not sent by the client", id="sentence"),
        pytest.param("Authorization: Basic", id="nothing behind it but a scheme"),
        pytest.param("headers: { Authorization: getHeader() }", id="call"),
        pytest.param("Authorization: ***", id="masked by who pasted"),
    ],
)
def test_no_missing_scheme_is_made_up(text: str) -> None:
    assert "" not in reading(text).values("scheme")


def test_the_scheme_of_a_removed_credential_comes_from_its_trait() -> None:
    found = read(Redaction("Authorization: [token]", (Trait("token", scheme="access_token"),)))
    assert Fact("scheme", "access_token", "authorization") in found.facts


def test_facts_stand_in_the_order_of_the_text_without_repeats() -> None:
    found = reading('first error=two_denied then {"error":"one_denied"} and error=two_denied')
    assert found.values("code") == ("two_denied", "one_denied")
    assert len(set(found.facts)) == len(found.facts)


@pytest.mark.parametrize("kind", ["Error code: {n}", '{{"code": {n}}}', "host{n}.example.com"])
def test_the_number_of_facts_is_capped(kind: str) -> None:
    assert len(reading("\n".join(kind.format(n=number) for number in range(10_000, 10_900))).facts) <= 200
