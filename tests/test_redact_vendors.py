"""No vendor's token survives redaction: in a sentence, JSON or a URL, wrapped, styled, with invisible characters."""

from __future__ import annotations

import random
import string

import pytest

from bot.paste.redact import redact

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
B64 = ALNUM + "+/"
URL = ALNUM + "-_"


def some(alphabet: str, length: int, seed: str) -> str:
    """Random characters, the same in every run, the first few of all kinds so that no draw looks like words."""
    dice = random.Random(f"{seed}{length}")
    drawn = "".join(dice.choice(alphabet) for _ in range(length))
    digit = next(char for char in alphabet if char.isdigit())
    return drawn[: length // 2] + digit + drawn[length // 2 + 1 :]


def uuid(seed: str) -> str:
    return "-".join(some(HEX, length, seed + str(at)) for at, length in enumerate((8, 4, 4, 4, 12)))


# Each line: name, kind it is marked as, and the parts of its shape: a literal, or an alphabet's name and a length.
SHAPES = """
github-classic github-token 'gh' 'p_' alnum:36
github-oauth github-token 'gh' 'o_' alnum:36
github-user github-token 'gh' 'u_' alnum:36
github-server github-token 'gh' 's_' alnum:36
github-refresh github-token 'gh' 'r_' alnum:76
github-fine-grained github-token 'github_' 'pat_' alnum:22 '_' alnum:59
gitlab-personal gitlab-token 'gl' 'pat-' url:20
gitlab-routable gitlab-token 'gl' 'pat-' url:27 '.0' '1.' lower:9
gitlab-deploy gitlab-token 'gl' 'dt-' url:20
gitlab-runner gitlab-token 'gl' 'rt-' url:20
gitlab-trigger gitlab-token 'gl' 'ptt-' hex:40
gitlab-feed gitlab-token 'gl' 'ft-' url:20
gitlab-registration gitlab-token 'GR13' '48941' url:20
atlassian-api atlassian-token 'ATA' 'TT3xFfGF0' url:180 '=' upper:8
bitbucket-app bitbucket-token 'AT' 'BB' alnum:32
circleci circleci-token 'CCI' 'PAT_' alnum:22 '_' hex:40
buildkite buildkite-token 'bk' 'ua_' hex:40
sonar sonar-token 'sq' 'p_' hex:40
sonar-user sonar-token 'sq' 'u_' hex:40
sourcegraph sourcegraph-token 'sg' 'p_' hex:16 '_' hex:40
jfrog jfrog-token 'AK' 'Cp' alnum:69
jfrog-reference jfrog-token 'cmVm' 'dGtuO' b64:55
npm npm-token 'np' 'm_' alnum:36
pypi pypi-token 'py' 'pi-AgEIcHlwaS5vcmc' url:150
rubygems rubygems-key 'ruby' 'gems_' hex:48
crates crates-token 'ci' 'o' alnum:32
nuget nuget-key 'oy' '2' lower:43
docker docker-token 'dckr' '_pat_' url:27
aws-key-id aws-access-key-id 'AK' 'IA' upper:16
aws-temporary-key-id aws-access-key-id 'AS' 'IA' upper:16
aws-bedrock aws-api-key 'AB' 'SK' b64:120
aws-appsync aws-api-key 'da' '2-' lower:26
amazon-access amazon-token 'At' 'za|' url:200
amazon-refresh amazon-token 'At' 'zr|' url:200
amazon-client-secret amazon-token 'amzn1' '.oa2-cs.v1.' hex:64
google-api google-api-key 'AI' 'za' url:35
google-access google-access-token 'ya' '29.a0' url:180
google-refresh google-refresh-token '1/' '/0' url:60
google-code google-authorization-code '4/' '0A' url:70
google-secret google-client-secret 'GOC' 'SPX-' url:28
google-hmac google-hmac-key 'GOO' 'G1E' upper:56
entra-secret azure-client-secret alnum:3 '8' 'Q~' url:34
entra-refresh entra-refresh-token '0.' 'A' url:60 '.' url:400
azure-openai azure-key alnum:52 'JQ' 'QJ99' alnum:26
digitalocean digitalocean-token 'do' 'p_v1_' hex:64
digitalocean-oauth digitalocean-token 'do' 'o_v1_' hex:64
heroku heroku-key 'HR' 'KU-' url:60
fly fly-token 'fm' '2_' b64:200
fly-old fly-token 'fo' '1_' url:43
netlify netlify-token 'nf' 'p_' alnum:40
vercel-blob vercel-token 'vercel' '_blob_rw_' alnum:16 '_' alnum:30
cloudflare-origin cloudflare-token 'v1' '.0-' hex:24 '-' hex:146
alibaba-id alibaba-access-key-id 'LT' 'AI5t' alnum:20
tencent-id tencent-secret-id 'AK' 'ID' alnum:32
volcengine-id volcengine-access-key-id 'AK' 'LT' alnum:43
databricks databricks-token 'da' 'pi' hex:32
openshift openshift-token 'sha' '256~' url:43
tailscale tailscale-key 'ts' 'key-auth-' alnum:12 '-' alnum:32
planetscale planetscale-token 'pscale' '_tkn_' url:43
supabase supabase-key 'sb' 'p_' hex:40
supabase-secret supabase-key 'sb_' 'secret_' url:31
vault vault-token 'hv' 's.' url:90
vault-batch vault-token 'hv' 'b.' url:140
vault-old vault-token 's' '.' alnum:24
doppler doppler-token 'dp' '.pt.' alnum:43
doppler-service doppler-token 'dp' '.st.dev.' alnum:43
terraform terraform-token alnum:14 '.atl' 'asv1.' url:67
onepassword onepassword-token 'ops' '_eyJ' url:300
pulumi pulumi-token 'pu' 'l-' hex:40
infracost infracost-key 'ic' 'o-' alnum:32
age age-secret-key 'AGE-SECRET' '-KEY-1' upper:58
anthropic anthropic-key 'sk-' 'ant-api03-' url:93 'AA'
anthropic-admin anthropic-key 'sk-' 'ant-admin01-' url:93 'AA'
openai-old api-key 's' 'k-' alnum:48
openai-project openai-key 'sk-' 'proj-' url:120
openai-service openai-key 'sk-' 'svcacct-' url:120
openai-session openai-key 'se' 'ss-' alnum:40
openrouter openrouter-key 'sk-' 'or-v1-' hex:64
deepseek api-key 's' 'k-' hex:32
langfuse langfuse-key 'sk-' 'lf-' uuid
huggingface huggingface-token 'h' 'f_' alnum:34
groq groq-key 'gs' 'k_' alnum:52
replicate replicate-token 'r' '8_' alnum:37
xai xai-key 'xa' 'i-' alnum:80
perplexity perplexity-key 'pp' 'lx-' alnum:48
nvidia nvidia-key 'nv' 'api-' url:64
zhipu zhipu-key hex:32 '.' alnum:16
tavily cerebras-key 'tv' 'ly-dev-' alnum:32
pinecone cerebras-key 'pc' 'sk_' alnum:6 '_' alnum:60
langsmith cerebras-key 'lsv2' '_pt_' hex:32 '_' hex:10
slack-bot slack-token 'xo' 'xb-' digits:12 '-' digits:13 '-' alnum:24
slack-user slack-token 'xo' 'xp-' digits:12 '-' digits:12 '-' digits:13 '-' hex:32
slack-app slack-token 'xa' 'pp-1-A' upper:10 '-' digits:13 '-' hex:64
slack-config slack-token 'xo' 'xe.xoxp-1-' alnum:160
discord-bot discord-token 'M' alnum:25 '.' url:6 '.' url:38
discord-mfa discord-token 'mf' 'a.' url:84
telegram telegram-token digits:10 ':AA' url:33
meta meta-token 'EA' 'AG' alnum:180
meta-app meta-token digits:16 '|' url:27
instagram instagram-token 'IG' 'QVJ' url:140
x-bearer x-bearer-token 'AAAAAAAAAAAAA' 'AAAAAAAAA' alnum:8 '%2F' alnum:60 '%3D' alnum:40
linkedin linkedin-token 'AQ' 'V' url:300
pinterest pinterest-token 'pi' 'na_' alnum:60
tiktok tiktok-token 'ac' 't.' alnum:60
twitch twitch-token 'oau' 'th:' lower:30
dingtalk dingtalk-secret 'SE' 'C' hex:64
feishu-tenant feishu-token 't' '-' hex:40
feishu-user feishu-token 'u' '-' alnum:32
stripe-secret stripe-key 'sk_' 'live_' alnum:99
stripe-test stripe-key 'sk_' 'test_' alnum:24
stripe-restricted stripe-key 'rk_' 'live_' alnum:99
stripe-publishable stripe-key 'pk_' 'live_' alnum:24
stripe-webhook stripe-webhook-secret 'wh' 'sec_' alnum:32
stripe-intent stripe-client-secret 'pi' '_3' alnum:22 '_sec' 'ret_' alnum:25
square square-token 'EA' 'AA' url:60
square-oauth square-token 'sq0' 'csp-' url:43
square-application square-token 'sq0' 'atp-' url:22
paypal paypal-token 'A2' '1AA' url:90
braintree braintree-token 'access_' 'token$production$' lower:16 '$' hex:32
plaid plaid-token 'access-' 'production-' uuid
adyen adyen-key 'AQ' 'E' b64:90
shopify shopify-token 'shp' 'at_' hex:32
shopify-secret shopify-token 'shp' 'ss_' hex:32
shopify-custom shopify-token 'shp' 'ca_' hex:32
shopify-private shopify-token 'shp' 'pa_' hex:32
flutterwave flutterwave-key 'FLW' 'SECK_TEST-' hex:32 '-X'
easypost easypost-key 'EZ' 'AK' alnum:54
razorpay razorpay-key 'rzp_' 'live_' alnum:14
mollie mollie-key 'li' 've_' alnum:30
sendgrid sendgrid-key 'S' 'G.' url:22 '.' url:43
mailgun mailgun-key 'ke' 'y-' hex:32
mailgun-new mailgun-key hex:32 '-' hex:8 '-' hex:8
mailchimp mailchimp-key hex:32 '-us' '10'
brevo brevo-key 'xkey' 'sib-' hex:64 '-' alnum:16
resend resend-key 'r' 'e_' alnum:8 '_' alnum:24
twilio twilio-key 'S' 'K' hex:32
airtable airtable-token 'pa' 't' alnum:14 '.' hex:64
notion-old notion-token 'sec' 'ret_' alnum:43
notion notion-token 'nt' 'n_' alnum:46
linear linear-token 'lin_' 'api_' alnum:40
asana asana-token '1' '/' digits:16 ':' hex:32
figma figma-token 'fi' 'gd_' url:40
dropbox dropbox-token 's' 'l.' url:135
hubspot hubspot-token 'pa' 't-na1-' uuid
intercom intercom-token 'dG9' 'rO' alnum:56
salesforce salesforce-token '00' 'D' alnum:15 '!' alnum:96
contentful contentful-token 'CF' 'PAT-' url:43
clickup clickup-token 'p' 'k_' digits:8 '_' upper:32
postman postman-key 'PM' 'AK-' hex:24 '-' hex:34
sentry-org sentry-token 'sntr' 'ys_' alnum:120 '_' alnum:43
sentry-user sentry-token 'sntr' 'yu_' hex:64
newrelic newrelic-key 'NR' 'AK-' upper:27
newrelic-license newrelic-key hex:36 'NR' 'AL'
grafana grafana-token 'gl' 'sa_' alnum:32 '_' hex:8
grafana-cloud grafana-token 'gl' 'c_' b64:100
posthog posthog-key 'ph' 'x_' alnum:43
dynatrace honeybadger-key 'dt0' 'c01.' upper:24 '.' upper:64
okta okta-token '0' '0' url:40
launchdarkly launchdarkly-key 'sd' 'k-' uuid
mapbox mapbox-token 's' 'k.eyJ' alnum:60 '.' url:22
fcm fcm-key url:22 ':APA' '91b' url:134
maxmind maxmind-key alnum:6 '_' alnum:29 '_m' 'mk'
octopus octopus-key 'AP' 'I-' upper:26
scaleway scaleway-key 'SC' 'W' upper:17
bcrypt password-hash '$2' 'y$10$' alnum:53
apache-md5 password-hash '$ap' 'r1$' alnum:8 '$' alnum:22
sha512-crypt password-hash '$' '6$' alnum:16 '$' alnum:86
argon2 password-hash '$argon' '2id$v=19$m=65536,t=3,p=4$' alnum:22 '$' alnum:43
ldap-ssha password-hash '{SS' 'HA}' b64:32
django password-hash 'pbkdf2' '_sha256$600000$' alnum:22 '$' b64:43 '='
scram password-hash 'SCRAM' '-SHA-256$4096:' b64:22 '==$' b64:43 '=:' b64:43 '='
""".strip().splitlines()
ALPHABETS = {
    "alnum": ALNUM,
    "lower": LOWER,
    "upper": UPPER,
    "hex": HEX,
    "b64": B64,
    "url": URL,
    "digits": string.digits,
}


def token(line: str) -> tuple[str, str, str]:
    """Return name, kind and a token of the shape that `line` describes."""
    name, kind, *parts = line.split()
    built = ""
    for at, part in enumerate(parts):
        alphabet, _, length = part.partition(":")
        if part.startswith("'"):
            built += part.strip("'")
        elif part == "uuid":
            built += uuid(name)
        else:
            built += some(ALPHABETS[alphabet], int(length), f"{name}{at}")
    return name, kind, built


TOKENS = [token(line) for line in SHAPES]
ROWS = [pytest.param(kind, secret, id=name) for name, kind, secret in TOKENS]


def left_of(secret: str, text: str) -> str:
    """Return a piece of eight characters of `secret` that stands in `text`, past its prefix, or nothing."""
    skipped = 8 if len(secret) > 20 else 0
    pieces = (secret[at : at + 8] for at in range(skipped, len(secret) - 7))
    return next((piece for piece in pieces if piece in text), "")


@pytest.mark.parametrize(("kind", "secret"), ROWS)
def test_is_marked_in_a_sentence(kind: str, secret: str) -> None:
    redaction = redact(f"I get 401 with {secret} since today, request id 7f3a.")

    assert redaction.text == f"I get 401 with [{kind}] since today, request id 7f3a."
    assert [trait.kind for trait in redaction.traits] == [kind]
    assert redaction.traits[0].length == len(secret)


SURROUNDINGS = [
    pytest.param('{"a": "%s", "b": 1}', id="json"),
    pytest.param('{\\"a\\":\\"%s\\",\\"b\\":1}', id="escaped json"),
    pytest.param("{'a': '%s'}", id="python repr"),
    pytest.param("A_B_C=%s\n", id="env"),
    pytest.param("- x: %s\n- y: 2", id="yaml"),
    pytest.param("https://api.example.com/v1?x=%s&y=2", id="query"),
    pytest.param("x%%3D%s%%26y", id="percent-encoded"),
    pytest.param("<a>%s</a>", id="xml"),
    pytest.param("`%s`", id="code span"),
    pytest.param("const x = '%s';", id="code"),
    pytest.param("试了 %s 还是不行", id="chinese"),
    pytest.param("用的是%s,报错401", id="chinese without spaces"),
    pytest.param("line one\\n%s\\nline two", id="escaped newlines"),
    pytest.param("Authorization: Bearer %s", id="bearer"),
    pytest.param("curl -H 'X-Api-Key: %s' https://example.com", id="curl"),
    pytest.param("(%s)", id="brackets"),
    pytest.param("key: %s.", id="full stop"),
    pytest.param("\u201c%s\u201d", id="smart quotes"),
    pytest.param("\x1b[31m%s\x1b[0m", id="ansi"),
]


@pytest.mark.parametrize("around", SURROUNDINGS)
def test_survives_in_no_surroundings(around: str) -> None:
    survivors = {name: left for name, _, secret in TOKENS if (left := left_of(secret, redact(around % secret).text))}

    assert survivors == {}


def zero_width(secret: str) -> str:
    return "\u200b".join(secret[at : at + 5] for at in range(0, len(secret), 5))


def full_width(secret: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in secret)


def test_invisible_characters_hide_nothing() -> None:
    for name, kind, secret in TOKENS:
        redaction = redact(f"key {zero_width(secret)} fails")
        assert redaction.text == f"key [{kind}] fails", name
        assert "invisible" in redaction.traits[0].faults


def test_full_width_letters_hide_nothing() -> None:
    for name, kind, secret in TOKENS:
        redaction = redact(f"我的是 {full_width(secret)} 。")
        assert redaction.text == f"我的是 [{kind}] 。", name
        assert "non-ascii" in redaction.traits[0].faults


@pytest.mark.parametrize("width", [17, 30, 41, 64, 76])
@pytest.mark.parametrize("margin", ["", "> ", "    "])
def test_line_breaks_hide_nothing(width: int, margin: str) -> None:
    survivors = {}
    for name, _, secret in TOKENS:
        whole = f"It says 401 for {secret}"
        lines = [whole[at : at + width] for at in range(0, len(whole), width)]
        wrapped = "\n".join(margin + line for line in lines)
        text = redact(wrapped + "\n" + margin + "What do I do?").text
        glued = text.replace("\n" + margin, "")
        if left := left_of(secret, glued):
            survivors[name] = left
        assert "What do I do?" in text, name
    assert survivors == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("gh" + "p_" + "x" * 36, id="github filler"),
        pytest.param("gh" + "p_your_token_here_please_and_more", id="github words"),
        pytest.param("s" + "k-xxxxxxxxxxxxxxxxxxxxxxxx", id="openai filler"),
        pytest.param("sk-...", id="dots"),
        pytest.param("sk-abc***xyz", id="masked short"),
        pytest.param("Incorrect API key provided: sk-ab**********cd.", id="masked by the server"),
        pytest.param("sk-proj-****************************abcd", id="masked long"),
        pytest.param("class=sk-fading-circle-container-large", id="css class"),
        pytest.param("task-based-authentication-for-everyone", id="sk- inside a word"),
        pytest.param("risk-assessment-2024-final-version", id="sk- at the end of a syllable"),
        pytest.param("AKIA", id="prefix alone"),
        pytest.param("EAAccessibilityManager", id="EAA word"),
        pytest.param("pk_constraint_users_on_account_id", id="pk_ constraint"),
        pytest.param("key_constraint_on_the_table_of_users", id="key_ constraint"),
        pytest.param("hf_hub_download_and_cache_everything", id="hf_ function"),
        pytest.param("npm_config_registry_and_other_settings", id="npm_ variable"),
        pytest.param("s.prototype.authenticateUser.call", id="minified code"),
        pytest.param("SK_BUFFER_AUTHENTICATION_FAILED", id="SK constant"),
        pytest.param("oauth:authorization-code-grant-flow", id="oauth: words"),
        pytest.param("sess-based authentication", id="sess-"),
        pytest.param("v1.0-beta", id="version"),
        pytest.param("live_stream_of_the_authentication_log", id="live_ words"),
        pytest.param("test_login_with_expired_refresh_token_is_refused", id="test name"),
        pytest.param("re_authentication_required_for_user", id="re_ words"),
        pytest.param("u-boot-2024.01-rc5-armv8-generic", id="u-boot"),
    ],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert redact(text).text == text
