"""Tokens that show by their own shape which vendor made them: the table."""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """Tokens of one kind: literal prefixes and the regular expression of what follows any of them.

    Lengths are lower than vendors' own and open at the end: vendors lengthen their tokens without a word. `vendor` is
    a provider id of the knowledge base.
    """

    kind: str
    vendor: str | None
    prefixes: tuple[str, ...]
    body: str


def _shape(kind: str, vendor: str | None, prefixes: str, body: str = r"[\w-]{16,255}") -> Shape:
    return Shape(kind, vendor, tuple(prefixes.split()), body)


_HEX = "[0-9a-fA-F]"
_UUID = rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_B64 = r"[A-Za-z0-9+/_=-]"

# Prefix first: what follows it is a run of one alphabet. The secret scanners' lists and the vendors' own pages agree
# on these prefixes; where a prefix is short the body is strict.
SHAPES = (
    # Code hosting and CI
    _shape("github-token", "github", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ gha_"),
    _shape(
        "gitlab-token",
        "gitlab",
        "glpat- gldt- glrt- glrtr- glptt- glft- glsoat- glimt- glagent- glcbt- gloas- glffct- glwt- GR1348941",
        r"[\w.-]{16,255}",
    ),
    _shape("atlassian-token", "atlassian", "ATATT3 ATCTT3 ATSTT3 ATOTT3 ATATT ATCTT", r"[\w=+/-]{20,400}"),
    _shape("bitbucket-token", "bitbucket", "ATBB BBDC-", r"[A-Za-z0-9+/=_-]{20,255}"),
    _shape("circleci-token", "circleci", "CCIPAT_ CCIPRJ_", r"[\w-]{16,255}"),
    _shape("buildkite-token", "buildkite", "bkua_ bkat_ bkpat_ bkaj_"),
    _shape("sonar-token", "sonarqube", "sqp_ squ_ sqa_ sqco_"),
    _shape("sourcegraph-token", None, "sgp_ slk_ sgd_", r"[\w-]{30,255}"),
    _shape("jfrog-token", "jfrog", "AKCp cmVmd", r"[A-Za-z0-9+/=_-]{30,255}"),
    _shape("codecov-token", None, "codecov_ snyk_uat. sktsec_ chpt_", r"[\w.-]{12,255}"),
    _shape("harness-token", None, "pat. sat.", r"[\w-]{20,24}\.[0-9a-fA-F]{24}\.[A-Za-z0-9]{20}"),
    _shape("octopus-key", None, "API-", r"[A-Z0-9]{25,32}(?![A-Za-z0-9])"),
    # Package registries
    _shape("npm-token", "npm", "npm_", r"[A-Za-z0-9]{30,255}"),
    _shape("pypi-token", "pypi", "pypi-AgE pypi-AgEN", r"[\w-]{16,500}"),
    _shape("rubygems-key", "rubygems", "rubygems_", r"[0-9a-f]{30,255}"),
    _shape("crates-token", "crates-io", "cio", r"[A-Za-z0-9]{32,40}"),
    _shape("nuget-key", "nuget", "oy2", r"[a-z0-9]{40,50}"),
    _shape("docker-token", "docker", "dckr_pat_ dckr_oat_"),
    _shape("packagist-token", None, "packagist_ CLOJARS_ hex_", r"[\w-]{24,255}"),
    _shape("api-token", None, "snyk_ endr+ tk-us- sm_aat_ sm_pat_ sm_sat_ wandb_v1_", r"[\w-]{16,255}"),
    # Clouds
    _shape("yandex-key", None, "YC", r"[A-Za-z0-9_-]{38}(?![\w-])"),
    _shape("clickhouse-key", None, "4b1d", r"[A-Za-z0-9]{38}(?![\w-])"),
    _shape(
        "aws-access-key-id",
        "aws",
        "AKIA ASIA ABIA ACCA AGPA AIDA AIPA ANPA ANVA AROA A3T APKA ASCA",
        r"[A-Z0-9]{16,124}",
    ),
    _shape("aws-api-key", "aws", "ABSK bedrock-api-key- da2- amzn.mws.", r"[A-Za-z0-9+/=_-]{20,400}"),
    _shape("amazon-token", "amazon-sp-api", "Atza| Atzr| Atc| Atnr| amzn1.oa2-cs.v1.", r"[\w+/=|.-]{16,2000}"),
    _shape("google-api-key", "google-cloud", "AIza", r"[\w-]{28,60}"),
    _shape("google-api-key", "gemini", "AQ.Ab8", r"[\w-]{30,100}"),
    _shape("google-access-token", "google-oauth", "ya29. ya29.a0 ya29.c.", r"[\w.-]{16,2000}"),
    _shape("google-refresh-token", "google-oauth", "1//0 1/0 1/1", r"[\w-]{25,500}"),
    _shape("google-authorization-code", "google-oauth", "4/0A 4/1A 4/P 4/0", r"[\w-]{20,500}"),
    _shape("google-client-secret", "google-oauth", "GOCSPX-", r"[\w-]{20,60}"),
    _shape("google-hmac-key", "google-cloud", "GOOG1E GOOG1", r"[A-Z0-9]{20,70}"),
    _shape("entra-refresh-token", "entra-id", "0.A 1.A 0.AX 1.AX 0.AS 1.AS", r"[\w-]{20,300}(?:\.[\w.-]{20,4000})?"),
    _shape("microsoft-token", "entra-id", "M.C M.R", r"\d{1,5}_[A-Z0-9]{2,6}\.[\w.!*$%-]{20,4000}"),
    _shape("microsoft-token", "entra-id", "EwA EwB EwC EwD", r"[A-Za-z0-9+/=_-]{150,4000}"),
    _shape("digitalocean-token", "digitalocean", "dop_v1_ doo_v1_ dor_v1_ dosp_v1_ doctl_", r"[0-9a-zA-Z]{30,255}"),
    _shape("heroku-key", "heroku", "HRKU-", r"[\w-]{30,255}"),
    _shape("fly-token", "fly-io", "fm2_ fm1a_ fm1r_ fo1_", r"[\w+/=,-]{30,4000}"),
    _shape("netlify-token", "netlify", "nfp_ nfc_ nfo_ nfu_ nfb_", r"[\w-]{24,255}"),
    _shape("vercel-token", "vercel", "vercel_blob_rw_ vercel_ vck_ vcp_ vci_ vca_ vcr_", r"[\w-]{20,255}"),
    _shape("cloudflare-token", "cloudflare", "v1.0-", rf"{_HEX}{{16,40}}-{_HEX}{{60,255}}"),
    _shape("cloudflare-token", "cloudflare", "cfut_ cfat_ cfk_ cfoat_", r"[\w-]{30,255}"),
    _shape("alibaba-access-key-id", "aliyun", "LTAI", r"[A-Za-z0-9]{12,30}"),
    _shape("alibaba-security-token", "aliyun", "CAIS", r"[A-Za-z0-9+/=]{60,2000}"),
    _shape("tencent-secret-id", "tencent-cloud", "AKID", r"[A-Za-z0-9]{28,40}"),
    _shape("volcengine-access-key-id", "volcengine", "AKLT", r"[A-Za-z0-9]{30,60}"),
    _shape("baidu-key", "baidu", "bce-v3/ALTAK- ALTAK", r"[\w/-]{20,100}"),
    _shape("yandex-token", "yandex", "AQVN y0_ t1. YCA YCM", r"[\w.-]{30,255}={0,2}"),
    _shape("scaleway-key", None, "SCW", r"[A-Z0-9]{17}(?![A-Za-z0-9])"),
    _shape("databricks-token", "databricks", "dapi dose dkea", r"[0-9a-h]{32,40}(?:-\d)?"),
    _shape("dbt-token", None, "dbtc_ dbtu_", r"[\w=+/-]{24,255}"),
    _shape("openshift-token", "openshift", "sha256~", r"[\w-]{40,50}"),
    _shape("azure-devops-token", "azure", "AZDO", r"[A-Za-z0-9]{30,90}"),
    _shape("tailscale-key", "tailscale", "tskey-"),
    _shape("ngrok-token", None, "ngrok_ cr_ ak_", r"[A-Za-z0-9]{27}(?:_[A-Za-z0-9]{20,50})?"),
    _shape("planetscale-token", "planetscale", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w=.-]{24,255}"),
    _shape("neon-key", "neon", "napi_ npg_", r"[A-Za-z0-9]{10,255}"),
    _shape("aiven-password", None, "AVNS_ CCDB1_ mdb_sa_sk_ essu_ aivenv1_", r"[\w=-]{12,255}"),
    _shape("render-key", None, "rnd_ rw_Fe26", r"[\w*.-]{20,255}"),
    _shape("supabase-key", "supabase", "sbp_ sbp_oauth_ sb_secret_ sb_publishable_ sba_ sbf_", r"[\w-]{20,255}"),
    # Secrets managers and infrastructure as code
    _shape("vault-token", "vault", "hvs. hvb. hvr.", r"[\w-]{20,300}"),
    _shape("vault-token", "vault", "s. b. r.", r"[A-Za-z0-9]{24}(?!\w|\.\w|\()"),
    _shape("doppler-token", "doppler", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit. dp.said.", r"[\w.-]{20,255}"),
    _shape("onepassword-token", "1password", "ops_eyJ", r"[\w=-]{30,4000}"),
    _shape(
        "onepassword-secret-key",
        "1password",
        "A3-",
        r"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}",
    ),
    _shape("pulumi-token", "pulumi", "pul-", r"[0-9a-f]{30,60}"),
    _shape("infracost-key", None, "ico- tgp_v1_", r"[\w-]{24,60}"),
    _shape("extended-private-key", None, "xprv yprv zprv tprv uprv vprv", r"[A-Za-z0-9]{90,115}"),
    _shape("age-secret-key", None, "AGE-SECRET-KEY-1 AGE-PLUGIN-", r"[A-Z0-9-]{30,255}"),
    # AI
    _shape("anthropic-key", "anthropic", "sk-ant-", r"[\w-]{16,255}"),
    _shape("openrouter-key", "openrouter", "sk-or-", r"[\w-]{24,255}"),
    _shape("openai-key", "openai", "sk-proj- sk-svcacct- sk-admin- sk-None- sess-", r"[\w-]{16,255}"),
    _shape("langfuse-key", None, "sk-lf- pk-lf- sk-helicone- pk-helicone-", r"[\w-]{16,255}"),
    _shape("api-key", None, "sk-", r"[\w.-]{14,255}"),  # OpenAI, DeepSeek, Moonshot, DashScope and many more
    _shape("huggingface-token", "huggingface", "hf_ api_org_ hf_oauth_", r"[A-Za-z0-9]{24,255}"),
    _shape("groq-key", "groq", "gsk_", r"[A-Za-z0-9]{24,255}"),
    _shape("replicate-token", "replicate", "r8_", r"[A-Za-z0-9]{24,60}"),
    _shape("xai-key", "xai", "xai-", r"[A-Za-z0-9-]{24,255}"),
    _shape("perplexity-key", "perplexity", "pplx-", r"[A-Za-z0-9]{24,255}"),
    _shape("nvidia-key", "nvidia", "nvapi-", r"[\w-]{24,255}"),
    _shape("cerebras-key", None, "csk- fw_ fc- jina_ tvly- pcsk_ e2b_ lsv2_pt_ lsv2_sk_ ls__ gsk-", r"[\w-]{20,255}"),
    _shape("voyage-key", None, "pa- pat_ sat_ czs_ nvoy_", r"[\w-]{30,255}"),
    _shape("dify-key", "dify", "app- dataset-", r"[A-Za-z0-9]{24,40}(?![\w-])"),
    _shape("modelscope-token", "modelscope", "ms-", _UUID),
    # Chat and social
    _shape(
        "slack-token",
        "slack",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxc- xoxd- xoxo- xoxe- xoxe.xoxp- xoxe.xoxb- xapp- xwfp-",
        r"[\w%.+/=-]{10,500}",
    ),
    _shape("discord-token", "discord", "mfa.", r"[\w-]{60,120}"),
    _shape("meta-token", "meta", "EAA EAAG EAAC EAAB EAAJ", r"[A-Za-z0-9]{60,500}"),
    _shape("instagram-token", "meta", "IGQV IGQW IGAA IGQ", r"[\w-]{40,500}"),
    _shape("threads-token", "meta", "THQV THAA", r"[\w-]{40,500}"),
    _shape("x-bearer-token", "x-twitter", "AAAAAAAAAAAAAAAAAAAA", r"[A-Za-z0-9%+/=_-]{30,300}"),
    _shape("linkedin-token", "linkedin", "WPL_AP1. WPL_AP0.", r"[\w.=+/-]{10,255}"),
    _shape("linkedin-token", "linkedin", "AQT AQU AQV AQW AQX AQR AQS", r"[\w-]{100,500}"),
    _shape("pinterest-token", "pinterest", "pina_ pinr_", r"[\w-]{24,500}"),
    _shape("tiktok-token", "tiktok", "act. rft. clt.", r"[\w!.*-]{20,255}"),
    _shape("twitch-token", "twitch", "oauth:", r"[a-z0-9]{28,40}"),
    _shape("dingtalk-secret", "dingtalk", "SEC", r"[0-9a-f]{60,70}"),
    _shape("feishu-token", "feishu", "t-g1 u-g1 t- u- ur-", r"[A-Za-z0-9_.]{20,100}"),
    _shape("line-token", None, "LINE-", r"[\w+/=-]{60,255}"),
    # Payments and shops
    _shape(
        "stripe-key",
        "stripe",
        "sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_ ek_live_ ek_test_ sk_org_",
        r"\w{10,255}",
    ),
    _shape("stripe-webhook-secret", "stripe", "whsec_", r"[\w+/=-]{16,255}"),
    _shape(
        "stripe-client-secret",
        "stripe",
        "pi_ seti_ src_ cs_live_ cs_test_",
        r"[A-Za-z0-9]{10,80}_secret_[A-Za-z0-9]{10,100}",
    ),
    _shape("mollie-key", "mollie", "live_ test_ sandbox_", r"[\w=-]{30,60}"),
    _shape("razorpay-key", "razorpay", "rzp_live_ rzp_test_", r"\w{10,40}"),
    _shape("square-token", "square", "EAAA EAAl sq0atp- sq0csp- sq0idp- sandbox-sq0csb-", r"[\w-]{20,255}"),
    _shape("paypal-token", "paypal", "A21AA", r"[\w-]{30,255}"),
    _shape("braintree-token", "paypal", "access_token$", r"(?:sandbox|production)\$[0-9a-z]{12,20}\$[0-9a-f]{28,40}"),
    _shape(
        "plaid-token",
        "plaid",
        "access-sandbox- access-development- access-production- link-sandbox- public-sandbox- link-production-",
        _UUID,
    ),
    _shape("adyen-key", "adyen", "AQE", r"[A-Za-z0-9+/=.*\-_?!&\[\]{}()<>@#%^~:;,|$]{60,300}"),
    _shape("shopify-token", "shopify", "shpat_ shpss_ shpca_ shppa_ shpua_ shptka_ shprt_", r"[0-9a-zA-Z]{24,255}"),
    _shape("flutterwave-key", None, "FLWSECK- FLWSECK_TEST- FLWPUBK- FLWPUBK_TEST-", r"[\w-]{20,80}"),
    _shape("easypost-key", None, "EZAK EZTK", r"[A-Za-z0-9]{50,60}"),
    _shape("shippo-token", None, "shippo_live_ shippo_test_ duffel_live_ duffel_test_", r"[\w-]{30,60}"),
    _shape("ebay-token", "ebay", "v^1.1#", r"[\w#^+/=.-]{30,4000}"),
    # Mail and messages
    _shape("sendgrid-key", "sendgrid", "SG.", r"[\w-]{16,32}\.[\w-]{16,64}"),
    _shape("mailgun-key", "mailgun", "key- pubkey-", r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    _shape("brevo-key", "brevo", "xkeysib- xsmtpsib-", r"[0-9a-f]{50,70}-\w{8,20}"),
    _shape("resend-key", "resend", "re_", r"[A-Za-z0-9]{6,12}_[A-Za-z0-9]{16,40}"),
    _shape("resend-key", "resend", "re_", r"[A-Za-z0-9]{24,60}"),
    _shape("mailchimp-key", "mailchimp", "md-", r"[\w-]{20,24}"),
    _shape("twilio-key", "twilio", "SK", r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    _shape("telnyx-key", "telnyx", "KEY0", r"[0-9A-F]{20,40}_\w{16,30}"),
    _shape("onesignal-key", None, "os_v2_app_ os_v2_org_", r"[a-z0-9]{50,255}"),
    _shape("pubnub-key", None, "sub-c- pub-c- sec-c-", r"[\w=-]{30,60}"),
    # Work
    _shape("airtable-token", "airtable", "pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{50,70}"),
    _shape("airtable-key", "airtable", "key", r"[A-Za-z0-9]{14}(?![\w-])"),
    _shape("notion-token", "notion", "secret_ ntn_", r"[A-Za-z0-9]{36,60}"),
    _shape("linear-token", "linear", "lin_api_ lin_oauth_ lin_wh_"),
    _shape("asana-token", "asana", "0/ 1/ 2/", r"(?:\d{10,20}(?:/\d{10,20})?:)?[0-9a-f]{32}"),
    _shape("figma-token", "figma", "figd_ figo_ figu_ figoh_ figor_", r"[\w-]{20,255}"),
    _shape("dropbox-token", "dropbox", "sl.u. sl.B sl.A sl.", r"[\w-]{60,2000}"),
    _shape("hubspot-token", "hubspot", "pat-na1- pat-na2- pat-eu1- pat-ap1-", _UUID),
    _shape("intercom-token", "intercom", "dG9rO", r"[A-Za-z0-9+/_=-]{40,100}"),
    _shape("salesforce-token", "salesforce", "00D", r"[A-Za-z0-9]{10,20}![\w.+/=-]{40,300}"),
    _shape("salesforce-refresh-token", "salesforce", "5Aep", r"[\w.]{60,200}"),
    _shape("contentful-token", "contentful", "CFPAT-", r"[\w-]{30,60}"),
    _shape("clickup-token", "clickup", "pk_", r"\d{4,12}_[A-Z0-9]{32}"),
    _shape("typeform-token", "typeform", "tfp_ cal_live_ cal_test_ tly- rdme_ pnu_ lip_", r"[\w.-]{24,255}"),
    _shape("postman-key", "postman", "PMAK- PMAT-", r"[0-9a-zA-Z-]{24,100}"),
    _shape("canva-secret", None, "cnvca", r"[\w-]{30,80}"),
    _shape("zapier-token", None, "zpka_ fio-u- dnkey- hawk. sm_aat_ s-s4t2ud- p8e-", r"[\w.=-]{24,255}"),
    # Many vendors share these
    _shape("api-key", None, "sk_sbox_ pk_sbox_ sk_ rk_ pk_ key_", r"\w{24,255}"),
    # Watching
    _shape("sentry-token", "sentry", "sntrys_ sntryu_ sntryi_ sntrya_", r"[\w=+/-]{20,500}"),
    _shape("newrelic-key", "new-relic", "NRAK- NRIQ- NRII- NRJS- NRBR- NRRA- NRSP- NRAA-", r"[\w-]{16,60}"),
    _shape("grafana-token", "grafana", "glsa_ glc_ eyJrIjoi", r"[\w+/=-]{24,500}"),
    _shape("posthog-key", "posthog", "phx_ phc_ phs_ phe_", r"[\w-]{24,100}"),
    _shape("honeybadger-key", None, "hbp_ dt0c01. dt0s01. dt0s16.", r"[\w.-]{24,120}"),
    _shape("pagerduty-key", "pagerduty", "u+ y_", r"[\w+-]{18}(?![\w+-])"),
    # Identity
    _shape("okta-token", "okta", "00", r"[A-Za-z0-9_-]{40}(?![\w-])"),
    _shape("launchdarkly-key", "launchdarkly", "sdk- api- mob- rel-", _UUID),
    _shape("mapbox-token", "mapbox", "sk.eyJ pk.eyJ tk.eyJ", r"[\w-]{20,255}\.[\w-]{10,100}"),
    _shape("ory-token", "ory", "ory_at_ ory_rt_ ory_ac_ ory_st_ ory_pat_ ory_apikey_", r"[\w.-]{16,255}"),
    _shape("cas-ticket", "cas", "TGT- PGT- PGTIOU- TGC-", r"[\w.-]{20,255}"),
    _shape("cas-ticket", "cas", "ST-", r"\d{1,9}-[\w.-]{12,255}"),
    # Stored passwords: hashes in the forms of crypt(3), LDAP, Django, Werkzeug, PostgreSQL
    _shape("password-hash", None, "$2a$ $2b$ $2y$ $2x$", r"\d\d\$[./A-Za-z0-9]{20,60}"),
    _shape("password-hash", None, "$apr1$ $1$ $5$ $6$ $7$ $y$ $gy$ $md5$ $sha1$ $8$ $9$", r"[./A-Za-z0-9=$,-]{16,200}"),
    _shape(
        "password-hash",
        None,
        "$argon2i$ $argon2d$ $argon2id$ $scrypt$ $pbkdf2$ $pbkdf2- $P$ $H$ $S$ $bcrypt-sha256$",
        r"[\w./=$,+-]{16,300}",
    ),
    _shape(
        "password-hash",
        None,
        "pbkdf2_sha256$ pbkdf2_sha1$ pbkdf2_sha512$ bcrypt_sha256$ argon2$ scrypt$",
        r"[\w./=$,+-]{16,300}",
    ),
    _shape(
        "password-hash",
        None,
        "pbkdf2:sha256: pbkdf2:sha512: scrypt:",
        r"[\w:]{1,20}\$[\w./+=-]{4,40}\$[0-9a-f]{32,255}",
    ),
    _shape(
        "password-hash",
        None,
        r"[A-Za-z0-9+/=$.-]{12,255}",
    ),
    _shape("password-hash", None, "SCRAM-SHA-256$ SCRAM-SHA-1$", r"\d{3,7}:[A-Za-z0-9+/=:$]{30,255}"),
)

# A literal stands in the middle, or there is none. Each with a needle that has to be in the text. The boundary comes
# behind the first character: a pattern that starts with a set of characters is skipped through a text much faster.
INNER_SHAPES: tuple[tuple[str, str | None, str, str], ...] = (
    ("azure-client-secret", "entra-id", "Q~", r"[\w~.-](?<![\w~.-].)[\w~.-]{2}\dQ~[\w~.-]{28,40}"),
    ("azure-key", "azure", "JQQJ99", r"[A-Za-z0-9](?<![A-Za-z0-9].)[A-Za-z0-9]{29,59}JQQJ99[A-Za-z0-9]{8,40}"),
    ("azure-key", "azure", "AZDO", r"[A-Za-z0-9](?<![A-Za-z0-9].)[A-Za-z0-9]{29,79}AZDO[A-Za-z0-9]{4,40}"),
    (
        "azure-key",
        "azure",
        "+A",
        r"[A-Za-z0-9+/](?<![\w+/].)[A-Za-z0-9+/]{31,80}\+(?:ASt|AMs|AIo|AEh|ARm|ACR|APi|AWs|ADb)[A-Za-z0-9+/]{4,8}={0,2}",
    ),
    ("azure-key", "azure", "AzSe", r"[A-Za-z0-9](?<![A-Za-z0-9].)[A-Za-z0-9]{41,45}AzSe[A-Za-z0-9]{4,8}"),
    ("azure-key", "azure", "AzFu", r"[\w-](?<![\w-].)[\w-]{40,45}AzFu[\w-]{4,8}={0,2}"),
    ("discord-token", "discord", ".", r"[MNO](?<![\w.-].)[A-Za-z0-9_-]{22,30}\.[\w-]{6,7}\.[\w-]{27,45}(?![\w-]|\.\w)"),
    ("telegram-token", "telegram", ":", r"\d(?<!\d.)\d{5,11}:[A-Za-z0-9_-]{34,36}(?![\w-])"),
    ("twitter-token", "x-twitter", "-", r"\d(?<!\d.)\d{14,19}-[A-Za-z0-9]{30,50}(?![\w-])"),
    ("ngrok-token", None, "_", r"2(?<![\w-].)[A-Za-z0-9]{26}_[A-Za-z0-9]{20,24}(?![\w-])"),
    ("zhipu-key", "zhipu", ".", r"[0-9a-f](?<![0-9A-Za-z].)[0-9a-f]{31}\.[A-Za-z0-9]{16}(?![A-Za-z0-9])"),
    ("mailchimp-key", "mailchimp", "-us", r"[0-9a-f](?<![0-9a-zA-Z].)[0-9a-f]{31}-us\d{1,2}(?!\d)"),
    ("mailgun-key", "mailgun", "-", r"[0-9a-f](?<![0-9a-zA-Z-].)[0-9a-f]{31}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9a-zA-Z-])"),
    (
        "terraform-token",
        "terraform",
        ".atlasv1.",
        r"[A-Za-z0-9](?<![A-Za-z0-9].)[A-Za-z0-9]{13}\.atlasv1\.[\w=-]{40,120}",
    ),
    ("fcm-key", "firebase", ":APA91b", r"[\w-](?<![\w-].)[\w-]{6,40}:APA91b[\w-]{60,300}"),
    ("fcm-key", "firebase", "AAAA", r"AAAA(?<![\w-]....)[\w-]{7}:[\w-]{120,180}"),
    ("meta-token", "meta", "|", r"\d(?<!\d.)\d{12,16}\|[A-Za-z0-9_-]{24,34}(?![\w-])"),
    ("meta-token", "meta", "%7C", r"\d(?<!\d.)\d{12,16}%7C[A-Za-z0-9_-]{24,34}(?![\w-])"),
    ("newrelic-key", "new-relic", "NRAL", r"[0-9a-f](?<![0-9A-Za-z].)[0-9a-f]{31,39}NRAL"),
    ("maxmind-key", None, "_mmk", r"[A-Za-z0-9](?<![A-Za-z0-9].)[A-Za-z0-9]{5}_[A-Za-z0-9]{29}_mmk"),
    ("password-hash", None, ":::", r"(?<=:)\d{1,6}:[0-9a-fA-F]{32}:[0-9a-fA-F]{32}:::"),
    (
        "password-hash",
        None,
        "}",
        r"\{(?i:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2(?:-SHA\d{1,3})?)\}[A-Za-z0-9+/=$.]{12,255}",
    ),
    (
        "private-key",
        None,
        "MII",
        r"MII(?<![A-Za-z0-9+/]...)[A-Za-z0-9+/]{3}(?:IBAD|IBAA|CAQA|gEA)[A-Za-z0-9+/=\n]{40,8000}",
    ),
    ("private-key", None, "MHcCAQEE", r"MHcCAQEE[A-Za-z0-9+/=]{30,2000}"),
    ("private-key", None, "AgEAM", r"M(?:IGH|IG2|IHu)AgEAM[A-Za-z0-9+/=]{30,2000}"),
    ("private-key", None, "MC4CAQAw", r"MC4CAQAw[A-Za-z0-9+/=]{30,2000}"),
)
