"""Like errors share a fingerprint, different ones don't, and no text takes long or raises."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.paste.fingerprint import VERSION, fingerprint
from bot.paste.personal import mask_personal
from bot.paste.redact import redact
from bot.service import read_paste
from tests.grouping.scoring import score
from tests.grouping.variants import problems, reshaped
from tests.grouping.variants import variants as variants_of

# What differs between the eight variants of each problem below: ids, times, hosts, numbers, names.
UUIDS = [f"{n:08x}-1a2b-4c3d-8e9f-{n * 7:012x}" for n in (17, 4_096, 65_537, 99_991, 1, 2**31, 777, 31_337)]
HEXES = [
    "9f86d081884c7d65",
    "a3f5",
    "00ff12ab",
    "1b2c3d4e5f607182930a",
    "e3b0c442",
    "5d8f7c9b6",
    "5d0d93af",
    "c0ffee42",
]
OPAQUE = [
    "req_011CSHoEeqs5C35K",
    "zLYl7xmQCFG",
    "oaesDFuJKiP",
    "8vDon3WHO",
    "LEpDcwJLAjVqmhyb",
    "x7",
    "K9f-2Lq",
    "Zz19Aa",
]
TIMES = [
    "2025-05-27T12:30:00.123Z",
    "2024-01-02 03:04:05,678",
    "2025/12/31 23:59:59",
    "27/May/2025:12:30:00 +0200",
    "Tue May 27 12:30:00 2025",
    "2023-11-05T01:02:03+08:00",
    "Wed, 28 May 2025 07:08:09 GMT",
    "2025-05-27 12:30",
]
HOSTS = [
    "db-1.prod.internal",
    "auth7.example.com",
    "ip-10-3-4-5.ec2.internal",
    "node12.dc2.corp",
    "10.0.3.17",
    "192.168.1.1",
    "203.0.113.9",
    "sso.contoso.com",
]
NUMBERS = ["7", "12", "443", "9000", "31337", "1748349000", "88", "5432"]
PEOPLE = ["alice", "bob.smith", "svc_ci", "deploy-bot", "jdoe42", "maria.k@example.com", "root", "o-neil"]
SPANS = ["5 seconds", "1 second", "250ms", "3m20s", "2 hours", "1.5s", "90 min", "7 days"]
KINDS = (UUIDS, HEXES, OPAQUE, TIMES, HOSTS, NUMBERS, PEOPLE, SPANS)

PROBLEMS = [
    "{time} ERROR auth.service - token of session {uuid} rejected: signature mismatch (from {host}:{n})",
    "{time} ERROR auth.service - token of session {uuid} rejected: expired {span} ago (from {host}:{n})",
    '{{"time":"{time}","level":"error","reason":"unknown kid","kid":"{opaque}","request_id":"{uuid}","pid":{n}}}',
    '{{"time":"{time}","level":"error","reason":"bad audience","aud":"{opaque}","request_id":"{uuid}","pid":{n}}}',
    "Oct  3 10:11:12 web-{n} sshd[{n}]: Failed password for invalid user {person} from {host} port {n} ssh2",
    'connection to server at "{host}", port {n} failed: FATAL:  password authentication failed for user "{person}"',
    'connection to server at "{host}", port {n} failed: FATAL:  no pg_hba.conf entry for host "{host}", SSL off',
    "ERROR 1045 (28000): Access denied for user '{person}'@'{host}' (using password: YES)",
    "ERROR 1044 (42000): Access denied for user '{person}'@'{host}' to database 'shop{n}'",
    "AADSTS50011: The redirect URI 'https://app{n}.example.com/cb' does not match those of '{uuid}'. Trace ID: {uuid}",
    "AADSTS700016: Application with identifier '{uuid}' was not found in the directory. Correlation ID: {uuid}",
    '{{"errcode":40001,"errmsg":"invalid credential, rid: {hex}"}}',
    '{{"errcode":40014,"errmsg":"invalid credential, rid: {hex}"}}',
    "acceptSecurityContext error, data 52e, v{n} on {host}",
    "acceptSecurityContext error, data 775, v{n} on {host}",
    "User: arn:aws:iam::{n}:user/{person} is not authorized to perform: sts:AssumeRole (Request ID: {uuid})",
    "User: arn:aws:iam::{n}:user/{person} is not authorized to perform: s3:GetObject (Request ID: {uuid})",
    "401 Client Error: Unauthorized for url: https://eu{n}.notion.com/v2/items/{n}?page={n}",
    "403 Client Error: Forbidden for url: https://eu{n}.notion.com/v2/items/{n}?page={n}",
    "401 Client Error: Unauthorized for url: https://eu{n}.airtable.com/v2/items/{n}?page={n}",
    "GateKeeper error 7714: tenant {hex} is suspended until {time}",
    "GateKeeper error 7715: tenant {hex} is suspended until {time}",
    "Cannot read key /srv/app{n}/{hex}/id_rsa: bad passphrase (attempt {n} of {n})",
    "vault: permission denied (request_id={uuid}, accessor={opaque}, took {span})",
    "session {opaque} refused: clock skew of {span} on {host}",
    "session {opaque} refused: nonce replayed after {span} on {host}",
    "登录失败:用户 {person} 的令牌已过期(请求编号 {uuid},时间 {time},错误码:40012)",
    "登录失败:用户 {person} 的令牌已过期(请求编号 {uuid},时间 {time},错误码:40013)",
    "ORA-28000: the account is locked (session {n}, serial# {n})",
    "ORA-01017: invalid username/password; logon denied (session {n}, serial# {n})",
    "Error: P1000: Authentication failed against database server at `{host}`",
    "(535, b'5.7.8 Username and Password not accepted. {opaque} - gsmtp')",
    "(535, b'5.7.139 Authentication unsuccessful, {opaque} - gsmtp')",
]


def variants(problem: str) -> list[str]:
    return [
        problem.format(
            uuid=UUIDS[n],
            hex=HEXES[n],
            opaque=OPAQUE[n],
            time=TIMES[n],
            host=HOSTS[n],
            n=NUMBERS[n],
            person=PEOPLE[n],
            span=SPANS[n],
        )
        for n in range(8)
    ]


def digest(*lines: str) -> str:
    return fingerprint(lines).digest


@pytest.mark.parametrize("problem", PROBLEMS)
def test_eight_variants_of_a_problem_are_one(problem: str) -> None:
    templates = {fingerprint([text]).digest: fingerprint([text]).template for text in variants(problem)}
    assert len(templates) == 1, templates


def test_different_problems_stay_apart() -> None:
    digests = [digest(variants(problem)[0]) for problem in PROBLEMS]
    alike = [(a, b) for (a, x), (b, y) in itertools.combinations(zip(PROBLEMS, digests, strict=True), 2) if x == y]
    assert alike == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(["Invalid Token"], ["invalid   token"], id="case and space"),
        pytest.param(["invalid token"], ["invalid token!"], id="punctuation"),
        pytest.param(['{"error": "invalid_grant"}'], ["{", '"error":"invalid_grant"', "}"], id="layout of JSON"),
        pytest.param(["invalid token"], ["invalid token", "Invalid token."], id="said twice"),
        pytest.param(["denied"], ["2025-05-27 12:30:00,123 - app.auth - ERROR - denied"], id="Python log prefix"),
        pytest.param(["denied"], ["[2025-05-27T12:30:00Z] [error] denied"], id="bracketed prefix"),
        pytest.param(["denied"], ["Oct  3 10:11:12 web-3 app[77]: denied"], id="syslog prefix"),
        pytest.param(["denied"], ["<134>Oct  3 10:11:12 web-3 app[77]: denied"], id="syslog priority"),
        pytest.param(["denied"], ["web-1  | denied"], id="compose prefix"),
        pytest.param(["denied"], ["E0527 12:30:00.123456    1234 auth.go:77] denied"], id="klog prefix"),
        pytest.param(
            ["denied"],
            ["2025-05-27 12:30:00.123 ERROR 4711 --- [nio-8080-exec-1] c.example.Auth : denied"],
            id="Spring prefix",
        ),
        pytest.param(
            ["openai.AuthenticationError: bad key"],
            [
                "Traceback (most recent call last):",
                '  File "/srv/a.py", line 7, in f',
                "openai.AuthenticationError: bad key",
            ],
            id="Python frames",
        ),
        pytest.param(
            ["java.lang.SecurityException: bad key"],
            ["java.lang.SecurityException: bad key", "\tat com.acme.A.b(A.java:12)", "\t... 12 more"],
            id="Java frames",
        ),
        pytest.param(["key [github-token] revoked"], ["key [token] revoked"], id="marks of secrets"),
        pytest.param(["ｉｎｖａｌｉｄ　ｔｏｋｅｎ"], ["invalid token"], id="full width"),
        pytest.param(["1 attempt left"], ["3 attempts left"], id="plural"),
        pytest.param(["403 for 1.2.3.4, 5.6.7.8"], ["403 for 9.9.9.9"], id="a list of hosts"),
    ],
)
def test_what_does_not_count(one: list[str], other: list[str]) -> None:
    assert fingerprint(one).digest == fingerprint(other).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("AADSTS50011: failed", "AADSTS50012: failed", id="code of letters and digits"),
        pytest.param("40013 invalid", "40125 invalid", id="number before the message"),
        pytest.param("40013", "40125", id="a bare number"),
        pytest.param("错误码：40029", "错误码：40163", id="Chinese error code"),
        pytest.param('{"errcode":40001}', '{"errcode":42001}', id="errcode"),
        pytest.param("error_codes: [50011, 700016]", "error_codes: [50011, 700027]", id="second of a list"),
        pytest.param("SQLSTATE[28P01] failed", "SQLSTATE[28000] failed", id="SQLSTATE"),
        pytest.param("SQLSTATE[HY000] [1045] failed", "SQLSTATE[HY000] [1049] failed", id="code after SQLSTATE"),
        pytest.param("401 Unauthorized", "403 Unauthorized", id="status with its phrase"),
        pytest.param("upstream replied 401 in 5ms", "upstream replied 403 in 5ms", id="status after a verb"),
        pytest.param("HTTP/1.1 401", "HTTP/1.1 407", id="status line"),
        pytest.param("OAuthException (#190)", "OAuthException (#200)", id="number in hash and brackets"),
        pytest.param("SSPI failed 0x8009030C", "SSPI failed 0x80090308", id="HRESULT"),
        pytest.param("missing parameter 'redirect_uri'", "missing parameter 'client_id'", id="quoted wire word"),
        pytest.param("Unauthorized refresh_token", "Unauthorized refresh token", id="underscore"),
        pytest.param('Bearer error="invalid_token"', 'Bearer error="insufficient_scope"', id="challenge"),
        pytest.param(
            "https://a.example/cb?error=access_denied", "https://a.example/cb?error=server_error", id="URL error"
        ),
        pytest.param(
            "401 for url: https://api.notion.com/x", "401 for url: https://api.airtable.com/x", id="whose API"
        ),
        pytest.param("User does not exist", "User is disabled", id="no name after user"),
        pytest.param("the user account is locked", "the user account is expired", id="account, no name"),
    ],
)
def test_what_tells_problems_apart(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    ("line", "template"),
    [
        pytest.param("retry after 401 seconds", "retry after {time}", id="a status's number with a unit"),
        pytest.param("error on line 403", "error on line {n}", id="a line number"),
        pytest.param("refused by web-7:500", "refused by {n}:{n}", id="a port"),
        pytest.param("can't use the user's key", "can't use the user's key", id="apostrophes are no quotes"),
        pytest.param("RS256 and SHA-256 over x509", "RS256 and SHA-256 over x509", id="words with digits"),
        pytest.param("GetCallerIdentity failed", "GetCallerIdentity failed", id="camel case is no id"),
        pytest.param("denied for /home/al/.ssh/id_rsa", "denied for {path}", id="path"),
        pytest.param("denied for al@example.com", "denied for {email}", id="e-mail"),
        pytest.param("denied for CORP\\al", "denied for {name}", id="Windows account"),
        pytest.param("denied by fe80::1ff:fe23:4567:890a", "denied by {host}", id="IPv6"),
    ],
)
def test_template_shows_what_was_taken_out(line: str, template: str) -> None:
    assert fingerprint([line]).template == template


def test_no_name_and_no_id_is_left_in_the_template() -> None:
    [text, *_] = variants('{time} user "{person}" of tenant {uuid} at {host} denied, request id {opaque}')
    template = fingerprint([text]).template
    for secret in (PEOPLE[0], UUIDS[0], HOSTS[0], OPAQUE[0]):
        assert secret not in template


def test_digest_is_of_this_version() -> None:
    """A change here moves every group there is: raise VERSION, then write the new digest down."""
    found = fingerprint(["2025-05-27 12:30:00 ERROR token of user 7 rejected: AADSTS50011"])
    assert (found.version, found.template) == (VERSION, "token of user {name} rejected: AADSTS50011")
    assert found.digest == "5577b4e0a470c977e24df2f127bfc82e"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=6))
def test_any_text_has_a_stable_fingerprint(lines: list[str]) -> None:
    found = fingerprint(lines)
    assert len(found.digest) == 32
    assert fingerprint(lines) == found


@pytest.mark.parametrize(
    "piece", ["a", "1", '"', "'", "a.", "a-", "1:", "user ", "http://a/", "{n}-", "A1", "f:", "('", "\\a"]
)
def test_a_megabyte_is_cut(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    assert fingerprint([text]) == fingerprint([text[:4_000]])


def test_nothing_has_a_fingerprint_too() -> None:
    assert fingerprint([]).template == fingerprint(["", "  "]).template == ""


def kept_of(text: str) -> str:
    """Return the digest under which a paste would be kept: of its error lines, redacted, without personal data."""
    lines = read_paste(text).error_lines
    return digest(*(mask_personal(redact(line).text) for line in lines))


def test_variants_of_each_problem_share_a_group_and_no_two_problems_do() -> None:
    rows = [
        (name, kept_of(text))
        for name, problem in problems().items()
        for text in variants_of(problem, f"test/{name}", 3)
    ]
    got = score(rows)
    assert got.precision >= 0.995, got.mixed
    assert got.recall >= 0.97, got.torn


def test_another_layout_of_a_paste_stays_in_its_group() -> None:
    rows = []
    for name, problem in problems().items():
        [text] = variants_of(problem, f"test/{name}", 1)
        rows += [(name, kept_of(text)), (name, kept_of(reshaped(text, Random(name))))]
    got = score(rows)
    assert got.precision >= 0.995, got.mixed
    assert got.recall >= 0.95, got.torn
