"""The published pages of the knowledge: static, searchable, in both languages."""
