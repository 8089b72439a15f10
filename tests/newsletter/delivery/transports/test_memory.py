from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from tests.newsletter.delivery.transports.letters import digest, readers


def test_a_script_decides_for_each_message_and_only_the_accepted_were_sent():
    mailing, messages = digest(), readers(3)
    script = iter([Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.NOT_TAKEN])
    transport = MemoryTransport(lambda _message: Receipt(next(script)))

    receipts = transport.send(mailing, messages)

    outcomes = [receipt.outcome for receipt in receipts]
    assert outcomes == [Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.NOT_TAKEN]
    assert transport.asked == [(mailing, message) for message in messages]
    assert transport.sent == [(mailing, messages[0])]
