"""What every transport keeps, run on each of them with the real other end of its wire.

A new transport joins by one more way to make a Harness.
"""

import html
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from newsletter.delivery.message import NOT_TRIED, Outcome
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.delivery.transports.limits import WrongBatchSize
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.outbox import OutboxTransport
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.rendering.personal import MissingValue
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.harness import Harness, from_mime, from_postmark
from tests.newsletter.delivery.transports.letters import (
    EMAIL,
    MONDAY,
    NONCE,
    UNSUBSCRIBE,
    at_monday,
    digest,
    marked,
    reader,
    readers,
)
from tests.newsletter.delivery.transports.smtp_servers import running_mailbox


def memory(_request):
    transport = MemoryTransport()

    def arrived():
        return [
            from_mime(Composer(mailing).compose(message, date=MONDAY))
            for mailing, message in transport.sent
        ]

    yield Harness(transport, arrived)


def outbox(request):
    folder = request.getfixturevalue("tmp_path") / "outbox"
    transport = OutboxTransport(folder, clock=at_monday)
    yield Harness(
        transport, lambda: [from_mime(path.read_bytes()) for path in folder.rglob("*.eml")]
    )


def smtp(_request):
    with running_mailbox() as mailbox:
        transport = SmtpTransport(mailbox.address, clock=at_monday)
        with closing(transport):
            yield Harness(
                transport,
                lambda: [from_mime(content, envelope) for envelope, content in mailbox.kept],
            )


def postmark(request, handover):
    loopback = request.getfixturevalue("postmark")
    before = len(loopback.accepted())
    transport = PostmarkTransport(TOKEN, api_url=loopback.url, handover=handover)
    with closing(transport):
        yield Harness(
            transport, lambda: [from_postmark(row) for row in loopback.accepted()[before:]]
        )


def postmark_template(request):
    yield from postmark(request, "template")


def postmark_batch(request):
    yield from postmark(request, "batch")


@pytest.fixture(
    params=[memory, outbox, smtp, postmark_template, postmark_batch], ids=lambda make: make.__name__
)
def harness(request):
    yield from request.param(request)


def test_each_message_has_one_receipt_in_order_and_arrives_once(harness):
    messages = readers(7)

    receipts = harness.transport.send(digest(), messages)

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 7
    assert len({receipt.provider_id for receipt in receipts} - {None}) == 7
    arrived = sorted(one.recipients for one in harness.arrived())
    assert arrived == sorted((message.to,) for message in messages)


def test_every_script_and_sign_survives_the_way(harness):
    mailing, (message,) = digest(), readers(1)

    harness.transport.send(mailing, [message])

    arrived = harness.arrived_for(message.to)
    assert arrived.subject == mailing.subject
    assert arrived.sender == mailing.sender
    assert arrived.text == mailing.text.fill(message.values)
    assert mailing.html
    assert arrived.html == mailing.html.fill_html(message.values)


def test_nobody_gets_anothers_values_and_no_mark_is_left(harness):
    messages = readers(5)

    harness.transport.send(digest(), messages)

    for message in messages:
        everything = harness.arrived_for(message.to).everything
        own, others = message.values["unsubscribe"], [one for one in messages if one is not message]
        assert everything.count(own) == 3
        assert not any(one.values["unsubscribe"] in everything for one in others)
        assert not any(one.to in everything for one in others)
        assert NONCE not in everything


def test_values_are_escaped_in_html_and_nowhere_else(harness):
    crooked = "<b>&'\"{{name}}@@" + NONCE
    (message,) = readers(1)
    values = {"unsubscribe": "plain", "email": crooked}
    message = reader(message.delivery_id.removeprefix("12."), values=values)

    harness.transport.send(digest(text=digest().html, headers=()), [message])

    arrived = harness.arrived_for(message.to)
    assert crooked in arrived.text
    assert crooked not in arrived.html
    assert html.escape(crooked) in arrived.html


def test_the_unsubscribe_headers_stand_there_raw_however_long_they_are(harness):
    (message,) = readers(1)

    harness.transport.send(digest(), [message])

    headers = harness.arrived_for(message.to).headers
    address = f"<https://n.example/u/{message.values['unsubscribe']}>"
    assert headers["List-Unsubscribe"] == address
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_both_ways_out_stand_on_one_line_with_the_address_of_each_reader(harness):
    pair = marked(f"<https://n.example/u/{UNSUBSCRIBE}>, <mailto:in+{EMAIL}?subject=unsubscribe>")
    messages = readers(2)

    harness.transport.send(digest(headers=(("List-Unsubscribe", pair),)), messages)

    for message in messages:
        values = message.values
        assert harness.arrived_for(message.to).headers["List-Unsubscribe"] == (
            f"<https://n.example/u/{values['unsubscribe']}>, "
            f"<mailto:in+{values['email']}?subject=unsubscribe>"
        )


def test_the_message_id_is_the_same_at_every_attempt_and_for_nobody_else(harness):
    mailing, (one, two) = digest(), readers(2)

    harness.transport.send(mailing, [one, two])

    first, second = (
        harness.arrived_for(message.to).headers["Message-ID"] for message in (one, two)
    )
    assert first == f"<{one.delivery_id}@news.example>"
    assert second != first


def test_a_notice_without_html_arrives_as_text(harness):
    (message,) = readers(1)

    harness.transport.send(digest(html=None, stream="transactional"), [message])

    arrived = harness.arrived_for(message.to)
    assert arrived.html is None
    assert arrived.text.startswith("Grüße, 世界 🦊\n.a line")


@pytest.mark.parametrize("address", ["a@mail.example, b@mail.example", "a@mail.example\r\nBcc: b@c.de"])  # fmt: skip
def test_a_recipient_that_is_more_than_one_is_rejected_alone(harness, address):
    before, after = readers(2)
    crooked = reader("crooked", to=address)

    receipts = harness.transport.send(digest(), [before, crooked, after])

    outcomes = [receipt.outcome for receipt in receipts]
    assert outcomes == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert receipts[1].code == "unsafe-header"
    assert "@" not in receipts[1].detail
    assert len(harness.arrived()) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Hello\r\nBcc: everybody@mail.example"},
        {"sender": "Evil\n <digest@news.example>"},
        {"reply_to": "a@b.example, c@d.example"},
    ],
)
def test_a_mailing_with_an_unsafe_header_is_refused_before_anything_leaves(harness, changes):
    with pytest.raises(UnsafeHeader):
        harness.transport.send(digest(**changes), readers(2))

    assert harness.arrived() == []


def test_a_missing_value_is_found_before_anything_leaves(harness):
    complete, incomplete = readers(2)
    incomplete = reader("incomplete", values={"email": "x"})

    with pytest.raises(MissingValue, match="unsubscribe"):
        harness.transport.send(digest(), [complete, incomplete])

    assert harness.arrived() == []


def test_a_call_takes_at_least_one_message_and_not_more_than_it_says(harness):
    wrong = [readers(0), readers(1) * (harness.transport.most + 1)]

    for messages in wrong:
        with pytest.raises(WrongBatchSize):
            harness.transport.send(digest(), messages)

    assert harness.arrived() == []


def test_whoever_may_not_go_on_sends_nothing(harness):
    receipts = harness.transport.send(digest(), readers(3), may_go_on=lambda: False)

    assert receipts == [NOT_TRIED] * 3
    assert harness.arrived() == []


def test_threads_send_at_once_and_each_message_leaves_once(harness):
    mailing, groups = digest(), [readers(5) for _ in range(6)]

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda group: harness.transport.send(mailing, group), groups))

    assert {receipt.outcome for answer in answers for receipt in answer} == {Outcome.ACCEPTED}
    arrived = sorted(one.recipients[0] for one in harness.arrived())
    assert arrived == sorted(message.to for group in groups for message in group)


def test_after_closing_it_sends_again(harness):
    (first,), (second,) = readers(1), readers(1)
    harness.transport.send(digest(), [first])

    harness.transport.close()
    harness.transport.close()
    [receipt] = harness.transport.send(digest(), [second])

    assert receipt.outcome is Outcome.ACCEPTED
    assert harness.arrived_for(second.to)
