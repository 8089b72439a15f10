import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from newsletter import weekly
from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import save
from newsletter.database import Database
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.desk import Desk
from newsletter.issues import marks
from newsletter.issues.models import Issue
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from newsletter.notices import NoticeRow
from newsletter.selection.rules import Mark
from schedules.windows import Slot, slot_on
from tests.factories import (
    MONDAY,
    add_subscribers,
    make_comparison,
    make_desk,
    make_tool,
    store_comparisons,
)


@pytest.fixture
def transport() -> MemoryTransport:
    return MemoryTransport()


@pytest.fixture
def desk(database: Database, transport: MemoryTransport) -> Desk:
    with database.writing() as session:
        add_subscribers(session, 4)
    return make_desk(database, transport)


def slot_of(desk: Desk, day: datetime = MONDAY) -> Slot:
    return slot_on(desk.window, day.date())


def letters(transport: MemoryTransport) -> list[str]:
    return [message.to for mailing, message in transport.sent if mailing.stream == "broadcast"]


def notices(transport: MemoryTransport) -> list[str]:
    return [mailing.subject for mailing, _ in transport.sent if mailing.stream == "transactional"]


def add_comparisons(desk: Desk, count: int) -> None:
    with desk.database.writing() as session:
        store_comparisons(session, count)


def test_a_monday_chooses_freezes_sends_and_settles(desk, transport):
    add_comparisons(desk, 2)

    note = weekly.publish(desk, slot_of(desk))

    assert note == "issue 1 settled: 4 accepted"
    assert len(letters(transport)) == 4


def test_doing_a_monday_twice_changes_nothing(desk, transport):
    add_comparisons(desk, 2)
    weekly.publish(desk, slot_of(desk))

    weekly.publish(desk, slot_of(desk))

    assert len(letters(transport)) == 4


def test_with_nothing_new_nobody_is_mailed_and_the_editors_are_told_once(desk, transport):
    for _ in range(2):
        assert weekly.publish(desk, slot_of(desk)) == "nothing new: no mail"

    assert letters(transport) == []
    assert len(notices(transport)) == 1
    assert "nothing new" in notices(transport)[0]


def test_what_went_out_does_not_go_out_again_the_week_after(desk, transport):
    add_comparisons(desk, 2)
    weekly.publish(desk, slot_of(desk))
    next_week = make_desk(desk.database, transport, now=MONDAY + timedelta(days=7))

    note = weekly.publish(next_week, slot_of(desk, MONDAY + timedelta(days=7)))

    assert note == "nothing new: no mail"


def test_a_draft_that_an_editor_saw_leaves_as_it_was_seen(desk, transport):
    add_comparisons(desk, 1)
    seen = desk.build(slot_of(desk), actor="editor")
    with desk.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=MONDAY)

    weekly.publish(desk, slot_of(desk))

    sent = desk.issue(seen.number)
    assert (sent.state, sent.content_hash) == (IssueState.SETTLED, seen.content_hash)


def test_a_held_issue_stays_and_the_editors_are_reminded(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.change(number, IssueEvent.HELD, actor="editor", reason="the numbers look odd")

    note = weekly.publish(desk, slot_of(desk))

    assert note == "issue 1 is held: no mail"
    assert letters(transport) == []
    assert notices(transport) == ["Weekly Verdict: Issue 1 was not sent: it is held"]


def test_a_bad_monday_is_held_and_the_editors_get_the_codes(database, transport):
    with database.writing() as session:
        add_subscribers(session, 2)
        store_comparisons(session, 1)
    desk = make_desk(database, transport, base_url="http://news.example.org")

    note = weekly.publish(desk, slot_of(desk))

    assert note.startswith("issue 1 held: ")
    assert letters(transport) == []
    assert desk.issue(1).state == IssueState.HELD
    assert len(notices(transport)) == 1


def test_without_an_audience_the_issue_is_held(database, transport):
    desk = make_desk(database, transport)
    add_comparisons(desk, 1)

    assert weekly.publish(desk, slot_of(desk)) == "issue 1 held: audience-empty"


def test_a_missed_slot_marks_its_draft_and_tells_the_editors(desk, transport):
    add_comparisons(desk, 1)
    desk.build(slot_of(desk), actor="editor")

    weekly.miss(desk, slot_of(desk))

    assert desk.issue(1).state == IssueState.MISSED
    assert notices(transport) == ["Weekly Verdict: The issue of 2026-11-23 was missed"]


def test_an_issue_that_left_early_is_not_missed(desk, transport):
    add_comparisons(desk, 1)
    desk.send(desk.build(slot_of(desk), actor="editor").number, actor="editor")

    weekly.miss(desk, slot_of(desk))

    assert desk.issue(1).state == IssueState.SETTLED
    assert notices(transport) == []


def test_an_issue_paused_in_the_middle_is_not_missed_and_can_be_resumed(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.start(number, actor="editor")
    desk.change(number, IssueEvent.PAUSED, actor="editor")

    weekly.miss(desk, slot_of(desk))
    desk.resume(number, actor="editor")
    desk.deliver()

    assert len(letters(transport)) == 4


def test_a_hold_that_was_answered_is_obeyed_by_a_start_that_had_already_looked(desk, transport):
    """On PostgreSQL both read the approved issue; without the row's lock the later one wins."""
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.change(number, IssueEvent.APPROVED, actor="editor")
    outcomes: list[str] = []

    def act(what):
        try:
            what()
        except ForbiddenIssueChange:
            outcomes.append("refused")

    threads = [
        threading.Thread(target=act, args=(what,))
        for what in (
            lambda: desk.start(number, actor="schedule"),
            lambda: desk.change(number, IssueEvent.HELD, actor="editor"),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Whoever came first, the other one saw it.
    assert outcomes == ["refused"]
    assert desk.issue(number).state in {IssueState.HELD, IssueState.SENDING}


def test_two_processes_that_build_one_slot_at_once_make_one_issue(desk):
    add_comparisons(desk, 1)
    numbers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: numbers.append(desk.build(slot_of(desk), actor="editor").number)
        )
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers == [1, 1, 1, 1]


def test_a_slot_from_before_the_first_import_is_nobodys_to_miss(desk, transport):
    weekly.miss(desk, slot_of(desk))

    assert notices(transport) == []


def test_what_a_missed_issue_held_back_comes_in_the_next(desk, transport):
    add_comparisons(desk, 1)
    desk.build(slot_of(desk), actor="editor")
    weekly.miss(desk, slot_of(desk))
    next_monday = MONDAY + timedelta(days=7)
    later = make_desk(desk.database, transport, now=next_monday)

    weekly.publish(later, slot_of(desk, next_monday))

    assert len(letters(transport)) == 4


def test_pins_and_order_survive_a_rebuild_and_the_approval_does_not(desk):
    with desk.database.writing() as session:
        save(session, make_comparison("shared", make_tool("one", panel_percent=100)), now=MONDAY)
        save(session, make_comparison("shared", "two"), now=MONDAY)
    first = desk.build(slot_of(desk), actor="editor")
    desk.change(first.number, IssueEvent.APPROVED, actor="editor")
    [passed] = json.loads(first.passed_over)

    with desk.database.writing() as session:
        pin(session, passed["comparison"])
    rebuilt = desk.build(slot_of(desk), actor="editor")

    assert rebuilt.state == IssueState.DRAFT
    assert rebuilt.approved_hash is None
    assert rebuilt.number == first.number
    assert json.loads(rebuilt.content)["cards"][0]["key"] == passed["comparison"]


def pin(session, key):
    found = lookup.entry(session, key)
    assert found is not None
    marks.put(session, found.id, Mark("pin"), now=MONDAY, actor="editor")


def test_an_issue_that_changed_after_its_approval_does_not_start(desk):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.change(number, IssueEvent.APPROVED, actor="editor")
    with desk.database.writing() as session:
        issue = session.get(Issue, number)
        issue.html += "<!-- changed -->"

    with pytest.raises(Exception, match="changed after it was approved"):
        desk.start(number, actor="editor")


def test_a_test_copy_is_marked_and_touches_no_delivery(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number

    desk.test(number, "me@example.org")

    [(mailing, message)] = transport.sent
    assert mailing.subject.startswith("[Test] ")
    assert message.to == "me@example.org"
    assert desk.issue(number).state == IssueState.DRAFT
    assert desk.books(number).lines == ()


def test_a_notice_in_doubt_is_not_sent_again(database):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN))
    desk = make_desk(database, doubtful)
    desk.tell("key", "Something", ["It happened."], [])

    desk.deliver()

    with database.reading() as session:
        assert list(session.exec(select(col(NoticeRow.state)))) == ["unknown"]
    assert len(doubtful.asked) == 1


def test_the_issue_is_dated_by_the_day_of_its_slot(desk):
    add_comparisons(desk, 1)

    issue = desk.build(slot_of(desk), actor="editor")

    assert issue.local_date == datetime(2026, 11, 23, tzinfo=UTC).date()
