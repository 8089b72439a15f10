"""A word of an editor, from another connection, while a slow provider is being handed letters."""

import threading
from contextlib import contextmanager

import pytest

from newsletter.database import Database
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueEvent, IssueState
from tests.factories import add_subscribers, make_desk, store_comparisons

PATIENCE = 30


class Slow(MemoryTransport):
    """Answers a call when it is let to."""

    def __init__(self, outcome=Outcome.ACCEPTED):
        super().__init__(lambda message: Receipt(outcome, code="429", provider_id=message.to))
        self.called, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def send(self, mailing, messages, **options):
        self.called.release()
        assert self.go_on.acquire(timeout=PATIENCE)
        return super().send(mailing, messages, **options)


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 9)
    desk = make_desk(database)
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    return number


@pytest.fixture
def editor(database):
    """The same database, by connections of its own."""
    own = Database(database.engine.url.render_as_string(hide_password=False))
    yield own
    own.close()


@contextmanager
def sending(database, transport):
    """Send in another thread; the body runs while the first call is under way."""
    thread = threading.Thread(target=make_desk(database, transport).dispatch.sender.send_due)
    thread.start()
    assert transport.called.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        transport.go_on.release(100)
        thread.join(PATIENCE)


@pytest.mark.parametrize("word", [IssueEvent.PAUSED, IssueEvent.CANCELLED])
def test_a_word_that_was_answered_lets_nothing_but_the_batch_in_flight_go(
    database, editor, issue, word
):
    slow = Slow()

    with sending(database, slow):
        make_desk(editor).change(issue, word, actor="editor")

    assert len(slow.asked) == 3


def test_who_resumes_during_the_batch_in_flight_loses_nobody_and_doubles_nobody(
    database, editor, issue
):
    slow = Slow()

    with sending(database, slow):
        desk = make_desk(editor)
        desk.change(issue, IssueEvent.PAUSED, actor="editor")
        desk.resume(issue, actor="editor")

    assert len({message.to for _, message in slow.asked}) == len(slow.asked) == 9


def test_a_cancelled_issue_whose_last_call_was_refused_has_nobody_queued(database, editor, issue):
    refusing = Slow(Outcome.NOT_TAKEN)

    with sending(database, refusing):
        make_desk(editor).change(issue, IssueEvent.CANCELLED, actor="editor")

    books = make_desk(database).dispatch.books(issue)
    assert len(refusing.asked) == 3
    assert books.lines == ((DeliveryState.SKIPPED, "cancelled", 9),)


def test_two_workers_that_are_told_to_pause_finish_one_batch_each(database, editor, issue):
    one, two = Slow(), Slow()

    with sending(database, one), sending(database, two):
        make_desk(editor).change(issue, IssueEvent.PAUSED, actor="editor")

    assert (len(one.asked), len(two.asked)) == (3, 3)
    assert make_desk(database).issue(issue).state == IssueState.HELD
