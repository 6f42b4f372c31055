"""Redaction of what only its place tells: arguments of calls, tables, manifests, sentences; and what must stay."""

from __future__ import annotations

import pytest

from bot.paste.redact import redact
from bot.service import read_paste

KEY = "9fKq2" + "LmZ7" + "xWv4TbR8" + "pQ3nYc6H"
PASSWORD = "Tr0ub4" + "dor!9x"
BASE64 = "hR4v" * 9 + "Zk8="
DIGITS = "4" + "93081"
WORDS = "legal winner thank year wave sausage worth useful orbit winner thank yellow"


def row(name: str, template: str, secret: str = KEY) -> object:
    return pytest.param(template.replace("{}", secret), secret, id=name)


MUST = [
    row("a token of letters alone", "huggingface_hub login with hf_{} says 401", "qWeRtYuIoPaSdFgHjKlZxCvBnMqAzWsXeD"),
    row("an access token of X", "{} is refused", "1234567890123456789-" + KEY + "aB3dE5"),
    row("gmail app password", "SMTP_PASSWORD={}\n535 5.7.8", "abcd efgh ijkl mnop"),
    row("redis auth", "REDIS_AUTH={}", "foobared1"),
    # The arguments of calls
    row("go basic auth", 'req.SetBasicAuth("admin", "{}")', PASSWORD),
    row("python requests tuple", "requests.get(url, auth=('bob', '{}'))\n<Response [401]>", PASSWORD),
    row("rust basic_auth", 'client.get(url).basic_auth("bob", Some("{}"))', PASSWORD),
    row("c# network credential", 'new NetworkCredential("bob", "{}")', PASSWORD),
    row("smtp login", 'server.login("me@x.example", "{}")\nSMTPAuthenticationError: (535, ...)', PASSWORD),
    row("go smtp", 'smtp.PlainAuth("", "bob@x.example", "{}", "smtp.x.example")', PASSWORD),
    row("mysqli", "new mysqli('localhost', 'root', '{}', 'shop');", PASSWORD),
    row("pdo in a trace", "#0 /app/db.php(12): PDO->__construct('mysql:host=db', 'root', '{}')", PASSWORD),
    row("jdbc", 'DriverManager.getConnection("jdbc:mysql://localhost/db", "root", "{}");', PASSWORD),
    row("oracle", 'cx_Oracle.connect("scott", "{}", "h/orcl")', PASSWORD),
    row("ldap3", "Connection(server, 'cn=admin', '{}', auto_bind=True)", PASSWORD),
    row("mongo shell", "db.auth('admin', '{}')\nError: Authentication failed.", PASSWORD),
    row("jedis", 'jedis.auth("{}");', PASSWORD),
    row("jwt.sign", "jwt.sign({ id: user.id }, '{}', { expiresIn: '1h' })"),
    row("jwt.verify", "jwt.verify(token, '{}', { algorithms: ['HS256'] })"),
    row("createHmac", "crypto.createHmac('sha256', '{}').update(body)"),
    row("symmetric key", 'new SymmetricSecurityKey(Encoding.UTF8.GetBytes("{}"))'),
    row("go signed string", 'token.SignedString([]byte("{}"))'),
    row("bot.run", 'bot.run("{}")\nLoginFailure: Improper token has been passed.'),
    row("client.login", "client.login('{}');\nError [TOKEN_INVALID]"),
    row("client of an api", 'client = OpenAI("{}")'),
    row("bearer_auth", 'client.get(url).bearer_auth("{}").send()'),
    row("azure credential", 'new ClientSecretCredential(tenantId, clientId, "{}")'),
    row("huawei", 'new BasicCredentials().withAk("x").withSk("{}")'),
    row("require()()", "require('twilio')('sid', '{}')"),
    row("insert", "INSERT INTO users (name, password) VALUES ('bob', '{}');", PASSWORD),
    row("build config", 'buildConfigField("String", "MAPS_API_KEY", "\\"{}\\"")'),
    row("curlopt", "curl_setopt($ch, CURLOPT_USERPWD, 'bob:{}');", PASSWORD),
    # Ways to write a field
    row("print_r", "Array\n(\n    [username] => bob\n    [password] => {}\n)", PASSWORD),
    row("var_dump", '  ["password"]=>\n  string(12) "{}"\n}', PASSWORD),
    row("serialize", 's:8:"password";s:12:"{}";', PASSWORD),
    row("form brackets", "user[email]=a&user[password]={}&commit=x", PASSWORD),
    row("form brackets encoded", "user%5Bpassword%5D={}&x=1", PASSWORD),
    row("java toString", "OAuth2AccessToken [value={}, expiration=null]"),
    row("swift optional", 'token: Optional("{}")'),
    row("markdown bold", "**Client Secret:** `{}`"),
    row("log brackets", "[DEBUG] Using API key [{}]"),
    row("header broken", "Authorization: Bearer\n  {}"),
    row("subprotocol", "Sec-WebSocket-Protocol: bearer, {}"),
    row("terraform default", 'variable "admin_password" {\n  type = string\n  default = "{}"\n}', PASSWORD),
    row("odbc", "Driver={ODBC Driver 18};Server=h;UID=sa;PWD={" + PASSWORD + "};", PASSWORD),
    row("go dsn", 'sql.Open("mysql", "root:{}@tcp(127.0.0.1:3306)/shop")', PASSWORD),
    row("ldif base64", "userPassword:: {}", BASE64),
    row("prompt", "AWS Secret Access Key [None]: {}\nDefault region name [None]:"),
    row("mssql", "CREATE LOGIN bob WITH PASSWORD = N'{}', CHECK_POLICY=OFF", PASSWORD),
    row("sk", "ak=x\nsk={}\nAPIGW.0301"),
    row("powershell env", '$env:GITHUB_PAT = "{}"'),
    row("a user with a number", "DB2_PASSWORD={}", PASSWORD),
    row("reset link", "https://x.example/verify?oobCode={}&mode=verifyEmail"),
    row("unattended setup", "<AdministratorPassword><Value>{}</Value></AdministratorPassword>", PASSWORD),
    # Files, tables and commands
    row("secret manifest", "kind: Secret\nmetadata:\n  name: x\ndata:\n  config.ini: {}\n", BASE64),
    row("secret manifest plain", "kind: Secret\nstringData:\n  note: {}\n"),
    row("secret manifest block", "kind: Secret\nstringData:\n  a.conf: |\n    x {}\n    y\n"),
    row("secret manifest json", '{"apiVersion":"v1","data":{"cfg":"{}"},"kind":"Secret"}', BASE64),
    row("csv", "name,client_id,client_secret\nprod,abc,{}"),
    row("aws csv", "Access key ID,Secret access key\nid,{}\n"),
    row("columns", "NAME   TOKEN\nci     {}"),
    row("postfix", "[smtp.x.example]:587 bob:{}", PASSWORD),
    row("net use", "net use Z: \\\\srv\\share /user:DOM\\bob {}", PASSWORD),
    row("kinit", "echo {} | kinit bob@X.EXAMPLE", PASSWORD),
    row("securestring", 'ConvertTo-SecureString "{}" -AsPlainText -Force', PASSWORD),
    row("expect", 'expect "password:"\nsend "{}\\r"', PASSWORD),
    # What people tell
    row("as password", "I'm using bob as user and {} as password", PASSWORD),
    row("pair", "credentials: admin / {}", PASSWORD),
    row("u and p", "u: bob p: {}", PASSWORD),
    row("changed to", "I changed my password to {} yesterday", PASSWORD),
    row("the value is", "the client secret value is {}, the id is another"),
    row("far from its name", "The secret I copied from the portal is {} and still 401"),
    row("below its name", "my api key:\n\n{}"),
    row("below its name, zh", "我的密钥：\n{}\n报401"),
    row("one-time code", "The OTP code {} it sent me is rejected", DIGITS),
    row("app password", "app password: {}\n535-5.7.8 not accepted", "obzf lwcv teuu ajfi"),
    row("seed phrase", "my seed phrase is {} and the wallet says no", WORDS),
    row("recovery codes", "recovery codes:\nab12c-{}\n", "4d5ef"),
    row("de", "Mein Passwort ist {}, trotzdem falsch", PASSWORD),
    row("fr", "identifiant: bob / mot de passe: {}", PASSWORD),
    row("es", "la clave que uso es {}", PASSWORD),
    row("it", "la mia password è {}", PASSWORD),
    row("ko", "비밀번호는 {} 입니다", PASSWORD),
    row("ja", "パスワードに「{}」を入力しました", PASSWORD),
    row("tr", "şifre: {}", PASSWORD),
    row("vi", "mật khẩu: {}", PASSWORD),
    row("ar", "كلمة المرور: {}", PASSWORD),
    row("zh brackets", "【登录密码】{}", PASSWORD),
    row("zh used", "密码用的{} 登录失败", PASSWORD),
    row("zh key of 900 characters", "应用私钥：{}\n验签出错", BASE64 * 20),
]


@pytest.mark.parametrize(("paste", "secret"), MUST)
def test_the_secret_is_gone_wherever_the_paste_goes(paste: str, secret: str) -> None:
    redaction = redact(paste)
    reading = read_paste(paste)

    assert secret not in redaction.text
    assert redaction.traits
    assert redact(redaction.text).text == redaction.text
    assert secret not in repr(reading)


MUST_NOT = r"""
ERROR retrieving token: AADSTS50011: The reply address 'https://app.example/cb' does not match
There was a problem refreshing your current auth tokens: invalid_grant: Invalid JWT Signature.
LDAP Result Code 49 "Invalid Credentials": 80090308: LdapErr: DSID-0C09041C, data 52e
Got token: ERROR_INVALID_STATE
token: BadRequest: the request was malformed
access_token: NotAuthorized: you must log in first
password: DPY-4001: no credentials specified
Invalid API Token: InvalidMacaroonError
JWT::DecodeError (Nil JSON web token)
OmniAuth::Strategies::OAuth2::CallbackError, csrf_detected
com.jcraft.jsch.JSchException: invalid privatekey: [B@7adf9f5f
{"errorCode":"E0000011","errorSummary":"Invalid token provided","errorId":"oaeAbCdEfGh1234567890"}
invalid token, request id 7fKq2LmZ7xWv4TbR8pQ3n
Using generated security password: (see logs)
Personal access token: github.com/settings/tokens > Configure SSO
Authorization: AWS4-HMAC-SHA256
250-AUTH LOGIN PLAIN XOAUTH2
AUTH LOGIN mechanism not supported
a LOGIN command failed
CREATE LOGIN bob FROM WINDOWS
Supported schemes: basic, digest, negotiate
bot.run(TOKEN)
client.login(process.env.DISCORD_TOKEN);
jwt.sign({ id: user.id }, process.env.JWT_SECRET, { expiresIn: '1h' })
jwt.decode(token, key, algorithms=["RS256"], audience="api://default")
login("username", "password")
mysqli_connect("localhost", "root", "", "shop")
passport.authenticate('google', { scope: ['profile', 'email'] })
ClientSecretCredential(tenantId, clientId, clientSecret)
getCredentials('11112222-3333-4444-5555-666677778888')
credential.get_token("https://management.azure.com/.default")
client.get_secret("db-password")
config.getString("jwt.secret")
localStorage.getItem('access_token')
curl_setopt($ch, CURLOPT_USERPWD, "$user:$pass");
buildConfigField("String", "API_KEY", "\"${apiKey}\"")
INSERT INTO users (name, password) VALUES (?, ?)
INSERT INTO users (name, email) VALUES ('bob', 'bob@x.example');
kind: ConfigMap¶data:¶  LOG_LEVEL: debug¶  AUTH_MODE: oidc
kind: ExternalSecret¶spec:¶  data:¶  - secretKey: password¶    remoteRef:¶      key: prod/db
kind: Secret¶metadata:¶  name: db¶type: Opaque
variable "admin_password" {¶  type      = string¶  sensitive = true¶}
variable "region" {¶  default = "eu-west-1"¶}
give the node role `AmazonEC2ContainerRegistryReadOnly` to pull with a secret
Create it: `kubectl create secret docker-registry r --docker-username=U --docker-password=T`
Use the grant of the token: `grant_type=client_credentials`
If the entry has no password: `ldappasswd -D cn=admin,dc=x -W`
curl -u EMAIL:API_TOKEN https://x.example
ldapsearch -x -b dc=example,dc=com "(uid=jdoe)" dn
mysql_native_password=ON
Authentication plugin 'caching_sha2_password' is not loaded
Session cookie: `SameSite=Lax` for GET callbacks
[password] is required
   [status] => 401¶    [error] => invalid_token
array(1) {¶  ["error"]=>¶  string(13) "invalid_token"¶}
OAuth2AccessToken [value=null, expiration=null]
PWD=/home/bob/project
PWD={your_password}
AWS Secret Access Key [****************ABCD]:
**Token:** expired
name,token,state¶ci,expired,active
NAME   TOKEN   AGE¶ci     none    3d
echo $PASSWORD | kinit bob
net use Z: \\srv\share /persistent:yes
the password is refused
The password is checked on premises, and the agent is down.
the password was changed to something else
the password as base64
password of the user is stored hashed
token of user 42 expired
verification code is wrong
npm publish --otp=123456
recovery codes can be generated in settings
never share your seed phrase with anyone who asks for it on the internet
password is what they have been asking for all along
credentials: user / password
account: acme / prod
la clave es incorrecta
mi contraseña es correcta pero no entra
das Passwort ist abgelaufen
mein Passwort ist richtig, trotzdem Fehler
le mot de passe est obligatoire
la password è scaduta
a senha é inválida
пароль неверный
パスワードは正しいです
비밀번호가 틀렸습니다
密码是对的啊
密钥是从后台复制的
密码：Gmail、Yahoo 要应用专用密码
安装令牌（`ghs_`）1 小时
如果密钥是 base64，先解码
URL 写 `redis://:密码@host:6379/0`
risk: high
sk: partition
PRIMARY_KEY=id
"""


@pytest.mark.parametrize("paste", [line.replace("¶", "\n") for line in MUST_NOT.strip("\n").split("\n")])
def test_what_is_no_secret_stays(paste: str) -> None:
    assert redact(paste).text == paste


@pytest.mark.parametrize(
    "unit",
    [
        "login('a'",
        "phrase ",
        "recovery codes: 1234 ",
        "token ",
        "a,token,b\n",
        "a  token  c\n",
        "kind: Secret\ndata:\n ",
    ],
)
def test_a_paste_of_nothing_but_beginnings_is_read_to_its_end(unit: str) -> None:
    redaction = redact(unit * 4_000 + "\n password=" + KEY)

    assert KEY not in redaction.text
