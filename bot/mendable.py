"""Errors that a person can mend: a command prints their text, one sentence, and ends with status 2."""


class MendableError(Exception):
    """Something that a person has caused; the text says what, where, and what to do about it."""
