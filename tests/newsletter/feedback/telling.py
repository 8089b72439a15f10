"""What Postmark would post about a letter of ours."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import select

from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.models import Delivery
from newsletter.service import Service
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import stated
from subscribers.models import Subscriber, Suppression
from subscribers.states import State
from tests.factories import MONDAY, SEEN, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave

ISSUE = 1
_ids = count(4_900_000_000)


class Telling:
    """What is told about somebody's copy of the first issue, since an instant."""

    def __init__(self, email: str, public_id: str, start: datetime) -> None:
        self.email, self.public_id, self.start = email, public_id, start
        self.message = f"message-{public_id}"

    def _about(self, record: str, **fields: Any) -> dict[str, Any]:
        return {
            "RecordType": record,
            "MessageStream": "broadcast",
            "MessageID": self.message,
            "Metadata": {"delivery-id": delivery_id(ISSUE, self.public_id)},
            **fields,
        }

    def at(self, **later: float) -> str:
        return (self.start + timedelta(**later)).isoformat()

    def delivered(self, hours: float = 0.1, **fields: Any) -> dict[str, Any]:
        at = self.at(hours=hours)
        return self._about("Delivery", Recipient=self.email, DeliveredAt=at, **fields)

    def opened(self, hours: float = 1, **fields: Any) -> dict[str, Any]:
        at = self.at(hours=hours)
        return self._about("Open", Recipient=self.email, ReceivedAt=at, **fields)

    def bounced(
        self, name: str = "HardBounce", hours: float = 0.2, **fields: Any
    ) -> dict[str, Any]:
        record = "SpamComplaint" if name == "SpamComplaint" else "Bounce"
        told = {
            "ID": next(_ids),
            "Type": name,
            "Email": self.email,
            "BouncedAt": self.at(hours=hours),
            "Inactive": name == "HardBounce",
        }
        return self._about(record, **(told | fields))

    def changed(
        self, why: str | None = None, hours: float = 2, origin: str = "Recipient", **fields: Any
    ) -> dict[str, Any]:
        """A suppression for a reason, or its end."""
        told = {
            "Recipient": self.email,
            "ChangedAt": self.at(hours=hours),
            "SuppressSending": why is not None,
            "SuppressionReason": why,
            "Origin": origin,
        }
        return self._about("SubscriptionChange", **(told | fields))


class Told(Telling):
    """The same about somebody who has a copy, and what becomes of them."""

    def __init__(self, service: Service, number: int = 1) -> None:
        self.service = service
        with service.database.reading() as session:
            email = f"reader{number}@example.org"
            self.reader = session.exec(select(Subscriber).where(Subscriber.email == email)).one()
        super().__init__(email, self.reader.public_id, service.clock())

    @property
    def copy(self) -> Delivery:
        with self.service.database.reading() as session:
            return session.get_one(Delivery, (ISSUE, self.reader.id))

    @property
    def person(self) -> Subscriber:
        with self.service.database.reading() as session:
            return session.get_one(Subscriber, self.reader.id)

    def state(self) -> State:
        return self.person.state

    @property
    def suppressed(self) -> str | None:
        """Why the suppression list has their address."""
        with self.service.database.reading() as session:
            found = select(Suppression).where(Suppression.address_hash == self.reader.address_hash)
            row = session.exec(found).first()
            return None if row is None else row.reason.value


def issue_to(service: Service, readers: int, *, accepted: bool = True) -> None:
    """Let the first issue have left to some readers; or its answer be lost."""
    with service.database.writing() as session:
        store_comparisons(session, 1)
        people = [
            signup.add(
                session,
                Address.parse(f"reader{one}@example.org"),
                consent=stated("a test", at=SEEN),
                pepper=service.pepper,  # by which it knows the addresses that Postmark tells
            )[0]
            for one in range(1, readers + 1)
        ]
    number = begin_to_leave(service)
    assert number == ISSUE
    with service.database.writing() as session:
        session.add_all(
            Delivery(
                issue_number=number,
                subscriber_id=person.id or 0,
                batch=1,
                state="accepted" if accepted else "unknown",
                provider_id=f"message-{person.public_id}" if accepted else None,
                attempt_id=None if accepted else "attempt",
                settled_at=MONDAY,
            )
            for person in people
        )
