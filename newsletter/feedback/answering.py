"""What an answer says about a mailbox: an event like any other, stored and folded with the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.delivery.inactive import Inactive
from newsletter.delivery.message import Stream, Why
from newsletter.feedback import folding, inbox
from newsletter.feedback.bodies import kept
from newsletter.feedback.meanings import OF_REASON, Reason
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import ToldEvent
from subscribers.errors import SubscriberError
from subscribers.models import Subscriber

log = structlog.get_logger()

_REASONS: Mapping[Why, Reason] = {
    Why.BOUNCE: Reason.NOT_TAKEN_BOUNCED,
    Why.COMPLAINT: Reason.NOT_TAKEN_COMPLAINED,
    Why.UNTOLD: Reason.NOT_TAKEN_SUPPRESSED,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Takes readers off the list to whom the provider does not write; called while it is recorded.

    Attributes:
        pepper: hides addresses.
        streams: the provider's names of our streams.
    """

    pepper: bytes
    streams: Mapping[Stream, str]

    def take_in(self, session: Session, found: Sequence[Inactive], now: datetime) -> None:
        """Store what an answer says about some readers, and work out what follows; see ``Hear``.

        It costs some statements, and some more for each who moves; an answer without an inactive
        reader costs none. What cannot be worked out now does not keep
        the answer from being recorded: it is stored, and the heartbeat comes back to it.
        """
        keys = self._store(session, found, now)
        try:
            with session.begin_nested():
                due = session.scalars(
                    select(ProviderEvent).where(
                        col(ProviderEvent.dedupe_key).in_(keys),
                        col(ProviderEvent.folded_at).is_(None),
                    )
                ).all()
                if due:
                    folding.fold(session, due, self.streams.values(), now=now)
        except (SQLAlchemyError, SubscriberError) as fault:
            log.warning("events_not_folded", kind=type(fault).__name__)

    def _store(self, session: Session, found: Sequence[Inactive], now: datetime) -> list[str]:
        people = session.execute(
            select(col(Subscriber.public_id), col(Subscriber.id)).where(
                col(Subscriber.public_id).in_([one.public_id for one in found])
            )
        )
        ids = {person.public_id: person.id for person in people}
        rows = [self._row(one, ids[one.public_id], now) for one in found if one.public_id in ids]
        if rows:
            new = insert_into(session, ProviderEvent).values(rows)
            session.execute(new.on_conflict_do_nothing(index_elements=["dedupe_key"]))
        return [str(row["dedupe_key"]) for row in rows]

    def _row(self, one: Inactive, subscriber_id: int, now: datetime) -> dict[str, Any]:
        reason = _REASONS[one.closed.why]
        told = ToldEvent(OF_REASON[reason].kind, key=("answer", one.call, one.public_id))
        return {
            "dedupe_key": inbox.key_of(told, self.pepper),
            "kind": told.kind.value,
            "reason": reason.value,
            "source": "answer",
            "stream": self.streams[one.stream],
            "issue_number": one.issue,
            "subscriber_id": subscriber_id,
            "address_hash": inbox.hash_of(one.address, self.pepper),
            "occurred_at": now,
            "received_at": now,
            "body": kept(one.closed.words.encode()),
        }
