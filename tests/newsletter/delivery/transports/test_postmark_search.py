"""What became of a call whose answer was lost can be found out, and is never made up."""

from uuid import uuid4

import pytest

from newsletter.delivery.marks import attempt_of, is_of
from newsletter.delivery.message import Outcome
from newsletter.delivery.transport import Counts, Evidence
from newsletter.delivery.transports.postmark import NOBODY, PostmarkTransport
from newsletter.delivery.transports.postmark_answers import Answer, read_call
from newsletter.delivery.transports.postmark_search import find
from newsletter.delivery.transports.postmark_streams import StreamSettings
from newsletter.testing.postmark.account import SERVER_ID
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    notice,
    reader,
    readers,
)

SENDER = "Weekly Verdict <digest@news.example>"


def test_a_postmark_transport_gives_evidence_and_counts(transport):
    assert isinstance(transport, Evidence)
    assert isinstance(transport, Counts)
    assert not transport.exact


@pytest.mark.parametrize(("fault", "arrived"), [("drop-answer", 5), ("reset", 0)])
def test_a_lost_call_is_found_by_its_attempt(transport, postmark, endpoint, fault, arrived):
    messages = readers(5)
    transport.send(digest(), readers(2))
    postmark.plan(Rule(endpoint, fault))
    transport.send(digest(), messages)

    sighting = transport.find(messages[0].attempt_id, "broadcast")

    assert sighting.complete
    assert len(sighting.message_ids) == arrived
    assert sighting.message_ids == {
        row["Metadata"]["delivery-id"]: (row["MessageID"],)
        for row in accepted_of(postmark, messages)
    }


@pytest.mark.parametrize("fault", ["drop-answer", "error-500", "too-many", "not-json", "html-502"])
def test_a_search_that_fails_is_no_evidence(transport, postmark, fault):
    messages = readers(2)
    transport.send(digest(), messages)
    postmark.plan(Rule("/messages/outbound", fault))

    assert transport.find(messages[0].attempt_id, "broadcast") is None


def test_a_search_that_is_down_is_no_evidence(transport, postmark):
    postmark.index(down=True)

    assert transport.find(uuid4().hex, "broadcast") is None


def on_stream(postmark, name):
    return PostmarkTransport(TOKEN, api_url=postmark.url, streams=StreamSettings(broadcast=name))


def test_nothing_found_on_a_stream_that_does_not_exist_is_no_evidence(postmark):
    transport = on_stream(postmark, "braodcast")

    assert transport.find(uuid4().hex, "broadcast") is None


@pytest.mark.parametrize("fault", ["error-500", "not-json", "empty", "drop-answer"])
def test_nothing_found_is_no_evidence_while_the_streams_are_not_known(transport, postmark, fault):
    postmark.plan(Rule("/message-streams", fault, nth=0))

    assert transport.find(uuid4().hex, "broadcast") is None


def test_what_left_before_the_stream_was_changed_in_the_settings_is_found_on_the_other_one(
    transport, postmark
):
    messages = readers(2)
    transport.send(digest(), messages)

    sighting = on_stream(postmark, "outbound").find(messages[0].attempt_id, "broadcast")

    assert len(sighting.message_ids) == 2


def test_more_rows_than_a_page_are_turned_over(transport):
    attempt = uuid4().hex
    messages = [
        message for part in range(3) for message in numbered(attempt, part * 400, (part + 1) * 400)
    ]
    for start in range(0, 1200, 400):
        transport.send(digest(), messages[start : start + 400])

    sighting = transport.find(attempt, "broadcast")

    assert sighting.complete
    assert set(sighting.message_ids) == {message.delivery_id for message in messages}


def numbered(attempt, first, last):
    return [reader(number, attempt) for number in range(first, last)]


def test_two_messages_for_one_copy_are_both_shown(transport):
    messages = readers(2)
    transport.send(digest(), messages)
    transport.send(digest(), messages)

    sighting = transport.find(messages[0].attempt_id, "broadcast")

    assert [len(ids) for ids in sighting.message_ids.values()] == [2, 2]


def row(number, attempt="attempt"):
    metadata = {"delivery-id": f"7-{number}", "batch-id": attempt}
    return {"MessageID": f"id-{number}", "Metadata": metadata}


class Search:
    """A Postmark that answers searches from a list of pages, and knows its streams.

    Like Postmark's, its list has streams that were archived only for who asks for them, too.
    """

    def __init__(self, *pages, archived=()):
        self._pages = iter(pages)
        self._archived = archived

    def __call__(self, _method, path, **query):
        if path == "/message-streams":
            stream = {"ID": "broadcast", "ServerID": 1, "MessageStreamType": "Broadcasts"}
            old = [{**stream, "ID": name, "ArchivedAt": "2026-11-20"} for name in self._archived]
            shown = old if query.get("IncludeArchivedStreams") == "true" else []
            return Answer(body={"MessageStreams": [stream, *shown]})
        page = next(self._pages)
        if page is None:
            return read_call(503, b"")
        rows, total = page
        return Answer(body={"Messages": rows, "TotalCount": total})


def test_a_row_of_another_attempt_shows_that_the_search_did_not_look_for_ours():
    rows = [row(1), row(2, attempt="another")]

    assert find(Search((rows, 2)), "attempt", "broadcast") is None


@pytest.mark.parametrize("rows", [[{}], [{"Metadata": {}}], [None], None, 7])
def test_rows_that_cannot_be_read_are_no_evidence(rows):
    assert find(Search((rows, 1)), "attempt", "broadcast") is None


def test_fewer_rows_than_there_are_make_a_sighting_that_is_not_complete():
    sighting = find(Search(([row(1)], 2)), "attempt", "broadcast")

    assert sighting is not None
    assert (sighting.message_ids, sighting.complete) == ({"7-1": ("id-1",)}, False)


def test_an_empty_page_of_rows_that_are_said_to_be_there_is_not_complete():
    sighting = find(Search(([], 2)), "attempt", "broadcast")

    assert sighting is not None
    assert not sighting.complete


def test_a_message_that_appears_while_the_pages_turn_leaves_the_sighting_incomplete():
    first = [row(number) for number in range(500)]

    sighting = find(Search((first, 501), ([row(499), row(500)], 502)), "attempt", "broadcast")

    assert sighting is not None
    assert len(sighting.message_ids) == 501
    assert not sighting.complete


def test_what_left_on_a_stream_that_was_archived_since_is_found_there():
    sighting = find(Search(([], 0), ([row(1)], 1), archived=["old"]), "attempt", "broadcast")

    assert sighting is not None
    assert sighting.message_ids == {"7-1": ("id-1",)}


def test_a_page_that_fails_leaves_what_the_others_show():
    first = [row(number) for number in range(500)]

    sighting = find(Search((first, 501), None), "attempt", "broadcast")

    assert sighting is not None
    assert len(sighting.message_ids) == 500
    assert not sighting.complete


def test_the_mark_is_that_of_the_server_and_not_of_a_token(postmark, transport):
    other = PostmarkTransport("another-token", api_url=postmark.url)

    assert transport.mark() == f"pm{SERVER_ID}"
    assert other.mark() in (None, transport.mark())
    other.close()


def test_without_an_answer_there_is_no_mark_and_nothing_is_sent_that_could_not_be_looked_for(
    postmark,
):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url)
    postmark.plan(Rule("/message-streams", "error-500"))
    messages = [reader(1, attempt_of(transport.mark() or transport.name))]

    [receipt] = transport.send(digest(), messages)

    assert (receipt.outcome, receipt.code) == (Outcome.NOT_TAKEN, "unnamed-server")
    assert transport.mark() == f"pm{SERVER_ID}"
    assert accepted_of(postmark, messages) == []
    transport.close()


@pytest.fixture
def fencing(postmark, handover):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover, sender=SENDER)
    yield transport
    transport.close()


@pytest.mark.parametrize("stream", ["broadcast", "transactional"])
def test_a_fence_is_a_message_to_nobody_that_the_search_shows(fencing, postmark, stream):
    attempt = fencing.fence(stream)

    assert is_of(attempt, fencing.mark())
    (sent,) = [row for row in postmark.accepted() if row["Metadata"]["batch-id"] == attempt]
    assert (sent["To"], sent["From"]) == (NOBODY, SENDER)
    assert sent["MessageStream"] == {"broadcast": "broadcast", "transactional": "outbound"}[stream]
    sighting = fencing.find(attempt, stream)
    assert list(sighting.message_ids.values()) == [(sent["MessageID"],)]


def test_a_fence_is_seen_no_sooner_than_what_went_before_it(fencing, postmark):
    postmark.index(lag=3600)

    attempt = fencing.fence("broadcast")

    assert fencing.find(attempt, "broadcast").message_ids == {}


@pytest.mark.parametrize("fault", ["drop-answer", "error-500", "too-many", "not-json"])
def test_a_fence_whose_answer_is_lost_is_none(fencing, postmark, fault):
    postmark.plan(Rule("/email/batch", fault))

    assert fencing.fence("broadcast") is None


def test_without_a_sender_there_is_no_fence(transport):
    assert transport.fence("broadcast") is None


def test_the_copies_of_a_mailing_are_counted_by_its_tag(transport):
    key = f"issue-{uuid4().hex}"
    receipts = transport.send(digest(key=key), readers(3))
    transport.send(digest(key=f"{key}-e1"), readers(2))

    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}
    assert transport.count(key, "broadcast") == 3
    assert transport.count("issue-0", "broadcast") == 0


def test_notices_are_not_counted_among_the_newsletter(transport):
    key = f"notice-{uuid4().hex}"
    transport.send(digest(key=key, html=None, stream=notice().stream), readers(1))

    assert transport.count(key, "broadcast") == 0
    assert transport.count(key, "transactional") == 1


def test_a_count_that_fails_is_unsure(transport, postmark):
    postmark.plan(Rule("/messages/outbound", "not-json"))

    assert transport.count("issue-7", "broadcast") is None
