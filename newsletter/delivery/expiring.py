"""Leases end: what a silent worker held is in doubt from then on."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from newsletter.delivery.doubting import open_doubt, restate
from newsletter.delivery.message import NEWSLETTER_STREAM
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState, Doubt

WORKER_SILENT = "worker-silent"


def expire(session: Session, *, now: datetime, timer: datetime) -> frozenset[int]:
    """Turn batches whose worker fell silent into unknown ones; nothing is ever sent again by this.

    Args:
        session: for writing.
        now: written down as the time of the outcome.
        timer: the real instant, by which leases end.

    Returns:
        The issues they belong to.
    """
    silent = session.execute(
        update(Batch)
        .where(col(Batch.state) == BatchState.SENDING.value, col(Batch.leased_until) < timer)
        .values(state=BatchState.UNKNOWN.value)
        .returning(
            col(Batch.issue_number),
            col(Batch.number),
            col(Batch.attempt_id),
            col(Batch.leased_until),
        )
    ).all()
    for issue_number, number, attempt_id, ended_at in silent:
        lost = session.execute(
            update(Delivery)
            .where(
                col(Delivery.issue_number) == issue_number,
                col(Delivery.batch) == number,
                col(Delivery.state) == DeliveryState.QUEUED.value,
            )
            .values(
                state=DeliveryState.UNKNOWN.value,
                reason=WORKER_SILENT,
                attempt_id=attempt_id,
                settled_at=now,
            )
            .returning(col(Delivery.subscriber_id))
        ).all()
        if lost:
            open_doubt(
                session,
                Doubt(
                    attempt_id=attempt_id,
                    issue_number=issue_number,
                    batch=number,
                    stream=NEWSLETTER_STREAM,
                    size=len(lost),
                    ended_at=ended_at,
                    look_at=ended_at,
                    note=WORKER_SILENT,
                ),
            )
    restate(session, [(issue_number, number) for issue_number, number, _, _ in silent], now=now)
    return frozenset(issue_number for issue_number, _, _, _ in silent)
