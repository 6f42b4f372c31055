"""Shapes of values: what a code looks like, what a sentence looks like, which words tell an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

LONGEST_MESSAGE = 1000
LONGEST_CODE = 100
LONGEST_VALUE = 300

# Words, split out of snake_case, SCREAMING_CASE and CamelCase, of which one stands in nearly every error code.
_ERROR_WORDS = frozenset(
    "err error errors exception fault fail failed failure failures invalid denied refused unauthorized unauthorised "
    "unauthenticated forbidden expired revoked rejected mismatch missing required disabled locked "
    "insufficient bad wrong unknown "
    "incorrect unsupported exceeded malformed unrecognized incomplete skewed unavailable blocked "
    "suspended restricted violation "
    "illegal limited throttled inactive unverified untrusted abort aborted cancelled canceled "
    "unrecognised conflict deny "
    "unresolvable nonexistent nonexist noauth nopermission undefined precondition".split()
)
_TWO_WORDS = frozenset(
    ("not", word)
    for word in "found match authorized authorised authenticated allowed permitted supported exist exists valid "
    "granted enabled "
    "registered active accessible verified available logged set signed subscribed owner entitled".split()
) | {("no", word) for word in "credentials permission privilege access token such organization auth privileges".split()}
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
OAUTH = frozenset(
    "access_denied authorization_pending slow_down expired_token consent_required interaction_required login_required "
    "account_selection_required server_error temporarily_unavailable registration_not_supported request_not_supported "
    "use_dpop_nonce insufficient_user_authentication unmet_authentication_requirements".split()
)
_NOTHING = frozenset(
    "0 00 00000 000000 200 ok success succeed successful true false null none nil undefined error errors "
    "object string text number "
    "array list user fail failed failure exception unknown about:blank warning info debug n/a na yes no "
    "active e".split()
)
_CODE = re.compile(r"[A-Za-z0-9_@$][\w.:/#@$\-\[\]|]{0,99}\Z")
_HUMP = re.compile(r"[a-z][A-Z]")
_NUMBERED = re.compile(r"[A-Z]{1,4}\d{3,8}\Z")
_LETTERS = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"\s+")
_HIDDEN = re.compile(r"(?:[\w-]{0,20}\[[a-z0-9-]{2,40}\]|\*+|x{4,}|<[^<>]{0,60}>|\$\{?\w*\}?|\{\w*\})\Z", re.IGNORECASE)
_TAIL = re.compile(
    r"[\s,;:\-–—(\[{'\"]*(?:\b(?:Error code|status(?: code)?|http(?: status)?(?: code)?|with error text"
    r"|code)\b[:= ]{0,3}\d{0,3}[\s\-:,]*)?\Z",
    re.IGNORECASE,
)
# Where PHP and Java say it was thrown; a trace may follow on the same line.
_PLACE = re.compile(r"\s(?:in|at) (?:/|[A-Za-z]:\\|\\)[^\s:]{1,300}(?::\d{1,6}| on line \d{1,6}|\.php\b)[^\n]*")
_NO_WORDS = re.compile(
    r"(?:(?:Uncaught )?(?:API )?(?:Error|Exception)(?: code)?[:\s]{0,3})?[\d\W]*\Z|[/\\]\S*\Z"
    r"|\[[\w.-]*\]\Z|https?://\S*\Z",
    re.IGNORECASE,
)
_BODY = re.compile(r"[{\[](?=\s{0,9}[\"'{:\\])|\bmap\[|<(?:html|\?xml|!DOCTYPE|Error)\b", re.IGNORECASE)

# Plain substrings: over a whole paste this is twenty times faster than one alternation. Those that begin alike are
# looked for only where their beginning stands.
_ROOTS = tuple(
    (
        "error|fail|exception|fatal|denied|refused|reject|invalid|unauthori|unauthenticated|forbidden|"
        "expired|unable to|cannot|could not|couldn't|can't|not found|not allowed|not authori|not valid|"
        "not authenticated|not permitted|not supported|not exist|not accessible|not match|not have|"
        "not registered|not enabled|not recogni|not provided|doesn't|mismatch|incorrect|missing|revoked|"
        "insufficient|required|panic|traceback|bad credentials|bad request|no such|no valid|no permission|"
        "no access|no credentials|wrong|unsupported|disabled|locked|malformed|exceeded|must be|must have|"
        "must provide|unknown|too low|not active|not signed|not logged|skewed|err:|err=|errcode|err!|noauth|"
        "wrongpass|has been removed"
    ).split("|")
)
_DIGITS = b"0123456789"
_BY_STEM = tuple((stem, tuple(roots)) for stem, roots in groupby(sorted(_ROOTS), lambda root: root[:3]))
_HAN_ROOTS = tuple(
    (
        "错误|失败|异常|报错|无效|拒绝|过期|不正确|不匹配|不一致|未授权|无权|没有权限|权限不足|不存在|禁止|缺少|为空|不合法|未登录|失效|超时|未找到|不可用|未认证|鉴权|验签|不支持|"
        "不能|未收到|未开通|冻结|封禁|用尽|不足|錯誤|失敗|無效|未授權"
    ).split("|")
)
_HAN_BY_STEM = tuple((stem, tuple(roots)) for stem, roots in groupby(sorted(_HAN_ROOTS), lambda root: root[0]))


def roots_in(text: str) -> tuple[str, ...]:
    """Return the roots of error words that a text may have, so that its lines need be searched for these only."""
    raw = text.encode(errors="surrogatepass").translate(None, _DIGITS)  # of bytes this is far quicker than of a text
    alike = b"\n".join(set(raw.split(b"\n")))  # logs repeat themselves but for their numbers
    return tuple(_roots(alike.decode(errors="surrogatepass")))


def errorish(text: str) -> bool:
    """Tell whether a stretch of text speaks of something that went wrong, in English or Chinese."""
    return next(_roots(text), None) is not None


def _roots(text: str) -> Iterator[str]:
    low = text.lower()
    for stem, roots in _BY_STEM:
        if stem in low:
            for root in roots:
                if root in low:
                    yield root
    if not text.isascii():
        for stem, roots in _HAN_BY_STEM:
            if stem in text:
                for root in roots:
                    if root in text:
                        yield root


def is_errorish_code(value: str) -> bool:
    """Tell whether a bare identifier names an error: invalid_grant, ACCESS_REFUSED, SignatureDoesNotMatch."""
    if value in OAUTH:
        return True
    words = list(map(str.lower, _WORDS.findall(value, 0, LONGEST_CODE)))
    return not _ERROR_WORDS.isdisjoint(words) or not _TWO_WORDS.isdisjoint(pairwise(words))


def is_humped(value: str) -> bool:
    """Tell whether a word is in CamelCase, of two parts or more."""
    return _HUMP.search(value) is not None


def is_constant(value: str) -> bool:
    """Tell whether a word is all capitals (UNAUTHENTICATED) or capitals with a number (E0000011)."""
    return (value.isupper() and len(value) >= 5 and value.isalpha()) or bool(_NUMBERED.match(value))


def code_of(value: str) -> str | None:
    """Return the code that a field's value is, or None where it is a sentence, a success or nothing."""
    value = value.strip(" \t\r\n'\"`,;")
    if "\n" in value:
        value = "".join(line.strip() for line in value.split("\n"))  # broken at a column
    value = value.strip().rstrip(".:/")
    if not value or len(value) > LONGEST_CODE or value.lower() in _NOTHING or not _CODE.match(value):
        return None
    if not value.isascii() or _HIDDEN.match(value):
        return None
    return value


def message_of(value: str) -> str | None:
    """Return the sentence that a field's value is, on one line and without the body that follows it, or None."""
    if ("{" in value or "[" in value or "<" in value) and (body := _BODY.search(value)):
        value = value[: body.start()]
        value = (
            value[: len(value) - len(match[0])] if (match := _TAIL.search(value, max(0, len(value) - 60))) else value
        )
    value = value[: LONGEST_MESSAGE * 2]
    if "  " in value or not value.isprintable():  # the only blank that is printable is a space
        value = _SPACES.sub(" ", value)
    if " in " in value or " at " in value:
        value = _PLACE.sub("", value)
    value = value.strip(" \t,;…")[:LONGEST_MESSAGE]
    value = _unquoted(value.removesuffix("]") if "[" not in value else value)
    if (
        len(value) < 2
        or value.lower() in _NOTHING
        or not _LETTERS.search(value)
        or _HIDDEN.match(value)
        or _NO_WORDS.match(value)
    ):
        return None
    return value


def _unquoted(value: str) -> str:
    """Return a sentence without the quotes round it, and without one that its other half was cut from."""
    for mark in "\"'`":
        if value[:1] == mark == value[-1:] and len(value) > 1:
            value = value[1:-1].strip(" ,;")
        elif value.count(mark) % 2 and (value[:1] == mark or value[-1:] == mark):
            value = value.strip(mark).strip(" ,;")
    return value


def value_of(value: str) -> str | None:
    """Return a parameter's value as it may be shown, or None for nothing, a mark or a placeholder."""
    value = value.strip(" \t\r\n'\"`,;()[]{}<>" if not value.startswith("[") else " \t\r\n'\"`,;")
    if not value or len(value) > LONGEST_VALUE or "\n" in value or value.lower() in _NOTHING or _HIDDEN.match(value):
        return None
    return value
