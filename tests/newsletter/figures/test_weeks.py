"""Weeks begin on Monday where the newsletter is at home, also when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.figures.weeks import last_weeks

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_last_one_is_under_way_and_they_follow_each_other():
    now = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    weeks = last_weeks(now, BERLIN, 3)

    assert [week.monday for week in weeks] == [date(2026, 11, day) for day in (2, 9, 16)]
    assert [week.until for week in weeks[:-1]] == [week.since for week in weeks[1:]]
    assert weeks[-1].since <= now < weeks[-1].until


def test_a_minute_later_it_is_monday_there():
    [week] = last_weeks(datetime(2026, 11, 22, 23, tzinfo=UTC), BERLIN, 1)

    assert week.monday == date(2026, 11, 23)


def test_the_week_in_which_summer_ends_is_an_hour_longer():
    [week] = last_weeks(datetime(2026, 10, 21, tzinfo=UTC), BERLIN, 1)

    assert week.until.astimezone(UTC) - week.since.astimezone(UTC) == timedelta(days=7, hours=1)
