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
_ERROR_WORD = re.compile(
    r"\b(?:error|errors|err|fail(?:ed|ure|s)?|exception|fatal|denied|refused|rejected|invalid|traceback|panic|unauthori[sz]ed|"
    r"forbidden|expired|unable|cannot|could not)\b|错误|失败|异常|报错|无效|拒绝|过期",
    re.IGNORECASE,
)


def machine_error(reading: Reading) -> bool:
    """Tell whether a machine's error stands in the paste, as against someone who talks about one."""
    if reading.of("exception"):
        return True
    kinds = {block.kind for block in reading.blocks}
    if kinds & {"json", "python", "traceback", "http", "grpc", "sql", "markup", "log", "form", "url"}:
        return bool(reading.of("code") or reading.of("message") or _failing(reading))
    return bool(reading.of("code") and _ERROR_WORD.search(reading.decoded))


def surely_auth(reading: Reading) -> bool:
    """Tell whether the paste is surely a machine's authentication error, whoever printed it."""
    if not machine_error(reading):
        return False
    lines = squeeze("\n".join(reading.error_lines))
    codes = [squeeze(value) for value in reading.values("code")]
    if AUTH_STATUSES & set(reading.values("status")):
        return bool(
            reading.of("message") or codes or reading.of("exception") or any(phrase in lines for phrase in _SURE)
        )
    if any(code in _AUTH for code in codes):
        return True
    return bool(_failing(reading) and any(phrase in lines for phrase in _SURE))


def _failing(reading: Reading) -> bool:
    return any(value.isdigit() and int(value) >= 400 for value in reading.values("status"))
