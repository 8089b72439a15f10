"""A process may die between a deed and its notice: editors are told all the same, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest
import structlog.testing
from sqlmodel import select

from newsletter.delivery.lateness import Span
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueEvent
from newsletter.notices.rows import NoticeRow
from tests.factories import MONDAY, add_subscribers, make_desk, refitted, store_comparisons

HOUR = timedelta(hours=1)


@pytest.fixture
def issue(database):
    """An issue for six readers, in two batches, that has begun to leave."""
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 6)
    desk = make_desk(database)
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    return number


def told(database):
    with database.reading() as session:
        return [row.subject.partition(": ")[2] for row in session.exec(select(NoticeRow))]


def pass_again(database):
    """What the next process does, twice."""
    for _ in range(2):
        make_desk(database, now=MONDAY + HOUR).dispatch.deliver()


def test_of_an_issue_that_nobody_takes(database, issue):
    closed = MemoryTransport(
        lambda _: Receipt(Outcome.NOT_TAKEN, code="405", detail="No credits.", needs_operator=True)
    )
    make_desk(database, closed).dispatch.sender.send_due()  # and dies before it tells
    before = told(database)

    pass_again(database)

    assert before == []
    assert told(database) == [f"Issue {issue} is paused: code 405"]


@pytest.mark.parametrize(
    ("became", "others"),
    [("accepted", []), ("queued", []), ("sending", []), ("unknown", ["b"]), ("rejected", ["b"])],
)
def test_whoever_is_named_anew_is_told_what_nobody_else_was(database, issue, became, others):
    closed = MemoryTransport(lambda _: Receipt(Outcome.NOT_TAKEN, code="405", needs_operator=True))
    make_desk(database, closed, editors="a@example.org").dispatch.deliver()
    with database.writing() as session:
        session.exec(select(NoticeRow)).one().state = became
    idle = replace(make_desk(database).dispatch.sender, stopped=lambda: True)
    desk = refitted(make_desk(database, editors="b@example.org"), sender=idle)

    for _ in range(2):
        desk.dispatch.deliver()

    with database.reading() as session:
        rows = session.exec(select(NoticeRow).where(NoticeRow.recipient != "a@example.org"))
        assert [row.recipient[0] for row in rows] == others


def test_of_an_issue_that_has_stopped_by_itself(database, issue):
    make_desk(database).set_span(issue, Span(not_after=MONDAY + HOUR), actor="editor")
    make_desk(database, now=MONDAY + 2 * HOUR).dispatch.sender.send_due()

    pass_again(database)

    assert told(database) == [f"Issue {issue} is paused: its time is over"]


def test_of_copies_that_wait_for_a_persons_word(database, issue):
    desk = make_desk(database, MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN, code="lost")))
    desk.dispatch.sender.send_due()
    desk.dispatch.reconciler.run()  # and dies before it tells
    before = told(database)

    pass_again(database)

    assert before == []
    assert told(database) == [f"Issue {issue} has copies in doubt: 6 held"]


def test_of_copies_that_were_put_off_again_and_again(database, issue):
    full = Receipt(Outcome.NOT_TAKEN, code="452", detail="The mailbox is full.")
    taken = Receipt(Outcome.ACCEPTED, provider_id="taken")
    transport = MemoryTransport(lambda one: full if one.to.startswith("reader1@") else taken)
    for minutes in range(0, 80, 5):
        now = MONDAY + timedelta(minutes=minutes)
        make_desk(database, transport, now=now).dispatch.sender.send_due()  # and dies
    before = told(database)

    for _ in range(2):
        make_desk(database, now=MONDAY + 2 * HOUR).dispatch.deliver()

    assert before == []
    assert told(database) == [f"Issue {issue}: 1 copy put off again and again"]


def test_an_issue_that_a_person_paused_is_no_news(database, issue):
    make_desk(database).change(issue, IssueEvent.PAUSED, actor="editor")

    pass_again(database)

    assert told(database) == []


def test_each_stop_is_told_of_and_once(database, issue):
    closed = MemoryTransport(
        lambda _: Receipt(Outcome.NOT_TAKEN, code="405", detail="No credits.", needs_operator=True)
    )
    desk = make_desk(database, closed)
    for _ in range(2):
        desk.dispatch.deliver()
        desk.resume(issue, actor="editor")

    desk.dispatch.deliver()
    pass_again(database)

    assert told(database) == [f"Issue {issue} is paused: code 405"] * 3


def test_a_job_that_stopped_an_issue_tells_of_it_at_once(database, issue):
    closed = MemoryTransport(
        lambda _: Receipt(Outcome.NOT_TAKEN, code="405", detail="No credits.", needs_operator=True)
    )

    make_desk(database, closed).dispatch.do_job(issue, 6)

    assert told(database) == [f"Issue {issue} is paused: code 405"]


def test_without_editors_nothing_is_looked_for_and_each_stop_is_logged_once(database, issue):
    closed = MemoryTransport(lambda _: Receipt(Outcome.NOT_TAKEN, code="405", needs_operator=True))
    desk = make_desk(database, closed, editors="")

    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            desk.dispatch.deliver()

    assert [line["editors"] for line in logs if line["event"] == "editors_told"] == [0]
