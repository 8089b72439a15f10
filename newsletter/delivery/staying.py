"""Readers stay while copies are written: whoever gives people copies and whoever deletes people take turns.

Copies have no foreign key (see ``models``), so that no database would refuse one of somebody who is
deleted at that moment. On PostgreSQL neither transaction sees what the other has not committed; the
lock is not one of rows, as the issue may not be written yet that somebody is about to get. It is taken
before any row is locked, so that nobody who waits for it keeps others waiting. SQLite has one writer.
"""

from sqlalchemy import exists, func, select, text
from sqlmodel import Session, col

from newsletter.delivery.models import Delivery, DeliveryState
from subscribers.models import Subscriber

_LOCK = 0x636F70696573  # any number that is ours


def keep_readers(session: Session) -> None:
    """Let nobody be deleted before this transaction ends; ask it before reading who gets a copy."""
    _take(session, "pg_advisory_xact_lock_shared")


def may_delete_readers(session: Session) -> None:
    """Wait until all copies that are being written can be seen; nobody gets one before this ends."""
    _take(session, "pg_advisory_xact_lock")


def copies_of_nobody(session: Session, issue_number: int) -> int:
    """Count the copies of an issue that are of no reader; not those which were skipped."""
    reader = exists().where(col(Subscriber.id) == col(Delivery.subscriber_id))
    lost = select(func.count()).where(
        col(Delivery.issue_number) == issue_number,
        col(Delivery.state) != DeliveryState.SKIPPED.value,
        ~reader.correlate(Delivery),
    )
    return int(session.execute(lost).scalar_one())


def _take(session: Session, function: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT {function}(:lock)"), {"lock": _LOCK})
