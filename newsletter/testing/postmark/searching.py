"""The search for sent messages, with the defaults that bite: stream ``outbound``, 500 a page."""

from collections.abc import Mapping
from typing import Any

from newsletter.testing.postmark.events import Events
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.index import Index
from newsletter.testing.postmark.ledger import Ledger, Row
from newsletter.testing.postmark.paging import page, period

_FILTERS = {"recipient": "To", "tag": "Tag", "fromemail": "From", "subject": "Subject"}


class Searching:
    """Looks into the ledger, through the index."""

    def __init__(self, ledger: Ledger, index: Index, events: Events) -> None:
        self._ledger = ledger
        self._index = index
        self._events = events

    def outbound(self, request: Request) -> Reply:
        """Find messages, newest first."""
        self._index.check()
        wanted, inside, query = page(request.query), period(request.query), request.query
        rows = self._index.visible(self._ledger.newest_first(_metadata(request)))
        found = [row for row in rows if _fits(row, query) and inside(row["At"])]
        return Reply({"TotalCount": len(found), "Messages": list(map(_listed, found[wanted]))})

    def details(self, _: Request, message_id: str) -> Reply:
        """Show one message with its content, as far as bodies are kept."""
        self._index.check()
        row = self._ledger.get(message_id)
        if row is None or not self._index.visible([row]):
            raise Refused(701, "This message was not found.")
        bodies = {name: row.get(name, "") for name in ("TextBody", "HtmlBody")}
        history = self._events.history(message_id)
        return Reply({**_listed(row), **bodies, "Body": "", "MessageEvents": history})


def _metadata(request: Request) -> tuple[str, str] | None:
    asked = [
        (name.removeprefix("metadata_"), value)
        for name, value in request.query.items()
        if name.startswith("metadata_")
    ]
    if len(asked) > 1:
        raise Refused(700, "Only one metadata field can be searched at a time.")
    return asked[0] if asked else None


def _fits(row: Row, query: Mapping[str, str]) -> bool:
    return (
        row["MessageStream"] == query.get("messagestream", "outbound")
        and query.get("status", "sent").casefold() in ("sent", "processed")
        and all(row[field] == query[name] for name, field in _FILTERS.items() if name in query)
    )


def _listed(row: Row) -> dict[str, Any]:
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
