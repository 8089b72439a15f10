"""What of issues that are leaving, hour by hour around the world, is still to come to one reader."""

from datetime import date, datetime

from sqlalchemy import and_, exists, func, select
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
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


def open_to(session: Session, reader: Subscriber, now: datetime) -> list[date]:
    """Give the dates of issues that are leaving and would still take somebody in, soonest first."""
    has_a_copy = exists().where(
        col(Delivery.issue_number) == col(Issue.number),
        col(Delivery.subscriber_id) == reader.id,
    )
    found = (
        select(col(Issue.local_date))
        .where(
            col(Issue.state) == IssueState.SENDING.value,
            col(Issue.joins_until) > now,
            ~has_a_copy,
        )
        .order_by(col(Issue.local_date))
    )
    return list(session.execute(found).scalars())
