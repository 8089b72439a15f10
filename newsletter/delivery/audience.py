"""The audience of an issue, frozen: one delivery a subscriber, one row a batch, counted."""

from datetime import datetime

from sqlalchemy import Integer, cast, func, insert, literal, select
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.errors import NewsletterError
from subscribers.models import Subscriber
from subscribers.queries import receivable


class EmptyAudience(NewsletterError):
    """Nobody may receive this issue: there is no active subscriber."""

    code = "empty-audience"


def freeze(session: Session, issue_number: int, *, batch_size: int, now: datetime) -> int:
    """Write down who gets this issue, and in which batch, in one statement.

    The list never passes through Python, so it costs the same memory for ten subscribers and for
    ten million. A second call in a later transaction fails on the primary key.

    Returns:
        The number of eligible subscribers.

    Raises:
        EmptyAudience: when there is nobody to send to.
    """
    place = func.row_number().over(order_by=col(Subscriber.id)) - 1
    eligible = select(
        literal(issue_number),
        col(Subscriber.id),
        cast(func.floor(place / batch_size) + 1, Integer),
        literal(DeliveryState.QUEUED.value),
    ).where(receivable(now))
    session.execute(
        insert(Delivery).from_select(["issue_number", "subscriber_id", "batch", "state"], eligible)
    )
    batches = (
        select(
            col(Delivery.issue_number),
            col(Delivery.batch),
            literal(BatchState.QUEUED.value),
            func.count(),
            literal(0),
        )
        .where(col(Delivery.issue_number) == issue_number)
        .group_by(col(Delivery.issue_number), col(Delivery.batch))
    )
    session.execute(
        insert(Batch).from_select(["issue_number", "number", "state", "size", "attempts"], batches)
    )
    count = audience_size(session, issue_number)
    if count == 0:
        raise EmptyAudience
    return count


def forecast(session: Session, now: datetime) -> int:
    """Count who would get an issue that was frozen now."""
    return int(session.execute(select(func.count()).where(receivable(now))).scalar_one())


def audience_size(session: Session, issue_number: int) -> int:
    """Count the deliveries of an issue, whatever became of them."""
    counted = select(func.count()).where(col(Delivery.issue_number) == issue_number)
    return int(session.execute(counted).scalar_one())
