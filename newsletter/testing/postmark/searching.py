"""The search for sent messages, with the defaults that bite: stream ``outbound``, 500 a page."""

from collections.abc import Mapping
from typing import Any

from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.ledger import Ledger

MOST_ROWS, DEEPEST_ROW = 500, 10_000

_FILTERS = {"recipient": "To", "tag": "Tag", "fromemail": "From", "subject": "Subject"}


class Searching:
    """Looks into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def outbound(self, request: Request) -> Reply:
        """Find messages, newest first."""
        count, offset = _page(request.query)
        found = [
            row for row in self._ledger.newest_first(_metadata(request)) if _fits(row, request)
        ]
        page = [_listed(row) for row in found[offset : offset + count]]
        return Reply({"TotalCount": len(found), "Messages": page})

    def details(self, _: Request, message_id: str) -> Reply:
        """Show one message with its content, as far as bodies are kept."""
        row = self._ledger.get(message_id)
        if row is None:
            raise Refused(701, "This message was not found.")
        bodies = {name: row.get(name, "") for name in ("TextBody", "HtmlBody")}
        return Reply({**_listed(row), **bodies, "Body": "", "MessageEvents": []})


def _page(query: Mapping[str, str]) -> tuple[int, int]:
    try:
        count, offset = int(query["count"]), int(query["offset"])
    except (KeyError, ValueError):
        raise Refused(700, "The 'count' and 'offset' parameters are required.") from None
    if not 0 < count <= MOST_ROWS or offset < 0 or count + offset > DEEPEST_ROW:
        raise Refused(700, "At most 500 rows can be asked for, and no row beyond 10,000.")
    return count, offset


def _metadata(request: Request) -> tuple[str, str] | None:
    asked = [
        (name.removeprefix("metadata_"), value)
        for name, value in request.query.items()
        if name.startswith("metadata_")
    ]
    if len(asked) > 1:
        raise Refused(700, "Only one metadata field can be searched at a time.")
    return asked[0] if asked else None


def _fits(row: Mapping[str, Any], request: Request) -> bool:
    query = request.query
    return row["MessageStream"] == query.get("messagestream", "outbound") and all(
        row[field] == query[name] for name, field in _FILTERS.items() if name in query
    )


def _listed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Tag": row["Tag"],
        "MessageID": row["MessageID"],
        "MessageStream": row["MessageStream"],
        "To": [{"Email": row["To"], "Name": ""}],
        "Cc": [],
        "Bcc": [],
        "Recipients": [row["To"]],
        "ReceivedAt": row["AcceptedAt"],
        "From": row["From"],
        "Subject": row["Subject"],
        "Attachments": [],
        "Status": "Sent",
        "TrackOpens": False,
        "TrackLinks": "None",
        "Metadata": row["Metadata"],
        "Sandboxed": False,
    }
