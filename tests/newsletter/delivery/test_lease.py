"""A process that was frozen, as a laptop is or a virtual machine, wakes up and knows what it may do."""

from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import col

from newsletter.delivery.message import NOT_TRIED
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.recording import MOST_ATTEMPTS
from newsletter.delivery.transport import always
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.issues.states import IssueState
from newsletter.leaving import leave
from newsletter.testing.postmark.process import TOKEN, running_postmark
from subscribers.models import Subscriber
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons
from tests.newsletter.delivery.transports.smtp_servers import running_mailbox

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
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    return number


def frozen_after_the_claim(database, transport, jump):
    """A sender whose timer jumps between the claim and the call, and what it has claimed."""
    timer = Timer()
    sender = replace(make_desk(database, transport).dispatch.sender, timer=timer)
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
    make_desk(database).dispatch.settle_unknown(held.issue_number, "resend", actor="test")
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
    desk.dispatch.settle_unknown(held.issue_number, "resend", actor="test")
    assert second._claim(held.issue_number) is not None

    sent = send(sender, held)

    assert sent.paused == {}
    assert desk.issue(issue).state == IssueState.SENDING


def test_what_left_before_the_freeze_is_written_down_whoever_holds_the_rest(database, issue):
    timer = Timer()
    desk = make_desk(database)
    sender = replace(desk.dispatch.sender, timer=timer)
    held = sender._claim(issue)
    assert held is not None
    mailing = desk.dispatch.sender.letterhead.mailing(desk.issue(issue))

    class Freezing(MemoryTransport):
        most = 2

        def send(self, mailing, messages, **options):
            receipts = super().send(mailing, messages, **options)
            timer.now += 2 * LEASE
            replace(sender, worker="second").tidy()
            make_desk(database).dispatch.settle_unknown(issue, "resend", actor="test")
            assert replace(sender, worker="second")._claim(issue) is not None
            return receipts

    replace(sender, transport=Freezing())._send(held, mailing)

    assert states(database) == {"accepted": 2, "queued": 4}
    assert batch(database).state == "sending"


@contextmanager
def postmark_in_small_calls(folder):
    """A way to Postmark that needs a call for each letter, and the readers whose letters arrived."""
    with running_postmark(folder / "log") as postmark:
        transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover="batch")
        transport.most_bytes = 1
        with closing(transport):
            yield transport, lambda: [row["To"] for row in postmark.accepted()]


@contextmanager
def mail_server(_folder):
    """A way to a mail server, and the readers whose letters arrived."""
    with running_mailbox() as mailbox:
        transport = SmtpTransport(mailbox.address, clock=lambda: MONDAY)
        with closing(transport):
            yield transport, lambda: [to for envelope, _ in mailbox.kept for to in envelope]


@pytest.mark.parametrize("way", [postmark_in_small_calls, mail_server])
def test_a_machine_that_slept_between_two_messages_of_a_call_sends_no_second_copies(
    database, issue, tmp_path, way
):
    """Its monotonic clock stood still meanwhile, so by that one it has all the time in the world."""
    with way(tmp_path) as (transport, arrived):
        asleep = replace(
            make_desk(database, transport).dispatch.sender,
            timer=lambda: MONDAY + 2 * LEASE if arrived() else MONDAY,
        )
        held = asleep._claim(issue)
        assert held is not None

        send(asleep, held)

        assert arrived() == ["reader1@example.org"]
        assert states(database) == {"accepted": 1, "queued": 5}
        assert batch(database).state == "queued"
        later = MONDAY + 3 * LEASE
        replace(asleep, worker="second", timer=lambda: later).send_due()
        assert sorted(arrived()) == [f"reader{number}@example.org" for number in range(1, 7)]


class Slept(MemoryTransport):
    """It wakes up before its first call, in a world that has gone on."""

    def __init__(self, meanwhile):
        super().__init__()
        self.meanwhile = meanwhile

    def send(self, mailing, messages, *, may_go_on=always):
        self.meanwhile()
        assert not may_go_on()
        return [NOT_TRIED] * len(messages)


def test_what_a_transport_did_not_try_says_nothing_of_a_batch_that_is_in_other_hands(
    database, issue
):
    """Written down as the last of many refusals it would pause the issue that is just leaving."""
    with database.writing() as session:
        session.execute(update(Batch).values(attempts=MOST_ATTEMPTS))
    timer, other = Timer(), MemoryTransport()
    desk = make_desk(database)

    def meanwhile():
        timer.now += 2 * LEASE
        second = replace(desk.dispatch.sender, transport=other, timer=timer, worker="second")
        second.tidy()
        desk.dispatch.settle_unknown(issue, "resend", actor="test")
        assert second._claim(issue) is not None

    asleep = replace(desk.dispatch.sender, transport=Slept(meanwhile), timer=timer)
    held = asleep._claim(issue)
    assert held is not None

    sent = send(asleep, held)

    assert sent.paused == {}
    assert desk.issue(issue).state == IssueState.SENDING
    assert batch(database).state == "sending"


class InTwos(MemoryTransport):
    """It takes two messages in a call; something happens during the first call."""

    most = 2

    def __init__(self, happening):
        super().__init__()
        self.happening = happening

    def send(self, mailing, messages, **options):
        receipts = super().send(mailing, messages, **options)
        if len(self.asked) == len(messages):
            self.happening()
        return receipts


def test_whoever_says_goodbye_between_two_calls_gets_nothing_and_is_skipped_at_once(
    database, issue
):
    def goodbye():
        with database.writing() as session:
            third = select(col(Subscriber.public_id)).order_by(col(Subscriber.id)).offset(2)
            public_id = session.execute(third.limit(1)).scalar_one()
            assert leave(session, public_id, now=MONDAY, source="one-click").received

    transport = InTwos(goodbye)
    sender = make_desk(database, transport).dispatch.sender

    sender.send_some(issue, 1)

    assert [message.to for _, message in transport.asked] == [
        "reader1@example.org",
        "reader2@example.org",
    ]
    assert states(database) == {"accepted": 2, "skipped": 1, "queued": 3}
    assert batch(database).state == "done"


def test_whoever_says_goodbye_between_claim_and_call_gets_nothing(database, issue):
    transport = MemoryTransport()
    sender, held = frozen_after_the_claim(database, transport, timedelta(minutes=9))
    with database.writing() as session:
        for one in held.recipients:
            leave(session, one.public_id, now=MONDAY, source="one-click")

    sent = send(sender, held)

    assert transport.asked == []
    assert not sent.line_is_down
    assert states(database) == {"skipped": 3, "queued": 3}
    assert batch(database).state == "done"


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("the server went away", {}, Exception()),
        InternalError("cannot execute UPDATE in a read-only transaction", {}, Exception()),
        PoolTimeout("all connections are in use"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_database_that_is_away_between_two_calls_costs_no_answer_that_is_in_hand(
    database, issue, fault
):
    away: list[bool] = []

    def fails(_connection, _cursor, _statement, *_rest):
        if away:
            away.clear()
            raise fault

    transport = InTwos(lambda: away.append(True))
    sender = make_desk(database, transport).dispatch.sender
    event.listen(database.engine, "before_cursor_execute", fails)
    try:
        sender.send_some(issue, 1)
    finally:
        event.remove(database.engine, "before_cursor_execute", fails)

    assert states(database) == {"accepted": 2, "queued": 4}
    assert batch(database).state == "queued"


def test_a_process_whose_batch_was_given_up_calls_nobody_though_its_own_clock_is_behind(
    database, issue
):
    """A virtual machine that wakes up with the time at which it fell asleep."""
    transport = MemoryTransport()
    sender, held = frozen_after_the_claim(database, transport, timedelta(0))
    replace(sender, timer=lambda: MONDAY + 2 * LEASE).tidy()

    send(sender, held)

    assert transport.asked == []
