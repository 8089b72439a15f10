"""What a batch asks of the database, in statements, is the same for ten readers and for 500.

And a job that finds nothing to do asks for hardly anything.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from newsletter.delivery.breakers import Limits
from newsletter.delivery.guards import Guards
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Batch
from newsletter.delivery.ramp import Ramp
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueState
from tests.conftest import empty
from tests.factories import add_many_subscribers, make_desk, refitted, store_comparisons

SIZES = (10, 500)


@contextmanager
def counting(database):
    """Note each statement, but for those with which connections are opened and transactions begin."""
    written: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "SELECT pg_catalog", "select pg_catalog")):
            written.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def started(database, transport, size, **guards):
    """A desk with two batches of a size that are free."""
    with database.writing() as session:
        store_comparisons(session, 2)
        add_many_subscribers(session, 2 * size)
    desk = make_desk(database, transport, batch_size=size)
    desk = refitted(desk, sender=replace(desk.dispatch.sender, guards=Guards(**guards)))
    desk.dispatch.start(desk.build(desk.slots.next(), actor="test").number, actor="test")
    return desk


@pytest.mark.parametrize("size", SIZES)
def test_a_batch_that_is_accepted_takes_eight(database, size):
    desk = started(database, MemoryTransport(), size)
    mailing = desk.dispatch.sender.letterhead.mailing(desk.issue())

    with counting(database) as written:
        held = desk.dispatch.sender._claim(1)
        assert held is not None
        desk.dispatch.sender._send(held, mailing)

    assert len(held.recipients) == size
    # Find a batch, take it, read its people; hold it still, ask who left; record, close, probe.
    assert len(written) == 8


@pytest.mark.parametrize("size", SIZES)
def test_a_limit_of_the_pace_adds_one(database, size):
    desk = started(database, MemoryTransport(), size, per_second=1e6)
    mailing = desk.dispatch.sender.letterhead.mailing(desk.issue())

    with counting(database) as written:
        held = desk.dispatch.sender._claim(1)
        assert held is not None
        desk.dispatch.sender._send(held, mailing)

    assert len(written) == 9


@pytest.mark.parametrize("size", SIZES)
def test_a_ramp_adds_none(database, size):
    desk = started(database, MemoryTransport(), size, ramp=Ramp((), timedelta(0)))
    with database.writing() as session:
        session.execute(update(Batch).values(stage=3))
    mailing = desk.dispatch.sender.letterhead.mailing(desk.issue())

    with counting(database) as written:
        held = desk.dispatch.sender._claim(1)
        assert held is not None
        desk.dispatch.sender._send(held, mailing)

    assert len(written) == 8


def test_a_job_whose_issue_is_over_takes_one(database):
    desk = started(database, MemoryTransport(), 10)
    desk.dispatch.do_job(1, 20)

    with counting(database) as written:
        desk.dispatch.do_job(1, 20)

    assert desk.issue().state == IssueState.SETTLED
    assert len(written) == 1


OUTCOMES = {
    "accepted": Receipt(Outcome.ACCEPTED),
    "rejected": Receipt(Outcome.REJECTED, code="406"),
    "refused": Receipt(Outcome.NOT_TAKEN, code="429"),
    "unknown": Receipt(Outcome.UNKNOWN, code="no-answer"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_whole_pass_takes_as_many_for_large_batches_as_for_small_ones(database, outcome):
    taken = {}
    for size in SIZES:
        transport = MemoryTransport(lambda _: OUTCOMES[outcome])
        desk = started(database, transport, size, limits=Limits(rejections=101))
        with counting(database) as written:
            desk.dispatch.sender.send_due()
        taken[size] = len(written)
        assert len(transport.asked) >= size
        empty(database)

    assert taken[10] == taken[500]
