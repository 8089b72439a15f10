"""What became of an issue, and how the list grows."""
