"""Facts of markup: S3's and SOAP's error elements, titles of error pages, SAML statuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.paste.blocks.markup import Markup
from bot.paste.facts import keys
from bot.paste.facts.fields import field
from bot.paste.facts.shapes import errorish, message_of
from bot.paste.models import Fact

_TITLES = frozenset("title h1 h2".split())
_WORDS = frozenset("p body pre center div span td li b strong font".split())
_LEADING_STATUS = re.compile(r"(?:HTTP Status |Error )?([45]\d\d)\b[\s:\u2013-]{0,4}")
_SAML_STATUS = "urn:oasis:names:tc:SAML:"
_ELEMENTS = frozenset(
    "code message error errorcode errormessage error_description errmsg errcode faultcode faultstring "
    "statusmessage requestid "
    "hostid resource returncode returnmsg return_code return_msg err_code err_code_des result_code "
    "reason detail details description "
    "awsaccesskeyid bucketname region stringtosign subcode submsg sub_code sub_msg msg fault text "
    "exceptiontext value".split()
)


def markup_facts(found: Markup) -> Iterator[Fact]:
    """Yield the facts of a stretch of markup."""
    erring = any(
        name in ("error", "code", "faultcode", "faultstring", "errorresponse", "err_code", "errorcode", "errcode")
        for name, _ in found.elements
    )
    page = any((name in _TITLES and errorish(text)) or _LEADING_STATUS.match(text) for name, text in found.elements)
    for name, text in found.elements:
        if name in _TITLES:
            yield from _title(text)
        elif name in _ELEMENTS:
            yield from field(name, text.rpartition(":")[2] if name in ("faultcode", "value") else text, erring)
        elif page and name in _WORDS and " " in text and len(text) > 10 and (message := message_of(text)):
            yield Fact("message", message, "body")
    for _, attribute, value in found.attributes:
        if attribute == "value" and value.startswith(_SAML_STATUS) and ":status:" in value:
            name = value.rpartition(":")[2]
            if name != "Success":
                yield Fact("code", name, "statuscode")
                yield Fact("code", value, "statuscode")
        elif keys.plain(attribute) in ("errorcode", "errorcodes", "errorid"):
            yield from field(attribute, value)


def _title(text: str) -> Iterator[Fact]:
    if match := _LEADING_STATUS.match(text):
        yield Fact("status", match[1], "title")
        text = text[match.end() :]
    if message := message_of(text):
        yield Fact("message", message, "title")
