"""What is no secret stays readable: errors, ids, hashes, placeholders, code and sentences about secrets."""

from __future__ import annotations

import pytest

from bot.paste.redact import redact

HARMLESS = r"""
# errors and their codes
{"error":"invalid_client","error_description":"Client authentication failed"}
{"error":"invalid_grant","error_description":"Token has been expired or revoked."}
{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}
{"error":{"message":"Incorrect API key provided: sk-ab**********cd.","type":"invalid_request_error"}}
{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest"}
{"code":"TOKEN_EXPIRED","message":"The token has expired"}
{"code": "invalid_api_key"}
code=40001
errcode=40125&errmsg=invalid appsecret
AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value, not the ID
AADSTS50011: The redirect URI 'https://app.example.com/cb' specified in the request does not match
Trace ID: 5e3ce6c0-2b1f-4285-8d4b-75ee78787346 Correlation ID: 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d
Error code: 401 - {'error': {'code': '', 'message': '无效的令牌 (request id: 20250101100814161456584b503l5fK)'}}
WWW-Authenticate: Bearer error="invalid_token", error_description="The access token expired"
WWW-Authenticate: Basic realm="Restricted"
WWW-Authenticate: Digest realm="r", qop="auth", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", algorithm=MD5
www-authenticate: Bearer authorization_uri="https://login.example.com/oauth2/authorize"
error=invalid_token&error_description=The+token+is+expired
https://app.example.com/cb?error=access_denied&error_description=denied&state=af0ifjsldkj9Qx2
password authentication failed for user "postgres"
FATAL: password authentication failed for user "app_user1"
Access denied for user 'root'@'localhost' (using password: YES)
Access denied for user 'root'@'10.0.0.5' (using password: NO)
ERROR 1045 (28000): Access denied for user 'bob'@'%' (using password: YES)
token: expired
token: invalid
Token: missing
"token": "is required"
"token": "invalid"
{"password":["This field is required."]}
{"password":"must be at least 8 characters"}
{"client_secret":"is missing"}
Invalid token: signature mismatch
Invalid API key: check your settings
Invalid signature: HMAC mismatch
csrf token missing
CSRF token missing or incorrect.
403 Forbidden: CSRF verification failed. Request aborted.
JsonWebTokenError: invalid signature
JsonWebTokenError: jwt malformed
TokenExpiredError: jwt expired
SyntaxError: Unexpected token '<', "<!DOCTYPE "... is not valid JSON
SyntaxError: Unexpected token: ')'
unexpected token: identifier
Authorization header is missing
Authorization: header required
Missing Authorization: Bearer token
The Authorization header must be: Bearer <token>
Bearer token is missing or malformed
Bearer authentication required
Basic authentication is not supported
Use Basic authentication instead of tokens
Authentication token: not found
Login failed: wrong password
The password is incorrect
the password is wrong, please try again
my password is not working
The secret is stored in the vault
The token is invalid
The access token is expired
Your API key is invalid or has been revoked.
Password: incorrect
password: required
Enter password:
Password for 'https://bob@github.com':
Username or password is incorrect
Secret key: not configured
secret not found: db-credentials
secret "db-credentials" not found
MountVolume.SetUp failed for volume "x" : secret "my-app-tls" not found
Failed to pull image: unauthorized: authentication required
denied: requested access to the resource is denied
# ids
x-request-id: 7f3c9a1e-52d4-4b1c-9e2f-8d7c6b5a4f3e
X-Amzn-RequestId: 1b4d5c3e-7777-4e2a-9c11-0f2a6b3c4d5e
request_id=req_011CSHoEeqs5C35K2UUqR7Fy
"request_id": "req_7d8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b"
cf-ray: 8a1b2c3d4e5f6789-FRA
traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
x-b3-traceid: 80f198ee56343ba864fe8b2a57d3eff7
x-ms-request-id: 0f7c1b5a-8e2d-4c3b-9a1f-6d5e4c3b2a10
x-amz-cf-id: k3mZ8xQpT1vN4bR7wY2cF5hJ9lD6sG0aE3uI8oP1nM4qK7tV2zX5yA==
client_id=6731de76-14a6-49ae-97bc-6eba6914391e
client_id=123456789012-abc3def5ghi7jkl9mno1pqr3stu5vwx7.apps.googleusercontent.com
Unable to verify secret hash for client 4ab8c2d1e5f6g7h8i9j0k1l2m3
Application with identifier '6731de76-14a6-49ae-97bc-6eba6914391e' was not found in the directory
"appid": "wx1a2b3c4d5e6f7a8b"
"app_id": "cli_a1b2c3d4e5f6a7b8"
tenant_id: 72f988bf-86f1-41af-91ab-2d7cd011db47
User: arn:aws:iam::123456789012:user/bob is not authorized to perform: s3:GetObject
arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf
arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
key id: 1234abcd-12ab-34cd-56ef-1234567890ab
"kid": "2022-07-01T00:00:00.signing"
kid=NjVBRjY5MDlCMUIwNzU4RTA2QzZFMDQ4QzQ2MDAyQjVDNjk1RTM2Qg
keyid: A1B2C3D4E5F60718
"jti": "b6a1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d"
"private_key_id": "3f1d2c4b5a69788796a5b4c3d2e1f0a9b8c7d6e5"
"secretId": "vault-path"
serial number: 04:e5:4f:12:8a:9b:3c:7d
session_state=9c1e5b7a-2f3d-4e6c-8a1b-0d9f7e5c3b21
nonce=n-0S6_WzA2Mj9xQ7
state=af0ifjsldkj8Zk2
code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
"user_code": "WDJB-MJHT"
oid: 00000003-0000-0000-c000-000000000000
# hashes
commit 9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"integrity": "sha512-oJz7xv6pYlTmSgMHqj6r8sDJ5ZkHyZ9V2P4rWQ=="
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
md5: d41d8cd98f00b204e9800998ecf8427e
checksum=5d41402abc4b2a76b9719d911017c592
SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDbjcjrVAf4wEDY4xk
RSA key fingerprint is SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8.
public key fingerprint: SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 bob@laptop
"sub_jwk_thumbprint": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
x5t: dGhpcyBpcyBhIHRodW1icHJpbnQ
image: registry.example.com/app@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYD\n-----END CERTIFICATE-----
-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo\n-----END PUBLIC KEY-----
Expected "-----BEGIN PRIVATE KEY-----" at the start
error:0909006C:PEM routines:get_name:no start line:Expecting: ANY PRIVATE KEY
# placeholders
api_key=YOUR_API_KEY
api_key: "your-api-key-here"
OPENAI_API_KEY=sk-...
OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxx
Authorization: Bearer <token>
Authorization: Bearer YOUR_ACCESS_TOKEN
Authorization: Bearer {token}
Authorization: Bearer $TOKEN
Authorization: Bearer ${TOKEN}
Authorization: Bearer ****
Authorization: Basic <base64>
Authorization: Bearer ...
curl -H "Authorization: Bearer $GITHUB_TOKEN" https://api.github.com
curl -u user:$PASSWORD https://api.example.com
token: ${{ secrets.GITHUB_TOKEN }}
password: ${DB_PASSWORD}
password: {{ .Values.db.password }}
password: "{{ vault_password }}"
password=%s
password: ********
password: xxxxxxxx
password=<your password>
password: [REDACTED]
"password": "[FILTERED]"
"password": null
"password": ""
"password": true
password = None
token: null
token=undefined
secret: <redacted>
client_secret=...
client_secret=<client_secret>
postgres://user:${PASSWORD}@localhost/db
postgres://user:<password>@localhost/db
https://user:****@example.com
mysql -u root -p
sk-abc***xyz
"api_key": "sk-***"
key = "insert-your-key-here"
CLIENT_SECRET=your_client_secret
hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX
# code
token = get_access_token(url, client_id, client_secret)
token=token
password=password
login(username=username, password=password)
password=self.password
password = args.password
client_secret=settings.CLIENT_SECRET
api_key=os.environ["OPENAI_API_KEY"]
api_key = os.getenv("OPENAI_API_KEY")
apiKey: process.env.OPENAI_API_KEY,
const token = req.headers.authorization;
const secret = process.env.JWT_SECRET;
const token = jwt.sign(payload, secret, options);
headers = {"Authorization": f"Bearer {token}"}
headers: { Authorization: `Bearer ${token}` }
"Authorization": "Bearer " + token
$token = $this->auth->getOAuthToken($code);
String token = request.getHeader("Authorization");
var password = Console.ReadLine();
invalid_token = "your_current_token_here"
def __init__(self, token: str, secret: Optional[str] = None):
function login(username: string, password: string)
password: z.string().min(8)
password = models.CharField(max_length=128)
token, err := jwt.Parse(tokenString, keyFunc)
if (!token) throw new UnauthorizedException();
self.token = None
from django.contrib.auth.hashers import make_password
at com.nimbusds.jose.JWSVerifier.verifySignature(JWSVerifier.java:142)
File "/usr/lib/python3/site-packages/oauthlib/oauth2/rfc6749/tokens.py", line 42, in parse_token
node_modules/jsonwebtoken/verify.js:190:21
secretKeyRef:\n  name: db-credentials\n  key: password
secretName: my-secret
existingSecret: my-app-postgres
imagePullSecrets:\n- name: regcred
volumes:\n- name: creds\n  secret:\n    secretName: app-tls
# OAuth parameters
grant_type=refresh_token
grant_type=client_credentials&scope=api.read
response_type=code&client_id=abc&redirect_uri=https://app.example.com/cb
"token_type":"bearer","expires_in":3600
"token_type": "Bearer"
token_endpoint_auth_method=client_secret_basic
"token_endpoint": "https://login.example.com/oauth2/v2.0/token"
"token_uri": "https://oauth2.googleapis.com/token"
tokenType: Bearer
scope=openid profile email offline_access
id_token_signed_response_alg: RS256
"max_tokens": 4096
prompt_tokens: 12, completion_tokens: 34, total_tokens: 46
maxTokens=1024
nextPageToken: CAUQAA
"password_policy": "strong"
password_reset_url=https://example.com/reset
"has_password": true
secret_name=prod/db
key: value
key=primary
primary_key=user_id
cache key: user:42:profile
public_key: ed25519
sort_key=created_at
duplicate key value violates unique constraint "users_email_key"
Duplicate entry 'bob@example.com' for key 'users.email'
KeyError: 'access_token'
KeyError: 'password'
Missing required parameter: client_secret
Parameter 'client_secret' is required
required fields: client_id, client_secret, refresh_token
["client_id", "client_secret", "refresh_token"]
The client_secret parameter must not be empty
auth: true
auth_type=oauth2
auth=basic
authMethod: kubernetes
session: expired
session=None
cookie: not set
Cookies must be enabled
Cookie "SameSite" attribute is missing
SameSite=None; Secure; HttpOnly
signature: invalid
sig mismatch
alg=HS256
"code": 401
"code": "ERR_BAD_REQUEST"
status code: 403
exit code: 128
error code = 0x80090308
verification code: incorrect
ticket: ABC-1234
otp: invalid
# addresses and words
https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token
https://api.example.com:8443/v1/users?page=2&per_page=100
git@github.com:octocat/hello-world.git
ssh: connect to host 10.0.0.5 port 22: Connection refused
bob@example.com
2001:db8::ff00:42:8329
Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36
OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024
2024-05-01T12:00:00.123Z ERROR [main] c.e.AuthFilter - Authentication failed for user bob
May  1 12:00:00 host sshd[1234]: Failed password for invalid user admin from 203.0.113.7 port 52814 ssh2
org.springframework.security.authentication.BadCredentialsException: Bad credentials
SpringSecurityAuthenticationManagerBuilderConfiguration
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk
my-app-deployment-7d9f8b6c5d-x2k4j
us-east-1_AbC123xyZ
registry.example.com/team/app:v1.2.3-rc.4
npm ERR! code E401
npm ERR! Unable to authenticate, need: Basic realm="npm"
remote: HTTP Basic: Access denied. The provided password or token is incorrect
fatal: Authentication failed for 'https://github.com/octocat/hello-world.git/'
docker login -u bob registry.example.com
ssh -i ~/.ssh/id_ed25519 bob@example.com
# more of what people paste
Invalid token: token contains an invalid number of segments
The token was issued on 2024-01-01T00:00:00.0000000Z and the maximum allowed lifetime is 1.00:00:00
OAuthException: (#190) Error validating access token: Session has expired on Monday, 01-Jan-24 00:00:00 PST.
"fbtrace_id":"AbCdEfGhIjKlMnOpQrStUvW"
Slack API error: not_authed
x-amzn-trace-id: Root=1-5759e988-bd862e3fe1be46a994272793
{"__type":"NotAuthorizedException","message":"Refresh Token has been revoked"}
kubectl: error: You must be logged in to the server (Unauthorized)
FATAL:  no pg_hba.conf entry for host "10.0.0.5", user "app", database "app", SSL off
remote: Permission to octocat/hello.git denied to github-actions[bot].
ERROR: Cannot perform an interactive login from a non TTY device
npm notice shasum: 9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c
npm notice integrity: sha512-4Jt3Kx2[...]Q==
error: gpg failed to sign the data
gpg: using RSA key 4AEE18F83AFDEB23A1B2C3D4E5F60718293A4B5C
Key fingerprint = 4AEE 18F8 3AFD EB23 A1B2  C3D4 E5F6 0718 293A 4B5C
ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain
{"errcode":40163,"errmsg":"code been used, rid: 65a1b2c3-1d2e3f4a-5b6c7d8e"}
{"errcode":60020,"errmsg":"not allow to access from your ip, hint: [1700000000123456789012345], from ip: 1.2.3.4"}
{"code":"40101","msg":"签名错误","request_id":"a1b2c3d4e5f60718293a4b5c6d7e8f90"}
获取 access_token 失败:AppSecret 错误,请到后台重置
secret 和 token 有什么区别
token不能为空
密码 不正确
Token 验证失败: signature verification failed
token expired at 1700000000
Token exp: 1700000000, now: 1700003600
"exp": 1700000000, "iat": 1699996400, "iss": "https://issuer.example.com", "aud": "api"
password reset token is invalid
Authorization: Bearer error
the key is in the wrong format
key must be a string
The session is invalid
Session ID: not found
session_id is required
secret_key must be at least 32 characters
SECRET_KEY setting must not be empty
django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.
JWT_SECRET is not defined
process.env.JWT_SECRET is undefined
secretOrPrivateKey must have a value
Error: secretOrPublicKey must be an asymmetric key when using RS256
Passport: user not found
auth/invalid-api-key
Firebase: Error (auth/invalid-credential).
firebase: auth/id-token-expired
API key expired. Please renew the API key.
reason: "API_KEY_INVALID" domain: "googleapis.com"
metadata: {"service": "generativelanguage.googleapis.com"}
Please pass a valid API key.
DefaultCredentialsError: Could not automatically determine credentials. Please set GOOGLE_APPLICATION_CREDENTIALS
GOOGLE_APPLICATION_CREDENTIALS=/home/bob/keys/service-account.json
AWS_PROFILE=prod AWS_REGION=us-east-1
AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token
token_file: /var/run/secrets/token
tokenPath: ./token.json
credentials: include
credentials = 'same-origin'
Access-Control-Allow-Headers: Authorization, X-Api-Key, Content-Type
access-control-allow-credentials: true
Vary: Authorization, Cookie
Set-Cookie: was blocked because it had the "SameSite=Lax" attribute
sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==
sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
"sessionState": "3f2b8c1e-aaaa-4bbb-8ccc-1234567890ab"
"login_hint": "bob"
"auth_time": 1700000000
"acr": "1", "amr": ["pwd"]
# Chinese
密码错误，请重新输入
密码不能为空
密码是错的吗？
用户名或密码错误
无效的令牌
令牌已过期，请重新获取
密钥无效
access_token 已过期
请检查 client_secret 是否正确
签名错误：sign 不匹配
token 失效了怎么办
我的密码忘记了
验证码错误
""".strip().splitlines()

ROWS = [row.replace("\\n", "\n") for row in HARMLESS if not row.startswith("# ")]


@pytest.mark.parametrize("text", ROWS)
def test_stays_as_it_is(text: str) -> None:
    redaction = redact(text)

    assert redaction.text == text
    assert redaction.traits == ()


def test_stays_as_it_is_all_in_one_paste() -> None:
    paste = "\n\n".join(ROWS)

    assert redact(paste).text == paste
