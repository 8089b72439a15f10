"""Events reach the webhook: authenticated, traced, retried, repeated and out of order."""

import base64
import socket

import pytest

from tests.newsletter.testing.postmark_calls import send

READER = "reader@mail.example"
EVERYTHING = [
    "Delivery",
    "Bounce",
    "SpamComplaint",
    "Open",
    "Click",
    "SubscriptionChange",
    "Inbound",
]
PAUSES = [1, 5, 10, 10, 10, 15]


def listen(postmark, listener, **changes):
    postmark.webhooks(listener.url, **{"kinds": EVERYTHING, **changes})


def record_types(listener):
    return [body["RecordType"] for body in listener.bodies]


def test_every_accepted_message_is_delivered_when_somebody_listens(postmark, listener):
    listen(postmark, listener)
    (entry,) = send(postmark, READER, Tag="issue-1", Metadata={"delivery-id": "d"})

    counts = postmark.deliver()

    assert counts == {"sent": 1, "accepted": 1, "waiting": 0, "dropped": 0}
    (body,) = listener.bodies
    assert (body["RecordType"], body["MessageID"]) == ("Delivery", entry["MessageID"])
    assert (body["Recipient"], body["Metadata"]) == (READER, {"delivery-id": "d"})


def test_nobody_is_told_of_kinds_that_nobody_wants(postmark, listener):
    listen(postmark, listener, kinds=["Bounce"])
    send(postmark, READER)
    postmark.events({"kind": "Open", "to": READER}, {"kind": "Bounce", "to": READER})

    postmark.deliver()

    assert record_types(listener) == ["Bounce"]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({"kind": "Delivery"}, ["Delivery"]),
        ({"kind": "Bounce"}, ["Bounce", "SubscriptionChange"]),
        ({"kind": "Bounce", "type": "SoftBounce"}, ["Bounce"]),
        ({"kind": "SpamComplaint"}, ["SpamComplaint", "SubscriptionChange"]),
        ({"kind": "Open"}, ["Open"]),
        ({"kind": "Click"}, ["Click"]),
        ({"kind": "SubscriptionChange"}, ["SubscriptionChange"]),
        ({"kind": "SubscriptionChange", "suppress": False}, []),
    ],
)
def test_each_event_is_told_in_the_bodies_that_it_leads_to(postmark, listener, event, told):
    (entry,) = send(postmark, READER)
    listen(postmark, listener)

    bodies = postmark.events({**event, "message_id": entry["MessageID"]})
    postmark.deliver()

    assert record_types(listener) == told
    assert listener.bodies == bodies


def test_an_event_may_be_about_somebody_to_whom_nothing_was_sent(postmark):
    (body, _) = postmark.events({"kind": "Bounce", "to": READER, "stream": "outbound"})

    assert (body["Email"], body["MessageStream"]) == (READER, "outbound")


def test_only_the_first_open_is_the_first(postmark):
    send(postmark, READER)
    opens = postmark.events(*[{"kind": "Open", "to": READER}] * 2)

    assert [body["FirstOpen"] for body in opens] == [True, False]


def test_coming_back_names_no_message_and_no_reason(postmark):
    send(postmark, READER)
    away, back = postmark.events(
        {"kind": "SubscriptionChange", "to": READER},
        {"kind": "SubscriptionChange", "to": READER, "suppress": False},
    )

    assert (away["SuppressSending"], away["SuppressionReason"]) == (True, "ManualSuppression")
    assert away["MessageID"]
    assert (back["SuppressSending"], back["SuppressionReason"], back["MessageID"]) == (
        False,
        None,
        None,
    )


def test_a_suppression_by_the_customer_is_told_too(postmark, listener):
    listen(postmark, listener)

    postmark.suppress(READER)
    postmark.deliver()

    (body,) = listener.bodies
    assert (body["RecordType"], body["Origin"]) == ("SubscriptionChange", "Customer")


def test_calls_carry_credentials_headers_and_a_trace(postmark, listener):
    listen(postmark, listener, user="hook", password="pass", headers={"X-Hook": "secret"})
    send(postmark, READER)

    postmark.deliver()

    ((headers, _),) = listener.calls
    credentials = base64.b64encode(b"hook:pass").decode()
    assert headers["Authorization"] == f"Basic {credentials}"
    assert (headers["X-Hook"], headers["Content-Type"]) == ("secret", "application/json")
    assert headers["X-PM-Retries-Remaining"] == "6"
    assert headers["X-PM-Webhook-Trace-Id"]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_can_heal_is_retried_and_keeps_its_trace(postmark, listener, status):
    listener.statuses.append(status)
    listen(postmark, listener)
    send(postmark, READER)

    first = postmark.deliver()
    early = postmark.deliver()
    postmark.clock(advance=61)
    second = postmark.deliver()

    assert first == {"sent": 1, "accepted": 0, "waiting": 1, "dropped": 0}
    assert (early["sent"], second["accepted"]) == (0, 1)
    assert len({headers["X-PM-Webhook-Trace-Id"] for headers, _ in listener.calls}) == 1
    assert [headers["X-PM-Retries-Remaining"] for headers, _ in listener.calls] == ["6", "5"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_cannot_heal_is_dropped_at_once(postmark, listener, status):
    listener.statuses.append(status)
    listen(postmark, listener)
    send(postmark, READER)

    assert postmark.deliver() == {"sent": 1, "accepted": 0, "waiting": 0, "dropped": 1}


def test_retries_follow_the_table_and_then_the_event_is_dropped(postmark, listener):
    listener.statuses.extend([503] * 20)
    listen(postmark, listener)
    send(postmark, READER)
    postmark.deliver()

    for minutes in PAUSES:
        postmark.clock(advance=60 * minutes - 5)
        assert postmark.deliver()["sent"] == 0
        postmark.clock(advance=6)
        last = postmark.deliver()
        assert last["sent"] == 1

    assert last == {"sent": 1, "accepted": 0, "waiting": 0, "dropped": 1}
    assert len(listener.calls) == 1 + len(PAUSES)


def test_nobody_there_is_like_an_error_that_heals(postmark):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # and nobody listens
        postmark.webhooks(f"http://127.0.0.1:{reserved.getsockname()[1]}/", kinds=["Delivery"])
        send(postmark, READER)

        counts = postmark.deliver()

    assert (counts["sent"], counts["waiting"]) == (1, 1)


def test_an_answer_that_takes_too_long_is_none(postmark):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call and says nothing
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        postmark.webhooks(url, kinds=["Delivery"], timeout=0.1)
        send(postmark, READER)

        counts = postmark.deliver()

    assert (counts["sent"], counts["waiting"]) == (1, 1)


def test_copies_are_the_same_event_with_the_same_trace(postmark, listener):
    listen(postmark, listener, copies=3)
    send(postmark, READER)

    assert postmark.deliver()["accepted"] == 3
    assert listener.bodies[0] == listener.bodies[1] == listener.bodies[2]
    assert len({headers["X-PM-Webhook-Trace-Id"] for headers, _ in listener.calls}) == 1


def test_events_come_in_another_order_which_the_seed_decides(postmark, listener):
    people = [f"reader{number}@mail.example" for number in range(8)]
    orders = []
    for seed in (None, 3, 3, 4):
        listener.calls.clear()
        listen(postmark, listener, shuffle=seed)
        send(postmark, *people)
        postmark.deliver()
        orders.append([body["Recipient"] for body in listener.bodies])

    assert orders[0] == people
    assert sorted(orders[1]) == people
    assert orders[1] == orders[2] != people
    assert orders[3] != orders[1]


def test_the_black_hole_takes_messages_and_delivers_none(postmark, listener):
    listen(postmark, listener)

    (entry,) = send(postmark, "test@blackhole.postmarkapp.com")

    assert entry["ErrorCode"] == 0
    assert postmark.deliver()["sent"] == 0
    assert len(postmark.accepted()) == 1


MAIL = {"kind": "Inbound", "from": READER, "to": "in+a-mark@inbound.example", "text": "stop"}


def test_a_mail_that_comes_in_says_for_whom_it_is_and_carries_no_header_of_ours(postmark, listener):
    listen(postmark, listener, headers={"X-Hook": "secret"})

    postmark.events(MAIL | {"subject": "Re: Issue 1", "headers": {"Auto-Submitted": "no"}})
    postmark.deliver()

    ((headers, body),) = listener.calls
    assert (body["From"], body["ToFull"][0]["MailboxHash"]) == (READER, "a-mark")
    assert (body["Subject"], body["TextBody"]) == ("Re: Issue 1", "stop")
    assert body["Headers"] == [{"Name": "Auto-Submitted", "Value": "no"}]
    assert "RecordType" not in body
    assert "X-Hook" not in headers


@pytest.mark.parametrize(("status", "waiting"), [(200, 0), (204, 1), (404, 1), (403, 0)])
def test_a_mail_is_told_for_ten_hours_until_200_or_403(postmark, listener, status, waiting):
    listener.statuses.append(status)
    listen(postmark, listener)
    postmark.events(MAIL)

    assert postmark.deliver()["waiting"] == waiting
    assert listener.calls[0][0]["X-PM-Retries-Remaining"] == "10"
