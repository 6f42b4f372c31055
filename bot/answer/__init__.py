"""Composing an answer: words, limits, quotes. Pure."""
