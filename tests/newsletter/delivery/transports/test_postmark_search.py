"""What became of a call whose answer was lost can be found out."""

import pytest

from newsletter.testing.postmark.faults import Rule
from tests.newsletter.delivery.transports.postmark_samples import accepted_of, digest, readers


@pytest.mark.parametrize(("fault", "arrived"), [("drop-answer", 5), ("reset", 0)])
def test_a_lost_call_is_found_by_its_attempt(transport, postmark, endpoint, fault, arrived):
    messages = readers(5)
    transport.send(digest(), readers(2))
    postmark.plan(Rule(endpoint, fault))
    transport.send(digest(), messages)

    found = transport.find(messages[0].attempt_id, "broadcast")

    assert len(found) == arrived
    assert found == {
        row["Metadata"]["delivery-id"]: row["MessageID"] for row in accepted_of(postmark, messages)
    }


def test_the_other_stream_shows_nothing_of_it(transport):
    messages = readers(2)
    transport.send(digest(), messages)

    assert transport.find(messages[0].attempt_id, "transactional") == {}


@pytest.mark.parametrize("fault", ["drop-answer", "error-500", "too-many", "not-json", "html-502"])
def test_a_search_that_fails_is_no_evidence(transport, postmark, fault):
    messages = readers(2)
    transport.send(digest(), messages)
    postmark.plan(Rule("/messages/outbound", fault))

    assert transport.find(messages[0].attempt_id, "broadcast") is None
