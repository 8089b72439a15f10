"""Being forgotten: nothing personal stays but a keyed hash, which keeps imports from undoing it."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import ConsentEntry, Subscriber, Suppression, SuppressionReason
from subscribers.queries import locked_by_public_id, suppression_of
from subscribers.states import Event, State

_STAYS = {
    State.COMPLAINED: SuppressionReason.COMPLAINT,
    State.BOUNCED: SuppressionReason.BOUNCE,
}
"""What still keeps an address off the list when the row no longer says so."""


def erase(session: Session, public_id: str, *, now: datetime, actor: Actor = Actor.READER) -> bool:
    """Erase one person; the row stays, empty, so that old links still answer.

    Returns:
        False when there was nothing left to erase.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None or subscriber.state == State.ERASED:
        return False
    hashed = subscriber.address_hash
    reason = _STAYS.get(subscriber.state, SuppressionReason.ERASED)
    record(session, subscriber, Event.ERASED, now=now, actor=actor)
    _empty(session, subscriber)
    if hashed and suppression_of(session, hashed) is None:
        session.add(Suppression(address_hash=hashed, reason=reason, created_at=now))
    session.flush()
    return True


def _empty(session: Session, subscriber: Subscriber) -> None:
    subscriber.email = subscriber.address_key = subscriber.address_hash = None
    subscriber.name = subscriber.source = ""
    subscriber.timezone, subscriber.tags, subscriber.attributes = None, [], {}
    session.add(subscriber)
    session.execute(
        update(ConsentEntry)
        .where(col(ConsentEntry.subscriber_id) == subscriber.id)
        .values(origin="", user_agent="", locale="", message_id="", message_hash="", token_hash="")
    )
