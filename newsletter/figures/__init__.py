"""Figures for people: what became of an issue, and how the list grows; read, never written."""
