"""The search index lags, loses its order, hides rows and breaks as it is told."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.newsletter.testing.postmark_calls import found, search, send

PEOPLE = [f"reader{number}@mail.example" for number in range(12)]


def test_a_message_is_found_after_the_lag_and_not_before(postmark):
    postmark.index(lag=60)
    (entry,) = send(postmark, "a@mail.example")
    details = f"/messages/outbound/{entry['MessageID']}/details"

    assert found(postmark) == []
    assert postmark.call("GET", details)[1]["ErrorCode"] == 701
    postmark.clock(advance=61)
    assert found(postmark) == ["a@mail.example"]
    assert postmark.call("GET", details)[0] == 200


def test_a_shuffled_index_shows_later_messages_before_earlier_ones(postmark):
    postmark.index(lag=100, shuffle=7)
    send(postmark, *PEOPLE)
    postmark.clock(advance=50)

    halfway = found(postmark)

    assert 0 < len(halfway) < len(PEOPLE)
    assert sorted(halfway) != sorted(PEOPLE[: len(halfway)])
    postmark.clock(advance=51)
    assert found(postmark) == PEOPLE[::-1]


def test_the_newest_rows_stay_hidden_whichever_they_are(postmark):
    postmark.index(hide=2)
    send(postmark, *PEOPLE[:3])
    first = found(postmark)
    send(postmark, PEOPLE[3])

    assert (first, found(postmark)) == ([PEOPLE[0]], [PEOPLE[1], PEOPLE[0]])
    postmark.index()
    assert found(postmark) == PEOPLE[3::-1]


def test_lost_rows_stay_away_while_later_ones_are_found(postmark):
    send(postmark, *PEOPLE[:3])
    postmark.index(lose=2)
    send(postmark, PEOPLE[3])

    assert found(postmark) == [PEOPLE[3], PEOPLE[0]]


def test_a_search_that_is_down_answers_503_and_the_rest_works(postmark):
    postmark.index(down=True)
    (entry,) = send(postmark, "a@mail.example")

    assert search(postmark, "count=1&offset=0")[0] == 503
    details = f"/messages/outbound/{entry['MessageID']}/details"
    assert postmark.call("GET", details)[0] == 503
    assert postmark.call("GET", "/message-streams")[0] == 200


def test_dates_of_a_search_are_eastern_and_included(postmark):
    send(postmark, "a@mail.example")
    local = postmark.clock().astimezone(ZoneInfo("America/New_York"))
    earlier, later = (f"{local + timedelta(minutes=m):%Y-%m-%dT%H:%M:%S}" for m in (-2, 2))

    assert found(postmark, f"fromdate={earlier}&todate={later}") == ["a@mail.example"]
    assert found(postmark, f"fromdate={local.date()}&todate={local.date()}") == ["a@mail.example"]
    assert found(postmark, f"fromdate={later}") == []
    assert found(postmark, f"todate={earlier}") == []


def test_a_date_that_is_none_is_refused(postmark):
    status, body = search(postmark, "count=1&offset=0&fromdate=monday")

    assert (status, body["ErrorCode"]) == (422, 700)


@pytest.mark.parametrize(("status", "count"), [("sent", 1), ("Processed", 1), ("queued", 0)])
def test_accepted_messages_are_sent_and_no_longer_queued(postmark, status, count):
    send(postmark, "a@mail.example")

    assert len(found(postmark, f"status={status}")) == count
