"""Corrections: what an issue said that was wrong, and what is right; added beside it, never into it."""
