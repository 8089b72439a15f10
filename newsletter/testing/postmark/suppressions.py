"""Who is suppressed on which stream, why, and at whose wish."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newsletter.testing.postmark.clock import VirtualClock, eastern_time
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.ledger import Row
from newsletter.testing.postmark.paging import period
from newsletter.testing.postmark.shapes import an_object
from newsletter.testing.postmark.streams import TYPES, Streams
from newsletter.testing.postmark.webhook_bodies import changed
from newsletter.testing.postmark.webhooks import Webhooks

MOST_ADDRESSES = 50

_REASONS = ("HardBounce", "SpamComplaint", "ManualSuppression")
_ORIGINS = ("Recipient", "Customer", "Admin")
_FORBIDDEN = "This suppression is not yours to change."


class Suppressions:
    """The suppressed addresses of each stream; every change is an event."""

    def __init__(self, streams: Streams, webhooks: Webhooks, clock: VirtualClock) -> None:
        self._streams = streams
        self._webhooks = webhooks
        self._clock = clock
        self._rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TYPES}

    def has(self, stream: str, address: str) -> bool:
        """Say whether Postmark would refuse this recipient."""
        return address.casefold() in self._rows[stream]

    def add(self, suppression: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
        """Suppress an address, and give the event; nothing for one that is suppressed already.

        Args:
            suppression: MessageStream, EmailAddress, SuppressionReason, Origin, and the Message
                that led to it, if one did.
            at: when.
        """
        rows, key = self._rows[suppression["MessageStream"]], suppression["EmailAddress"].casefold()
        if key in rows:
            return None
        rows[key] = {**suppression, "At": at}
        return self._tell(changed(suppression, at, suppressed=True))

    def remove(self, stream: str, address: str, origin: str, at: datetime) -> dict[str, Any] | None:
        """Make an address active again, and give the event; nothing for one that is active."""
        suppression = self._rows[stream].pop(address.casefold(), None)
        if suppression is None:
            return None
        return self._tell(changed({**suppression, "Origin": origin}, at, suppressed=False))

    def suppress(self, request: Request, stream: str) -> Reply:
        """Suppress up to 50 addresses on a stream, at the customer's wish."""
        self._streams.check(stream)
        return Reply({"Suppressions": [self._suppressed(stream, to) for to in _addresses(request)]})

    def delete(self, request: Request, stream: str) -> Reply:
        """Make up to 50 addresses active again."""
        self._streams.check(stream)
        return Reply({"Suppressions": [self._deleted(stream, to) for to in _addresses(request)]})

    def dump(self, request: Request, stream: str) -> Reply:
        """List everybody suppressed on a stream, as far as the filters let through."""
        self._streams.check(stream)
        inside, query = period(request.query), request.query
        if query.get("suppressionreason", _REASONS[0]) not in _REASONS:
            raise Refused(1404, "There is no such suppression reason.")
        if query.get("origin", _ORIGINS[0]) not in _ORIGINS:
            raise Refused(1405, "There is no such origin.")
        rows = [row for row in self._rows[stream].values() if inside(row["At"])]
        return Reply({"Suppressions": [_listed(row) for row in rows if _fits(row, query)]})

    def _suppressed(self, stream: str, address: str) -> dict[str, Any]:
        if "@" not in address:
            return _status(address, "Failed", "The address is not valid.")
        if self._complained(stream, address):
            return _status(address, "Failed", _FORBIDDEN)
        fields = {"SuppressionReason": "ManualSuppression", "Origin": "Customer"}
        self.add({"MessageStream": stream, "EmailAddress": address, **fields}, self._clock())
        return _status(address, "Suppressed")

    def _deleted(self, stream: str, address: str) -> dict[str, Any]:
        if self._complained(stream, address):
            return _status(address, "Failed", _FORBIDDEN)
        self.remove(stream, address, "Customer", self._clock())
        return _status(address, "Deleted")

    def _complained(self, stream: str, address: str) -> bool:
        row = self._rows[stream].get(address.casefold())
        return row is not None and row["SuppressionReason"] == "SpamComplaint"

    def _tell(self, event: dict[str, Any]) -> dict[str, Any]:
        self._webhooks.queue(event)
        return event


def _addresses(request: Request) -> list[str]:
    entries = an_object(request).get("Suppressions")
    if not entries:
        raise Refused(1409, "A list of suppressions must be provided.")
    if len(entries) > MOST_ADDRESSES:
        raise Refused(1410, "At most 50 addresses can be given.")
    return [str(entry.get("EmailAddress")) for entry in entries]


def _fits(row: Row, query: Mapping[str, str]) -> bool:
    address: str = row["EmailAddress"]
    return (
        query.get("emailaddress", address).casefold() == address.casefold()
        and query.get("suppressionreason", row["SuppressionReason"]) == row["SuppressionReason"]
        and query.get("origin", row["Origin"]) == row["Origin"]
    )


def _status(address: str, status: str, message: str | None = None) -> dict[str, Any]:
    return {"EmailAddress": address, "Status": status, "Message": message}


def _listed(row: Row) -> dict[str, Any]:
    shown = {name: row[name] for name in ("EmailAddress", "SuppressionReason", "Origin")}
    return shown | {"CreatedAt": eastern_time(row["At"])}
