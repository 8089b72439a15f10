"""The forms of an issue read back, each by its own rules, into one shape that can be compared."""
