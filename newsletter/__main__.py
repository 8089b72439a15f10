"""``python -m newsletter``."""

from newsletter.cli import app

app()
