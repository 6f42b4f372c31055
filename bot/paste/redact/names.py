"""Names of fields that hold secrets: what AZURE_CLIENT_SECRET, dbPassword and x-goog-api-key say of their values."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Literal, NamedTuple

from bot.paste.redact.patterns import any_of
from bot.paste.redact.values import Floor

How = Literal["value", "authorization", "cookies", "set-cookie", "code", "url"]


class Rule(NamedTuple):
    """What a field's value is called when it is a secret, and how much it must look like one."""

    kind: str
    floor: Floor
    how: How = "value"


# Said behind the word that matters: DB_PASSWORD_PROD, app_secret_v2, token2, apiKeyValue.
_SUFFIXES = frozenset(
    (
        "prod production dev development test testing staging stage live sandbox local old new current prev previous "
        "value val text string str plain plaintext cleartext raw base64 b64 hex enc encoded env v confirm "
        "confirmation again repeat primary secondary main default master backup a b c"
    ).split()
)
# Said in front: these are switches, page cursors and complaints.
_NO_SECRETS = frozenset(
    (
        "has is no use uses require requires required show hide min max enable disable allow need needs next page "
        "pagination continuation sync cursor unexpected skip without missing expected unknown existing"
    ).split()
)
_PASSWORDS = frozenset(
    (
        "password passwd pwd passphrase passcode passwort kennwort contrasena senha pswd psw passw userpass dbpass "
        "rootpass smtppass mysqlpass requirepass masterauth keypass storepass bindpw rootpw pgpassword psk "
        "presharedkey adminpass ftppass mailpass authpass clave mdp parola haslo wachtwoord heslo losenord sifre"
    ).split()
)
_PASSWORD_ENDS = (
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "passcode",
    "_pwd",
    "userpwd",
    "dbpwd",
    "storepass",
    "keypass",
    "dbpass",
)
_KEY_OWNERS = frozenset(
    (
        "api access secret private account shared auth encryption signing master service application storage consumer "
        "webhook integration deploy ssh role anon publishable rest admin write read ingest ingestion session hmac "
        "signature jwt token user server merchant subscription symmetric aes rsa crypto cipher license "
        "licence activation developer dev interface authentication authorization security functions function host "
        "system restricted personal project organization team live test openai anthropic stripe gemini "
        "google azure groq mistral cohere deepseek dashscope moonshot zhipu openrouter claude gpt llm ai sendgrid "
        "mailgun twilio algolia datadog dd newrelic pinecone elevenlabs tavily serpapi huggingface replicate supabase "
        "firebase maps weather github gitlab telegram discord slack wechat pay paystack mch aes256 base bot db "
        "sign send sendkey rapidapi etherscan infura alchemy fastly wallet eth wandb"
    ).split()
)
_NO_KEYS = frozenset(
    (
        "public foreign cache partition sort object idempotency message routing group row index map registry lookup "
        "hot context translation error unique composite hash surrogate natural field column json dict config property "
        "data s3 dedup deduplication meta tag label candidate ordering range aggregation resource "
        "event arrow enter escape shortcut press host websocket"
    ).split()
)
_SESSIONS = frozenset(
    (
        "sessionid phpsessid jsessionid aspsessionid aspnetsessionid connectsid sessionkey laravelsession "
        "ssid sessid sessdata bilijct awsalb cfclearance cfbm wordpressloggedin usersession sessionsecret "
        "sessioncookie authsession keycloaksession keycloakidentity aspxauth xsession"
    ).split()
)
_TOKEN_OWNERS = frozenset(
    (
        "access refresh auth id bearer session api user bot personal private security jwt login service app "
        "application client device admin deploy webhook page push registration job build upload runner project group "
        "verification oauth oauth2 github gitlab gh npm pypi slack discord telegram hf huggingface vault consul "
        "circle travis sentry snyk codecov netlify vercel heroku cloudflare digitalocean do hcloud linode doppler "
        "sonar jira confluence atlassian notion airtable reset invite magic activation confirm remember rememberme "
        "subject actor aws delegation installation tenant master root ci bigcommerce shopify square twilio plaid "
        "mapbox facebook fb twitter x line wechat component suite pat long short cf ops pagerduty databricks "
        "replicate openai secret management mgmt static sas delegationtoken"
    ).split()
)
_EXACT: dict[str, Rule] = {
    "authorization": Rule("token", Floor.SOLID, "authorization"),
    "auth": Rule("basic-credentials", Floor.OPAQUE),
    "userpwd": Rule("password", Floor.ANY),
    "cookie": Rule("cookie", Floor.ANY, "cookies"),
    "cookies": Rule("cookie", Floor.ANY, "cookies"),
    "setcookie": Rule("cookie", Floor.ANY, "set-cookie"),
    "session": Rule("session-id", Floor.OPAQUE),
    "sid": Rule("session-id", Floor.OPAQUE),
    "code": Rule("authorization-code", Floor.OPAQUE, "code"),
    "authcode": Rule("authorization-code", Floor.BARE),
    "authorizationcode": Rule("authorization-code", Floor.BARE),
    "devicecode": Rule("device-code", Floor.BARE),
    "codeverifier": Rule("code-verifier", Floor.SOLID),
    "pkceverifier": Rule("code-verifier", Floor.SOLID),
    "samlresponse": Rule("saml-response", Floor.OPAQUE),
    "samlrequest": Rule("saml-request", Floor.OPAQUE),
    "samlart": Rule("saml-response", Floor.OPAQUE),
    "wresult": Rule("saml-response", Floor.OPAQUE),
    "assertion": Rule("client-assertion", Floor.OPAQUE),
    "clientassertion": Rule("client-assertion", Floor.SOLID),
    "samlassertion": Rule("saml-assertion", Floor.OPAQUE),
    "jwt": Rule("token", Floor.OPAQUE),
    "dpop": Rule("token", Floor.OPAQUE),
    "bearer": Rule("bearer-token", Floor.OPAQUE),
    "logintoken": Rule("token", Floor.SOLID),
    **dict.fromkeys(
        "oobcode resetcode invitecode invitationcode confirmationcode actioncode magiccode logincode".split(),
        Rule("one-time-code", Floor.OPAQUE),
    ),
    "otp": Rule("one-time-code", Floor.BARE),
    "totp": Rule("one-time-code", Floor.BARE),
    "onetimepassword": Rule("one-time-code", Floor.ANY),
    "verificationcode": Rule("one-time-code", Floor.BARE),
    "smscode": Rule("one-time-code", Floor.BARE),
    "mfacode": Rule("one-time-code", Floor.BARE),
    "recoverycode": Rule("one-time-code", Floor.BARE),
    "backupcode": Rule("one-time-code", Floor.BARE),
    "ticket": Rule("ticket", Floor.OPAQUE),
    "jsapiticket": Rule("ticket", Floor.SOLID),
    "signature": Rule("signature", Floor.OPAQUE),
    "sig": Rule("signature", Floor.OPAQUE),
    "sign": Rule("signature", Floor.OPAQUE),
    "hmac": Rule("signature", Floor.OPAQUE),
    "paysign": Rule("signature", Floor.OPAQUE),
    "credential": Rule("credentials", Floor.OPAQUE),
    "credentials": Rule("credentials", Floor.OPAQUE),
    "creds": Rule("credentials", Floor.OPAQUE),
    "mnemonic": Rule("mnemonic", Floor.ANY),
    "seedphrase": Rule("mnemonic", Floor.ANY),
    "recoveryphrase": Rule("mnemonic", Floor.ANY),
    "seed": Rule("otp-secret", Floor.OPAQUE),
    "salt": Rule("secret", Floor.OPAQUE),
    "passwordhash": Rule("password-hash", Floor.SOLID),
    "passwdhash": Rule("password-hash", Floor.SOLID),
    "ntlmhash": Rule("password-hash", Floor.SOLID),
    "nthash": Rule("password-hash", Floor.SOLID),
    "secretid": Rule("secret", Floor.OPAQUE),
    "secretkeybase": Rule("secret-key", Floor.SOLID),
    "clientkeydata": Rule("private-key", Floor.SOLID),
    "privatekeydata": Rule("private-key", Floor.SOLID),
    "privatekeypem": Rule("private-key", Floor.SOLID),
    "keydata": Rule("private-key", Floor.OPAQUE),
    "webhook": Rule("webhook-url", Floor.OPAQUE, "url"),
    "webhookurl": Rule("webhook-url", Floor.OPAQUE, "url"),
    "crumb": Rule("csrf-token", Floor.OPAQUE),
    "csrf": Rule("csrf-token", Floor.OPAQUE),
    "xsrf": Rule("csrf-token", Floor.OPAQUE),
    "requestverificationtoken": Rule("csrf-token", Floor.SOLID),
    "authenticitytoken": Rule("csrf-token", Floor.SOLID),
    "codesecret": Rule("secret", Floor.SOLID),
    "pat": Rule("token", Floor.OPAQUE),
    **dict.fromkeys(("sonarlogin", "dsonarlogin"), Rule("token", Floor.OPAQUE)),
    "jfrogartapi": Rule("api-key", Floor.OPAQUE),
    "apitokens": Rule("token", Floor.OPAQUE),
    "tokens": Rule("token", Floor.OPAQUE),
    "secrets": Rule("secret", Floor.OPAQUE),
    "passwords": Rule("password", Floor.OPAQUE),
    "apikeys": Rule("api-key", Floor.OPAQUE),
    "redisauth": Rule("password", Floor.ANY),
    "spcdc": Rule("cookie", Floor.OPAQUE),
    "responsetoken": Rule("token", Floor.OPAQUE),
    "cnonce": Rule("digest-response", Floor.OPAQUE),
}  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# A part of every name that can matter, in lower case. They start with rare letters: twice as fast to search.
STEM = re.compile(
    r"k(?:e[ny]|ie)|c(?:ret|ode|red(?!it)|srf|rumb)|p(?:ass|wd|sw|w(?![a-z])|sk(?![a-z])|in(?![a-z]))|uth"
)
# The others, by a literal of each: looked for only where that is in the text, as few are.
RARE = {stem: stem for stem in (
    "sess seed salt saml ticket assert dpop bearer hmac mnemonic phrase xsrf webhook wresult verif otp bili_jct senha "
    "haslo wachtwoord heslo losenord sifre parola kennwort jwt cnonce contrasena aspxauth awsalb cf_clearance spc_cdc "
    "nthash ntlmhash motdepasse clave sonar.login art-api"
).split()} | {
    "sid": "sid(?![a-z])",
    "sig": "sig(?:(?![a-z])|n)",
    "_pat": "_pat(?![a-z])",
    "mdp": "mdp(?![a-z])",
    **dict.fromkeys(("sk=", "sk:", 'sk"', "sk'", "sk%", "sk "), r"sk(?<![a-z0-9]sk)(?=[\"' ]{0,3}[=:%])"),
}  # fmt: skip
_LITERALS = frozenset(RARE)


def rare_stems(hints: Set[str]) -> re.Pattern[str] | None:
    """Return a pattern of those rare parts of names whose literals, of those in RARE, `hints` has; or None."""
    if hints.isdisjoint(_LITERALS):
        return None
    return any_of(tuple(dict.fromkeys(pattern for stem, pattern in RARE.items() if stem in hints)))


_PLUGINS = ("nativepassword", "sha2password", "sha256password")  # MySQL's: mysql_native_password
_SHORT = {"pat": Rule("token", Floor.SOLID), "sk": Rule("secret-key", Floor.OPAQUE)}


def rule_of(name: str) -> Rule | None:
    """Return the rule for the field `name` (any case, any separators), or None where it holds no secret."""
    words = [word.lower() for word in _WORD.findall(name)]
    flat = "".join(words)
    if (flat in _EXACT and name != name.upper()) or (flat in _EXACT and len(flat) > 3):
        return _EXACT[flat]
    if len(words) > 1 and not _NO_SECRETS.isdisjoint(words[:-1]):
        return None
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1].isdigit()):
        words.pop()
    if not words:
        return None
    if words[0] == "x" and len(words) > 1 and words[1] != "token":
        del words[0]
    if words[-1] == "password" and flat.endswith(_PLUGINS):
        return None
    if words[-1] in _SHORT and (len(words) > 1 or words[-1] == "sk"):
        return _SHORT[words[-1]]
    return _by_end(words)


def _by_end(words: list[str]) -> Rule | None:
    flat, last = "".join(words), words[-1]
    before = words[-2] if len(words) > 1 else ""
    if (
        last in _PASSWORDS
        or flat.endswith(_PASSWORD_ENDS)
        or (last in {"pass", "pw"} and before not in {"first", "one", "by"})
    ):
        return Rule("password", Floor.BARE if flat == "pass" else Floor.ANY)
    if flat in _SESSIONS or (before == "session" and last in {"id", "key"}) or flat.endswith("sessionid"):
        return Rule("session-id", Floor.SOLID)
    if last == "secret" or flat.endswith("secret"):
        return _secret(flat)
    if last == "key" or flat.endswith("key"):
        return _key(words, flat)
    if last == "token" or flat.endswith("token"):
        return _token(words, flat)
    if rule := _EXACT.get(flat):
        return rule
    # The last words alone: kc_code_verifier, okta.saml_response, proxy-authorization, X-Amz-Signature.
    for tail in ("".join(words[-3:]), "".join(words[-2:]), last):
        rule = _EXACT.get(tail)
        if rule is not None and len(tail) > 3 and rule.how in {"value", "authorization", "set-cookie"}:
            return rule
    return None


def _secret(flat: str) -> Rule:
    if flat == "secret":
        return Rule("secret", Floor.BARE)
    if "client" in flat or "consumer" in flat:
        return Rule("client-secret", Floor.SOLID)
    if "otp" in flat or "mfa" in flat or "2fa" in flat:
        return Rule("otp-secret", Floor.SOLID)
    if "webhook" in flat:
        return Rule("webhook-secret", Floor.SOLID)
    if "accesskeysecret" in flat or "awssecret" in flat:
        return Rule("secret-key", Floor.SOLID)
    return Rule("app-secret" if flat.endswith(("appsecret", "corpsecret")) else "secret", Floor.SOLID)


# How the flat name of a key ends, and what it is then called.
_KEYS = {
    "secretaccesskey": "aws-secret-access-key",
    "privatekey": "private-key",
    "secretkey": "secret-key",
    "accountkey": "account-key",
    "sharedaccesskey": "account-key",
    "accesskey": "access-key",
    "apikey": "api-key",
    **dict.fromkeys(
        "authkey signingkey masterkey encryptionkey sharedkey subscriptionkey licensekey".split(), "api-key"
    ),
    **dict.fromkeys("sendkey accesstokenkey".split(), "api-key"),
}


def _key(words: list[str], flat: str) -> Rule | None:
    for end, kind in _KEYS.items():
        if flat.endswith(end):
            return Rule(kind, Floor.SOLID)
    before = words[-2] if len(words) > 1 else ""
    if words[-1] != "key" or before in _NO_KEYS:
        return None
    return Rule("api-key", Floor.SOLID if before in _KEY_OWNERS else Floor.OPAQUE)


def _token(words: list[str], flat: str) -> Rule | None:
    before = words[-2] if len(words) > 1 else ""
    if "csrf" in flat or "xsrf" in flat or flat == "csrfmiddlewaretoken":
        return Rule("csrf-token", Floor.BARE)
    if flat.endswith("accesstoken"):
        return Rule("access-token", Floor.SOLID)
    if flat.endswith("refreshtoken"):
        return Rule("refresh-token", Floor.SOLID)
    if flat.endswith("idtoken"):
        return Rule("id-token", Floor.SOLID)
    owned = words[-1] != "token" or before in _TOKEN_OWNERS
    return Rule("token", Floor.SOLID if owned and flat != "token" else Floor.BARE)
