"""Before a Monday: the draft is made once, editors are told and reminded, and silence has a meaning."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.ahead import draft_window
from newsletter.content.catalogue.store import save
from newsletter.database import Database
from newsletter.delivery.lateness import Span
from newsletter.issues.models import Issue
from newsletter.issues.policy import NOT_APPROVED
from newsletter.issues.seen import ChangedMeanwhile, mark
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.settings import InvalidSettings, load
from schedules.models import RunState, ScheduleRun
from schedules.windows import window_from
from tests.factories import add_subscribers, make_comparison, store_comparisons
from tests.journeys.world import World, world


@pytest.fixture(params=["sqlite"])
def database(database: Database) -> Database:
    """SQLite alone: who is told, and when, is asked of rooms that are tested on both."""
    return database


FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WAITS = {"policy": "held-unless-approved"}


@pytest.fixture
def chosen() -> dict[str, str]:
    return {}


@pytest.fixture
def here(database, tmp_path, chosen):
    """A service with three readers and something to tell them, on a Thursday."""
    with world(database, tmp_path, **chosen) as made:
        made.now = FRIDAY - DAY
        with database.writing() as session:
            store_comparisons(session, 1, now=made.now)
            add_subscribers(session, 3, now=made.now - DAY, pepper=made.service.pepper)
        yield made


def beat(here: World, at: datetime) -> None:
    """Let time pass, and every job of the heart run once."""
    here.now = at
    here.service.run_tick()
    here.service.prepare()
    here.service.dispatch.deliver()


def told(here: World) -> list[str]:
    return [str(one["Subject"]).partition(": ")[2] for one in here.letters(kind="notice-")]


def copies(here: World) -> int:
    return len(here.letters(kind="issue-"))


def issue(here: World) -> Issue:
    return here.service.desk.issue()


def test_the_draft_is_made_on_friday_and_editors_are_told_with_links(here):
    beat(here, FRIDAY - MINUTE)
    assert told(here) == []
    for minutes in range(3):
        beat(here, FRIDAY + minutes * MINUTE)

    assert told(here) == ["Issue 1 is ready to be looked at"]
    assert issue(here).state == IssueState.DRAFT
    [letter] = here.letters(kind="notice-")
    words = letter.get_content().replace("\r\n", "\n")
    assert issue(here).subject in " ".join(words.split())
    assert "unless somebody holds it" in " ".join(words.split())
    for link in (
        "/editor/issues/1/approve\n",
        "/editor/issues/1/hold\n",
        "/editor/issues/1/compose\n",
    ):
        assert f"https://news.example.com{link}" in words


def test_a_draft_that_is_there_stays_as_it_is_and_editors_are_told_of_it(here):
    before = here.service.desk.build(here.service.desk.slots.next(), actor="an editor")
    with here.service.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=here.now)

    beat(here, FRIDAY)

    assert issue(here).content_hash == before.content_hash
    assert told(here) == ["Issue 1 is ready to be looked at"]


def test_of_several_processes_one_makes_the_draft(here):
    here.now = FRIDAY
    ready, results = threading.Barrier(4), []

    def process() -> None:
        ready.wait()
        results.append(here.service.prepare())

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.state for one in results) == ["done", "waiting", "waiting", "waiting"]
    assert told(here) == ["Issue 1 is ready to be looked at"]


def test_a_process_that_was_down_on_friday_makes_it_when_it_is_back(here):
    beat(here, MONDAY - HOUR)

    assert issue(here).local_date == MONDAY.date()
    assert told(here) == ["Issue 1 is ready to be looked at"]


def test_after_its_hour_no_draft_is_made_any_more(here):
    here.now = MONDAY + HOUR

    made = here.service.prepare()

    assert made.note == "its hour had come: no draft"
    assert told(here) == []


def test_with_nothing_new_editors_are_told_on_friday_and_what_comes_later_leaves(database, here):
    beat(here, MONDAY)
    sent = copies(here)
    beat(here, FRIDAY + 7 * DAY)
    with database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=here.now)
    beat(here, MONDAY + 7 * DAY)

    assert sent == 3
    assert told(here)[-1] == "No draft for 2026-11-30: nothing new yet"
    assert copies(here) == 6


def test_whoever_sets_a_service_up_is_told_nothing_until_something_is_there(database, tmp_path):
    with world(database, tmp_path) as empty:
        empty.now = FRIDAY + HOUR
        empty.service.prepare()
        before = told(empty)
        with database.writing() as session:
            store_comparisons(session, 1, now=empty.now)
            add_subscribers(session, 1, now=empty.now, pepper=empty.service.pepper)
        empty.service.prepare()

        assert before == []
        assert told(empty) == ["Issue 1 is ready to be looked at"]


@pytest.mark.parametrize("chosen", [{"draft_at": "off"}])
def test_switched_off_the_issue_is_made_when_its_hour_comes(here):
    beat(here, FRIDAY + HOUR)
    assert told(here) == []

    beat(here, MONDAY)

    assert copies(here) == 3


@pytest.mark.parametrize(
    ("send_at", "draft_at", "weekday", "hours"),
    [
        ("mon 09:00", None, "fri", 71),
        ("wed 18:00", None, "sun", 80),
        ("tue 09:00", "mon 16:30", "mon", 16.5),
        ("mon 09:00", "mon 10:00", "mon", 144),  # the longest that a slot may be late
    ],
)
def test_a_draft_is_good_until_the_issue_is_due(send_at, draft_at, weekday, hours):
    window = draft_window(window_from(send_at, "UTC", 6 * HOUR), draft_at)

    assert window is not None
    assert (window.weekday, window.lateness) == (weekday, hours * HOUR)


def test_a_draft_at_the_hour_of_the_issue_is_none_ahead():
    assert draft_window(window_from("mon 09:00", "UTC", 6 * HOUR), "Monday 9:00") is None


def test_a_time_that_cannot_be_read_is_refused_by_its_name():
    with pytest.raises(InvalidSettings, match=r"NEWSLETTER_DRAFT_AT: .*off"):
        load(draft_at="friday")


def test_unless_held_it_goes_without_a_reminder(here):
    for at in (FRIDAY, MONDAY - HOUR, MONDAY):
        beat(here, at)

    assert told(here) == ["Issue 1 is ready to be looked at"]
    assert copies(here) == 3


def test_one_that_is_held_is_reminded_of_four_hours_before_its_hour_and_once(here):
    beat(here, FRIDAY)
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="the numbers look odd")
    beat(here, MONDAY - 4 * HOUR - MINUTE)
    before = len(told(here))
    for minutes in range(3):
        beat(here, MONDAY - 4 * HOUR + minutes * MINUTE)

    assert before == 1
    assert told(here)[1:] == ["Issue 1 would not leave: it waits for your word"]
    assert "/editor/issues/1/release\r\n" in here.letters(kind="notice-")[-1].get_content()


def further_east(database: Database, here: World) -> None:
    """Let the first reader have their nine o'clock thirteen hours before the slot."""
    with database.writing() as session:
        [first, *_] = add_subscribers(session, 1, now=here.now, pepper=here.service.pepper)
        first.timezone = "Pacific/Auckland"
        session.add(first)


def test_where_readers_are_further_east_editors_are_told_when_it_begins(database, here):
    further_east(database, here)
    beat(here, FRIDAY)

    words = " ".join(here.letters(kind="notice-")[0].get_content().split())
    assert "It leaves Monday 23 November 2026 at 09:00 (UTC) by itself" in words
    assert "further east: it begins Sunday 22 November 2026 at 20:00 (UTC)." in words


def test_where_readers_are_further_east_the_reminder_comes_before_it_would_begin(database, here):
    further_east(database, here)
    beat(here, FRIDAY)
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="the numbers look odd")
    beat(here, MONDAY - 17 * HOUR - MINUTE)
    before = len(told(here))
    beat(here, MONDAY - 17 * HOUR)

    assert before == 1
    assert told(here)[1:] == ["Issue 1 would not leave: it waits for your word"]


def test_what_is_found_when_the_first_reader_has_their_hour_is_told_once(database, here):
    """The notice that it is held is no reason to remind anybody of what is past."""
    further_east(database, here)
    beat(here, FRIDAY)
    beat(here, MONDAY - 14 * HOUR)
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="the numbers look odd")
    here.now = MONDAY - 13 * HOUR
    here.service.run_tick()
    here.service.dispatch.deliver()
    beat(here, here.now + MINUTE)

    assert told(here).count("Issue 1 would not leave: it waits for your word") == 0


@pytest.mark.parametrize("chosen", [{"remind_hours": "0"}])
def test_with_no_hours_nobody_is_reminded(database, here):
    further_east(database, here)
    beat(here, FRIDAY)
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="the numbers look odd")
    for hours in (14, 13, 12, 1, 0):
        beat(here, MONDAY - hours * HOUR)

    assert "Issue 1 would not leave: it waits for your word" not in told(here)


def test_one_that_may_leave_late_only_is_reminded_of_before_its_hour(here):
    beat(here, FRIDAY)
    desk = here.service.desk
    desk.set_span(1, Span(not_before=MONDAY + 5 * HOUR), actor="editor 1")
    desk.change(1, IssueEvent.HELD, actor="editor 1", reason="the numbers look odd")
    beat(here, MONDAY - 4 * HOUR)

    assert told(here)[1:] == ["Issue 1 would not leave: it waits for your word"]


def test_a_hold_lifted_before_the_slot_lets_it_go_though_the_first_hour_had_come(database, here):
    further_east(database, here)
    beat(here, FRIDAY)
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="a moment")
    beat(here, MONDAY - 13 * HOUR)
    here.now = MONDAY - 6 * HOUR
    here.service.desk.change(1, IssueEvent.RELEASED, actor="editor 1")
    beat(here, here.now + MINUTE)
    first = copies(here)
    beat(here, MONDAY)

    assert (first, copies(here)) == (1, 3)


@pytest.mark.parametrize("chosen", [WAITS])
def test_a_hold_lifted_before_the_slot_leaves_time_for_the_approval(database, here):
    further_east(database, here)
    beat(here, FRIDAY)
    here.service.desk.approve(1, actor="editor 1")
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="a moment")
    with database.writing() as session:  # as when preflight stops it at the first reader's hour
        run = ScheduleRun(
            schedule="weekly",
            local_date=MONDAY.date(),
            due_at=MONDAY,
            state=RunState.DONE,
            claimed_by="another",
            claimed_at=MONDAY - 13 * HOUR,
        )
        session.add(run)
    here.now = MONDAY - 6 * HOUR
    here.service.desk.change(1, IssueEvent.RELEASED, actor="editor 1")
    beat(here, here.now + MINUTE)

    assert issue(here).state == IssueState.DRAFT


@pytest.mark.parametrize("chosen", [WAITS])
def test_unless_approved_it_is_held_at_its_hour_and_editors_are_reminded_before(here):
    beat(here, FRIDAY)
    beat(here, MONDAY - 4 * HOUR)
    for minutes in range(3):
        beat(here, MONDAY + minutes * MINUTE)

    assert told(here) == [
        "Issue 1 is ready to be looked at",
        "Issue 1 would not leave: it waits for your word",
        "Issue 1 is held: nobody has approved it",
    ]
    assert (issue(here).state, issue(here).note) == (IssueState.HELD, NOT_APPROVED)
    assert copies(here) == 0
    words = " ".join(here.letters(kind="notice-")[-1].get_content().split())
    assert "Approve it by Monday 23 November 2026 at 15:00 (UTC) and it leaves at once" in words


@pytest.mark.parametrize("chosen", [WAITS])
def test_approved_in_time_it_leaves_and_nobody_is_reminded(here):
    beat(here, FRIDAY)
    here.service.desk.approve(1, actor="editor 1", seen=mark(issue(here)))
    beat(here, MONDAY - HOUR)
    beat(here, MONDAY)

    assert told(here) == ["Issue 1 is ready to be looked at"]
    assert copies(here) == 3


@pytest.mark.parametrize("chosen", [WAITS])
def test_approved_after_its_hour_and_not_too_late_it_leaves_at_once_and_once(here):
    beat(here, MONDAY)
    here.now = MONDAY + 6 * HOUR - MINUTE
    here.service.desk.approve(1, actor="editor 1", seen=mark(issue(here)))
    for minutes in range(3):
        beat(here, here.now + minutes * timedelta(seconds=20))

    assert copies(here) == 3
    assert issue(here).state == IssueState.SETTLED


@pytest.mark.parametrize("chosen", [WAITS])
def test_approved_too_late_it_does_not_leave_by_itself(here):
    beat(here, MONDAY)
    here.now = MONDAY + 6 * HOUR + MINUTE
    here.service.desk.approve(1, actor="editor 1")
    beat(here, here.now + MINUTE)

    assert copies(here) == 0
    assert issue(here).state == IssueState.APPROVED


@pytest.mark.parametrize("chosen", [WAITS])
def test_approved_in_time_while_no_process_looks_until_it_is_too_late_it_is_missed(here):
    beat(here, MONDAY)
    here.now = MONDAY + 5 * HOUR
    here.service.desk.approve(1, actor="editor 1")
    beat(here, MONDAY + 7 * HOUR)

    assert copies(here) == 0
    assert issue(here).state == IssueState.MISSED
    assert told(here)[-1] == "The issue of 2026-11-23 was missed"


def test_a_hold_lifted_after_its_hour_lets_it_go_with_an_approval(here):
    beat(here, FRIDAY)
    here.service.desk.change(1, IssueEvent.HELD, actor="editor 1", reason="a moment")
    beat(here, MONDAY)
    here.now = MONDAY + HOUR
    here.service.desk.change(1, IssueEvent.RELEASED, actor="editor 1")
    beat(here, here.now + MINUTE)
    before = copies(here)
    here.service.desk.approve(1, actor="editor 1")
    beat(here, here.now + MINUTE)

    assert (before, copies(here)) == (0, 3)


@pytest.mark.parametrize("chosen", [WAITS])
def test_readers_further_east_wait_for_the_approval_until_the_slot(database, here):
    further_east(database, here)
    beat(here, FRIDAY)
    beat(here, MONDAY - 12 * HOUR)
    before = issue(here).state
    here.service.desk.approve(1, actor="editor 1")
    beat(here, MONDAY - 12 * HOUR + MINUTE)

    assert before == IssueState.DRAFT
    assert copies(here) == 1


@pytest.mark.parametrize("chosen", [WAITS])
def test_what_was_approved_and_changed_then_waits_again(database, here):
    beat(here, FRIDAY)
    desk = here.service.desk
    desk.approve(1, actor="editor 1")
    with database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=here.now)
    desk.build(desk.slots.next(), actor="editor 2")
    beat(here, MONDAY)

    assert (issue(here).state, issue(here).note) == (IssueState.HELD, NOT_APPROVED)


SPRING, AUTUMN = date(2027, 3, 29), date(2026, 10, 26)


@pytest.mark.parametrize("chosen", [WAITS | {"time_zone": "Europe/Berlin"}])
@pytest.mark.parametrize(
    ("monday", "friday_at", "monday_at"), [(SPRING, 9, 7), (AUTUMN, 8, 8)], ids=["spring", "autumn"]
)
def test_over_a_weekend_on_which_clocks_change_everything_comes_at_its_wall_time(
    database, tmp_path, chosen, monday, friday_at, monday_at
):
    midnight = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    friday, slot = midnight - 3 * DAY + friday_at * HOUR, midnight + monday_at * HOUR
    with world(database, tmp_path, **chosen) as here:
        with database.writing() as session:
            store_comparisons(session, 1, now=friday - DAY)
            add_subscribers(session, 2, now=friday - DAY, pepper=here.service.pepper)
        here.now = friday - DAY
        counted = []
        for at in (friday, slot - 4 * HOUR, slot):
            beat(here, at - MINUTE)
            counted.append(len(told(here)))
            beat(here, at)
            counted.append(len(told(here)))
        beat(here, slot + MINUTE)

        assert counted == [0, 1, 1, 2, 2, 3]
        assert " at 09:00 (Europe/Berlin, " in here.letters(kind="notice-")[0].get_content()


def test_a_word_about_what_is_not_there_any_more_is_refused(database, here):
    beat(here, FRIDAY)
    desk, seen = here.service.desk, mark(issue(here))
    with database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=here.now)
    desk.build(desk.slots.next(), actor="editor 2")

    with pytest.raises(ChangedMeanwhile):
        desk.approve(1, actor="editor 1", seen=seen)

    assert issue(here).state == IssueState.DRAFT


def test_an_issue_that_is_changed_while_it_is_checked_is_not_approved(database, here):
    beat(here, FRIDAY)
    desk = here.service.desk

    def change(_findings: object) -> None:
        with database.writing() as session:
            save(session, make_comparison("brand-new", "just-in"), now=here.now)
        desk.build(desk.slots.next(), actor="editor 2")

    with pytest.raises(ChangedMeanwhile):
        desk.approve(1, actor="editor 1", told=change)

    assert issue(here).approved_hash is None


@pytest.mark.parametrize("chosen", [WAITS])
def test_an_approval_at_the_very_hour_is_not_lost(database, here):
    """It comes after the schedule has held the issue, and before that is in the ledger."""
    beat(here, FRIDAY)
    here.now = MONDAY
    desk = here.service.desk
    desk.change(1, IssueEvent.HELD, actor="schedule", reason=NOT_APPROVED)
    with database.writing() as session:
        session.add(
            ScheduleRun(
                schedule="weekly",
                local_date=MONDAY.date(),
                due_at=MONDAY,
                claimed_by="another process",
                claimed_at=MONDAY,
            )
        )
    desk.approve(1, actor="editor 1")
    beat(here, MONDAY + MINUTE)

    assert copies(here) == 3
