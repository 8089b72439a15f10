"""A template reaches its first reader only when Postmark writes it as this service does."""

from html import unescape

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_fidelity import Sample, refusal
from newsletter.delivery.transports.postmark_model import Model
from newsletter.delivery.transports.postmark_mustachio import LEAVING
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    marked,
    readers,
)


@pytest.fixture(params=["template", "bulk"])
def by_template(postmark, request):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover=request.param)
    yield transport
    transport.close()


def test_a_template_that_postmark_writes_otherwise_reaches_nobody(by_template, postmark):
    messages = readers(2)
    postmark.plan(Rule("/templates/validate", "rendered-otherwise"))

    receipts = by_template.send(digest(key="unfaithful"), messages)

    assert [(receipt.outcome, receipt.code) for receipt in receipts] == [
        (Outcome.NOT_TAKEN, "template-unfaithful")
    ] * 2
    assert receipts[0].needs_operator
    assert "HTML part" in receipts[0].detail
    assert accepted_of(postmark, messages) == []
    _, listed = postmark.call("GET", "/templates?count=100&offset=0")
    assert not any(one["Alias"].startswith("unfaithful-") for one in listed["Templates"])


def test_it_is_proved_once_for_all_batches_of_a_process(by_template, postmark):
    mailing = digest(key="proved-once")
    by_template.send(mailing, readers(1))
    postmark.plan(Rule("/templates/validate", "rendered-otherwise", nth=0))

    [receipt] = by_template.send(mailing, readers(1))

    assert receipt.outcome is not Outcome.NOT_TAKEN


def test_other_content_is_proved_again(by_template, postmark):
    by_template.send(digest(), readers(1))
    postmark.plan(Rule("/templates/validate", "rendered-otherwise", nth=0))

    [receipt] = by_template.send(digest(html=Marked.plain("<p>New &amp; old</p>")), readers(1))

    assert receipt.code == "template-unfaithful"


@pytest.mark.parametrize("fault", ["drop-answer", "error-500", "html-502", "too-many", "empty"])
def test_a_proof_that_fails_keeps_the_issue_for_the_next_try(by_template, postmark, fault):
    messages = readers(2)
    mailing = digest(key=f"unproved-{fault}")
    postmark.plan(Rule("/templates/validate", fault))

    receipts = by_template.send(mailing, messages)
    [next_try] = by_template.send(mailing, readers(1))

    assert {receipt.outcome for receipt in receipts} == {Outcome.NOT_TAKEN}
    assert not receipts[0].needs_operator
    assert accepted_of(postmark, messages) == []
    assert next_try.outcome is not Outcome.NOT_TAKEN


def test_full_bodies_need_no_proof(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover="batch")
    postmark.plan(Rule("/templates/validate", "rendered-otherwise", nth=0))

    [receipt] = transport.send(digest(), readers(1))

    transport.close()
    assert receipt.outcome is Outcome.ACCEPTED


HTML = marked("<p>One line\n another, Пёс</p> @@7f3a9c0d:email@@")
TEXT = Marked(("Leave: ", " or stay\n"), (LEAVING,))
SAMPLE = Sample.of("A subject", HTML, TEXT, Model.of(HTML, TEXT))


def rendered(**changes):
    parts = {**SAMPLE.filled, **changes}
    return {name: {"ContentIsValid": True, "RenderedContent": text} for name, text in parts.items()}


def test_what_this_service_writes_is_faithful():
    assert refusal(SAMPLE, rendered()) is None


def test_lengths_of_blanks_and_line_ends_are_forgiven():
    html = SAMPLE.filled["HtmlBody"].replace("\n ", "\r\n\t  ") + "\r\n"

    assert refusal(SAMPLE, rendered(HtmlBody=html)) is None


@pytest.mark.parametrize("link", ["https://unsubscribe.postmark.example/x?y=1", ""])
def test_what_postmark_puts_in_place_of_its_own_link_is_forgiven(link):
    assert refusal(SAMPLE, rendered(TextBody=f"Leave: {link} or stay\n")) is None


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("Subject", "Another subject", "subject"),
        ("Subject", None, "subject"),
        ("HtmlBody", "", "HTML part"),
        ("HtmlBody", SAMPLE.filled["HtmlBody"].replace("&lt;", "<"), "HTML part"),
        ("HtmlBody", SAMPLE.filled["HtmlBody"].replace("Пёс", "?"), "HTML part"),
        ("HtmlBody", SAMPLE.filled["HtmlBody"].replace("line\n", "line\u00a0"), "HTML part"),
        ("TextBody", "Leave: <https://a.example> or stay", "text part"),
        ("TextBody", "Leave: https://a.example or go", "text part"),
    ],
)
def test_any_other_difference_names_its_part(name, text, part):
    refused = refusal(SAMPLE, rendered(**{name: text}))

    assert refused is not None
    assert part in (refused.detail or "")


@pytest.mark.parametrize("answer", [None, [], {}, {"Subject": None}, {"Subject": "A subject"}])
def test_an_answer_that_shows_no_rendering_proves_nothing(answer):
    refused = refusal(SAMPLE, answer)

    assert refused is not None
    assert refused.code == "template-unfaithful"


def test_the_sample_has_every_sign_that_is_written_differently_somewhere():
    value = unescape(SAMPLE.model["h"]["e"])

    assert set("<>&\"'{}") <= set(value)
    assert not value.isascii()
    assert SAMPLE.model["h"]["e"] != value
