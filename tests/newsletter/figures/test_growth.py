"""Who came and went is counted from the steps of readers, and the weeks add up."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from newsletter.figures.goodbyes import goodbyes
from newsletter.figures.growth import growth
from newsletter.figures.weeks import last_weeks
from newsletter.leaving import leave
from subscribers import erasing, pausing, queries
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.states import Event
from subscribers.unsubscribe import By, undo
from tests.factories import MONDAY, add_subscribers

WEEK = timedelta(weeks=1)
START = MONDAY - 3 * WEEK


def figures(database, now=MONDAY):
    with database.reading() as session:
        found = growth(session, last_weeks(now, ZoneInfo("UTC"), 4))
    return [(one.readers, one.joined, one.left, one.lost) for one in found]


def test_each_week_is_the_one_before_and_who_joined_less_who_went(database):
    with database.writing() as session:
        people = [one.public_id for one in add_subscribers(session, 5, now=START)]
    with database.writing() as session:
        leave(session, people[0], now=START + WEEK, source="page")
        pausing.pause(session, people[1], until=MONDAY + WEEK, now=START + WEEK)
        gone = queries.locked_by_public_id(session, people[2])
        assert gone is not None
        record(session, gone, Event.HARD_BOUNCED, now=START + WEEK, actor=Actor.PROVIDER)
    with database.writing() as session:
        undo(session, people[0], now=START + WEEK + timedelta(hours=2), source="undo")
        erasing.erase(session, people[3], now=MONDAY, actor=Actor.READER)

    assert figures(database) == [(5, 5, 0, 0), (4, 1, 1, 1), (4, 0, 0, 0), (3, 0, 1, 0)]


def test_before_anybody_came_there_is_nothing(database):
    assert figures(database) == [(0, 0, 0, 0)] * 4


def test_who_leaves_by_a_link_leaves_by_its_issue_and_others_by_the_newest(database):
    with database.writing() as session:
        people = [one.public_id for one in add_subscribers(session, 6, now=START)]
        later = MONDAY + timedelta(days=1)
        leave(session, people[0], now=later, source="one-click", by=By(issue=1))
        leave(session, people[1], now=later, source="page", by=By(issue=2))
        leave(session, people[2], now=later, source="mailto")
        leave(session, people[3], now=later, source="page", by=By(issue=0))
        leave(session, people[4], now=MONDAY - timedelta(days=1), source="reply")
    spans = {1: (MONDAY - WEEK, MONDAY), 2: (MONDAY, MONDAY + WEEK)}
    with database.reading() as session:
        found = goodbyes(session, spans)

    assert (found[1].by_link, found[1].otherwise) == ({"one-click": 1}, {"reply": 1})
    assert (found[2].by_link, found[2].otherwise) == ({"page": 1}, {"mailto": 1})
    assert found[2].all == 2
