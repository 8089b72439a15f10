"""The evidence for messages in doubt: Postmark's search by the metadata of an attempt."""

from typing import Any

from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_client import Client

_MOST_ROWS = 500


def find(client: Client, attempt_id: str, stream: str) -> dict[str, str] | None:
    """Give Postmark's message id by delivery id, or None when the search cannot be trusted.

    The stream is named because the search looks at ``outbound`` otherwise and finds nothing of a
    newsletter; dates are not, because they would be read as US Eastern time.
    """
    query: dict[str, Any] = {"count": _MOST_ROWS, "offset": 0, "messagestream": stream}
    query["metadata_batch-id"] = attempt_id
    answer: Answer = client.call("GET", "/messages/outbound", **query)
    if answer.trouble is not None:
        return None
    try:
        rows, total = answer.body["Messages"], answer.body["TotalCount"]
        found = {row["Metadata"]["delivery-id"]: row["MessageID"] for row in rows}
    except (KeyError, TypeError):
        return None
    return found if len(rows) == total else None
