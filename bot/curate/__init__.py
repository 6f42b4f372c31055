"""What maintainers do: from the queue to a decision, and from decisions to live knowledge. Knows no medium."""
