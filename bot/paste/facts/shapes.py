"""Shapes of values: what a code looks like, what a sentence looks like, which words tell an error."""

from __future__ import annotations

import re

LONGEST_MESSAGE = 1000
LONGEST_CODE = 100
LONGEST_VALUE = 300

# Words, split out of snake_case, SCREAMING_CASE and CamelCase, of which one stands in nearly every error code.
_ERROR_WORDS = frozenset(
    "err error errors exception fault fail failed failure failures invalid denied refused unauthorized unauthorised "
    "unauthenticated forbidden expired revoked rejected mismatch missing required disabled locked insufficient bad wrong unknown "
    "incorrect unsupported exceeded malformed unrecognized incomplete skewed unavailable blocked suspended restricted violation "
    "illegal limited throttled inactive unverified untrusted abort aborted cancelled canceled unrecognised conflict deny "
    "unresolvable nonexistent nonexist noauth nopermission undefined precondition".split()
)
_TWO_WORDS = frozenset(
    ("not", word)
    for word in "found match authorized authorised authenticated allowed permitted supported exist exists valid granted enabled "
    "registered active accessible verified available logged set signed subscribed owner entitled".split()
) | {("no", word) for word in "credentials permission privilege access token such organization auth privileges".split()}
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
OAUTH = frozenset(
    "access_denied authorization_pending slow_down expired_token consent_required interaction_required login_required "
    "account_selection_required server_error temporarily_unavailable registration_not_supported request_not_supported "
    "use_dpop_nonce insufficient_user_authentication unmet_authentication_requirements".split()
)
_NOTHING = frozenset(
    "0 00 00000 000000 200 ok success succeed successful true false null none nil undefined error errors object string text number "
    "array list user fail failed failure exception unknown about:blank warning info debug n/a na yes no active e".split()
)
_CODE = re.compile(r"[A-Za-z0-9_@$][\w.:/#@$\-\[\]|]{0,99}\Z")
_LETTERS = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"\s+")
_HIDDEN = re.compile(r"(?:[\w-]{0,20}\[[a-z0-9-]{2,40}\]|\*+|x{4,}|<[^<>]{0,60}>|\$\{?\w*\}?|\{\w*\})\Z", re.IGNORECASE)
_TAIL = re.compile(
    r"[\s,;:\-–—(\[{'\"]*(?:\b(?:Error code|status(?: code)?|http(?: status)?(?: code)?|with error text|code)\b[:= ]{0,3}\d{0,3}[\s\-:,]*)?\Z",
    re.IGNORECASE,
)
_BODY = re.compile(r"[{\[](?=\s{0,9}[\"'{:\\])|\bmap\[|<(?:html|\?xml|!DOCTYPE|Error)\b", re.IGNORECASE)

ERRORISH = re.compile(
    r"(?i)error|\berr\b|fail(?:ed|ure|s)|exception|fatal|denied|refused|reject|invalid|unauthori[sz]ed|unauthenticated|forbidden|"
    r"expired|unable to|cannot|could ?n[o']t|can't|not (?:found|allowed|authori[sz]ed|authenticated|permitted|valid|supported|exist|"
    r"accessible|match|provided|have|registered|enabled|recogni[sz]ed)|mismatch|incorrect|missing|revoked|insufficient|required|"
    r"panic|traceback|bad (?:credentials|request|token)|does ?n[o']t|no (?:such|valid|permission|access|credentials|api)|wrong|"
    r"unsupported|disabled|locked|blocked|malformed|exceeded|must (?:be|have|provide)|unknown|"
    r"错误|失败|异常|报错|无效|拒绝|过期|不正确|不匹配|不一致|未授权|无权|没有权限|权限不足|不存在|禁止|缺少|为空|不合法|未登录|已失效|"
    r"失效|超时|未找到|不可用|未认证|鉴权|验签|不支持|不能|未收到|未开通|冻结|封禁|已用尽|不足"
)


def is_errorish_code(value: str) -> bool:
    """Tell whether a bare identifier names an error: invalid_grant, ACCESS_REFUSED, SignatureDoesNotMatch."""
    if value in OAUTH:
        return True
    words = [word.lower() for word in _WORDS.findall(value[:LONGEST_CODE])]
    if any(word in _ERROR_WORDS for word in words):
        return True
    return any(pair in _TWO_WORDS for pair in zip(words, words[1:], strict=False))


def code_of(value: str) -> str | None:
    """Return the code that a field's value is, or None where it is a sentence, a success or nothing."""
    value = value.strip(" \t\r\n'\"`,;")
    if "\n" in value:
        value = "".join(line.strip() for line in value.split("\n"))  # broken at a column
    value = value.strip().rstrip(".:")
    if not value or len(value) > LONGEST_CODE or value.lower() in _NOTHING or not _CODE.match(value):
        return None
    if not value.isascii() or _HIDDEN.match(value):
        return None
    return value


def message_of(value: str) -> str | None:
    """Return the sentence that a field's value is, on one line and without the body that follows it, or None."""
    body = _BODY.search(value)
    if body:
        value = value[: body.start()]
        value = value[: len(value) - len(match[0])] if (match := _TAIL.search(value, max(0, len(value) - 60))) else value
    value = _SPACES.sub(" ", value[: LONGEST_MESSAGE * 2]).strip(" \t'\"`,;")[:LONGEST_MESSAGE]
    if len(value) < 2 or value.lower() in _NOTHING or not _LETTERS.search(value) or _HIDDEN.match(value):
        return None
    return value


def value_of(value: str) -> str | None:
    """Return a parameter's value as it may be shown, or None for nothing, a mark or a placeholder."""
    value = value.strip(" \t\r\n'\"`,;()[]{}<>" if not value.startswith("[") else " \t\r\n'\"`,;")
    if not value or len(value) > LONGEST_VALUE or "\n" in value or value.lower() in _NOTHING or _HIDDEN.match(value):
        return None
    return value
