"""Names in a line: values of fields that vary, quoted values, and who or what a sentence is about."""

from __future__ import annotations

import re

# `key: value`, `key=value`, `"key": "value"`, `'key' => 'value'`
_KEY = re.compile(r"(?a)(?<![A-Za-z0-9_])([A-Za-z][\w.-]{0,60})([\"']?\s?(?:=>|:=|=|:)\s?)")
_VALUE = re.compile(r"\"[^\"]{0,500}\"|'[^']{0,500}'|\[[^\[\]]{0,200}\]|[^\s,;&|(){}<>\[\]\"']{1,300}|\{[a-z]{1,6}\}")
_VARYING_KEYS = frozenset(
    """
    time timestamp ts date datetime exp iat nbf expires expiry expiresat expiresin expiredat expireat now duration
    elapsed latency took age skew delta serverdate servertime clienttime currenttime
    host hostname server ip ipaddress addr address remoteaddr clientip remote client instance node pod container
    namespace region zone path uri url file filename endpoint referrer referer caller source pid tid thread line port
    db database dbname datname request requestline instanceurl href link location upstream peer
    user username usr login loginname email mail account upn sub subject principal tenant realm owner org organization
    organisation project bucket repo repository customer member actor caller device application app appname
    nonce hash digest etag ray cfray kid signature sig fingerprint checksum version attempt attempts retry retries
    retryafter count size length seq sequence offset nr span trace xtrace build release commit traceparent useragent
    cn dn ou serial accessor conn
    """.split()
)
_VARYING_ENDINGS = (
    "_id",
    "-id",
    ".id",
    "_ids",
    "uuid",
    "guid",
    "_at",
    "_time",
    "-time",
    "timestamp",
    "_host",
    "_user",
    "_ip",
)
_IDS = frozenset("id ids rid uid gid oid cid sid requestid traceid reqid logid xrequestid correlationid".split())
_WHO = frozenset("user username usr login loginname email upn account principal member".split())

# Words of protocols and of code are no names: `redirect_uri`, `ACCESS_DENIED`, `InvalidClientTokenId`, `X-Api-Key`.
_WIRE = re.compile(
    r"(?a)[a-z]+(?:_[a-z]+){1,8}|[A-Z]+(?:_[A-Z]+){1,10}|[A-Za-z][a-z]{1,30}(?:[A-Z][a-z]{0,30}){1,8}|[A-Z][a-z]*(?:-[A-Z][A-Za-z]*){1,6}"
    r"|[a-z0-9-]{2,20}:[A-Z][A-Za-z*]{1,60}|[a-z]{2,20}(?:[.:][a-z]{2,20}){1,4}"
    r"|(?i:scope|state|nonce|code|aud|iss|exp|nbf|iat|sub|kid|alg|jti|azp|none|null|token|password|authorization|bearer"
    r"|basic|digest|negotiate|username|email|openid|profile|get|post|put|patch|delete|head|options|[a-z]{2}256|unauthori[sz]ed"
    r"|forbidden|audience|issuer|subject|expired|invalid|true|false|id|key|api|secret|authentication|signature|host|user)"
)
_QUOTED = re.compile(
    r"(?<![A-Za-z0-9])'([^']{1,200})'(?![A-Za-z0-9])|\"([^\"]{1,300})\"|`([^`]{1,200})`|“([^”]{1,200})”|‘([^’]{1,200})’|「([^」]{1,200})」"
)
_TELLS = re.compile(
    r"(?i)(?:error|code|type|exception|reason|message|msg|detail|description|title|status|错误|原因)[\"']?\s?\W{0,3}$"
)

_THING = (
    r"user(?:name)?|login|account|role|principal|member|tenant|database|db|bucket|repository|repo|project|organi[sz]ation"
    r"|org|workspace|host|hostname|server|node|pod|instance|cluster|namespace|realm|domain|queue|topic|image|client"
    r"|customer|device|machine|computer|site|app|application|team|channel|group|table|schema|collection|index|vhost"
    r"|container|registry|issuer|audience|resource|subject|serviceaccount|policy|named|secret|vault|stream|partition"
    r"|deployment|model|endpoint|connection|broker|share|volume|dataset|warehouse|keyspace|store|shop|page|profile"
)
_ABOUT_QUOTED = re.compile(
    rf"(?i)\b({_THING})(s?(?: ?[:=] ?| )[\[(]?|s?[\[(])(?=.[\w@/{{*<$.-])"
    r"(?:\"[^\"]{1,120}\"|'[^']{1,120}'|`[^`]{1,120}`|“[^”]{1,120}”|「[^」]{1,120}」)"
    r"(?:@(?:'[^']{1,120}'|\"[^\"]{1,120}\"|[\w.%-]{1,120}))?"
)
# A bare word is a name where it does not look like a word …
_ABOUT_ODD = re.compile(
    rf"(?a)(?i:\b({_THING}) )(?=[^\s\"']{{0,80}}[\d@/.-]\w)([A-Za-z0-9][\w@/.+:-]{{1,120}})(?<![.:])"
)
# … or where the sentence goes on as it does after a person's name.
_NO_NAME = (
    r"(?!(?:is|was|are|were|has|have|had|does|do|did|not|no|cannot|can|could|must|should|may|will|would|to|on|in|at|of|for"
    r"|from|with|by|and|or|because|already|account|name|password|credentials?|authentication|pool|token|session|profile"
    r"|agent|id|info|data|consent|interaction|principal|type|role|group|login|assertion|mapping|directory|store|input"
    r"|who|that|which|the|a|an|this|your|you|identity|error|access|failed|failure"
    r"|attempts?|required|denied|expired|disabled|locked|blocked|invalid|permissions?|record|object|settings?|flow)\b)"
)
_ABOUT_PERSON = re.compile(
    r"(?i)\b((?:for|as|by|of|from|invalid|unknown|user:) (?:invalid |unknown )?(?:user(?:name)?|login|account|role) )"
    rf"{_NO_NAME}([^\s\"',;:(){{}}\[\]]{{1,80}})(?<!\.)"
    r"|\b((?:user(?:name)?|login|account|role|principal|member|customer|identity) )"
    rf"{_NO_NAME}([^\s\"',;:(){{}}\[\]]{{1,80}})"
    r"(?=:|(?: port)? \{host\}"
    r"| (?:is|was|has|does|did|not|cannot|can't|could|from|on|to|failed|lacks|must|doesn't|isn't)\b)"
)
_FOR_FROM = re.compile(
    rf"(?i)\b(?:(for (?:invalid user |illegal user )?){_NO_NAME}[^\s\"':{{}}]{{1,80}}(?= from )"
    rf"|(denied (?:to|for) ){_NO_NAME}[^\s\"':{{}}]{{1,80}}$)"
)
_ACCESS_LOG = re.compile(r"(?<=\{host\} - )\S{1,80}(?= \[\{time\})")
_ABOUT_ZH = re.compile(
    r"((?:用户名?|账[号户]|帐[号户]|应用|主机|数据库|租户)\s?[:\[「“\"']?\s?)[A-Za-z0-9][A-Za-z0-9._@-]{0,80}"
)


def without_names(line: str) -> str:
    """Return `line` with names of people and things as {name}, values of varying fields and quoted ones as {value}."""
    line = _ACCESS_LOG.sub("{name}", _without_values(line))
    line = _ABOUT_QUOTED.sub(r"\1\2{name}", line)
    line = _QUOTED.sub(_quoted, line)
    line = _ABOUT_PERSON.sub(lambda found: f"{found[1] or found[3]}{{name}}", line)
    line = _FOR_FROM.sub(lambda found: f"{found[1] or found[2]}{{name}}", line)
    line = _ABOUT_ODD.sub(r"\1 {name}", line)
    return _ABOUT_ZH.sub(r"\1{name}", line)


def _without_values(line: str) -> str:
    """Take out the values of fields whose value varies, such as `"request_id": "…"` and `user=alice`."""
    parts: list[str] = []
    at = 0
    while key := _KEY.search(line, at):
        parts.append(line[at : key.end()])
        at = key.end()
        if not _varies(key[1]):
            continue
        value = _VALUE.match(line, at)
        if value and (_is_data(key[2]) or _is_name(key[1], value[0])):
            parts.append("{value}")
            at = value.end()
    return "".join(parts) + line[at:]


def _varies(key: str) -> bool:
    folded = key.lower()
    bare = re.sub(r"[._-]", "", folded)
    if bare.startswith(("err", "msg", "message")):
        return False
    return (
        bare in _VARYING_KEYS
        or bare in _IDS
        or folded.endswith(_VARYING_ENDINGS)
        or key.endswith(("Id", "ID", "Ids", "At", "Time"))
    )


def _is_data(sign: str) -> bool:
    """Whether the sign after a key is one of data (`=`, `":`), not a colon of a sentence ("server: not found")."""
    return "=" in sign or sign[0] in "\"'"


def _is_name(key: str, value: str) -> bool:
    if value.endswith(":"):  # "the server: x509: …": the sentence goes on
        return False
    if value[0] in "\"'[{" or not value.isalpha():
        return True
    return (key.lower() in _WHO or key.lower() in _IDS) and bool(re.match(_NO_NAME, value, re.IGNORECASE))


def _quoted(found: re.Match[str]) -> str:
    inner = next(group for group in found.groups() if group is not None)
    before, after = (
        found.string[max(0, found.start() - 40) : found.start()],
        found.string[found.end() : found.end() + 3],
    )
    is_key = after.lstrip().startswith((":", "="))
    is_value = before.rstrip()[-2:] in ('":', "':", "=>") or before.endswith("=")
    is_sentence = inner.count(" ") >= 2 or not any(sign.isalnum() for sign in inner)
    if is_key or is_value or is_sentence or _WIRE.fullmatch(inner) or _TELLS.search(before):
        return found[0]
    if re.fullmatch(r"[A-Z]{0,12}[-_]?\d{2,10}", inner) or not inner.isascii():
        return found[0]
    return "{value}"
