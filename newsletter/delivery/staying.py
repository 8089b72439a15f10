"""Readers stay while copies are written: whoever gives people copies and whoever deletes people take turns.

Copies have no foreign key (see ``models``), so that no database would refuse one of somebody who is
deleted at that moment. On PostgreSQL neither transaction sees what the other has not committed; the
lock is not one of rows, as the issue may not be written yet that somebody is about to get. It is taken
before any row is locked, so that whoever waits for it keeps nobody waiting for rows; only an issue that
is to begin waits behind who deletes. SQLite has one writer. And where somebody has deleted a row past all
this, by hand, the copy is skipped.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, text, update
from sqlmodel import Session, col

from newsletter.delivery.models import Delivery, DeliveryState
from subscribers.models import Subscriber

NOBODY = "nobody"
"""Why a copy is skipped whose reader has no row any more."""

_LOCK = 0x636F70696573  # any number that is ours


def keep_readers(session: Session) -> None:
    """Let nobody be deleted before this transaction ends; ask it before reading who gets a copy."""
    _take(session, "pg_advisory_xact_lock_shared")


def may_delete_readers(session: Session) -> None:
    """Wait until all copies that are being written can be seen; nobody gets one before this ends."""
    _take(session, "pg_advisory_xact_lock")


def has_a_copy() -> ColumnElement[bool]:
    """Give the condition that a row of ``subscribers`` has a copy of any issue."""
    return exists().where(col(Delivery.subscriber_id) == col(Subscriber.id))


def skip_copies_of_nobody(
    session: Session, issue_number: int, batch: int, *, now: datetime
) -> None:
    """Skip those copies of a batch that wait for readers whose rows somebody has deleted by hand.

    Nobody else would ever move them, and their batch would be free again and again.
    """
    reader = exists().where(col(Subscriber.id) == col(Delivery.subscriber_id))
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.batch) == batch,
            col(Delivery.state) == DeliveryState.QUEUED.value,
            ~reader.correlate(Delivery),
        )
        .values(state=DeliveryState.SKIPPED.value, reason=NOBODY, settled_at=now)
        .execution_options(synchronize_session=False)
    )


def _take(session: Session, function: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT {function}(:lock)"), {"lock": _LOCK})
