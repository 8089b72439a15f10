"""A call that Postmark refuses whole costs only the reader who spoils it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_answers import Answer, read_call
from newsletter.delivery.transports.postmark_dividing import Division
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    reader,
    readers,
)

ACCEPTED, REJECTED = Outcome.ACCEPTED, Outcome.REJECTED
NOT_TAKEN, UNKNOWN = Outcome.NOT_TAKEN, Outcome.UNKNOWN


def seen(receipts):
    return [(receipt.outcome, receipt.code) for receipt in receipts]


def with_spoiler(count, place, code=300):
    messages = readers(count)
    spoiler = reader(9999, messages[0].attempt_id, to=f"spoils-{code}@mail.example")
    messages[place] = spoiler
    return messages


@pytest.mark.parametrize("code", [300, 403, 406])
@pytest.mark.parametrize("place", [0, 3, 6])
def test_one_message_that_spoils_the_call_is_rejected_and_the_others_arrive_once(
    transport, postmark, place, code
):
    messages = with_spoiler(7, place, code)

    receipts = transport.send(digest(), messages)

    expected: list[tuple[Outcome, str | None]] = [(ACCEPTED, None)] * 7
    expected[place] = (REJECTED, str(code))
    assert seen(receipts) == expected
    arrived = [row["To"] for row in accepted_of(postmark, messages)]
    assert sorted(arrived) == sorted(message.to for message in messages if "+" in message.to)


@pytest.mark.parametrize("fault", ["refused-300", "refused-403", "refused-406"])
def test_where_every_call_is_refused_nobody_is_rejected(transport, postmark, endpoint, fault):
    messages = readers(9)
    postmark.plan(Rule(endpoint, fault, nth=0))

    receipts = transport.send(digest(), messages)

    assert seen(receipts) == [(NOT_TAKEN, fault[-3:])] * 9
    assert all(receipt.needs_operator for receipt in receipts)
    assert accepted_of(postmark, messages) == []


@pytest.mark.parametrize("code", [300, 406])
def test_a_reader_alone_in_a_refused_call_is_rejected(transport, code):
    receipts = transport.send(digest(), with_spoiler(1, 0, code))

    assert seen(receipts) == [(REJECTED, str(code))]


def test_a_lone_field_error_is_no_fault_of_the_reader(transport):
    [receipt] = transport.send(digest(), with_spoiler(1, 0, 403))

    assert (receipt.outcome, receipt.needs_operator) == (NOT_TAKEN, True)


def test_a_refusal_that_does_not_come_again_costs_nobody_anything(transport, postmark, endpoint):
    messages = readers(4)
    postmark.plan(Rule(endpoint, "refused-300"))

    receipts = transport.send(digest(), messages)

    assert seen(receipts) == [(ACCEPTED, None)] * 4
    assert len(accepted_of(postmark, messages)) == 4


def test_doubt_about_one_half_ends_the_search_and_is_never_sent_again(
    transport, postmark, endpoint
):
    messages = readers(8)
    postmark.plan(Rule(endpoint, "refused-300"), Rule(endpoint, "drop-answer", nth=2))

    receipts = transport.send(digest(), messages)

    assert seen(receipts)[:4] == [(UNKNOWN, "no-answer")] * 4
    assert [receipt.outcome for receipt in receipts[4:]] == [NOT_TAKEN] * 4
    assert len(accepted_of(postmark, messages)) == 4


def test_the_calls_after_a_divided_one_are_made(postmark, handover):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover)
    transport.most_bytes = 4000
    messages = with_spoiler(12, 1)

    receipts = transport.send(digest(), messages)

    transport.close()
    assert Counter(seen(receipts)) == {(ACCEPTED, None): 11, (REJECTED, "300"): 1}


class Counting:
    """A Postmark that refuses each call with one of the spoilers in it."""

    def __init__(self, spoilers):
        self.spoilers = spoilers
        self.calls = 0
        self.arrived: Counter[str] = Counter()

    def __call__(self, messages):
        self.calls += 1
        names = [message.delivery_id for message in messages]
        if self.spoilers & set(names):
            return read_call(422, b'{"ErrorCode": 300}')
        self.arrived.update(names)
        return Answer(body=[{"ErrorCode": 0, "MessageID": name} for name in names])


def test_one_spoiler_among_five_hundred_takes_about_ten_more_calls():
    messages = readers(500)

    for place in (0, 1, 249, 250, 498, 499):
        postmark = Counting({messages[place].delivery_id})
        Division(messages, postmark(messages).trouble, postmark)

        assert postmark.calls <= 12


@given(spoilers=st.sets(st.integers(0, 39), max_size=40), most_calls=st.integers(0, 30))
def test_whatever_spoils_nobody_gets_two_and_nobody_healthy_is_rejected(spoilers, most_calls):
    messages = [reader(number) for number in range(40)]
    postmark = Counting({messages[place].delivery_id for place in spoilers})
    refusal = read_call(422, b'{"ErrorCode": 300}').trouble

    assert refusal is not None
    division = Division(messages, refusal, postmark, most_calls=most_calls)

    assert postmark.calls <= most_calls
    assert all(times == 1 for times in postmark.arrived.values())
    for place, receipt in enumerate(division.receipts):
        assert receipt.outcome is not REJECTED or place in spoilers
        assert (receipt.outcome is ACCEPTED) == (messages[place].delivery_id in postmark.arrived)


def test_the_calls_have_a_bound_and_the_rest_is_not_taken():
    messages = readers(500)
    postmark = Counting({message.delivery_id for message in messages[1::2]})

    division = Division(messages, postmark(messages).trouble, postmark)

    assert postmark.calls <= 25
    assert not division.complete
    assert division.receipts[-1].outcome is NOT_TAKEN
