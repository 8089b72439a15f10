"""Leaving the list, and taking a slip of the finger back; leaving works in every state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from subscribers.address import mask
from subscribers.changing import keep, record
from subscribers.consent import Actor, Consent, ConsentEvent
from subscribers.errors import NothingToUndo, UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.queries import changes_of, locked_by_public_id
from subscribers.states import OUT, Event, State

UNDO_WITHIN = timedelta(hours=24)

_BEFORE_LEAVING = frozenset({State.ACTIVE, State.PAUSED})


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """What the page may say.

    Attributes:
        address: masked; "…" when the address has been erased.
        already: True when the person had left before.
    """

    address: str
    already: bool


def unsubscribe(
    session: Session,
    public_id: str,
    *,
    now: datetime,
    source: str,
    actor: Actor = Actor.READER,
) -> Unsubscribed:
    """Let somebody go, for good and at once; call as often as you like.

    The token was checked before, so an id that is no longer here was ours once: such a person has
    left already, and is told so.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: from the token.
        now: aware.
        source: where it came from, such as "one-click" or "page".
        actor: who asked for it.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None or subscriber.state == State.ERASED:
        return Unsubscribed(mask(""), already=True)
    already = subscriber.state in OUT and subscriber.unsubscribed_at is not None
    if not already or subscriber.asked_at is not None:  # leaving also withdraws an open request
        record(session, subscriber, Event.UNSUBSCRIBED, now=now, actor=actor, reason=source)
        event = ConsentEvent.UNSUBSCRIBED
        keep(session, subscriber, Consent(event=event, source=source, at=now, actor=actor))
    return Unsubscribed(mask(subscriber.email or ""), already)


def undo(
    session: Session,
    public_id: str,
    *,
    now: datetime,
    source: str,
    within: timedelta = UNDO_WITHIN,
) -> None:
    """Take back the person's own unsubscribe; a second press changes nothing.

    A pause is not restored: who comes back wants letters.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        NothingToUndo: when the person did not leave an active subscription themselves, or not
            within the window.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None:
        raise UnknownSubscriber
    if subscriber.state == State.ACTIVE:
        return
    if not _left_lately(session, subscriber, now - within):
        raise NothingToUndo
    record(session, subscriber, Event.UNDONE, now=now, actor=Actor.READER, reason=source)
    keep(session, subscriber, Consent(event=ConsentEvent.CHANGED, source=source, at=now))


def _left_lately(session: Session, subscriber: Subscriber, since: datetime) -> bool:
    changes = changes_of(session, subscriber)
    if subscriber.state != State.UNSUBSCRIBED or not changes:
        return False
    last = changes[-1]
    own = last.event == Event.UNSUBSCRIBED and last.actor == Actor.READER
    return own and last.from_state in _BEFORE_LEAVING and last.at >= since
