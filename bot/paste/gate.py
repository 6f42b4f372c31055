"""The gate: is an overheard message worth reading at all. Sees the raw text, gives a boolean, keeps nothing."""

from __future__ import annotations

import unicodedata

LONG = 1500  # characters from which a message is read whatever it says: nobody chats at that length

# Roots, not words: `auth` stands in unauthorized, OAuth and AuthenticationError. Two of the three lists must speak.
_AUTH = (
    *("auth", "token", "denied", "forbid", "credential", "passw", "permission", "privilege", "login", "log in", "sign"),
    *("expired", "secret", "api key", "apikey", "api_key", "api-key", "scope", "client_id", "redirect", "saml", "jwt"),
    *("bearer", "invalid", "access", "certificate", "kerberos", "ldap", "public key", "publickey", "session", "aadsts"),
    *("401", "403", "407", "errcode", "sqlstate", "credit", "quota", "billing", "organi", "region", "not allow"),
    *("令牌", "授权", "鉴权", "认证", "签名", "验签", "权限", "密钥", "密码", "登录", "凭证", "凭据", "过期", "白名单"),
    *("无效", "账号", "账户", "额度", "店铺", "身份", "禁用", "未收到", "一致", "订购", "访问", "超时", "超限"),
)
_ERROR = (
    *(
        "error",
        "err",
        "fail",
        "exception",
        "invalid",
        "denied",
        "refused",
        "fatal",
        "unable",
        "unsupported",
        "required",
    ),
    *("not found", "does not", "mismatch", "missing", "blocked", "too many", "expected", "could not"),
    *("错误", "失败", "报错", "异常", "无效", "封禁", "不支持", "校验", "禁", "不正确"),
)
_SHAPE = ("{", "\n", "=", "[", ": ", "：", "(", "http", "_", '"')


def worth_reading(text: str) -> bool:
    """Tell whether a message may hold an authentication error; False waves ordinary chat through.

    It errs on the side of reading: what passes is decided by the matcher, in milliseconds.
    """
    if len(text) > LONG:
        return True
    if not text.isascii():
        text = unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) != "Cf"))
    low = text.lower()
    shaped = any(mark in low for mark in _SHAPE)
    wrong = any(word in low for word in _ERROR)
    return (shaped and wrong) or ((shaped or wrong) and any(root in low for root in _AUTH))
