"""Matching: index, scoring, decision. Pure."""
