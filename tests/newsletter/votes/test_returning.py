"""What an issue that is built tells of the votes on the one before it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.catalogue.store import save
from newsletter.issues import frozen
from newsletter.rendering.views import Share, VoteResult
from newsletter.service import Service
from newsletter.votes.returning import ReturningVotes
from tests.factories import MONDAY, add_subscribers, make_comparison, store_comparisons
from tests.newsletter.votes.leaving import answer, begin_to_leave, make_unreadable, match_ups

FRIDAY = MONDAY + timedelta(days=4)
WEEK = timedelta(weeks=1)


@pytest.fixture
def friday(service: Service) -> Service:
    """The Friday after issue 1 left with two match-ups; one more waits for issue 2."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    begin_to_leave(service)
    with service.database.writing() as session:
        save(session, make_comparison("new-left", "new-right"), now=MONDAY)
    return service.as_of(lambda: FRIDAY)


def built(service: Service) -> int:
    return service.desk.build(service.desk.slots.next(), actor="test").number


def results(service: Service, number: int = 2) -> tuple[VoteResult, ...]:
    return frozen.view(service.desk.issue(number)).results


def test_the_next_issue_tells_of_each_match_up_with_enough_votes(friday):
    answer(friday, 1, a=20, b=10, neither=4)
    answer(friday, 2, a=14, b=10, neither=400)

    assert built(friday) == 2

    [result] = results(friday)
    assert result == VoteResult(
        issue=1,
        counted_on=date(2026, 11, 27),
        title="Left 1 vs Right 1",
        url="http://localhost/archive/1#c-left-1-vs-right-1",
        tool_a="Left 1",
        tool_b="Right 1",
        panel_a=75,
        panel_b=75,
        share=Share(67, 33, votes=30, neither=4),
    )


def test_results_stand_in_the_order_of_their_issue(friday):
    for place in (2, 1):
        answer(friday, place, a=25)

    built(friday)

    assert [one.title for one in results(friday)] == ["Left 1 vs Right 1", "Left 2 vs Right 2"]


def test_the_first_issue_has_nothing_to_tell(friday):
    assert results(friday, 1) == ()


def test_a_rebuild_takes_the_newer_numbers_and_more_votes_alone_hold_nothing(friday):
    answer(friday, 1, a=20, b=10)
    number = built(friday)
    answer(friday, 1, b=10)

    found = friday.desk.preflight(friday.desk.issue(number))

    assert {finding.code for finding in found} <= {"editors-missing", "audience-empty"}
    assert results(friday)[0].share == Share(67, 33, 30)
    built(friday)
    assert results(friday)[0].share == Share(50, 50, 40)


def test_a_draft_that_tells_of_another_issue_than_the_last_is_outdated(friday):
    answer(friday, 1, a=25)
    early = built(friday)
    later = friday.as_of(lambda: FRIDAY + 2 * WEEK)
    with later.database.writing() as session:
        save(session, make_comparison("third-left", "third-right"), now=FRIDAY)
    late = built(later)
    with friday.database.writing() as session:
        issue = friday.desk.issue(early)
        issue.sending_at = FRIDAY
        session.add(issue)

    found = friday.desk.preflight(friday.desk.issue(late))

    assert ("draft-outdated", "votes") in {(one.code, one.where) for one in found}


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 27), ("Asia/Tokyo", 28), ("America/New_York", 27)]
)
def test_the_day_of_the_counting_is_that_of_the_newsletters_zone(friday, zone, day):
    answer(friday, 1, a=25)
    night = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)

    with friday.database.reading() as session:
        votes = ReturningVotes(25, ZoneInfo(zone), "http://localhost")
        [result] = votes(session, 2, night)

    assert result.counted_on == date(2026, 11, day)


def test_an_issue_that_cannot_be_read_is_told_nothing_of_and_holds_nothing_up(friday):
    answer(friday, 1, a=25)
    make_unreadable(friday, 1)

    number = built(friday)

    assert results(friday) == ()
    found = friday.desk.preflight(friday.desk.issue(number))
    assert [finding for finding in found if finding.level == "block"] == []


def test_an_issue_built_late_tells_nothing_of_one_that_came_after_it(friday):
    answer(friday, 1, a=25)

    with friday.database.reading() as session:
        assert friday.desk.press.votes(session, 1, FRIDAY) == ()


def test_votes_are_those_on_that_issue_alone(friday):
    answer(friday, 1, a=25)
    built(friday)
    with friday.database.writing() as session:
        issue = friday.desk.issue(2)
        issue.sending_at = FRIDAY
        session.add(issue)
    [only] = match_ups(friday, 2)

    with friday.database.reading() as session:
        assert friday.desk.press.votes(session, 3, FRIDAY) == ()
    answer(friday, 1, number=2, b=25)
    with friday.database.reading() as session:
        [result] = friday.desk.press.votes(session, 3, FRIDAY)
    assert (result.issue, result.share) == (2, Share(0, 100, 25))
    assert only
