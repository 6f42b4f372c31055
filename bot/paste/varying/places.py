"""Addresses in a line: URLs, hosts, e-mail and IP addresses, paths, regions, names of resources."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

_URL = re.compile(r"(?i)(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>`(),，。）]{1,2000}")
_EMAIL = re.compile(r"(?a)(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{0,200}\w")
_ARN = re.compile(r"(?a)\barn:[a-z-]{3,12}:[\w:/.*@+=,-]{1,300}")
_HOST = re.compile(
    r"(?a)(?<![\w.@-])(?:[A-Za-z0-9_-]{1,63}\.){1,8}"
    r"(?:com|net|org|io|dev|app|ai|cn|co|uk|de|fr|jp|kr|ru|in|us|eu|nl|ch|se|br|au|ca|es|it|pl|tw|hk|sg|cloud|info|biz"
    r"|me|tv|gov|edu|mil|xyz|site|tech|online|so|gg|to|internal|local|localdomain|corp|lan|home|intranet|svc|example|test"
    r"|invalid|private|arpa)(?::\d{1,5})?(?![\w(-]|\.\w)"
)
_IPV4 = re.compile(r"(?a)(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?(?!\w|\.\d)")
_IPV6 = re.compile(
    r"(?ai)(?<![\w:.])\[?(?=[0-9a-f:]{0,40}\d)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])(?:\]:\d{1,5})?"
)
_REGION = re.compile(r"(?a)(?<![\w-])[a-z]{2}-(?:gov-|iso-)?[a-z]{4,12}(?:-\d{1,2}|\d{1,2})(?:-?[a-f])?(?![\w-])")
_WINDOWS_PATH = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]:\\|\\\\)[^\s\"'<>|]{1,300}")
_DOMAIN_USER = re.compile(r"(?a)(?<![\w\\])[A-Z][A-Z0-9-]{1,20}\\[\w.$-]{1,64}")
_PATH = re.compile(
    r"(?a)(?<![\w:/.}<)\]])(?:~|\.{1,2})?/[\w.@%+~:$=-]{1,200}(?:/[\w.@%+~:$={}-]{0,200}){0,30}(?:\?[^\s\"'<>]{0,1000})?"
)

# Hosts of nobody in particular: reserved by RFC 2606 and RFC 6762, or used by vendors for their examples.
_NOBODY = re.compile(
    r"(?i)(?:^|\.)(?:internal|local|localdomain|corp|lan|home|intranet|svc|example|test|invalid|private|arpa"
    r"|(?:example|contoso|fabrikam|acme|my-?[a-z]{1,20}|your-?[a-z]{1,20}|company|corp|domain|globex|initech)(?:\.[a-z]{2,6}){1,2})$"
)
_SECOND_LEVEL = {"com", "co", "org", "net", "gov", "edu", "ac"}
_TOLD_IN_QUERY = ("error", "error_code", "error_description", "error_reason", "errcode", "errmsg", "error_subcode")


def without_places(line: str) -> str:
    """Return `line` with addresses as {url}, {host}, {email}, {path}, {name} or {id}.

    Of a public host its registered domain stays, since it says whose error it is; of a URL also the error it carries.
    """
    line = _URL.sub(_url, line)
    line = _ARN.sub("{id}", line)
    line = _EMAIL.sub("{email}", line)
    line = _DOMAIN_USER.sub("{name}", line)
    line = _WINDOWS_PATH.sub("{path}", line)
    line = _PATH.sub("{path}", line)
    line = _IPV4.sub("{host}", line)
    line = _IPV6.sub("{host}", line)
    line = _HOST.sub(lambda found: _domain(found[0]), line)
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
    return " ".join(["{url}", *([] if not _HOST.fullmatch(host) else [_domain(host)]), *told])


def _domain(host: str) -> str:
    """Return a host's registered domain, {host} where it is nobody's or of the asker's own network."""
    name = host.partition(":")[0].lower()
    if _NOBODY.search(name):
        return "{host}"
    labels = name.split(".")
    kept = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return re.sub(r"\d{1,63}", "{n}", ".".join(labels[-kept:]))
