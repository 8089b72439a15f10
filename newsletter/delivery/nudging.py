"""The nudge: what is told that batches are free, in the transaction that frees them.

This is the one seam between one process and many. Below it everything is the same: whoever sends
finds free batches in their table, claims one, sends it and records the answer.
"""

from collections.abc import Callable

from sqlmodel import Session

Nudge = Callable[[Session, int, int], None]
"""Told the writing session, the number of the issue, and how many batches were made or freed."""


def look_later(_session: Session, _issue_number: int, _batches: int) -> None:
    """Tell nobody: a process that sends by itself finds what is free at its next look."""
