"""The message streams of a new server, and who handles unsubscribing on each."""

from typing import Any

from newsletter.testing.postmark.account import SERVER_ID, Approvals
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.shapes import an_object

TYPES = {"outbound": "Transactional", "inbound": "Inbound", "broadcast": "Broadcasts"}
_CONFIGURATION, _HANDLING = "SubscriptionManagementConfiguration", "UnsubscribeHandlingType"


class Streams:
    """Three streams; ``broadcast`` begins with custom handling, since the account has that."""

    def __init__(self) -> None:
        self.approvals = Approvals()
        handling = {"outbound": "None", "inbound": "None", "broadcast": "Custom"}
        self._streams = {name: _stream(name, handling[name]) for name in TYPES}

    def approve(self, approvals: Approvals) -> None:
        """Change what is approved; without approval Postmark handles unsubscribing itself."""
        self.approvals = approvals
        if not approvals.custom_unsubscribe:
            self._streams["broadcast"][_CONFIGURATION] = {_HANDLING: "Postmark"}

    def can_send(self, name: str) -> bool:
        """Say whether messages leave on this stream."""
        return name in TYPES and name != "inbound"

    def is_broadcast(self, name: str) -> bool:
        """Say whether the stream is for the same content to many."""
        return TYPES.get(name) == "Broadcasts"

    def unsubscribes(self, name: str) -> bool:
        """Say whether Postmark puts its own unsubscribe link into messages of this stream."""
        return bool(self._streams[name][_CONFIGURATION][_HANDLING] == "Postmark")

    def check(self, name: str) -> None:
        """Refuse a stream that is not there."""
        self._of(name)

    def all(self, _: Request) -> Reply:
        """List the streams."""
        streams = list(self._streams.values())
        return Reply({"MessageStreams": streams, "TotalCount": len(streams)})

    def get(self, _: Request, name: str) -> Reply:
        """Show a stream."""
        return Reply(self._of(name))

    def edit(self, request: Request, name: str) -> Reply:
        """Change the given fields of a stream."""
        stream, fields = self._of(name), an_object(request)
        wanted = (fields.get(_CONFIGURATION) or {}).get(_HANDLING)
        if wanted is not None:
            self._check_handling(name, wanted)
            stream[_CONFIGURATION] = {_HANDLING: wanted}
        stream |= {key: fields[key] for key in ("Name", "Description") if key in fields}
        return Reply(stream)

    def _of(self, name: str) -> dict[str, Any]:
        if name not in self._streams:
            raise Refused(1226, "The message stream was not found.")
        return self._streams[name]

    def _check_handling(self, name: str, wanted: str) -> None:
        if wanted == "Custom" and not self.approvals.custom_unsubscribe:
            raise Refused(1238, "Custom unsubscribe handling is not approved for this account.")
        if wanted not in (("Postmark", "Custom") if self.is_broadcast(name) else ("None",)):
            raise Refused(1239, f"This stream cannot have '{wanted}' unsubscribe handling.")


def _stream(name: str, handling: str) -> dict[str, Any]:
    return {
        "ID": name,
        "ServerID": SERVER_ID,
        "Name": TYPES[name],
        "Description": "",
        "MessageStreamType": TYPES[name],
        "CreatedAt": "2026-11-01T00:00:00Z",
        "UpdatedAt": None,
        "ArchivedAt": None,
        "ExpectedPurgeDate": None,
        _CONFIGURATION: {_HANDLING: handling},
    }
