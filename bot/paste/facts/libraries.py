"""Libraries: which SDK, driver or command printed a text, by imports, paths, class names and prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.models import Fact

_MOST = 30

# Packages in the paths of stack frames.
_PATHS = re.compile(
    r"(?:site|dist)-packages[/\\]{1,2}(?P<python>[\w.-]{2,60}+(?:[/\\]{1,2}(?:auth|cloud)\b)?)"
    r"|node_modules[/\\]{1,2}(?:\.pnpm[/\\]{1,2}[^/\\\s]{1,100}[/\\]{1,2}node_modules[/\\]{1,2})?(?P<node>(?:@[\w.-]{1,40}[/\\]{1,2})?[\w.-]{2,60}+)"
    r"|\bvendor[/\\]{1,2}(?P<php>[a-z0-9-]{2,40}[/\\]{1,2}[a-z0-9._-]{2,60}+)"
    r"|\bgems[/\\](?P<ruby>[a-z][\w-]{1,50}?)-\d"
    r"|pkg[/\\]mod[/\\](?P<go>[\w.!-]{3,60}(?:[/\\][\w.!-]{1,60}){1,4}?)@v"
    r"|\.cargo[/\\]registry[/\\]src[/\\][^/\\\s]{1,80}[/\\](?P<rust>[a-z][\w-]{1,50}?)-\d"
)
_IMPORTS = re.compile(
    r"^[ \t]{0,12}(?:>>> )?(?:import|from)[ \t]{1,4}(?P<python>[A-Za-z_][\w.]{1,60}+)(?![\w.]*[ \t]*(?:\{|\"|'))"
    r"|^[ \t]{0,12}(?:import|export)\b[^\n\"']{0,120}[\"'](?P<node>[@\w][\w./@-]{1,80})[\"']"
    r"|\b(?:require|import)\([\"'](?P<required>[@\w][\w./@-]{1,80})[\"']\)"
    r"|^[ \t]{0,12}using[ \t](?P<dotnet>[A-Z][\w.]{2,80});"
    r"|^[ \t]{0,12}use[ \t](?P<use>[A-Za-z_][\w\\:]{2,80})[;\\:]"
    r"|^[ \t]{0,12}require[ \t][\"'](?P<ruby>[a-z][\w/-]{1,60})[\"']"
    r"|^[ \t]{0,12}\"(?P<go>github\.com/[\w./-]{3,100})\"",
    re.MULTILINE,
)
_COMMANDS = (
    "git docker podman kubectl helm aws az gcloud gsutil npm npx pnpm yarn pip twine poetry psql mysql mysqldump mongosh mongo "
    "redis-cli ssh scp sftp rsync ssh-copy-id curl wget http terraform vault gh glab heroku fly flyctl vercel netlify wrangler "
    "kinit ldapsearch smbclient sqlcmd sqlplus cargo gem composer mvn gradle dotnet nuget ansible ansible-playbook openssl sudo "
    "claude codex gemini rclone s3cmd mc oc eksctl doctl aliyun tccli firebase supabase stripe snowsql bq cnpm skopeo crane buildah"
).split()
_AT_PROMPT = re.compile(
    rf"(?:^|\n|`)[ \t]{{0,8}}(?:[^\n$#%>❯➜`]{{0,80}}[$#%>❯➜][ \t]{{1,3}}|PS [^\n>]{{1,120}}> ?|\+ )(?:sudo )?(?P<prompt>{'|'.join(_COMMANDS)})(?=[ \t]+[\w-])"
    rf"|(?:^|\n|[`\"])[ \t]{{0,8}}(?:sudo )?(?P<bare>git (?:push|pull|clone|fetch|ls-remote|submodule)|docker (?:login|push|pull|build|run|compose)|kubectl (?:get|apply|logs|auth|describe|exec)"
    r"|npm (?:publish|install|login|i|ci|whoami|adduser)|aws (?:s3|sts|ec2|configure|ecr|lambda|iam|eks|sso)|gcloud (?:auth|compute|projects|container)|az (?:login|account|acr|ad|aks)"
    r"|twine upload|python -m twine|pip install|psql -|mysql -|ssh -|curl -|wrangler \w|terraform (?:init|plan|apply)|gh (?:auth|pr|repo|api|run)|helm (?:install|repo|registry|pull|push))\b"
)
_VOICES = (  # how a command introduces its own errors
    (re.compile(r"^npm (?:ERR!|error)", re.MULTILINE), "npm"),
    (re.compile(r"^(?:remote: |fatal: (?:Authentication failed|unable to access|could not read|repository))", re.MULTILINE), "git"),
    (re.compile(r"^psql: |^psql:", re.MULTILINE), "psql"),
    (re.compile(r"^curl: \(\d", re.MULTILINE), "curl"),
    (re.compile(r"^Error response from daemon|docker: Error", re.MULTILINE), "docker"),
    (re.compile(r"^(?:Error from server|error: You must be logged in to the server)", re.MULTILINE), "kubectl"),
    (re.compile(r"Permission denied \((?:publickey|password|gssapi|keyboard)"), "ssh"),
    (re.compile(r"^kinit: |^kinit\(", re.MULTILINE), "kinit"),
    (re.compile(r"^redis-cli|\bNOAUTH Authentication", re.MULTILINE), "redis"),
)

# The first parts of qualified names, longest first within a language: what package they are of.
_NAMES = {
    "openai": ("openai",), "anthropic": ("anthropic",), "botocore": ("botocore", "boto3"), "boto3": ("boto3", "botocore"),
    "boto": ("boto",), "com.amazonaws": ("aws-sdk-java", "com.amazonaws"), "software.amazon.awssdk": ("aws-sdk-java-v2",),
    "org.springframework.security": ("spring-security",), "org.springframework": ("spring",), "google.auth": ("google-auth",),
    "google.api_core": ("google-api-core",), "googleapiclient": ("google-api-python-client",), "google.genai": ("google-genai",),
    "google.generativeai": ("google-generativeai",), "google.cloud": ("google-cloud",), "msal": ("msal",), "adal": ("adal",),
    "azure.identity": ("azure-identity",), "azure.core": ("azure-core",), "com.microsoft.aad.msal4j": ("msal4j",),
    "Microsoft.Identity.Client": ("Microsoft.Identity.Client", "msal"), "Microsoft.IdentityModel": ("Microsoft.IdentityModel",),
    "Microsoft.Graph": ("Microsoft.Graph",), "Microsoft.Data.SqlClient": ("Microsoft.Data.SqlClient",),
    "psycopg2": ("psycopg2",), "psycopg": ("psycopg",), "asyncpg": ("asyncpg",), "pymysql": ("pymysql",), "MySQLdb": ("mysqlclient",),
    "mysql.connector": ("mysql-connector-python",), "pymongo": ("pymongo",), "redis": ("redis",), "sqlalchemy": ("sqlalchemy",),
    "requests": ("requests",), "httpx": ("httpx",), "aiohttp": ("aiohttp",), "urllib3": ("urllib3",), "jwt": ("pyjwt",),
    "jose": ("python-jose",), "authlib": ("authlib",), "oauthlib": ("oauthlib",), "requests_oauthlib": ("requests-oauthlib",),
    "stripe": ("stripe",), "twilio": ("twilio",), "slack_sdk": ("slack-sdk",), "slack": ("slack",), "discord": ("discord.py",),
    "telegram": ("python-telegram-bot",), "telethon": ("telethon",), "tweepy": ("tweepy",), "github": ("pygithub",),
    "gitlab": ("python-gitlab",), "huggingface_hub": ("huggingface_hub",), "litellm": ("litellm",), "langchain": ("langchain",),
    "cohere": ("cohere",), "mistralai": ("mistralai",), "dashscope": ("dashscope",), "zhipuai": ("zhipuai",), "groq": ("groq",),
    "replicate": ("replicate",), "notion_client": ("notion-client",), "hubspot": ("hubspot",), "simple_salesforce": ("simple-salesforce",),
    "spotipy": ("spotipy",), "praw": ("praw",), "prawcore": ("prawcore",), "shopify": ("shopify",), "sendgrid": ("sendgrid",),
    "kubernetes": ("kubernetes",), "docker": ("docker",), "paramiko": ("paramiko",), "ldap3": ("ldap3",), "ldap": ("python-ldap",),
    "hvac": ("hvac",), "snowflake": ("snowflake",), "databricks": ("databricks",), "pinecone": ("pinecone",), "elasticsearch": ("elasticsearch",),
    "aliyunsdkcore": ("aliyun-python-sdk-core",), "oss2": ("oss2",), "tencentcloud": ("tencentcloud-sdk",), "qcloud_cos": ("cos-python-sdk-v5",),
    "com.aliyun": ("aliyun-java-sdk",), "com.aliyuncs": ("aliyun-java-sdk",), "com.tencentcloudapi": ("tencentcloud-sdk",),
    "me.chanjar.weixin": ("weixin-java", "WxJava"), "com.github.binarywang": ("WxJava",), "EasyWeChat": ("easywechat",),
    "Overtrue": ("easywechat",), "com.wechat.pay": ("wechatpay-java",), "com.alipay": ("alipay-sdk-java",), "com.dingtalk": ("dingtalk-sdk",),
    "com.lark": ("lark-oapi",), "lark_oapi": ("lark-oapi",), "com.microsoft.sqlserver.jdbc": ("mssql-jdbc",), "org.postgresql": ("pgjdbc", "org.postgresql"),
    "com.mysql": ("mysql-connector-java",), "oracle.jdbc": ("ojdbc",), "com.mongodb": ("mongo-java-driver",), "redis.clients.jedis": ("jedis",),
    "io.lettuce": ("lettuce",), "org.apache.kafka": ("kafka",), "com.rabbitmq": ("amqp-client",), "RabbitMQ.Client": ("RabbitMQ.Client",),
    "io.grpc": ("grpc-java",), "grpc": ("grpcio",), "io.jsonwebtoken": ("jjwt",), "com.auth0": ("java-jwt", "auth0"), "com.nimbusds": ("nimbus-jose-jwt",),
    "org.keycloak": ("keycloak",), "com.okta": ("okta",), "feign": ("feign",), "okhttp3": ("okhttp",), "retrofit2": ("retrofit",),
    "com.google.api": ("google-api-java-client",), "com.google.auth": ("google-auth-java",), "com.google.firebase": ("firebase-admin",),
    "firebase_admin": ("firebase-admin",), "Illuminate": ("laravel",), "GuzzleHttp": ("guzzle",), "League.OAuth2": ("league/oauth2-client",),
    "Firebase.JWT": ("firebase/php-jwt",), "Aws": ("aws-sdk-php",), "Stripe": ("stripe-php",), "Google": ("google-api-php-client",),
    "Octokit": ("octokit",), "Faraday": ("faraday",), "OAuth2": ("oauth2",), "JWT": ("ruby-jwt",), "Mysql2": ("mysql2",), "PG": ("pg",),
    "Npgsql": ("Npgsql",), "MySql.Data": ("MySql.Data",), "MongoDB.Driver": ("MongoDB.Driver",), "StackExchange.Redis": ("StackExchange.Redis",),
    "Azure.Identity": ("Azure.Identity", "azure-identity"), "Amazon": ("aws-sdk-net",), "Google.Apis": ("Google.Apis",), "java.sql": (), "javax.net": (),
}  # fmt: skip
_QUALIFIED = re.compile(r"(?<![\w./\\@-])[A-Za-z_]\w{1,30}(?:(?:\.|\\{1,2}|::)[A-Za-z_]\w{1,50}){1,10}+")
_DIRECTORIES = {
    "google/auth": "google-auth", "googleapiclient": "google-api-python-client", "slack_sdk": "slack-sdk", "jwt": "pyjwt", "jose": "python-jose",
    "discord": "discord.py", "MySQLdb": "mysqlclient", "aliyunsdkcore": "aliyun-python-sdk-core", "google/cloud": "google-cloud",
    "requests_oauthlib": "requests-oauthlib", "github": "pygithub", "notion_client": "notion-client", "firebase_admin": "firebase-admin",
}  # fmt: skip
_STANDARD = frozenset(
    "os sys json re time datetime typing logging asyncio pathlib collections functools itertools io abc dataclasses subprocess traceback "
    "random string math urllib http socket ssl base64 hashlib hmac uuid threading unittest __future__ fs path util crypto https express "
    "react vue next dotenv System java javax the a this it that my your here there error where what them".split()
)


def libraries(text: str, exceptions: list[str]) -> Iterator[Fact]:
    """Yield the libraries a decoded text shows; `exceptions` are the class names that were read off it."""
    found = 0
    for fact in _all(text, exceptions):
        yield fact
        found += 1
        if found >= _MOST:
            return


def _all(text: str, exceptions: list[str]) -> Iterator[Fact]:
    if "packages" in text or "modules" in text or "vendor" in text or "gems" in text or "mod" in text or ".cargo" in text:
        for match in _PATHS.finditer(text):
            kind = match.lastgroup or ""
            name = match[kind].replace("\\\\", "/").replace("\\", "/")
            yield Fact("library", _DIRECTORIES.get(name) or _DIRECTORIES.get(name.partition("/")[0], name if kind != "python" else name.partition("/")[0]), "path")
    if "import" in text or "require" in text or "use " in text or "using" in text or "github.com/" in text:
        for match in _IMPORTS.finditer(text):
            yield from _imported(match)
    for name in exceptions:
        yield from _qualified(name)
    for match in _QUALIFIED.finditer(text):
        yield from _qualified(match[0])
    for match in _AT_PROMPT.finditer(text):
        command = match["prompt"] or match["bare"]
        name = command.split()[0]
        yield Fact("library", {"python": "twine"}.get(name, name), "command")
    for voice, name in _VOICES:
        if voice.search(text):
            yield Fact("library", name, "command")
    if "axios" in text.lower():
        yield Fact("library", "axios", "name")


def _imported(match: re.Match[str]) -> Iterator[Fact]:
    kind = match.lastgroup or ""
    name = match[kind]
    if kind in ("node", "required"):
        parts = name.split("/")
        name = "/".join(parts[:2]) if name.startswith("@") else parts[0]
    elif kind == "python":
        known = list(_qualified(name + ".x"))
        if known:
            yield from known
            return
        name = name.partition(".")[0]
    if name and name not in _STANDARD:
        yield Fact("library", name, "import")


def _qualified(name: str) -> Iterator[Fact]:
    """Yield the packages a qualified class name belongs to, by its longest known first parts."""
    parts = re.split(r"\.|\\{1,2}|::", name)
    for count in range(min(len(parts) - 1, 4), 0, -1):
        packages = _NAMES.get(".".join(parts[:count]))
        if packages is not None:
            yield from (Fact("library", package, "name") for package in packages)
            return
