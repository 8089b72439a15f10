"""Answers that were seen at the real Postmark are understood."""

from pathlib import Path

import orjson
import pytest

from newsletter.delivery.message import Closed, Outcome, Why
from newsletter.delivery.transports.postmark_answers import read_batch, read_call, refused_lone
from tests.newsletter.delivery.transports.postmark_samples import reader

SAMPLES = Path(__file__).parents[5] / "shared" / "postmark-samples"

SEEN = {
    "reported/email-200-ok-2017.json": (Outcome.ACCEPTED, None),
    "reported/email-200-delivery-may-be-delayed-no-errorcode.json": (Outcome.ACCEPTED, None),
    "reported/email-200-cc-only-no-to-in-reply.json": (Outcome.ACCEPTED, None),
    "reported/email-422-400-from-not-a-signature.json": (Outcome.NOT_TAKEN, "400"),
    "reported/email-422-1235-unknown-stream.json": (Outcome.NOT_TAKEN, "1235"),
    "reported/email-422-300-invalid-to.json": (Outcome.REJECTED, "300"),
    "reported/email-422-300-error-parsing-cc.json": (Outcome.NOT_TAKEN, "300"),
    "reported/email-422-406-all-inactive-2016-wording.json": (Outcome.REJECTED, "406"),
}


@pytest.mark.parametrize("sample", SEEN)
def test_a_body_seen_in_the_wild_has_its_outcome_as_an_entry(sample):
    if not SAMPLES.exists():
        pytest.skip("the samples are not beside this checkout")
    body = orjson.loads((SAMPLES / sample).read_bytes())["response"]["body"]

    (receipt,) = read_batch([body], [reader(1, to=body.get("To", "a@b.example"))])

    assert (receipt.outcome, receipt.code) == SEEN[sample]


def test_the_published_batch_answer_is_read_in_order():
    sample = SAMPLES / "published/batch-200-one-ok-one-406.json"
    if not sample.exists():
        pytest.skip("the samples are not beside this checkout")
    answer = read_call(200, sample.read_bytes())
    messages = [reader(1, to="receiver1@example.com"), reader(2, to="example@example.com")]

    first, second = read_batch(answer.body, messages)

    assert first.provider_id == "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"
    assert (second.outcome, second.code) == (Outcome.REJECTED, "406")


@pytest.mark.parametrize(
    "entry",
    [
        {"ErrorCode": 0, "Message": "OK"},
        {"ErrorCode": 406, "MessageID": "a-message-id"},
        {"ErrorCode": 98765, "Message": "new in 2027"},
        {"ErrorCode": "0", "MessageID": "a-message-id"},
        {"ErrorCode": [0]},
        {"ErrorCode": None},
        {},
    ],
)
def test_an_entry_that_says_nothing_certain_leaves_doubt_for_its_message_only(entry):
    good = {"ErrorCode": 0, "MessageID": "good", "To": reader(1).to}

    first, second = read_batch([good, entry], [reader(1), reader(2)])

    assert first.outcome is Outcome.ACCEPTED
    assert second.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("causes", "why"),
    [
        ("a hard bounce, a spam complaint, or a manual suppression", Why.UNTOLD),
        ("a hard bounce or a spam complaint", Why.UNTOLD),
        ("", Why.UNTOLD),
        ("a Hard Bounce", Why.BOUNCE),
        ("a spam complaint", Why.COMPLAINT),
        ("a manual suppression", Why.UNTOLD),
    ],
)
def test_an_inactive_recipient_is_told_apart_by_the_only_cause_that_is_named(causes, why):
    entry = {"ErrorCode": 406, "Message": f"Inactive are ones that have generated {causes}."}

    (listed,) = read_batch([entry], [reader(1)])
    trouble = read_call(422, orjson.dumps(entry)).trouble
    assert trouble is not None

    for receipt in (listed, refused_lone(trouble)):
        assert receipt.outcome is Outcome.REJECTED
        assert receipt.closed == Closed(why, orjson.dumps(entry).decode())
        assert "Inactive are" not in repr(receipt)


def test_no_other_refusal_says_that_a_recipient_is_inactive():
    (receipt,) = read_batch([{"ErrorCode": 300, "Message": "a hard bounce"}], [reader(1)])

    assert receipt.closed is None


METADATA = (
    "Invalid metadata content. Field names are limited to 20 characters and field values are limited "
    "to 80 characters in length. The 'batch-id' field in your metadata content exceeds these limits."
)


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        (METADATA, Outcome.NOT_TAKEN),
        ("Provide either email TextBody or HtmlBody or both.", Outcome.NOT_TAKEN),
        ("Invalid 'From' address: 'news'.", Outcome.NOT_TAKEN),
        (
            "Error parsing 'ReplyTo': Illegal email domain '+' in address 'news@+'.",
            Outcome.NOT_TAKEN,
        ),
        ("Invalid 'To' address: 'Invalid metadata content'.", Outcome.REJECTED),
        ("Error parsing 'To': Illegal email domain '+' in address 'reader@+'.", Outcome.REJECTED),
        ("Illegal email address 'reader@+'. It must contain the '@' symbol.", Outcome.REJECTED),
        ("Something that nobody has seen yet.", Outcome.REJECTED),
        (None, Outcome.REJECTED),
    ],
)
def test_a_message_that_is_invalid_for_what_all_share_is_no_fault_of_its_reader(sentence, outcome):
    """What is not surely about us is about the reader; it is the same for a lone message."""
    entry = {"ErrorCode": 300, "Message": sentence}

    (listed,) = read_batch([entry], [reader(1)])
    answer = read_call(422, orjson.dumps(entry))
    assert answer.trouble is not None
    alone = refused_lone(answer.trouble) if answer.divisible else answer.trouble

    for receipt in (listed, alone):
        assert (receipt.outcome, receipt.code) == (outcome, "300")
        assert receipt.needs_operator is (outcome is Outcome.NOT_TAKEN)
    assert answer.divisible is (outcome is Outcome.REJECTED)


def test_words_of_the_other_side_are_not_repeated():
    entry = {"ErrorCode": "reader@mail.example", "Message": "reader@mail.example"}

    (receipt,) = read_batch([entry], [reader(1)])
    trouble = read_call(422, orjson.dumps(entry)).trouble

    assert "@" not in f"{receipt.code} {receipt.detail} {trouble}"


@pytest.mark.parametrize("echo", ["Reader <O'Reader+1@MAIL.example>", "o'reader+1@mail.example"])
def test_an_address_is_recognised_however_it_is_written(echo):
    (receipt,) = read_batch([{"MessageID": "x", "To": echo}], [reader(1)])

    assert receipt.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("body", [{}, "OK", None, 7, [], ["OK"], [None]])
def test_a_body_of_another_shape_is_not_believed(body):
    (receipt,) = read_batch(body, [reader(1)])

    assert (receipt.outcome, receipt.code) == (Outcome.UNKNOWN, "inconsistent-answer")


@pytest.mark.parametrize(
    ("status", "content", "outcome", "code"),
    [
        (401, b'{"ErrorCode": 10, "Message": "no"}', Outcome.NOT_TAKEN, "10"),
        (413, b"<html>", Outcome.NOT_TAKEN, "http-413"),
        (415, b"", Outcome.NOT_TAKEN, "http-415"),
        (422, b'{"ErrorCode": 300}', Outcome.NOT_TAKEN, "300"),
        (422, b'{"ErrorCode": 403}', Outcome.NOT_TAKEN, "403"),
        (422, b'{"ErrorCode": 406}', Outcome.NOT_TAKEN, "406"),
        (422, b'{"ErrorCode": 1480}', Outcome.NOT_TAKEN, "1480"),
        (422, b'{"ErrorCode": 55555}', Outcome.NOT_TAKEN, "55555"),
        (429, b'{"Message": "slow down"}', Outcome.NOT_TAKEN, "429"),
        (503, b'{"ErrorCode": 100}', Outcome.NOT_TAKEN, "100"),
        (503, b"<html>", Outcome.UNKNOWN, "http-503"),
        (500, b'{"ErrorCode": 101}', Outcome.UNKNOWN, "http-500"),
        (408, b"", Outcome.UNKNOWN, "http-408"),
        (302, b"", Outcome.UNKNOWN, "http-302"),
        (204, b"", Outcome.UNKNOWN, "http-204"),
    ],
)
def test_a_whole_call_is_judged_by_its_table(status, content, outcome, code):
    trouble = read_call(status, content).trouble

    assert trouble is not None
    assert (trouble.outcome, trouble.code) == (outcome, code)


@pytest.mark.parametrize(
    ("status", "code", "divisible"),
    [
        (422, 300, True), (422, 403, True), (422, 406, True),
        (422, 400, False), (422, 410, False), (401, 10, False), (500, 300, False),
    ],
)  # fmt: skip
def test_only_a_refusal_that_one_message_can_cause_is_divided(status, code, divisible):
    assert read_call(status, orjson.dumps({"ErrorCode": code})).divisible is divisible
