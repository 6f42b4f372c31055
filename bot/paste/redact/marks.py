"""Marks: what stands in a text where a secret was, e.g. `[github-token]`."""

from __future__ import annotations

from bot.paste.redact.vendors import INNER_SHAPES, SHAPES

HOLE = "\ue000"  # stands for each character of a mark while secrets are looked for; private use, so no text needs it

# The kinds of secrets that have no shape of their own.
_BY_PLACE = frozenset(
    (
        "access-key access-token account-key api-key app-secret authorization-code aws-secret-access-key "
        "basic-credentials bearer-token client-assertion client-secret code-verifier cookie credentials csrf-token "
        "device-code digest-response id-token jwt mnemonic negotiate-token one-time-code otp-secret password "
        "password-hash private-key refresh-token saml-assertion saml-request saml-response secret secret-key "
        "sentry-dsn-key session-id signature ticket token webhook-secret webhook-url"
    ).split()
)

KINDS = _BY_PLACE | {shape.kind for shape in SHAPES} | {kind for kind, *_ in INNER_SHAPES}


def mark(kind: str) -> str:
    """Return the mark of a kind. Raises KeyError for a kind that would not be known as a mark again."""
    if kind not in KINDS:
        raise KeyError(kind)
    return f"[{kind}]"
