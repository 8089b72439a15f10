"""A published issue that this release cannot read: the others are there all the same."""

import feedparser
import pytest
from fastapi.testclient import TestClient

from newsletter.service import Service
from newsletter.web.app import create_app
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_the_next, begin_to_leave, make_unreadable


@pytest.fixture
def client(service: Service) -> TestClient:
    """Issues 1 and 2 have left; the first cannot be read."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    begin_to_leave(service)
    begin_the_next(service.as_of(lambda: MONDAY.replace(day=30)))
    make_unreadable(service, 1)
    return TestClient(create_app(service), raise_server_exceptions=False)


def test_the_list_keeps_its_place_with_number_and_date(client):
    page = client.get("/archive")

    assert page.status_code == 200
    assert 'href="/archive/1"' in page.text
    assert "Issue 1 · Monday 30 November 2026" in page.text
    assert "cannot be shown at the moment" in page.text


def test_its_page_says_that_it_cannot_be_shown_now(client):
    page = client.get("/archive/1")

    assert page.status_code == 503
    assert "Issue 1 · Monday 30 November 2026" in page.text
    assert "Nothing of\nit is lost" in page.text
    assert (page.headers["cache-control"], page.headers["retry-after"]) == ("no-store", "3600")


def test_programs_are_told_the_same(client):
    answer = client.get("/archive/1.json")

    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert "cannot read" in answer.json()["detail"]


def test_the_feeds_leave_it_out(client):
    entries = feedparser.parse(client.get("/feed.xml").content).entries

    assert [entry.id for entry in entries] == ["http://localhost/archive/2"]
    assert [item["id"] for item in client.get("/feed.json").json()["items"]] == [entries[0].id]


def test_every_other_page_is_there(client):
    for path in ("/", "/archive/2", "/archive/2.json", "/sitemap.xml"):
        assert client.get(path).status_code == 200
    assert client.get("/archive/latest", follow_redirects=False).headers["location"] == "/archive/2"


def test_the_front_page_does_not_say_that_nothing_was_sent(service, client):
    make_unreadable(service, 2)

    page = client.get("/")

    assert page.status_code == 200
    assert "No issue has been sent yet" not in page.text
