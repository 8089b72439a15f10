"""The public forms at their addresses: only what has left, and nothing of a reader."""

import json
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.rendering.issue_json import public_issue
from newsletter.rendering.views import IssueView
from newsletter.service import Service
from newsletter.web.app import create_app
from newsletter.web.feed import MOST
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.rendering.samples import item, tool, view

FORMS = {
    "/feed.xml": "application/atom+xml; charset=utf-8",
    "/feed.json": "application/feed+json",
    "/archive/1": "text/html; charset=utf-8",
    "/archive/1.json": "application/json",
}


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(create_app(service), raise_server_exceptions=False)


def issue_of(number: int, name: str = "Ant") -> IssueView:
    pair = item(tool(name.lower(), name), tool("bee", "Bee"))
    base_url = "http://localhost"
    numbered = replace(view([pair], base_url=base_url), number=number)
    return replace(numbered, archive_url=f"{base_url}/archive/{number}")


def keep(
    service: Service, issue: IssueView, state: IssueState = IssueState.SETTLED, *, left: bool = True
) -> None:
    """Put an issue into the database as if it had been built, and had begun to leave or not."""
    leaves = MONDAY + timedelta(weeks=issue.number - 1)
    with service.database.writing() as session:
        session.add(
            Issue(
                number=issue.number,
                schedule="weekly",
                local_date=leaves.date(),
                state=state.value,
                nonce="k3x9q7",
                content=json.dumps(issue.as_json()),
                created_at=leaves,
                sending_at=leaves if left else None,
            )
        )


def test_each_form_says_what_it_is_and_may_be_kept(service, client):
    keep(service, issue_of(1))

    for path, kind in FORMS.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["last-modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"
        assert "noindex" not in answer.headers.get("x-robots-tag", "") + answer.text


def test_who_has_a_form_is_told_so_until_it_changes(service, client):
    keep(service, issue_of(1))
    known = {path: {"if-none-match": client.get(path).headers["etag"]} for path in FORMS}

    before = [client.get(path, headers=known[path]).status_code for path in FORMS]
    keep(service, issue_of(2))
    after = [client.get(path, headers=known[path]).status_code for path in FORMS]

    assert before == [304, 304, 304, 304]
    assert after == [200, 200, 304, 304]
    assert client.get("/feed.xml").headers["last-modified"] == "Mon, 30 Nov 2026 09:00:00 GMT"


def test_nothing_that_has_not_left_is_public_whatever_its_state(service, client):
    keep(service, issue_of(1))
    for number, state in enumerate(IssueState, start=2):
        keep(service, issue_of(number, "Secret"), state, left=False)

    for path in [*FORMS, "/archive", "/"]:
        assert "Secret" not in client.get(path).text
    for number in range(2, len(IssueState) + 3):
        assert client.get(f"/archive/{number}").status_code == 404
        assert client.get(f"/archive/{number}.json").status_code == 404
    assert client.get("/archive/latest").url.path == "/archive/1"


def test_what_has_begun_to_leave_stays_public_even_if_it_is_given_up(service, client):
    keep(service, issue_of(1), IssueState.CANCELLED)

    assert [client.get(path).status_code for path in FORMS] == [200, 200, 200, 200]


def test_no_address_but_that_of_an_issue_is_one(service, client):
    keep(service, issue_of(1))

    for number in ("0", "-1", "65536", "1.5", "abc", "latest", "²", "1.json", "01%00"):
        assert client.get(f"/archive/{number}.json").status_code == 404


def test_the_json_is_the_issue(service, client):
    keep(service, issue_of(1))

    assert client.get("/archive/1.json").json() == public_issue(issue_of(1))


def test_the_feeds_hold_the_latest_issues_newest_first(service, client):
    for number in range(1, MOST + 3):
        keep(service, issue_of(number))

    entries = feedparser.parse(client.get("/feed.xml").content).entries
    items = client.get("/feed.json").json()["items"]

    numbers = list(range(MOST + 2, 2, -1))
    assert [entry.id for entry in entries] == [f"http://localhost/archive/{one}" for one in numbers]
    assert [item["id"] for item in items] == [entry.id for entry in entries]


def test_feeds_without_an_issue_are_empty(client):
    assert feedparser.parse(client.get("/feed.xml").content).entries == []
    assert client.get("/feed.json").json()["items"] == []


def test_programs_find_the_feeds_from_every_public_page(service, client):
    keep(service, issue_of(1))

    for path in ("/", "/archive", "/archive/1"):
        links = LexborHTMLParser(client.get(path).text).css("link[rel=alternate]")
        kinds = {link.attributes["type"]: link.attributes["href"] or "" for link in links}
        for kind in ("application/atom+xml", "application/feed+json"):
            assert client.get(kinds[kind]).headers["content-type"].startswith(kind)


def test_an_issue_that_was_sent_is_public_without_anything_of_its_readers(service, client):
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 2)
    number = service.desk.build(service.desk.slots.next(), actor="test").number
    service.desk.send(number, actor="test")

    for path in FORMS:
        answer = client.get(path)
        assert answer.status_code == 200
        for private in ("@@", "reader1", "/unsubscribe/", "/vote/", "/manage/"):
            assert private not in answer.text


def test_the_archive_page_says_what_it_is_and_where(service, client):
    keep(service, issue_of(1))
    page = LexborHTMLParser(client.get("/archive/1").text)
    issue = frozen.view(service.desk.issue(1))

    properties = page.css("meta[property]")
    meta = {one.attributes["property"]: one.attributes["content"] for one in properties}

    assert page.css("html[lang=en]")
    assert [title.text() for title in page.css("title")] == [issue.subject]
    assert page.css(f"link[rel=canonical][href='{issue.archive_url}']")
    assert meta["og:title"] == issue.subject
    assert meta["og:description"] == issue.preheader
    assert meta["og:url"] == issue.archive_url
    assert "as it went out to its subscribers" in page.css("body")[0].text()
    assert page.css("script, form, img, iframe") == []
