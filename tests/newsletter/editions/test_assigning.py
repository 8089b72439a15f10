import pytest
from sqlalchemy import event
from sqlmodel import col, select
from structlog.testing import capture_logs

from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.editions.assigning import Assignment, assignments
from newsletter.editions.ledger import CARRIED, DELIVERIES
from newsletter.editions.models import Edition
from newsletter.issues.models import IssueItem
from subscribers.models import Subscriber
from subscribers.wishes import Wishes
from tests.factories import make_tool
from tests.newsletter.editions.weeks import (
    EVERYBODY,
    Got,
    at_nine,
    comes,
    compare,
    deliver,
    freeze_issue,
    items_of,
    leave,
    monday,
    reader,
    topic,
    want,
    week,
)

WEEKLY = Wishes()
MONTHLY = Wishes("monthly")


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def following(*tools: str) -> Wishes:
    return Wishes("followed", follows=frozenset(tools))


def test_plain_readers_are_not_worked_out_and_whoever_once_had_wishes_gets_the_whole_issue(session):
    reader(session, "plain")
    once = reader(session, "once", Wishes(topics=frozenset({"Audio"})))
    want(session, once, WEEKLY)

    assert list(assignments(session, week(session, 1), EVERYBODY)) == [Assignment(once, None)]
    assert session.exec(select(Edition)).all() == []


def test_only_those_who_are_asked_about_are_worked_out(session):
    one, other = (reader(session, name, MONTHLY) for name in ("one", "other"))
    issue = week(session, 1)

    assert [a.subscriber_id for a in assignments(session, issue, EVERYBODY)] == [one, other]
    assert [a.subscriber_id for a in assignments(session, issue, col(Subscriber.id) == other)] == [
        other
    ]


def test_a_time_zone_comes_along(session):
    one = reader(session, "one", MONTHLY)
    session.get_one(Subscriber, one).timezone = "Asia/Kathmandu"

    assert [a.timezone for a in assignments(session, week(session, 1), EVERYBODY)] == [
        "Asia/Kathmandu"
    ]


def test_a_monthly_reader_gets_the_month_with_the_first_issue_of_the_next_newest_first(session):
    one = reader(session, "one", MONTHLY)
    first, *others, december = (week(session, number) for number in range(1, 7))

    letters = [comes(session, issue, one) for issue in (first, *others, december)]

    assert letters == [
        Got("monthly", items_of(session, first)),
        *[Got("none", reason="monthly")] * 4,
        Got("monthly", items_of(session, december, *reversed(others))),
    ]


def test_only_an_issue_that_began_to_leave_can_be_the_first_of_its_month(session):
    one = reader(session, "one", MONTHLY)
    freeze_issue(session, 1, [compare(session, "never", "left")], begun=False)

    assert comes(session, week(session, 2), one).kind == "monthly"


def test_an_issue_that_is_sent_after_a_later_one_of_its_month_is_not_its_first(session):
    one = reader(session, "one", MONTHLY)
    late = freeze_issue(session, 1, [compare(session, "sent", "late")], begun=False)
    leave(session, week(session, 2))
    late.sending_at = at_nine(monday(3))

    assert leave(session, late)[one].reason == "monthly"


def test_what_was_sent_late_waits_although_a_later_number_was_read(session):
    one = reader(session, "one", MONTHLY)
    late = freeze_issue(session, 1, [compare(session, "sent", "late")], begun=False)
    leave(session, week(session, 2))
    late.sending_at = at_nine(monday(3))
    leave(session, late)

    december = week(session, 6)

    letter = comes(session, december, one)
    assert letter == Got("monthly", items_of(session, december, late))


def test_a_reader_who_is_weekly_again_catches_up_once(session):
    one = reader(session, "one", MONTHLY)
    for number in (1, 2):
        leave(session, week(session, number))
    want(session, one, WEEKLY)

    third, fourth = week(session, 3), week(session, 4)
    letters = [comes(session, issue, one) for issue in (third, fourth)]

    second = items_of(session, third)[0] - 1
    assert letters[0].kind == "catch-up"
    assert letters[0].items == (*items_of(session, third), second - 1, second)
    assert letters[1] == Got("issue", items_of(session, fourth))


@pytest.mark.parametrize("state", [state.value for state in DeliveryState])
def test_only_a_letter_that_may_have_arrived_ends_the_waiting(session, state):
    one = reader(session, "one", MONTHLY)
    leave(session, week(session, 1))
    second, december, january = week(session, 2), week(session, 6), week(session, 10)
    for issue in (second, december):
        leave(session, issue, {one: (state, "because")})

    letter = comes(session, january, one)

    arrived = state not in {"rejected", "skipped"}
    assert letter.items == items_of(session, january, *([] if arrived else [second]))


def test_what_appeared_during_a_pause_or_before_the_sign_up_does_not_wait(session):
    early = week(session, 1)
    one = reader(session, "one", MONTHLY)
    paused, mailed = week(session, 2), week(session, 6)
    deliver(session, early, one, state="skipped", reason="paused")

    letter = comes(session, mailed, one)

    assert letter.items == items_of(session, mailed)
    assert not set(items_of(session, early, paused)) & set(letter.items)


def test_what_waits_is_judged_by_the_topics_of_today(session):
    one = reader(session, "one", Wishes("monthly", frozenset({"Video Editing"})))
    leave(session, week(session, 1))
    second = freeze_issue(
        session,
        2,
        [
            compare(session, topic("Audio", "hum"), topic("Voice", "sing")),
            compare(session, topic("Models", "think"), topic("LLMs", "ponder")),
        ],
    )
    leave(session, second)
    want(session, one, Wishes("monthly", frozenset({"Audio"})))

    letter = comes(session, week(session, 6), one)

    assert letter == Got("monthly", items_of(session, second)[:1])


def test_what_was_on_no_chosen_topic_when_it_was_due_does_not_wait_for_other_topics(session):
    one = reader(session, "one", MONTHLY)
    for number in (1, 2):
        leave(session, week(session, number))
    want(session, one, Wishes("monthly", frozenset({"Audio"})))
    december = week(session, 6)
    assert leave(session, december)[one].reason == "no-chosen-topic"
    want(session, one, WEEKLY)

    letter = comes(session, issue := week(session, 7), one)

    assert letter == Got("issue", items_of(session, issue))


def test_what_a_follower_did_not_want_does_not_wait(session):
    one = reader(session, "one", following("nothing-here"))
    assert leave(session, week(session, 1))[one].reason == "no-followed-tool"
    want(session, one, WEEKLY)

    assert comes(session, week(session, 2), one).kind == "issue"


@pytest.mark.parametrize("slug", ["whisper-2", "whisper-large", "whisper"])
def test_a_followed_tool_is_found_under_every_slug_of_its_name(session, slug):
    """One name has many slugs, and before its address was known it had one made of the name."""
    compare(session, make_tool("whisper-2", name="WHISPER"), "piper")
    entry = compare(session, make_tool("whisper-large", name="Whisper"), "vosk")
    one = reader(session, "one", following(slug))
    issue = freeze_issue(session, 1, [compare(session, "left", "right"), entry])

    assert comes(session, issue, one) == Got("followed", (entry.id,))


def test_equal_choices_are_one_edition_and_a_later_wave_finds_them_again(session):
    wish = following("left-1-1")
    first = [reader(session, name, wish) for name in ("one", "two")]
    other = reader(session, "three", following("left-1-2"))
    issue = week(session, 1)

    before = {a.subscriber_id: a.edition for a in assignments(session, issue, EVERYBODY)}
    joining = reader(session, "four", following("right-1-2"))
    after = {a.subscriber_id: a.edition for a in assignments(session, issue, EVERYBODY)}

    assert before == {first[0]: 1, first[1]: 1, other: 2}
    assert after == before | {joining: 2}
    assert [edition.number for edition in session.exec(select(Edition))] == [1, 2]


def test_equal_items_of_two_kinds_are_two_editions(session):
    topics = reader(session, "topics", Wishes(topics=frozenset({"Audio"})))
    followed = reader(session, "followed", following("hum"))
    entry = compare(session, topic("Audio", "hum"), topic("Voice", "sing"))
    issue = freeze_issue(session, 1, [entry, compare(session, "left", "right")])

    given = leave(session, issue)

    assert {given[topics].edition, given[followed].edition} == {1, 2}


def test_what_had_no_room_in_a_full_letter_comes_with_the_next(session):
    one = reader(session, "one", MONTHLY)
    leave(session, week(session, 1, count=1))
    november = [week(session, number, count=14) for number in (2, 3, 4)]
    for issue in november:
        leave(session, issue)
    want(session, one, WEEKLY)

    full, rest = comes(session, week(session, 6), one), comes(session, week(session, 7), one)
    last = comes(session, eighth := week(session, 8), one)

    second, *others = november
    assert full.items[2:] == (
        *items_of(session, *reversed(others)),
        *items_of(session, second)[:10],
    )
    assert rest.items[2:] == items_of(session, second)[10:]
    assert last == Got("issue", items_of(session, eighth))


def test_what_came_in_two_issues_by_mistake_is_not_sent_twice(session):
    one = reader(session, "one", MONTHLY)
    first, second, december = week(session, 1), week(session, 2), week(session, 6)
    [twice, _] = items_of(session, first)
    session.add(
        IssueItem(
            issue_number=2, position=3, comparison_id=twice, reason="pinned", because="a mistake"
        )
    )
    for issue in (first, second):
        leave(session, issue)

    letter = comes(session, december, one)

    assert letter.items == items_of(session, december, second)[:4]


def test_what_of_an_earlier_issue_nobody_can_read_is_left_out_and_told_to_the_log(session):
    one = reader(session, "one", MONTHLY)
    first, second, third, december = (week(session, number) for number in (1, 2, 3, 6))
    for issue in (first, second, third):
        leave(session, issue)
    second.content = '{"number": 2}'

    with capture_logs() as said:
        letter = comes(session, december, one)

    assert letter.items == items_of(session, december, third)
    assert [entry["event"] for entry in said] == ["issue_unreadable"]


def test_a_chunk_of_readers_costs_the_same_few_statements_however_many_they_are(session):
    def statements() -> int:
        seen: list[str] = []
        engine = session.get_bind()
        listen = ("before_cursor_execute", lambda *args: seen.append(args[2]))
        event.listen(engine, *listen)
        try:
            leave_nothing = list(assignments(session, december, EVERYBODY))
        finally:
            event.remove(engine, *listen)
        assert all(one.edition for one in leave_nothing)
        return len(seen)

    for number in range(3):
        reader(session, f"one{number}", MONTHLY)
    leave(session, week(session, 1))
    leave(session, week(session, 2))
    december = week(session, 6)
    list(assignments(session, december, EVERYBODY))  # the editions are opened
    few = statements()
    for number in range(60):
        more = reader(session, f"more{number}", MONTHLY)
        deliver(
            session, session.get_one(type(december), 2), more, state="skipped", reason="monthly"
        )

    assert statements() <= few


def test_the_part_of_the_deliveries_that_is_read_here_is_as_the_room_above_writes_it():
    columns = Delivery.__table__.columns  # type: ignore[attr-defined]

    assert Delivery.__tablename__ == DELIVERIES.name
    assert set(DELIVERIES.columns.keys()) <= set(columns.keys())
    assert set(CARRIED) == set(DeliveryState) - {DeliveryState.REJECTED, DeliveryState.SKIPPED}
