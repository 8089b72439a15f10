import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from newsletter import personal_data
from newsletter.delivery import audience, claiming
from newsletter.delivery.claiming import Lease
from newsletter.delivery.models import Delivery
from newsletter.service import Service
from newsletter.web.app import create_app
from schedules.windows import window_from
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose
from subscribers.unsubscribe import unsubscribe
from tests.factories import MONDAY, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave

IN_A_MONTH = MONDAY + timedelta(days=30)
FOUR_WEEKS_ON = datetime(2026, 12, 21, tzinfo=UTC)


@pytest.fixture
def url(service: Service, reader: Subscriber) -> str:
    return manage(service, reader)


def manage(service: Service, reader: Subscriber, *, epoch: int = 0) -> str:
    token = service.signer.sign(Purpose.PREFERENCES, reader.public_id, issue=7, epoch=epoch)
    return f"/manage/{token}"


def stored(service: Service, reader: Subscriber) -> Subscriber:
    with service.database.reading() as session:
        return session.get_one(Subscriber, reader.id)


def erase(service: Service, reader: Subscriber) -> None:
    with service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=MONDAY)


def leave(service: Service, reader: Subscriber) -> None:
    with service.database.writing() as session:
        unsubscribe(session, reader.public_id, now=MONDAY, source="page")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_changes_nothing(service, client, reader, url, method):
    answer = client.request(method, f"{url}?action=pause-4")

    assert answer.status_code == 200
    assert stored(service, reader).state is State.ACTIVE


def test_the_page_says_what_comes_when_and_names_nobody(service, client, reader, url):
    with service.database.writing() as session:
        session.get_one(Subscriber, reader.id).name = "Ines Example"

    page = client.get(url).text

    assert "r…@example.org" in page
    assert "reader1@example.org" not in page
    assert "Ines" not in page
    assert "once a week" in page
    assert "Monday 30 November 2026 at 09:00 (UTC)" in page


def test_a_monday_whose_issue_has_left_already_is_not_promised_again(service, client, url):
    with service.database.writing() as session:
        store_comparisons(session, 1)
    soon = service.desk.next_slot()
    service.desk.start(service.desk.build(soon, actor="test").number, actor="test")

    page = client.get(url).text

    assert "Monday 30 November 2026" not in page
    assert "Monday 7 December 2026 at 09:00 (UTC)" in page


@pytest.mark.parametrize(("action", "weeks"), [("pause-4", 4), ("pause-8", 8)])
def test_a_break_of_some_weeks_ends_by_itself(service, client, reader, url, action, weeks):
    for _ in range(2):
        page = client.post(url, data={"action": action}).text

    found = stored(service, reader)
    assert found.state is State.PAUSED
    assert found.paused_until == FOUR_WEEKS_ON + timedelta(weeks=weeks - 4)
    assert "Saved: you are taking a break." in page


def test_the_page_of_somebody_who_rests_says_until_when_and_what_comes_then(client, url):
    client.post(url, data={"action": "pause-until", "until": "2026-12-24"})

    page = client.get(url).text

    assert "Nothing until Thursday 24 December 2026" in page
    assert "Monday 28 December 2026 at 09:00" in page
    assert "Send me letters again" in page


def test_a_day_begins_where_the_newsletter_is(service, reader):
    window = window_from("mon 09:00", "Pacific/Auckland", timedelta(hours=6))
    client = TestClient(create_app(replace(service, window=window)))

    client.post(manage(service, reader), data={"action": "pause-until", "until": "2026-12-24"})

    assert stored(service, reader).paused_until == datetime(2026, 12, 23, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "until",
    [
        "",
        "soon",
        "2026-11-23",
        "2020-01-01",
        "2028-01-01",
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
    ],
)
def test_a_day_that_cannot_end_a_break_is_said_so_and_changes_nothing(
    service, client, reader, url, until
):
    answer = client.post(url, data={"action": "pause-until", "until": until})

    assert answer.status_code == 422
    assert "choose a day after today and within a year" in answer.text
    assert stored(service, reader).state is State.ACTIVE


def test_the_first_and_the_last_day_that_are_offered_are_taken(service, client, reader, url):
    offered = re.search(r'min="(.+?)" max="(.+?)"', client.get(url).text)
    assert offered

    for day in offered.groups():
        answer = client.post(url, data={"action": "pause-until", "until": day})
        assert answer.status_code == 200


def test_who_resumes_gets_letters_again(service, client, reader, url):
    client.post(url, data={"action": "pause-8"})

    for _ in range(2):
        page = client.post(url, data={"action": "resume"}).text

    assert stored(service, reader).state is State.ACTIVE
    assert "Saved: letters come again." in page


def test_a_break_skips_the_letter_that_is_queued_already(service, client, reader, url):
    with service.database.writing() as session:
        store_comparisons(session, 1)
    number = begin_to_leave(service)
    with service.database.writing() as session:
        assert audience.freeze(session, number, batch_size=10, now=MONDAY) == 1

    client.post(url, data={"action": "pause-4"})

    lease = Lease("test", "attempt", MONDAY, timedelta(minutes=1))
    with service.database.writing() as session:
        claimed = claiming.claim(session, lease, now=MONDAY, issue_number=number)
    assert claimed is not None
    assert claimed.recipients == ()
    with service.database.reading() as session:
        delivery = session.get_one(Delivery, (number, reader.id))
        assert (delivery.state, delivery.reason) == ("skipped", "paused")


def test_a_time_zone_is_kept_and_the_page_tells_the_time_there(service, client, reader, url):
    page = client.post(url, data={"action": "timezone", "timezone": "Asia/Kathmandu"}).text

    assert stored(service, reader).timezone == "Asia/Kathmandu"
    assert "Monday 30 November 2026 at 14:45 where you are (Asia/Kathmandu)" in page
    assert '<option value="Asia/Kathmandu" selected>' in page

    client.post(url, data={"action": "timezone", "timezone": ""})
    assert stored(service, reader).timezone is None


def test_a_zone_that_is_not_offered_is_shown_all_the_same(client, url):
    page = client.post(url, data={"action": "timezone", "timezone": "Etc/GMT+5"}).text

    assert "<option selected>Etc/GMT+5</option>" in page


def test_a_zone_that_is_none_is_said_so(service, client, reader, url):
    answer = client.post(url, data={"action": "timezone", "timezone": "Europe/Atlantis"})

    assert answer.status_code == 422
    assert "there is no such time zone" in answer.text
    assert stored(service, reader).timezone is None


@pytest.mark.parametrize("body", [{}, {"action": ""}, {"action": "erase"}, {"until": "2026-12-24"}])
def test_a_form_of_somebody_elses_making_changes_nothing(service, client, reader, url, body):
    answer = client.post(url, data=body)

    assert answer.status_code == 422
    assert stored(service, reader).state is State.ACTIVE


def test_the_way_out_is_a_link_that_works(service, client, reader, url):
    found = re.search(r"/unsubscribe/[\w-]+", client.get(url).text)
    assert found

    assert client.post(found[0]).status_code == 200
    assert stored(service, reader).state is State.UNSUBSCRIBED


def test_a_rhythm_that_nobody_serves_is_not_promised(service, client, reader, url):
    with service.database.writing() as session:
        session.get_one(Subscriber, reader.id).cadence = "monthly"

    page = client.get(url).text

    assert "Nothing at present" in page
    assert "Next letter" not in page


@pytest.mark.parametrize("go", [leave, erase])
def test_who_is_gone_reads_a_kind_page_and_changes_nothing(service, client, reader, url, go):
    go(service, reader)
    before = stored(service, reader).state

    asked = client.get(url)
    acted = [
        client.post(url, data={"action": action, "timezone": "Europe/Berlin"})
        for action in ("pause-4", "resume", "timezone")
    ]

    assert asked.status_code == 200
    assert {answer.status_code for answer in acted} == {409}
    assert "You are not subscribed" in asked.text
    assert "<button" not in asked.text
    assert (stored(service, reader).state, stored(service, reader).timezone) == (before, None)


def test_an_old_link_leads_to_the_newest_letter(service, reader, url):
    late = TestClient(create_app(service.as_of(lambda: IN_A_MONTH)))

    asked, acted = late.get(url), late.post(url, data={"action": "pause-4"})

    assert (asked.status_code, acted.status_code) == (410, 410)
    assert "This link is too old" in acted.text
    assert stored(service, reader).state is State.ACTIVE


def test_what_leads_nowhere_looks_alike(service, client, reader, url):
    sign = service.signer.sign
    unknown = sign(Purpose.PREFERENCES, "AAAAAAAAAAAA")
    paths = [
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        f"/manage/{sign(Purpose.VOTE, reader.public_id, issue=7)}",
        f"/manage/{sign(Purpose.UNSUBSCRIBE, reader.public_id, issue=7)}",
        f"/manage/{unknown}",
        manage(service, reader, epoch=1),
        "/manage/nonsense",
    ]

    answers = [client.get(path) for path in paths]
    answers += [client.post(path, data={"action": "pause-4"}) for path in paths]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert stored(service, reader).state is State.ACTIVE


def test_the_link_in_a_test_letter_says_what_it_is(client):
    assert "This was a test letter" in client.get("/manage/test").text
    assert client.post("/manage/test", data={"action": "pause-4"}).status_code == 404


def test_the_pages_are_neither_stored_nor_indexed_nor_told_on(client, url):
    for answer in (client.get(url), client.post(url, data={"action": "resume"})):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "no-referrer"
