from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.catchup import Missed, Run, Wait, decide
from schedules.windows import latest_slot, slot_on
from tests.schedules.windows import monday_at_nine, utc

WINDOW = monday_at_nine()
MONDAY = date(2026, 11, 23)
DUE = utc("2026-11-23T08:00")


def decided(now, *, settled=False):
    return decide(WINDOW, latest_slot(WINDOW, now), now, settled=settled)


def test_a_slot_runs_at_its_instant():
    decision = decided(DUE)

    assert isinstance(decision, Run)
    assert (decision.slot.local_date, decision.reason) == (MONDAY, "due now")


def test_a_machine_that_comes_back_at_twenty_past_nine_runs_the_slot():
    decision = decided(DUE + timedelta(minutes=20))

    assert isinstance(decision, Run)
    assert decision.reason == "due since 0:20:00"


def test_a_machine_that_comes_back_at_nine_in_the_evening_has_missed_the_slot():
    decision = decided(DUE + timedelta(hours=12))

    assert isinstance(decision, Missed)
    assert decision.reason == "12:00:00 late; the limit is 6:00:00"


def test_a_slot_that_opened_early_runs_and_says_so():
    decision = decide(WINDOW, slot_on(WINDOW, MONDAY), DUE - timedelta(hours=8), settled=False)

    assert isinstance(decision, Run)
    assert decision.reason == "opens 8:00:00 early, for its first readers"


@pytest.mark.parametrize(
    ("late", "kind"),
    [(timedelta(hours=6), Run), (timedelta(hours=6, microseconds=1), Missed)],
    ids=["at the limit", "past the limit"],
)
def test_the_limit_itself_is_not_too_late(late, kind):
    assert isinstance(decided(DUE + late), kind)


def test_a_settled_slot_waits_for_the_next_and_says_which_is_taken():
    decision = decided(DUE + timedelta(days=1), settled=True)

    assert decision == Wait(utc("2026-11-30T08:00"), "the slot of 2026-11-23 is taken")


def test_a_clock_that_jumps_a_year_ahead_gives_one_miss_and_then_waits():
    now = DUE + timedelta(days=365)

    decision = decided(now)

    assert isinstance(decision, Missed)
    assert decision.slot.local_date == date(2027, 11, 22)
    assert isinstance(decided(now, settled=True), Wait)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 30 * 24 * 3600))
def test_whatever_the_downtime_each_slot_is_run_or_missed_at_most_once(seconds):
    settled: set[date] = set()
    kinds = []

    for now in (DUE + timedelta(seconds=seconds) + timedelta(hours=hour) for hour in range(24)):
        decision = decided(now, settled=date_of_latest(now) in settled)
        if not isinstance(decision, Wait):
            kinds.append((decision.slot.local_date, type(decision)))
            settled.add(decision.slot.local_date)

    assert len(kinds) == len({day for day, _ in kinds})
    assert len(kinds) <= 2


def date_of_latest(now):
    return latest_slot(WINDOW, now).local_date
