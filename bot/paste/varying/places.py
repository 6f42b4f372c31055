"""Addresses in a line: URLs, hosts, e-mail and IP addresses, paths, regions, names of resources."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from bot.paste.varying.vendors import RENTED, VENDORS
from bot.paste.varying.wire import is_wordy

_URL = re.compile(r"(?i)(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>`(),，。）]{1,2000}")
_EMAIL = re.compile(r"(?a)(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,200}\w")
_GIT_AT = re.compile(r"(?a)(?<![\w.+-])git@(?=[\w-]{1,63}\.)([\w.-]{0,200}\w)")
_ARN = re.compile(r"(?a)\barn:[a-z-]{3,12}:[\w:/.*@+=,-]{1,300}")
_HOST = re.compile(
    r"(?a)(?<![\w.@-])(?:[A-Za-z0-9_-]{1,63}\.){1,8}"
    r"(?:com|net|org|io|dev|app|ai|cn|co|uk|de|fr|jp|kr|ru|in|us|eu|nl|ch|se|br|au|ca|es|it|pl|tw|hk|sg|cloud|info|biz"
    r"|me|tv|gov|edu|mil|xyz|site|tech|online|so|gg|to|internal|local|localdomain|corp|lan|home|intranet|svc|example|test"
    r"|invalid|private|arpa)(?::\d{1,5})?(?![\w(-]|\.\w)(?:/[\w.@:%+/-]{0,300})?"
)
_IPV4 = re.compile(r"(?a)(?<![\w.])(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?!\w|\.\d)")
_IPV6 = re.compile(
    r"(?ai)(?<![\w:.])\[?(?=[0-9a-f:]{0,40}\d)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])(?:\]:\d{1,5})?"
)
_REGION = re.compile(
    r"(?a)(?<![\w-])[a-z]{2}-(?:gov-|iso-)?[a-z]{4,12}(?:-\d{1,2}|\d{1,2})(?:-?[a-f])?(?![\w-])|(?<![\w-])(?:cn|ap|na|eu)-[a-z]{5,12}(?:-\d{1,2}[a-z]?)?(?![\w-])"
)
_FILE = re.compile(
    r"(?a)(?<![\w./-])(?!(?:node|next|vue|nuxt|express|three|auth|passport)\.js)(?:[\w.-]{1,60}/){0,12}[\w-]{1,80}(?:\.[\w-]{1,40}){0,3}\.(?:ya?ml|json|py|jsx?|tsx?|mjs|go"
    r"|java|kt|rb|php|cs|sh|conf|cfg|ini|env|toml|properties|pem|key|crt|cer|p12|pfx|jks|csv|xml|txt|log|zip|gz|tar|tgz|jar|war|png|jpe?g|gif|svg|pdf|mp4|docx?|xlsx?|parquet|whl|html?|htpasswd|c|cpp|rs)"
    r"(?![\w(-]|\.\w)"
)
_BASE64 = re.compile(
    r"(?a)(?<![\w/+])(?=[A-Za-z0-9+/]{0,200}\d)(?=[A-Za-z0-9+/]{0,200}[A-Z])[A-Za-z0-9+/]{20,4000}={0,2}(?![\w/+])"
)
_DN = re.compile(
    r"(?i)(?<![a-z])(?:cn|ou|dc|uid|o|l|st|c|e)=[^,=\n]{1,80}"
    r"(?:, ?(?:cn|ou|dc|uid|o|l|st|c|e)=[^,=\n]{1,80}(?=,)){0,12}"
    r", ?(?:cn|ou|dc|uid|o|l|st|c|e)=[^\s,=;'\")\]<>{}]{1,80}"
)
_AT_HOST = re.compile(r"(?a)(?<![\w.+-])[\w.+-]{1,64}@\{host\}")
_LOGIN_AT = re.compile(r"(?a)(?<![\w./-])[\w.-]{1,60}@//")  # sqlplus alice@//host:1521/ORCL
_PACKAGE = re.compile(
    r"(?a)(?<![\w.:-])[A-Za-z][\w.-]{0,80}(?::[\w.-]{1,80}:(?:jar|war|pom|aar)(?::[\w.-]{1,60})?|[=~]=[\w.*-]{1,40})"
)  # com.example:shop:jar:1.2, shop==1.2
_WINDOWS_PATH = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]:\\|\\\\)[^\s\"'<>|]{1,300}")
_DOMAIN_USER = re.compile(r"(?a)(?<![\w\\])[A-Z][A-Z0-9-]{1,20}\\[\w.$-]{1,64}")
_PATH = re.compile(
    r"(?a)(?<![\w:/.}<)\]])(?:~|\.{1,2})?/[\w.@%+~:$=-]{1,200}(?:/[\w.@%+~:$={}-]{0,200}){0,30}(?:\?[^\s\"'<>]{0,1000})?"
)

_SECOND_LEVEL = {"com", "co", "org", "net", "gov", "edu", "ac"}
_TOLD_IN_QUERY = ("error", "error_code", "error_description", "error_reason", "errcode", "errmsg", "error_subcode")


def without_places(line: str) -> str:
    """Return `line` with addresses as {url}, {host}, {email}, {path}, {name} or {id}.

    Of a vendor's host the registered domain stays, since it says whose error it is; of a URL also the error it carries.
    """
    line = _URL.sub(_url, line)
    line = _DN.sub("{name}", line)
    line = _BASE64.sub(lambda found: found[0] if is_wordy(found[0]) else "{id}", line)
    line = _PACKAGE.sub("{name}", line)
    line = _LOGIN_AT.sub("", line)
    line = _ARN.sub("{id}", line)
    line = _GIT_AT.sub(r"{name} \1", line)
    line = _EMAIL.sub("{email}", line)
    line = _DOMAIN_USER.sub("{name}", line)
    line = _WINDOWS_PATH.sub("{path}", line)
    line = _PATH.sub("{path}", line)
    line = _IPV4.sub("{host}", line)
    line = _IPV6.sub("{host}", line)
    line = _HOST.sub(lambda found: _domain(found[0]), line)
    line = _FILE.sub("{path}", line)
    line = _AT_HOST.sub("{name}", line)
    return _REGION.sub("{host}", line)


def _url(found: re.Match[str]) -> str:
    address, _, query = found[0].partition("?")
    address, _, fragment = address.partition("#")
    query, _, more = query.partition("#")
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
    told = (
        [
            value
            for name, value in parse_qsl(f"{query}&{fragment}&{more}", max_num_fields=100, separator="&")
            if name in _TOLD_IN_QUERY
        ]
        if query or fragment
        else []
    )
    domain = _domain(host)
    return " ".join(["{url}", *([domain] if domain != "{host}" else []), *told])


def _domain(host: str) -> str:
    """Return a host's registered domain where it is a vendor's, {host} where it is the asker's own or nobody's."""
    labels = host.partition("/")[0].partition(":")[0].lower().split(".")
    kept = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    domain = ".".join(labels[-kept:])
    return domain if domain in VENDORS and RENTED.isdisjoint(labels) else "{host}"
