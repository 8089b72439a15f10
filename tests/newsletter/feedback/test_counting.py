"""Clicks become numbers by link, once, and then nobody knows whose they were."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from newsletter.clicks import figures
from newsletter.feedback.models import ProviderEvent
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from tests.factories import MONDAY
from tests.newsletter.clicks.test_rules import FIREFOX
from tests.newsletter.feedback.telling import ISSUE, Told, issue_to

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def tracked(service):
    issue_to(service, 3)
    with service.database.writing() as session:
        issue = session.get_one(Issue, ISSUE)
        issue.tracks_clicks = True
        session.add(issue)
    return service


def at(service, moment):
    return replace(service.listener, clock=lambda: moment)


def link_of(service, place=0):
    with service.database.reading() as session:
        return frozen.view(session.get_one(Issue, ISSUE)).match_ups[place].url


def clicked(told, link, hours=1.0, **more):
    known = {"UserAgent": FIREFOX, "Platform": "Desktop", "OriginalLink": link}
    return told.opened(hours, **(known | more)) | {"RecordType": "Click"}


def counts(service):
    with service.database.reading() as session:
        found = figures.of_issue(session, session.get_one(Issue, ISSUE))
    return None if found is None else [(one.human, one.machine, one.unknown) for one in found]


def events(service):
    with service.database.reading() as session:
        rows = session.exec(select(ProviderEvent).order_by(col(ProviderEvent.id))).all()
    return [(row.kind, bool(row.body)) for row in rows]


def test_a_click_is_counted_once_by_its_link_and_then_forgotten(tracked):
    told = Told(tracked)
    click = clicked(told, link_of(tracked))
    heard = at(tracked, LATER)
    heard.hear(told.delivered())
    heard.hear(click)

    assert heard.count() == 0
    assert at(tracked, LATER + timedelta(minutes=15)).count() == 1
    heard.hear(click)
    assert at(tracked, LATER + timedelta(minutes=30)).count() == 0

    assert counts(tracked) == [(1, 0, 0)]
    assert events(tracked) == [("delivered", True), ("alive", False)]
    assert told.copy.feedback == "delivered"


def test_a_filter_is_told_from_the_readers_of_other_copies(tracked):
    link, heard = link_of(tracked), at(tracked, LATER)
    filtered = Told(tracked, 1)
    heard.hear(filtered.delivered(0.0))
    for number in range(4):
        later = 0.01 + number / 36000
        heard.hear(clicked(filtered, link if number == 3 else f"https://x.example/{number}", later))
    heard.hear(clicked(Told(tracked, 2), link))
    heard.hear(clicked(Told(tracked, 3), link, UserAgent=""))

    at(tracked, LATER + timedelta(hours=1)).count()

    assert counts(tracked) == [(1, 1, 1)]


def test_links_that_are_none_of_its_match_ups_are_not_counted(tracked):
    heard = at(tracked, LATER)
    heard.hear(clicked(Told(tracked), "https://somewhere.example/"))
    heard.hear(clicked(Told(tracked), None))

    assert at(tracked, LATER + timedelta(hours=1)).count() == 2
    assert counts(tracked) == [(0, 0, 0)]


def test_of_an_issue_whose_clicks_are_not_counted_nothing_is_kept(service):
    issue_to(service, 1)
    told, heard = Told(service), at(service, LATER)
    heard.hear(clicked(told, link_of(service)))
    heard.hear(told.opened())

    assert at(service, LATER + timedelta(hours=1)).count() == 2

    assert counts(service) is None
    assert events(service) == [("alive", False)] * 2
