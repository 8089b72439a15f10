"""The list of bounces comes whole however long it is, or not at all."""

from datetime import datetime, timedelta

import pytest

from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_lists import bounces
from newsletter.testing.postmark.clock import eastern_time, read_eastern
from newsletter.testing.postmark.process import TOKEN, running_postmark

DAY = timedelta(days=1)
MOST = 10_000
"""Rows that can be seen of one question."""


class Listing:
    """Postmark's list of bounces, as far as it is documented, and what is not: how far it counts."""

    def __init__(self, times, *, counts_to=None, heeds=True):
        self.times = sorted(times, reverse=True)
        self.counts_to = counts_to or len(self.times)
        self.heeds = heeds
        self.asked = []

    def __call__(self, _method, _path, **query):
        self.asked.append(query)
        assert query["offset"] + query["count"] <= MOST
        first = read_eastern(query["fromdate"])
        last = read_eastern(query["todate"], end_of_day=True)
        places = [
            place for place, at in enumerate(self.times) if first <= at <= last or not self.heeds
        ]
        rows = [
            {"ID": place, "Type": "HardBounce", "BouncedAt": eastern_time(self.times[place])}
            for place in places[query["offset"] : query["offset"] + query["count"]]
        ]
        return Answer(body={"TotalCount": min(len(places), self.counts_to), "Bounces": rows})


def spread(count, begin, over):
    start = datetime.fromisoformat(begin)
    return [start + over * place / count for place in range(count)]


def found_in(listing, days=1):
    until = max(listing.times)
    found = bounces(listing, "broadcast", until - days * DAY, until)
    return None if found is None else sorted(row["ID"] for row in found)


def test_a_day_with_more_bounces_than_postmark_shows_is_read_in_parts(tmp_path):
    """10,500 bounces in seven minutes, as they come when an issue goes to a dead domain."""
    with running_postmark(tmp_path / "log") as postmark:
        message = {
            "From": "digest@example.org",
            "To": "SoftBounce@bounce-testing.postmarkapp.com",
            "Subject": "Hello",
            "TextBody": "Hello",
            "MessageStream": "broadcast",
        }
        for _ in range(21):
            assert postmark.call("POST", "/email/batch", [message] * 500)[0] == 200
            postmark.clock(advance=20)
        transport = PostmarkTransport(TOKEN, api_url=postmark.url)
        now = postmark.clock()

        found = transport.bounces("broadcast", now - DAY, now)

        transport.close()
    assert found is not None
    assert len(found) == len({row["ID"] for row in found}) == 21 * 500


@pytest.mark.parametrize("counts_to", [None, MOST], ids=["counts all", "counts no further"])
def test_it_does_not_matter_how_far_postmark_counts(counts_to):
    listing = Listing(spread(24_000, "2026-11-22T05:00:00+00:00", DAY), counts_to=counts_to)

    assert found_in(listing) == list(range(24_000))


def test_a_list_that_is_counted_as_long_as_it_can_be_is_not_taken_for_whole():
    listing = Listing(spread(MOST + 1, "2026-11-22T05:00:00+00:00", DAY), counts_to=MOST)

    assert found_in(listing) == list(range(MOST + 1))


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param("2026-11-01T04:00:00+00:00", id="an hour comes twice"),
        pytest.param("2027-03-14T05:00:00+00:00", id="an hour is left out"),
    ],
)
def test_a_day_on_which_clocks_change_is_read_whole(begin):
    listing = Listing(spread(12_000, begin, DAY))

    assert found_in(listing) == list(range(12_000))


def test_days_are_named_while_that_is_enough_and_always_the_stream():
    listing = Listing(spread(1_200, "2026-11-20T05:00:00+00:00", 2.9 * DAY))

    assert found_in(listing, days=2) == list(range(1_200))
    asked = [(one["fromdate"], one["todate"], one["offset"]) for one in listing.asked]
    sunday = "2026-11-22"  # still, in New York
    assert asked == [("2026-11-20", sunday, offset) for offset in (0, 500, 1_000)]
    assert {one["messagestream"] for one in listing.asked} == {"broadcast"}


def test_what_cannot_be_read_whole_does_not_come():
    one_second = Listing(spread(MOST, "2026-11-22T05:00:00+00:00", timedelta(seconds=0.9)))
    unheeded = Listing(spread(MOST, "2026-11-22T05:00:00+00:00", DAY), heeds=False)

    assert found_in(one_second) is None
    assert found_in(unheeded) is None
    assert len(unheeded.asked) == 3
