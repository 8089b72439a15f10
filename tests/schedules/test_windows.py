from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.errors import InvalidSendAt, InvalidWindow, UnknownZone
from schedules.windows import (
    WEEK,
    WEEKDAYS,
    Window,
    latest_slot,
    next_slot,
    parse_send_at,
    slot_on,
    upcoming,
    window_from,
)
from tests.schedules.windows import SIX_HOURS, monday_at_nine, utc

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
ALL_ZONES = sorted(available_timezones())


def window_on(day: date, at: time, zone: str) -> Window:
    return Window("weekly", WEEKDAYS[day.weekday()], at, zone, SIX_HOURS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon 09:00", ("mon", time(9))),
        ("Monday 9:05", ("mon", time(9, 5))),
        ("  SUN   23:59 ", ("sun", time(23, 59))),
    ],
)
def test_a_sending_time_is_a_named_day_and_a_wall_time(text, expected):
    assert parse_send_at(text) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1 09:00", "write its name"),
        ("monday", 'like "mon 09:00"'),
        ("mon 09:00 UTC", 'like "mon 09:00"'),
        ("mo 09:00", "use one of mon"),
        ("mon 9am", "hours and minutes"),
        ("mon 24:00", "23:59"),
        ("mon ٠٩:٠٠", "hours and minutes"),
        ("", 'like "mon 09:00"'),
    ],
)
def test_a_sending_time_that_could_be_misread_is_refused_with_advice(text, complaint):
    with pytest.raises(InvalidSendAt, match=complaint):
        parse_send_at(text)


@pytest.mark.parametrize("zone", ["Europe", "", "../etc/passwd", "CEST", "Berlin"])
def test_an_unknown_zone_is_one_kind_of_error(zone):
    with pytest.raises(UnknownZone):
        monday_at_nine(zone)


def test_a_misspelt_zone_is_answered_with_the_nearest_name():
    with pytest.raises(UnknownZone, match="did you mean Europe/Berlin"):
        monday_at_nine("europe/berlin")


@pytest.mark.parametrize("lateness", [timedelta(0), timedelta(days=6, seconds=1)])
def test_a_lateness_limit_that_reaches_the_next_slot_is_refused(lateness):
    with pytest.raises(InvalidWindow, match="lateness"):
        monday_at_nine(lateness=lateness)


def test_a_window_of_a_strange_weekday_or_a_zoned_time_is_refused():
    with pytest.raises(InvalidWindow, match="weekday"):
        Window("weekly", "1", time(9), BERLIN, SIX_HOURS)
    with pytest.raises(InvalidWindow, match="zone of its own"):
        Window("weekly", "mon", time(9, tzinfo=UTC), BERLIN, SIX_HOURS)


def test_a_date_of_another_weekday_has_no_slot():
    with pytest.raises(ValueError, match="not a mon"):
        slot_on(monday_at_nine(), date(2026, 11, 24))


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        latest_slot(monday_at_nine(), utc("2026-11-23T09:00").replace(tzinfo=None))


@pytest.mark.parametrize(
    ("local_date", "instant"),
    [
        pytest.param(date(2026, 7, 6), utc("2026-07-06T07:00"), id="a Monday in summer"),
        pytest.param(date(2026, 11, 23), utc("2026-11-23T08:00"), id="a Monday in winter"),
        pytest.param(date(2026, 3, 30), utc("2026-03-30T07:00"), id="the day after spring"),
        pytest.param(date(2026, 10, 26), utc("2026-10-26T08:00"), id="the day after autumn"),
    ],
)
def test_nine_in_the_morning_stays_nine_in_the_morning(local_date, instant):
    window = window_from("mon 09:00", BERLIN, SIX_HOURS)

    slot = slot_on(window, local_date)

    assert (slot.instant, slot.latest) == (instant, instant + SIX_HOURS)
    assert window.local(slot.instant).time() == time(9)


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        pytest.param(BERLIN, date(2026, 3, 29), time(2, 30), "2026-03-29T01:00", id="berlin gap"),
        pytest.param(BERLIN, date(2026, 10, 25), time(2, 30), "2026-10-25T00:30", id="berlin fold"),
        pytest.param(NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08T07:00", id="ny gap"),
        pytest.param(NEW_YORK, date(2026, 11, 1), time(1, 30), "2026-11-01T05:30", id="ny fold"),
        pytest.param(LORD_HOWE, date(2026, 10, 4), time(2, 15), "2026-10-03T15:30", id="30 min gap"),
        pytest.param(LORD_HOWE, date(2026, 4, 5), time(1, 45), "2026-04-04T14:45", id="half-hour fold"),
        pytest.param("Pacific/Apia", date(2011, 12, 30), time(9), "2011-12-30T10:00", id="no such day"),
        pytest.param("America/St_Johns", date(2010, 11, 7), time(0), "2010-11-07T02:30", id="over midnight"),
    ],
)  # fmt: skip
def test_a_change_of_clock_fires_once_at_the_first_valid_instant(zone, day, at, instant):
    window = window_on(day, at, zone)

    slot = slot_on(window, day)

    assert slot.instant == utc(instant)
    assert latest_slot(window, slot.instant) == slot
    assert latest_slot(window, slot.instant + timedelta(minutes=59)) == slot
    assert latest_slot(window, slot.instant - timedelta(seconds=1)).local_date == day - WEEK


def test_every_change_of_clock_of_the_next_ten_years_is_met_right_in_every_zone():
    changes = [(name, wall) for name in ALL_ZONES for wall in walls_in_changes(ZoneInfo(name))]

    wrong = [
        (name, wall)
        for name, wall in changes
        if slot_on(window_on(wall.date(), wall.time(), name), wall.date()).instant
        != first_instant_at_or_past(wall, ZoneInfo(name))
    ]

    assert wrong == []
    assert len(changes) > 2000


def walls_in_changes(zone: ZoneInfo) -> list[datetime]:
    """Give the wall time in the middle of each gap and each fold, found by looking weekly."""
    walls = []
    for week in range(522):
        low = utc("2026-01-01") + week * WEEK
        high, before = low + WEEK, offset_at(low, zone)
        if before == (after := offset_at(high, zone)):
            continue
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if offset_at(middle, zone) == before else (low, middle)
        edge = high.replace(second=0, microsecond=0, tzinfo=None)
        walls.append(edge + (before + after) / 2)
    return walls


def first_instant_at_or_past(wall: datetime, zone: ZoneInfo) -> datetime:
    """Walk minute by minute from well before until the wall clock shows ``wall`` or more."""
    instant = wall.replace(tzinfo=zone).astimezone(UTC) - timedelta(minutes=125)
    while instant.astimezone(zone).replace(tzinfo=None) < wall:
        instant += timedelta(minutes=1)
    return instant


def offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


WINDOWS = st.builds(
    Window,
    name=st.just("weekly"),
    weekday=st.sampled_from(WEEKDAYS),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(ALL_ZONES),
    lateness=st.just(SIX_HOURS),
)


def instants(first, last):
    start, seconds = utc(first), int((utc(last) - utc(first)).total_seconds())
    return st.integers(0, seconds).map(lambda past: start + timedelta(seconds=past))


@settings(max_examples=150, deadline=None)
@given(WINDOWS, instants("1990-01-01", "2060-01-01"))
def test_now_lies_between_the_latest_slot_and_the_next(window, now):
    latest, following = latest_slot(window, now), next_slot(window, now)

    assert latest.instant <= now < following.instant
    assert following.local_date - latest.local_date == WEEK


@settings(max_examples=150, deadline=None)
@given(WINDOWS, instants("1990-01-01", "2060-01-01"))
def test_the_wall_clock_shows_the_time_at_the_slot_and_not_before(window, now):
    slot = next_slot(window, now)

    wall = datetime.combine(slot.local_date, window.at)
    just_before = window.local(slot.instant - timedelta(microseconds=1))
    assert just_before.replace(tzinfo=None) < wall
    assert window.local(slot.instant).replace(tzinfo=None) >= wall


@settings(max_examples=15, deadline=None)
@given(WINDOWS, instants("2026-01-01", "2030-01-01"))
def test_no_slot_is_skipped_or_doubled_in_ten_years(window, start):
    slots, now = [], start
    for _ in range(522):
        slots.append(next_slot(window, now))
        now = slots[-1].instant

    assert slots == upcoming(window, start, 522)
    dates = [slot.local_date for slot in slots]
    assert dates == [dates[0] + number * WEEK for number in range(522)]
    assert [slot.instant for slot in slots] == sorted({slot.instant for slot in slots})
