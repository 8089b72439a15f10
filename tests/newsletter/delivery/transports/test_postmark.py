"""What reaches Postmark, read from the log of a loopback one."""

import threading
from uuid import uuid4

import orjson
import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.mime import Composer
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.rendering.personal import Marked, MissingValue
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    notice,
    reader,
    readers,
)


def test_each_message_is_accepted_once_under_its_own_id(transport, postmark):
    messages = readers(20)

    receipts = transport.send(digest(), messages)

    rows = accepted_of(postmark, messages)
    assert [row["To"] for row in rows] == [message.to for message in messages]
    assert [receipt.provider_id for receipt in receipts] == [row["MessageID"] for row in rows]
    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}


def test_the_reader_gets_the_bytes_of_the_preview_by_every_handover(any_transport, postmark):
    mailing, messages = digest(), readers(3)

    any_transport.send(mailing, messages)

    for row, message in zip(accepted_of(postmark, messages), messages, strict=True):
        assert row["HtmlBody"] == mailing.html.fill_html(message.values)
        assert row["TextBody"] == mailing.text.fill(message.values)
        assert row["Subject"] == mailing.subject


def test_values_that_look_like_placeholders_are_printed_as_they_are(any_transport, postmark):
    (message,) = readers(1)
    values = {"unsubscribe": "{{text.email}}", "email": '{{{html.email}}} "</a>'}
    message = reader(0, message.attempt_id, values=values)
    mailing = digest()

    any_transport.send(mailing, [message])

    (row,) = accepted_of(postmark, [message])
    assert row["HtmlBody"] == mailing.html.fill_html(values)
    assert row["TextBody"] == mailing.text.fill(values)


def test_a_system_placeholder_in_content_is_shown_and_not_filled(any_transport, postmark):
    quoted = "{{{ pm:unsubscribe }}} and {{{pm:unsubscribe}}}"
    mailing = digest(html=Marked.plain(f"<p>{quoted}</p>"), text=Marked.plain(quoted), headers=())
    messages = readers(1)

    any_transport.send(mailing, messages)

    (row,) = accepted_of(postmark, messages)
    assert row["HtmlBody"].replace("&#123;", "{") == f"<p>{quoted}</p>"
    assert row["TextBody"].replace("\u2060", "") == quoted


def test_headers_ids_tag_and_stream_are_set_for_each_message(any_transport, postmark):
    mailing, messages = digest(), readers(2)

    any_transport.send(mailing, messages)

    row, message = accepted_of(postmark, messages)[1], messages[1]
    assert row["Headers"] == [
        {
            "Name": "List-Unsubscribe",
            "Value": f"<https://news.example/u/{message.values['unsubscribe']}>",
        },
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        {"Name": "Message-ID", "Value": f"<{message.delivery_id}@news.example>"},
        {"Name": "X-PM-KeepID", "Value": "true"},
    ]
    assert row["Metadata"] == {
        "delivery-id": message.delivery_id,
        "batch-id": message.attempt_id,
    }
    assert (row["Tag"], row["MessageStream"]) == ("issue-7", "broadcast")
    assert (row["From"], row["ReplyTo"]) == (mailing.sender, mailing.reply_to)


def test_the_message_id_is_that_of_every_other_transport(any_transport, postmark):
    (message,) = readers(1)
    message = reader(1, message.attempt_id, delivery_id="issue 7/reader 1")
    mailing = digest()

    any_transport.send(mailing, [message])

    (row,) = accepted_of(postmark, [message])
    named = {header["Name"]: header["Value"] for header in row["Headers"]}
    assert named["Message-ID"] == Composer(mailing).message_id(message)


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "reader@mail.example, other@mail.example"},
        {"to": "reader@mail.example\r\nBcc: other@mail.example"},
        {"to": "Reader <reader@mail.example>"},
        {"values": {"unsubscribe": "x>\r\nBcc: other@mail.example", "email": "x"}},
    ],
)
def test_a_message_that_could_reach_anybody_else_is_refused_alone(transport, postmark, changes):
    messages = readers(2)
    crooked = reader(1, messages[0].attempt_id, **changes)

    receipts = transport.send(digest(), [messages[0], crooked, messages[1]])

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [
        (Outcome.ACCEPTED, None),
        (Outcome.REJECTED, "unsafe-header"),
        (Outcome.ACCEPTED, None),
    ]
    assert "@" not in receipts[1].detail
    assert len(accepted_of(postmark, messages)) == 2


def test_a_notice_goes_in_full_on_the_transactional_stream(transport, postmark):
    mailing = notice()
    message = reader(1, attempt="", delivery_id="confirm.1")

    (receipt,) = transport.send(mailing, [message])

    (row,) = [row for row in postmark.accepted() if row["MessageID"] == receipt.provider_id]
    assert row["MessageStream"] == "outbound"
    assert row["TextBody"] == mailing.text.fill(message.values)
    assert row["HtmlBody"] == ""
    assert row["Metadata"] == {"delivery-id": "confirm.1", "batch-id": "confirm.1"}


def test_messages_that_do_not_fit_into_a_call_are_sent_in_several(postmark, handover):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)
    transport.most_bytes = 10_000
    messages = readers(40)

    receipts = transport.send(digest(), messages)

    transport.close()
    assert [receipt.provider_id for receipt in receipts] == [
        row["MessageID"] for row in accepted_of(postmark, messages)
    ]


def test_a_template_message_is_below_a_kilobyte(postmark):
    prepared = PostmarkTransport(TOKEN, api_url=postmark.url)._prepared(digest())

    (call,) = prepared.calls(readers(500))

    assert len(prepared.body(call)) < 500 * 1000


def test_a_message_without_a_value_stops_everything_before_the_first_call(any_transport, postmark):
    messages = readers(3)
    messages.append(reader(1, messages[0].attempt_id, values={"email": "a@b.example"}))

    with pytest.raises(MissingValue, match="unsubscribe"):
        any_transport.send(digest(), messages)

    assert accepted_of(postmark, messages) == []


def test_a_lone_surrogate_in_one_name_does_not_keep_the_others(transport, postmark):
    messages = readers(2)
    broken = reader(9, messages[0].attempt_id, values={"unsubscribe": "x", "email": "\ud800"})

    receipts = transport.send(digest(), [messages[0], broken, messages[1]])

    assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}
    assert "{?}" in accepted_of(postmark, messages)[1]["TextBody"]


def test_threads_send_at_once_and_each_message_leaves_once(transport, postmark):
    batches = [readers(50) for _ in range(8)]
    mailing = digest(key="issue-8")
    threads = [threading.Thread(target=transport.send, args=(mailing, batch)) for batch in batches]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for batch in batches:
        assert [row["To"] for row in accepted_of(postmark, batch)] == [one.to for one in batch]


def test_sending_after_closing_opens_new_connections(transport, postmark):
    messages = readers(2)
    transport.send(digest(), messages[:1])

    transport.close()
    transport.send(digest(), messages[1:])

    assert len(accepted_of(postmark, messages)) == 2


@pytest.mark.parametrize("handover", ["template", "batch", "bulk"])
@pytest.mark.parametrize("token", ["<b>", "a b", "ж", "x\ny", "a/b"])
def test_a_token_that_is_none_is_refused_alone(postmark, handover, token):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)
    attempt = uuid4().hex
    messages = [
        reader(number, attempt, values={"unsubscribe": each, "email": "x"})
        for number, each in enumerate(["good", token, "fine"])
    ]

    receipts = transport.send(with_tokens(), messages)

    transport.close()
    assert receipts[1].outcome is Outcome.REJECTED
    assert receipts[1].code in {"unsafe-token", "unsafe-header"}
    left = [row["Metadata"]["delivery-id"] for row in accepted_of(postmark, messages)]
    assert left == [messages[0].delivery_id, messages[2].delivery_id]


def with_tokens():
    return digest(tokens=frozenset({"unsubscribe"}))


def test_a_token_is_sent_once_for_all_parts_and_stands_in_each(any_transport, postmark):
    message = reader(1, uuid4().hex, values={"unsubscribe": "T0k-n_.~", "email": "o'reader"})
    mailing = with_tokens()

    any_transport.send(mailing, [message])

    (row,) = accepted_of(postmark, [message])
    assert row["HtmlBody"] == mailing.html.fill_html(message.values)
    assert row["TextBody"] == mailing.text.fill(message.values)


@pytest.mark.parametrize("handover", ["template", "batch", "bulk"])
def test_a_value_that_html_would_escape_is_refused_where_it_is_said_not_to_be(postmark, handover):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)
    attempt = uuid4().hex
    messages = [
        reader(number, attempt, values={"unsubscribe": "x", "email": each})
        for number, each in enumerate(["Montag, 30. März", "<b>", "понеділок"])
    ]

    receipts = transport.send(digest(neutral=frozenset({"email"})), messages)

    transport.close()
    assert (receipts[1].outcome, receipts[1].code) == (Outcome.REJECTED, "unsafe-value")
    left = [row["Metadata"]["delivery-id"] for row in accepted_of(postmark, messages)]
    assert left == [messages[0].delivery_id, messages[2].delivery_id]


def test_headers_that_are_not_worth_their_bytes_are_left_out_by_every_handover(
    any_transport, postmark
):
    optional = ("Feedback-ID", "List-Archive", "List-Post")
    mailing = digest(
        headers=(
            ("List-Id", Marked.plain("<news.example>")),
            *((name, Marked.plain("x")) for name in optional),
        )
    )
    messages = readers(1)

    any_transport.send(mailing, messages)

    (row,) = accepted_of(postmark, messages)
    assert [one["Name"] for one in row["Headers"]] == ["List-Id", "Message-ID", "X-PM-KeepID"]


def test_nothing_is_tracked(transport, handover):
    prepared = transport._prepared(digest())

    (call,) = prepared.calls(readers(1))

    body = orjson.loads(b"".join(prepared.body(call)))
    (message,) = body["Messages"] if handover == "template" else body
    assert (message["TrackOpens"], message["TrackLinks"]) == (False, "None")
    assert message.get("InlineCss", False) is False
