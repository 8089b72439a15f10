"""When letters come to one reader: by the weekly slot, the clock where they are, their break."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from newsletter.delivery import audience
from newsletter.delivery.arriving import days_with_a_row, waiting_copy
from newsletter.desk import Desk
from newsletter.issues import opening
from schedules.errors import UnknownZone
from schedules.waves import Waves
from schedules.windows import WEEK, Window
from subscribers.models import Subscriber
from subscribers.pausing import is_pausing

_AHEAD = 12
"""Weeks to look ahead, so that the first issue of a month is among them."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A reader's next letters by the calendar, as a clock where they are shows them.

    Attributes:
        next: the next one by the rhythm they chose; None while a break has no end.
        weekly: the next one of somebody who gets every issue.
        monthly: the next first issue of a month.
    """

    next: datetime | None
    weekly: datetime
    monthly: datetime


def coming(desk: Desk, reader: Subscriber, now: datetime) -> Coming:
    """Say when a reader's next letters come.

    A copy that waits for their hour counts, and so does an issue that has begun to leave where it
    was Monday earlier and still takes them in.
    """
    own, since = own_window(desk.window, reader.timezone), _since(reader, now)
    clock = own if desk.dispatch.local_time else desk.window
    days = [slot.local_date for slot in desk.slots.upcoming(_AHEAD + (since - now) // WEEK, now)]
    with desk.database.reading() as session:
        copy = waiting_copy(session, reader, now) if since == now else None
        leaving = audience.joined_still(session, now)
        decided = days_with_a_row(session, reader, own.local(now).date() - WEEK)
        had = opening.begun(session, days[0].replace(day=1))

    def hour(possible: Iterable[date]) -> datetime:
        hours = (Waves(clock, day).own for day in possible)
        return own.local(min(hour for hour in hours if hour > now and hour >= since))

    weekly = hour(leaving.union(days) - decided)
    monthly = hour(_first_ones(days, had))
    by_rhythm = monthly if reader.cadence == "monthly" else weekly
    endless = is_pausing(reader, now) and reader.paused_until is None
    return Coming(None if endless else own.local(copy or by_rhythm), weekly, monthly)


def own_window(window: Window, timezone: str | None) -> Window:
    """Give the weekly window on a reader's clock; as it is when they told no zone that we know."""
    try:
        return replace(window, zone=timezone) if timezone else window
    except UnknownZone:
        return window


def _since(reader: Subscriber, now: datetime) -> datetime:
    """Give the instant from which on letters come."""
    return reader.paused_until if is_pausing(reader, now) and reader.paused_until else now


def _first_ones(days: Iterable[date], had: Collection[date]) -> Iterator[date]:
    """Give those of some days, in order, before which no issue of their month leaves."""
    months = {(day.year, day.month) for day in had}
    for day in days:
        if (day.year, day.month) not in months:
            yield day
        months.add((day.year, day.month))
