import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlmodel import col

from newsletter.delivery.guards import Guards
from newsletter.delivery.message import NOT_TRIED, Outcome, Receipt
from newsletter.delivery.models import Batch, Pace
from newsletter.delivery.pacing import Line, asks_for_patience, closing, patience
from newsletter.delivery.transports.memory import MemoryTransport
from tests.factories import MONDAY, add_subscribers, make_desk, refitted, store_comparisons

SECOND = timedelta(seconds=1)


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 12)
    desk = make_desk(database)
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    return number


class Timer:
    """A clock that moves only when somebody waits for it."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.waited: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)
        return False


def sender(database, transport, timer, per_second=1.0, **chosen):
    usual = make_desk(database, transport).dispatch.sender
    guards = Guards(per_second=per_second)
    chosen = {"wait": timer.wait} | chosen
    return replace(usual, timer=timer, guards=guards, **chosen)


def test_batches_leave_as_far_apart_as_their_messages_take(database, issue):
    timer, transport = Timer(), MemoryTransport()

    sender(database, transport, timer, per_second=1.5).send_due()

    assert len(transport.asked) == 12
    assert timer.waited == [2.0, 2.0, 2.0]


def test_no_batch_is_in_hand_while_it_waits_and_a_stop_ends_it_at_once(database, issue):
    claimed = select(col(Batch.number)).where(col(Batch.state) == "sending")
    transport, in_hand = MemoryTransport(), []

    def stopped(_seconds):
        with database.reading() as session:
            in_hand.extend(session.execute(claimed))
        return True

    sender(database, transport, Timer(), wait=stopped).send_due()

    assert (len(transport.asked), in_hand) == (3, [])


def test_a_wait_that_is_too_long_is_left_to_the_next_pass(database, issue):
    timer, transport = Timer(), MemoryTransport()
    slow = sender(database, transport, timer, per_second=0.02)

    slow.send_due()
    first = len(transport.asked), list(timer.waited)
    timer.now += timedelta(seconds=150)
    slow.send_due()

    assert first == (3, [])
    assert len(transport.asked) == 6


def test_a_line_without_a_limit_asks_nothing_of_the_table(database, issue):
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    sender(database, MemoryTransport(), Timer(), per_second=None).send_due()

    assert [line for line in counted if line.lstrip().startswith(("INSERT INTO paces", "UPDATE paces", "SELECT paces"))] == []  # fmt: skip


def test_who_is_told_to_slow_down_closes_the_line_for_all_workers(database, issue):
    busy = MemoryTransport(lambda _: Receipt(Outcome.NOT_TAKEN, code="429"))
    timer = Timer()
    sender(database, busy, timer, per_second=None).send_due()
    other, later = MemoryTransport(), MemoryTransport()

    sender(database, other, timer, per_second=None, worker="other").send_due()
    timer.now += timedelta(seconds=7.5)
    sender(database, later, timer, per_second=None, worker="other").send_due()

    assert len(busy.asked) == 3
    assert other.asked == []
    assert len(later.asked) == 12


@pytest.mark.parametrize("outcome", [Outcome.NOT_TAKEN, Outcome.UNKNOWN])
def test_the_line_stays_closed_at_least_as_long_as_the_provider_asks(database, issue, outcome):
    asks = Receipt(outcome, code="429", wait=timedelta(minutes=8))
    timer, early, later = Timer(), MemoryTransport(), MemoryTransport()
    sender(database, MemoryTransport(lambda _: asks), timer, per_second=None).send_due()

    timer.now += timedelta(minutes=8, seconds=-1)
    sender(database, early, timer, per_second=None).send_due()
    timer.now += timedelta(minutes=5)
    sender(database, later, timer, per_second=None).send_due()

    assert early.asked == []
    assert later.asked != []


def test_a_report_says_when_the_line_is_free_and_not_only_the_batch(database, issue):
    asks = Receipt(Outcome.NOT_TAKEN, code="429", wait=timedelta(minutes=8))
    desk = make_desk(database, MemoryTransport(lambda _: asks))
    desk.dispatch.deliver()

    with database.reading() as session:
        closed = Line("memory").closed_until(session, MONDAY)
    assert closed is not None
    assert closed >= MONDAY + timedelta(minutes=8)
    assert desk.dispatch.waiting(issue).next_try == closed


def test_a_report_says_when_a_slow_line_is_free_for_the_next_batch(database, issue):
    desk = make_desk(database)
    slow = replace(desk.dispatch.sender, guards=Guards(per_second=0.001))
    desk = refitted(desk, sender=slow)

    desk.dispatch.deliver()

    assert desk.dispatch.waiting(issue).next_try == MONDAY + timedelta(seconds=3_000)


def test_a_worker_whose_own_line_broke_closes_it_for_nobody_else(database, issue):
    broken = MemoryTransport(lambda _: Receipt(Outcome.NOT_TAKEN, code="no-connection"))
    timer, other = Timer(), MemoryTransport()
    sender(database, broken, timer, per_second=None).send_due()

    sender(database, other, timer, per_second=None, worker="other").send_due()

    assert len(other.asked) == 9


def test_patience_grows_with_each_refusal_of_the_first_batch(database, issue):
    busy = MemoryTransport(lambda _: Receipt(Outcome.NOT_TAKEN, code="429"))
    timer, closed = Timer(), []

    for _ in range(4):
        sender(database, busy, timer, per_second=None).send_due()
        with database.reading() as session:
            of_line = select(col(Pace.not_before)).where(col(Pace.provider) == "memory")
            until = session.execute(of_line).scalar_one()
        closed.append((until - timer.now).total_seconds())
        timer.now = until

    assert [5 * 2**n <= seconds <= 7.5 * 2**n for n, seconds in enumerate(closed)] == [True] * 4
    with database.reading() as session:
        attempts = select(col(Batch.attempts)).order_by(col(Batch.number))
        assert list(session.execute(attempts).scalars()) == [4, 0, 0, 0]


def test_a_line_that_is_closed_for_long_is_not_opened_by_a_shorter_refusal(database):
    line = Line("memory")
    with database.writing() as session:
        line.close(session, MONDAY, timedelta(minutes=5))
        line.close(session, MONDAY, timedelta(minutes=1))
        assert line.free_at(session) == MONDAY + timedelta(minutes=5)


@pytest.mark.parametrize("per_second", [None, 1.0])
def test_a_line_that_was_closed_by_a_clock_a_year_ahead_is_open(database, issue, per_second):
    """Only one worker was wrong; all the others would wait for that year."""
    ahead = Timer()
    ahead.now += timedelta(days=365)
    sender(database, MemoryTransport(), ahead, per_second=1.0)._try_to_claim(issue, None)
    timer, transport = Timer(), MemoryTransport()

    sender(database, transport, timer, per_second=per_second).send_due()

    assert len(transport.asked) == 9


def test_a_line_that_was_booked_at_a_rate_by_mistake_is_free_at_the_right_one(database, issue):
    timer, transport = Timer(), MemoryTransport()
    sender(database, transport, timer, per_second=0.001)._try_to_claim(issue, None)

    sender(database, transport, timer, per_second=100.0).send_due()

    assert len(transport.asked) == 9


def test_a_wrong_row_does_not_keep_a_provider_from_asking_for_patience(database):
    line = Line("memory")
    with database.writing() as session:
        line.close(session, MONDAY + timedelta(days=365), timedelta(minutes=1))
        line.close(session, MONDAY, timedelta(minutes=5))
        assert line.free_at(session) == MONDAY + timedelta(minutes=5)


def test_the_booking_of_a_large_batch_at_a_slow_rate_holds(database):
    line = Line("memory", 0.1)
    with database.writing() as session:
        assert line.book(session, 500, MONDAY)
        assert not line.book(session, 1, MONDAY + timedelta(minutes=83))
        assert line.book(session, 1, MONDAY + timedelta(minutes=84))


@given(st.text(max_size=40), st.integers(1, 900))
def test_the_same_refusal_waits_the_same_and_never_less_than_its_delay(attempt, seconds):
    delay = timedelta(seconds=seconds)

    assert patience(delay, attempt) == patience(delay, attempt)
    assert delay <= patience(delay, attempt) <= 1.5 * delay


@pytest.mark.parametrize(
    ("receipts", "asks"),
    [
        ([], False),
        ([Receipt(Outcome.NOT_TAKEN, code="429")], True),
        ([Receipt(Outcome.NOT_TAKEN, code="100")] * 2, True),
        ([Receipt(Outcome.NOT_TAKEN, code="421")], True),
        ([Receipt(Outcome.NOT_TAKEN, code="429"), Receipt(Outcome.ACCEPTED)], False),
        ([Receipt(Outcome.NOT_TAKEN, code="10", needs_operator=True)], False),
        ([Receipt(Outcome.NOT_TAKEN, code="not-reached")], False),
        ([Receipt(Outcome.NOT_TAKEN)], False),
        ([Receipt(Outcome.NOT_TAKEN, code="429"), NOT_TRIED, NOT_TRIED], True),
        ([Receipt(Outcome.ACCEPTED), Receipt(Outcome.NOT_TAKEN, code="429"), NOT_TRIED], False),
        ([NOT_TRIED], False),
    ],
)
def test_only_an_answer_that_took_nothing_asks_for_patience(receipts, asks):
    assert asks_for_patience(receipts) is asks


def test_who_is_told_to_slow_down_in_the_first_of_several_calls_closes_the_line(database, issue):
    """The rest of its batch was not tried at all, which is no word of the provider's."""
    refusals = [Receipt(Outcome.NOT_TAKEN, code="429"), NOT_TRIED, NOT_TRIED]
    busy, other = MemoryTransport(lambda _: refusals.pop(0)), MemoryTransport()
    sender(database, busy, Timer(), per_second=None).send_due()

    sender(database, other, Timer(), per_second=None, worker="other").send_due()

    assert len(busy.asked) == 3
    assert other.asked == []


def test_one_mailbox_that_was_refused_before_the_rest_was_tried_says_nothing_of_the_line():
    greylisted = Receipt(Outcome.NOT_TAKEN, code="450", about_recipient=True)

    assert closing([greylisted, NOT_TRIED], 5 * SECOND, "attempt") is None
    assert closing([greylisted, NOT_TRIED], 5 * SECOND, "attempt", leftover=True) is None


def test_three_workers_are_never_ahead_of_the_rate_by_more_than_one_batch(database, issue):
    """On a clock that runs a thousand times faster: each claim is checked against what was due."""
    rate, size, ticking = 50.0, 3, threading.Lock()
    now, taken = [MONDAY], []

    def timer():
        with ticking:
            return now[0]

    def wait(_seconds):
        with ticking:
            now[0] += timedelta(milliseconds=1)
        return False

    def answer(_message):
        with ticking:
            taken.append(now[0])
        return Receipt(Outcome.ACCEPTED)

    workers = [
        replace(
            make_desk(database, MemoryTransport(answer)).dispatch.sender,
            timer=timer,
            wait=wait,
            worker=f"worker {number}",
            guards=Guards(per_second=rate),
        )
        for number in range(3)
    ]
    threads = [threading.Thread(target=worker.send_some, args=(issue, 12)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 12
    for count, at in enumerate(sorted(taken), start=1):
        assert count <= rate * (at - MONDAY).total_seconds() + size + 1e-6
