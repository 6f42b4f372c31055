"""Personal data that is no secret but is not kept either: e-mail addresses and public IP addresses."""

from __future__ import annotations

import ipaddress
import re

EMAIL, ADDRESS = "[email]", "[ip]"

# RFC 5321's limits; the part before the @ is found by hand, since a pattern could only look ahead.
_DOMAIN = re.compile(
    r"@(?:[A-Za-z0-9\u00a1-\u2e7f](?:[A-Za-z0-9\u00a1-\u2e7f-]{0,62})\.)+[A-Za-z\u00a1-\u2e7f]{2,24}(?![A-Za-z0-9-]*@)"
)
_LOCAL = re.compile(r"[\w.!#$%&*+/?^~-]{1,64}\Z")
_LOCAL_CHARS = re.compile(r"[A-Za-z0-9\u00a1-\u2e7f.!#$%&*+/?^_~-]")
_LOCAL_LENGTH = 64
_NUMBERS = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}")
# Versions have four numbers too: v1.2.3.4, Chrome/130.0.0.0, foo-1.2.3.4.jar, version 10.0.1.2, 1.2.3.4-rc1
_BEFORE_VERSION = re.compile(
    r"(?:[\d.]|[A-Za-z_]|[A-Za-z)]/|[A-Za-z]-|[=~^]=|(?i:version|release|build|ver|rev)[\"']?[:=]?\s{0,3}[\"']?)\Z"
)
_AFTER_VERSION = re.compile(
    r"\.?\d|[A-Za-z_]|-(?:rc|alpha|beta|snapshot|\w{1,12}\.(?:jar|whl|zip|deb|rpm))|\.(?:jar|zip|tar|whl|dll|exe|msi|dev)",
    re.IGNORECASE,
)
_IP_WORDS = re.compile(r"(?i:ip|addr|address|from|host|client|peer|remote)\Z")
_GROUPS = re.compile(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}")


def mask_personal(text: str) -> str:
    """Return `text` with e-mail addresses as `[email]` and public IP addresses as `[ip]`.

    Loopback, private, link-local, documentation and otherwise reserved ranges stay (IANA's special-purpose registries,
    as `ipaddress` has them), and so do version numbers. Masking twice changes nothing.
    """
    if "@" in text:
        text = _without_emails(text)
    if text.count(":") >= 2:
        text = _GROUPS.sub(_masked_v6, text)
    if text.count(".") >= 3:
        text = _NUMBERS.sub(_masked_v4, text)
    return text


def _without_emails(text: str) -> str:
    parts: list[str] = []
    at = 0
    for domain in _DOMAIN.finditer(text):
        least = max(at, domain.start() - _LOCAL_LENGTH)
        start = domain.start()
        while start > least and _LOCAL_CHARS.match(text, start - 1):
            start -= 1
        # Punctuation before an address belongs to the sentence, and `//` to a URL.
        while start < domain.start() and not (text[start].isalnum() or text[start] == "_"):
            start += 1
        if start == domain.start() or not _LOCAL.match(text, start, domain.start()) or text[start - 3 : start] == "://":
            continue
        parts += (text[at:start], EMAIL)
        at = domain.end()
    parts.append(text[at:])
    return "".join(parts)


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed.is_global and not parsed.is_multicast


def _masked_v4(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    before = text[max(0, start - 16) : start]
    version = _BEFORE_VERSION.search(before) and not _IP_WORDS.search(before.rstrip(" =:/-"))
    if version or _AFTER_VERSION.match(text, end) or not _is_public(match[0]):
        return match[0]
    return ADDRESS


def _masked_v6(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if start and (text[start - 1].isalnum() or text[start - 1] in ":._"):
        return match[0]
    found = match[0]
    tail = ""
    # A colon at the end belongs to the sentence, unless it is half of the `::`.
    if found.endswith(":") and not found.endswith("::"):
        found, tail = found[:-1], ":"
    if end < len(text) and (text[end].isalnum() or text[end] == "_") and not tail:
        return match[0]
    return ADDRESS + tail if _is_public(found) else match[0]
