"""Secrets told in Chinese and other tongues: 密码是…, 密钥：…, пароль: …, mein Passwort ist …"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from bot.paste.redact.marks import HOLE
from bot.paste.redact.patterns import any_of
from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.syntax import trimmed
from bot.paste.redact.values import Floor, is_assignment, is_opaque, is_secret, is_stand_in
from bot.paste.redact.view import View

_PASSWORDS = frozenset(
    "密码 口令 暗号 passwort kennwort contraseña clave пароль パスワード 비밀번호 암호 senha password hasło wachtwoord "
    "şifre heslo jelszó lösenord salasana adgangskode passord lozinka parolă "
    "κωδικός סיסמה पासवर्ड รหัสผ่าน 暗証番号".split()
)
# What else secrets are called, by what of it is in every text that has it.
_OTHERS = {
    **{name: name for name in "密钥 秘钥 私钥 令牌 授权码 凭证 验证码 トークン token secret".split()},
    **{r"mot\s?de\s?passe": "passe", r"mật\s?khẩu": "mật", r"kata\s?sandi": "sandi"},
    r"كلمة\s?(?:المرور|السر)": "كلمة",
}
_NAMES = {**{name: name for name in sorted(_PASSWORDS)}, **_OTHERS}
# The tongues that are written in ASCII: whether to look at all.
_LATIN = frozenset("passwort|kennwort|mot de passe|kata sandi|motdepasse|contrase|clave|senha|wachtwoord".split("|"))
TELLING = tuple(sorted({*_LATIN, *_NAMES.values()}))
_LATIN_IS = frozenset("ist lautet war es era est était è é jest".split())
# What one says of a password rather than tells it: the stems of "wrong", "right", "expired", "empty", and small words.
_STATE = re.compile(
    r"(?:in)?corr|(?:in)?val[ií]d|fals|richtig|ung|g[uü]ltig|abgelauf|gesperr|leer|vergess|kurz|lang|caduc|exp[ir]|scadu|sbagl|"
    r"err|equivoc|oblig|requ|vac|vid|refus|rejet|bloq|blocc|perd|oubli|olvid|mauvais|bon|buen|mal|bien|just|muy|tr[eè]s|"
    r"trop|troppo|demasiad|muito|nicht|kein|noch|schon|pas|no|non|n[aã]o|toujours|encore|ancora|sempre|siempre|todav|"
    r"d[aei]|l[aeo]|de[rsn]|das|die|un|ein|um|zu|il|el|que|y|und|et|e|por|para|per|pour|f[uü]r|aber|mais|pero|not|the|wrong|right"
)
_PLAIN = re.compile(r"[a-z'-]+\Z")


# What stands behind such a name: that it is so, and what it is.
_TOLD = re.compile(
    r"(?P<is>[】)\]]?[ \t]{0,3}(?:que [a-z]{2,8} )?"
    r"(?:是|为|設定|设置为|设为|改成|就是|填的是?|用的是?|】|[:=]|は|が|に|を|는|은|"
    r"ist|lautet|war|es|era|est|était|è|é|jest|is)"
    r"[ \t]{0,3}[:=]?[ \t]{0,3}|[ \t]{0,2})"
    r"(?P<value>[\"'`]?(?![(),.;:!?<>@\[\]])[!-~]{2,4096})"
)


def _spoken(lower: str, names: tuple[str, ...]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each of the names that something is told of, and what."""
    pattern = any_of(tuple(sorted(names, key=len, reverse=True)))
    at = 0
    while name := pattern.search(lower, at):
        told = _TOLD.match(lower, name.end())
        if told:
            yield name[0], told
        at = told.end() if told else name.start() + 1


def find_spoken(view: View, hints: Set[str]) -> list[Span]:
    """Return the secrets that a sentence or a label of another tongue than English names.

    `hints` has those of TELLING that are in the view.
    """
    found: list[Span] = []
    if view.text.isascii() and hints.isdisjoint(_LATIN):
        return found
    names = (name for name, hint in _NAMES.items() if hint in hints)
    for name, match in _spoken(view.lower, (*names, r"api\s?key")):
        told = match["is"].strip(" \t:=").rpartition(" ")[2]
        if (
            name.isascii()
            and " " not in name.replace("api key", "")
            and match["is"].isascii()
            and told not in _LATIN_IS
        ):
            continue  # the name of a field, in any text
        start, end = match.span("value")
        quoted = view.text[start] in "\"'`"
        if quoted:
            close = view.text.find(view.text[start], start + 1, end)
            if view.text[start] == "`" and (close == -1 or is_assignment(view.text[start + 1 : close])):
                continue  # a command, or a setting with a name of its own
            start, end = start + 1, close if close != -1 else end
        end = trimmed(view.text, start, end)
        value = view.text[start:end]
        if value.isalpha() and view.text[end : end + 1] == "、":
            continue  # a list of things
        if not match["is"].strip() and not (is_opaque(value, 8) and any(map(str.isdigit, value))):
            continue  # 密码 error
        if told in _LATIN_IS and not quoted and (_is_said(value) or view.lower[end : end + 1].isalpha()):
            continue  # la contraseña es incorrecta, es válida
        password = name in _PASSWORDS or name.startswith(("mot", "mật", "kata", "كلمة"))
        floor = Floor.ANY if password else Floor.BARE
        if HOLE in value or is_stand_in(value) or not is_secret(value, floor, quoted=quoted, assigned=True):
            continue
        found.append(Span(start, end, "password" if password else "token", Rank.FIELD))
    return found


def _is_said(value: str) -> bool:
    return _PLAIN.match(value) is not None and (len(value) < 5 or _STATE.match(value) is not None)
