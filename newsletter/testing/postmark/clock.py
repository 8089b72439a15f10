"""The simulator's time: the real one plus what was advanced, and how Postmark writes and reads it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schedules.clock import Clock

EASTERN = ZoneInfo("America/New_York")

_ASKED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?", re.ASCII)
"""A date or time of a query; no other form is documented, and none with an offset."""


class VirtualClock:
    """Follows the real clock, and can be moved ahead of it.

    Args:
        real: the clock to follow.
    """

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._ahead = timedelta()
        self._standing: datetime | None = None

    def __call__(self) -> datetime:
        """Give the present virtual instant."""
        return self._standing or self._real() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self._ahead += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Follow the real clock again without any distance."""
        self._ahead = timedelta()

    @contextmanager
    def standing_at(self, instant: datetime) -> Iterator[None]:
        """Let something happen at its own instant, although that is past by now."""
        self._standing = instant
        try:
            yield
        finally:
            self._standing = None


class Stamp(NamedTuple):
    """An instant and how Postmark writes it, which is worked out once for a whole call."""

    instant: datetime
    written: str


def stamp(instant: datetime) -> Stamp:
    """Write an instant once for many messages."""
    return Stamp(instant, postmark_time(instant))


def postmark_time(instant: datetime) -> str:
    """Write an instant with seven digits of a second, trailing zeros cut."""
    return f"{_local(instant)}Z"


def eastern_time(instant: datetime) -> str:
    """Write an instant as the older addresses of the API do: with the offset of the US East."""
    local = instant.astimezone(EASTERN)
    offset = f"{local:%z}"
    return f"{_local(local)}{offset[:3]}:{offset[3:]}"


def read_eastern(written: str, *, end_of_day: bool = False) -> datetime:
    """Read a date or a local time of a query, which Postmark takes for Eastern.

    Raises:
        ValueError: when it is neither.
    """
    form = _ASKED.fullmatch(written)
    if form is None:
        raise ValueError(written)
    local = datetime.fromisoformat(written).replace(tzinfo=EASTERN)
    if end_of_day and form[1] is None:
        local = local.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return local.astimezone(UTC)


def _local(instant: datetime) -> str:
    digits = f"{instant.microsecond * 10:07d}".rstrip("0")
    return f"{instant:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{digits}"
