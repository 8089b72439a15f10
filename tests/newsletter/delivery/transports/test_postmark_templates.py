"""The issue as a template at Postmark: uploaded once, found again, never mistaken."""

import threading

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import digest, readers


@pytest.fixture
def transport(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url)
    yield transport
    transport.close()


def templates_of(postmark, key):
    _, listed = postmark.call("GET", "/templates?count=100&offset=0")
    return [one for one in listed["Templates"] if one["Alias"].startswith(key)]


def outcomes(receipts):
    return {receipt.outcome for receipt in receipts}


def test_an_issue_is_uploaded_once_for_all_its_batches(transport, postmark):
    mailing = digest(key="once")

    transport.send(mailing, readers(3))
    transport.send(mailing, readers(3))

    assert len(templates_of(postmark, "once-")) == 1


def test_a_restarted_sender_finds_the_template_again(transport, postmark):
    mailing = digest(key="again")
    transport.send(mailing, readers(1))
    restarted = PostmarkTransport(TOKEN, api_url=postmark.url)

    receipts = restarted.send(mailing, readers(1))

    restarted.close()
    assert outcomes(receipts) == {Outcome.ACCEPTED}
    assert len(templates_of(postmark, "again-")) == 1


def test_other_content_gets_another_template(transport, postmark):
    transport.send(digest(key="edited"), readers(1))

    transport.send(digest(key="edited", html=Marked.plain("<p>New</p>")), readers(1))

    assert len(templates_of(postmark, "edited-")) == 2


def test_senders_that_start_at_once_end_with_one_template(postmark):
    mailing = digest(key="race")
    senders = [PostmarkTransport(TOKEN, api_url=postmark.url) for _ in range(6)]
    start, receipts = threading.Barrier(len(senders)), []

    def send(sender):
        start.wait()
        receipts.extend(sender.send(mailing, readers(2)))

    threads = [threading.Thread(target=send, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(templates_of(postmark, "race-")) == 1
    assert outcomes(receipts) == {Outcome.ACCEPTED}
    for sender in senders:
        sender.close()


@pytest.mark.parametrize("fault", ["drop-answer", "error-500", "html-502", "truncated"])
def test_a_lost_answer_to_the_upload_is_looked_up(transport, postmark, fault):
    postmark.plan(Rule("/templates", fault))

    receipts = transport.send(digest(key=f"lost-{fault}"), readers(1))

    assert outcomes(receipts) == {Outcome.ACCEPTED}


def test_no_message_is_in_doubt_while_the_template_is_missing(transport, postmark):
    postmark.plan(Rule("/templates", "reset"))

    receipts = transport.send(digest(key="unlucky"), readers(2))

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [
        (Outcome.NOT_TAKEN, "no-answer")
    ] * 2


def test_a_template_that_somebody_changed_is_not_used(transport, postmark):
    mailing = digest(key="meddled")
    transport.send(mailing, readers(1))
    (stored,) = templates_of(postmark, "meddled-")
    postmark.call("PUT", f"/templates/{stored['TemplateId']}", {"TextBody": "Buy now"})
    restarted = PostmarkTransport(TOKEN, api_url=postmark.url)

    (receipt,) = restarted.send(mailing, readers(1))

    restarted.close()
    assert (receipt.outcome, receipt.code) == (Outcome.NOT_TAKEN, "template-changed")


def test_a_template_that_vanishes_is_uploaded_again_for_the_next_batch(transport, postmark):
    mailing = digest(key="vanished")
    transport.send(mailing, readers(1))
    (stored,) = templates_of(postmark, "vanished-")
    postmark.call("DELETE", f"/templates/{stored['Alias']}")

    (refused,) = transport.send(mailing, readers(1))
    (accepted,) = transport.send(mailing, readers(1))

    assert (refused.outcome, refused.code) == (Outcome.NOT_TAKEN, "1101")
    assert accepted.outcome is Outcome.ACCEPTED


def test_a_key_that_is_no_alias_is_made_one(transport, postmark):
    receipts = transport.send(digest(key="12/ünfit"), readers(1))

    assert outcomes(receipts) == {Outcome.ACCEPTED}
    assert len(templates_of(postmark, "mailing-12--nfit-")) == 1
