"""authbot: pasted authentication errors in, their cause and fix out."""

__version__ = "0.1.0"
