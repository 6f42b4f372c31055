"""The knowledge base: models of provider and entry, loading, lint, schema."""
