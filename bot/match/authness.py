"""Is it an authentication error at all: what a channel is overheard by."""

from __future__ import annotations

import re

from bot.match.fold import squeeze
from bot.paste.models import Reading

AUTH_STATUSES = frozenset({"401", "407"})

# Squeezed phrases that, in an error's own lines, are said of authentication and nothing else.
_AUTH = """
unauthorized unauthorised unauthenticated authenticationfailed authenticationfailure authfailed authenticationerror
authorizationfailed authorizationerror authorizationfailure notauthorized notauthorised authenticationrequired
invalidtoken invalidaccesstoken accesstokenexpired accesstokeninvalid tokenexpired tokenhasexpired tokenisexpired
tokenisinvalid tokenrevoked expiredtoken badtoken missingtoken invalidbearer invalidgrant invalidclient
unauthorizedclient accessdenied permissiondenied invalidcredential badcredential wrongcredential
credentialsinvalid couldnotloadcredentials nocredentials invalidapikey apikeyinvalid apikeynotvalid incorrectapikey
wrongapikey invalidkey badapikey invalidsignature signatureinvalid signaturemismatch signaturedoesnotmatch
signatureverificationfailed invalidscope insufficientscope missingscope invalidpassword wrongpassword
passwordauthentication loginfailed loginrequired logonfailure invalidlogin signinfailed invalidredirect
redirecturimismatch insufficientpermission insufficientprivilege permissionsinsufficient forbidden invalidjwt
jwtexpired jwtmalformed publickey invalidsession sessionexpired notloggedin mustbeauthenticated mustauthenticate
authorizationheader
未授权 未认证 认证失败 鉴权失败 授权失败 验签失败 签名错误 签名不正确 签名无效 签名验证失败 无效的令牌 令牌无效
身份验证失败 验证失败 令牌已过期
令牌错误 无权限 没有权限 权限不足 无访问权限 登录失败 登录已过期 密码错误 密钥错误 密钥无效 无效的密钥 凭证无效 凭据无效
未登录
""".split()
_VAGUE = {"forbidden", "permissiondenied", "accessdenied", "invalidkey", "publickey"}  # also said of files and doors
_SURE = tuple(phrase for phrase in _AUTH if phrase not in _VAGUE)
# What a machine prints. `form` is also how people list things, and `code` says what a program would do.
_DIFF = re.compile(r"^(?:diff --git |@@ -|\+\+\+ [ab/])", re.MULTILINE)
_CALL = re.compile(r"(\w{1,60})\([^()]{0,100}\Z")  # `json={` and `reply(400, {` are what a program says
_LOGGED = re.compile(
    r"\d\d:\d\d|^\W{0,3}(?:error|err|fatal|warn(?:ing)?|exception|failed|failure|panic|critical|npm|remote|错误|报错|失败)\b|^\W{0,3}\[",
    re.IGNORECASE | re.MULTILINE,
)  # a time, or a level where the line begins: `old error: …` is talk
_PRINTED = frozenset({"traceback", "http", "url", "markup", "grpc", "sql"})
_TELLS = re.compile(
    r"error|fail|exception|status|response|http|code|denied|refused|returned|got\b|message|errno|curl|报错|错误|返回|失败|异常|响应",
    re.IGNORECASE,
)


def machine_text(reading: Reading, *, forms: bool = True) -> str:
    """Return, squeezed, what a machine printed in the paste, as against what people and source code say of errors.

    `forms` says whether `key: value` lines count: a machine prints them, and so does somebody who lists things.
    """
    if a_diff(reading):
        return ""
    code = bool(source_code(reading))
    lines = {line.strip(" \t-*") for line in reading.decoded.splitlines()}
    kept = []
    for block in reading.blocks:
        if block.kind == "form":
            printed = forms and not code and block.text.strip(" \t-*").partition("\n")[0] in lines
        elif block.kind in ("json", "python"):
            printed = _printed(block.text)
        elif block.kind == "log":
            printed = bool(_LOGGED.search(block.text))
        else:
            printed = block.kind in _PRINTED
        if printed:
            kept.append(block.text)
    return squeeze("\n".join(kept))


def _printed(text: str) -> bool:
    """Tell whether a body stands by itself or behind words of failure, not in the middle of a sentence or a call."""
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    if not starts:  # `'code': 401, 'message': '…'`: fields without their brackets, and no talk behind the last
        return len(text[max(text.rfind('"'), text.rfind("'")) + 1 :].split()) <= 3
    before = text[: min(starts)]
    after = text[max(text.rfind("}"), text.rfind("]")) + 1 :]
    if _in_a_call(before):
        return False
    between = any(map(str.isalpha, before)) and any(map(str.isalpha, after))
    return not between or bool(_TELLS.search(before))


def _in_a_call(before: str) -> bool:
    """Tell whether what follows `before` is an argument, `reply(400, {`; of an exception it is what was raised."""
    call = _CALL.search(before[-200:])
    return call is not None and not re.search("error|exception|failure", call[1], re.IGNORECASE)


def source_code(reading: Reading) -> str:
    """Return, squeezed, the source code in the paste."""
    found = [
        block.text
        for block in reading.blocks
        if block.kind == "code" or (block.kind in ("json", "python") and _in_a_call(block.text.partition("{")[0]))
    ]
    return squeeze("\n".join(found))


def a_diff(reading: Reading) -> bool:
    """Tell whether the paste is a change to source code."""
    return bool(_DIFF.search(reading.decoded))


def surely_auth(reading: Reading) -> bool:
    """Tell whether the paste is surely a machine's authentication error, whoever printed it."""
    machine = machine_text(reading, forms=False)
    reported = reading.of("exception") or reading.of("code") or reading.of("message") or _failing(reading)
    if not machine or not reported:
        return False
    codes = [squeeze(value) for value in reading.values("code")]
    told = any(phrase in machine for phrase in _SURE)
    if AUTH_STATUSES & set(reading.values("status")) and any(status in machine for status in AUTH_STATUSES):
        return bool(reading.of("message") or codes or reading.of("exception") or told)
    if any(code in _AUTH and code in machine for code in codes):
        return True
    return bool(_failing(reading) and told)


def _failing(reading: Reading) -> bool:
    return any(value.isdigit() and int(value) >= 400 for value in reading.values("status"))
