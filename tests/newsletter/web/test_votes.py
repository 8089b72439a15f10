from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from newsletter import personal_data
from newsletter.content.catalogue.store import save
from newsletter.service import Service
from newsletter.votes.models import Vote
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe
from tests.factories import MONDAY, add_subscribers, make_comparison, make_tool, store_comparisons
from tests.newsletter.votes.leaving import begin_the_next, begin_to_leave, make_unreadable
from tests.newsletter.web.conftest import BOTH

pytestmark = BOTH

LATER = MONDAY.replace(day=30)


@pytest.fixture
def reader(service: Service) -> Subscriber:
    """A reader of issue 1, which has left with two match-ups."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        [reader] = add_subscribers(session, 1)
    begin_to_leave(service)
    return reader


@pytest.fixture
def token(service: Service, reader: Subscriber) -> str:
    return service.signer.sign(Purpose.VOTE, reader.public_id, issue=1)


@pytest.fixture
def closed(service: Service, reader: Subscriber) -> TestClient:
    """The site a week later, when issue 2 has begun to leave."""
    later = service.as_of(lambda: LATER)
    begin_the_next(later)
    return TestClient(create_app(later))


def votes(service: Service) -> list[str]:
    with service.database.reading() as session:
        return [vote.choice for vote in session.exec(select(Vote))]


class Radios(HTMLParser):
    """Collects the answers that a page offers, and the one that is filled in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.offered: list[str | None] = []
        self.chosen: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "radio":
            self.offered.append(given["value"])
            if "checked" in given:
                self.chosen.append(given["value"])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_records_nothing(service, client, token, method):
    answer = client.request(method, f"/vote/{token}?a=1")

    assert answer.status_code == 200
    assert votes(service) == []


@pytest.mark.parametrize("choice", ["a", "b"])
def test_the_page_has_the_links_answer_filled_in_and_one_button(client, token, choice):
    page = client.get(f"/vote/{token}?{choice}=1").text

    assert Radios(page).offered == ["a", "b", "neither"]
    assert Radios(page).chosen == [choice]
    assert page.count("<button") == page.count("<h1") == 1


@pytest.mark.parametrize("more", ["", "&for=a", "&choice=a", "&c=1", "&A=1"])
def test_a_link_without_an_answer_fills_none_in(client, token, more):
    answer = client.get(f"/vote/{token}?on=1{more}")

    assert answer.status_code == 200
    assert Radios(answer.text).chosen == []


def test_the_page_shows_the_match_up_as_it_was_sent(service, client, token):
    with service.database.writing() as session:
        changed = make_comparison(make_tool("left-1", panel_percent=5), "right-1")
        save(session, changed, now=LATER)

    page = client.get(f"/vote/{token}?on=1").text

    assert "Panel: 75% Ship" in page
    assert "5% Skip" not in page


def test_the_button_records_and_says_what(service, client, token):
    answer = client.post(f"/vote/{token}?a=1", data={"choice": "b"})

    assert answer.status_code == 200
    assert "Recorded: you would ship Right" in answer.text
    assert votes(service) == ["b"]


def test_a_second_vote_changes_and_never_adds(service, client, token):
    for choice in ("a", "a", "neither"):
        answer = client.post(f"/vote/{token}?on=1", data={"choice": choice})

    assert "you would ship neither" in answer.text
    assert votes(service) == ["neither"]


def test_what_was_answered_is_filled_in_next_time(client, token):
    client.post(f"/vote/{token}?on=1", data={"choice": "b"})

    page = client.get(f"/vote/{token}?on=1").text
    again = client.get(f"/vote/{token}?a=1").text

    assert "So far, you would ship Right" in page
    assert Radios(page).chosen == ["b"]
    assert Radios(again).chosen == ["a"]


def test_after_a_vote_the_next_match_up_is_offered_until_all_are_answered(client, token):
    first = client.post(f"/vote/{token}?on=1", data={"choice": "a"}).text
    last = client.post(f"/vote/{token}?on=2", data={"choice": "a"}).text

    assert 'href="?on=2"' in first
    assert "You have answered every match-up" in last
    assert 'href="/archive/1#' in first


@pytest.mark.parametrize("body", [{}, {"choice": ""}, {"choice": "c"}, {"for": "a"}])
def test_a_post_that_names_no_answer_records_nothing(service, client, token, body):
    answer = client.post(f"/vote/{token}?a=1", data=body)

    assert answer.status_code == 422
    assert "choose one of the three answers" in answer.text
    assert votes(service) == []


def test_without_a_match_up_the_link_lists_those_of_the_issue(client, token):
    client.post(f"/vote/{token}?on=1", data={"choice": "a"})

    page = client.get(f"/vote/{token}").text

    assert [f'href="?on={place}"' in page for place in (1, 2, 3)] == [True, True, False]
    assert "So far, you would ship Left" in page
    assert page.count("You have not answered yet") == 1


def test_what_leads_nowhere_looks_alike(service, client, reader, token):
    sign = service.signer.sign
    tokens = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=1),
        sign(Purpose.PREFERENCES, reader.public_id, issue=1),
        sign(Purpose.VOTE, reader.public_id, issue=2),
        sign(Purpose.VOTE, reader.public_id),
        sign(Purpose.VOTE, "AAAAAAAAAAAA", issue=1),
        sign(Purpose.VOTE, reader.public_id, issue=1, epoch=1),
        "nonsense",
    ]
    paths = [f"/vote/{one}?on=1" for one in tokens]
    places = ("0", "3", "-1", "x", "%00", "²", "1.0", "01", "+1", "1%20", "", "9" * 5000)
    paths += [f"/vote/{token}?{name}={place}" for place in places for name in ("on", "a", "b")]
    paths += [f"/vote/{token}?a=1&b=1", f"/vote/{token}?a=1&a=2", f"/vote/{token}?on=1&a=2"]

    answers = [client.get(path) for path in paths]
    answers += [client.post(path, data={"choice": "a"}) for path in [*paths, f"/vote/{token}"]]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert votes(service) == []


def test_voting_ends_with_the_next_issue_and_says_so_kindly(service, client, closed, token):
    url = f"/vote/{token}?a=1"

    asked, acted = closed.get(url), closed.post(url, data={"choice": "a"})

    assert (asked.status_code, acted.status_code) == (200, 410)
    assert "Voting on this issue has ended" in acted.text
    assert asked.text == acted.text
    assert 'href="/archive/1#' in asked.text
    assert closed.get(f"/vote/{token}").status_code == 200
    assert votes(service) == []


def test_a_closed_poll_still_says_what_was_answered(client, closed, token):
    # The first client stands a week before: its clock has not seen the next issue leave.
    client.post(f"/vote/{token}?on=1", data={"choice": "a"})

    assert "you said that you would ship Left" in closed.get(f"/vote/{token}?on=1").text


def test_an_issue_that_cannot_be_read_takes_no_votes_for_now(service, token):
    make_unreadable(service, 1)
    client = TestClient(create_app(service), raise_server_exceptions=False)

    answers = [client.get(f"/vote/{token}?a=1"), client.post(f"/vote/{token}?a=1", data={})]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "Nothing was changed" in answers[1].text


def test_who_has_left_votes_until_the_end(service, client, reader, token):
    with service.database.writing() as session:
        unsubscribe(session, reader.public_id, now=MONDAY, source="page")

    answer = client.post(f"/vote/{token}?on=1", data={"choice": "a"})

    assert answer.status_code == 200
    assert votes(service) == ["a"]


def test_the_link_of_somebody_who_was_erased_answers_and_records_nothing(
    service, client, reader, token
):
    with service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=MONDAY)
    url = f"/vote/{token}?a=1"

    asked, acted = client.get(url), client.post(url, data={"choice": "a"})

    assert (asked.status_code, acted.status_code) == (200, 410)
    assert "asked to be forgotten" in asked.text
    assert votes(service) == []


def test_the_link_in_a_test_letter_says_what_it_is(client):
    assert "This was a test letter" in client.get("/vote/test?a=1").text
    assert client.post("/vote/test?on=1", data={"choice": "a"}).status_code == 404


def test_the_pages_are_neither_stored_nor_indexed_nor_told_on(client, token):
    url = f"/vote/{token}?on=1"
    for answer in (client.get(url), client.post(url, data={"choice": "a"}), client.get("/vote/x")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_name_is_only_ever_words(service):
    with service.database.writing() as session:
        tool = make_tool("left", name='<b>"Bold" & {{ 7 * 7 }}')
        save(session, make_comparison(tool, "right"), now=MONDAY)
        [reader] = add_subscribers(session, 1)
    begin_to_leave(service)
    token = service.signer.sign(Purpose.VOTE, reader.public_id, issue=1)
    client = TestClient(create_app(service))

    page = client.get(f"/vote/{token}?on=1").text + client.get(f"/vote/{token}").text

    assert "<b>" not in page
    assert "&lt;b&gt;&#34;Bold&#34; &amp; &#123;&#123; 7 * 7 &#125;&#125;" in page
