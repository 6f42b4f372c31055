"""The words of a paste: Paste, Block, Fact, Trait, Redaction, Reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

BlockKind = Literal[
    "json",  # JSON, whole or cut off, escaped or not
    "python",  # a Python repr of a dict or list
    "traceback",  # a stack trace of any language
    "http",  # a status line, header dump or `curl -v` output
    "url",  # one URL with something to read in its query or fragment
    "log",  # lines with a timestamp or a level
    "markup",  # HTML or XML
    "grpc",  # a gRPC status
    "sql",  # a database driver's message
    "form",  # key=value or key: value lines (.env, YAML, form bodies, Java toString)
    "code",  # source code
    "prose",  # what a person wrote around it
]

FactKind = Literal[
    "status",  # HTTP status, decimal
    "code",  # a machine's error code or type, as on the wire; `key` is the field it stood in
    "message",  # a sentence a machine wrote; `key` is the field it stood in
    "exception",  # an exception's class name as printed, e.g. openai.AuthenticationError
    "host",  # a host name, lower case
    "endpoint",  # a path, with its method where there is one: "GET /v1/models"
    "header",  # the name of a header that was seen, lower case
    "scheme",  # the scheme of an Authorization value as sent; "" where the value had none
    "challenge",  # the scheme of a WWW-Authenticate header
    "scope",  # a scope that is named
    "grant",  # a grant type
    "param",  # a named value an answer may show: redirect_uri, client_id, account, role, resource, audience, issuer
    "library",  # an SDK, driver or client, as its package is named: python-openai, boto3, msal, git, psql
    "request-id",  # a request, trace or correlation id
]


@dataclass(frozen=True, slots=True)
class Paste:
    """What an adapter hands over, as it came. Only the gate and the redactor read `text`."""

    text: str
    provider: str | None = None  # what the person or the channel named: a provider id
    lang: str | None = None  # the language asked for, a BCP 47 tag


class Block(NamedTuple):
    """One stretch of a paste in one format. `text` is decoded: escapes and entities resolved, quote marks gone."""

    kind: BlockKind
    text: str


class Fact(NamedTuple):
    """One thing read off a paste, e.g. kind="code", value="AADSTS50011", key="error_codes"."""

    kind: FactKind
    value: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """What is known of one secret that was taken out: its shape, never its value or its subject.

    `claims` holds, of a JWT, only alg, kid, iss, aud, exp, nbf, iat and scp.
    """

    kind: str  # as in its mark: "github-token", "jwt", "password"
    vendor: str | None = None  # a provider id where the shape tells it
    length: int = 0  # characters, before it was taken out
    faults: tuple[Literal["space", "newline", "quote", "invisible", "non-ascii"], ...] = ()
    scheme: str | None = None  # "Bearer", "Basic", "access_token" … before it in an Authorization value; "" for none
    basic_decodes: bool | None = None  # of Basic credentials: is it base64 of text
    basic_has_colon: bool | None = None
    claims: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Redaction:
    """A paste without its secrets. `text` has marks like `[github-token]` where they stood."""

    text: str
    traits: tuple[Trait, ...] = ()
    cut: int = 0  # characters left out beyond the size limit


@dataclass(frozen=True, slots=True)
class Reading:
    """All that later rooms may know of a paste. Holds no secret.

    `text` is the redacted paste as it may be shown; `decoded` is the same for machines: NFKC, escapes, entities and
    percent-encoding resolved, quote marks, fences and table borders gone.
    """

    text: str
    decoded: str
    telling: str = ""  # `decoded` without the lines that surely tell no error, such as stack frames
    blocks: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()
    traits: tuple[Trait, ...] = ()
    error_lines: tuple[str, ...] = ()  # the lines of `decoded` in which the error itself stands, in order
    lang: str = "en"  # BCP 47 tag of the person's own prose, or of the text where there is no prose
    cut: int = 0
    _by_kind: dict[str, tuple[Fact, ...]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """Return the facts of one kind, in the order they stood in the paste."""
        if kind not in self._by_kind:
            self._by_kind[kind] = tuple(fact for fact in self.facts if fact.kind == kind)
        return self._by_kind[kind]

    def values(self, kind: FactKind) -> tuple[str, ...]:
        """Return the values of one kind of fact, without repeats, in order."""
        return tuple(dict.fromkeys(fact.value for fact in self.of(kind)))
