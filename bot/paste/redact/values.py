"""Is it a secret? What stands in a field's place may be a placeholder, a variable, a type or a message about it."""

from __future__ import annotations

import re
from enum import IntEnum

from bot.paste.redact.marks import HOLE


class Floor(IntEnum):
    """How much a value must look like a secret, by how much its field's name promises."""

    ANY = 1  # a password may be any word
    SOLID = 2  # a field made for secrets, such as client_secret
    BARE = 3  # a name that also stands for other things: token, secret
    OPAQUE = 4  # the name alone says little: key, code, auth


# Words of messages, types, states and literals: never a secret by themselves.
_WORDS = frozenset(
    """
    a an the is are was were be been has have had not no none null nil undefined nan true false yes on off ok okay and
    or but if for from with without in at by of to it its this that your my their our as via any all some each when
    while after before because since so than then too very only also again still already just now here there
    invalid valid missing required expired expire expires wrong incorrect bad denied rejected failed failure fails error
    errors empty blank unknown unexpected unauthorized unauthenticated forbidden malformed revoked mismatch mismatched
    disabled enabled inactive active locked blocked unsupported supported must should cannot can't can could would may
    might will did does do don't didn't doesn't isn't wasn't please check provide provided given set unset reset change
    changed update updated verify verification authentication authorization authorized authenticated login logged logout
    grant granted refresh refreshed renew issued parse parsing decode decoded encode encoded generate generated create
    created delete deleted use used using get got send sent received receive return returned returns contains contain
    found request requests response header headers body param params parameter field fields value values type types
    string str text integer int number bool boolean bytes object array list dict map any char varchar optional union
    public private static final const let var new await async lambda function def class import export void self
    bearer basic digest oauth oauth2 jwt token tokens key keys secret secrets password passwords passphrase passwd pwd
    credential credentials code codes cookie cookies session sessions signature username user users email account api
    client server app application service host port name id uuid url uri path file scope scopes audience issuer state
    redacted masked hidden filtered omitted removed placeholder example sample todo tbd fixme input prompt stdin
    plain plaintext hash hashed encrypted md5 sha1 sha256 sha512 hs256 rs256 es256 none client_credentials
    client_secret_basic client_secret_post private_key_jwt refresh_token authorization_code access_token id_token
    right correct same fine different longer shorter stored safe good long short too ok hidden secure weak strong
    base64 base32 hex hexadecimal pem der pkcs1 pkcs8 pkcs12 x509 ascii utf8 utf-8 json yaml elsewhere somewhere
    implicit hybrid query fragment form_post s256 offline online
    """.split()
)
# After "password is": what people say of passwords rather than tell them.
_PLACEHOLDER = re.compile(
    r"""(?:
      [<{\[(]{1,3}[^<>\n]{0,80}[>}\])]{1,3}            # <token>, {token}, {{ token }}, [your key], (hidden)
    | &lt;.{1,60}&gt;
    | \$?\{\{.{0,80} | \$\{.{0,80} | \$\(.{0,80} | \#\{.{0,80} | <%.{0,80} | `.{0,80}
    | (?:\$\w{1,40}|\{\$\w{1,40}\}):(?:\$\w{1,40}|\{\$\w{1,40}\})
    | \[B@[0-9a-f]{1,8}                                     # what Java prints for bytes
    | %\(\w{1,40}\)s | %[sdvqr] | %\w{1,40}%
    | \$[A-Z_][A-Z0-9_]{0,60} | \$\w{0,60}(?<!\d) | @[A-Z_]{3,40}@ | __[A-Z_]{2,40}__ | :[a-z_]{2,40} | \?+
    | !\w{1,20}:?\w{0,20}                                   # a tag of YAML
    | [*•●·#_.\-=xX~\u2588\u25aa]{2,} | [xX*]
    | (?:sk|pk|rk|key|token|eyJ|ghp|Bearer)[\w-]{0,8}[-_.]?(?:\.{2,}|x{3,}|X{3,}|\*{2,})
    | (?i:redacted|masked|hidden|filtered|removed|placeholder|todo|tbd|fixme|n/a|snip(?:ped)?|censored|elided)
    )\Z""",
    re.VERBOSE,
)
_THE_WORD = frozenset(
    "password passwd pass pwd secret token key apikey api_key 密码 口令 密钥 令牌 пароль 暗号 パスワード".split()
)
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z_.-]{2,60}=(?!=*\Z)")
_ALTERNATIVES = re.compile(r"[a-z]{3,20}(?:/[a-z]{3,20}){1,4}\Z")  # access token: code/verifier does not match
_EXCEPTION = re.compile(r"[A-Za-z_.:]{3,80}(?:Error|Exception|Failure|Fault)\Z")
_ADDRESS = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,5}[a-z]{2,10}/[\w/.-]{0,200}\Z")
_MASKED = re.compile(r"\*{3,}|[•●]{2,}|[xX]{5,}|\.{3,}(?=[\w-]{0,6}\Z)|\[\.\.\.\]|<redacted>|#{4,}", re.IGNORECASE)
_MADE_UP = re.compile(
    r"(?:your|insert|replace|enter|put|paste|add|fill|change-?_?this)(?:[-_ ]|(?=[A-Z]))\S*"
    r"|\S*[-_ ](?:here|placeholder|example)"
    r"|(?:example|sample|placeholder|dummy|fake)(?:[-_]\w*)?|(?:some|my|the|a|an|valid|invalid|current|new|old)[-_]\w*?(?:token|key|secret|password)",
    re.IGNORECASE,
)
_STEM = re.compile(
    r"token|secret|passw|passphrase|passwd|pwd|key\b|api_?key|apikey|cred|auth|jwt|bearer|cookie|session|cfg|conf",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_$][A-Za-z_]*\Z")
_CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]+)+\Z")
_CALL = re.compile(r"(?:await\s|new\s|!|&|\*)?[A-Za-z_$@][\w.$:>?!-]{0,80}[(\[]")
_DOTTED = re.compile(r"[&*!@$]?[A-Za-z_]\w*(?:(?:\?|!)?(?:\.|->|::)[A-Za-z_]\w*)+[;,!)\]}]*\Z")
_ROOTS = re.compile(
    r"[&*!@$]?(?:self|this|cls|process|os|env|args|argv|opts?|options?|req|request|res|resp|response|result|ctx|context|params|"
    r"props|state|data|user|event|secrets?|vars?|local|module|app|creds?|credentials?|client|session|auth|form|body|input|"
    r"payload|config|cfg|conf|settings|import|System|Environment|configuration|builder|c|s|p|r|u|e|it|obj|values|"
    r"Values|vault|github|steps|inputs|data|account|provider|server|store|kwargs|json|query|headers?|cookies|flask|rails|ENV)(?:\?|!)?(?:\.|->|::)"
)
_SENTENCE_WORD = re.compile(r"[^\W\d_][^\W\d_']*")
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
_PATH = re.compile(
    r"(?:~|\.{1,2})?/(?:[\w.@-]+/)+[\w.@-]*\Z|[A-Za-z]:\\|(?:\./|\.\./|~/)|[\w./-]+\.(?:pem|key|json|ya?ml|txt|crt|cer|p12|pfx|jks|py|js|ts|go|java|env)\Z"
)
_RUNS = re.compile(r"[a-z]+|[A-Z]+|\d+")
_NUMERIC = re.compile(r"[\d.,:/+\-TZ%]+\Z")
_HEXES = re.compile(r"[0-9a-f]{16,}\Z", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_SLUG = re.compile(r"[A-Za-z]+\d{0,2}(?:[-_./:][A-Za-z]*\d{0,3})*\Z")
# What machines call an error, in the place of the value that was not to be had: AADSTS50011, ORA-01017, invalid_grant.
_ERROR_CODE = re.compile(
    r"(?:AADSTS|IDX|ORA-|SQL|KRB|MSIS|ERR[-_]?)\d{4,9}\Z|[a-z]+(?:_[a-z]+)+\Z|[A-Z]+(?:_[A-Z]+)+\Z"
)
_HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7a3]")


def is_opaque(value: str, least: int = 8) -> bool:
    """Tell whether a machine made `value`: digits, capitals and small letters change places often.

    Random base62 changes kind nearly every second character; words, names and versions every fifth or so. UUIDs,
    numbers and `least` characters or fewer of anything are not opaque.
    """
    if len(value) < least or _NUMERIC.match(value) or _UUID.match(value):
        return False
    core = value[:200]
    if _HEXES.match(core):
        return any(char.isdigit() for char in core)
    if _SLUG.match(core):
        longest = max(re.split(r"[-_./:]", core), key=len)
        return len(longest) >= 14 and len(_RUNS.findall(longest)) * 4 >= len(longest) and not _CAMEL.match(longest)
    letters = sum(char.isalnum() for char in core)
    return letters * 2 >= least and len(_RUNS.findall(core)) * 4 >= letters


def is_placeholder(value: str) -> bool:
    """Tell whether `value` stands for a secret without being one: a mark, `<token>`, `$TOKEN`, `sk-ab***cd`, `xxx`."""
    value = value.strip(" \t'\",;\\`。、")
    if not value.strip(HOLE) or _PLACEHOLDER.match(value):
        return True
    return bool(_MASKED.search(value)) and not is_opaque(max(re.split(r"[*.•●xX#]{3,}", value), key=len), 16)


def is_made_up(value: str) -> bool:
    """Tell whether `value` says in words what to write there: your-api-key, INSERT_TOKEN_HERE."""
    return bool(_MADE_UP.match(value)) and not is_opaque(
        value.rsplit("-", maxsplit=1)[-1].rsplit("_", maxsplit=1)[-1], 10
    )


def is_stand_in(value: str) -> bool:
    """Tell whether `value` stands in an example for a secret: a placeholder, what to write there, or the very word."""
    if is_placeholder(value) or is_made_up(value) or value.lower() in _THE_WORD:
        return True
    return value.isupper() and _NAME.match(value) is not None and _STEM.search(value) is not None


def is_assignment(value: str) -> bool:
    """Tell whether `value` is a setting with a name of its own, such as grant_type=client_credentials."""
    return _ASSIGNMENT.match(value) is not None


def is_sentence(value: str) -> bool:
    """Tell whether `value` speaks of a secret: "is required", "must be at least 8 characters", 不能为空."""
    words = _SENTENCE_WORD.findall(value.lower())
    if len(_HAN.findall(value)) >= 2:
        return True
    hits = sum(word in _WORDS for word in words)
    return len(words) >= 2 and (hits >= 2 or hits * 3 >= len(words))


def is_expression(value: str) -> bool:
    """Tell whether an unquoted `value` is code: a call, a variable, an attribute."""
    if _CALL.match(value) and not is_opaque(re.split(r"[(\[]", value)[0], 12):
        return True
    if _ROOTS.match(value) and _DOTTED.match(value):
        return True
    name = value.strip(";,)&*!@ ")
    return bool(
        _NAME.match(name) and _STEM.search(name) and ("_" in name or _CAMEL.match(name) or name.lower() in _WORDS)
    )


def is_error_code(value: str) -> bool:
    """Tell whether `value` is a code such as AADSTS50011, or one made of the words of errors such as invalid_grant."""
    if _ERROR_CODE.match(value) is None:
        return False
    return value[-1].isdigit() or all(word in _WORDS for word in value.lower().split("_"))


def is_secret(value: str, floor: Floor, *, quoted: bool, assigned: bool) -> bool:
    """Tell whether `value` in a field of that `floor` is a secret.

    `quoted` values are literals; others may be code. `assigned` is true after `=`, false after `:` and the like,
    where prose may follow.
    """
    bare = value.strip(" \t'\"`,;。、")
    word = bare.strip(".!?:()[]{}<>").lower()
    if not bare or word in _WORDS or is_placeholder(bare) or is_made_up(bare) or _URL.match(bare):
        return False
    if not quoted and (is_expression(bare) or is_error_code(bare.rstrip(":."))):
        return False
    if re.search(r"\s", bare):
        if _HAN.search(bare) or is_sentence(bare):
            return False
        chunks = bare.split()
        return (
            floor is Floor.ANY
            or all(is_opaque(chunk, 4) or len(chunk) <= 4 for chunk in chunks)
            or any(is_opaque(c, 12) for c in chunks)
        )
    if floor is Floor.ANY:
        return _may_be_password(bare, quoted=quoted, assigned=assigned)
    if _HAN.search(bare) or not any(char.isalnum() for char in bare):
        return False
    said = not quoted and not assigned and _ALTERNATIVES.match(bare)
    if said or _EXCEPTION.match(bare) or (_ADDRESS.match(bare) and not is_opaque(bare.rpartition("/")[2])):
        return False
    return _may_be_token(bare, floor, quoted=quoted, assigned=assigned)


def _may_be_password(value: str, *, quoted: bool, assigned: bool) -> bool:
    if len(value) < 2 or (value.isdigit() and len(value) < 4):
        return False
    if len(_HAN.findall(value)) >= 2 and not any(char.isascii() and char.isalnum() for char in value):
        return False
    if not any(char.isalnum() for char in value):
        return len(set(value)) > 2
    if _DOTTED.match(value) and not quoted and not any(char.isdigit() for char in value):
        return not _STEM.search(value) and assigned
    return True


def _may_be_token(value: str, floor: Floor, *, quoted: bool, assigned: bool) -> bool:
    if floor is Floor.OPAQUE:
        return is_opaque(value, 12) and not _PATH.match(value)
    if len(value) < 4 or (value.isdigit() and len(value) < 6) or (_PATH.match(value) and not is_opaque(value, 24)):
        return False
    digit = any(char.isdigit() for char in value)
    if floor is Floor.BARE:
        if (
            _SLUG.match(value)
            and ("-" in value or "_" in value or "." in value or "/" in value)
            and not is_opaque(value)
        ):
            return digit and quoted and len(value) >= 12
        if not digit:
            return len(value) >= 16 or (len(value) >= 11 and (quoted or assigned)) or is_opaque(value)
        return len(value) >= 6
    if digit or quoted or is_opaque(value):
        return True
    return assigned or len(value) >= 12
