"""A rest from letters with an end to it, chosen by the reader, and its end before that."""

from datetime import datetime, timedelta

from sqlmodel import Session

from subscribers.changing import record
from subscribers.consent import Actor
from subscribers.errors import InvalidPause, UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.queries import locked_by_public_id
from subscribers.states import Event, State

LONGEST_PAUSE = timedelta(days=366)
"""Until the same day of next year, also in a leap year."""


def pause(session: Session, public_id: str, *, until: datetime, now: datetime) -> Subscriber:
    """Let somebody rest until an instant; a second choice replaces the first.

    Letters that are queued already are skipped: whoever claims them asks once more.

    Args:
        session: a writing session; answer only after it has committed.
        public_id: from the token.
        until: from when on letters come again; aware, after ``now``, at most LONGEST_PAUSE away.
        now: aware.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        InvalidPause: when the end has passed or is too far away.
        ForbiddenTransition: when the person gets no letters anyway.
    """
    if not now < until <= now + LONGEST_PAUSE:
        raise InvalidPause
    subscriber = _locked(session, public_id)
    reason = f"until {until:%Y-%m-%d %H:%M %Z}"
    record(session, subscriber, Event.PAUSED, now=now, actor=Actor.READER, reason=reason)
    subscriber.paused_until = until
    session.flush()
    return subscriber


def resume(session: Session, public_id: str, *, now: datetime) -> Subscriber:
    """End a pause at once; without one nothing changes.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        ForbiddenTransition: when the person gets no letters anyway.
    """
    subscriber = _locked(session, public_id)
    record(session, subscriber, Event.RESUMED, now=now, actor=Actor.READER)
    session.flush()
    return subscriber


def is_pausing(subscriber: Subscriber, now: datetime) -> bool:
    """Say whether a pause keeps letters away now; one whose end has passed does not."""
    until = subscriber.paused_until
    return subscriber.state == State.PAUSED and (until is None or now < until)


def _locked(session: Session, public_id: str) -> Subscriber:
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None:
        raise UnknownSubscriber
    return subscriber
