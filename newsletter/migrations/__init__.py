"""The schema, step by step; written by Alembic, then read by a person."""
