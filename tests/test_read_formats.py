"""Every format people paste gives its facts: traces, HTTP, URLs, logs, markup, gRPC, database drivers."""

from __future__ import annotations

import pytest

from tests.reading import Expected, missing, reading

TRACES = [
    pytest.param(
        'Traceback (most recent call last):\n  File "/srv/site-packages/openai/_base_client.py", line 1020, in _request\n    raise x\n'
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Bad key.', 'code': 'invalid_api_key'}}",
        {
            "exception": ["openai.AuthenticationError"],
            "status": ["401"],
            "code": ["invalid_api_key"],
            "message": ["Bad key."],
            "library": ["openai"],
        },
        id="Python",
    ),
    pytest.param(
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nlib.errors.InsufficientPrivilege: permission denied for table t',
        {"exception": ["lib.errors.InsufficientPrivilege"], "message": ["permission denied for table t"]},
        id="Python class that is not called an error",
    ),
    pytest.param(
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.example.com/v5/me",
        {
            "exception": ["requests.exceptions.HTTPError"],
            "status": ["401"],
            "host": ["api.example.com"],
            "endpoint": ["/v5/me"],
            "library": ["requests"],
        },
        id="requests",
    ),
    pytest.param(
        "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: no",
        {"exception": ["botocore.exceptions.ClientError"], "code": ["AccessDenied"], "library": ["botocore", "boto3"]},
        id="botocore",
    ),
    pytest.param(
        "oauthlib.oauth2.rfc6749.errors.InvalidGrantError: (invalid_grant) Bad Request",
        {"code": ["invalid_grant"], "message": ["(invalid_grant) Bad Request"], "library": ["oauthlib"]},
        id="code in brackets",
    ),
    pytest.param(
        "ExpiredToken: The security token has expired\n    at Request.extractError (/srv/node_modules/aws-sdk/lib/query.js:40:29)",
        {"code": ["ExpiredToken"], "library": ["aws-sdk"]},
        id="Node",
    ),
    pytest.param(
        "Uncaught (in promise) FirebaseError: Missing permissions",
        {"exception": ["FirebaseError"], "message": ["Missing permissions"]},
        id="browser",
    ),
    pytest.param(
        "java.lang.IllegalStateException: outer\n\tat a.b.C.d(C.java:1)\nCaused by: com.nimbusds.jose.BadJOSEException: Signed JWT rejected",
        {
            "exception": ["java.lang.IllegalStateException", "com.nimbusds.jose.BadJOSEException"],
            "message": ["Signed JWT rejected"],
            "library": ["nimbus-jose-jwt"],
        },
        id="Java with a cause",
    ),
    pytest.param(
        "org.springframework.security.oauth2.core.OAuth2AuthenticationException: [invalid_request]",
        {"code": ["invalid_request"], "library": ["spring-security"]},
        id="Spring",
    ),
    pytest.param(
        "Unhandled exception. System.AccessException: outer ---> RabbitMQ.Client.Exceptions.AuthenticationFailureException: ACCESS_REFUSED - Login was refused",
        {
            "exception": ["System.AccessException", "RabbitMQ.Client.Exceptions.AuthenticationFailureException"],
            "code": ["ACCESS_REFUSED"],
            "message": ["outer"],
        },
        id=".NET with an inner one",
    ),
    pytest.param(
        "PHP Fatal error:  Uncaught GuzzleHttp\\Exception\\ClientException: Client error in /var/www/vendor/guzzlehttp/guzzle/src/E.php:113",
        {
            "exception": ["GuzzleHttp\\Exception\\ClientException"],
            "message": ["Client error"],
            "library": ["guzzlehttp/guzzle", "guzzle"],
        },
        id="PHP",
    ),
    pytest.param(
        '["[object] (Vendor\\\\Exceptions\\\\HttpException(code: 42001): token timed out"]',
        {"exception": ["Vendor\\Exceptions\\HttpException"], "code": ["42001"], "message": ["token timed out"]},
        id="Laravel",
    ),
    pytest.param(
        "app.rb:10:in `call': the server said no (Faraday::UnauthorizedError)",
        {"exception": ["Faraday::UnauthorizedError"], "message": ["the server said no"], "library": ["faraday"]},
        id="Ruby",
    ),
    pytest.param(
        "panic: oauth2: cannot fetch token: 401 Unauthorized\n\ngoroutine 1 [running]:",
        {"status": ["401"], "message": ["oauth2: cannot fetch token: 401 Unauthorized"]},
        id="Go",
    ),
    pytest.param(
        "thread 'main' panicked at src/main.rs:1:2:\nreqwest::Error { kind: Status(401) }",
        {"status": ["401"], "exception": ["reqwest::Error"]},
        id="Rust",
    ),
]

HTTP = [
    pytest.param(
        "> GET /v1/me HTTP/1.1\n> Host: api.example.com\n> Authorization: Bearer [jwt]\n>\n< HTTP/1.1 401 Unauthorized\n"
        '< WWW-Authenticate: Bearer realm="api", error="invalid_token", error_description="It expired"\n< x-request-id: 7f3a-22',
        {
            "status": ["401"],
            "endpoint": ["GET /v1/me"],
            "host": ["api.example.com"],
            "scheme": ["Bearer"],
            "challenge": ["Bearer"],
            "code": ["invalid_token"],
            "message": ["It expired"],
            "request-id": ["7f3a-22"],
            "header": ["www-authenticate"],
        },
        id="curl -v",
    ),
    pytest.param(
        'HTTP/2 401\nwww-authenticate: Digest realm="a, b", nonce="x", Basic realm="c"',
        {"challenge": ["Digest", "Basic"], "status": ["401"]},
        id="two challenges",
    ),
    pytest.param(
        "www-authenticate: Negotiate oYGeMIGboAMKAQ==, NTLM", {"challenge": ["Negotiate", "NTLM"]}, id="token68"
    ),
    pytest.param(
        'Bearer error="insufficient_scope", scope="mail.read files.read"',
        {"code": ["insufficient_scope"], "scope": ["mail.read", "files.read"]},
        id="challenge on its own",
    ),
    pytest.param(
        '{"headers":{"WWW-Authenticate":"Basic realm=\\"security\\""},"status":401}',
        {"challenge": ["Basic"], "status": ["401"], "param": ["security"]},
        id="challenge in JSON",
    ),
    pytest.param(
        "HTTP/1.1 403 Forbidden\nX-Amzn-RequestId: 9b1d-77\nServer: acme",
        {"status": ["403"], "request-id": ["9b1d-77"]},
        id="header dump",
    ),
    pytest.param(
        'headers = {"Authorization": f"access_token {token}"}', {"scheme": ["access_token"]}, id="scheme in code"
    ),
    pytest.param(
        "axios.get(u, {headers: {'Authorization': token}})",
        {"scheme": [""], "library": ["axios"]},
        id="no scheme in code",
    ),
    pytest.param("headers['Authorization'] = 'Bearer ' + token", {"scheme": ["Bearer"]}, id="scheme in an assignment"),
    pytest.param(
        'curl -H "Authorization: Token $TOKEN" https://api.example.com/v1',
        {"scheme": ["Token"], "library": ["curl"]},
        id="scheme on a command line",
    ),
    pytest.param("Authorization: [github-token]", {"scheme": [""]}, id="credential without a scheme"),
    pytest.param(
        "Authorization: AWS4-HMAC-SHA256 Credential=x/20240101/us-east-1/s3/aws4_request",
        {"scheme": ["AWS4-HMAC-SHA256"]},
        id="AWS",
    ),
    pytest.param("User-Agent: acme-python/1.2.3", {"library": ["acme-python"]}, id="user agent"),
]

URLS = [
    pytest.param(
        "https://app.example.com/cb?error=access_denied&error_description=The+user%20said+no&state=xyz",
        {"code": ["access_denied"], "message": ["The user said no"], "param": ["xyz"], "host": ["app.example.com"]},
        id="query",
    ),
    pytest.param(
        "http://localhost:3000/cb#error=invalid_scope&error_description=Unknown%20scope",
        {"code": ["invalid_scope"], "message": ["Unknown scope"], "host": ["localhost"]},
        id="fragment",
    ),
    pytest.param(
        "https://id.example.com/authorize?client_id=abc123&redirect_uri=http%3A%2F%2Flocalhost%2Fcb&response_type=code&scope=openid%20email",
        {"param": ["abc123", "http://localhost/cb", "code"], "scope": ["openid", "email"]},
        id="authorization request",
    ),
    pytest.param(
        "GET /cb?error=login_required&state=1 HTTP/1.1",
        {"code": ["login_required"], "endpoint": ["GET /cb"]},
        id="path only",
    ),
    pytest.param(
        "grant_type=refresh_token&client_id=abc123&scope=offline_access",
        {"grant": ["refresh_token"], "param": ["abc123"], "scope": ["offline_access"]},
        id="form body",
    ),
    pytest.param("jdbc:postgresql://db.example.com:5432/app", {"host": ["db.example.com"]}, id="JDBC"),
    pytest.param(
        "amqp://user:[password]@mq.example.com:5672/vhost",
        {"host": ["mq.example.com"]},
        id="credentials in the authority",
    ),
    pytest.param(
        "git@git.example.com: Permission denied (publickey).",
        {"host": ["git.example.com"], "library": ["ssh"]},
        id="SSH",
    ),
]

LOGS = [
    pytest.param(
        "2024-05-01 10:00:00,123 ERROR [worker-1] client.auth - call failed: no such key",
        {"message": ["call failed: no such key"]},
        id="log4j",
    ),
    pytest.param(
        "May  1 10:00:00 box app[123]: authentication failure for x",
        {"message": ["authentication failure for x"]},
        id="syslog",
    ),
    pytest.param(
        'time="2024-05-01T10:00:00Z" level=error msg="refresh failed" error="oauth2: no token"',
        {"message": ["refresh failed", "oauth2: no token"]},
        id="logfmt",
    ),
    pytest.param(
        '{"level":"error","ts":1,"msg":"token refused","status":401}',
        {"message": ["token refused"], "status": ["401"]},
        id="JSON log",
    ),
    pytest.param(
        "npm ERR! code E401\nnpm ERR! Incorrect or missing password.",
        {"code": ["E401"], "message": ["Incorrect or missing password."], "library": ["npm"]},
        id="npm",
    ),
    pytest.param(
        "remote: Permission to a/b.git denied to c.\nfatal: unable to access 'https://git.example.com/a/': The requested URL returned error: 403",
        {"status": ["403"], "message": ["Permission to a/b.git denied to c."], "library": ["git"]},
        id="git",
    ),
    pytest.param(
        "✘ [ERROR] A request to the API failed.\n  Not logged in [code: 10001]",
        {"message": ["A request to the API failed."], "code": ["10001"]},
        id="wrangler",
    ),
    pytest.param(
        "[API Error: 403 Access to model denied.]",
        {"status": ["403"], "message": ["403 Access to model denied."]},
        id="bracketed",
    ),
    pytest.param(
        'panic: no httpStatusCode=403 title="Client Forbidden" detail="Attach it."',
        {"status": ["403"], "message": ["Client Forbidden", "Attach it."]},
        id="key=value",
    ),
    pytest.param(
        "[ERROR][2024-02-02 12:38:36][x.py:3] - Error code: 60020, message: not from your ip, hint: [1]",
        {"code": ["60020"], "message": ["not from your ip"]},
        id="code and message in a sentence",
    ),
]

MARKUP = [
    pytest.param(
        '<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>It differs.</Message><RequestId>ABC1</RequestId></Error>',
        {"code": ["SignatureDoesNotMatch"], "message": ["It differs."], "request-id": ["ABC1"]},
        id="S3",
    ),
    pytest.param(
        "<html><head><title>401 Authorization Required</title></head><body><h1>401</h1></body></html>",
        {"status": ["401"], "message": ["Authorization Required"]},
        id="nginx",
    ),
    pytest.param(
        "<soap:Fault><faultcode>wsse:FailedAuthentication</faultcode><faultstring>It could not be authenticated</faultstring></soap:Fault>",
        {"code": ["FailedAuthentication"], "message": ["It could not be authenticated"]},
        id="SOAP",
    ),
    pytest.param(
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/>',
        {"code": ["AuthnFailed"]},
        id="SAML",
    ),
    pytest.param(
        "<xml><return_code>FAIL</return_code><return_msg><![CDATA[签名错误]]></return_msg><err_code>SIGN_ERROR</err_code></xml>",
        {"code": ["SIGN_ERROR"]},
        id="WeChat Pay",
    ),
    pytest.param(
        "&lt;Error&gt;&lt;Code&gt;AccessDenied&lt;/Code&gt;&lt;/Error&gt;", {"code": ["AccessDenied"]}, id="escaped"
    ),
    pytest.param(
        "<Error><Code>InvalidAccessKeyId</Code><Message>It does not exi", {"code": ["InvalidAccessKeyId"]}, id="cut off"
    ),
]

DRIVERS = [
    pytest.param("rpc error: code = Unauthenticated desc = invalid bearer token", {"code": ["Unauthenticated"], "message": ["invalid bearer token"]}, id="gRPC Go"),
    pytest.param('<_InactiveRpcError\n\tstatus = StatusCode.UNAUTHENTICATED\n\tdetails = "It is not valid."\n>', {"code": ["UNAUTHENTICATED"], "message": ["It is not valid."]}, id="gRPC Python"),
    pytest.param("io.grpc.StatusRuntimeException: PERMISSION_DENIED: The caller may not", {"code": ["PERMISSION_DENIED"], "message": ["The caller may not"]}, id="gRPC Java"),
    pytest.param("Error: 16 UNAUTHENTICATED: No token", {"code": ["UNAUTHENTICATED"], "message": ["No token"]}, id="gRPC Node"),
    pytest.param("< grpc-status: 16\n< grpc-message: no token", {"code": ["16"], "message": ["no token"]}, id="gRPC headers"),
    pytest.param('FATAL:  password authentication failed for user "x"', {"message": ['password authentication failed for user "x"'], "param": ["x"]}, id="PostgreSQL"),
    pytest.param('connection to server at "db.internal" (10.0.0.4), port 5432 failed: FATAL:  no pg_hba.conf entry', {"host": ["db.internal"], "message": ["no pg_hba.conf entry"]}, id="libpq"),
    pytest.param("ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)", {"code": ["1045", "28000"], "param": ["root", "localhost"]}, id="MySQL"),
    pytest.param('(pymysql.err.OperationalError) (1045, "Access denied for user")', {"code": ["1045"], "exception": ["pymysql.err.OperationalError"], "message": ["Access denied for user"]}, id="PyMySQL"),
    pytest.param("SQLSTATE[HY000] [1045] Access denied", {"code": ["HY000", "1045"], "message": ["Access denied"]}, id="PDO"),
    pytest.param("password failed (SQLSTATE 28P01)", {"code": ["28P01"]}, id="SQLSTATE"),
    pytest.param("ORA-01017: invalid username/password; logon denied", {"code": ["ORA-01017"], "message": ["invalid username/password; logon denied"]}, id="Oracle"),
    pytest.param("Msg 18456, Level 14, State 1", {"code": ["18456"]}, id="SQL Server"),
    pytest.param("pq: password authentication failed", {"message": ["password authentication failed"]}, id="lib/pq"),
    pytest.param("(error) NOAUTH Authentication required.", {"code": ["NOAUTH"], "library": ["redis"]}, id="Redis"),
    pytest.param("[LDAP: error code 49 - 80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839]", {"code": ["49", "DSID-0C090447", "52e"]}, id="LDAP"),
    pytest.param("535 5.7.8 Username and Password not accepted", {"code": ["535", "5.7.8"]}, id="SMTP"),
    pytest.param("KRB Error: (6) KDC_ERR_C_PRINCIPAL_UNKNOWN Client not found", {"code": ["KDC_ERR_C_PRINCIPAL_UNKNOWN"]}, id="Kerberos"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*TRACES, *HTTP, *URLS, *LOGS, *MARKUP, *DRIVERS])
def test_a_format_gives_its_facts(text: str, expected: Expected) -> None:
    assert missing(text, expected) == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param('{"error": "invalid_grant"}', "json", id="JSON"),
        pytest.param("{'error': 'invalid_grant'}", "python", id="Python"),
        pytest.param("Traceback (most recent call last):\nKeyError: 'x'", "traceback", id="traceback"),
        pytest.param("HTTP/1.1 401 Unauthorized\nServer: x", "http", id="http"),
        pytest.param("https://a.example/cb?error=access_denied", "url", id="url"),
        pytest.param("2024-05-01 10:00:00 ERROR no", "log", id="log"),
        pytest.param("<Error><Code>AccessDenied</Code></Error>", "markup", id="markup"),
        pytest.param("rpc error: code = Unauthenticated desc = no", "grpc", id="grpc"),
        pytest.param("ERROR 1045 (28000): no", "sql", id="sql"),
        pytest.param("Status Code: 401", "form", id="form"),
        pytest.param("const a = await fetch(url);", "code", id="code"),
        pytest.param("can somebody look at this", "prose", id="prose"),
    ],
)
def test_a_block_has_its_kind(text: str, kind: str) -> None:
    assert kind in {block.kind for block in reading(text).blocks}
