from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from newsletter import personal_data
from newsletter.database import Database
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.keys import KeyRing
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose, Signer
from tests.factories import MONDAY, SECRET
from tests.newsletter.web.conftest import BOTH
from tests.snapshot import changed, snapshot

pytestmark = BOTH


@pytest.fixture
def url(service: Service, reader: Subscriber) -> str:
    token = service.signer.sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=7)
    return f"/unsubscribe/{token}"


def state_of(service: Service, reader: Subscriber) -> State:
    with service.database.reading() as session:
        return session.get_one(Subscriber, reader.id).state


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("OPTIONS", 405)])
def test_opening_the_link_changes_nothing(service, client, reader, url, method, status):
    before = snapshot(service.database)

    answer = client.request(method, url)

    assert answer.status_code == status
    assert changed(before, snapshot(service.database)) == {}
    assert "set-cookie" not in answer.headers


def test_the_page_shows_the_masked_address_and_one_button(client, url):
    page = client.get(url).text

    assert "reader1@example.org" not in page
    assert "r…@example.org" in page
    assert page.count("<button") == 1


ONE_CLICK = b"List-Unsubscribe=One-Click"
BOUNDARY = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
)


def endless(size: int) -> Iterator[bytes]:
    for _ in range(size // 100_000):
        yield b" " * 100_000


BODIES = {
    "urlencoded": ("application/x-www-form-urlencoded", ONE_CLICK),
    "multipart": ("multipart/form-data; boundary=x", BOUNDARY),
    "multipart, broken off": ("multipart/form-data; boundary=x", BOUNDARY[:30]),
    "multipart without a boundary": ("multipart/form-data", BOUNDARY),
    "no kind": (None, ONE_CLICK),
    "another kind": ("application/json", b"{"),
    "empty": ("application/x-www-form-urlencoded", b""),
    "absent": (None, None),
    "large": ("application/x-www-form-urlencoded", b"x" * 6_000_000),
    "large, in pieces": ("application/x-www-form-urlencoded", endless(6_000_000)),
}


@pytest.mark.parametrize("name", BODIES)
def test_the_one_click_post_unsubscribes_whatever_its_body(service, client, reader, url, name):
    kind, body = BODIES[name]

    answer = client.post(
        url, content=body, headers={"content-type": kind} if kind else {}, follow_redirects=False
    )

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert state_of(service, reader) is State.UNSUBSCRIBED


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://mail.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {
            "sec-fetch-site": "cross-site",
            "origin": "https://evil.example",
            "referer": "https://x.y",
        },
        {"cookie": "session=somebody-elses"},
    ],
)
def test_where_the_post_comes_from_does_not_matter(service, client, reader, url, headers):
    assert client.post(url, headers=headers, follow_redirects=False).status_code == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED


def test_the_link_of_an_old_key_works_for_ever(service, reader):
    old = b"a key of long ago, with enough bytes"
    token = Signer(KeyRing.of(old)).sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=1)
    rotated = replace(service, signer=Signer(KeyRing.of(SECRET, old)))

    answer = TestClient(create_app(rotated)).post(f"/unsubscribe/{token}")

    assert answer.status_code == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED


def test_the_link_works_after_all_other_links_were_withdrawn(service, client, reader, url):
    with service.database.writing() as session:
        session.get_one(Subscriber, reader.id).token_epoch += 1

    assert client.post(url).status_code == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED


def test_the_link_of_somebody_erased_still_answers(service, client, reader, url):
    with service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=MONDAY)
    before = snapshot(service.database)

    assert client.get(url).status_code == client.post(url).status_code == 200
    assert changed(before, snapshot(service.database)) == {}


def test_when_the_database_is_away_the_provider_is_asked_to_come_again(service, url, tmp_path):
    broken = Database(f"sqlite:///{tmp_path}/no/such/folder/file")
    client = TestClient(create_app(replace(service, database=broken)))

    assert client.post(url).status_code == 503


def test_what_happened_is_said_first_and_what_else_may_be_wanted_below(client, url):
    page = client.post(url).text

    assert page.index("You are unsubscribed") < page.index("It took effect") < page.index("<form")
    assert page.count("<button") == page.count('class="second"') == 3


def test_only_who_has_just_left_is_offered_to_come_back(client, url):
    client.post(url)

    assert "/undo/" not in client.post(url).text
    assert "/undo/" not in client.get(url).text


def test_a_second_post_says_so_kindly(client, url):
    client.post(url)

    answer = client.post(url)

    assert answer.status_code == 200
    assert "already left" in answer.text


def test_the_pages_are_neither_stored_nor_indexed(client, url):
    headers = client.get(url).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["referrer-policy"] == "no-referrer"


def test_damaged_foreign_and_invented_tokens_look_alike(service, client, reader, url):
    vote = service.signer.sign(Purpose.VOTE, reader.public_id, issue=7)
    tokens = [url.rpartition("/")[2][:-1] + "_", vote, "nonsense", "a" * 39]

    answers = [client.post(f"/unsubscribe/{token}") for token in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert state_of(service, reader) is State.ACTIVE


def test_the_link_of_somebody_who_is_gone_still_answers(service, client):
    token = service.signer.sign(Purpose.UNSUBSCRIBE, "AAAAAAAAAAAA")

    assert client.post(f"/unsubscribe/{token}").status_code == 200


def test_the_page_of_somebody_who_left_offers_nothing_to_press(client, url):
    client.post(url)

    page = client.get(url).text

    assert "You are not subscribed" in page
    assert "<button" not in page


def test_the_link_in_a_test_letter_says_what_it_is(client):
    assert "This was a test letter" in client.get("/unsubscribe/test").text
    assert client.post("/unsubscribe/test").status_code == 404
