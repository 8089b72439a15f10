"""Messages to send and calls that tests of the loopback Postmark repeat."""

from requests.exceptions import RequestException


def message(**changes):
    fields = {
        "From": "digest@news.example",
        "To": "reader@mail.example",
        "Subject": "Hello",
        "TextBody": "Text",
        "MessageStream": "broadcast",
    }
    return fields | changes


def search(postmark, query):
    return postmark.call("GET", f"/messages/outbound?{query}")


def found(postmark, query="", stream="broadcast"):
    """Give the addresses that a search of the stream shows, newest first."""
    _, body = search(postmark, f"count=500&offset=0&messagestream={stream}&{query}")
    return [row["Recipients"][0] for row in body["Messages"]]


def send(postmark, *addresses, **changes):
    """Send a message to each address in one batch; give the entries of the answer."""
    batch = [message(To=address, **changes) for address in addresses]
    return postmark.call("POST", "/email/batch", batch)[1]


def sent_to(postmark):
    return [row["To"] for row in postmark.accepted()]


def outcome(postmark, method, path, data):
    """Give the status and the body of a call, or the error that its client got."""
    try:
        return postmark.call(method, path, data, patience=5)
    except (RequestException, ValueError) as error:
        return type(error), None
