"""Being forgotten: nothing personal stays but a keyed hash, which keeps imports from undoing it."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from subscribers import import_log
from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.models import (
    AddressChange,
    StateChange,
    Subscriber,
    Suppression,
    SuppressionReason,
)
from subscribers.profile import CADENCES
from subscribers.queries import consents_of, locked_by_public_id
from subscribers.states import Event, State
from subscribers.suppression import block

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
    _empty(subscriber)
    _empty_evidence(session, subscriber)
    import_log.forget(session, subscriber)
    session.flush()
    if hashed:
        _keep_off(session, hashed, reason, now)
    return True


def _empty(subscriber: Subscriber) -> None:
    subscriber.email = subscriber.address_key = subscriber.address_hash = None
    subscriber.name = subscriber.source = subscriber.locale = ""
    subscriber.timezone, subscriber.cadence, subscriber.tailored = None, CADENCES[0], False
    subscriber.topics, subscriber.follows = [], []
    subscriber.tags, subscriber.attributes = [], {}


def _empty_evidence(session: Session, subscriber: Subscriber) -> None:
    """Leave what was agreed to and when, without where, by what means and in whose words."""
    for entry in consents_of(session, subscriber):
        entry.wording = entry.wording.removesuffix(entry.source)
        entry.source = entry.origin = entry.user_agent = entry.locale = ""
        entry.message_id = entry.message_hash = entry.token_hash = ""
        session.add(entry)
    of_this_person = col(StateChange.subscriber_id) == subscriber.id
    session.execute(update(StateChange).where(of_this_person).values(reason=None))
    session.execute(delete(AddressChange).where(col(AddressChange.subscriber_id) == subscriber.id))


def _keep_off(session: Session, hashed: str, reason: SuppressionReason, now: datetime) -> None:
    """Keep an address off the list; a stronger reason that is there already stays, without its note."""
    block(session, [hashed], reason, now=now)
    same = col(Suppression.address_hash) == hashed
    session.execute(update(Suppression).where(same).values(note=""))
