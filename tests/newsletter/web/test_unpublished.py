"""What has not begun to leave is nowhere: not in a list, a feed, a map, a figure, nor behind a token."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from newsletter.content.catalogue.store import save
from newsletter.desk import PlainEvent
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from subscribers.tokens import EXPIRING, Purpose
from tests.factories import MONDAY, add_subscribers, make_comparison
from tests.newsletter.web.doors import OWN
from tests.newsletter.web.routes import doors

STATES = {2: "draft", 3: "approved", 4: "held", 5: "missed", 6: "cancelled"}
ENDINGS: dict[str, PlainEvent] = {
    "held": IssueEvent.HELD,
    "missed": IssueEvent.MISSED,
    "cancelled": IssueEvent.CANCELLED,
}
NAMED = re.compile(r"(?:issue|archive/|Issue)\s*[2-6]\b|hidden[- ](?:left|right)", re.IGNORECASE)


@pytest.fixture
def half_published(service: Service) -> Service:
    """One issue that was sent, and one in each state of those that were not."""
    with service.database.writing() as session:
        save(session, make_comparison("shown-left", "shown-right"), now=MONDAY)
        add_subscribers(session, 1)
    number = service.desk.build(service.desk.slots.next(), actor="test").number
    service.desk.send(number, actor="test")
    with service.database.writing() as session:
        save(session, make_comparison("hidden-left", "hidden-right"), now=MONDAY)
    for number, slot in enumerate(service.desk.slots.upcoming(len(STATES)), start=2):
        assert service.desk.build(slot, actor="test").number == number
        if event := ENDINGS.get(STATES[number]):
            service.desk.change(number, event, actor="test")
    service.desk.approve(3, actor="test")
    return service


def test_there_is_something_to_be_found(half_published):
    desk = half_published.desk

    assert {number: IssueState(desk.issue(number).state) for number in STATES} == STATES
    assert all("Hidden" in desk.issue(number).subject for number in STATES)
    assert NAMED.search(desk.issue(2).subject)


def test_no_door_gives_away_what_has_not_left(half_published):
    client = TestClient(create_app(half_published), client=("127.0.0.1", 50000))
    paths = list(addresses(half_published))
    for path in paths:
        answer = client.get(path)
        told = NAMED.search(answer.text + str(answer.headers))
        assert told is None, f"{path}: {answer.status_code} {told}"
    assert len(paths) > 80


def test_only_what_was_published_is_in_the_map(half_published):
    listed = re.findall(
        r"<loc>http://localhost(.*?)</loc>",
        TestClient(create_app(half_published)).get("/sitemap.xml").text,
    )

    assert listed == [
        "/",
        "/archive",
        "/archive/1",
        "/subscribe",
        "/how-verdicts-are-made",
        "/privacy",
    ]


def addresses(service: Service) -> Iterator[str]:
    """Give every address that a GET opens, with every number and every token of its own in its gap."""
    with service.database.reading() as session:
        reader = session.exec(select(Subscriber)).one().public_id
    for door in doors("GET"):
        if "{token}" not in door.template:
            yield from {door.filled(number=str(number)): None for number in STATES}
    for template, purpose in OWN:
        until = MONDAY.replace(day=30) if purpose in EXPIRING else None
        for number in STATES:
            token = service.signer.sign(purpose, reader, issue=number, expires=until)
            for query in ("", "?a=1", "?b=1", "?on=1") if purpose is Purpose.VOTE else ("",):
                yield template.format(token=token) + query
