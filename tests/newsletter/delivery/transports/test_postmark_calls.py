"""Calls are cut by count and by bytes, and their bodies are as long as they say."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.delivery.transports.postmark_calls import MOST_BYTES
from newsletter.delivery.transports.postmark_handover import prepare
from newsletter.rendering.personal import Marked
from tests.newsletter.delivery.transports.postmark_samples import digest, reader, readers

handovers = st.sampled_from(["template", "batch"])


@settings(max_examples=60)
@given(handovers, st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_a_body_is_json_of_exactly_the_announced_length(handover, names):
    prepared = prepare(digest(), handover, "broadcast")
    messages = [
        reader(number, values={"unsubscribe": name, "email": name})
        for number, name in enumerate(names)
    ]

    (call,) = prepared.calls(messages)
    body = prepared.body(call)
    written = b"".join(body)

    assert len(body) == len(written)
    decoded = orjson.loads(written)
    entries = decoded["Messages"] if handover == "template" else decoded
    assert [entry["To"] for entry in entries] == [message.to for message in messages]


def test_the_501st_message_starts_another_call():
    prepared = prepare(digest(), "template", "broadcast")

    calls = prepared.calls(readers(1001))

    assert [len(call.messages) for call in calls] == [500, 500, 1]


def test_large_bodies_are_cut_by_bytes():
    large = digest(html=Marked.plain("ж" * 100_000))
    prepared = prepare(large, "batch", "broadcast")
    messages = readers(500)

    calls = prepared.calls(messages)

    assert [len(call.messages) for call in calls] == [224, 224, 52]
    assert all(len(prepared.body(call)) <= MOST_BYTES for call in calls)
    assert [one for call in calls for one in call.messages] == messages


def test_a_message_larger_than_a_call_goes_alone():
    prepared = prepare(digest(html=Marked.plain("x" * 20_000)), "batch", "broadcast")

    calls = prepared.calls(readers(2), most_bytes=10_000)

    assert [len(call.messages) for call in calls] == [1, 1]


def test_a_body_is_begun_with_its_first_byte():
    prepared = prepare(digest(), "batch", "broadcast")
    (call,) = prepared.calls(readers(2))

    body = prepared.body(call)

    assert not body.begun
    next(iter(body))
    assert body.begun
