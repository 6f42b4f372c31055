"""Secrets told in Chinese and other tongues: 密码是…, 密钥：…, пароль: …"""

from __future__ import annotations

import re

from bot.paste.redact.marks import HOLE
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.syntax import trimmed
from bot.paste.redact.values import Floor, is_opaque, is_placeholder, is_secret
from bot.paste.redact.view import View

_PASSWORDS = frozenset("密码 口令 暗号 passwort contraseña пароль パスワード 비밀번호 senha".split())
_SPOKEN = re.compile(
    rf"(?P<name>{'|'.join(sorted(_PASSWORDS))}|mot\s?de\s?passe|密钥|秘钥|私钥|令牌|授权码|凭证|验证码|api\s?key|token|secret)"
    r"(?P<is>[ \t]{0,3}(?:是|为|設定|设置为|设为|改成|就是|填的是|用的是|[:=]|は|est|ist|es|é)"
    r"[ \t]{0,3}[:=]?[ \t]{0,3}|[ \t]{0,2})"
    r"(?P<value>[\"'`]?[!-~]{2,256})"
)


def find_spoken(view: View) -> list[Span]:
    """Return the secrets that a sentence or a label of another tongue than English names."""
    found = []
    for match in _SPOKEN.finditer(view.lower):
        if match["name"].isascii() and match["is"].isascii():
            continue  # the name of a field, in any text
        start, end = match.span("value")
        quoted = view.text[start] in "\"'`"
        if quoted:
            close = view.text.find(view.text[start], start + 1, end)
            start, end = start + 1, close if close != -1 else end
        end = trimmed(view.text, start, end)
        value = view.text[start:end]
        if not match["is"].strip() and not (is_opaque(value, 8) and any(map(str.isdigit, value))):
            continue  # 密码 error
        password = match["name"] in _PASSWORDS
        floor = Floor.ANY if password else Floor.BARE
        if HOLE in value or is_placeholder(value) or not is_secret(value, floor, quoted=quoted, assigned=True):
            continue
        found.append(Span(start, end, "password" if password else "token", Rank.FIELD))
    return found
