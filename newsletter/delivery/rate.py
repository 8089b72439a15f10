"""How fast an issue leaves, and when all of it will have left. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
"""Over how long the rate is taken."""

LEAST = timedelta(seconds=5)
"""And at least over so long: the first batch of an issue says nothing of a minute."""


def per_minute(accepted: int, begun: datetime, now: datetime) -> float:
    """Give how many letters leave in a minute.

    Args:
        accepted: copies that were accepted within ``WINDOW`` before now.
        begun: since when the issue leaves, or leaves again after a pause.
        now: the present instant.
    """
    span = min(max(now - begun, LEAST), WINDOW)
    return accepted / (span / timedelta(minutes=1))


def over_at(
    queued: Iterable[tuple[datetime | None, int]], rate: float, now: datetime
) -> datetime | None:
    """Say when the last letter will have left if the rate stays as it is.

    Waves wait for their hour, and then for those before them.

    Args:
        queued: when a wave leaves, None for at any time, and how many copies of it wait.
        rate: letters a minute.
        now: the present instant.

    Returns:
        None when nothing leaves just now, so that nobody can say.
    """
    if rate <= 0:
        return None
    at = now
    for wave_at, copies in sorted((wave_at or now, copies) for wave_at, copies in queued if copies):
        at = max(at, wave_at) + timedelta(minutes=copies / rate)
    return at
