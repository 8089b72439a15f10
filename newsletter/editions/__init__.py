"""Editions: what of an issue, and of issues before it, a reader with wishes of their own gets."""
