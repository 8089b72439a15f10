"""The weekly window in wall time, and the slots it opens; instants are computed late."""

import difflib
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from schedules.errors import InvalidSendAt, InvalidWindow, UnknownZone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = timedelta(days=7)
LONGEST_LATENESS = timedelta(days=6)
"""A slot must be past saving before the next one is due."""


@dataclass(frozen=True, slots=True)
class Window:
    """A weekday and a wall time at which a weekly slot opens.

    Attributes:
        name: of the schedule; with the local date it names a slot for ever.
        weekday: one of WEEKDAYS.
        at: wall time in the zone.
        zone: IANA name.
        lateness: how long after its instant a slot may still start.
    """

    name: str
    weekday: str
    at: time
    zone: str
    lateness: timedelta

    def __post_init__(self) -> None:
        """Refuse a window that could never open, or would overlap the next."""
        if self.weekday not in WEEKDAYS:
            raise InvalidWindow(f"no weekday {self.weekday!r}; use one of {', '.join(WEEKDAYS)}")
        if self.at.tzinfo is not None:
            raise InvalidWindow("the wall time has a zone of its own; the window has one already")
        if not timedelta(0) < self.lateness <= LONGEST_LATENESS:
            raise InvalidWindow("the lateness limit must be above zero and at most six days")
        zone_named(self.zone)

    def local(self, instant: datetime) -> datetime:
        """Give an instant in the wall time of this window's zone."""
        if instant.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {instant!r}")
        return instant.astimezone(zone_named(self.zone))

    def from_local(self, wall: datetime) -> datetime:
        """Give the first instant with this wall time, or the first one after its gap, in UTC."""
        return _instant(wall, zone_named(self.zone))


@dataclass(frozen=True, slots=True)
class Slot:
    """One opening of a window.

    Attributes:
        schedule: name of the window.
        local_date: the date in the window's zone; with the name, the slot's key.
        instant: when it is due, in UTC.
        latest: the last instant at which it may still start, in UTC.
    """

    schedule: str
    local_date: date
    instant: datetime
    latest: datetime


def instant_in(window: Window, instant: datetime) -> str:
    """Write an instant as wall time with its zone, and in UTC beside it where that is another."""
    local = window.local(instant)
    said = f"{local:%a %d %b %Y %H:%M} {window.zone}"
    return f"{said}  ({instant:%Y-%m-%d %H:%M} UTC)" if local.utcoffset() else said


def window_from(send_at: str, zone: str, lateness: timedelta) -> Window:
    """Make a window of what an operator wrote.

    Raises:
        InvalidSendAt: when ``send_at`` is not like "mon 09:00".
        UnknownZone: when there is no such zone.
        InvalidWindow: when the lateness limit cannot be used.
    """
    weekday, at = parse_send_at(send_at)
    return Window("weekly", weekday, at, zone, lateness)


def parse_send_at(text: str) -> tuple[str, time]:
    """Read a weekday and a wall time, such as "mon 09:00" or "Monday 9:00".

    Raises:
        InvalidSendAt: says what is wrong and what to write instead.
    """
    try:
        day, at = text.lower().split()
    except ValueError:
        message = f'{text!r} is not a weekday and a time; write it like "mon 09:00"'
        raise InvalidSendAt(message) from None
    return _weekday(day), _wall_time(at)


def zone_named(name: str) -> ZoneInfo:
    """Give a zone by its IANA name.

    Raises:
        UnknownZone: with the nearest known name, if one is near.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones
        near = difflib.get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "give an IANA name such as Europe/Berlin"
        raise UnknownZone(f"no time zone {name!r}; {hint}") from None


def slot_on(window: Window, local_date: date) -> Slot:
    """Give the slot of a date, which must be one of the window's weekday."""
    if local_date.weekday() != WEEKDAYS.index(window.weekday):
        raise ValueError(f"{local_date} is not a {window.weekday}")
    instant = window.from_local(datetime.combine(local_date, window.at))
    return Slot(window.name, local_date, instant, instant + window.lateness)


def latest_slot(window: Window, now: datetime) -> Slot:
    """Give the last slot that is due at ``now`` or was before."""
    # Where clocks go back over midnight, today's slot can lie before an instant of yesterday.
    day = window.local(now).date() + timedelta(days=1)
    days_past = (day.weekday() - WEEKDAYS.index(window.weekday)) % 7
    slot = slot_on(window, day - timedelta(days=days_past))
    while slot.instant > now:
        slot = slot_on(window, slot.local_date - WEEK)
    return slot


def next_slot(window: Window, now: datetime) -> Slot:
    """Give the first slot that is due strictly after ``now``."""
    return slot_after(window, latest_slot(window, now))


def slot_after(window: Window, slot: Slot) -> Slot:
    """Give the slot of the week after."""
    return slot_on(window, slot.local_date + WEEK)


def upcoming(window: Window, now: datetime, count: int) -> list[Slot]:
    """Give the next ``count`` slots, soonest first."""
    first = next_slot(window, now).local_date
    return [slot_on(window, first + number * WEEK) for number in range(count)]


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Give the first instant with this wall time or, in a gap, the first one after the gap."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # Inside a gap fold=1 reads the wall time with the offset after it: an instant before the gap.
    return _first_after_gap(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), instant, zone)


def _first_after_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()

    def is_past_gap(seconds: int) -> bool:
        return (before + timedelta(seconds=seconds)).astimezone(zone).utcoffset() != offset

    seconds = range(int((after - before).total_seconds()) + 1)
    return before + timedelta(seconds=bisect_left(seconds, True, key=is_past_gap))


def _weekday(word: str) -> str:
    if word.isdigit():
        raise InvalidSendAt(
            f"weekday {word!r}: write its name, such as mon; as a number, 1 is Monday to cron "
            "and Tuesday to others"
        )
    for day, full in zip(WEEKDAYS, _FULL_NAMES, strict=True):
        if word in (day, full):
            return day
    raise InvalidSendAt(f"no weekday {word!r}; use one of {', '.join(WEEKDAYS)}")


def _wall_time(word: str) -> time:
    if not (found := re.fullmatch(r"(\d{1,2}):(\d{2})", word, re.ASCII)):
        raise InvalidSendAt(f"no time {word!r}; write hours and minutes like 09:00")
    try:
        return time(int(found[1]), int(found[2]))
    except ValueError:
        raise InvalidSendAt(f"no time {word!r}; the day ends at 23:59") from None


_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
