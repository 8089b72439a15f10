"""What is in an issue, in which order and words; each change with an undo."""
