"""Who lets readers go: this service by its link and headers, or Postmark by its own."""

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_streams import StreamSettings
from newsletter.delivery.transports.postmark_unsubscribe import left_to_postmark
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.mustachio import UNSUBSCRIBE_URL
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    notice,
    readers,
)

OURS = "https://news.example/u/"
EVERY_HANDOVER = pytest.mark.parametrize("handover", ["template", "batch", "bulk"])


@pytest.fixture
def sending(postmark):
    """Make transports for both settings; afterwards the stream is as it was."""
    made = []

    def make(setting, handover="template"):
        streams = StreamSettings(unsubscribe=setting)
        made.append(
            PostmarkTransport(TOKEN, api_url=postmark.url, handover=handover, streams=streams)
        )
        return made[-1]

    yield make
    handled_by(postmark, "Custom")
    for transport in made:
        transport.close()


def handled_by(postmark, whom):
    change = {"SubscriptionManagementConfiguration": {"UnsubscribeHandlingType": whom}}
    status, _ = postmark.call("PATCH", "/message-streams/broadcast", change)
    assert status == 200


def names(row):
    return [header["Name"] for header in row["Headers"]]


@EVERY_HANDOVER
def test_left_to_postmark_the_link_is_its_own_and_the_rest_is_ours(sending, postmark, handover):
    handled_by(postmark, "Postmark")
    mailing, messages = digest(), readers(2)

    receipts = sending("postmark", handover).send(mailing, messages)

    assert Outcome.NOT_TAKEN not in {receipt.outcome for receipt in receipts}
    for row, message in zip(accepted_of(postmark, messages), messages, strict=True):
        leave = f"{OURS}{message.values['unsubscribe']}"
        in_html = mailing.html.fill_html(message.values | {"unsubscribe": "TOKEN"})
        assert row["TextBody"] == mailing.text.fill(message.values).replace(leave, UNSUBSCRIBE_URL)
        assert row["HtmlBody"] == in_html.replace(f"{OURS}TOKEN", UNSUBSCRIBE_URL)
        assert OURS not in f"{row['Headers']}{row['TextBody']}{row['HtmlBody']}"
        assert {"Message-ID", "X-PM-KeepID"} <= set(names(row))
        assert names(row).count("List-Unsubscribe") == 1


@EVERY_HANDOVER
def test_handled_here_both_headers_and_the_link_are_ours(sending, postmark, handover):
    messages = readers(1)

    sending("custom", handover).send(digest(), messages)

    [row] = accepted_of(postmark, messages)
    [value] = [one["Value"] for one in row["Headers"] if one["Name"] == "List-Unsubscribe"]
    assert value == f"<{OURS}{messages[0].values['unsubscribe']}>"
    assert "List-Unsubscribe-Post" in names(row)
    assert UNSUBSCRIBE_URL not in row["HtmlBody"] + row["TextBody"]


@EVERY_HANDOVER
@pytest.mark.parametrize(
    ("setting", "whom", "advice"),
    [
        ("custom", "Postmark", "NEWSLETTER_POSTMARK_UNSUBSCRIBE=postmark"),
        ("postmark", "Custom", "NEWSLETTER_POSTMARK_UNSUBSCRIBE=custom"),
    ],
)
def test_a_stream_that_is_otherwise_than_the_setting_reaches_nobody(
    sending, postmark, handover, setting, whom, advice
):
    handled_by(postmark, whom)
    messages = readers(2)

    receipts = sending(setting, handover).send(digest(), messages)

    assert {(receipt.outcome, receipt.code) for receipt in receipts} == {
        (Outcome.NOT_TAKEN, "unsubscribe-mismatch")
    }
    assert receipts[0].needs_operator
    assert advice in receipts[0].detail
    assert accepted_of(postmark, messages) == []


def test_a_mismatch_that_is_mended_lets_the_next_batch_go(sending, postmark):
    handled_by(postmark, "Postmark")
    transport = sending("custom")
    transport.send(digest(), readers(1))
    handled_by(postmark, "Custom")

    [receipt] = transport.send(digest(), readers(1))

    assert receipt.outcome is Outcome.ACCEPTED


def test_the_streams_are_looked_up_once_in_a_process(sending, postmark):
    transport = sending("custom")
    transport.send(digest(), readers(1))
    postmark.plan(Rule("/message-streams", "error-500", nth=0))

    [receipt] = transport.send(digest(), readers(1))

    assert receipt.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("fault", ["error-500", "not-json", "empty", "too-many", "drop-answer"])
def test_while_the_streams_are_not_known_nothing_is_handed_over_and_nothing_in_doubt(
    sending, postmark, fault
):
    messages = readers(2)
    postmark.plan(Rule("/message-streams", fault))

    receipts = sending("custom").send(digest(), messages)

    assert {receipt.outcome for receipt in receipts} == {Outcome.NOT_TAKEN}
    assert not receipts[0].needs_operator
    assert accepted_of(postmark, messages) == []


def test_notices_leave_whoever_handles_unsubscribing_from_the_newsletter(sending, postmark):
    handled_by(postmark, "Postmark")
    messages = readers(1)

    [receipt] = sending("custom").send(notice(), messages)

    assert receipt.outcome is Outcome.ACCEPTED
    assert "List-Unsubscribe" in names(accepted_of(postmark, messages)[0])


@pytest.mark.parametrize(
    ("setting", "whom", "codes"),
    [
        ("custom", "Custom", []),
        ("postmark", "Postmark", []),
        ("custom", "Postmark", ["unsubscribe-mismatch"]),
        ("postmark", "Custom", ["unsubscribe-mismatch"]),
    ],
)
def test_a_check_says_so_without_sending(sending, postmark, setting, whom, codes):
    handled_by(postmark, whom)

    problems = sending(setting).check()

    assert [problem.code for problem in problems.values()] == codes


def checked(postmark, *, token=TOKEN, **streams):
    transport = PostmarkTransport(token, api_url=postmark.url, streams=StreamSettings(**streams))
    problems = transport.check()
    transport.close()
    return {stream: problem.code for stream, problem in problems.items()}


def test_a_check_finds_streams_that_are_not_there_or_cannot_send(postmark):
    assert checked(postmark, broadcast="weekly", transactional="inbound") == {
        "broadcast": "1235",
        "transactional": "1236",
    }


def test_a_check_finds_streams_of_the_wrong_type_and_names_the_setting(postmark):
    exchanged = StreamSettings(broadcast="outbound", transactional="broadcast")

    transport = PostmarkTransport(TOKEN, api_url=postmark.url, streams=exchanged)
    problems = transport.check()
    transport.close()

    assert {problem.code for problem in problems.values()} == {"wrong-stream-type"}
    assert str(problems["broadcast"].detail).endswith("See NEWSLETTER_POSTMARK_STREAM.")
    assert str(problems["transactional"].detail).endswith("See NEWSLETTER_POSTMARK_NOTICE_STREAM.")


def test_a_check_finds_a_wrong_token(postmark):
    assert set(checked(postmark, token="not-the-token").values()) == {"10"}


def test_the_whole_address_that_holds_the_token_is_replaced_and_no_other():
    part = Marked(
        ('<a href="https://n.example/a">A</a> <a href="https://n.example/u/', '">B</a> ', ""),
        ("unsubscribe", "email"),
    )

    left = left_to_postmark(digest(html=part)).html

    assert left is not None
    assert left.parts == ('<a href="https://n.example/a">A</a> <a href="', '">B</a> ', "")
    assert left.names == ("pm_unsubscribe", "email")
