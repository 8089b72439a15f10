"""Postmark handles unsubscribing itself, or leaves it to the sender where that is approved."""

import pytest

from newsletter.testing.postmark.mustachio import UNSUBSCRIBE_URL
from tests.newsletter.testing.postmark_calls import send

OWN_HEADERS = [
    {"Name": "List-Unsubscribe", "Value": "<https://news.example/u>"},
    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    {"Name": "X-Other", "Value": "1"},
]
HTML = "<html><body><p>Hi</p></body></html>"
PLACEHOLDER = "{{{ pm:unsubscribe }}}"


def configure(postmark, handling, stream="broadcast"):
    change = {"SubscriptionManagementConfiguration": {"UnsubscribeHandlingType": handling}}
    return postmark.call("PATCH", f"/message-streams/{stream}", change)


def handling(postmark, stream="broadcast"):
    _, body = postmark.call("GET", f"/message-streams/{stream}")
    return body["SubscriptionManagementConfiguration"]["UnsubscribeHandlingType"]


def sent(postmark, html=HTML, text="Hi", stream="broadcast"):
    send(
        postmark,
        "reader@mail.example",
        HtmlBody=html,
        TextBody=text,
        Headers=OWN_HEADERS,
        MessageStream=stream,
    )
    return postmark.accepted()[-1]


def test_an_approved_account_handles_it_itself_and_nothing_is_touched(postmark):
    row = sent(postmark)

    assert handling(postmark) == "Custom"
    assert (row["HtmlBody"], row["TextBody"], row["Headers"]) == (HTML, "Hi", OWN_HEADERS)


def test_postmark_replaces_the_headers_and_appends_links(postmark):
    assert configure(postmark, "Postmark")[0] == 200

    row = sent(postmark)

    headers = {header["Name"]: header["Value"] for header in row["Headers"]}
    assert headers["List-Unsubscribe"] == f"<{UNSUBSCRIBE_URL}>"
    assert len(row["Headers"]) == 3
    assert f'href="{UNSUBSCRIBE_URL}"' in row["HtmlBody"]
    assert row["HtmlBody"].endswith("</body></html>")
    assert UNSUBSCRIBE_URL in row["TextBody"]


def test_postmark_fills_its_placeholder_and_appends_nothing_then(postmark):
    configure(postmark, "Postmark")

    row = sent(postmark, html=f'<a href="{PLACEHOLDER}">x</a>', text=f"go {PLACEHOLDER}")

    assert row["HtmlBody"] == f'<a href="{UNSUBSCRIBE_URL}">x</a>'
    assert row["TextBody"] == f"go {UNSUBSCRIBE_URL}"


def test_notices_on_the_transactional_stream_keep_their_headers(postmark):
    configure(postmark, "Postmark")

    assert sent(postmark, stream="outbound")["Headers"] == OWN_HEADERS


def test_without_approval_postmark_handles_it_and_custom_is_refused(postmark):
    postmark.account(custom_unsubscribe=False)

    status, body = configure(postmark, "Custom")

    assert handling(postmark) == "Postmark"
    assert (status, body["ErrorCode"]) == (422, 1238)


@pytest.mark.parametrize(
    ("wanted", "stream"), [("None", "broadcast"), ("Custom", "outbound"), ("Mine", "broadcast")]
)
def test_a_stream_takes_only_the_handling_of_its_type(postmark, wanted, stream):
    status, body = configure(postmark, wanted, stream)

    assert (status, body["ErrorCode"]) == (422, 1239)


def test_a_stream_can_be_renamed(postmark):
    postmark.call("PATCH", "/message-streams/broadcast", {"Name": "Digest"})

    assert postmark.call("GET", "/message-streams/broadcast")[1]["Name"] == "Digest"


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_unknown_stream_is_not_found(postmark, method):
    status, body = postmark.call(method, "/message-streams/nowhere", {})

    assert (status, body["ErrorCode"]) == (422, 1226)
