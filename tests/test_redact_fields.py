"""No secret survives in any kind of field: JSON, YAML, .env, code, XML, URLs, headers, command lines, prose."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet

from bot.paste.redact import redact

PW = "hunter" + "2!x"  # what a person chose
KEY = "9fKq2" + "LmZ7" + "xWv4TbR8"  # what a machine made, of no known shape
HEX = "3f9a" * 8
B64 = "c2VjcmV0LWtl" + "eS1vZi10aGUtYXBw" + "bGljYXRpb24="
BASIC = "YWRtaW46" + "aHVudGVyMiF4"  # admin:…
JWT = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0."
    + "eyJpc3MiOiJodHRwczovL2lzcy5leGFtcGxlIiwic3ViIjoiYm9iIn0."
    + "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
)
SAML = "PHNhbWxwOlJlc3BvbnNl" + "IHhtbG5zOnNhbWxw" * 6 + "PSJ1cm4+"
UUID = "8c7d1e7a-" + "3b5f-4c1d-9e2f-" + "1a2b3c4d5e6f"
PEM = (
    "-----BEGIN RSA PRIVATE "
    + "KEY-----\nMIIEowIBAAKCAQEA"
    + "q7F3" * 12
    + "\n"
    + "Zx9Q" * 16
    + "\n-----END RSA PRIVATE "
    + "KEY-----"
)

# {p} a password, {k} an opaque key, {h} 32 hexadecimals, {b} base64, {c} base64 of user and password, {j} a JWT,
# {s} SAML, {u} a UUID, {e} {f} {g} a PEM key: as it is, escaped, cut off
ROWS = r"""
json                    {{"client_secret": "{k}", "grant_type": "client_credentials"}}
json-password           {{"username": "bob", "password": "{p}"}}
json-camel              {{"clientSecret":"{k}"}}
json-db                 {{"dbPassword":"{p}"}}
json-escaped            {{"body":"{{\"client_secret\":\"{k}\",\"x\":1}}"}}
json-escaped-twice      {{\\\"refresh_token\\\":\\\"{k}\\\"}}
json-unicode-escaped    {{\u0022client_secret\u0022:\u0022{k}\u0022}}
json-entities           &quot;access_token&quot;:&quot;{k}&quot;
json-list               {{"api_keys": ["{k}"]}}
json-docker             {{"auths":{{"registry.example.com":{{"auth":"{c}"}}}}}}
json-blank-line         {{"client_secret": "{k}"}}\n\nthat is all
php-tight               'password' =>'{p}',
json-cut                {{"error":"invalid_client","client_secret":"{k}
json-wechat             {{"appid":"wx12","secret":"{h}"}}
json-wecom              {{"corpid":"ww1","corpsecret":"{k}"}}
json-feishu             {{"app_id":"cli_1","app_secret":"{k}"}}
json-dingtalk           {{"appKey":"ding1","appSecret":"{k}"}}
json-name-value         {{"name":"DB_PASSWORD","value":"{p}"}}
json-jwk                {{"kty":"RSA","n":"abc","d":"{k}{k}"}}
json-vault              {{"role_id":"1","secret_id":"{k}"}}
json-firebase           {{"private_key_id":"1","private_key":"{k}{k}"}}
json-fake-colon         {{"token" : "{k}"}}
python-repr             {{'client_id': 'a', 'client_secret': '{k}'}}
python-kwarg            login(user="bob", password="{p}")
python-assign           client_secret = "{k}"
python-typed            api_key: str = "{k}"
python-bytes            secret = b'{k}'
python-subscript        os.environ["OPENAI_API_KEY"] = "{k}"
python-headers          headers = {{"X-Api-Key": "{k}"}}
js-const                const token = '{k}';
js-template             const apiKey = `{k}`;
js-property             {{ apiKey: "{k}" }}
js-typed                const token: string = "{k}";
php-arrow               'password' => '{p}',
php-define              define('DB_PASSWORD', '{p}');
go-assign               token := "{k}"
java-setter             config.setPassword("{p}");
java-builder            .password("{p}")
java-property           props.put("password", "{p}");
csharp                  string clientSecret = @"{k}";
ruby                    api_key: '{k}',
rust                    let secret_key = "{k}";
sql-identified          CREATE USER 'app'@'%' IDENTIFIED BY '{p}';
sql-password            ALTER USER app WITH PASSWORD '{p}';
yaml                    password: {p}
yaml-nested             spring:\n  datasource:\n    password: {p}\n    url: x
yaml-quoted             client-secret: "{k}"
yaml-block              private_token: |\n  {k}\nother: 1
yaml-k8s-env            - name: DB_PASSWORD\n  value: {p}
yaml-k8s-secret         kind: Secret\ndata:\n  password: {b}
yaml-kubeconfig         users:\n- user:\n    token: {k}
yaml-kubeconfig-key     client-key-data: {b}
toml                    secret_key = "{k}"
env                     AZURE_CLIENT_SECRET={k}
env-export              export OPENAI_API_KEY={k}
env-plain-password      DB_PASSWORD=correcthorse{p}
env-quoted              SECRET_KEY='{k}'
env-symbols             SMTP_PASSWORD=a#b&c%d{p}
env-suffix              DB_PASSWORD_PROD={p}
env-version             APP_SECRET_V2={k}
env-laravel             APP_KEY=base64:{b}
env-aws                 AWS_SECRET_ACCESS_KEY={b}
env-aws-session         AWS_SESSION_TOKEN={b}{b}
ini                     [client]\nuser=root\npassword={p}
properties              spring.datasource.password={p}
properties-colon        jdbc.password:{p}
powershell              $env:CLIENT_SECRET="{k}"
powershell-parameter    Connect-Thing -Password {p}
setx                    setx OPENAI_API_KEY {k}
csh                     setenv GITHUB_TOKEN {k}
dockerfile              ENV NPM_TOKEN {k}
xml-element             <password>{p}</password>
xml-namespace           <wsse:Password Type="PasswordText">{p}</wsse:Password>
xml-attribute           <user name="bob" password="{p}"/>
xml-add                 <add key="ApiKey" value="{k}" />
xml-string              <string name="client_secret">{k}</string>
html-input              <input type="hidden" name="csrf_token" value="{k}">
plist                   <key>apiKey</key>\n<string>{k}</string>
maven                   <server><username>x</username><password>{p}</password></server>
multipart               Content-Disposition: form-data; name="password"\r\n\r\n{p}\r\n--b
query                   https://api.example.com/x?appid=1&secret={h}&a=b
query-token             GET /cgi-bin/user?access_token={k}&openid=2
query-fragment          https://app.example.com/#access_token={k}&token_type=bearer
query-code              https://app.example.com/callback?code={k}&state=xyz
query-code-wechat       https://api.example.com/sns/oauth2?appid=1&code={k}&grant_type=authorization_code
query-encoded           redirect?next=%2Fcb%3Fclient_secret%3D{k}%26x%3D1
query-double-encoded    next=client_secret%253D{k}
query-sas               https://a.blob.core.windows.net/c?sv=2022&sig={k}%2Babc%3D
query-signed            https://b.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature={h}{h}
query-goog              https://storage.googleapis.com/b/o?X-Goog-Signature={h}{h}
query-otp               otpauth://totp/Example:bob?secret=JBSWY3DPEHPK3PXP&issuer=Example {k1}
form                    grant_type=refresh_token&refresh_token={k}&client_id=1
form-password           grant_type=password&username=bob&password={p}
form-exchange           grant_type=authorization_code&code={k}&redirect_uri=https://x.example
form-verifier           code_verifier={k}{k}&client_id=1
form-device             grant_type=device_code&device_code={k}
form-assertion          client_assertion={j}&x=1
form-saml               SAMLResponse={s}&RelayState=1
saml-json               "SAMLResponse": "{s}"
saml-request            https://idp.example.com/sso?SAMLRequest={s}
header-bearer           Authorization: Bearer {k}
header-bearer-lower     authorization: bearer {k}
header-basic            Authorization: Basic {c}
header-token            Authorization: Token {k}
header-wrong-scheme     Authorization: access_token {k}
header-none             Authorization: {k}
header-jwt              Authorization: Bearer {j}
header-json             "Authorization": "Bearer {k}"
header-python           'Authorization': 'Bearer {k}'
header-digest           Authorization: Digest username="b", realm="r", nonce="n", uri="/", response="{h}"
header-oauth1           Authorization: OAuth oauth_consumer_key="c", oauth_signature="{k}%3D"
header-sigv4            Authorization: AWS4-HMAC-SHA256 Credential=x/20240101/eu-west-1/s3/aws4, Signature={h}{h}
header-ssws             Authorization: SSWS {k}
header-apikey           Authorization: ApiKey {b}
header-negotiate        Authorization: Negotiate YIIFwQYGKwYB{b}
header-proxy            Proxy-Authorization: Basic {c}
header-api-key          X-Api-Key: {k}
header-goog             x-goog-api-key: {k}
header-azure            api-key: {h}
header-subscription     Ocp-Apim-Subscription-Key: {h}
header-private          PRIVATE-TOKEN: {k}
header-vault            X-Vault-Token: {k}
header-auth-token       X-Auth-Token: {k}
header-amz              X-Amz-Security-Token: {b}{b}
header-csrf             X-CSRF-Token: {k}
header-cookie           Cookie: sessionid={k}; theme=x
header-set-cookie       Set-Cookie: sid={k}; Path=/; HttpOnly
header-dpop             DPoP: {j}
header-curl-verbose     > Authorization: Bearer {k}\n> Accept: */*
header-escaped-lines    "GET / HTTP/1.1\r\nAuthorization: Bearer {k}\r\nHost: x"
curl-user               curl -u bob:{p} https://api.example.com
curl-user-long          curl --user 'bob:{p}' https://api.example.com
curl-header             curl -H "Authorization: Bearer {k}" https://api.example.com
curl-header-key         curl -H 'X-Api-Key: {k}' https://api.example.com
curl-data               curl -d 'client_secret={k}&x=1' https://api.example.com
curl-cookie             curl -b 'session={k}' https://api.example.com
wget                    wget --http-password={p} https://x.example
httpie                  http -a bob:{p} https://x.example
sshpass                 sshpass -p {p} ssh root@host
mysql                   mysql -u root -p{p} mydb
redis-cli               redis-cli -h host -a {p} ping
docker-login            docker login -u bob -p {p} registry.example.com
flag                    tool --password {p} --verbose
flag-equals             tool --client-secret={k}
flag-token              tool --token {k}
helm                    helm install x --set db.password={p}
literal                 kubectl create secret generic x --from-literal=password={p}
echo-stdin              echo {p} | docker login --username bob --password-stdin
chpasswd                echo "root:{p}" | chpasswd
openssl                 openssl rsa -in k.pem -passin pass:{p}
keytool                 keytool -list -storepass {p}
ldapsearch              ldapsearch -D cn=admin -w {p} -b dc=x
sqlcmd                  sqlcmd -S srv -U sa -P {p}
netrc                   machine api.example.com login bob password {p}
pgpass                  db.example.com:5432:app:bob:{p}
pgpassword              PGPASSWORD={p} psql -h host
url-postgres            postgres://bob:{p}@db.example.com:5432/app
url-mongo               mongodb+srv://bob:{p}@cluster0.example.net/app
url-redis               redis://:{p}@cache.example.com:6379/0
url-amqp                amqp://bob:{p}@mq.example.com
url-http                https://bob:{p}@api.example.com/x
url-git                 https://oauth2:{k}@gitlab.example.com/a/b.git
url-token-only          https://{k}@git.example.com/a/b.git
url-at-sign             postgres://bob:p@ss{p}@db.example.com/app
url-sqlalchemy          postgresql+psycopg2://bob:{p}@localhost/app
url-smtp                smtp://bob%40x:{p}@mail.example.com:587
url-escaped             "postgres:\/\/bob:{p}@db.example.com\/app"
dsn-sentry              https://{h}@o12.ingest.sentry.io/34
dsn-ado                 Server=db;Database=a;User Id=sa;Password={p};Encrypt=true
dsn-odbc                Driver={{x}};Server=db;UID=sa;PWD={p};
dsn-jdbc                jdbc:mysql://db/a?user=bob&password={p}
dsn-oracle              jdbc:oracle:thin:scott/{p}@//db:1521/orcl
dsn-storage             DefaultEndpointsProtocol=https;AccountName=a;AccountKey={b}{b};EndpointSuffix=core.windows.net
dsn-servicebus          Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={b}
dsn-libpq               host=db user=bob password={p} dbname=app
kafka-jaas              sasl.jaas.config=org.x.PlainLoginModule required username="bob" password="{p}";
hook-slack              https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/{k}
hook-discord            https://discord.com/api/webhooks/123456789012345678/{k}{k}
hook-feishu             https://open.feishu.cn/open-apis/bot/v2/hook/{u}
hook-wecom              https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={u}
hook-dingtalk           https://oapi.dingtalk.com/robot/send?access_token={h}{h}
rpc-infura              https://mainnet.infura.io/v3/{h}
smtp-auth               AUTH PLAIN {c}
imap-login              a1 LOGIN bob@example.com {p}
ftp-pass                USER bob\nPASS {p}
cookie-jar              .example.com\tTRUE\t/\tTRUE\t1999999999\tsession\t{k}
table-markdown          | password | {p} |
prose-is                my password is {p} and it does not work
prose-colon             Password: {p}
prose-token             The access token is {k}
prose-api-key           My API key: {k}
prose-quoted            I use the password "{p}" here
chinese-is              密码是{p}
chinese-colon           密码：{p}
chinese-key             我的密钥是 {k} 请问
chinese-token           令牌：{k}
german                  Passwort: {p}
pem                     {e}
pem-escaped             {{"private_key":"{f}"}}
pem-cut                 {g}
bearer-alone            I sent Bearer {k} and got 401
basic-alone             tried Basic {c} too
uuid-secret             client_secret={u}
laravel-session         laravel_session={k}; path=/
wordpress-salt          define('AUTH_KEY', '{k}{k}');
snmp                    snmp-server community {k} RO
cisco                   enable secret 5 {k}
ntlm                    bob:500:{h}:{h}:::
wifi                    WIFI:S:home;T:WPA;P:{p};;
full-width-separator    密码＝{p}
smart-quotes            “client_secret”: “{k}”
""".strip().splitlines()


def rows() -> list[ParameterSet]:
    values = {"p": PW, "k": KEY, "h": HEX, "b": B64, "c": BASIC, "j": JWT, "s": SAML, "u": UUID, "e": PEM, "k1": ""}
    values |= {"f": PEM.replace("\n", "\\n"), "g": PEM[: len(PEM) - 40]}
    params = []
    for row in ROWS:
        name, shape = row.split(maxsplit=1)
        if ("json" not in name or "blank" in name) and "escaped" not in name:
            shape = shape.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
        params.append(pytest.param(shape.format(**values), id=name))
    return params


SECRETS = [PW, KEY, HEX, B64, BASIC, JWT.split(".")[2], SAML[:40], UUID, "q7F3" * 4, "Zx9Q" * 4, "JBSWY3DPEHPK3PXP"]


@pytest.mark.parametrize("text", rows())
def test_no_secret_survives(text: str) -> None:
    redaction = redact(text)

    assert [secret for secret in SECRETS if secret in redaction.text] == []
    assert redaction.traits


@pytest.mark.parametrize("text", rows())
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = redact(text).text

    assert redact(once).text == once
    assert redact(once).traits == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"Authorization: Bearer {JWT}", "Authorization: Bearer [jwt]", id="bearer jwt"),
        pytest.param(f"Authorization: access_token {KEY}", "Authorization: access_token [token]", id="odd scheme"),
        pytest.param(f"Authorization: {KEY}", "Authorization: [token]", id="no scheme"),
        pytest.param(f"Authorization: Basic {BASIC}", "Authorization: Basic [basic-credentials]", id="basic"),
        pytest.param(f'{{"client_secret":"{KEY}","a":1}}', '{"client_secret":"[client-secret]","a":1}', id="json"),
        pytest.param(f"postgres://bob:{PW}@db/app", "postgres://bob:[password]@db/app", id="url"),
        pytest.param(f"AWS_SECRET_ACCESS_KEY={B64}", "AWS_SECRET_ACCESS_KEY=[aws-secret-access-key]", id="aws"),
        pytest.param(f"a?SAMLResponse={SAML}&b=1", "a?SAMLResponse=[saml-response]&b=1", id="saml"),
        pytest.param(f"x {PEM} y", "x [private-key] y", id="pem"),
        pytest.param(
            f"Set-Cookie: sid={KEY}; Path=/; Secure", "Set-Cookie: sid=[cookie]; Path=/; Secure", id="set-cookie"
        ),
        pytest.param(f"密码：{PW}，然后报错", "密码：[password]，然后报错", id="full-width punctuation stays"),
        pytest.param(f"curl -u bob:{PW} https://x", "curl -u bob:[password] https://x", id="curl"),
        pytest.param(f"“password”: “{PW}”", "“password”: “[password]”", id="smart quotes stay"),
    ],
)
def test_only_the_secret_goes(text: str, expected: str) -> None:
    assert redact(text).text == expected
