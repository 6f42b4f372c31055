"""Numbers and ids in a line; tells them from error codes and HTTP statuses, which stay."""

from __future__ import annotations

import re

from bot.paste.varying.wire import is_wordy

_TOKEN = re.compile(r"(?a)(?<!\w)\w+(?:[.-]\w+){0,20}(?!\w)")

# A code by its own look: AADSTS50011, ORA-01017, E11000, IDX10214, SQL30082N; SQLSTATE 28P01; a failed HRESULT.
_CODE = re.compile(
    r"(?!(?:NODE|HOST|WEB|DB|SRV|SERVER|APP|POD|REQ|REQUEST|ID|TXN|TRACE|SESSION|SESS|USER|CUST|ORDER|ORD|INV|TICKET|INC|JOB"
    r"|RUN|BUILD|WORKER|THREAD|DESKTOP|LAPTOP|WIN|DC|WS|PC|VM|ACCT|ACC|ORG|TENANT|PROJ|CASE|REF|EVT|LOG|MSG|SMS|TPL|SN|BATCH|TASK|DEVICE|CLIENT|MCH|SHOP)[-_]?\d)"
    r"(?:[A-Z]{1,10}(?:[-_][A-Z]{1,10}){0,3}[-_]?\d{3,8}[A-Z]?|(?:ERR|ERROR|AUTH|E|CODE)[-_]?\d{1,8}|AADB2C\d{5}"
    r"|\d\d[A-Z]\d\d|0x[8cC][0-9A-Fa-f]{7})"
)
_KNOWN = re.compile(  # words with a digit in them
    r"(?i)oauth[12]a?|base(?:32|58|64)|sha-?(?:1|224|256|384|512)|md[45]|x-?509|(?<![a-z])s3|ec2|saml2|utf-?8|utf-?16|http[123]"
    r"|ipv[46]|pkcs-?\d{1,2}|(?<![a-z])(?:[rhpe]s|es|ps)(?:256|384|512)k?|k8s|[23]fa|ed25519|secp256[kr]1|p-?(?:256|384|521)|log4j2?"
    r"|auth0|h2c?(?![a-z0-9])|krb5|tls1|ssl[23]|b2[bc]|web3|1password|neo4j|sqlite3|psycopg2?|boto3|urllib3|python[23]|httplib2"
    r"|argon2(?:id|i|d)?|pbkdf2|bcrypt2|rfc-?\d{4}|aes-?(?:128|192|256)|a(?:128|256)gcm|3des|rsa-?(?:1024|2048|4096)|ntlmv[12]|sigv[1-9]"
    r"|l2tp|r2dbc|sasl2|d2l|gpt-?\d|(?:o|m|office|microsoft)365|sse2|oidc1|fido2|u2f|c2s|s2s|m2m|p2p|e2e|1st|2nd|3rd|x5[ctu]"
)
# What makes a plain number a code: the word before it.
_CODE_BEFORE = re.compile(
    r"(?i)(?:code|codes|errno|error|errors|err|status|sqlstate|sqlcode|ret|retcode|result|rc|fault|failure|exception|subcode"
    r"|http(?:/\d(?:\.\d)?)?|响应码|返回码|错误代?码|状态码|错误|代码)[\"'\]]?\s?(?:is|was|of|number|no\.?|为|是)?\s?[:=#\[(<>-]{0,3}\s?[\"'(\[#]{0,2}-?$"
)
# An HTTP status that no such word precedes, by what stands round it; only numbers in use (IANA's list, proxies, SMTP).
_STATUS = re.compile(r"4(?:0\d|1[0-8]|2[1-9]|31|40|49|51|54|9[4-9])|5(?:0\d|1[01]|2[0-9]|3[0-9]|5\d)")
_STATUS_BEFORE = re.compile(
    r"(?i)(?:[|\"')>}]|->|=>|[;,:] |\(|- |\b(?:returned|returns?|replied|got|gets?|getting|received|with|response"
    r"|responded|responds|answered|reply|an?|unexpected|expected|gives?|gave|throws?|threw|only|failed|denied|the|server|api)"
    r"|返回|报错?|提示|出现|收到|了) ?$"
)
_REASON_AFTER = re.compile(
    r"(?i) ?[:()\]-]{0,2} ?(?:unauthori[sz]ed|forbidden|bad |not |client|server|proxy|payment|authoriz|authentic|access"
    r"|too many|error|method|conflict|gone|invalid|denied|未授权|禁止|错误|$)"
)
_COUNTED_BEFORE = re.compile(
    r"(?i)(?:\b(?:lines?|port|after|in|for|took|within|every|attempt|retry|pid|process|thread|row|columns?|col|char|position|size"
    r"|length|id|user|at|of|than|over|uid|gid|takes?|limit|max|level|count|about|version)\s?[:=#]?\s?|[A-Za-z0-9\]}]:|#|\d[.,/]|[/*$@~])$"
)
_UNIT_AFTER = re.compile(
    r"(?i) ?(?:ns|us|ms|s|secs?|seconds?|mins?|minutes?|hours?|days?|bytes?|[kmgt]i?b|chars?|characters?|times"
    r"|attempts?|items?|requests?/|rows?|%|/\d|of \d|次|条|个)(?![a-z])"
)
_PART = re.compile(r"[._-]")
_LEADING = re.compile(r"\d{3,6}(?: -)?[ :]{1,2}[^\W\d]|\d{3,10}$")  # "40013 invalid appid", a bare "40013"
_EPOCH = re.compile(r"1[3-9]\d{8}")  # seconds since 1970, of 2011 to 2033
_SMTP_CONTINUED = re.compile(r"[45]\d\d-[45]\.\d")  # "535-5.7.8" of a reply with more lines
_SMTP = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")  # RFC 3463
_DIRECTORY_DATA = re.compile(r"\bdata $")  # Active Directory: "AcceptSecurityContext error, data 52e, v3839"


def without_numbers(line: str) -> str:
    """Return `line` with plain numbers as {n} and ids as {id}; codes and HTTP statuses stay as they are."""
    kept_to = -9  # where the last code ended: "ERROR 1045 (28000)", "codes: [50011, 700016]"

    def token(found: re.Match[str]) -> str:
        nonlocal kept_to
        text, start, end = found[0], found.start(), found.end()
        if not any(sign.isdigit() for sign in text):
            return "{id}" if any(_looks_random(part) for part in _PART.split(text)) else text
        between = line[kept_to:start] if 0 < start - kept_to <= 3 else ""
        chained = bool(re.search(r"[\[(,]", between)) and len(text) >= 3
        if _is_code(text, line[max(0, start - 48) : start], line[end : end + 12], chained=chained):
            kept_to = end
            return text
        return _masked(text)

    return _TOKEN.sub(token, line)


def _is_code(text: str, before: str, after: str, *, chained: bool) -> bool:
    if _CODE.fullmatch(text):
        # A single letter makes a code only where no word leads to it: "P1000: …", but "terminal T4081".
        return not re.match(r"[A-DF-Z]\d", text) or not re.search(r"[A-Za-z] $", before)
    if _DIRECTORY_DATA.search(before):
        return bool(re.fullmatch(r"[0-9a-f]{3,4}", text))
    if text.isdigit():
        return _is_code_number(text, before, after, chained=chained)
    if _SMTP.fullmatch(text):
        return bool(re.search(r"(?a)(?<!\d)[45]\d\d(?:[ -]|, b?['\"])#?$", before))
    if _SMTP_CONTINUED.match(text):
        return True
    expected = chained or bool(_CODE_BEFORE.search(before))
    return expected and bool(re.fullmatch(r"[0-9A-Z]{5}|0x[0-9A-Fa-f]{1,8}", text))  # SQLSTATE, Windows


def _is_code_number(text: str, before: str, after: str, *, chained: bool) -> bool:
    if len(text) > 10 or _UNIT_AFTER.match(after):
        return False
    if chained or before.endswith("(#") or _CODE_BEFORE.search(before):
        return True
    if not before:
        return bool(_LEADING.match(text + after)) and not _EPOCH.fullmatch(text)
    if not _STATUS.fullmatch(text) or _COUNTED_BEFORE.search(before):
        return False
    return bool(_STATUS_BEFORE.search(before) or _REASON_AFTER.match(after))


def _masked(text: str) -> str:
    """Return a token that has digits and is no code, with what varies masked."""
    rest = _KNOWN.sub("", text)
    if not any(sign.isdigit() for sign in rest):
        return text
    if re.fullmatch(r"[vV]?\d+(?:[._-]\d+)*", text):
        return "{n}"
    # A random part makes an id of the whole: req_011CSHo, auth-7d9f8b6c5-xkqzv; web-12 keeps what it is.
    parts = [_KNOWN.sub("", part) for part in _PART.split(text)]
    if any(not part.isdigit() and any(sign.isdigit() for sign in part) for part in parts):
        return "{id}"
    return re.sub(r"\d+", "{n}", text)


def _looks_random(text: str) -> bool:
    """Whether letters alone are an id: a mixture of cases that makes no words (zLYlxmQCFG, not GetCallerIdentity)."""
    if len(text) < 6 or text.islower() or text.isupper() or not text.isalpha():
        return False
    pieces = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)
    if len(pieces) < 3 or len(text) > 5 * len(pieces):
        return False
    return not is_wordy(text)
