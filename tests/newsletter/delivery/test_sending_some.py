"""What one worker's job does, what it may not do, and who is nudged when batches are free."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.issues.store import NoSuchIssue
from tests.factories import MONDAY, add_subscribers, make_desk, refitted, store_comparisons
from tests.newsletter.delivery.mondays import SLOT, Mondays, add_reader


@pytest.fixture
def issue(database):
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 8)
    desk = make_desk(database)
    return desk.build(desk.slots.next(), actor="test").number


def started(database, issue, transport):
    desk = make_desk(database, transport)
    desk.dispatch.start(issue, actor="test")
    return desk


@pytest.mark.parametrize(("most", "sent"), [(1, 3), (3, 3), (4, 6), (8, 8), (100, 8)])
def test_a_job_sends_whole_batches_until_about_so_many_readers(database, issue, most, sent):
    desk = started(database, issue, MemoryTransport())

    assert desk.dispatch.sender.send_some(issue, most).messages == sent


def test_the_last_job_settles_the_issue(database, issue):
    desk = started(database, issue, MemoryTransport())

    for _ in range(3):
        desk.dispatch.sender.send_some(issue, 3)

    assert desk.issue(issue).state == IssueState.SETTLED
    assert desk.dispatch.sender.send_some(issue, 3).messages == 0


def test_a_job_of_a_paused_issue_does_nothing(database, issue):
    desk = started(database, issue, MemoryTransport())
    desk.change(issue, IssueEvent.PAUSED, actor="editor")

    assert desk.dispatch.sender.send_some(issue, 100).messages == 0


def test_a_job_of_no_issue_is_refused(database):
    with pytest.raises(NoSuchIssue):
        make_desk(database).dispatch.sender.send_some(7, 100)


def test_where_nothing_may_leave_nothing_is_claimed_or_given_up(database, issue):
    transport = MemoryTransport()
    desk = started(database, issue, transport)
    desk.dispatch.sender._claim(issue)
    late = make_desk(database, transport, now=MONDAY + timedelta(minutes=11)).dispatch.sender
    passive = replace(late, may_send=lambda: "a copy of another database")

    sent = passive.send_due(), passive.send_some(issue, 100)

    assert [one.messages for one in sent] == [0, 0]
    assert [one.doubtful for one in sent] == [frozenset(), frozenset()]
    assert transport.asked == []


def test_it_is_asked_before_each_claim_whether_anything_may_leave(database, issue):
    transport = MemoryTransport()
    desk = started(database, issue, transport)
    reasons = iter([None, None, "adopted elsewhere", "adopted elsewhere"])
    fenced = replace(desk.dispatch.sender, may_send=lambda: next(reasons))

    fenced.send_due()

    assert len(transport.asked) == 3


class Nudged:
    """Keeps what it is told, and whether the batches were there at that moment."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, _session, issue_number, batches):
        self.told.append((issue_number, batches))


def nudging(database, transport=None, **when):
    nudged = Nudged()
    return refitted(make_desk(database, transport, **when), nudge=nudged), nudged


def test_who_starts_an_issue_nudges_for_its_batches(database, issue):
    desk, nudged = nudging(database)

    desk.dispatch.start(issue, actor="test")
    desk.dispatch.start(issue, actor="test")

    assert nudged.told == [(issue, 3)]


def test_who_resumes_an_issue_nudges_for_what_is_left(database, issue):
    desk, nudged = nudging(database)
    desk.dispatch.start(issue, actor="test")
    desk.dispatch.sender._claim(issue)
    desk.change(issue, IssueEvent.PAUSED, actor="editor")

    desk.resume(issue, actor="editor")

    assert nudged.told == [(issue, 3), (issue, 2)]


def test_who_decides_to_send_again_nudges_and_who_gives_up_does_not(database, issue):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN, code="no-answer"))
    desk, nudged = nudging(database, doubtful)
    desk.dispatch.start(issue, actor="test")
    desk.dispatch.sender.send_due()
    nudged.told.clear()

    desk.dispatch.settle_unknown(issue, "resend", actor="editor")
    again = list(nudged.told)
    desk.dispatch.sender.send_due()
    desk.dispatch.settle_unknown(issue, "held", actor="editor")

    assert again == [(issue, 3)]
    assert nudged.told == again


def test_a_nudge_that_fails_takes_the_batches_with_it(database, issue):
    def refuse(*_):
        raise RuntimeError("no room")

    desk = refitted(make_desk(database), nudge=refuse)

    with pytest.raises(RuntimeError):
        desk.dispatch.start(issue, actor="test")

    assert make_desk(database).issue(issue).state == IssueState.DRAFT


def test_who_joins_while_it_leaves_is_nudged_for(database, tmp_path):
    mondays = Mondays(database, tmp_path)
    with mondays.writing() as session:
        add_reader(session, "ada", "Asia/Tokyo")
        add_reader(session, "grace", "America/New_York")
    mondays.live(last=SLOT - timedelta(hours=1))
    nudged = Nudged()
    service = mondays.service
    mondays.service = replace(service, desk=refitted(service.desk, nudge=nudged))
    with mondays.writing() as session:
        add_reader(session, "omar", "America/New_York", now=SLOT)

    mondays.beat(SLOT + timedelta(minutes=1))
    mondays.beat(SLOT + timedelta(minutes=2))

    assert nudged.told == [(1, 1)]
