"""Secrets that only their place shows: in session logs (SMTP, IMAP), in files (.netrc), in SQL, in what people tell."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache
from typing import NamedTuple

from bot.paste.redact.spans import Rank, Span
from bot.paste.redact.values import is_stand_in


class _Spot(NamedTuple):
    """Where one secret stands: the group `secret` of `pattern`. One of `hints` is in every text that has it.

    Hints are in lower case.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: str
    any_case: bool  # the pattern is written in lower case and looked for in the text in lower case


def _spot(kind: str, hints: str, pattern: str, *, any_case: bool = False) -> _Spot:
    return _Spot(kind, tuple(dict.fromkeys(hints.lower().split("|"))), pattern, any_case)


_SPOTS = (
    # .netrc: machine HOST login USER password SECRET
    _spot(
        "password",
        "login |machine |default ",
        r"\b(?:login|user)[ \t]+(?!or\b|and\b)\S{1,128}\s{1,8}password[ \t]+(?P<secret>\S{3,256})",
    ),
    # .pgpass: host:port:database:user:SECRET
    _spot(
        "password",
        ":543|:643|:*:|:330",
        r"^[> ]{0,4}[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w.*-]{1,63}:[\w.*@-]{1,63}:(?P<secret>\S{1,200})$",
    ),
    # /etc/shadow with DES crypt, which has no shape of its own; the other hashes have
    _spot("password-hash", ":::|:7:", r":(?P<secret>[./0-9A-Za-z]{13}):\d{4,6}:\d{1,6}:\d{1,6}:"),
    _spot(
        "password",
        "dentified|DENTIFIED",
        r"""\bidentified\s{1,8}(?:with\s{1,8}\S{1,40}\s{1,8})?(?:by|as)\s{1,8}(?:password\s{1,8})?
        ["'](?P<secret>[^"'\n]{1,200})""",
        any_case=True,
    ),
    _spot(
        "password",
        "dentified|DENTIFIED",
        r"""\b(?:create|alter)\s{1,8}user\s{1,8}\S{1,64}\s{1,8}identified\s{1,8}by\s{1,8}(?P<secret>[^\s"';]{3,100})""",
        any_case=True,
    ),
    _spot(
        "password",
        "requirepass|masterauth|primaryauth",
        r"""(?:^[ \t]*|set[ ])(?:requirepass|masterauth|primaryauth)[ \t]+
        ["']?(?P<secret>[^\s"']{2,200})["']?[ \t]*$""",
        any_case=True,
    ),
    # SASL (RFC 4616): what follows is base64 of user and password
    _spot(
        "basic-credentials",
        "AUTH ",
        r"""\bAUTH[ ](?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|OAUTHBEARER|NTLM)[ \t]+
        (?=[A-Z0-9+/]*[a-z])(?=[a-z+/]*[A-Z0-9])(?P<secret>[A-Za-z0-9+/=]{8,2048})""",
    ),
    # AUTH LOGIN: the answer to the base64 of "Password:"
    _spot(
        "password",
        "UGFzc3dvcmQ6",
        r"334[ ]UGFzc3dvcmQ6[^\n]{0,10}\n(?:[^\n]{0,3}[CS]:[ ]?|[<>][ ]?|->[ ]?)?(?P<secret>[A-Za-z0-9+/=]{4,200})",
    ),
    # Redis
    _spot("password", "AUTH ", r"""(?:^|>|:)[ \t]*AUTH[ \t]+(?:\w{1,40}[ \t]+)?(?P<secret>[^\s"']{6,200})[ \t]*$"""),
    _spot(
        "password",
        " LOGIN ",
        r"""(?<![\w-])(?:[A-Za-z]{0,6}\d{1,6}|[a-z]|\.|tag)[ ]LOGIN[ \t]+"?[\w.@+-]{1,100}"?[ \t]+
        (?=[^\s]*[^a-z\s])"?(?P<secret>[^\s"]{2,200})""",
    ),
    # FTP and POP3: the line after USER and its answer, so that a test's PASS is none
    _spot(
        "password",
        "PASS ",
        r"""\bUSER[ ]\S{1,100}[ \t]*\n(?:[^\n]{0,100}\n){0,2}
        (?:[^\n]{0,20}[>:][ ]?)?[ \t]*PASS[ \t]+(?P<secret>\S{2,100})""",
    ),
    _spot(
        "password",
        "rabbitmqctl",
        r"""\brabbitmqctl[ ](?:add_user|change_password)[ \t]+\S{1,64}[ \t]+(?P<secret>[^\s"']{2,128})""",
    ),
    _spot("password", "net user", r"""\bnet[ ]user[ \t]+\S{1,64}[ \t]+(?P<secret>[^\s/"'*]{2,128})"""),
    _spot(
        "password",
        "net use",
        r"""\bnet[ ]use[ \t][^\n]{0,200}?/u(?:ser)?:\S{1,100}[ \t]+(?P<secret>[^\s/"'*]{2,128})""",
    ),
    _spot(
        "password", "net use", r"""\bnet[ ]use[ \t]+\S{1,100}[ \t]+\\\\\S{1,200}[ \t]+(?P<secret>[^\s/"'*]{2,128})"""
    ),
    _spot(
        "password",
        "radtest|radclient",
        r"""\bradtest[ \t]+(?:-\w[ \t]+\S+[ \t]+)?\S{1,64}[ \t]+["']?(?P<secret>[^\s"']{2,128})""",
    ),
    _spot(
        "secret",
        "radtest",
        r"""\bradtest[ \t]+(?:-\w[ \t]+\S+[ \t]+)?\S{1,64}[ \t]+\S{1,128}[ \t]+\S{1,128}[ \t]+\d{1,5}[ \t]+
        (?P<secret>\S{4,128})""",
    ),
    _spot(
        "password",
        "-SecureString",
        r"""\bConvertTo-SecureString[ \t]+(?:-\w+[ \t]+){0,3}["']?(?P<secret>[^\s"'$()-][^\s"']{1,256})""",
    ),
    _spot("password", "rclone obscure", r"""\brclone[ ]obscure[ \t]+["']?(?P<secret>[^\s"'-][^\s"']{1,128})"""),
    _spot(
        "password",
        "mc alias",
        r"""\bmc[ ]alias[ ]set[ \t]+\S{1,64}[ \t]+["']?https?://\S{1,200}[ \t]+\S{1,128}[ \t]+
        ["']?(?P<secret>[^\s"']{4,128})""",
    ),
    # echo SECRET | command --password-stdin
    _spot(
        "password",
        "echo |printf ",
        r"""\b(?:echo|printf)[ \t]+(?:-n[ \t]+)?["']?(?:[\w.-]{1,32}:)?(?P<secret>[^\s"'|:]{2,200})["']?[ \t]*\|
        [^\n]{0,100}(?:-stdin\b|chpasswd|sudo[ ]-S|\bkinit\b|-with-token|\bpasswd\b|
        secrets?[ :](?:put|set|add|create))""",
    ),
    # A cookie jar (Netscape): domain, flag, path, secure, expiry, name, value
    _spot(
        "cookie",
        "\t",
        r"""^[> ]{0,4}[\w\#.-]{1,100}\t(?:TRUE|FALSE)\t\S{1,100}\t(?:TRUE|FALSE)\t\d{1,12}
        \t\S{1,100}\t(?P<secret>\S{1,4096})$""",
    ),
    _spot(
        "cookie",
        "-b |--cookie",
        r"""\b(?:curl|wget|https?|xh)[ ][^\n]{0,300}?[ ](?:-b|--cookie)[ =]
        ["']?[\w.-]{1,60}=(?P<secret>[^\s"';]{2,400})""",
    ),
    _spot(
        "otp-secret",
        "otpauth",
        r"\botpauth(?:-migration)?:[^\s?]{1,200}\?(?:[^\s&]{1,200}&)*?(?:secret|data)=(?P<secret>[A-Za-z0-9%+/=]{8,400})",
    ),
    # Network devices
    _spot("password", "-server key", r"\b(?:tacacs|radius)-server[ ]key[ \t]+(?:\d[ \t]+)?(?P<secret>[^\s<]{3,128})"),
    _spot("password", "snmp-server", r"\bsnmp-server[ ](?:community|user)[ \t]+(?P<secret>\S{3,64})"),
    _spot(
        "password",
        "secret |password |key-string |shared-key ",
        r"""\b(?:secret|password|key-string|pre-shared-key)[ \t]+[0-9][ \t]+(?P<secret>[^\s"']{4,200})""",
    ),
    _spot("password", "WIFI:", r"\bWIFI:[^\n]{0,120}P:(?P<secret>[^;\n]{4,100});"),
    _spot(
        "password", "]:", r"""^[ \t]*\[[\w.-]{1,100}\](?::\d{1,5})?[ \t]+[\w.@+-]{1,100}:(?P<secret>\S{3,200})[ \t]*$"""
    ),
    _spot("password", " EAP | XAUTH | PSK ", r""":[ ](?:EAP|XAUTH|PSK)[ \t]+"(?P<secret>[^"\n]{3,200})"""),
    _spot(
        "password", " * ", r"""^[\w@."*-]{1,64}[ \t]+[\w*]{1,40}[ \t]+"?(?P<secret>[^\s"*]{4,100})"?[ \t]+\*[ \t]*$"""
    ),
    _spot("password", 'send "', r"""assword[^\n]{0,60}\n[ \t]*send[ ](?:--[ ])?"(?P<secret>[^"\n\\]{2,128})\\[rn]"""),
    # What people tell: one-time codes, recovery codes, seed phrases (BIP 39), keys of wallets, Gmail's app passwords
    _spot(
        "one-time-code",
        " code|-code|passcode",
        r"""code(?:(?<=(?:otp|2fa|mfa|sms)[ -]code)|(?<=(?:totp|time)[ -]code)|(?<=login[ -]code)|(?<=security[ -]code)
        |(?<=verification[ -]code)|(?<=confirmation[ -]code)|(?<=authenticator[ -]code)|(?<=passcode))
        (?:[ ]is|[ ]was)?[ \t]?[:=]?[ \t]?["']?(?P<secret>\d{6}|\d{3}[ -]\d{3}|\d{8})(?![\w-])""",
        any_case=True,
    ),
    _spot(
        "one-time-code",
        "ecovery|ackup|cratch",
        r"""\b(?:recovery|backup|scratch)[ -]codes?\b[^\n:]{0,40}:?\s{0,8}
        (?P<secret>(?:[ \t>*\d.)-]{0,8}(?=[a-z]*\d|\d+[a-z\d -])[a-z0-9]{4,10}(?:[ -][a-z0-9]{4,10}){0,3}
        (?:[ \t]{0,8}[\n,]|\Z)){1,20}+)""",
        any_case=True,
    ),
    _spot(
        "mnemonic",
        "phrase|nemonic|seed|助记词",
        r"""(?:\bphrase|\bmnemonic|\bseed(?:[ ]words)?|助记词)\b[^\n]{0,40}?[ \t\n:="'：是]
        (?P<secret>(?:(?:\d{1,2}[.)]?[ ]?)?(?!(?:and|but|the|for|not)\b)
        [a-z]{3,8}[ \t\n,]{1,3}){11,23}[a-z]{3,8})(?![a-z])""",
    ),
    _spot("private-key", "privkey|wif|rivate key", r"(?<![\w])(?P<secret>[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51})(?!\w)"),
    _spot(
        "password",
        "assword|asscode",
        r"""(?:\b|_)pass(?:word|code)["'*]{0,2}[ ]?(?:[:=]|\bis\b)[ ]{0,2}["'`]?
        (?P<secret>[a-z]{4}(?:[ \u00a0][a-z]{4}){3})(?=["'`]?[ ]?(?:[\n,.;"]|\Z))""",
        any_case=True,
    ),
    _spot(
        "password",
        "redentials:|redentials are|redentials is|reds: |login:|log in with|login with|login as|account:|/pass",
        r"""\b(?:credentials?|creds|log[- ]?in|user(?:name)?(?:[ ]?/[ ]?pass(?:word)?)?|account)
        (?:[ ](?:are|is|with|as|using)|[ \t]?:)[ \t]{0,2}
        [\w.@+-]{2,64}[ ]?[/|:][ ]?(?!/)(?=[^\s/]*\d)(?=[^\s/]*[a-z])(?P<secret>[^\s/"'<>]{6,64})(?=[\s,;]|\Z)""",
        any_case=True,
    ),
    _spot(
        "password",
        " as pass| as my pass| as the pass| as pw| as a pass",
        r"""[ \t"'`](?=[^\s]{0,64}\d)(?=[^\s]{0,64}[a-z])(?P<secret>[^\s"'`]{6,64})["'`]?
        [ ]as[ ](?:the[ ]|my[ ]|a[ ])?        (?:password|passwd|pwd|pass)\b""",
        any_case=True,
    ),
    _spot(
        "password",
        " p: | pw: |/p: ",
        r"""\b(?:u|user|login|usr|un)[ ]?:[ ]?\S{1,64}[ ,;/|\n]{1,3}p(?:w|ass)?[ ]?:[ ]?(?P<secret>\S{4,64})""",
        any_case=True,
    ),
    # Signed requests
    _spot(
        "signature",
        "mz-S|MZ-S|mz-s",
        r"""\bx-amz-(?:signature|security-token)(?:=|%3d)(?P<secret>[^\s&"'<>]{16,4096})""",
        any_case=True,
    ),
    _spot("signature", "oog-S", r"""\bX-Goog-Signature(?:=|%3D)(?P<secret>[^\s&"'<>]{16,4096})"""),
    _spot(
        "signature",
        "oauth_",
        r"""\boauth_(?:signature|token|verifier)\\?["']?[=:]\s?\\?["']?(?P<secret>[\w%+/=.-]{6,400})""",
    ),
    _spot("digest-response", "response=", r"""\bresponse=\\?"(?P<secret>[0-9a-f]{32,128})"""),
    _spot(
        "token",
        "kubeadm|--token|discovery-token",
        r"\b(?:kubeadm[ ]join|token)[^\n]{0,80}?[ =](?P<secret>[a-z0-9]{6}\.[a-z0-9]{16})\b",
    ),
)

_HINTED = {hint: [at for at, spot in enumerate(_SPOTS) if hint in spot.hints] for spot in _SPOTS for hint in spot.hints}
HINTS = _HINTED.keys()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a spot's pattern: few texts have any, so each is compiled when one has its hint."""
    return re.compile(pattern, re.VERBOSE | re.MULTILINE)


def find_placed(text: str, lower: str, hints: Set[str]) -> list[Span]:
    """Return the secrets that only their place in a session log, a file, a statement or a sentence shows.

    `hints` has those of HINTS that are in `lower`.
    """
    told = HINTS & hints
    if not told:
        return []
    places = {at for hint in told for at in _HINTED[hint]}
    return [
        Span(*match.span("secret"), spot.kind, Rank.PLACE)
        for spot in map(_SPOTS.__getitem__, sorted(places))
        for match in _compiled(spot.pattern).finditer(lower if spot.any_case else text)
        if not is_stand_in(text[slice(*match.span("secret"))])
    ]
