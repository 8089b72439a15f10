from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.guards import Guards
from newsletter.delivery.lateness import Span, UnusableTimes, checked
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.timing import TooEarly
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from tests.factories import MONDAY, add_subscribers, make_desk, refitted, store_comparisons
from tests.newsletter.delivery.mondays import SLOT, Mondays, add_reader

HOUR = timedelta(hours=1)
LATENESS = 6 * HOUR

hours = st.integers(-200, 200).map(lambda count: MONDAY + count * HOUR)


@pytest.mark.parametrize(
    ("span", "last_wave", "ends"),
    [
        (Span(), None, LATENESS),
        (Span(), MONDAY + 20 * HOUR, 20 * HOUR + LATENESS),
        (Span(), MONDAY - HOUR, LATENESS),
        (Span(not_before=MONDAY + 3 * HOUR), None, 3 * HOUR + LATENESS),
        (Span(not_after=MONDAY + HOUR), MONDAY + 20 * HOUR, HOUR),
        (Span(not_after=MONDAY), None, timedelta(0)),
        (Span(not_after=MONDAY - HOUR), None, LATENESS),
    ],
)
def test_an_issue_may_be_late_from_its_last_wave_on_unless_somebody_set_an_end(
    span, last_wave, ends
):
    assert span.begun(MONDAY, last_wave, LATENESS).not_after == MONDAY + ends


@given(st.none() | hours, st.none() | hours, hours, st.none() | hours)
def test_an_issue_that_begins_is_never_late_already(not_before, not_after, now, last_wave):
    begun = Span(not_before, not_after).begun(now, last_wave, LATENESS)

    assert not begun.is_late(now)
    assert begun.not_before == not_before
    assert begun.begun(now, last_wave, LATENESS) == begun


@given(st.none() | hours, st.none() | hours, hours)
def test_a_span_that_is_accepted_has_an_instant_at_which_the_issue_may_leave(
    not_before, not_after, now
):
    span = Span(not_before, not_after)
    try:
        checked(span, now)
    except UnusableTimes:
        return
    then = max(now, not_before or now)
    assert not span.is_early(then)
    assert not span.is_late(then)


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 6)
    desk = make_desk(database)
    return desk.build(desk.slots.next(), actor="test").number


def at(database, transport, hours):
    return make_desk(database, transport, now=MONDAY + hours * HOUR)


def letters(transport):
    return sum(mailing.stream == "broadcast" for mailing, _ in transport.asked)


def test_what_has_not_left_in_time_waits_for_a_person_who_is_told(database, issue):
    at(database, MemoryTransport(), 0).dispatch.start(issue, actor="test")
    late = MemoryTransport()

    at(database, late, 7).dispatch.deliver()

    stopped = make_desk(database).issue(issue)
    assert letters(late) == 0
    assert (stopped.state, stopped.note) == (
        IssueState.HELD,
        "code too-late: It was to have left by 2026-11-23 15:00 UTC.",
    )
    assert [mailing.subject for mailing, _ in late.sent] == [
        f"Weekly Verdict: Issue {issue} is paused: its time is over"
    ]


def test_it_may_leave_until_the_last_instant(database, issue):
    at(database, MemoryTransport(), 0).dispatch.start(issue, actor="test")
    late = MemoryTransport()

    at(database, late, 6).dispatch.deliver()

    assert letters(late) == 6


def test_who_resumes_it_gives_it_fresh_time(database, issue):
    at(database, MemoryTransport(), 0).dispatch.start(issue, actor="test")
    at(database, MemoryTransport(), 7).dispatch.deliver()
    late = MemoryTransport()

    resumed = at(database, late, 9).resume(issue, actor="editor")
    at(database, late, 10).dispatch.deliver()

    assert resumed.not_after == MONDAY + 15 * HOUR
    assert letters(late) == 6


def test_an_issue_of_which_nothing_is_left_to_send_is_never_too_late(database, issue):
    at(database, MemoryTransport(), 0).send(issue, actor="test")

    at(database, MemoryTransport(), 200).dispatch.deliver()

    assert make_desk(database).issue(issue).state == IssueState.SETTLED


def test_an_end_that_passes_during_a_pass_ends_it_with_the_batch_in_flight(database, issue):
    desk = at(database, MemoryTransport(), 0)
    desk.dispatch.start(issue, actor="test")
    desk.set_span(issue, Span(not_after=MONDAY + HOUR), actor="editor")
    late = at(database, MemoryTransport(), 2)

    assert late.dispatch.sender._claim(issue) is None


def test_nothing_is_claimed_before_its_time(database, issue):
    at(database, MemoryTransport(), 0).dispatch.start(issue, actor="test")
    make_desk(database).set_span(issue, Span(not_before=MONDAY + 2 * HOUR), actor="editor")
    early, in_time = MemoryTransport(), MemoryTransport()

    at(database, early, 1).dispatch.deliver()
    at(database, in_time, 2).dispatch.deliver()

    assert (letters(early), letters(in_time)) == (0, 6)


def test_a_send_by_hand_before_its_time_is_refused_and_says_how_to_send_it(database, issue):
    desk = at(database, MemoryTransport(), 0)
    desk.set_span(issue, Span(not_before=MONDAY + 2 * HOUR), actor="editor")

    with pytest.raises(TooEarly, match=f"issue window {issue} --not-before none"):
        desk.send(issue, actor="test")

    assert desk.issue(issue).state == IssueState.DRAFT


def test_a_time_at_which_its_slot_is_missed_is_refused(database, issue):
    desk = make_desk(database, now=MONDAY - HOUR)

    with pytest.raises(UnusableTimes, match="its slot is missed"):
        desk.set_span(issue, Span(not_before=MONDAY + 400 * HOUR), actor="editor")


def test_an_issue_that_is_over_takes_no_times(database, issue):
    desk = make_desk(database)
    desk.change(issue, IssueEvent.CANCELLED, actor="test")

    with pytest.raises(ForbiddenIssueChange):
        desk.set_span(issue, Span(), actor="editor")


def lost(_message):
    return Receipt(Outcome.UNKNOWN, code="no-answer")


def test_a_late_decision_to_send_again_gives_fresh_time(database, issue):
    at(database, MemoryTransport(lost), 0).send(issue, actor="test")
    at(database, MemoryTransport(lost), 1).dispatch.deliver()

    at(database, MemoryTransport(), 20).dispatch.settle_unknown(issue, "resend", actor="editor")

    assert make_desk(database).issue(issue).not_after == MONDAY + 26 * HOUR


def test_a_decision_about_no_copy_leaves_the_time_as_it_is(database, issue):
    at(database, MemoryTransport(), 0).dispatch.start(issue, actor="test")

    decided = at(database, MemoryTransport(), 7).dispatch.settle_unknown(
        issue, "resend", actor="editor"
    )

    assert decided == 0
    assert make_desk(database).issue(issue).not_after == MONDAY + LATENESS


@pytest.mark.parametrize("verdict", ["resend", "held"])
def test_of_an_issue_that_has_not_begun_to_leave_nothing_can_be_decided(database, issue, verdict):
    desk = make_desk(database)

    with pytest.raises(ForbiddenIssueChange, match=f"issue {issue} has not begun to leave"):
        desk.dispatch.settle_unknown(issue, verdict, actor="editor")

    assert desk.issue(issue).not_after is None


def test_an_issue_whose_time_is_later_than_its_slot_begins_then(database, tmp_path):
    mondays = Mondays(database, tmp_path, local_time=False)
    with mondays.writing() as session:
        add_reader(session, "ada")
    desk = mondays.service.desk
    issue = desk.build(desk.slots.next(), actor="test")
    desk.set_span(issue.number, Span(not_before=SLOT + 2 * HOUR), actor="editor")

    mondays.beat(SLOT)
    mondays.beat(SLOT + HOUR)
    before = desk.issue(issue.number)
    mondays.beat(SLOT + 2 * HOUR)

    assert (before.sending_at, before.state) == (None, IssueState.DRAFT)
    assert mondays.copies == {"ada@example.org": [SLOT + 2 * HOUR]}


def test_an_issue_in_waves_has_until_some_time_after_the_last_one(database, tmp_path):
    mondays = Mondays(database, tmp_path)
    with mondays.writing() as session:
        add_reader(session, "ada", "Asia/Tokyo")
        add_reader(session, "grace", "America/New_York")
    mondays.live()

    assert mondays.service.desk.issue().not_after == SLOT + 12 * HOUR
    assert len(mondays.copies) == 2


TAKES = timedelta(hours=8)
"""What six readers take at so slow a rate."""


def slowly(database, hours):
    desk = at(database, MemoryTransport(), hours)
    guards = Guards(per_second=6 / TAKES.total_seconds())
    return refitted(desk, sender=replace(desk.dispatch.sender, guards=guards))


def test_an_issue_has_as_long_as_it_takes_at_the_permitted_rate(database, issue):
    slowly(database, 0).dispatch.start(issue, actor="test")

    assert make_desk(database).issue(issue).not_after == MONDAY + TAKES + LATENESS


def test_who_resumes_it_gives_it_as_long_as_what_is_left_takes(database, issue):
    slowly(database, 0).dispatch.start(issue, actor="test")
    slowly(database, 0).dispatch.deliver()  # one batch, of two
    slowly(database, 15).dispatch.deliver()

    resumed = slowly(database, 20).resume(issue, actor="editor")

    assert resumed.not_after == MONDAY + 20 * HOUR + TAKES / 2 + LATENESS


def test_an_end_that_an_editor_has_set_stays_however_slow_the_rate_is(database, issue):
    desk = slowly(database, 0)
    desk.set_span(issue, Span(not_after=MONDAY + HOUR), actor="editor")

    desk.dispatch.start(issue, actor="test")

    assert desk.issue(issue).not_after == MONDAY + HOUR


ITS_HOUR = 7 * 24
"""Of the issue that is built on Monday at nine: that of the week after."""


@pytest.mark.parametrize(("ends", "told"), [(7, ["end-too-early"]), (8, [])])
def test_an_end_that_cannot_be_kept_is_noted_before_and_after_it_begins(
    database, issue, ends, told
):
    before = slowly(database, ITS_HOUR - 48)
    before.set_span(issue, Span(not_after=MONDAY + (ITS_HOUR + ends) * HOUR), actor="editor")

    coming = before.preflight(before.issue(issue))
    before_it = [found.code for found in coming if found.level == "note"]
    slowly(database, ITS_HOUR).dispatch.start(issue, actor="test")
    leaving = slowly(database, ITS_HOUR)
    after = [found.code for found in leaving.preflight(leaving.issue(issue))]

    assert before_it == after == told


def test_an_end_before_the_last_wave_is_noted(database, issue):
    desk = at(database, MemoryTransport(), ITS_HOUR - 48)
    with database.writing() as session:
        add_reader(session, "grace", "America/Los_Angeles")
    desk.set_span(issue, Span(not_after=MONDAY + (ITS_HOUR + 7) * HOUR), actor="editor")

    [found] = desk.preflight(desk.issue(issue))

    assert found.code == "end-too-early"
    assert "leaves at 2026-11-30 17:00 UTC" in found.message
