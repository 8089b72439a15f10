"""A process that was frozen, as a laptop is or a virtual machine, wakes up and knows what it may do."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.recording import MOST_ATTEMPTS
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueState
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons

LEASE = timedelta(minutes=10)


class Timer:
    """The real clock of a process; it jumps when the process was frozen."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 6)
    desk = make_desk(database)
    number = desk.build(desk.next_slot(), actor="test").number
    desk.start(number, actor="test")
    return number


def frozen_after_the_claim(database, transport, jump):
    """A sender whose timer jumps between the claim and the call, and what it has claimed."""
    timer = Timer()
    sender = replace(make_desk(database, transport).sender, timer=timer)
    held = sender._claim(1)
    assert held is not None
    timer.now += jump
    return sender, held


def states(database):
    with database.reading() as session:
        return Counter(session.execute(select(col(Delivery.state))).scalars())


def batch(database, number=1):
    with database.reading() as session:
        return session.execute(select(Batch).where(col(Batch.number) == number)).scalar_one()


def send(desk_sender, held):
    issue = make_desk(desk_sender.database).issue(held.issue_number)
    return desk_sender._send(held, desk_sender.letterhead.mailing(issue))


def test_within_its_lease_it_sends(database, issue):
    transport = MemoryTransport()
    sender, held = frozen_after_the_claim(database, transport, LEASE - timedelta(seconds=1))

    send(sender, held)

    assert len(transport.asked) == 3


def test_beyond_its_lease_nothing_leaves_and_the_batch_is_free_again_later(database, issue):
    transport = MemoryTransport()
    sender, held = frozen_after_the_claim(database, transport, LEASE)

    sent = send(sender, held)

    assert transport.asked == []
    assert sent.line_is_down
    assert (batch(database).state, batch(database).note) == (
        "queued",
        "lease-lost: The batch took too long and was given up.",
    )
    assert states(database) == {"queued": 6}


def test_after_it_was_given_up_it_still_says_that_nothing_left(database, issue):
    transport = MemoryTransport()
    sender, held = frozen_after_the_claim(database, transport, 2 * LEASE)
    replace(sender, transport=MemoryTransport(), stopped=lambda: True).send_due()
    doubt = states(database)

    send(sender, held)

    assert transport.asked == []
    assert (doubt, states(database)) == ({"unknown": 3, "queued": 3}, {"queued": 6})


def test_what_is_in_other_hands_by_then_is_not_touched(database, issue):
    transport, other = MemoryTransport(), MemoryTransport()
    sender, held = frozen_after_the_claim(database, transport, 2 * LEASE)
    second = replace(sender, transport=other, worker="second")
    second.tidy()
    make_desk(database).settle_unknown(held.issue_number, "resend", actor="test")
    taken = second._claim(held.issue_number)
    assert taken is not None
    before = batch(database)

    send(sender, held)

    assert transport.asked == []
    assert taken.batch == held.batch
    assert (batch(database).state, batch(database).attempt_id) == ("sending", before.attempt_id)
    assert states(database) == {"queued": 6}


def test_the_last_of_many_refusals_says_nothing_of_a_batch_that_is_in_other_hands(database, issue):
    """Written down as its own, it would pause the issue, or hold copies that are just leaving."""
    with database.writing() as session:
        session.execute(update(Batch).values(attempts=MOST_ATTEMPTS))
    sender, held = frozen_after_the_claim(database, MemoryTransport(), 2 * LEASE)
    second = replace(sender, worker="second")
    second.tidy()
    desk = make_desk(database)
    desk.settle_unknown(held.issue_number, "resend", actor="test")
    assert second._claim(held.issue_number) is not None

    sent = send(sender, held)

    assert sent.paused == {}
    assert desk.issue(issue).state == IssueState.SENDING


def test_what_left_before_the_freeze_is_written_down_whoever_holds_the_rest(database, issue):
    timer = Timer()
    desk = make_desk(database)
    sender = replace(desk.sender, timer=timer)
    held = sender._claim(issue)
    assert held is not None
    mailing = desk.sender.letterhead.mailing(desk.issue(issue))

    class Freezing(MemoryTransport):
        most = 2

        def send(self, mailing, messages):
            receipts = super().send(mailing, messages)
            timer.now += 2 * LEASE
            replace(sender, worker="second").tidy()
            make_desk(database).settle_unknown(issue, "resend", actor="test")
            assert replace(sender, worker="second")._claim(issue) is not None
            return receipts

    replace(sender, transport=Freezing())._send(held, mailing)

    assert states(database) == {"accepted": 2, "queued": 4}
    assert batch(database).state == "sending"
