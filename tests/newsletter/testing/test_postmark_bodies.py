"""The loopback's bodies have the keys and types of bodies seen at the real Postmark."""

from pathlib import Path

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
}

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not beside this")


@pytest.mark.parametrize("sample", CALLS)
def test_a_body_has_the_shape_of_the_recorded_one(postmark, sample):
    method, path, data = CALLS[sample]
    postmark.call("POST", "/templates", TEMPLATE)
    _, sent = postmark.call("POST", "/email", MESSAGE)
    seen = orjson.loads((SAMPLES / sample).read_bytes())["response"]

    status, body = postmark.call(method, path.format(id=sent["MessageID"]), data)

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
