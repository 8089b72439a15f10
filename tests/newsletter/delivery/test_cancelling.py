"""An issue is given up while its batches are on their way."""

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from newsletter.delivery.claiming import claim, skip
from newsletter.delivery.models import Batch, Delivery
from newsletter.issues.states import IssueEvent
from subscribers.models import Subscriber
from tests.factories import MONDAY, refitted
from tests.newsletter.delivery.at_once import beside
from tests.newsletter.delivery.reconciling.desks import desk_at, states, written_issue
from tests.newsletter.delivery.reconciling.provider import Provider, Watch


@pytest.fixture
def desk(database):
    watch = Watch(MONDAY)
    desk = desk_at(database, Provider(watch), watch)
    desk.dispatch.start(written_issue(desk, 6), actor="test")
    return desk


def cancel(desk):
    desk.change(1, IssueEvent.CANCELLED, actor="editor")


def test_what_is_being_claimed_at_that_moment_leaves_and_counts_as_accepted(desk, database):
    sender = desk.dispatch.sender
    with beside(database, lambda: cancel(desk)) as begin:
        with database.writing() as session:
            held = claim(session, sender._lease(), sender._terms(), now=MONDAY, issue_number=1)
            cancelling = begin()
        cancelling.result()
    assert held is not None

    sender._send(held, sender.letterhead.mailing(desk.issue(1)))

    assert states(database) == {("accepted", None): 3, ("skipped", "cancelled"): 3}
    assert desk.dispatch.books(1).settled


def test_a_claim_that_skips_somebody_at_that_moment_is_no_deadlock(desk, database):
    with beside(database, lambda: cancel(desk)) as begin:
        with database.writing() as session:  # the two halves of a claim
            session.execute(update(Batch).where(col(Batch.number) == 1).values(state="sending"))
            cancelling = begin()
            left = select(col(Subscriber.id), col(Subscriber.state)).order_by(col(Subscriber.id))
            skip(session, 1, session.execute(left.limit(1)).all(), MONDAY)
        cancelling.result()

    assert states(database) == {
        ("queued", None): 2,
        ("skipped", "suppressed"): 1,
        ("skipped", "cancelled"): 3,
    }


def test_copies_that_are_free_again_after_that_are_skipped_by_the_next_pass(desk, database):
    cancel(desk)
    with database.writing() as session:  # as a reconciler leaves it that has read just before
        session.execute(update(Delivery).values(state="queued", reason=None, settled_at=None))
        session.execute(update(Batch).values(state="queued"))

    refitted(desk, by_jobs=True).dispatch.deliver()

    assert states(database) == {("skipped", "cancelled"): 6}
    assert desk.dispatch.books(1).settled
