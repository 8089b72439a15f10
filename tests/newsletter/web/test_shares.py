"""Readers' shares on the public pages: nothing while a poll is open, all of it once it has closed."""

from datetime import timedelta

import feedparser
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from newsletter.issues import frozen
from newsletter.service import Service
from newsletter.web.app import create_app
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import answer, begin_the_next, begin_to_leave

WEEK = timedelta(weeks=1)
NEXT = MONDAY + WEEK
OWN = ("/archive/1", "/archive/1.json")
FEEDS = ("/feed.xml", "/feed.json")
SHARE = {
    "/archive/1": "67% of 30 reader votes",
    "/archive/1.json": '"reader_votes":{"share_a":67,"share_b":33,"votes":30,"neither":4}',
    "/feed.xml": "67% of 30 reader votes",
    "/feed.json": "67% of 30 reader votes",
}


@pytest.fixture
def voted(service: Service) -> Service:
    """Issue 1 has left with two match-ups; enough readers answered the first, and few the second."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    begin_to_leave(service)
    answer(service, 1, a=20, b=10, neither=4)
    answer(service, 2, a=3)
    return service


@pytest.fixture
def later(voted: Service) -> Service:
    """A week later, when issue 2 has begun to leave."""
    later = voted.as_of(lambda: NEXT)
    begin_the_next(later)
    return later


def site(service: Service) -> TestClient:
    return TestClient(create_app(service))


@pytest.mark.parametrize("path", SHARE)
def test_an_open_poll_shows_no_running_count(voted, path):
    page = site(voted).get(path).text

    assert SHARE[path] not in page
    assert "67" not in page.replace("\\u", "")


@pytest.mark.parametrize("path", SHARE)
def test_a_closed_poll_fills_what_had_no_votes_where_enough_have_voted(later, path):
    page = site(later).get(path).text

    assert page.count(SHARE[path]) == 1
    assert "3 reader votes" not in page


def test_too_few_votes_leave_the_words_as_they_were(later):
    page = site(later).get("/archive/1").text

    assert page.count("No votes yet") == 2
    assert site(later).get("/archive/1.json").json()["items"][1]["reader_votes"] is None


def test_the_share_is_that_of_the_readers_and_leaves_the_communitys_alone(later):
    [first, _] = site(later).get("/archive/1.json").json()["items"]

    assert first["tool_a"]["community_percent"] is None
    assert first["reader_votes"]["share_a"] + first["reader_votes"]["share_b"] == 100


def test_what_is_frozen_is_not_touched(voted, later):
    before = voted.desk.issue(1)
    site(later).get("/archive/1")

    after = later.desk.issue(1)
    assert (after.content, after.html, after.text) == (before.content, before.html, before.text)
    assert frozen.altered(after) == ()


@pytest.mark.parametrize("path", OWN)
def test_a_page_changes_its_fingerprint_and_its_date_when_the_poll_closes(voted, path):
    before = site(voted).get(path)
    later = voted.as_of(lambda: NEXT)
    begin_the_next(later)
    known = {"if-none-match": before.headers["etag"]}
    since = {"if-modified-since": before.headers["last-modified"]}

    after = site(later).get(path, headers=known)

    assert after.status_code == 200
    assert before.headers["last-modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"
    assert after.headers["last-modified"] == "Mon, 30 Nov 2026 09:00:00 GMT"
    assert site(later).get(path, headers=since).status_code == 200


def test_a_page_without_shares_keeps_its_date_when_its_poll_closes(service):
    with service.database.writing() as session:
        store_comparisons(session, 1)
    begin_to_leave(service)
    before = site(service).get("/archive/1")
    later = service.as_of(lambda: NEXT)
    begin_the_next(later)

    after = site(later).get("/archive/1")

    assert after.headers["etag"] == before.headers["etag"]
    assert after.headers["last-modified"] == before.headers["last-modified"]


def test_an_entry_is_updated_and_keeps_its_name_and_its_day(voted):
    [before] = feedparser.parse(site(voted).get("/feed.xml").content).entries
    later = voted.as_of(lambda: NEXT)
    begin_the_next(later)

    _, after = feedparser.parse(site(later).get("/feed.xml").content).entries
    _, item = site(later).get("/feed.json").json()["items"]

    assert (after.id, after.link, after.published) == (before.id, before.link, before.published)
    assert (before.updated, after.updated) == ("2026-11-23T09:00:00Z", "2026-11-30T09:00:00Z")
    assert (item["date_published"], item["date_modified"]) == (after.published, after.updated)


def test_a_poll_that_closes_in_the_future_is_open(voted):
    """A door that stands an hour before the next issue leaves, as in a run as of another time."""
    begin_the_next(voted.as_of(lambda: NEXT))

    hour_before = voted.as_of(lambda: NEXT - timedelta(hours=1))
    assert SHARE["/archive/1"] not in site(hour_before).get("/archive/1").text


@pytest.mark.parametrize(("path", "statements"), [("/archive/1", 4), ("/feed.xml", 4)])
def test_the_votes_of_all_issues_are_asked_for_at_once(later, path, statements):
    for weeks in (2, 3, 4):
        now = later.as_of(lambda weeks=weeks: MONDAY + weeks * WEEK)
        with now.database.writing() as session:
            store_comparisons(session, 2 + weeks)
        begin_to_leave(now)
    asked: list[str] = []
    engine, client = later.database.engine, site(later.as_of(lambda: MONDAY + 5 * WEEK))
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    client.get(path)

    assert sum(one.lstrip().startswith("SELECT") for one in asked) == statements


def test_the_next_issue_tells_the_same_numbers_in_every_form(later):
    client, letter = site(later), frozen.rendered(later.desk.issue(2))
    told = "30 votes: 67% for Left 1, 33% for Right 1; 4 more for neither."
    forms = [letter.html, letter.text, *(client.get(path).text for path in ("/archive/2", *FEEDS))]

    [result] = client.get("/archive/2.json").json()["results"]
    [shown, _] = client.get("/archive/1.json").json()["items"]

    assert [form.count(told) for form in forms] == [1, 1, 1, 1, 1]
    assert result["reader_votes"] == shown["reader_votes"]
