"""The loopback's bodies have the keys and types of bodies seen at the real Postmark."""

from pathlib import Path
from typing import Any

import orjson
import pytest

SAMPLES = Path(__file__).parents[4] / "shared" / "postmark-samples"

MESSAGE = {
    "From": "sender@example.com",
    "To": "receiver@example.com",
    "Subject": "Test",
    "TextBody": "Text",
}
TEMPLATE = {"Name": "T", "Alias": "seen", "Subject": "S", "HtmlBody": "<p>H</p>"}

CALLS = {
    "recorded/emails-00-post-email-200.json": ("POST", "/email", MESSAGE),
    "recorded/emails-03-post-email-withtemplate-200.json": (
        "POST",
        "/email/withTemplate/",
        {**MESSAGE, "TemplateAlias": "seen", "TemplateModel": {}},
    ),
    "reported/email-422-300-invalid-to.json": (
        "POST",
        "/email",
        {**MESSAGE, "To": "invalid@localhost"},
    ),
    "reported/email-422-1235-unknown-stream.json": (
        "POST",
        "/email",
        {**MESSAGE, "MessageStream": "unknown-stream"},
    ),
    "reported/batch-with-templates-200-item-1101.json": (
        "POST",
        "/email/batchWithTemplates",
        {"Messages": [{**MESSAGE, "TemplateAlias": "missing"}]},
    ),
    "recorded/exceptions-00-get-templates-123-422.json": ("GET", "/templates/123", None),
    "recorded/templates-00-get-templates-983381-200.json": ("GET", "/templates/seen", None),
    "recorded/templates-03-put-templates-983381-200.json": (
        "PUT",
        "/templates/seen",
        {"Name": "Test1"},
    ),
    "recorded/templates-04-get-templates-count-100-offset-0-200.json": (
        "GET",
        "/templates?Count=100&Offset=0",
        None,
    ),
    "recorded/templates-05-post-templates-200.json": (
        "POST",
        "/templates",
        {**TEMPLATE, "Alias": "seen-too"},
    ),
    "recorded/templates-06-delete-templates-1003802-200.json": (
        "DELETE",
        "/templates/seen-too",
        None,
    ),
    "recorded/templates-07-post-templates-validate-200.json": (
        "POST",
        "/templates/validate",
        {"Subject": "Test", "TextBody": "Test"},
    ),
    "recorded/messages-00-get-messages-outbound-count-1-offset-0-200.json": (
        "GET",
        "/messages/outbound?count=1&offset=0",
        None,
    ),
    "recorded/messages-01-get-messages-outbound-id-details-200.json": (
        "GET",
        "/messages/outbound/{id}/details",
        None,
    ),
    "reported/messages-details-422-701.json": ("GET", "/messages/outbound/0/details", None),
    "recorded/bounces-13-get-messages-outbound-id-details-200.json": (
        "GET",
        "/messages/outbound/{bounced}/details",
        None,
    ),
    "recorded/bounces-00-get-bounces-723626745-200.json": ("GET", "/bounces/{bounce}", None),
    "recorded/bounces-01-get-bounces-723626745-dump-200.json": (
        "GET",
        "/bounces/{bounce}/dump",
        None,
    ),
    "recorded/bounces-02-put-bounces-723626745-activate-200.json": (
        "PUT",
        "/bounces/{bounce}/activate",
        None,
    ),
    "recorded/bounces-03-get-bounces-tags-200.json": ("GET", "/bounces/tags", None),
    "recorded/bounces-04-get-deliverystats-200.json": ("GET", "/deliverystats", None),
    "recorded/bounces-05-get-bounces-count-2-offset-0-200.json": (
        "GET",
        "/bounces/?count=2&offset=0",
        None,
    ),
}
"""Calls that are made after a template was kept, one message delivered, and one bounced."""

EVENTS: dict[str, dict[str, Any]] = {
    "webhook-delivered-event": {"kind": "Delivery"},
    "webhook-bounce-event": {"kind": "Bounce"},
    "webhook-bounce-unsubscribe-variant": {"kind": "Bounce", "type": "Unsubscribe"},
    "webhook-spam-event": {"kind": "SpamComplaint"},
    "webhook-open-event": {"kind": "Open"},
    "webhook-click-event": {"kind": "Click"},
    "webhook-unsubscribe": {"kind": "SubscriptionChange"},
    "webhook-subscription-change-bounce": {"kind": "SubscriptionChange", "reason": "HardBounce"},
    "webhook-resubscribe": {"kind": "SubscriptionChange", "suppress": False},
    "official-skill-delivery": {"kind": "Delivery"},
    "official-skill-bounce": {"kind": "Bounce"},
    "official-skill-spamcomplaint": {"kind": "SpamComplaint"},
    "official-skill-open": {"kind": "Open"},
    "official-skill-click": {"kind": "Click"},
    "official-skill-subscriptionchange": {"kind": "SubscriptionChange"},
}

NOT_IN_OURS = {
    "webhook-delivered-event": ["body.ServerId is missing"],  # spelled ServerID since
    "webhook-bounce-event": ["body.Content is missing"],  # only where content is asked for
    "official-skill-open": ["body.ServerID is missing"],  # Postmark's page has none
    "official-skill-click": ["body.ServerID is missing"],
}

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside this")


@pytest.mark.parametrize("sample", CALLS)
def test_a_body_has_the_shape_of_the_recorded_one(postmark, sample):
    method, path, data = CALLS[sample]
    postmark.call("POST", "/templates", TEMPLATE)
    _, sent = postmark.call("POST", "/email", MESSAGE)
    postmark.call("POST", "/email", {**MESSAGE, "To": "bounced@example.com"})
    _, bounce, *_ = postmark.events(
        {"kind": "Delivery", "message_id": sent["MessageID"]},
        {"kind": "Bounce", "to": "bounced@example.com"},
    )
    names = {"id": sent["MessageID"], "bounce": bounce["ID"], "bounced": bounce["MessageID"]}
    seen = orjson.loads((SAMPLES / sample).read_bytes())["response"]

    status, body = postmark.call(method, path.format(**names), data)

    assert status == seen["status"]
    assert missing_or_retyped(seen["body"], body) == []


def test_a_batch_has_the_shape_of_the_published_one(postmark):
    seen = orjson.loads((SAMPLES / "published/batch-200-one-ok-one-406.json").read_bytes())
    postmark.suppress("example@example.com", stream="outbound")

    _, body = postmark.call(
        "POST", "/email/batch", [MESSAGE, {**MESSAGE, "To": "example@example.com"}]
    )

    assert missing_or_retyped(seen, body) == []
    assert [set(entry) for entry in body] == [set(entry) for entry in seen]


def test_a_dump_has_the_shape_of_the_published_one(postmark):
    seen = orjson.loads((SAMPLES / "published/suppressions-dump-200.json").read_bytes())
    postmark.suppress("example@example.com")

    _, body = postmark.call("GET", "/message-streams/broadcast/suppressions/dump")

    assert missing_or_retyped(seen, body) == []
    assert set(body["Suppressions"][0]) == set(seen["Suppressions"][0])


@pytest.mark.parametrize("sample", EVENTS)
def test_a_webhook_call_has_the_shape_of_the_published_one(postmark, listener, sample):
    event = {**EVENTS[sample], "to": MESSAGE["To"], "stream": "outbound"}
    seen = orjson.loads((SAMPLES / f"published/{sample}.json").read_bytes())
    postmark.call("POST", "/email", MESSAGE)
    if event.get("suppress") is False:
        postmark.suppress(MESSAGE["To"], stream="outbound")
    postmark.webhooks(listener.url, kinds=[seen["RecordType"]])

    postmark.events(event)
    postmark.deliver()

    (body,) = listener.bodies
    found = [line for line in missing_or_retyped(seen, body) if "Metadata." not in line]
    assert found == NOT_IN_OURS.get(sample, [])


def missing_or_retyped(seen, ours, path="body"):
    """Name each place where a key of the seen body is missing or has another type."""
    if seen is None or ours is None:
        return []
    if type(seen) is not type(ours):
        return [f"{path}: {type(ours).__name__} instead of {type(seen).__name__}"]
    if isinstance(seen, dict):
        gone = [f"{path}.{key} is missing" for key in seen if key not in ours]
        shared = [key for key in seen if key in ours]
        return gone + [
            found
            for key in shared
            for found in missing_or_retyped(seen[key], ours[key], f"{path}.{key}")
        ]
    if isinstance(seen, list) and seen and ours:
        return missing_or_retyped(seen[0], ours[0], f"{path}[0]")
    return []
