import pytest

from newsletter.service import Service
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose


@pytest.fixture
def url(service: Service, reader: Subscriber) -> str:
    token = service.signer.sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=7)
    return f"/unsubscribe/{token}"


def state_of(service: Service, reader: Subscriber) -> State:
    with service.database.reading() as session:
        return session.get_one(Subscriber, reader.id).state


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_changes_nothing(service, client, reader, url, method):
    answer = client.request(method, url)

    assert answer.status_code == 200
    assert state_of(service, reader) is State.ACTIVE


def test_the_page_shows_the_masked_address_and_one_button(client, url):
    page = client.get(url).text

    assert "reader1@example.org" not in page
    assert "r…@example.org" in page
    assert page.count("<button") == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"data": {"List-Unsubscribe": "One-Click"}}, id="urlencoded"),
        pytest.param({"files": {"List-Unsubscribe": (None, "One-Click")}}, id="multipart"),
        pytest.param({}, id="empty"),
    ],
)
def test_the_one_click_post_unsubscribes_without_cookie_redirect_or_origin(
    service, client, reader, url, body
):
    answer = client.post(url, follow_redirects=False, **body)

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert state_of(service, reader) is State.UNSUBSCRIBED


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
