"""Leaving the list, and taking a slip of the finger back; leaving works in every state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from subscribers.address import mask
from subscribers.changing import keep, record
from subscribers.consent import Actor, Consent, ConsentEvent
from subscribers.errors import NothingToUndo, UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.queries import changes_of, consents_of, locked_by_public_id
from subscribers.states import ON_THE_LIST, OUT, Event, State

UNDO_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class By:
    """What somebody left by, as far as it is known.

    Attributes:
        message_id: of the mail that asked for it. A mail that is brought again, after it was acted on
            and taken back, says nothing new.
        issue: see ``consent.Consent``.
    """

    message_id: str = ""
    issue: int | None = None


NOT_TOLD = By()


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """What the page may say.

    Attributes:
        address: masked; "…" when the address has been erased.
        already: True when the person had left before.
        received: True when letters came until now.
    """

    address: str
    already: bool
    received: bool = False


def unsubscribe(
    session: Session,
    public_id: str,
    *,
    now: datetime,
    source: str,
    actor: Actor = Actor.READER,
    by: By = NOT_TOLD,
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
        by: what they did it with.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None or subscriber.state == State.ERASED:
        return Unsubscribed(mask(""), already=True)
    shown = mask(subscriber.email or "")
    if by.message_id and _was_heard(session, subscriber, by.message_id):
        return Unsubscribed(shown, already=True)
    received = subscriber.state in ON_THE_LIST
    already = subscriber.state in OUT and subscriber.unsubscribed_at is not None
    if not already or subscriber.asked_at is not None:  # leaving also withdraws an open request
        record(session, subscriber, Event.UNSUBSCRIBED, now=now, actor=actor, reason=source)
        evidence = Consent(
            event=ConsentEvent.UNSUBSCRIBED,
            source=source,
            at=now,
            actor=actor,
            message_id=by.message_id,
            issue=by.issue,
        )
        keep(session, subscriber, evidence)
    return Unsubscribed(shown, already, received)


def undo(session: Session, public_id: str, *, now: datetime, source: str) -> None:
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
    if undo_until(session, subscriber, now=now) is None:
        raise NothingToUndo
    record(session, subscriber, Event.UNDONE, now=now, actor=Actor.READER, reason=source)
    keep(session, subscriber, Consent(event=ConsentEvent.CHANGED, source=source, at=now))


def undo_until(session: Session, subscriber: Subscriber, *, now: datetime) -> datetime | None:
    """Say until when somebody can take their leaving back; None when they cannot, or no longer."""
    changes = changes_of(session, subscriber)
    if subscriber.state != State.UNSUBSCRIBED or not changes:
        return None
    last = changes[-1]
    own = last.event == Event.UNSUBSCRIBED and last.actor == Actor.READER
    until = last.at + UNDO_WITHIN
    return until if own and last.from_state in ON_THE_LIST and now <= until else None


def _was_heard(session: Session, subscriber: Subscriber, message_id: str) -> bool:
    return any(one.message_id == message_id for one in consents_of(session, subscriber))
