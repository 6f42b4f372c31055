"""The steps of the schema, oldest first. A released step is never changed."""
