"""What is known after each fault: the outcome table of the transport against a faulty Postmark."""

from datetime import timedelta

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_line import Patience
from newsletter.delivery.transports.postmark_streams import StreamSettings
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN
from tests.addresses import NOBODYS_NAME, reserved_port
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    notice,
    reader,
    readers,
)

UNKNOWN, NOT_TAKEN = Outcome.UNKNOWN, Outcome.NOT_TAKEN

TABLE = {
    "reset": (UNKNOWN, "no-answer"),
    "drop-answer": (UNKNOWN, "no-answer"),
    "truncated": (UNKNOWN, "no-answer"),
    "error-500": (UNKNOWN, "http-500"),
    "html-502": (UNKNOWN, "http-502"),
    "not-json": (UNKNOWN, "http-200"),
    "empty": (UNKNOWN, "http-200"),
    "short": (UNKNOWN, "inconsistent-answer"),
    "long": (UNKNOWN, "inconsistent-answer"),
    "reordered": (UNKNOWN, "inconsistent-answer"),
    "doubled": (UNKNOWN, "inconsistent-answer"),
    "too-many": (NOT_TAKEN, "429"),
    "too-many-wait": (NOT_TAKEN, "429"),
    "maintenance": (NOT_TAKEN, "100"),
    "html-403": (NOT_TAKEN, "http-403"),
}


@pytest.mark.parametrize("fault", TABLE)
def test_a_fault_has_its_outcome_for_every_message(transport, postmark, endpoint, fault):
    messages = readers(3)
    transport.send(digest(), readers(1))
    postmark.plan(Rule(endpoint, fault))

    receipts = transport.send(digest(), messages)

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [TABLE[fault]] * 3
    if receipts[0].outcome is NOT_TAKEN:
        assert accepted_of(postmark, messages) == []


def test_a_refusal_that_asks_for_a_while_hands_it_on_and_no_other_answer_does(
    transport, postmark, endpoint
):
    transport.send(digest(), readers(1))
    postmark.plan(Rule(endpoint, "too-many-wait"))

    [asked] = transport.send(digest(), readers(1))
    [accepted] = transport.send(digest(), readers(1))

    assert (asked.wait, accepted.wait) == (timedelta(seconds=90), None)


@pytest.mark.parametrize("fault", TABLE)
def test_nothing_is_sent_twice_by_the_transport_itself(transport, postmark, endpoint, fault):
    messages = readers(3)
    postmark.plan(Rule(endpoint, fault, accept=True))

    transport.send(digest(), messages)

    assert len(accepted_of(postmark, messages)) == 3


def test_the_transport_works_again_after_a_fault(transport, postmark, endpoint):
    messages = readers(3)
    postmark.plan(Rule(endpoint, "reset"))
    transport.send(digest(), readers(3))

    receipts = transport.send(digest(), messages)

    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}


def test_a_success_without_error_code_is_a_success(transport, postmark, endpoint):
    postmark.plan(Rule(endpoint, "without-error-code"))

    receipts = transport.send(digest(), readers(3))

    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}


def test_an_answer_later_than_the_read_timeout_leaves_doubt(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, patience=Patience(silence=1))
    messages = readers(2)
    transport.send(digest(), readers(1))
    postmark.plan(Rule("/email/batchWithTemplates", "slow", seconds=10))

    receipts = transport.send(digest(), messages)

    transport.close()
    assert [receipt.code for receipt in receipts] == ["no-answer"] * 2
    assert {receipt.outcome for receipt in receipts} == {UNKNOWN}


def test_an_answer_that_drips_is_cut_at_the_deadline_and_leaves_doubt(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, patience=Patience(call=2))
    messages = readers(2)
    postmark.plan(Rule("/email/batch", "drip"))

    receipts = transport.send(digest(html=None), messages)
    again = transport.send(digest(html=None), readers(1))

    transport.close()
    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [(UNKNOWN, "no-answer")] * 2
    assert again[0].outcome is Outcome.ACCEPTED


def test_no_further_call_begins_when_time_is_up(postmark):
    hurried = Patience(call=0.2)
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, patience=hurried)
    transport.most_bytes = 1
    postmark.plan(Rule("/email/batch", "drip"))

    receipts = transport.send(digest(html=None), readers(2))

    transport.close()
    assert [receipt.code for receipt in receipts] == ["no-answer", "not-tried"]


def test_a_failed_call_keeps_the_receipts_of_earlier_ones_and_stops(postmark, handover, endpoint):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)
    transport.most_bytes = 1
    messages = readers(4)
    postmark.plan(Rule(endpoint, "drop-answer", nth=3))

    receipts = transport.send(digest(), messages)

    transport.close()
    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [
        (Outcome.ACCEPTED, None),
        (Outcome.ACCEPTED, None),
        (UNKNOWN, "no-answer"),
        (NOT_TAKEN, "not-tried"),
    ]
    assert len(accepted_of(postmark, messages)) == 3


def test_a_refused_connection_is_certainly_not_processed(handover):
    with reserved_port() as port:
        transport = PostmarkTransport(TOKEN, api_url=f"http://127.0.0.1:{port}", handover=handover)

        (receipt,) = transport.send(digest(), readers(1))

    assert (receipt.outcome, receipt.code) == (NOT_TAKEN, "not-reached")


@pytest.mark.parametrize("wrong", ["https://{}", f"http://{NOBODYS_NAME}", "nonsense://{}"])
def test_no_line_at_all_is_certainly_not_processed(postmark, handover, wrong):
    address = wrong.format(postmark.url.removeprefix("http://"))
    transport = PostmarkTransport(TOKEN, api_url=address, handover=handover)

    (receipt,) = transport.send(digest(), readers(1))

    transport.close()
    assert (receipt.outcome, receipt.code) == (NOT_TAKEN, "not-reached")


def test_a_wrong_token_is_refused_as_a_whole(postmark, handover):
    transport = PostmarkTransport("not-the-token", api_url=postmark.url, handover=handover)

    receipts = transport.send(digest(), readers(2))

    transport.close()
    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [(NOT_TAKEN, "10")] * 2


def test_one_bad_recipient_does_not_touch_its_neighbours(transport, postmark):
    good = readers(2)
    attempt = good[0].attempt_id
    gone = reader(7, attempt, to="Gone@mail.example")
    invalid = reader(8, attempt, to="nobody@localhost")
    postmark.suppress("gone@mail.example")

    receipts = transport.send(digest(), [good[0], gone, invalid, good[1]])

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [
        (Outcome.ACCEPTED, None),
        (Outcome.REJECTED, "406"),
        (Outcome.REJECTED, "300"),
        (Outcome.ACCEPTED, None),
    ]
    assert [row["To"] for row in accepted_of(postmark, good)] == [one.to for one in good]


def test_metadata_that_postmark_does_not_take_is_no_fault_of_the_recipients(transport, postmark):
    messages = [reader(number, "a" * 81) for number in (1, 2)]

    receipts = transport.send(digest(), messages)

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [(NOT_TAKEN, "300")] * 2
    assert all(receipt.needs_operator for receipt in receipts)
    assert accepted_of(postmark, messages) == []


def test_no_detail_names_an_address_or_a_token(transport, postmark, endpoint):
    gone = reader(1, to="left@mail.example")
    postmark.suppress("left@mail.example")

    receipts = transport.send(digest(), [gone, reader(2, to="nobody@localhost")])
    postmark.plan(Rule(endpoint, "html-502"))
    receipts += transport.send(digest(), [gone])

    details = " ".join(receipt.detail for receipt in receipts)
    assert "@" not in details
    assert "left" not in details
    assert gone.values["unsubscribe"] not in details


def test_a_sender_that_postmark_does_not_know_is_no_fault_of_the_recipient(transport):
    receipts = transport.send(digest(sender="news@brand.invalid"), readers(2))

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [(NOT_TAKEN, "400")] * 2


def test_a_stream_that_does_not_exist_is_no_fault_of_the_recipient(postmark, handover):
    transport = PostmarkTransport(
        TOKEN,
        api_url=postmark.url,
        handover=handover,
        streams=StreamSettings(broadcast="weekly"),
    )

    (receipt,) = transport.send(digest(), readers(1))

    transport.close()
    assert (receipt.outcome, receipt.code) == (NOT_TAKEN, "1235")


def test_a_notice_meets_the_same_table(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url)
    postmark.plan(Rule("/email/batch", "drop-answer"))

    (receipt,) = transport.send(notice(), readers(1))

    transport.close()
    assert (receipt.outcome, receipt.code) == (UNKNOWN, "no-answer")
