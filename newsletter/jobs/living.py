"""Whether workers are at work on a database: each leaves a sign of life there."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

SIGN, SILENCE = timedelta(seconds=10), timedelta(seconds=30)
"""How often a worker leaves one, and after how long without any it counts as dead."""

_THERE = text("SELECT to_regclass('procrastinate_workers') IS NOT NULL")
_ALIVE = text(
    "SELECT EXISTS (SELECT 1 FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - make_interval(secs => :silence))"
)


def alive(session: Session) -> bool:
    """Say whether a worker lives, by the clock of the database.

    One that has ended takes its row away, one that was killed is silent from then on. Whoever sends
    without workers leaves no sign.
    """
    if session.connection().dialect.name != "postgresql":
        return False
    if not session.execute(_THERE).scalar_one():
        return False
    return bool(session.execute(_ALIVE, {"silence": SILENCE.total_seconds()}).scalar_one())
