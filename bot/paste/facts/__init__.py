"""Facts: what is read off the blocks of a paste."""
