"""Whose an event is, where it does not bring back the name that we gave the message.

What names no message of ours changes nobody, with two exceptions in which the address is enough:

- A list that we fetched ourselves. Nobody but the provider can have answered, and it tells of the
  very streams that our letters leave by.
- A change that names no message at all, posted for one of our own streams. Postmark has none to
  name when an operator suppresses or reopens an address by hand.

An event that names a message has to name one of ours: by the name we gave it, or by the provider's
own name for a copy of the reader with this address.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from newsletter.delivery.models import Delivery
from newsletter.feedback.meanings import OfReader, meaning
from newsletter.feedback.models import ProviderEvent
from subscribers.models import Subscriber

_BY_ADDRESS = frozenset(
    {OfReader.HARD, OfReader.SUPPRESSED, OfReader.LEFT, OfReader.COMPLAINED, OfReader.REOPENED}
)


def match(session: Session, due: Sequence[ProviderEvent], streams: Collection[str]) -> None:
    """Find the readers of events that are nobody's yet; two statements at most.

    Args:
        session: a writing session.
        due: events; whose reader is found are changed.
        streams: the provider's names of our own streams.
    """
    open_ = [event for event in due if event.subscriber_id is None and event.address_hash]
    if not open_:
        return
    hashes = {event.address_hash for event in open_}
    known = session.execute(
        select(col(Subscriber.address_hash), col(Subscriber.id)).where(
            col(Subscriber.address_hash).in_(hashes)
        )
    )
    reader_of = {row.address_hash: row.id for row in known}
    issue_of = _copies(session, open_, set(reader_of.values())) if reader_of else {}
    for event in open_:
        who = reader_of.get(event.address_hash)
        issue = issue_of.get((who, event.provider_id))
        if who is not None and (issue is not None or _address_suffices(event, streams)):
            event.subscriber_id, event.issue_number = who, issue


def _address_suffices(event: ProviderEvent, streams: Collection[str]) -> bool:
    if meaning(event.kind, event.reason).reader not in _BY_ADDRESS:
        return False
    if event.source == "list":
        return True
    return event.provider_id is None and event.stream in streams


def _copies(
    session: Session, events: Sequence[ProviderEvent], readers: Collection[int | None]
) -> dict[tuple[int | None, str | None], int]:
    """Give the issue by reader and message, of those messages that are copies of these readers."""
    names = {event.provider_id for event in events if event.provider_id}
    found = session.execute(
        select(
            col(Delivery.subscriber_id), col(Delivery.provider_id), col(Delivery.issue_number)
        ).where(col(Delivery.subscriber_id).in_(readers), col(Delivery.provider_id).in_(names))
    )
    return {(who, name): issue for who, name, issue in found}
