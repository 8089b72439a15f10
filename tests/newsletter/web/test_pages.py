from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from newsletter.service import Service
from newsletter.web.app import create_app
from tests.factories import add_subscribers, store_comparisons

HELPING = '<script src="/sign-up.js" defer></script>'
PAGES = [
    "/",
    "/subscribe",
    "/embed",
    "/archive",
    "/how-verdicts-are-made",
    "/style.css",
    "/favicon.svg",
    "/robots.txt",
]


class Heart:
    """A heart that beats or does not."""

    def __init__(self, *, beats: bool) -> None:
        self.beats = beats

    def is_beating(self) -> bool:
        return self.beats

    def silence(self) -> timedelta:
        return timedelta(seconds=7 if self.beats else 700)


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(create_app(service), raise_server_exceptions=False)


@pytest.fixture
def sent(service: Service) -> Service:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 2)
    issue = service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.send(issue.number, actor="test")
    return service


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_answer_with_a_strict_policy(client, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text.lower().replace(HELPING, "")


def test_the_only_script_is_a_file_of_our_own_beside_the_form(client):
    for path in ("/", "/subscribe"):
        answer = client.get(path)
        assert answer.text.count("<script") == 1
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "script-src" not in client.get("/archive").headers["content-security-policy"]
    assert client.get("/sign-up.js").headers["content-type"].startswith("text/javascript")


def test_a_draft_is_not_in_the_archive(service, client):
    with service.database.writing() as session:
        store_comparisons(session, 1)
    number = service.desk.build(service.desk.slots.next(), actor="test").number

    assert client.get(f"/archive/{number}").status_code == 404
    assert client.get("/archive/latest").status_code == 404
    assert "Issue 1" not in client.get("/archive").text


def test_a_sent_issue_is_in_the_archive_with_no_mark_and_no_address(sent, client):
    page = client.get("/archive/1")

    assert page.status_code == 200
    assert "Left 1 vs Right 1" in page.text or "Left-1" in page.text
    assert "@@" not in page.text
    assert "example.org</" not in page.text
    assert "/unsubscribe/" not in page.text


def test_the_archive_answers_from_the_cache_of_who_has_it(sent, client):
    etag = client.get("/archive/1").headers["etag"]

    assert client.get("/archive/1", headers={"if-none-match": etag}).status_code == 304


def test_latest_leads_to_the_newest_issue(sent, client):
    assert client.get("/archive/latest").url.path == "/archive/1"


def test_a_page_that_is_not_there_says_so_in_words(client):
    answer = client.get("/nothing/here")

    assert answer.status_code == 404
    assert "Nothing here" in answer.text


def test_a_page_of_the_editors_that_is_not_there_leads_back_to_theirs(client):
    assert 'href="/editor">To this week' in client.get("/editor/nothing/here").text


@pytest.mark.parametrize("number", ["abc", "0", "-1", "65536", "1%00", "²"])
def test_a_number_that_no_issue_can_have_is_a_page_that_is_not_there(client, number):
    answer = client.get(f"/archive/{number}")

    assert answer.status_code == 404
    assert "Nothing here" in answer.text


@pytest.mark.parametrize(
    "path", [*PAGES, "/archive/1", "/healthz", "/readyz", "/api/v1/openapi.json", "/nothing"]
)
def test_head_is_answered_like_get_without_the_body(sent, client, path):
    got, asked = client.get(path), client.head(path)

    assert asked.content == b""
    assert (asked.status_code, asked.headers) == (got.status_code, got.headers)


@pytest.mark.parametrize("path", ["/archive/", "/archive/1/", "/api/v1/comparisons/"])
def test_nothing_is_ever_built_from_the_host_that_somebody_sends(sent, client, path):
    answer = client.get(path, headers={"host": "evil.example"}, follow_redirects=False)

    assert answer.status_code == 404
    assert "evil.example" not in str(answer.headers) + answer.text


def test_a_host_that_is_nonsense_does_no_harm(client):
    assert client.get("/nothing", headers={"host": "["}).status_code == 404


def test_health_says_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200


def test_a_service_whose_heart_has_stopped_is_not_ready(service):
    answer = TestClient(create_app(service, Heart(beats=False))).get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "the heartbeat has stopped"}


def test_the_api_is_off_without_a_token(client):
    assert client.post("/api/v1/comparisons", content=b"{}").status_code == 503


def test_a_body_over_the_limit_is_refused_unread(client):
    answer = client.post("/api/v1/comparisons", content=b"x" * 5_000_001)

    assert answer.status_code == 413


def test_the_pages_have_an_icon_also_where_browsers_look_by_themselves(client):
    assert '<link rel="icon" href="/favicon.svg"' in client.get("/").text
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_robots_may_read_that_a_personal_page_is_not_for_them(client):
    assert "Disallow: /vote" not in client.get("/robots.txt").text
