from datetime import date, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.waves import LONGEST_LEAD, Waves
from schedules.windows import slot_on, window_from, zone_named
from tests.schedules.windows import monday_at_nine, utc

MONDAY = date(2026, 11, 23)
BERLIN = Waves(monday_at_nine(), MONDAY)

NINE_OF_THE_CLOCK = {
    "Pacific/Kiritimati": "2026-11-22T19:00",
    "Pacific/Apia": "2026-11-22T20:00",
    "Pacific/Chatham": "2026-11-22T19:15",
    "Australia/Lord_Howe": "2026-11-22T22:00",
    "Asia/Tokyo": "2026-11-23T00:00",
    "Asia/Kathmandu": "2026-11-23T03:15",
    "Asia/Kolkata": "2026-11-23T03:30",
    "Europe/Kyiv": "2026-11-23T07:00",
    "Europe/Kiev": "2026-11-23T07:00",
    "Africa/Casablanca": "2026-11-23T08:00",
    "Europe/Berlin": "2026-11-23T08:00",
    "America/New_York": "2026-11-23T14:00",
    "Pacific/Honolulu": "2026-11-23T19:00",
    "Etc/GMT+12": "2026-11-23T21:00",
}


@pytest.mark.parametrize(("zone", "instant"), NINE_OF_THE_CLOCK.items())
def test_it_is_nine_on_monday_where_the_reader_is(zone, instant):
    assert BERLIN.at(zone) == utc(instant)


def test_who_told_no_zone_has_the_newsletters_hour():
    assert BERLIN.at(None) == BERLIN.own == slot_on(monday_at_nine(), MONDAY).instant


@pytest.mark.parametrize("zone", ["Mars/Olympus_Mons", "", "../etc/passwd", "Europe", "Berlin"])
def test_a_zone_that_nobody_knows_has_the_newsletters_hour(zone):
    assert BERLIN.at(zone) == BERLIN.own


@pytest.mark.parametrize(
    ("zone", "day", "send_at", "instant"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "sun 02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 10, 25), "sun 02:30", "2026-10-25T00:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "sun 02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), "sun 01:45", "2026-04-04T14:45"),
        ("Pacific/Apia", date(2011, 12, 30), "fri 09:00", "2011-12-30T10:00"),
    ],
    ids=["gap", "fold", "half an hour's gap", "half an hour's fold", "a day that was left out"],
)
def test_in_a_gap_it_is_the_first_instant_after_it_and_in_a_fold_the_first_of_two(
    zone, day, send_at, instant
):
    window = window_from(send_at, "UTC", timedelta(hours=6))

    assert Waves(window, day).at(zone) == utc(instant)


def test_zones_that_have_their_hour_at_one_instant_share_a_wave_earliest_first():
    waves = BERLIN.of({None, "Europe/Paris", "Asia/Tokyo", "Asia/Seoul", "Mars/Phobos"})

    assert [(wave.at, wave.zones) for wave in waves] == [
        (utc("2026-11-23T00:00"), {"Asia/Tokyo", "Asia/Seoul"}),
        (utc("2026-11-23T08:00"), {None, "Europe/Paris", "Mars/Phobos"}),
    ]


def test_the_first_hour_is_the_easternmost_readers_and_never_later_than_the_newsletters():
    assert BERLIN.first({"Asia/Tokyo", "America/New_York"}) == utc("2026-11-23T00:00")
    assert BERLIN.first({"America/New_York"}) == BERLIN.own
    assert BERLIN.first(set()) == BERLIN.own


@given(
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from(sorted(available_timezones())),
    st.dates(date(2024, 1, 1), date(2036, 12, 31)),
)
def test_nobody_has_their_hour_more_than_the_longest_lead_before_or_after_the_newsletter(
    own, zone, day
):
    waves = Waves(monday_at_nine(own), day)

    at = waves.at(zone)

    assert abs(at - waves.own) <= LONGEST_LEAD
    local = at.astimezone(zone_named(zone))
    assert (local.date(), local.hour, local.minute) == (day, 9, 0)
