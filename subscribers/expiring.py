"""Requests that nobody ever confirmed: forgotten, as if the address had never been typed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, true
from sqlmodel import Session, col, select

from subscribers.models import ConsentEntry, StateChange, Subscriber
from subscribers.queries import locked
from subscribers.states import State

MOST_AT_ONCE = 500
"""Requests that one transaction deletes: so that nobody waits long for it."""


def forget_unconfirmed(
    session: Session, *, asked_before: datetime, unless: ColumnElement[bool] | None = None
) -> int:
    """Delete people who were asked for a yes before an instant and have not answered.

    Whoever has once been on the list is not among them: their state then is another. Call it again
    in a new transaction until it gives 0.

    Args:
        session: a writing session.
        asked_before: aware.
        unless: says of a row of subscribers that another room knows something of them, who stay then.

    Returns:
        How many were deleted, at most MOST_AT_ONCE.
    """
    free = true() if unless is None else ~unless
    waiting = (
        col(Subscriber.state) == State.PENDING,
        col(Subscriber.asked_at) < asked_before,
        free,
    )
    oldest = select(Subscriber.id).where(*waiting).order_by(col(Subscriber.id)).limit(MOST_AT_ONCE)
    ids = session.exec(oldest).all()
    # Asked again under the lock: a yes may have come between the two statements.
    gone = [one.id for one in locked(session, and_(col(Subscriber.id).in_(ids), *waiting))]
    _delete(session, gone)
    return len(gone)


def _delete(session: Session, ids: Iterable[int | None]) -> None:
    ids = list(ids)
    for log in (ConsentEntry, StateChange):
        session.execute(delete(log).where(col(log.subscriber_id).in_(ids)))
    session.execute(delete(Subscriber).where(col(Subscriber.id).in_(ids)))
