"""Copies of an issue counted by wave, stage and state, on both databases."""

from datetime import datetime, timedelta

from sqlmodel import col, update

from newsletter.delivery import counting
from newsletter.delivery.models import Batch, BatchState, DeliveryState
from newsletter.issues.states import IssueEvent
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons


def test_copies_are_counted_by_when_they_leave(database):
    desk = make_desk(database, batch_size=2)
    with database.writing() as session:
        store_comparisons(session, 1)
        add_subscribers(session, 6)
    desk.build(desk.slots.next(), actor="test")
    desk.dispatch.start(1, actor="test")
    later = MONDAY + timedelta(hours=3)
    with database.writing() as session:
        session.execute(update(Batch).where(col(Batch.number) == 3).values(wave_at=later))
    desk.dispatch.deliver()
    with database.writing() as session:
        session.execute(
            update(Batch).where(col(Batch.number) == 3).values(state=BatchState.SENDING.value)
        )

    with database.reading() as session:
        now, then = counting.parts(session, 1, since=MONDAY - timedelta(minutes=1))
        [stale, _] = counting.parts(session, 1, since=MONDAY)

    assert (now.place, now.states) == ((None, 0), {DeliveryState.ACCEPTED: 4})
    assert (now.sent, now.lately, stale.lately) == (4, 4, 0)
    assert (then.place, then.copies, then.queued, then.at_work) == ((later, 0), 2, 2, 2)


def test_an_issue_leaves_since_it_began_or_went_on(database):
    desk = make_desk(database)
    with database.writing() as session:
        store_comparisons(session, 1)
        add_subscribers(session, 1)
    desk.build(desk.slots.next(), actor="test")
    begun: list[datetime | None] = []
    for step in (
        lambda at: at.dispatch.start(1, actor="test"),
        lambda at: at.change(1, IssueEvent.PAUSED, actor="test"),
        lambda at: at.resume(1, actor="test"),
    ):
        hours = timedelta(hours=len(begun))
        step(make_desk(database, now=MONDAY + hours))
        with database.reading() as session:
            begun.append(counting.begun(session, 1))

    assert begun == [MONDAY, MONDAY, MONDAY + timedelta(hours=2)]
