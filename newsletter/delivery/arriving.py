"""What one reader is still to get of issues that are leaving, hour by hour around the world."""

from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.issues.models import Issue
from subscribers.models import Subscriber


def waiting_copy(session: Session, reader: Subscriber, now: datetime) -> datetime | None:
    """Say when the copy leaves that waits for its reader's hour; None when there is none."""
    of_the_batch = and_(
        col(Batch.issue_number) == col(Delivery.issue_number),
        col(Batch.number) == col(Delivery.batch),
    )
    found = (
        select(func.min(col(Batch.wave_at)))
        .join(Delivery, of_the_batch)
        .where(
            col(Delivery.subscriber_id) == reader.id,
            col(Delivery.state) == DeliveryState.QUEUED.value,
            col(Batch.state) == BatchState.QUEUED.value,
            col(Batch.wave_at) > now,
        )
    )
    at: datetime | None = session.execute(found).scalar_one()
    return at


def days_with_a_row(session: Session, reader: Subscriber, since: date) -> set[date]:
    """Give the dates, from one on, of the issues in whose books the reader has a row already."""
    found = (
        select(col(Issue.local_date))
        .join(Delivery, col(Delivery.issue_number) == col(Issue.number))
        .where(col(Delivery.subscriber_id) == reader.id, col(Issue.local_date) >= since)
    )
    return set(session.execute(found).scalars())
