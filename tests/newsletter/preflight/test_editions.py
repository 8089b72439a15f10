"""Preflight of the letters that readers with wishes would get: planned and checked, nothing written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from newsletter import weekly
from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import save
from newsletter.delivery.models import DeliveryState
from newsletter.desk import Desk
from newsletter.issues import frozen, wordings
from newsletter.issues.models import Issue
from newsletter.issues.rewording import CardPart, Words
from newsletter.issues.states import IssueState
from subscribers.wishes import Wishes
from tests.factories import MONDAY, add_subscribers, make_comparison, make_desk, store_comparisons
from tests.newsletter.editions.weeks import items_of, keep_view, reader, want
from tests.snapshot import changed, snapshot

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WEEK = timedelta(days=7)
WRONG = "Second is ahead with 99%."
DOUBTFUL = "The panel prefers Second."


@pytest.fixture
def desk(database):
    with database.writing() as session:
        add_subscribers(session, 2)
        store_comparisons(session, 2)
    return make_desk(database, now=MONDAY - WEEK)


def build(desk: Desk) -> Issue:
    return desk.build(desk.slots.to_build(), actor="test")


def wishes(desk: Desk, name: str, wish: Wishes) -> None:
    with desk.database.writing() as session:
        reader(session, name, wish)


def in_november(desk: Desk) -> tuple[Desk, Issue]:
    """The second of two issues of November, with one new match-up, and somebody who waits for December."""
    desk.send(build(desk).number, actor="test")
    wishes(desk, "monthly", Wishes("monthly"))
    with desk.database.writing() as session:
        save(session, make_comparison("second", "seconds"), now=MONDAY)
    last = make_desk(desk.database, now=MONDAY)
    return last, build(last)


def in_december(desk: Desk) -> tuple[Desk, Issue]:
    with desk.database.writing() as session:
        save(session, make_comparison("third", "thirds"), now=MONDAY)
    december = make_desk(desk.database, now=MONDAY + WEEK)
    return december, build(december)


def ids(desk: Desk, issue: Issue) -> str:
    with desk.database.reading() as session:
        return ", ".join(map(str, items_of(session, issue)))


def alter(desk: Desk, number: int) -> None:
    """Change what is frozen of an issue, as no door does."""
    with desk.database.writing() as session:
        issue = session.get_one(Issue, number)
        view = frozen.view(issue)
        card = replace(view.cards[0], numbers=WRONG)
        keep_view(session, issue, replace(view, cards=(card, *view.cards[1:])))


def test_good_editions_have_no_finding_and_nothing_is_written(desk):
    followed = frozenset({"left-1"})
    wishes(desk, "followed", Wishes("followed", follows=followed))
    wishes(desk, "monthly", Wishes("monthly"))
    wishes(desk, "topics", Wishes(topics=frozenset({"Audio"})))
    issue = build(desk)
    before = snapshot(desk.database)

    assert desk.preflight(issue) == []
    assert changed(before, snapshot(desk.database)) == {}


def test_what_the_whole_issue_shows_is_not_told_again_of_its_editions(desk):
    wishes(desk, "monthly", Wishes("monthly"))
    number = build(desk).number
    alter(desk, number)

    findings = desk.preflight(desk.issue(number))

    assert "foreign-number" in {found.code for found in findings}
    assert not [found for found in findings if "edition" in found.where]


def test_what_is_wrong_in_what_waited_holds_the_monday_and_names_the_edition(desk):
    november, earlier = in_november(desk)
    november.send(earlier.number, actor="test")
    alter(desk, earlier.number)
    december, issue = in_december(november)

    findings = december.preflight(issue)

    assert {found.level for found in findings} == {"hold"}
    edition = f"monthly edition of {ids(december, issue)}, {ids(december, earlier)}"
    assert {found.where for found in findings} == {f"Second vs Seconds, {edition}"}
    assert "held" in weekly.publish(december, december.slots.next())


def test_an_editor_may_send_it_all_the_same(desk):
    november, earlier = in_november(desk)
    november.send(earlier.number, actor="test")
    alter(desk, earlier.number)
    december, issue = in_december(november)

    books = december.send(issue.number, actor="an editor")

    assert books.count(DeliveryState.ACCEPTED) == 3


def test_what_an_editor_let_pass_in_november_is_not_asked_again_in_december(desk):
    november, _ = in_november(desk)
    with desk.database.writing() as session:
        entry = lookup.entry(session, "second-vs-seconds")
        assert entry is not None
        wordings.put_for_comparison(
            session, entry, CardPart.VERDICT, Words(DOUBTFUL), now=MONDAY, actor="an editor"
        )
    earlier = build(november)
    assert [found.code for found in november.preflight(earlier)] == ["verdict-contradicts-words"]
    november.approve(earlier.number, actor="an editor")
    november.send(earlier.number, actor="an editor")

    december, issue = in_december(november)

    assert december.preflight(issue) == []


def test_the_editions_of_an_issue_that_is_leaving_are_those_that_it_has(desk):
    wishes(desk, "monthly", Wishes("monthly"))
    number = build(desk).number
    desk.dispatch.start(number, actor="test")
    wishes(desk, "late", Wishes("followed", follows=frozenset({"left-1"})))

    assert desk.preflight(desk.issue(number)) == []


def test_editions_that_cannot_be_planned_block(desk):
    wishes(desk, "monthly", Wishes("monthly"))
    issue = build(desk)
    with desk.database.writing() as session:
        session.execute(text("UPDATE subscribers SET topics = '5' WHERE tailored"))

    [finding] = desk.preflight(issue)

    assert (finding.code, finding.level) == ("preflight-broken", "block")
    assert IssueState(desk.issue(issue.number).state) is IssueState.DRAFT


def test_an_issue_that_meets_nobodys_wishes_is_told_of_before_its_hour(database):
    follow_elsewhere = Wishes("followed", follows=frozenset({"a-tool-of-no-issue"}))
    with database.writing() as session:
        store_comparisons(session, 2)
        reader(session, "ada", follow_elsewhere)
        grace = reader(session, "grace", follow_elsewhere)
    desk = make_desk(database)
    issue = build(desk)

    [found] = desk.preflight(issue)
    with database.writing() as session:
        want(session, grace, Wishes())

    assert (found.code, found.level) == ("wishes-unmet", "note")
    assert desk.preflight(issue) == []
