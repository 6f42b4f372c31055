"""The terminal channel and the JSONL interface."""
