"""A machine that slept in the middle of a batch: nothing of it leaves after the caller's no."""

from contextlib import closing

import pytest

from newsletter.delivery.message import NOT_TRIED, Outcome, Receipt
from newsletter.delivery.transports.outbox import OutboxTransport
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports import letters
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    reader,
    readers,
)
from tests.newsletter.delivery.transports.smtp_servers import DROP, running_mailbox, scripted

ACCEPTED, UNKNOWN = Outcome.ACCEPTED, Outcome.UNKNOWN


class Asked:
    """Says yes so many times, and no from then on."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked <= self.times


def outcomes(receipts: list[Receipt]) -> list[Outcome]:
    return [receipt.outcome for receipt in receipts]


def test_postmark_is_called_no_further(transport, postmark):
    transport.most_bytes = 1
    messages = readers(4)

    receipts = transport.send(
        digest(), messages, may_go_on=lambda: len(accepted_of(postmark, messages)) < 2
    )

    assert outcomes(receipts)[:2] == [ACCEPTED] * 2
    assert receipts[2:] == [NOT_TRIED] * 2
    assert len(accepted_of(postmark, messages)) == 2


def test_what_postmark_refused_whole_is_divided_no_further(transport, postmark):
    messages = readers(8)
    messages[6] = reader(9999, messages[0].attempt_id, to="spoils-300@mail.example")

    receipts = transport.send(
        digest(), messages, may_go_on=lambda: not accepted_of(postmark, messages)
    )

    assert outcomes(receipts)[:4] == [ACCEPTED] * 4
    assert receipts[4:] == [NOT_TRIED] * 4
    assert len(accepted_of(postmark, messages)) == 4


def test_a_refused_call_that_may_not_be_divided_any_more_blames_nobody(transport):
    """One message may be at fault, or all of them: nobody has found out yet."""
    messages = readers(4)
    messages[2] = reader(9999, messages[0].attempt_id, to="spoils-300@mail.example")
    transport.send(mailing := digest(), readers(1))

    receipts = transport.send(mailing, messages, may_go_on=Asked(1))

    assert receipts == [NOT_TRIED] * 4


@pytest.mark.parametrize("calls", range(5))
def test_a_sleep_while_postmark_is_prepared_keeps_all_back_and_nothing_wrong_is_kept(
    postmark, calls
):
    """The stream is looked up, a template tried out, looked for and stored; then messages leave."""
    mailing, messages = digest(key=f"issue-20{calls}"), readers(2)
    with closing(PostmarkTransport(TOKEN, api_url=postmark.url)) as transport:
        receipts = transport.send(mailing, messages, may_go_on=Asked(calls))

        assert receipts == [NOT_TRIED] * 2
        assert accepted_of(postmark, messages) == []
        assert outcomes(transport.send(mailing, messages)) == [ACCEPTED] * 2


def test_a_batch_in_one_call_asks_once(any_transport):
    mailing, may_go_on = digest(), Asked(1)
    any_transport.send(mailing, readers(1))

    receipts = any_transport.send(mailing, readers(3), may_go_on=may_go_on)

    assert NOT_TRIED not in receipts
    assert may_go_on.asked == 1


def test_smtp_begins_no_further_message():
    with (
        running_mailbox() as mailbox,
        closing(SmtpTransport(mailbox.address, clock=letters.at_monday)) as transport,
    ):
        receipts = transport.send(
            letters.digest(), letters.readers(4), may_go_on=lambda: len(mailbox.kept) < 2
        )

    assert outcomes(receipts)[:2] == [ACCEPTED] * 2
    assert receipts[2:] == [NOT_TRIED] * 2
    assert len(mailbox.kept) == 2


def test_smtp_begins_none_on_a_fresh_connection_either():
    """The one that it had broke while the machine slept."""
    with (
        scripted(DOT=[DROP]) as server,
        closing(SmtpTransport(server.server(), clock=letters.at_monday)) as transport,
    ):
        receipts = transport.send(letters.digest(), letters.readers(3), may_go_on=Asked(1))

    assert receipts[0].outcome is UNKNOWN
    assert receipts[1:] == [NOT_TRIED] * 2
    assert len(server.bodies) == 1


def test_the_outbox_writes_no_further_file(tmp_path):
    outbox = OutboxTransport(tmp_path, clock=letters.at_monday)

    receipts = outbox.send(letters.digest(), letters.readers(3), may_go_on=Asked(1))

    assert receipts[0].outcome is ACCEPTED
    assert receipts[1:] == [NOT_TRIED] * 2
    assert len(list(tmp_path.rglob("*.eml"))) == 1
