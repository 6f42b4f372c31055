"""Blocks: the formats of a paste, each with its parser."""
