"""Weeks as people count them: from Monday to Monday where the newsletter is at home. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Week:
    """One week.

    Attributes:
        monday: its first day.
        since: the instant at which it begins.
        until: the instant at which the next one does; a week in which clocks change is an hour
            shorter or longer than others.
    """

    monday: date
    since: datetime
    until: datetime


def last_weeks(now: datetime, zone: ZoneInfo, most: int) -> Sequence[Week]:
    """Give so many weeks, oldest first; the last is the one that is under way."""
    today = now.astimezone(zone).date()
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in reversed(range(most))]
    return [Week(one, _begins(one, zone), _begins(one + _A_WEEK, zone)) for one in mondays]


_A_WEEK = timedelta(weeks=1)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
