"""Comparisons come in: read, checked, merged by the pair of slugs, and given a verdict."""
