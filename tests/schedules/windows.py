"""Windows with defaults in one line, for tests that are about one thing."""

from datetime import UTC, datetime, time, timedelta

from schedules.windows import Window

SIX_HOURS = timedelta(hours=6)


def monday_at_nine(zone: str = "Europe/Berlin", lateness: timedelta = SIX_HOURS) -> Window:
    return Window("weekly", "mon", time(9, 0), zone, lateness)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
