"""Proof by other people's tools, run over freshly built issues: ``python -m tests.audit``."""
