"""Message streams, and who is suppressed on which."""

from typing import Any

from newsletter.testing.postmark.exchange import Refused, Reply, Request

_TYPES = {"outbound": "Transactional", "inbound": "Inbound", "broadcast": "Broadcasts"}
_HANDLING = {"outbound": "None", "inbound": "None", "broadcast": "Custom"}


class Streams:
    """The three streams that a new server has."""

    def __init__(self) -> None:
        self._suppressed: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _TYPES}

    def can_send(self, stream: str) -> bool:
        """Say whether messages leave on this stream."""
        return stream in _TYPES and stream != "inbound"

    def is_suppressed(self, stream: str, address: str) -> bool:
        """Say whether Postmark would refuse this recipient."""
        return address.casefold() in self._suppressed[stream]

    def all(self, _: Request) -> Reply:
        """List the streams."""
        streams = [_stream(name, kind) for name, kind in _TYPES.items()]
        return Reply({"MessageStreams": streams, "TotalCount": len(streams)})

    def suppress(self, request: Request, stream: str) -> Reply:
        """Suppress up to 50 addresses on a stream."""
        suppressed = self._of(stream)
        answers = []
        for entry in request.json()["Suppressions"]:
            address = entry["EmailAddress"]
            suppressed[address.casefold()] = {
                "EmailAddress": address,
                "SuppressionReason": "ManualSuppression",
                "Origin": "Customer",
                "CreatedAt": "2026-11-01T00:00:00Z",
            }
            answers.append({"EmailAddress": address, "Status": "Suppressed", "Message": None})
        return Reply({"Suppressions": answers})

    def dump(self, _: Request, stream: str) -> Reply:
        """List everybody suppressed on a stream."""
        return Reply({"Suppressions": list(self._of(stream).values())})

    def _of(self, stream: str) -> dict[str, dict[str, Any]]:
        if stream not in self._suppressed:
            raise Refused(1226, "The message stream was not found.")
        return self._suppressed[stream]


def _stream(name: str, kind: str) -> dict[str, Any]:
    return {
        "ID": name,
        "ServerID": 139630,
        "Name": kind,
        "Description": "",
        "MessageStreamType": kind,
        "CreatedAt": "2026-11-01T00:00:00Z",
        "UpdatedAt": None,
        "ArchivedAt": None,
        "ExpectedPurgeDate": None,
        "SubscriptionManagementConfiguration": {"UnsubscribeHandlingType": _HANDLING[name]},
    }
