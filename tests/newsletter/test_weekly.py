import json
import threading
from dataclasses import replace
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
from newsletter.issues import marks, wordings
from newsletter.issues.models import Issue
from newsletter.issues.rewording import IssuePart, Words
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from newsletter.notices.rows import NoticeRow
from newsletter.preflight.passing import PreflightFailed
from newsletter.rendering.checks import Finding
from newsletter.selection.rules import Mark
from schedules import ledger
from schedules.windows import Slot, slot_on
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import stated
from subscribers.models import Subscriber
from subscribers.wishes import Wishes, choose
from tests.factories import (
    MONDAY,
    PEPPER,
    add_subscribers,
    make_comparison,
    make_desk,
    make_tool,
    store_comparisons,
)
from tests.newsletter.delivery.mondays import SLOT, Mondays, add_reader
from tests.newsletter.links.site import running_site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

DAY, WEEK = timedelta(days=1), timedelta(days=7)


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
    told = transport.sent[-1][0].text.fill({})
    assert "  newsletter issue release 1\n  newsletter issue send 1\n" in told


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


def wish_for_something_else(database):
    elsewhere = Wishes("followed", follows=frozenset({"a-tool-of-no-issue"}))
    with database.writing() as session:
        for reader in session.exec(select(Subscriber)).all():
            choose(session, reader.public_id, elsewhere, now=MONDAY, source="preferences")


def test_what_no_reader_wishes_for_stays_a_draft_and_editors_are_told_the_reason_once(
    desk, transport
):
    add_comparisons(desk, 1)
    wish_for_something_else(desk.database)

    notes = {weekly.publish(desk, slot_of(desk)) for _ in range(3)}

    assert notes == {"issue 1 meets nobody's wishes: no mail"}
    assert desk.issue(1).state == IssueState.DRAFT
    assert letters(transport) == []
    assert notices(transport) == ["Weekly Verdict: Issue 1 did not leave: it meets nobody's wishes"]


def test_a_monday_that_nobody_wanted_is_one_firing_and_no_miss(database, tmp_path):
    mondays = Mondays(database, tmp_path)
    with mondays.writing() as session:
        add_reader(session, "ada")
    wish_for_something_else(database)

    mondays.live()

    desk = mondays.service.desk
    with database.reading() as session:
        run = ledger.find(session, "weekly", SLOT.date())
    assert run is not None
    assert (run.state, run.note) == ("done", "issue 1 meets nobody's wishes: no mail")
    assert desk.issue(1).state == IssueState.DRAFT
    assert [title for title in notices(mondays.transport) if "ready" not in title] == [
        "Weekly Verdict: Issue 1 did not leave: it meets nobody's wishes"
    ]


def test_what_nobody_wanted_is_free_for_the_next_issue(desk, transport):
    add_comparisons(desk, 1)
    wish_for_something_else(desk.database)
    weekly.publish(desk, slot_of(desk))
    with desk.database.writing() as session:
        signup.add(
            session,
            Address.parse("new@example.org"),
            consent=stated("a test", at=MONDAY),
            pepper=PEPPER,
        )
    next_week = make_desk(desk.database, transport, now=MONDAY + WEEK)

    note = weekly.publish(next_week, slot_of(desk, MONDAY + WEEK))

    assert note == "issue 2 settled: 4 skipped, 1 accepted"


def test_a_page_of_the_site_that_died_on_sunday_night_keeps_monday_from_sending(
    database, transport
):
    with running_site() as site:
        desk = make_desk(database, transport, site_url=site.url(""))
        add_comparisons(desk, 1)
        with database.writing() as session:
            add_subscribers(session, 4)
        desk.approve(desk.build(slot_of(desk), actor="editor").number, actor="editor")
        site.answer = 410

        later = make_desk(database, transport, site_url=site.url(""), now=MONDAY + DAY)
        note = weekly.publish(later, slot_of(desk))

    assert note == "issue 1 held: link-dead"
    assert_held_and_told_once(later, transport, "link-dead")


def test_a_comparison_that_went_out_meanwhile_keeps_monday_from_sending(desk, transport):
    """Two drafts hold the same comparison, and the older one was sent by hand on Sunday night."""
    add_comparisons(desk, 1)
    first = desk.build(slot_of(desk), actor="editor")
    later = make_desk(desk.database, transport, now=MONDAY + WEEK)
    later.build(slot_of(desk, MONDAY + WEEK), actor="editor")
    desk.send(first.number, actor="editor")
    transport.sent.clear()

    note = weekly.publish(later, slot_of(desk, MONDAY + WEEK))

    assert note == "issue 2 held: mailed-before"
    assert_held_and_told_once(later, transport, "mailed-before", number=2)


def test_html_broken_by_hand_keeps_monday_from_sending(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    with desk.database.writing() as session:
        issue = session.get(Issue, number)
        issue.html = issue.html.replace("/unsubscribe/", "/leave/")

    weekly.publish(desk, slot_of(desk))

    assert_held_and_told_once(desk, transport, "unsubscribe-missing")


def test_an_issue_that_this_release_cannot_read_keeps_monday_from_sending(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    with desk.database.writing() as session:
        session.get(Issue, number).content = "{}"

    assert weekly.publish(desk, slot_of(desk)) == "issue 1 held: issue-unreadable"
    assert_held_and_told_once(desk, transport, "issue-unreadable")


def test_a_preflight_that_breaks_holds_and_does_not_send(desk, transport):
    def no_router():
        raise RuntimeError

    add_comparisons(desk, 1)
    broken = replace(desk, inspector=replace(desk.inspector, router=no_router))

    assert weekly.publish(broken, slot_of(desk)) == "issue 1 held: preflight-broken"
    assert_held_and_told_once(broken, transport, "preflight-broken")


def assert_held_and_told_once(desk, transport, code, *, number=1):
    """Nobody got the issue, and each editor got one notice, however often the hour comes."""
    assert weekly.publish(desk, slot_on(desk.window, desk.issue(number).local_date)) == (
        f"issue {number} is held: no mail"
    )
    assert letters(transport) == []
    assert desk.issue(number).state == IssueState.HELD
    [(mailing, message)] = transport.sent
    assert message.to == "editor@example.org"
    assert code in mailing.subject
    text = mailing.text.fill({})
    assert code in text
    assert f"newsletter issue preflight {number}" in text


def test_what_an_editor_let_pass_leaves_on_monday(desk, transport):
    add_comparisons(desk, 1)
    number = held_back(desk).number
    shown: list[Finding] = []

    desk.approve(number, actor="editor", told=shown.extend)
    note = weekly.publish(desk, slot_of(desk))

    assert [found.code for found in shown] == ["subject-unfinished"]
    assert note == "issue 1 settled: 4 accepted"


def test_what_came_up_after_the_approval_was_seen_by_nobody_and_holds(desk, transport):
    add_comparisons(desk, 1)
    number = held_back(desk).number
    desk.approve(number, actor="editor")
    with desk.database.writing() as session:
        add_subscribers(session, 4)
        record_as_sent_to(session, 100, desk.issue(number).content)

    assert weekly.publish(desk, slot_of(desk)) == "issue 1 held: audience-fell"


def test_what_nobody_approved_is_held_for_an_editor_who_may_send_it(desk, transport):
    add_comparisons(desk, 1)
    number = held_back(desk).number
    shown: list[Finding] = []

    assert weekly.publish(desk, slot_of(desk)) == "issue 1 held: subject-unfinished"
    desk.change(number, IssueEvent.RELEASED, actor="editor")
    desk.send(number, actor="editor", told=shown.extend)

    assert [found.level for found in shown] == ["hold"]
    assert len(letters(transport)) == 4


def test_what_is_held_at_its_hour_is_mended_by_commands_that_are_about_it(desk, transport):
    add_comparisons(desk, 1)
    number = held_back(desk).number
    with desk.database.writing() as session:
        session.get(Issue, number).content = "{}"

    weekly.publish(desk, slot_of(desk))

    [told] = [mailing.text.fill({}) for mailing, _ in transport.sent]
    assert "build it again: newsletter issue build 1" in " ".join(told.split())
    for command in ("preflight", "build", "release", "send"):
        assert f"  newsletter issue {command} 1\n" in told


def test_what_blocks_is_not_approved_sent_or_gone_on_with_by_anybody(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.approve(number, actor="editor")
    desk.dispatch.start(number, actor="editor")
    desk.change(number, IssueEvent.PAUSED, actor="editor")
    with desk.database.writing() as session:
        session.get(Issue, number).content = "{}"

    with pytest.raises(PreflightFailed, match="issue-unreadable"):
        desk.resume(number, actor="editor")

    assert desk.issue(number).state == IssueState.HELD
    assert letters(transport) == []


def held_back(desk):
    """A draft with something that an editor has to have seen."""
    number, words = desk.build(slot_of(desk), actor="editor").number, Words("TODO: a subject")
    with desk.database.writing() as session:
        wordings.put_for_issue(
            session, number, IssuePart.SUBJECT, words, now=MONDAY, actor="editor"
        )
    return desk.build(slot_of(desk), actor="editor")


def record_as_sent_to(session, audience, content):
    """An earlier issue that left, to so many."""
    session.add(
        Issue(
            number=90,
            schedule="weekly",
            local_date=(MONDAY - WEEK).date(),
            state=IssueState.SETTLED.value,
            nonce="n",
            content=content,
            created_at=MONDAY - WEEK,
            sending_at=MONDAY - WEEK,
            audience=audience,
        )
    )


def test_a_missed_slot_marks_its_draft_and_tells_the_editors(desk, transport):
    add_comparisons(desk, 1)
    desk.build(slot_of(desk), actor="editor")

    weekly.miss(desk, slot_of(desk))

    assert desk.issue(1).state == IssueState.MISSED
    assert notices(transport) == ["Weekly Verdict: The issue of 2026-11-23 was missed"]


def test_an_issue_that_left_early_is_not_missed(desk, transport):
    add_comparisons(desk, 1)
    desk.send(desk.build(slot_of(desk), actor="editor").number, actor="editor")

    assert weekly.miss(desk, slot_of(desk)) == "issue 1 settled: 4 accepted"

    assert desk.issue(1).state == IssueState.SETTLED
    assert notices(transport) == []


def test_an_issue_paused_in_the_middle_is_not_missed_and_can_be_resumed(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.dispatch.start(number, actor="editor")
    desk.change(number, IssueEvent.PAUSED, actor="editor")

    weekly.miss(desk, slot_of(desk))
    desk.resume(number, actor="editor")
    desk.dispatch.deliver()

    assert len(letters(transport)) == 4


def test_a_hold_that_was_answered_is_obeyed_by_a_start_that_had_already_looked(desk, transport):
    """On PostgreSQL both read the approved issue; without the row's lock the later one wins."""
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.approve(number, actor="editor")
    outcomes: list[str] = []

    def act(what):
        try:
            what()
        except ForbiddenIssueChange:
            outcomes.append("refused")

    threads = [
        threading.Thread(target=act, args=(what,))
        for what in (
            lambda: desk.dispatch.start(number, actor="schedule"),
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
    assert weekly.miss(desk, slot_of(desk)) == "nothing had been imported by then: no issue was due"

    assert notices(transport) == []


def test_a_slot_is_promised_until_its_issue_has_begun_to_leave(desk):
    this_week, next_week = desk.slots.upcoming(2)
    add_comparisons(desk, 1)
    number = desk.build(this_week, actor="editor").number
    assert desk.slots.next() == this_week

    desk.dispatch.start(number, actor="editor")
    desk.change(number, IssueEvent.PAUSED, actor="editor")

    assert desk.slots.upcoming(1) == [desk.slots.next()] == [next_week]
    assert desk.slots.next(MONDAY - WEEK - DAY).instant < this_week.instant
    assert desk.slots.to_build() == next_week


def test_a_slot_whose_issue_was_given_up_is_not_promised(desk):
    this_week, next_week = desk.slots.upcoming(2)
    add_comparisons(desk, 1)
    desk.change(desk.build(this_week, actor="editor").number, IssueEvent.CANCELLED, actor="editor")

    assert desk.slots.next() == next_week


@pytest.mark.parametrize(
    ("begun", "command"),
    [(False, "newsletter issue release 1"), (True, "newsletter issue resume 1")],
)
def test_what_is_held_says_by_which_command_it_goes_on(desk, transport, begun, command):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    if begun:
        desk.dispatch.start(number, actor="editor")
    event = IssueEvent.PAUSED if begun else IssueEvent.HELD
    desk.change(number, event, actor="editor", reason="the numbers look odd")

    with pytest.raises(ForbiddenIssueChange, match=rf"the numbers look odd\).*{command}"):
        desk.send(number, actor="editor")

    assert letters(transport) == []


@pytest.mark.parametrize("event", [IssueEvent.MISSED, IssueEvent.CANCELLED])
def test_what_is_over_says_what_becomes_of_its_comparisons(desk, event):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number
    desk.change(number, event, actor="editor")

    with pytest.raises(ForbiddenIssueChange, match="the next one: newsletter issue build"):
        desk.send(number, actor="editor")


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
    desk.approve(first.number, actor="editor")
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
    desk.approve(number, actor="editor")
    with desk.database.writing() as session:
        issue = session.get(Issue, number)
        issue.html += "<!-- changed -->"

    with pytest.raises(Exception, match="changed after it was approved"):
        desk.dispatch.start(number, actor="editor")


def test_a_test_copy_is_marked_and_touches_no_delivery(desk, transport):
    add_comparisons(desk, 1)
    number = desk.build(slot_of(desk), actor="editor").number

    desk.test(number, "me@example.org")

    [(mailing, message)] = transport.sent
    assert mailing.subject.startswith("[Test] ")
    assert message.to == "me@example.org"
    assert desk.issue(number).state == IssueState.DRAFT
    assert desk.dispatch.books(number).lines == ()


def test_a_notice_in_doubt_is_not_sent_again_at_once(database):
    doubtful = MemoryTransport(lambda _: Receipt(Outcome.UNKNOWN))
    desk = make_desk(database, doubtful)
    desk.mailroom.tell("key", "Something", ["It happened."], [])

    desk.dispatch.deliver()

    with database.reading() as session:
        assert list(session.exec(select(col(NoticeRow.state)))) == ["queued"]
    assert len(doubtful.asked) == 1


def test_the_issue_is_dated_by_the_day_of_its_slot(desk):
    add_comparisons(desk, 1)

    issue = desk.build(slot_of(desk), actor="editor")

    assert issue.local_date == datetime(2026, 11, 23, tzinfo=UTC).date()
