from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from newsletter.delivery.reconciling.rules import (
    NO_ANSWER,
    NO_FENCE,
    SEEN_ONCE,
    STEPS,
    TOO_EARLY,
    Again,
    Failed,
    Hold,
    Patience,
    Proved,
    Reason,
    Resend,
    Standing,
    decide,
    fitting,
    held_look,
    strays,
)
from newsletter.delivery.transport import Job

ENDED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
USUAL = Patience()


def after(**time: float) -> datetime:
    return ENDED + timedelta(**time)


ABSENT = Standing(
    ended_at=ENDED,
    at=after(minutes=15),
    looks=6,
    missing=3,
    missed_before=after(minutes=9),
    fenced=True,
)
"""Everything that it takes to believe that three copies have not left."""


def test_what_was_not_seen_in_time_twice_and_behind_a_fence_is_sent_again():
    assert decide(ABSENT, USUAL, "resend") == Resend()


def test_the_same_is_held_where_a_person_wants_to_decide():
    assert decide(ABSENT, USUAL, "hold") == Hold(Reason.ABSENT)


def test_nothing_missing_is_proved_whatever_else_is_known():
    assert decide(replace(ABSENT, missing=0, trusted=False, looks=99), USUAL, "hold") == Proved()


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"trusted": False}, NO_ANSWER),
        ({"at": after(minutes=14, seconds=59)}, TOO_EARLY),
        ({"missed_before": None}, SEEN_ONCE),
        ({"missed_before": after(minutes=15)}, SEEN_ONCE),
        ({"fenced": False}, NO_FENCE),
    ],
)
def test_each_thing_that_is_lacking_leaves_it_in_doubt(changed, because):
    decision = decide(replace(ABSENT, **changed), USUAL, "resend")

    assert isinstance(decision, Again)
    assert decision.because == because
    assert decision.fence == (because == NO_FENCE)


@pytest.mark.parametrize(
    ("worst_lag", "settled_after"),
    [
        (timedelta(0), timedelta(minutes=15)),
        (timedelta(minutes=3), timedelta(minutes=15)),
        (timedelta(minutes=4), timedelta(minutes=20)),
        (timedelta(hours=5), timedelta(hours=6)),
    ],
)
def test_the_search_is_given_five_times_the_worst_lag_and_six_hours_at_most(
    worst_lag, settled_after
):
    patience = Patience(worst_lag=worst_lag)

    assert patience.settled_after == settled_after
    just_before = replace(ABSENT, at=ENDED + settled_after - timedelta(seconds=1))
    assert isinstance(decide(just_before, patience, "resend"), Again)
    assert decide(replace(ABSENT, at=ENDED + settled_after), patience, "resend") == Resend()


def test_looks_come_at_growing_intervals_and_one_just_when_the_search_is_believed():
    doubt, looked = replace(ABSENT, at=ENDED, looks=1, missed_before=None, fenced=False), []

    for _ in range(9):
        decision = decide(doubt, USUAL, "resend")
        assert isinstance(decision, Again)
        looked.append(round((decision.at - ENDED).total_seconds()))
        doubt = replace(doubt, at=decision.at, looks=doubt.looks + 1, missed_before=doubt.at)

    assert looked[:5] == [10, 40, 100, 220, 520]
    assert looked[5:] == [900, 1800, 2700, 3600]


def test_a_tiny_settle_time_makes_everything_quick():
    quick = Patience(settling=timedelta(seconds=0.9))

    assert list(accumulate(quick.step(looks).total_seconds() for looks in range(1, 8)))[-1] < 2.1
    assert quick.longest == timedelta(seconds=21.6)


def test_a_long_settle_time_makes_looks_no_rarer_and_waits_no_longer_than_six_hours():
    slow = Patience(settling=timedelta(hours=6))

    assert [slow.step(looks) for looks in range(1, 8)] == list(STEPS)
    assert slow.longest == slow.settled_after == timedelta(hours=6)


@pytest.mark.parametrize("changed", [{"trusted": False}, {"fenced": False}])
def test_after_six_hours_a_person_decides(changed):
    late = replace(ABSENT, at=after(hours=6), looks=30, **changed)

    assert decide(late, USUAL, "resend") == Hold(Reason.NOT_SHOWN)


def test_after_a_long_power_cut_it_is_looked_for_as_often_as_ever_before_it_is_held():
    first = replace(ABSENT, at=after(days=3), looks=1, missed_before=None)

    assert isinstance(decide(first, USUAL, "resend"), Again)
    assert isinstance(decide(replace(first, trusted=False, looks=7), USUAL, "resend"), Again)


def test_what_the_provider_may_have_forgotten_is_never_sent_again():
    assert decide(replace(ABSENT, at=after(days=31)), USUAL, "resend") == Hold(Reason.FORGOTTEN)


def test_a_record_without_lag_is_believed_at_once():
    written = Standing(ENDED, ENDED, looks=1, missing=2, exact=True)

    assert decide(written, USUAL, "resend") == Resend()
    assert isinstance(decide(replace(written, trusted=False), USUAL, "resend"), Again)


WORKING, DONE = Job("working", 3, 1, 0), Job("completed", 3, 1, 2)


@pytest.mark.parametrize(
    ("jobs", "found", "decision"),
    [
        ((WORKING,), 1, Again),
        ((None,), 1, Again),
        ((DONE,), 0, Again),
        ((DONE,), 1, Failed),
        ((DONE, None), 3, Again),
        ((DONE, WORKING), 3, Again),
        ((DONE, DONE), 1, Again),
        ((Job("cancelled", 3, 1, 0),), 0, Again),
    ],
)
def test_what_a_job_gave_up_is_rejected_only_when_it_is_done_and_all_that_it_released_is_seen(
    jobs, found, decision
):
    doubt = replace(ABSENT, missing=2, found=found, jobs=jobs)

    assert isinstance(decide(doubt, USUAL, "resend"), decision)


def test_what_a_job_that_was_stopped_did_not_release_has_not_left():
    stopped = replace(ABSENT, missing=2, found=1, jobs=(Job("cancelled", 3, 1, 0),), as_job=True)

    assert decide(stopped, USUAL, "resend") == Resend()
    assert decide(stopped, USUAL, "hold") == Hold(Reason.ABSENT)
    early = replace(stopped, at=after(minutes=14))
    assert isinstance(decide(early, USUAL, "resend"), Again)


def test_what_is_part_of_no_job_that_is_known_is_not_given_up_with_one():
    rest = replace(ABSENT, missing=3, found=3, jobs=(Job("completed", 3, 3, 0),))

    assert decide(rest, USUAL, "resend") == Resend()
    assert isinstance(decide(replace(rest, fenced=False), USUAL, "resend"), Again)


NAMED = pytest.mark.parametrize("jobs", [None, (Job("completed", 3, 3, 0),)])
"""A call that became no job that is known; and one that was divided, of which a part did."""

ALL_LEFT = Job("completed", 3, 3, 0)


def lost(jobs: tuple[Job, ...] | None, strays: dict[str, Job] | None) -> Standing:
    """Three copies that the search does not show, beside those of the jobs that are known."""
    found = 3 if jobs else 0
    return replace(ABSENT, missing=3, found=found, jobs=jobs, as_job=True, strays=strays)


@NAMED
@pytest.mark.parametrize("strays", [None, {"one": WORKING}, {"one": DONE}, {"one": ALL_LEFT}])
def test_a_call_that_may_have_become_a_job_whose_name_was_lost_is_never_made_again(jobs, strays):
    for hours in range(1, 6):
        soon = replace(lost(jobs, strays), at=after(hours=hours), looks=99)
        assert isinstance(decide(soon, USUAL, "resend"), Again)
    over = replace(lost(jobs, strays), at=after(hours=6), looks=99)
    assert decide(over, USUAL, "resend") == Hold(Reason.JOB_UNNAMED)


@NAMED
def test_a_call_that_became_no_job_is_made_again_as_any_other(jobs):
    assert decide(lost(jobs, {}), USUAL, "resend") == Resend()
    assert decide(lost(jobs, {}), USUAL, "hold") == Hold(Reason.ABSENT)
    unfenced = replace(lost(jobs, {}), fenced=False)
    assert isinstance(decide(unfenced, USUAL, "resend"), Again)


SEEN = Standing(ENDED, ENDED, looks=1, missing=0, found=3, shown=3, as_job=True)
PARTLY = replace(ABSENT, missing=2, found=1, shown=1, as_job=True)


@pytest.mark.parametrize(
    ("doubt", "strays", "taken"),
    [
        (SEEN, {"one": ALL_LEFT}, "one"),
        (SEEN, {"two": ALL_LEFT, "one": ALL_LEFT}, "one"),
        (SEEN, {"one": Job("working", 3, 3, 0)}, None),
        (SEEN, {"one": Job("completed", 4, 3, 1)}, None),
        (SEEN, {"one": DONE}, None),
        (SEEN, {}, None),
        (SEEN, None, None),
        (replace(SEEN, jobs=(ALL_LEFT,)), {"one": ALL_LEFT}, None),
        (replace(SEEN, found=6, shown=6, jobs=(ALL_LEFT,)), {"one": ALL_LEFT}, "one"),
        (replace(SEEN, shown=0), {"one": ALL_LEFT}, None),
        (PARTLY, {"one": DONE}, "one"),
        (PARTLY, {"one": Job("cancelled", 3, 1, 0)}, "one"),
        (PARTLY, {"one": ALL_LEFT}, None),
        (replace(PARTLY, at=after(minutes=14)), {"one": DONE}, None),
        (replace(PARTLY, fenced=False), {"one": DONE}, None),
        (lost(None, None), {"one": Job("completed", 3, 0, 3)}, None),
    ],
)
def test_a_job_without_a_call_is_taken_for_a_call_without_a_job_when_all_that_was_seen_fits(
    doubt, strays, taken
):
    assert fitting(replace(doubt, strays=strays), USUAL) == taken


LISTED = {"one": DONE, "two": WORKING}
MONTH_AGO = after(days=-30)


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ({}, {"one", "two"}),
        ({"one": ENDED}, {"two"}),
        ({"one": ENDED, "two": ENDED}, set()),
        ({"three": after(days=-29.5)}, {"one", "two"}),
    ],
)
def test_the_jobs_of_calls_that_are_known_are_no_strays(named, left):
    assert set(strays(LISTED, named, MONTH_AGO) or ()) == left


def test_a_list_that_lacks_a_job_that_must_be_there_is_not_believed():
    assert strays({}, {"one": ENDED}, MONTH_AGO) is None


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), timedelta(hours=1)),
        (timedelta(hours=12), timedelta(hours=2)),
        (timedelta(days=20), timedelta(days=1)),
        (timedelta(days=31), None),
    ],
)
def test_what_is_held_is_looked_for_ever_more_rarely_until_the_provider_has_forgotten(age, wait):
    following = held_look(ENDED, ENDED + age)

    assert following == (None if wait is None else ENDED + age + wait)


def test_copies_of_a_job_are_never_sent_again_by_themselves():
    for hours in range(1, 30):
        doubt = replace(ABSENT, at=after(hours=hours), looks=hours, jobs=(WORKING,))
        assert isinstance(decide(doubt, USUAL, "resend"), Again | Hold)
