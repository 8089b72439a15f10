"""The time: which week, which slot, what was missed, and who may act on it."""
