"""What happens to accepted messages: deliveries, bounces, complaints, opens, clicks, unsubscribes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from newsletter.testing.postmark import webhook_bodies
from newsletter.testing.postmark.bounce_types import BOUNCE_TYPES
from newsletter.testing.postmark.bounces import Bounces
from newsletter.testing.postmark.clock import VirtualClock, postmark_time
from newsletter.testing.postmark.exchange import Refused
from newsletter.testing.postmark.ledger import Ledger, Row
from newsletter.testing.postmark.suppressions import Suppressions
from newsletter.testing.postmark.webhooks import INBOUND, Webhooks

_BOUNCES, _NOWHERE = "@bounce-testing.postmarkapp.com", "@blackhole.postmarkapp.com"
_MAGIC = "postmarkapp.com"
_BY_LOCAL_PART = {kind.casefold(): kind for kind in BOUNCE_TYPES if kind != "SpamComplaint"}

Event = Mapping[str, Any]
Body = dict[str, Any]


class Events:
    """Makes things happen, in the lists of the API and as webhook calls.

    A message to ``SoftBounce@bounce-testing.postmarkapp.com`` bounces at once, other kinds likewise
    and hard where there is none such; one to ``blackhole.postmarkapp.com`` reaches nobody.
    """

    def __init__(
        self,
        ledger: Ledger,
        bounces: Bounces,
        suppressions: Suppressions,
        webhooks: Webhooks,
        clock: VirtualClock,
    ) -> None:
        self._ledger = ledger
        self._bounces = bounces
        self._suppressions = suppressions
        self._webhooks = webhooks
        self._clock = clock
        self._history: defaultdict[str, list[Body]] = defaultdict(list)
        self._kinds: Mapping[str, Callable[[Event, Row, datetime], list[Body]]] = {
            "Delivery": self._deliver,
            "Bounce": self._bounce,
            "SpamComplaint": self._bounce,
            "Open": self._open,
            "Click": self._click,
            "SubscriptionChange": self._change,
            INBOUND: self._come_in,
        }

    def accepted(self, rows: Sequence[Row]) -> None:
        """Let messages that were just accepted arrive, or not."""
        told = self._webhooks.wants("Delivery")
        for row in rows:
            if row["To"].endswith(_MAGIC):
                self._magic(row)
            elif told:
                self._webhooks.queue(webhook_bodies.delivery(row, row["At"]))

    def happen(self, event: Event) -> list[Body]:
        """Make one thing happen, and give the webhook bodies that it leads to.

        Args:
            event: ``kind``, and ``message_id`` or ``to`` (its last message, on ``stream`` if
                given); ``at`` as ISO 8601, for a bounce its ``type``, for a click its ``link``,
                for a change ``suppress``, ``origin`` and ``reason``. A mail that comes in has ``from``
                and ``to``, and may have ``subject``, ``text``, ``html``, ``reply`` and ``headers``.

        Raises:
            Refused: when the kind or the message is unknown.
        """
        if event.get("kind") not in self._kinds:
            raise Refused(403, f"Unknown kind of event. Known are {', '.join(self._kinds)}.")
        return self._kinds[event["kind"]](event, self._message(event), self._instant(event))

    def history(self, message_id: str) -> list[Body]:
        """Give a message's events as its details show them."""
        return self._history.get(message_id, [])

    def _deliver(self, _: Event, row: Row, at: datetime) -> list[Body]:
        server = {"DestinationServer": "mx.example", "DestinationIP": "198.51.100.25"}
        details = {"DeliveryMessage": "smtp;250 2.0.0 OK loopback", **server}
        self._remember(row, at, "Delivered", details)
        return [self._tell(webhook_bodies.delivery(row, at))]

    def _bounce(self, event: Event, row: Row, at: datetime) -> list[Body]:
        complaint = event["kind"] == "SpamComplaint"
        kind = "SpamComplaint" if complaint else event.get("type") or "HardBounce"
        if kind not in BOUNCE_TYPES:
            raise Refused(403, "Unknown type of bounce.")
        bounce, known = self._bounces.add(kind, row, at), BOUNCE_TYPES[kind]
        summary = {"BounceID": str(bounce["ID"]), "Summary": bounce["Details"]}
        self._remember(row, at, "Transient" if kind == "Transient" else "Bounced", summary)
        bodies = [
            self._tell(webhook_bodies.bounced(bounce, at) | {"Metadata": row.get("Metadata", {})})
        ]
        if known.reason is None:
            return bodies
        why = {"reason": known.reason, "origin": known.origin}
        return bodies + self._change(why, row, at)

    def _open(self, _: Event, row: Row, at: datetime) -> list[Body]:
        first = all(past["Type"] != "Opened" for past in self.history(row["MessageID"]))
        self._remember(row, at, "Opened", {"Summary": "Email opened with Loopback 1.0"})
        return [self._tell(webhook_bodies.opened(row, at, first=first))]

    def _click(self, event: Event, row: Row, at: datetime) -> list[Body]:
        link = event.get("link") or "https://news.example/"
        self._remember(row, at, "LinkClicked", {"Summary": "Link clicked", "Link": link})
        return [self._tell(webhook_bodies.clicked(row, at, link))]

    def _change(self, event: Event, row: Row, at: datetime) -> list[Body]:
        origin, suppress = event.get("origin") or "Recipient", event.get("suppress", True)
        if not suppress:
            body = self._suppressions.remove(row["MessageStream"], row["To"], origin, at)
        else:
            suppression = {
                "MessageStream": row["MessageStream"],
                "EmailAddress": row["To"],
                "SuppressionReason": event.get("reason") or "ManualSuppression",
                "Origin": origin,
                "Message": row if self._ledger.get(row["MessageID"]) else None,
            }
            body = self._suppressions.add(suppression, at)
        if body is None:
            return []
        self._remember(
            row, at, "SubscriptionChanged", {"Origin": origin, "SuppressSending": str(suppress)}
        )
        return [body]

    def _come_in(self, mail: Event, _: Row, at: datetime) -> list[Body]:
        if not mail.get("from"):
            raise Refused(403, "A mail needs an address in 'from'.")
        return [self._tell(webhook_bodies.came_in(mail, at))]

    def _magic(self, row: Row) -> None:
        address = row["To"].casefold()
        if address.endswith(_BOUNCES):
            local_part = address.removesuffix(_BOUNCES).replace("_", "")
            kind = _BY_LOCAL_PART.get(local_part, "HardBounce")
            self._bounce({"kind": "Bounce", "type": kind}, row, row["At"])
        elif not address.endswith(_NOWHERE):
            self._tell(webhook_bodies.delivery(row, row["At"]))

    def _message(self, event: Event) -> Row:
        if event.get("message_id"):
            row = self._ledger.get(event["message_id"])
            if row is None:
                raise Refused(701, "This message was not found.")
            return row
        if not event.get("to"):
            raise Refused(403, "An event needs a message_id or an address in 'to'.")
        return self._ledger.latest_to(event["to"], event.get("stream")) or _unsent(event)

    def _instant(self, event: Event) -> datetime:
        if not event.get("at"):
            return self._clock()
        at = datetime.fromisoformat(event["at"])
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)

    def _tell(self, body: Body) -> Body:
        self._webhooks.queue(body)
        return body

    def _remember(self, row: Row, at: datetime, kind: str, details: Mapping[str, str]) -> None:
        self._history[row["MessageID"]].append(
            {
                "Recipient": row["To"],
                "Type": kind,
                "ReceivedAt": postmark_time(at),
                "Details": dict(details),
            }
        )


def _unsent(event: Event) -> Row:
    """Stand in for a message that this Postmark never saw, sent before the simulator began."""
    return {
        "MessageID": str(UUID(int=0)),
        "To": event["to"],
        "MessageStream": event.get("stream") or "broadcast",
        "Tag": "",
        "Metadata": {},
        "From": "",
        "Subject": "",
    }
