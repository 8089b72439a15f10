"""A whole mailing is read from Postmark's search, whatever its length, or it is said not to be whole."""

from datetime import timedelta

import pytest

from newsletter.delivery.transports.outbox import OutboxTransport
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_recall import Span, recall
from newsletter.delivery.transports.postmark_streams import StreamSettings
from newsletter.testing.postmark.clock import read_eastern
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN, running_postmark
from tests.factories import MONDAY

SEARCH = "/messages/outbound"
A_CALL = 500


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    with running_postmark(tmp_path_factory.mktemp("recalled") / "log") as running:
        yield running


@pytest.fixture
def provider(own):
    own.reset()
    return own


@pytest.fixture
def transport(provider):
    connected = PostmarkTransport(TOKEN, api_url=provider.url)
    yield connected
    connected.close()


def accept(provider, count, *, tag="issue-1", stream="broadcast", first=0):
    """Have some messages accepted, in one call."""
    messages = [
        {
            "From": "digest@example.org",
            "To": f"reader{number}@example.org",
            "Subject": "Hello",
            "TextBody": "Hello",
            "Tag": tag,
            "MessageStream": stream,
            "Metadata": {"delivery-id": f"1-{number:018x}", "batch-id": "a"},
        }
        for number in range(first, first + count)
    ]
    status, _ = provider.call("POST", "/email/batch", messages)
    assert status == 200


def recalled(transport, tag="issue-1", *, now=MONDAY):
    """Read a mailing; give the names of its copies as they came, and whether that is said to be all."""
    names: list[str] = []
    whole = transport.recall(
        tag,
        "broadcast",
        now - timedelta(days=2),
        now + timedelta(days=2),
        lambda shown: names.extend(name for name, _ in shown),
    )
    return names, whole


def test_every_copy_is_handed_on_once_and_no_other_mailing(provider, transport):
    accept(provider, A_CALL)
    accept(provider, 3, first=A_CALL)
    accept(provider, 2, tag="issue-1-e1", first=900)
    accept(provider, 2, tag="issue-11", first=910)

    names, whole = recalled(transport)

    assert whole
    assert sorted(names) == [f"1-{number:018x}" for number in range(A_CALL + 3)]
    assert recalled(transport, "issue-2") == ([], True)


def test_more_copies_than_postmark_shows_at_once_are_read_in_slices_of_time(provider, transport):
    """10,500 copies, in three calls a minute and one more in the next, as it comes."""
    for call in range(21):
        accept(provider, A_CALL, first=call * A_CALL)
        if call % 3 == 2:
            provider.clock(advance=20)

    names, whole = recalled(transport, now=provider.clock())

    assert whole
    assert len(names) == len(set(names)) == 21 * A_CALL


class Counting:
    """Postmark's search for copies accepted evenly over some hours, that counts no further than it shows."""

    def __init__(self, copies, *, heeds=True):
        self.times = [MONDAY + timedelta(hours=3) * place / copies for place in range(copies)]
        self.heeds = heeds
        self.asked = 0

    def __call__(self, _method, path, **query):
        if path == "/message-streams":
            stream = {"ID": "broadcast", "ServerID": 1, "MessageStreamType": "Broadcasts"}
            return Answer(body={"MessageStreams": [stream]})
        self.asked += 1
        first = read_eastern(query.get("fromdate", "2026-01-01"))
        last = read_eastern(query.get("todate", "2027-12-31"))
        found = [
            place
            for place in reversed(range(len(self.times)))
            if first <= self.times[place] <= last or not self.heeds
        ]
        rows = [
            {"Tag": "issue-1", "MessageID": str(place), "Metadata": {"delivery-id": f"1-{place}"}}
            for place in found[query["offset"] : query["offset"] + query["count"]]
        ]
        return Answer(body={"TotalCount": min(len(found), 10_000), "Messages": rows})


def test_a_search_that_counts_no_further_than_it_shows_is_read_whole():
    names: list[str] = []
    span = Span(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    search, unheeding = Counting(24_000), Counting(10_000, heeds=False)

    whole = recall(
        search, "issue-1", "broadcast", span, lambda shown: names.extend(name for name, _ in shown)
    )

    assert whole
    assert len(names) == len(set(names)) == 24_000
    assert not recall(unheeding, "issue-1", "broadcast", span, lambda _: None)
    assert unheeding.asked == 4


def test_copies_on_a_stream_of_another_name_are_found(provider, transport):
    accept(provider, 2, stream="outbound")

    assert recalled(transport) == (["1-" + "0" * 17 + "1", "1-" + "0" * 18], True)


def test_what_a_search_does_not_say_whole_is_not_taken_for_whole(provider, transport):
    accept(provider, A_CALL)
    accept(provider, 1, first=A_CALL)

    provider.plan(Rule(SEARCH, "maintenance", nth=2))
    torn, whole = recalled(transport)
    provider.index(down=True)
    silent = recalled(transport)
    provider.index()
    elsewhere = PostmarkTransport(TOKEN, api_url=provider.url, streams=StreamSettings("weekly"))
    unknown = recalled(elsewhere)
    elsewhere.close()

    assert (len(torn), whole) == (A_CALL, False)
    assert silent == unknown == ([], False)


def test_an_outbox_is_looked_through(tmp_path):
    outbox = OutboxTransport(tmp_path, clock=lambda: MONDAY)
    folder = tmp_path / "issue-1"

    before = recalled(outbox)
    folder.mkdir()
    for name in ("1-ab.eml", "1-cd.eml", "unfinished"):
        (folder / name).touch()

    assert before == ([], True)
    assert recalled(outbox) == (["1-ab", "1-cd"], True)
