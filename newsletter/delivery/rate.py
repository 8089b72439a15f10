"""How fast an issue leaves, and when all of it will have left. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast an issue may leave.

    Attributes:
        per_second: most messages a second; None for no limit.
        rest: the time between two stages of a ramp.
    """

    per_second: float | None = None
    rest: timedelta = timedelta(0)


class Left(NamedTuple):
    """The copies of one wave and stage that have not left yet, perhaps none."""

    wave_at: datetime | None
    stage: int
    copies: int


def gone_by(parts: Iterable[Left], tempo: Tempo, now: datetime) -> datetime | None:
    """Say when the last copy can have left, if nothing but waves, rate and ramp is waited for.

    Args:
        parts: of the whole issue; each stage after the first is rested before.
        tempo: how fast it may leave.
        now: the present instant, or when it begins.

    Returns:
        None when nothing is left.
    """
    parts = list(parts)
    waiting = [(part.wave_at, part.copies) for part in parts if part.copies]
    if not waiting:
        return None
    last = max(now, *(wave_at or now for wave_at, _ in waiting))
    if tempo.per_second is not None:
        last = over_at(waiting, tempo.per_second * 60, now) or last
    return last + (len({part.stage for part in parts}) - 1) * tempo.rest
