from datetime import date, timedelta

import pytest
from freezegun import freeze_time

from schedules import ledger
from schedules.clock import system_clock
from schedules.errors import ScheduleError
from schedules.tick import Duty, TickState, on_time, tick
from schedules.waves import LONGEST_LEAD
from schedules.windows import slot_on
from tests.schedules.windows import monday_at_nine, utc

WINDOW = monday_at_nine()
MONDAY = date(2026, 11, 23)
DUE = utc("2026-11-23T08:00")


class Newsroom:
    """Remembers which slots it was given, and raises when told to."""

    def __init__(self, error=None):
        self.ran, self.told, self.error = [], [], error

    def job(self, slot):
        self.ran.append(slot.local_date)
        if self.error:
            raise self.error
        return f"issue of {slot.local_date}"

    def missed(self, slot):
        self.told.append(slot.local_date)
        if self.error:
            raise self.error

    def look(self, database, now, opens=on_time):
        return tick(database, WINDOW, Duty(self.job, self.missed, opens), now=now, worker="one")


def found(database, day=MONDAY):
    with database.writing() as session:
        return ledger.find(session, "weekly", day)


def test_a_due_slot_is_run_once_and_written_down(database):
    newsroom = Newsroom()

    first = newsroom.look(database, DUE)
    second = newsroom.look(database, DUE + timedelta(minutes=1))

    assert (first.state, first.note) == (TickState.DONE, "issue of 2026-11-23")
    assert (first.slot.local_date, first.next.local_date) == (MONDAY, date(2026, 11, 30))
    assert (second.state, second.note) == (TickState.WAITING, "the slot of 2026-11-23 is taken")
    assert newsroom.ran == [MONDAY]
    assert (found(database).state, found(database).note) == ("done", "issue of 2026-11-23")


@pytest.mark.parametrize("monday", ["2026-07-06", "2026-11-23", "2026-03-30", "2026-10-26"])
def test_at_nine_on_the_wall_and_not_before(database, monday):
    newsroom = Newsroom()
    nine = WINDOW.from_local(utc(f"{monday}T09:00").replace(tzinfo=None))
    newsroom.look(database, nine - timedelta(seconds=1))

    result = newsroom.look(database, nine)

    assert newsroom.ran == [date.fromisoformat(monday)]
    assert WINDOW.local(result.slot.instant).hour == 9


def test_after_a_reboot_at_twenty_past_nine_the_issue_still_leaves(database):
    newsroom = Newsroom()

    with freeze_time("2026-11-23 08:20"):
        result = newsroom.look(database, system_clock())

    assert result.state is TickState.DONE
    assert found(database).claimed_at == utc("2026-11-23T08:20")


def test_after_a_reboot_at_nine_in_the_evening_it_is_missed_and_told_once(database):
    newsroom = Newsroom()

    with freeze_time("2026-11-23 20:00") as frozen:
        first = newsroom.look(database, system_clock())
        frozen.tick(timedelta(minutes=1))
        second = newsroom.look(database, system_clock())

    assert (first.state, second.state) == (TickState.MISSED, TickState.WAITING)
    assert (newsroom.ran, newsroom.told) == ([], [MONDAY])
    assert found(database).note == "12:00:00 late; the limit is 6:00:00"


def test_a_late_slot_that_was_nobodys_to_miss_ends_as_done(database):
    duty = Duty(Newsroom().job, missed=lambda _slot: "nothing was there yet")
    result = tick(database, WINDOW, duty, now=DUE + timedelta(days=5), worker="one")

    assert (result.state, result.note) == (TickState.DONE, "nothing was there yet")
    assert (found(database).state, found(database).note) == ("done", "nothing was there yet")


def test_a_clock_that_jumps_a_year_and_back_neither_floods_nor_repeats(database):
    newsroom = Newsroom()
    newsroom.look(database, DUE)

    for now in (DUE + timedelta(days=365), DUE + timedelta(minutes=5), DUE + timedelta(days=366)):
        newsroom.look(database, now)

    assert newsroom.ran == [MONDAY]
    assert newsroom.told == [date(2027, 11, 22)]


def test_a_job_that_raises_is_marked_failed_and_tried_again(database):
    newsroom = Newsroom(error=ScheduleError("somebody@example.com is in the way"))
    with pytest.raises(ScheduleError):
        newsroom.look(database, DUE)
    failed = found(database)
    newsroom.error = None

    result = newsroom.look(database, DUE + timedelta(minutes=1))

    assert (failed.state, failed.note) == ("failed", "ScheduleError (schedule)")
    assert result.state is TickState.DONE
    assert newsroom.ran == [MONDAY, MONDAY]


def test_a_job_that_failed_until_its_limit_ends_as_missed(database):
    newsroom = Newsroom(error=TimeoutError())
    with pytest.raises(TimeoutError):
        newsroom.look(database, DUE)
    newsroom.error = None

    result = newsroom.look(database, DUE + timedelta(hours=7))

    assert (result.state, newsroom.told) == (TickState.MISSED, [MONDAY])


def test_telling_that_fails_is_tried_again_until_somebody_was_told(database):
    newsroom = Newsroom(error=TimeoutError())
    with pytest.raises(TimeoutError):
        newsroom.look(database, DUE + timedelta(hours=12))
    newsroom.error = None

    newsroom.look(database, DUE + timedelta(hours=12, minutes=1))
    newsroom.look(database, DUE + timedelta(hours=12, minutes=2))

    assert newsroom.told == [MONDAY, MONDAY]
    assert found(database).state == "missed"


def test_a_worker_killed_in_the_job_is_followed_by_one_other(database):
    other = Newsroom()
    with database.writing() as session:
        ledger.claim(session, slot_on(WINDOW, MONDAY), worker="killed", now=DUE)

    while_leased = other.look(database, DUE + timedelta(minutes=1))
    after_lease = other.look(database, DUE + ledger.LEASE)

    assert (while_leased.state, after_lease.state) == (TickState.WAITING, TickState.DONE)
    assert found(database).claimed_by == "one"


def test_heartbeats_leave_a_run_alone_that_somebody_makes_as_of_a_later_instant(database):
    newsroom, beats = Newsroom(), []
    newsroom.look(database, DUE - timedelta(days=7))

    def job(slot):
        for minutes in range(60):
            now = DUE - timedelta(hours=13, minutes=-minutes)
            beats.append(newsroom.look(database, now, lambda slot: slot.instant - LONGEST_LEAD))
        return newsroom.job(slot)

    by_hand = tick(database, WINDOW, Duty(job, missed=print), now=DUE, worker="by hand")

    assert by_hand.state is TickState.DONE
    assert {beat.note for beat in beats} == {"the slot of 2026-11-23 is taken"}
    assert newsroom.ran == [date(2026, 11, 16), MONDAY]


@pytest.mark.parametrize(
    ("died", "healed", "state"),
    [
        pytest.param(5, 5.25, TickState.DONE, id="within the limit it is run"),
        pytest.param(6, 6.25, TickState.MISSED, id="beyond it somebody is told"),
    ],
)
def test_a_worker_that_died_by_a_clock_that_was_ahead_takes_no_slot_with_it(
    database, died, healed, state
):
    newsroom = Newsroom()
    with database.writing() as session:
        slot = slot_on(WINDOW, MONDAY)
        ledger.claim(session, slot, worker="killed", now=DUE + timedelta(hours=died))

    beats = [newsroom.look(database, DUE + timedelta(minutes=15 * beat)) for beat in range(48)]

    ended = next(place for place, beat in enumerate(beats) if beat.state is not TickState.WAITING)
    assert (ended / 4, beats[ended].state) == (healed, state)
    assert len(newsroom.ran) + len(newsroom.told) == 1


def test_the_job_runs_with_no_transaction_open(database):
    def job(_slot):
        with database.writing() as session:  # would wait for ever inside another one
            run = ledger.last(session, "weekly")
            return f"the run is {run and run.state}"

    result = tick(database, WINDOW, Duty(job, missed=print), now=DUE, worker="one")

    assert result.note == "the run is running"


def test_the_end_is_as_much_later_than_the_start_as_the_work_took(database):
    with freeze_time(DUE) as frozen:

        def job(_slot):
            frozen.tick(timedelta(minutes=7))
            return "slow"

        tick(database, WINDOW, Duty(job, missed=print), now=DUE, worker="one")

    assert found(database).finished_at == DUE + timedelta(minutes=7)


EARLY = timedelta(hours=8)
WEEK = timedelta(days=7)


def eight_hours_before(slot):
    return slot.instant - EARLY


def settle_the_week_before(database, newsroom):
    newsroom.look(database, DUE - WEEK)
    newsroom.ran.clear()


def test_a_slot_that_opens_early_is_run_then_and_not_again_at_its_own_instant(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)

    before = newsroom.look(database, DUE - EARLY - timedelta(seconds=1), eight_hours_before)
    opening = newsroom.look(database, DUE - EARLY, eight_hours_before)
    after = newsroom.look(database, DUE, eight_hours_before)

    assert [look.state for look in (before, opening, after)] == ["waiting", "done", "waiting"]
    assert (opening.slot.local_date, opening.next.local_date) == (MONDAY, date(2026, 11, 30))
    assert newsroom.ran == [MONDAY]
    assert found(database).due_at == DUE


def test_when_a_slot_opens_is_asked_only_on_the_day_before_and_not_of_one_that_has_begun(database):
    newsroom, asked = Newsroom(), []
    settle_the_week_before(database, newsroom)

    def opens(slot):
        asked.append(slot.local_date)
        return slot.instant - EARLY

    newsroom.look(database, DUE - LONGEST_LEAD - timedelta(seconds=1), opens)
    too_early = list(asked)
    for hours in (26, 9, 8, 7, 0, -1):
        newsroom.look(database, DUE - timedelta(hours=hours), opens)

    assert too_early == []
    assert asked == [MONDAY] * 3


def test_a_slot_that_opens_late_waits_until_then_and_is_missed_beyond_its_limit(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)

    def opens(slot):
        return slot.instant + timedelta(hours=3)

    before = newsroom.look(database, DUE + timedelta(hours=3, seconds=-1), opens)
    after = newsroom.look(database, DUE + timedelta(hours=3), opens)

    assert (before.state, before.note) == (
        TickState.WAITING,
        "it opens late, at 2026-11-23 11:00 UTC",
    )
    assert after.state is TickState.DONE


def test_a_slot_opens_at_most_a_day_and_two_hours_early(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)

    def long_ago(slot):
        return slot.instant - timedelta(days=5)

    newsroom.look(database, DUE - LONGEST_LEAD - timedelta(seconds=1), long_ago)
    too_early = list(newsroom.ran)
    newsroom.look(database, DUE - LONGEST_LEAD, long_ago)

    assert (too_early, newsroom.ran) == ([], [MONDAY])


def test_readers_who_move_west_after_the_opening_bring_no_second_run(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)
    newsroom.look(database, DUE - EARLY, eight_hours_before)

    for hours in range(-10, 30):
        newsroom.look(database, DUE + timedelta(hours=hours), on_time)

    assert newsroom.ran == [MONDAY]


def test_a_job_that_failed_at_the_opening_is_tried_again_wherever_the_readers_are_by_then(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)
    newsroom.error = TimeoutError()
    with pytest.raises(TimeoutError):
        newsroom.look(database, DUE - EARLY, eight_hours_before)
    newsroom.error = None

    result = newsroom.look(database, DUE - EARLY + timedelta(minutes=1), on_time)

    assert result.state is TickState.DONE
    assert newsroom.ran == [MONDAY, MONDAY]


def test_a_clock_that_jumps_back_before_the_opening_repeats_nothing(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)
    newsroom.look(database, DUE - EARLY, eight_hours_before)

    for hours in (-40, -27, -20, -9, 0, 1):
        newsroom.look(database, DUE + timedelta(hours=hours), eight_hours_before)

    assert newsroom.ran == [MONDAY]


def test_lateness_counts_from_the_slots_own_instant_however_early_it_opened(database):
    newsroom = Newsroom()
    settle_the_week_before(database, newsroom)

    at_the_limit = newsroom.look(database, DUE + timedelta(hours=6), eight_hours_before)

    assert at_the_limit.state is TickState.DONE
    assert newsroom.ran == [MONDAY]


def test_what_is_left_to_do_about_the_week_before_is_done_first(database):
    newsroom = Newsroom()

    first = newsroom.look(database, DUE - EARLY, eight_hours_before)
    second = newsroom.look(database, DUE - EARLY, eight_hours_before)

    assert (first.state, second.state) == (TickState.MISSED, TickState.DONE)
    assert (newsroom.told, newsroom.ran) == ([date(2026, 11, 16)], [MONDAY])
