"""What people decide about deliveries: to go on, to give up the rest, to settle what is in doubt."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Update, select, update
from sqlmodel import Session, col

from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState

Verdict = Literal["held", "resend"]


def settle_unknown(session: Session, issue_number: int, verdict: Verdict, *, now: datetime) -> int:
    """Let a person settle every delivery in doubt: give it up as held, or risk a second copy.

    Returns:
        How many there were.
    """
    deliveries, batches = _in_doubt(issue_number)
    if verdict == "held":
        deliveries = deliveries.values(
            state=DeliveryState.HELD.value, reason="decided", settled_at=now
        )
        batches = batches.values(state=BatchState.DONE.value, finished_at=now)
    else:
        deliveries = deliveries.values(
            state=DeliveryState.QUEUED.value, reason=None, attempt_id=None, settled_at=None
        )
        batches = batches.values(state=BatchState.QUEUED.value, attempts=0, not_before=None)
    settled = session.execute(deliveries.returning(col(Delivery.subscriber_id))).all()
    session.execute(batches)
    return len(settled)


def skip_rest(session: Session, issue_number: int, *, now: datetime) -> None:
    """Skip everybody whose batch was not claimed yet; the batch in flight records itself."""
    waiting = select(col(Batch.number)).where(
        col(Batch.issue_number) == issue_number, col(Batch.state) == BatchState.QUEUED.value
    )
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.batch).in_(waiting),
            col(Delivery.state) == DeliveryState.QUEUED.value,
        )
        .values(state=DeliveryState.SKIPPED.value, reason="cancelled", settled_at=now)
    )
    session.execute(
        _queued_batches(issue_number).values(state=BatchState.DONE.value, finished_at=now)
    )


def forget_refusals(session: Session, issue_number: int) -> None:
    """Try every waiting batch at once and count its refusals anew: somebody mended something."""
    session.execute(_queued_batches(issue_number).values(attempts=0, not_before=None))


def _queued_batches(issue_number: int) -> Update:
    return update(Batch).where(
        col(Batch.issue_number) == issue_number, col(Batch.state) == BatchState.QUEUED.value
    )


def _in_doubt(issue_number: int) -> tuple[Update, Update]:
    return (
        update(Delivery).where(
            col(Delivery.issue_number) == issue_number,
            col(Delivery.state) == DeliveryState.UNKNOWN.value,
        ),
        update(Batch).where(
            col(Batch.issue_number) == issue_number, col(Batch.state) == BatchState.UNKNOWN.value
        ),
    )
