"""What one reader costs on the line, for a real letter."""

import pytest

from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.postmark_handover import prepare
from tests.factories import add_many_subscribers, make_desk, store_comparisons


@pytest.fixture
def letters(database):
    """A mailing and the messages to ten readers."""
    with database.writing() as session:
        store_comparisons(session, 8)
        add_many_subscribers(session, 10)
    transport = MemoryTransport()
    desk = make_desk(database, transport, local_time=False)
    desk.send(desk.build(desk.slots.next(), actor="test").number, actor="test")
    return transport.sent


@pytest.mark.parametrize("handover", ["template", "bulk"])
def test_a_reader_costs_less_than_a_kilobyte_where_the_issue_is_sent_once(letters, handover):
    mailing = next(mailing for mailing, _ in letters if mailing.key == "issue-1")
    messages = [one for mailing, one in letters if mailing.key == "issue-1"]

    prepared = prepare(mailing, handover, "broadcast")
    [call] = prepared.calls(messages)

    assert len(messages) == 10
    assert call.size / len(messages) < 1_000
