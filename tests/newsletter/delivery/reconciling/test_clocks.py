"""Clocks that step, or are ahead of one another, and answers that are read late: nobody gets two."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from newsletter.delivery.models import Batch, Doubt, DoubtState, Probe
from newsletter.delivery.reconciling.looking import Look
from newsletter.delivery.reconciling.settling import Terms, settle
from tests.factories import MONDAY, refitted
from tests.newsletter.delivery.reconciling.desks import (
    desk_at,
    doubts,
    let_pass,
    states,
    written_issue,
)
from tests.newsletter.delivery.reconciling.provider import LOST, Provider, Watch

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def watch():
    return Watch(MONDAY)


@pytest.fixture
def provider(watch):
    return Provider(watch)


@pytest.fixture
def desk(database, provider, watch):
    """A desk whose only issue has begun to leave, to six readers in two batches."""
    desk = desk_at(database, provider, watch)
    desk.dispatch.start(written_issue(desk, 6), actor="test")
    return desk


def by(desk, timer):
    """The same desk in a process with a clock of its own."""
    return refitted(
        desk,
        sender=replace(desk.dispatch.sender, timer=timer, worker="other"),
        reconciler=replace(desk.dispatch.reconciler, timer=timer),
    )


def hand_over(desk, provider, held):
    letterhead = desk.dispatch.sender.letterhead
    messages = [
        letterhead.message(1, held.issue_date, one, held.attempt_id) for one in held.recipients
    ]
    return provider.send(letterhead.mailing(desk.issue(1)), messages)


def claimed(desk):
    held = desk.dispatch.sender._claim(1)
    assert held is not None
    return held


@pytest.mark.parametrize("ahead", [30, 60 * 12])
def test_a_worker_whose_clock_is_ahead_sends_nothing_that_is_under_way_again(
    desk, provider, watch, database, ahead
):
    slow = claimed(desk)
    other = by(desk, lambda: watch() + timedelta(minutes=ahead))
    for _ in range(24):
        other.dispatch.deliver()
        watch.advance(seconds=15)

    desk.dispatch.sender._handing().record(slow, hand_over(desk, provider, slow))

    assert len(provider.letters) == len(set(provider.letters)) == 6
    assert states(database) == {("accepted", None): 6}


def test_a_lease_of_a_clock_that_is_a_year_ahead_ends_all_the_same(desk, watch, database):
    with database.writing() as session:
        wrong = watch() + timedelta(days=365)
        session.execute(update(Batch).values(state="sending", leased_until=wrong, attempt_id="a"))

    desk.dispatch.sender.tidy()

    assert states(database) == {("unknown", "worker-silent"): 6}
    assert {doubt.ended_at for doubt in doubts(database)} == {watch()}


@pytest.mark.parametrize(
    ("ahead", "kept"), [(timedelta(hours=14), True), (timedelta(days=300), False)]
)
def test_only_what_ended_in_the_far_future_counts_as_ended_at_its_first_look(
    desk, provider, watch, database, ahead, kept
):
    provider.mood = "drops"
    desk.dispatch.sender.send_some(1, 1)
    with database.writing() as session:
        session.execute(update(Doubt).values(ended_at=watch() + ahead))

    desk.dispatch.reconciler.run()

    [doubt] = doubts(database)
    assert doubt.ended_at == (watch() + ahead if kept else watch())


def test_a_call_is_no_fence_for_what_came_after_its_beginning(desk, provider, watch, database):
    """The search stands still since then; its answer was read long after."""
    first = claimed(desk)
    receipts = hand_over(desk, provider, first)
    watch.advance(minutes=1)
    provider.lag = timedelta(hours=5)
    second = claimed(desk)
    hand_over(desk, provider, second)
    desk.dispatch.sender._handing().record(second, [LOST] * 3)
    watch.advance(minutes=6)
    desk.dispatch.sender._handing().record(first, receipts)

    let_pass(desk, watch, minutes=60, step=2)

    with database.reading() as session:
        probe = session.get_one(Probe, first.attempt_id)
    assert probe.accepted_at == MONDAY
    assert len(provider.letters) == len(set(provider.letters)) == 6


@pytest.mark.parametrize("trusted", [True, False])
def test_a_slow_look_of_another_process_does_not_strike_the_audit_off(
    desk, provider, watch, database, trusted
):
    provider.mood = "drops"
    desk.dispatch.sender.send_some(1, 1)
    provider.mood = "answers"
    idle = refitted(desk, sender=replace(desk.dispatch.sender, stopped=lambda: True))
    [before] = doubts(database)
    let_pass(idle, watch, minutes=40, step=1)
    [planned] = doubts(database)
    assert (planned.state, planned.look_at is None) == (DoubtState.SETTLED, False)
    begun_before = before if trusted else planned
    seen = Look(watch() - timedelta(seconds=40), {}, trusted)
    terms = Terms(
        desk.dispatch.reconciler.patience(), "resend", exact=False, nudge=desk.dispatch.nudge
    )

    with database.writing() as session:
        settle(session, begun_before, seen, terms, now=watch())

    [after] = doubts(database)
    assert after.look_at == planned.look_at


def test_the_audit_is_made_once(desk, provider, watch, database):
    provider.mood = "drops"
    desk.dispatch.sender.send_some(1, 1)
    provider.mood = "answers"

    let_pass(desk, watch, minutes=180, step=5)

    with database.reading() as session:
        [look_at] = session.execute(select(col(Doubt.look_at))).scalars().all()
    assert look_at is None


def test_no_setting_makes_the_settle_time_shorter_than_a_call_can_take(database, provider, watch):
    """Its worker was given up in the last instant of its lease, and its call is under way still."""
    desk = desk_at(database, provider, watch, settle_minutes=0.5)
    desk.dispatch.start(written_issue(desk, 3), actor="test")
    slow = claimed(desk)
    watch.advance(minutes=10, seconds=1)
    for _ in range(11):
        desk.dispatch.deliver()
        watch.advance(seconds=30)

    desk.dispatch.sender._handing().record(slow, hand_over(desk, provider, slow))
    let_pass(desk, watch, minutes=30)

    assert desk.dispatch.reconciler.patience().settled_after == provider.longest
    assert len(provider.letters) == len(set(provider.letters)) == 3
    assert states(database) == {("accepted", None): 3}
